"""Signing the declaration, and giving an assessment back."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from surveys.forms.answer_fields import TextField
from surveys.forms.dates import MomentField
from surveys.queries.return_page import GivingTime

LONGEST_NAME = 150
LONGEST_REASON = 2_000


class SignForm(forms.Form):
    """The name and job title of who signs, and that they agree. `sent_at` is of the version on the page."""

    use_required_attribute = False

    sent_at = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="Your full name",
        max_length=LONGEST_NAME,
        widget=forms.TextInput({"autocomplete": "name", "class": "nhsuk-input--width-20"}),
        error_messages={
            "required": "Enter your full name",
            "max_length": "Your name must have %(limit_value)d characters or fewer",
        },
    )
    job_title = forms.CharField(
        label="Your job title",
        max_length=LONGEST_NAME,
        widget=forms.TextInput({"autocomplete": "organization-title", "class": "nhsuk-input--width-20"}),
        error_messages={
            "required": "Enter your job title",
            "max_length": "Your job title must have %(limit_value)d characters or fewer",
        },
    )
    agreed = forms.BooleanField(
        label="I agree to this declaration",
        error_messages={"required": "Tick the box to agree to the declaration"},
    )

    def clean_sent_at(self) -> datetime.datetime | None:
        """Return when the version on the page was sent, or None when that cannot be read."""
        try:
            return datetime.datetime.fromisoformat(self.cleaned_data["sent_at"])
        except ValueError:
            return None


class ReturnForm(forms.Form):
    """Why the assessment goes back and, for who may give time when it is over, until when."""

    use_required_attribute = False

    reason = TextField(
        label="What should be changed?",
        help_text="The ICS data lead and colleagues see this on the task list.",
        rows=5,
        max_length=LONGEST_REASON,
        error_messages={
            "max_length": "Use %(limit_value)d characters or fewer. You used %(show_value)d.",
        },
    )

    until = MomentField(
        label="Until when can the system correct it?",
        help_text="Such as 7 7 2027, 5pm. Only this system has time; the round stays as it is.",
        error_messages={"required": "Enter until when the system can correct it"},
    )

    def __init__(self, *args: Any, time: GivingTime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until"].required = time is GivingTime.NEEDED
        if time is GivingTime.NONE:
            del self.fields["until"]
        elif time is GivingTime.OPTIONAL:
            self.fields["until"].label = "Until when can the system correct it? (optional)"

    def clean_reason(self) -> str:
        """Return the reason. Raises ValidationError when there is none."""
        reason: str = self.cleaned_data["reason"]
        if not reason:
            raise forms.ValidationError("Say what should be changed", code="required")
        return reason
