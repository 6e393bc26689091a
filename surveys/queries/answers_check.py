"""Everything about an assessment's answers that somebody should look at before it is sent or signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from surveys.models import Person
from surveys.queries.assessments import AssessmentState, assessment_state, stored_answers
from surveys.queries.completion import Completion, completion, dimension_completion, time_in_words
from surveys.queries.flags import Flag, flags
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.signatories import approvers
from surveys.questionnaires.responses import EMPTY, Response, asked, check, is_answered
from surveys.questionnaires.schema import Dimension, Question, Questionnaire
from surveys.questionnaires.scoring import Scorecard, score


class PointKind(StrEnum):
    """Why a question is on the list."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    INVALID = "invalid"
    FLAGGED = "flagged"
    NOT_ASKED = "not_asked"


_LABELS = {
    PointKind.REQUIRED: "Required, not answered",
    PointKind.OPTIONAL: "Optional, not answered",
    PointKind.INVALID: "Needs changing",
    PointKind.FLAGGED: "Look again",
    PointKind.NOT_ASKED: "Not counted",
}


@dataclass(frozen=True)
class Point:
    """One question to look at. `why` says more; it may be empty. `minutes` is the estimate for a gap."""

    code: str
    text: str
    kind: PointKind
    why: str = ""
    minutes: int = 0

    @property
    def label(self) -> str:
        """Why it is on the list, as people read it."""
        return _LABELS[self.kind]


@dataclass(frozen=True)
class CheckedSection:
    """A dimension with what to look at in it. `withheld`: its score is not given as things are."""

    code: str
    name: str
    completion: Completion
    points: tuple[Point, ...]
    withheld: bool

    @property
    def required_time(self) -> str:
        """How long its required gaps should take, in words; empty when there are none."""
        return time_in_words(_minutes(self.points, PointKind.REQUIRED))


@dataclass(frozen=True)
class AnswersCheck:
    """Every section with its points on questions that the person may read.

    `share` is the percentage that a score needs. `approvers` are the names of who would be asked to sign.
    """

    state: AssessmentState
    completion: Completion
    sections: tuple[CheckedSection, ...]
    share: int
    approvers: tuple[str, ...] = ()

    def of_kind(self, kind: PointKind) -> tuple[Point, ...]:
        """Return the points of one kind, in order."""
        return tuple(point for section in self.sections for point in section.points if point.kind == kind)

    @property
    def required(self) -> tuple[Point, ...]:
        """The required questions without an answer."""
        return self.of_kind(PointKind.REQUIRED)

    @property
    def required_time(self) -> str:
        """How long the required gaps should take, in words; empty when there are none."""
        return time_in_words(_minutes(self.required, PointKind.REQUIRED))

    @property
    def optional(self) -> tuple[Point, ...]:
        """The optional questions without an answer."""
        return self.of_kind(PointKind.OPTIONAL)

    @property
    def optional_time(self) -> str:
        """How long the optional gaps should take, in words; empty when there are none."""
        return time_in_words(_minutes(self.optional, PointKind.OPTIONAL))

    @property
    def flagged(self) -> tuple[Point, ...]:
        """The flags of answers that ask for a second look."""
        return self.of_kind(PointKind.FLAGGED)

    @property
    def invalid(self) -> tuple[Point, ...]:
        """The answers that need changing."""
        return self.of_kind(PointKind.INVALID)

    @property
    def clear(self) -> bool:
        """Whether there is nothing to look at."""
        return not any(section.points for section in self.sections)

    @property
    def withheld(self) -> tuple[str, ...]:
        """The names of the dimensions whose score is not given as things are."""
        return tuple(section.name for section in self.sections if section.withheld)


def answers_check(person: Person, assessment_id: int) -> AnswersCheck:
    """Return what to look at. Raises Http404 when the person may not read the assessment."""
    state = assessment_state(person, assessment_id)
    asked_by = instrument(state.questionnaire_id)
    answers = stored_answers(assessment_id, asked_by)
    responses = {code: answer.response for code, answer in answers.items()}
    names = tuple(person.name for person in approvers(state.organisation_id)) if state.powers.send else ()
    return replace(checked_answers(state, asked_by, responses), approvers=names)


def checked_answers(
    state: AssessmentState, asked_by: Instrument, responses: Mapping[str, Response]
) -> AnswersCheck:
    """Return what to look at in the responses, by question code, of an assessment."""
    content = asked_by.content
    flagged = flags(state.id, asked_by, responses)
    done = dimension_completion(content, responses)
    scores = score_of(content, responses).dimensions
    on_view = asked(content, responses)
    return AnswersCheck(
        state=state,
        completion=completion(content, responses),
        sections=tuple(
            CheckedSection(
                code=dimension.code,
                name=dimension.name,
                completion=done[dimension.code],
                points=tuple(
                    point
                    for point in _points(dimension, responses, on_view, flagged)
                    if state.powers.may_read(point.code)
                ),
                withheld=dimension.code in scores and scores[dimension.code].withheld,
            )
            for dimension in content.dimensions
        ),
        share=int(content.minimum_share * 100),
    )


def score_of(content: Questionnaire, responses: Mapping[str, Response]) -> Scorecard:
    """Return what the responses score; one that may not be stored as it is counts as no answer."""
    return score(content, valid_responses(content, responses))


def valid_responses(content: Questionnaire, responses: Mapping[str, Response]) -> dict[str, Response]:
    """Return the responses that may be stored as they are."""
    questions = content.questions_by_code
    return {code: given for code, given in responses.items() if not check(questions[code], given)}


def _minutes(points: Iterable[Point], kind: PointKind) -> int:
    return sum(point.minutes for point in points if point.kind is kind)


def _points(
    dimension: Dimension,
    responses: Mapping[str, Response],
    on_view: frozenset[str],
    flagged: Mapping[str, tuple[Flag, ...]],
) -> Iterator[Point]:
    for question in dimension.all_questions:
        response = responses.get(question.code, EMPTY)
        if question.code in on_view:
            yield from _asked_points(question, response, flagged.get(question.code, ()))
        elif response != EMPTY:
            yield Point(
                question.code,
                question.text,
                PointKind.NOT_ASKED,
                "It is answered, but not asked, given the other answers. The answer is kept, not counted.",
            )


def _asked_points(question: Question, response: Response, flagged: tuple[Flag, ...]) -> Iterator[Point]:
    if problems := check(question, response):
        why = ". ".join(problem.message.rstrip(".") for problem in problems)
        yield Point(question.code, question.text, PointKind.INVALID, f"{why}.")
    elif not is_answered(question, response):
        kind = PointKind.REQUIRED if question.required else PointKind.OPTIONAL
        why = "There is a comment, but no answer." if response.comment else ""
        yield Point(question.code, question.text, kind, why, question.estimated_minutes)
    else:
        for flag in flagged:
            yield Point(question.code, question.text, PointKind.FLAGGED, flag.words)
