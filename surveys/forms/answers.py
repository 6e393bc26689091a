"""One form for each question, so that each stands or falls alone, and the section that they make together.

A form reads what was typed; whether the answer may be stored is for the action to say, and `report` shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from surveys.actions.answers import AnswerSave, SaveOutcome
from surveys.forms.answer_fields import PART, answer_fields, given_response, shown_response
from surveys.forms.hints import HintedLabel
from surveys.queries.answer_words import AnswerWords, answer_in_words
from surveys.queries.assessments import StoredAnswer
from surveys.queries.section_page import QuestionEntry
from surveys.questionnaires.responses import EMPTY, ResponseProblem
from surveys.questionnaires.schema import Question

THEIRS: Final = "theirs"
MINE: Final = "mine"
NO_VERSION: Final = -1
"""The version of an answer when what was posted is no version: nothing is overwritten with it."""

_VERSION = re.compile(r"\d{1,9}", re.ASCII)
_ABOUT_THE_FORM: Final = frozenset({"version", "disputed", "keep"})


class AnswerForm(forms.Form):
    """The answer to one question. The names of its fields are the question's code, a colon, and the field.

    `number` is the question's in its dimension. As long as nothing is posted, the fields show what `shown`
    has for them by name. When somebody else has changed the answer meanwhile (`disputed` is posted), the
    person has to choose which of the two to keep.
    """

    use_required_attribute = False

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        question: Question,
        *,
        number: int,
        shown: dict[str, Any] | None = None,
        data: QueryDict | None = None,
    ) -> None:
        super().__init__(data, prefix=question.code, initial=shown)
        self.posted = QueryDict() if data is None else data
        self.question = question
        self.number = number
        self.response = EMPTY
        self.disputed = bool(self.posted.get(self.add_prefix("disputed")))
        if self.disputed:
            self.fields["disputed"] = forms.CharField(widget=forms.HiddenInput)
            self.fields["keep"] = _keep_field()
        self.fields |= answer_fields(question)

    def add_prefix(self, field_name: str) -> str:
        """Return the name of a field on the page."""
        return f"{self.prefix}:{field_name}"

    @property
    def seen(self) -> int:
        """The version of the answer that the person had before them, or NO_VERSION."""
        posted = str(self.posted.get(self.add_prefix("version"), ""))
        return int(posted) if _VERSION.fullmatch(posted) else NO_VERSION

    @property
    def keeps_theirs(self) -> bool:
        """Whether the person has decided for what somebody else has saved."""
        return self.disputed and self.posted.get(self.add_prefix("keep")) == THEIRS

    @property
    def parts(self) -> tuple[BoundField, ...]:
        """The fields of the parts of a percentage split."""
        return tuple(self[name] for name in self.fields if name.startswith(PART))

    @property
    def typed(self) -> tuple[str, ...]:
        """Everything that was posted for this question, as it was typed, for a person to copy."""
        names = [name for name in self.fields if name not in _ABOUT_THE_FORM]
        posted = [value for name in names for value in self.posted.getlist(self.add_prefix(name))]
        return tuple(str(value) for value in posted if str(value).strip() and not str(value).startswith(":"))

    @property
    def typed_words(self) -> AnswerWords:
        """What was typed, as people read it; where it cannot be read as an answer, as it was typed."""
        if self.errors.keys() - {"keep"}:
            return AnswerWords("\n".join(self.typed), "")
        return answer_in_words(self.question, self.response)

    def clean(self) -> dict[str, Any]:
        """Put the response together. Whoever keeps what is saved has nothing to mend in what they typed."""
        if self.keeps_theirs:
            self.errors.clear()
        elif not self.errors.keys() - {"keep"}:
            self.response = given_response(self.question, self.cleaned_data)
        return self.cleaned_data

    def report(self, problems: Iterable[ResponseProblem]) -> None:
        """Put each problem of the response beside the field that it is about."""
        for problem in problems:
            self.add_error(self._field_of(problem.field), problem.message)

    def _field_of(self, about: str) -> str:
        """Return the field that shows a problem: never one that the page may be hiding."""
        first = next(name for name in self.fields if name not in _ABOUT_THE_FORM)
        if about == "reason" and not self.response.not_applicable:
            return "not_applicable" if "not_applicable" in self.fields else first
        if about == "other" and not any(self.question.option(code).other for code in self.response.options):
            return first
        name = about.replace("parts.", PART)
        return name if name in self.fields else first


class SectionForm:
    """The forms of a section. For the error summary it is one form whose lines name the question."""

    def __init__(self, answers: Iterable[AnswerForm]) -> None:
        self.answers = tuple(answers)

    def __iter__(self) -> Iterator[NumberedField]:
        for answer in self.answers:
            for field in answer:
                yield NumberedField(field, answer.number)

    @property
    def errors(self) -> dict[str, Any]:
        """The errors of each question by its code; only of questions that have some."""
        return {answer.question.code: answer.errors for answer in self.answers if answer.errors}

    def non_field_errors(self) -> tuple[str, ...]:
        """Return nothing: every error here belongs to a field."""
        return ()

    def saves(self) -> tuple[AnswerSave, ...]:
        """Return what to save: every question that was posted, can be read and is to be saved."""
        return tuple(
            AnswerSave(answer.question.code, answer.seen, answer.response)
            for answer in self.answers
            if not answer.keeps_theirs and answer.is_valid()
        )


class NumberedField:
    """A field of a question as the error summary lists it: its messages begin with the question's number."""

    def __init__(self, field: BoundField, number: int) -> None:
        self._field = field
        self.errors = tuple(f"Question {number}: {message}" for message in field.errors)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._field, name)

    def __getitem__(self, place: int) -> Any:
        return self._field[place]

    def __len__(self) -> int:
        return len(self._field)


def typed_section(questions: Iterable[Question], data: QueryDict) -> SectionForm:
    """Return the forms with what was posted, of those of a dimension's `questions` that were on the page.

    `questions` are all of the dimension in order.
    """
    return SectionForm(
        AnswerForm(question, number=number, data=data)
        for number, question in enumerate(questions, start=1)
        if f"{question.code}:version" in data
    )


def shown_answer(entry: QuestionEntry) -> dict[str, Any]:
    """Return what the fields of a question show by name: what is stored, and which version of it that is."""
    stored = entry.stored
    response = stored.response if stored else EMPTY
    return {"version": stored.version if stored else 0, **shown_response(entry.question, response)}


def shown_form(entry: QuestionEntry, shown: dict[str, Any]) -> AnswerForm:
    """Return the form of a question whose fields show what `shown` has for them by name."""
    return AnswerForm(entry.question, number=entry.number, shown=shown)


def stored_form(entry: QuestionEntry) -> AnswerForm:
    """Return the form with what is stored."""
    return shown_form(entry, shown_answer(entry))


@dataclass(frozen=True)
class UnsavedText:
    """What was typed in answer to question `number` and differs from what is stored; its lines as typed."""

    number: int
    text: str
    lines: tuple[str, ...]


def unsaved_texts(
    typed: SectionForm, entries: Iterable[QuestionEntry], *, in_form: bool
) -> tuple[UnsavedText, ...]:
    """Return what was typed and is not stored, for a person to copy; with `in_form` only what no form shows.

    Where the person may no longer read what is stored, that is everything that was typed.
    """
    stored = {entry.question.code: entry.stored for entry in entries}
    return tuple(
        UnsavedText(answer.number, answer.question.text, _lines(answer))
        for answer in typed.answers
        if not (in_form and answer.question.code in stored) and (answer.errors or _differs(answer, stored))
    )


def _differs(answer: AnswerForm, stored: Mapping[str, StoredAnswer | None]) -> bool:
    known = stored.get(answer.question.code)
    if answer.question.code not in stored and answer.seen > 0:
        return True
    return answer.response != (known.response if known else EMPTY)


def _lines(answer: AnswerForm) -> tuple[str, ...]:
    if answer.errors:
        return answer.typed
    words = answer_in_words(answer.question, answer.response)
    return tuple(line for line in (words.value, words.comment) if line) or ("The answer was cleared.",)


def kept_section(typed: SectionForm, entries: Iterable[QuestionEntry]) -> SectionForm:
    """Return the forms as they were typed; what was not on the page shows what is stored."""
    by_code = {answer.question.code: answer for answer in typed.answers}
    return SectionForm(by_code.get(entry.question.code) or stored_form(entry) for entry in entries)


def unsettled_section(
    typed: SectionForm, outcome: SaveOutcome, entries: Iterable[QuestionEntry]
) -> SectionForm:
    """Return the forms after a save that is not complete.

    A question with something to mend or to decide shows what was typed; every other one what is stored now.
    """
    by_code = {answer.question.code: answer for answer in typed.answers}
    return SectionForm(_after(by_code.get(entry.question.code), outcome, entry) for entry in entries)


def _after(answer: AnswerForm | None, outcome: SaveOutcome, entry: QuestionEntry) -> AnswerForm:
    if answer is None:
        return stored_form(entry)
    code = entry.question.code
    if code in outcome.conflicts:
        return disputed_form(answer, entry.stored or outcome.conflicts[code].theirs)
    answer.report(outcome.invalid.get(code, ()))
    return answer if answer.errors else stored_form(entry)


def disputed_form(answer: AnswerForm, theirs: StoredAnswer) -> AnswerForm:
    """Return the form with what was typed, now against the version that is shown beside it."""
    data = answer.posted.copy()
    data[answer.add_prefix("version")] = str(theirs.version)
    data[answer.add_prefix("disputed")] = "yes"
    data.pop(answer.add_prefix("keep"), None)
    return AnswerForm(answer.question, number=answer.number, data=data)


def _keep_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Which answer do you want to keep?",
        choices=[
            (THEIRS, HintedLabel("The saved answer", "What you typed is dropped.")),
            (
                MINE,
                HintedLabel("Mine", "As it stands below. You can still change it, for example to say both."),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Somebody else has changed this answer. Choose which one to keep."},
    )
