"""Raising a challenge, answering it, and giving more time for challenges."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from surveys.forms.dates import MomentField
from surveys.forms.reasons import ReasonForm
from surveys.forms.result_choices import ChoiceFilter
from surveys.questionnaires.schema import Questionnaire

LONGEST_CHALLENGE: Final = 4_000
DIMENSION, QUESTION = "dimension:", "question:"
"""What the values of the choices begin with; the code follows."""

_TOO_LONG = "Use %(limit_value)d characters or fewer. You used %(show_value)d."


class ChallengeForm(forms.Form):
    """What a challenge is about, of the dimensions and questions of a questionnaire, and what is wrong."""

    use_required_attribute = False

    about = forms.ChoiceField(
        label="What is it about?",
        help_text="The score of a dimension, or the answer to one question.",
        error_messages={
            "required": "Choose what the challenge is about",
            "invalid_choice": "Choose what the challenge is about from the list",
        },
    )
    text = forms.CharField(
        label="What is wrong, and how do you know?",
        help_text="The programme team and the people of your system read it.",
        widget=forms.Textarea({"rows": 6}),
        max_length=LONGEST_CHALLENGE,
        error_messages={"required": "Say what is wrong, and how you know", "max_length": _TOO_LONG},
    )

    def __init__(self, *args: Any, content: Questionnaire, **options: Any) -> None:
        super().__init__(*args, **options)
        choices: list[Any] = [("", "Choose one")]
        for dimension in content.dimensions:
            own = [(f"{QUESTION}{each.code}", each.text) for each in dimension.all_questions]
            score = (f"{DIMENSION}{dimension.code}", f"The score of {dimension.name}")
            choices.append((dimension.name, [score, *own]))
        self.fields["about"].choices = choices  # type: ignore[attr-defined]  # fields are typed as the base

    @property
    def codes(self) -> dict[str, str]:
        """What a valid form is about, as `raise_challenge` takes it."""
        kind, _, code = self.cleaned_data["about"].partition(":")
        return {f"{kind}_code": code}


class ChallengeAnswerForm(forms.Form):
    """Whether a challenge is upheld, and what will be done or why not."""

    use_required_attribute = False

    outcome = forms.ChoiceField(
        label="Is the challenge upheld?",
        choices=[("upheld", "Yes, something will be put right"), ("not_upheld", "No, the results stand")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether the challenge is upheld",
            "invalid_choice": "Choose whether the challenge is upheld",
        },
    )
    text = forms.CharField(
        label="What will be done, or why not?",
        help_text="The system reads it.",
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST_CHALLENGE,
        error_messages={"required": "Say what will be done, or why not", "max_length": _TOO_LONG},
    )

    @property
    def upheld(self) -> bool:
        """Whether a valid form upholds the challenge."""
        return bool(self.cleaned_data["outcome"] == "upheld")


class ChallengeTimeForm(ReasonForm):
    """A later end of the time for challenges, and why."""

    until = MomentField(
        label="New end of the time for challenges",
        help_text="Such as 7 7 2027, 5pm.",
        error_messages={"required": "Enter the new end of the time for challenges"},
    )

    field_order = ("until", "reason")


class ChallengeFilter(ChoiceFilter):
    """A region and a state. What is not there shows everything and says so."""

    NOT_UNDERSTOOD = {
        "region": "No challenge was raised in such a region, so those of all regions are shown.",
        "state": "No challenge is in that state now, so all of them are shown.",
    }

    region = forms.ChoiceField(label="Region", required=False)
    state = forms.ChoiceField(label="State", required=False)
