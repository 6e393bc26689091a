"""One numbered copy of an assessment, as it was signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.http import Http404
from django.utils.text import slugify

from surveys.models import Moderation, Person, Submission
from surveys.queries.answer_changes import AnswerChange, answer_changes
from surveys.queries.answer_words import AnswerWords, answer_in_words
from surveys.queries.assessments import AssessmentState, assessment_state
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import instrument
from surveys.queries.submission_copy import SubmittedCopy, read_copy
from surveys.questionnaires.responses import EMPTY, asked
from surveys.questionnaires.schema import Question, Questionnaire


@dataclass(frozen=True)
class CopiedAnswer:
    """A question with the answer that was signed. `given` says who gave it and when; empty for no answer.

    `moderated` says which other level was proposed, and what became of it; empty where none was.
    """

    code: str
    text: str
    words: AnswerWords
    asked: bool
    given: str
    moderated: str = ""


@dataclass(frozen=True)
class CopiedSection:
    """The answers of one dimension."""

    name: str
    answers: tuple[CopiedAnswer, ...]


@dataclass(frozen=True)
class SubmissionPage:
    """A submission. `changes` are from submission `previous`, which is 0 for the first one."""

    state: AssessmentState
    number: int
    numbers: tuple[int, ...]
    sha256: str
    declaration: str
    signed_by: str
    job_title: str
    signed_at: str
    sections: tuple[CopiedSection, ...]
    previous: int
    changes: tuple[AnswerChange, ...]

    @property
    def fingerprint(self) -> tuple[str, ...]:
        """The SHA-256 in groups of eight digits, between which a narrow page may break."""
        return tuple(self.sha256[start : start + 8] for start in range(0, len(self.sha256), 8))

    @property
    def latest(self) -> bool:
        """Whether no later copy has been signed."""
        return self.number == self.numbers[-1]


@dataclass(frozen=True)
class CopyFile:
    """The file of a submission: exactly the bytes that the SHA-256 is of."""

    name: str
    content: bytes


def submission_page(person: Person, assessment_id: int, number: int) -> SubmissionPage:
    """Return a submission. Raises Http404 when there is none, or the person may not read the assessment."""
    state = assessment_state(person, assessment_id)
    rows = {
        row.number: row for row in Submission.objects.filter(assessment_id=assessment_id).order_by("number")
    }
    if number not in rows:
        raise Http404
    row, before = rows[number], rows.get(number - 1)
    content = instrument(state.questionnaire_id).content
    copy = read_copy(row.content)
    return SubmissionPage(
        state=state,
        number=number,
        numbers=tuple(rows),
        sha256=row.sha256,
        declaration=row.declaration,
        signed_by=row.signed_by_name,
        job_title=row.signed_by_job_title,
        signed_at=moment_in_words(row.signed_at),
        sections=tuple(_sections(content, copy, _moderated(row))),
        previous=before.number if before else 0,
        changes=answer_changes(content, read_copy(before.content).responses, copy.responses)
        if before
        else (),
    )


def _moderated(submission: Submission) -> Mapping[str, str]:
    """Return what is said of the levels that were proposed beside this copy, by question code."""
    rows = Moderation.objects.filter(submission=submission).with_state().select_related("question")
    return {
        row.question.code: f"{Moderation.State(row.state).label}: level {row.proposed} proposed"
        + (f", final level {row.final}" if row.final is not None else "")
        for row in rows
    }


def _sections(
    content: Questionnaire, copy: SubmittedCopy, moderated: Mapping[str, str]
) -> Iterator[CopiedSection]:
    on_view = asked(content, copy.responses)
    for dimension in content.dimensions:
        yield CopiedSection(
            dimension.name,
            tuple(
                replace(_copied(question, copy, on_view), moderated=moderated.get(question.code, ""))
                for question in dimension.all_questions
            ),
        )


def _copied(question: Question, copy: SubmittedCopy, on_view: frozenset[str]) -> CopiedAnswer:
    author = copy.answered_by.get(question.code)
    return CopiedAnswer(
        code=question.code,
        text=question.text,
        words=answer_in_words(question, copy.responses.get(question.code, EMPTY)),
        asked=question.code in on_view,
        given=author.words if author else "",
    )


def copy_file(person: Person, assessment_id: int, number: int) -> CopyFile:
    """Return the file of a submission. Raises Http404 as `submission_page` does."""
    state = assessment_state(person, assessment_id)
    content = (
        Submission.objects.filter(assessment_id=assessment_id, number=number)
        .values_list("content", flat=True)
        .first()
    )
    if content is None:
        raise Http404
    synthetic = "synthetic-" if state.synthetic else ""
    name = f"{synthetic}{state.ods_code}-{slugify(state.round_title) or 'round'}-submission-{number}.json"
    return CopyFile(name, content.encode())
