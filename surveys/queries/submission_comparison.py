"""Two submitted copies of an assessment side by side, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.http import Http404

from surveys.models import Person, Submission
from surveys.queries.answer_fields import FIELD_LABELS, response_fields
from surveys.queries.assessments import AssessmentState, assessment_state
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import instrument
from surveys.queries.submission_copy import SubmittedCopy, read_copy
from surveys.questionnaires.responses import EMPTY, asked
from surveys.questionnaires.schema import Question, Questionnaire

ASKED: Final = "asked"
_LABELS: Final = {ASKED: "Asked, given the other answers", **FIELD_LABELS}


@dataclass(frozen=True)
class CopyHead:
    """A copy without its answers."""

    number: int
    signed_by: str
    job_title: str
    signed_at: str
    declaration: str
    sha256: str


@dataclass(frozen=True)
class ComparedField:
    """One field in both copies, in words; empty where it is not filled in."""

    field: str
    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether it is another one in the later copy."""
        return self.before != self.after


@dataclass(frozen=True)
class ComparedQuestion:
    """Every field of one question; `answered_by` says who gave the answer in the second copy, and when."""

    code: str
    text: str
    fields: tuple[ComparedField, ...]
    answered_by: str

    @property
    def changes(self) -> tuple[ComparedField, ...]:
        """The fields that differ."""
        return tuple(field for field in self.fields if field.changed)


@dataclass(frozen=True)
class ComparedSection:
    """The questions of one dimension."""

    code: str
    name: str
    questions: tuple[ComparedQuestion, ...]

    @property
    def changed(self) -> tuple[ComparedQuestion, ...]:
        """The questions in which a field differs."""
        return tuple(question for question in self.questions if question.changes)


@dataclass(frozen=True)
class SubmissionComparison:
    """Two copies of an assessment. `numbers` are of all its copies, first to last."""

    state: AssessmentState
    numbers: tuple[int, ...]
    before: CopyHead
    after: CopyHead
    sections: tuple[ComparedSection, ...]

    @property
    def changed_questions(self) -> int:
        """In how many questions a field differs."""
        return sum(len(section.changed) for section in self.sections)

    @property
    def changed_fields(self) -> int:
        """How many fields differ."""
        return sum(len(question.changes) for section in self.sections for question in section.changed)


def submission_comparison(
    person: Person, assessment_id: int, before: int | None, after: int | None
) -> SubmissionComparison:
    """Return what differs between copy `before` and copy `after`; None stands for the last copy but one, and
    for the last. An assessment with a single copy is compared with itself.

    Raises Http404 when there is no such copy, or the person may not read the assessment.
    """
    state = assessment_state(person, assessment_id)
    rows = {
        row.number: row for row in Submission.objects.filter(assessment_id=assessment_id).order_by("number")
    }
    numbers = tuple(rows)
    if not numbers:
        raise Http404
    first = rows.get(numbers[-2:][0] if before is None else before)
    second = rows.get(numbers[-1] if after is None else after)
    if first is None or second is None:
        raise Http404
    content = instrument(state.questionnaire_id).content
    copies = read_copy(first.content), read_copy(second.content)
    return SubmissionComparison(
        state=state,
        numbers=numbers,
        before=_head(first),
        after=_head(second),
        sections=tuple(_sections(content, *copies)),
    )


def _head(row: Submission) -> CopyHead:
    return CopyHead(
        number=row.number,
        signed_by=row.signed_by_name,
        job_title=row.signed_by_job_title,
        signed_at=moment_in_words(row.signed_at),
        declaration=row.declaration,
        sha256=row.sha256,
    )


def _sections(
    content: Questionnaire, before: SubmittedCopy, after: SubmittedCopy
) -> Iterator[ComparedSection]:
    asked_before, asked_after = asked(content, before.responses), asked(content, after.responses)
    for dimension in content.dimensions:
        yield ComparedSection(
            code=dimension.code,
            name=dimension.name,
            questions=tuple(
                ComparedQuestion(
                    code=question.code,
                    text=question.text,
                    fields=_fields(
                        _in_words(question, before, asked_before), _in_words(question, after, asked_after)
                    ),
                    answered_by=_author(question, after),
                )
                for question in dimension.all_questions
            ),
        )


def _in_words(question: Question, copy: SubmittedCopy, on_view: frozenset[str]) -> dict[str, str]:
    return {
        ASKED: "Yes" if question.code in on_view else "No",
        **response_fields(question, copy.responses.get(question.code, EMPTY)),
    }


def _fields(before: dict[str, str], after: dict[str, str]) -> tuple[ComparedField, ...]:
    return tuple(ComparedField(name, _LABELS[name], before[name], after[name]) for name in after)


def _author(question: Question, copy: SubmittedCopy) -> str:
    found = copy.answered_by.get(question.code)
    return found.words if found else ""
