"""Forms for people, their memberships and their accounts."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from surveys.actions.memberships import misfit
from surveys.actions.people import LONGEST_WORDS
from surveys.forms.hints import HintedLabel
from surveys.permissions import ROLE_DESCRIPTIONS, ROLE_KINDS, Role
from surveys.queries.organisations import Directory

ANY_ROLE = ("", "Any role")


class PersonForm(forms.Form):
    """How a person is called and reached."""

    name = forms.CharField(
        label="Full name",
        max_length=LONGEST_WORDS,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter a name"},
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="They sign in with it, and messages go there.",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter an e-mail address",
            "invalid": "Enter an e-mail address like name@organisation.nhs.uk",
        },
    )
    job_title = forms.CharField(
        label="Job title (optional)",
        help_text="Shown beside the signature of an approver.",
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class MembershipForm(forms.Form):
    """A role in an organisation. `directory` holds the organisations of today, `kinds` their kinds by key."""

    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, HintedLabel(str(role.label), ROLE_DESCRIPTIONS[role])) for role in Role],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role", "invalid_choice": "Choose a role from the list"},
    )
    organisation = forms.TypedChoiceField(
        label="Organisation",
        help_text="Contributors, data leads and approvers belong to a system, regional analysts to a region, "
        "national analysts and administrators to the nation.",
        coerce=int,
        error_messages={
            "required": "Choose an organisation",
            "invalid_choice": "Choose an organisation from the list",
        },
    )

    def __init__(self, data: Any = None, *, directory: Directory, **options: Any) -> None:
        super().__init__(data, **options)
        families = (
            ("Nation", directory.nations),
            ("Regions", directory.regions),
            ("Systems", directory.systems),
        )
        cast(forms.ChoiceField, self.fields["organisation"]).choices = [
            ("", "Choose an organisation"),
            *((family, [(line.id, line.name) for line in lines]) for family, lines in families if lines),
        ]
        self.kinds = {line.id: line.kind for _, lines in families for line in lines}

    def clean(self) -> dict[str, Any]:
        """Check that the role is held in this kind of organisation."""
        cleaned: dict[str, Any] = super().clean() or {}
        role, organisation = cleaned.get("role"), cleaned.get("organisation")
        if role and organisation and self.kinds[organisation] not in ROLE_KINDS[role]:
            self.add_error("organisation", misfit(role))
        return cleaned


class NewPersonForm(PersonForm, MembershipForm):
    """A person and their first membership."""

    field_order = ("name", "email", "job_title", "role", "organisation")


class ImportPeopleForm(forms.Form):
    """Whether those who are new are written to."""

    invite = forms.BooleanField(
        label="Send each new person an e-mail with a link to choose a password",
        required=False,
        initial=True,
    )


class PeopleSearchForm(forms.Form):
    """What people are looked for by."""

    q = forms.CharField(
        label="Name or e-mail address",
        max_length=254,
        required=False,
        widget=forms.TextInput({"spellcheck": "false"}),
    )
    role = forms.ChoiceField(
        label="Role",
        choices=[ANY_ROLE, *((role.value, role.label) for role in Role)],
        required=False,
        error_messages={"invalid_choice": "Choose a role from the list"},
    )
