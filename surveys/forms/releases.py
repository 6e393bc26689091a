"""Confirming a release of results."""

from __future__ import annotations

from django import forms


class ReleaseForm(forms.Form):
    """Confirms the figures on the page. `seen` is their fingerprint.

    The page writes it itself and not from this form, because it always shows the figures as they are now.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class CorrectionForm(ReleaseForm):
    """Confirms a correction, with the note that readers see."""

    note = forms.CharField(
        label="What changed and why",
        help_text="Everybody who may read the results sees this note, on this release and the ones before.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": "Say what changed and why",
            "max_length": "The note must have %(limit_value)d characters or fewer; it has %(show_value)d",
        },
    )
