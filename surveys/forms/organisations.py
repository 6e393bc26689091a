"""Looking at organisations as on a day."""

from __future__ import annotations

from django import forms


class AsAtForm(forms.Form):
    """The day to look at, as a browser's own calendar gives it: `?on=2026-04-01`."""

    on = forms.DateField(
        label="As at",
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date", "class": "nhsuk-input--width-10"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a real date, such as 2026-04-01"},
    )
