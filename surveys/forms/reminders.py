"""Forms for planning a reminder and for sending one now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from surveys.models.reminder import EARLIEST, LATEST, LONGEST_BODY, LONGEST_SUBJECT
from surveys.queries.reminder_words import Wording, wording_problems
from surveys.queries.results.selection import Choice

BEFORE, AFTER, OPENING = "before", "after", "opening"


class WordingForm(forms.Form):
    """A subject and a text in which only known placeholders stand."""

    subject = forms.CharField(
        label="Subject",
        max_length=LONGEST_SUBJECT,
        error_messages={"required": "Enter a subject"},
    )
    body = forms.CharField(
        label="Text",
        help_text="Placeholders, which are listed above, are filled in for each person.",
        widget=forms.Textarea({"rows": 12}),
        max_length=LONGEST_BODY,
        error_messages={"required": "Enter a text"},
    )

    def clean(self) -> dict[str, Any]:
        """Check the placeholders."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "subject" in cleaned and "body" in cleaned:
            for place, problem in wording_problems(self.wording):
                self.add_error(place, problem)
        return cleaned

    @property
    def wording(self) -> Wording:
        """What a valid form says."""
        return Wording(self.cleaned_data["subject"], self.cleaned_data["body"])


class PlannedReminderForm(WordingForm):
    """When a reminder goes out, and what it says. `seen` carries the mark of what was stored then."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    days = forms.IntegerField(
        label="Number of days",
        required=False,
        help_text=(
            "0 is the day of the deadline itself. A system with more time has a deadline of its own. "
            "Leave it empty for the invitation."
        ),
        min_value=0,
        max_value=EARLIEST,
        widget=forms.TextInput({"inputmode": "numeric", "class": "nhsuk-input--width-3"}),
        error_messages={
            "invalid": "Enter a whole number of days, in figures",
            "min_value": "Enter 0 or more days, and choose before or after the deadline",
            "max_value": f"Enter at most {EARLIEST} days",
        },
    )
    side = forms.ChoiceField(
        label="When it goes out",
        choices=(
            (OPENING, "When answering begins: the invitation to data leads and approvers"),
            (BEFORE, "Before the deadline"),
            (AFTER, "After the deadline, where nothing is submitted"),
        ),
        widget=forms.RadioSelect,
        initial=BEFORE,
        error_messages={"required": "Choose when it goes out"},
    )

    field_order = ("days", "side", "subject", "body")

    def clean(self) -> dict[str, Any]:
        """Check that there is a number of days but for the invitation, and how long after the deadline."""
        cleaned = super().clean()
        side, days = cleaned.get("side"), cleaned.get("days")
        if "days" not in cleaned or side is None:
            return cleaned
        if side == OPENING and days is not None:
            self.add_error("days", "Clear the number of days: the invitation goes out when answering begins")
        elif side != OPENING and days is None:
            self.add_error("days", "Enter a number of days")
        elif side == AFTER and days is not None and days > -LATEST:
            self.add_error("days", f"Enter at most {-LATEST} days after the deadline")
        return cleaned

    @property
    def days_before(self) -> int | None:
        """The days before the deadline of a valid form, negative for days after it; None: the invitation."""
        days: int | None = self.cleaned_data["days"]
        return -days if days is not None and self.cleaned_data["side"] == AFTER else days


def planned_initial(days_before: int | None, wording: Wording) -> dict[str, Any]:
    """Return what the form of a planned reminder begins with."""
    when: dict[str, Any] = {"side": OPENING}
    if days_before is not None:
        when = {"days": abs(days_before), "side": AFTER if days_before < 0 else BEFORE}
    return {
        **when,
        "subject": wording.subject,
        "body": wording.body,
    }


class SendReminderForm(WordingForm):
    """What a reminder that goes out now says, and in which systems. `key` is made with the form."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    region = forms.ChoiceField(
        label="Region",
        required=False,
        error_messages={"invalid_choice": "Nobody in that region has anything left now. Choose again"},
    )
    status = forms.ChoiceField(
        label="Status",
        required=False,
        error_messages={"invalid_choice": "Nobody has anything left now in systems of that status"},
    )

    field_order = ("region", "status", "subject", "body")

    def __init__(self, data: Any = None, *, offered: Mapping[str, Sequence[Choice]], **options: Any) -> None:
        super().__init__(data, **options)
        self.offered = offered
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [(choice.code, choice.name) for choice in choices]
