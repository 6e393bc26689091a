"""Confirming a release of results."""

from __future__ import annotations

from typing import Any

from django import forms

from surveys.forms.dates import MomentField
from surveys.queries.challenge_time import usual_end
from surveys.queries.release_check import ReleaseCheck


class ReleaseForm(forms.Form):
    """Confirms the figures on the page, of a `check`. `seen` is their fingerprint.

    The page writes it itself and not from this form, because it always shows the figures as they are now.
    """

    use_required_attribute = False

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, check: ReleaseCheck, **options: Any) -> None:
        super().__init__(*args, **options)
        self.check = check


class ProvisionalForm(ReleaseForm):
    """Confirms a provisional release; the first of a round with the time for challenges."""

    challenge_until = MomentField(
        label="Until when may systems challenge these results?",
        help_text="Such as 7 7 2027, 5pm. Ten working days are proposed. The time can be made longer later, "
        "never shorter.",
        error_messages={"required": "Enter until when systems may challenge these results"},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        time = self.check.challenges.time
        if time.until is not None:
            del self.fields["challenge_until"]
        else:
            self.initial["challenge_until"] = usual_end(time.now)


class PublishForm(ReleaseForm):
    """Confirms a publication; before the time for challenges has ended with the reason."""

    reason = forms.CharField(
        label="Why are the results published before the time for challenges has ended?",
        help_text="Kept with what was done.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Say why the results are published before the time for challenges has ended",
            "max_length": "The reason must have %(limit_value)d characters or fewer; it has %(show_value)d",
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.check.challenges.time.open:
            del self.fields["reason"]


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
