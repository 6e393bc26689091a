"""Forms of moderation: the plan of a round, who reviews a system, and each step about a level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from surveys.forms.dates import MomentField
from surveys.forms.hints import HintedLabel
from surveys.forms.reasons import LONGEST_REASON
from surveys.forms.result_choices import ChoiceFilter
from surveys.models import ModerationAnswer
from surveys.queries.assessment_moderation import EvidenceName
from surveys.queries.moderation_plan import PlanPage
from surveys.queries.results.selection import Choice
from surveys.questionnaires.schema import Level


class ModerationFilter(ChoiceFilter):
    """A region and how far the moderation is. What is not there shows everything and says so."""

    NOT_UNDERSTOOD = {
        "region": "There is no such region among the systems that you may moderate, so all are shown.",
        "stage": "There is no such stage of moderation, so systems at every stage are shown.",
    }

    region = forms.ChoiceField(label="Region", required=False)
    stage = forms.ChoiceField(label="Moderation", required=False)


class PlanForm(forms.Form):
    """Who decides, and until when systems may answer. `seen` is when the plan on the page was changed."""

    seen = forms.DateTimeField(
        widget=forms.HiddenInput,
        required=False,
        error_messages={"invalid": "This page is broken. Open it again"},
    )
    lead_reviewer = forms.TypedChoiceField(
        label="Lead reviewer",
        help_text="They decide where a system does not accept a proposed level, but not about their own.",
        coerce=int,
        error_messages={
            "required": "Choose who decides",
            "invalid_choice": "Choose somebody from the list",
        },
    )
    answers_until = MomentField(
        label="Systems may answer until",
        help_text="Levels are proposed until then as well. Such as 30 6 2027, 5pm.",
        error_messages={"required": "Enter until when systems may answer"},
    )

    def __init__(self, data: Any = None, *, page: PlanPage) -> None:
        known = {
            "seen": page.changed_at.isoformat() if page.changed_at else "",
            "lead_reviewer": page.lead_reviewer_id,
            "answers_until": page.answers_until,
        }
        super().__init__(data, initial=known)
        people = [("", "Choose a person"), *((each.code, each.name) for each in page.people)]
        cast(forms.ChoiceField, self.fields["lead_reviewer"]).choices = people


class ReviewerForm(forms.Form):
    """Whom to ask for a review."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="Of the account of an analyst, or of somebody who works for another system.",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter the e-mail address of the reviewer",
            "invalid": "Enter an e-mail address in the correct format, such as name@example.nhs.uk",
        },
    )


class _StepForm(forms.Form):
    """A level and a reason, for the step that `step` names."""

    step = forms.CharField(widget=forms.HiddenInput, max_length=10)
    level = forms.TypedChoiceField(
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a level", "invalid_choice": "Choose a level from the list"},
    )
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST_REASON,
        error_messages={
            "required": "Give a reason",
            "max_length": "The reason must have %(limit_value)d characters or fewer; it has %(show_value)d",
        },
    )

    def __init__(self, data: Any = None, *, levels: Sequence[Level], **initial: Any) -> None:
        super().__init__(data, initial=initial)
        cast(forms.ChoiceField, self.fields["level"]).choices = [
            (str(level.value), HintedLabel(f"{level.value} {level.name}", level.text)) for level in levels
        ]


class ProposalForm(_StepForm):
    """Another level than the signed one. `copy` is the number of the copy that was read."""

    copy = forms.IntegerField(widget=forms.HiddenInput, error_messages={"invalid": "Open this page again"})

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["level"].label = "Which level do you propose?"
        self.fields["reason"].help_text = "The system reads it, and the lead reviewer."


class DecisionForm(_StepForm):
    """The level that counts. `proposal` is the key of the proposal that was read."""

    proposal = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"invalid": "Open this page again"}
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["level"].label = "Which level counts?"
        self.fields["reason"].help_text = "The system reads it, and the reviewer."


class AnswerForm(forms.Form):
    """What a system says to a proposed level."""

    step = forms.CharField(widget=forms.HiddenInput, max_length=10)
    proposal = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"invalid": "Open this page again"}
    )
    kind = forms.ChoiceField(
        label="What do you say to the proposed level?",
        choices=ModerationAnswer.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether to accept the proposed level",
            "invalid_choice": "Choose one of the answers",
        },
    )
    text = forms.CharField(
        label="Why",
        help_text="Needed if you challenge the level. The reviewer and the lead reviewer read it.",
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST_REASON,
        required=False,
        error_messages={
            "max_length": "The text must have %(limit_value)d characters or fewer; it has %(show_value)d"
        },
    )
    evidence = forms.TypedMultipleChoiceField(
        label="Evidence that shows it (optional)",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose evidence from the list"},
    )

    def __init__(self, data: Any = None, *, evidence: Sequence[EvidenceName], **initial: Any) -> None:
        super().__init__(data, initial=initial)
        if evidence:
            choices = [(str(each.id), each.name) for each in evidence]
            cast(forms.ChoiceField, self.fields["evidence"]).choices = choices
        else:
            del self.fields["evidence"]

    def clean(self) -> dict[str, Any]:
        """Check that a challenge says why."""
        cleaned: dict[str, Any] = super().clean() or {}
        challenged = cleaned.get("kind") == ModerationAnswer.Kind.CHALLENGE
        if challenged and "text" in cleaned and not cleaned["text"]:
            self.add_error("text", "Say why the self-assessed level is right")
        return cleaned


def offered(regions: Sequence[Choice], stages: Sequence[Choice]) -> dict[str, tuple[Choice, ...]]:
    """Return the choices of the filter, each with one that narrows nothing down."""
    return {
        "region": (Choice("", "All regions"), *regions),
        "stage": (Choice("", "Any stage"), *stages),
    }
