"""Looking through the audit trail."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict

from surveys.forms.dates import EARLIEST_YEAR, LATEST_YEAR
from surveys.queries.activity import ActivityChoices, Wanted


class _Day(forms.DateField):
    """A day as a browser's own calendar gives it."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput({"type": "date", "class": "nhsuk-input--width-10"}, format="%Y-%m-%d"),
            error_messages={"invalid": f"{label} must be a real date, such as 2026-04-01"},
        )

    def clean(self, value: Any) -> Any:
        """Return the day. Raises ValidationError for one that no event can have."""
        day = super().clean(value)
        if day is not None and not EARLIEST_YEAR <= day.year < LATEST_YEAR:
            raise forms.ValidationError(
                f"{self.label} must have a year from {EARLIEST_YEAR} to before {LATEST_YEAR}", code="year"
            )
        return day


class ActivityForm(forms.Form):
    """What is looked for in the audit trail. What cannot be understood does not narrow it, and is said."""

    text = forms.CharField(
        label="Words",
        help_text="In what was done, to whom, by whom or why.",
        max_length=200,
        required=False,
        widget=forms.TextInput({"spellcheck": "false"}),
    )
    who = forms.CharField(
        label="Done by", max_length=150, required=False, widget=forms.TextInput({"spellcheck": "false"})
    )
    kind = forms.ChoiceField(
        label="What was done",
        required=False,
        error_messages={"invalid_choice": "Choose what was done from the list"},
    )
    round = forms.TypedChoiceField(
        label="Round",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": "Choose a round from the list"},
    )
    organisation = forms.TypedChoiceField(
        label="Organisation",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": "Choose an organisation from the list"},
    )
    since = _Day("From")
    until = _Day("Up to and including")

    def __init__(self, data: QueryDict, choices: ActivityChoices) -> None:
        super().__init__(data)
        offered: dict[str, list[Any]] = {
            "kind": [("", "Everything"), *choices.kinds],
            "round": [("", "Any round"), *choices.rounds],
            "organisation": [("", "Any organisation"), *choices.organisations],
        }
        for name, values in offered.items():
            cast(forms.ChoiceField, self.fields[name]).choices = values

    @property
    def wanted(self) -> Wanted:
        """What is looked for, as far as it can be understood."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(
            text=found.get("text", ""),
            who=found.get("who", ""),
            kind=found.get("kind", ""),
            round_id=found.get("round"),
            organisation_id=found.get("organisation"),
            first_day=found.get("since"),
            last_day=found.get("until"),
        )
