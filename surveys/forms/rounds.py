"""Forms for setting a round up, choosing its systems, reopening it and giving a system more time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from surveys.actions.rounds import DEFAULT_DECLARATION, LONGEST_TITLE, RoundDetails, details_of
from surveys.forms.dates import DayField, MomentField
from surveys.forms.hints import HintedLabel
from surveys.forms.participants import system_label
from surveys.forms.reasons import ReasonForm
from surveys.models import Round
from surveys.queries.round_copy import EarlierRound
from surveys.queries.round_setup import ParticipantChoice
from surveys.queries.rounds import QuestionnaireChoice

LONGEST_TEXT = 5_000

_AUDIENCES = (
    (
        Round.Audience.RESPONDENTS.value,
        HintedLabel(
            Round.Audience.RESPONDENTS.label,
            "Everybody with a role in a system, a region or the nation reads all published results.",
        ),
    ),
    (
        Round.Audience.PUBLIC.value,
        HintedLabel(Round.Audience.PUBLIC.label, "The published results can be read without signing in."),
    ),
)


class RoundForm(forms.Form):
    """What an administrator says about a round. `seen` carries what was stored when the page was made."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    title = forms.CharField(
        label="Title",
        help_text="As everybody will see it, such as “Data maturity 2026”.",
        max_length=LONGEST_TITLE,
        error_messages={"required": "Enter a title"},
    )
    questionnaire = forms.TypedChoiceField(
        label="Questionnaire",
        coerce=int,
        error_messages={
            "required": "Choose a questionnaire",
            "invalid_choice": "Choose a questionnaire from the list",
        },
    )
    opens_at = MomentField(
        label="Answering begins",
        error_messages={"required": "Enter when answering begins"},
        help_text="You open the round yourself. Answers are taken from this time on, not before.",
    )
    closes_at = MomentField(
        label="Closing time",
        error_messages={"required": "Enter the closing time"},
        help_text="No answers are taken after it, unless a system gets more time. Such as 30 6 2027, 5pm.",
    )
    reference_date = DayField(
        label="Reference date",
        help_text="The day that the answers describe.",
        error_messages={"required": "Enter the reference date"},
    )
    participants_as_at = DayField(
        label="Systems as at",
        error_messages={"required": "Enter the day whose systems take part"},
        help_text="The systems that exist on this day can take part, under the name and region of that day.",
    )
    audience = forms.ChoiceField(
        label="Who may read the published results",
        choices=_AUDIENCES,
        widget=forms.RadioSelect,
        initial=Round.Audience.RESPONDENTS.value,
        error_messages={"required": "Choose who may read the published results"},
    )
    purpose = forms.CharField(
        label="Purpose (optional)",
        help_text="Why this round is asked, for those who answer.",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_TEXT,
        required=False,
    )
    declaration = forms.CharField(
        label="Declaration",
        help_text="What the approver of each system signs.",
        widget=forms.Textarea({"rows": 6}),
        max_length=LONGEST_TEXT,
        initial=DEFAULT_DECLARATION,
        error_messages={"required": "Enter the declaration that approvers sign"},
    )

    def __init__(
        self, data: Any = None, *, questionnaires: Sequence[QuestionnaireChoice], **options: Any
    ) -> None:
        super().__init__(data, **options)
        choices = [("", "Choose a questionnaire"), *((choice.id, choice.label) for choice in questionnaires)]
        cast(forms.ChoiceField, self.fields["questionnaire"]).choices = choices

    def clean(self) -> dict[str, Any]:
        """Check that the round closes after it opens."""
        cleaned: dict[str, Any] = super().clean() or {}
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", "Closing time must be after the time when answering begins")
        return cleaned

    @property
    def details(self) -> RoundDetails:
        """What a valid form says."""
        given = self.cleaned_data
        return RoundDetails(
            title=given["title"],
            questionnaire_id=given["questionnaire"],
            opens_at=given["opens_at"],
            closes_at=given["closes_at"],
            reference_date=given["reference_date"],
            participants_as_at=given["participants_as_at"],
            audience=given["audience"],
            purpose=given["purpose"],
            declaration=given["declaration"],
        )


class NewRoundForm(RoundForm):
    """The same for a new round, with what to take over from the round that it begins like.

    `before` carries which round that was when the page was made.
    """

    before = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    parts = forms.MultipleChoiceField(
        label="Take over as well",
        help_text="You can change all of it while the round is a draft.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose from what the round before has"},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        questionnaires: Sequence[QuestionnaireChoice],
        earlier: EarlierRound | None,
    ) -> None:
        super().__init__(data, questionnaires=questionnaires)
        if earlier is None or not earlier.parts:
            del self.fields["parts"]
        else:
            choices = [(each.part.value, HintedLabel(each.label, each.words)) for each in earlier.parts]
            cast(forms.ChoiceField, self.fields["parts"]).choices = choices
        if earlier is not None:
            self.initial = next_round_initial(earlier.round, questionnaires) | {
                "before": str(earlier.round.pk),
                "parts": [each.part.value for each in earlier.parts],
            }


def round_initial(survey_round: Round) -> dict[str, Any]:
    """Return what the form of a stored round begins with."""
    details = details_of(survey_round)
    return {
        "seen": details.fingerprint,
        "title": details.title,
        "questionnaire": details.questionnaire_id,
        "opens_at": details.opens_at,
        "closes_at": details.closes_at,
        "reference_date": details.reference_date,
        "participants_as_at": details.participants_as_at,
        "audience": details.audience,
        "purpose": details.purpose,
        "declaration": details.declaration,
    }


def next_round_initial(before: Round, questionnaires: Sequence[QuestionnaireChoice]) -> dict[str, Any]:
    """Return what the form of a new round takes from the round before it.

    That is its questionnaire in the newest of these versions, its audience and its texts: nothing that
    happened in it, and no day.
    """
    details = details_of(before)
    newest = (choice.id for choice in questionnaires if choice.key == before.questionnaire.key)
    return {
        "questionnaire": next(newest, None),
        "audience": details.audience,
        "purpose": details.purpose,
        "declaration": details.declaration,
    }


class ParticipantsForm(forms.Form):
    """The systems of a day as checkboxes, a group for each region. `seen` tells which were chosen before."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, data: Any = None, *, choice: ParticipantChoice) -> None:
        super().__init__(data, initial={"seen": choice.fingerprint})
        directory, chosen = choice.directory, choice.chosen
        for number, group in enumerate(directory.groups):
            self.fields[f"region_{number}"] = forms.TypedMultipleChoiceField(
                label=group.region.name if group.region else "Without a region on this day",
                help_text="" if group.region else "They cannot take part until their region is known.",
                coerce=int,
                choices=[(system.id, system_label(system)) for system in group.systems],
                initial=[system.id for system in group.systems if system.id in chosen],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                error_messages={"invalid_choice": "Choose systems from the list"},
            )

    @property
    def organisation_ids(self) -> list[int]:
        """The systems that a valid form chooses."""
        return [pk for name in self.fields if name != "seen" for pk in self.cleaned_data[name]]


class ReopenForm(ReasonForm):
    """A new closing time, and why the round is reopened."""

    closes_at = MomentField(
        label="New closing time",
        help_text="Such as 30 6 2027, 5pm.",
        error_messages={"required": "Enter the new closing time"},
    )

    field_order = ("closes_at", "reason")


class ExtensionForm(ReasonForm):
    """A later deadline for one system, and why, which the system is told."""

    until = MomentField(
        label="New deadline",
        help_text="Such as 7 7 2027, 5pm.",
        error_messages={"required": "Enter the new deadline"},
    )

    field_order = ("until", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = "The system sees it beside its deadline."
