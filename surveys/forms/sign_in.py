"""Signing in with an e-mail address, and choosing a new password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm


class SignInForm(AuthenticationForm):
    """E-mail address and password.

    One message serves a wrong password, an unknown address and a paused address, so that it tells an attacker
    nothing about who has an account.
    """

    error_messages = {
        "invalid_login": (
            "We could not sign you in with this e-mail address and password. Check both and try again. After "
            "five wrong attempts signing in is paused for 15 minutes; you can also choose a new password."
        ),
        "inactive": (
            "We could not sign you in with this e-mail address and password. Check both and try again. After "
            "five wrong attempts signing in is paused for 15 minutes; you can also choose a new password."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"] = forms.EmailField(
            label="E-mail address",
            max_length=254,
            error_messages={
                "required": "Enter your e-mail address",
                "invalid": "Enter an e-mail address like name@organisation.nhs.uk",
            },
            widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        )
        self.fields["password"].error_messages["required"] = "Enter your password"

    def clean_username(self) -> str:
        """Return the address in small letters: its spellings share one count of attempts."""
        address: str = self.cleaned_data["username"]
        return address.lower()


class ChoosePasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # Django takes no type at run time
    """A new password, typed twice. What is wrong with it is said beside where it was typed first."""

    error_messages = {"password_mismatch": "The two passwords are not the same. Type the same one twice."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, again = self.fields["new_password1"], self.fields["new_password2"]
        first.error_messages["required"] = "Enter a new password"
        again.label, again.help_text = "The same password again", ""
        again.error_messages["required"] = "Enter the same password again"

    def clean(self) -> dict[str, Any] | None:
        """Check as Django does, but put what is wrong with the password to the first field."""
        self.validate_passwords("new_password1", "new_password2")
        self.validate_password_for_user(self.user, "new_password1")
        return forms.Form.clean(self)


class PasswordLinkForm(forms.Form):
    """Asks for a link to choose a password."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address like name@organisation.nhs.uk",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
