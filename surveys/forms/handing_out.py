"""Handing out the work: to whom, inviting a colleague, and what is said of a section."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms

from surveys.actions.section_marks import LONGEST_NOTE
from surveys.forms.answer_fields import TextField, revealing
from surveys.forms.people import PersonForm
from surveys.queries.section_people import Candidate, Piece

WHOLE: Final = "whole"
QUESTIONS: Final = "questions"


class HandOverForm(forms.Form):
    """Chooses a colleague, and the section or single questions of it."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, candidates: Iterable[Candidate], pieces: Iterable[Piece], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        people = [(each.person_id, each.label) for each in candidates]
        self.fields["person"] = forms.TypedChoiceField(
            label="Colleague",
            coerce=int,
            choices=[("", "Choose a colleague"), *people],
            error_messages={
                "required": "Choose a colleague",
                "invalid_choice": "Choose a colleague from the list",
            },
        )
        self.fields["what"] = forms.ChoiceField(
            label="What do you hand over?",
            choices=[
                (WHOLE, "The whole section"),
                (QUESTIONS, revealing("Single questions", "", "questions")),
            ],
            widget=forms.RadioSelect,
            initial=WHOLE,
            error_messages={
                "required": "Choose what you hand over",
                "invalid_choice": "Choose what you hand over",
            },
        )
        self.fields["questions"] = forms.MultipleChoiceField(
            label="Questions",
            choices=[(piece.code, piece.label) for piece in pieces],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages={"invalid_choice": "Tick questions from the list"},
        )

    def clean(self) -> dict[str, Any]:
        """Check that single questions are ticked where they are handed over; else they do not count."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("what") == WHOLE:
            cleaned["questions"] = []
        elif cleaned.get("what") == QUESTIONS and cleaned.get("questions") == []:
            self.add_error("questions", "Tick the questions that you hand over")
        return cleaned


class TakeBackForm(forms.Form):
    """Names the colleague from whom a section, or the question with this code, is taken back."""

    person = forms.IntegerField(min_value=1, max_value=2**31)
    question = forms.CharField(max_length=80, required=False)


class InvitationForm(PersonForm):
    """A colleague who is invited, and the sections that are handed to them."""

    def __init__(self, *args: Any, sections: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].help_text = "The invitation goes there, and they sign in with it."
        self.fields["job_title"].help_text = ""
        self.fields["sections"] = forms.MultipleChoiceField(
            label="Sections to hand over (optional)",
            help_text="You can hand over sections and single questions later, too.",
            choices=list(sections),
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages={"invalid_choice": "Tick sections from the list"},
        )


class DoneForm(forms.Form):
    """A note with a section that is done, if there is something to say."""

    note = TextField(
        label="Note for the ICS data lead (optional)",
        rows=4,
        max_length=LONGEST_NOTE,
        error_messages={
            "max_length": "Use %(limit_value)d characters or fewer. You used %(show_value)d.",
        },
    )


class ChangesForm(forms.Form):
    """What should be changed in a section."""

    note = TextField(
        label="What should be changed?",
        help_text="The colleagues who answer the section see this.",
        rows=4,
        max_length=LONGEST_NOTE,
        error_messages={
            "max_length": "Use %(limit_value)d characters or fewer. You used %(show_value)d.",
        },
    )

    def clean_note(self) -> str:
        """Return the note. Raises ValidationError when there is none."""
        note: str = self.cleaned_data["note"]
        if not note:
            raise forms.ValidationError("Say what should be changed", code="required")
        return note
