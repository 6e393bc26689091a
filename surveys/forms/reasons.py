"""Why something is done; kept in the audit trail."""

from __future__ import annotations

from django import forms

LONGEST_REASON = 1_000


class ReasonForm(forms.Form):
    """A reason that has to be given."""

    reason = forms.CharField(
        label="Reason",
        help_text="Kept with what was done.",
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_REASON,
        error_messages={"required": "Give a reason"},
    )


class OptionalReasonForm(forms.Form):
    """A reason, if there is something to say."""

    reason = forms.CharField(
        label="Reason (optional)",
        help_text="Kept with what was done.",
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_REASON,
        required=False,
    )
