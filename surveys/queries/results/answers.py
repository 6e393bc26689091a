"""The frozen answers behind one score, with free text only for those who may read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from surveys.analysis.scores import Score
from surveys.charts.axis import ScoreAxis
from surveys.charts.table import written_count
from surveys.models import Assessment
from surveys.permissions import AnyPerson, Permission, posts, visible_to
from surveys.queries.answer_words import answer_in_words, condition_in_words
from surveys.queries.moderations import ModeratedLevel
from surveys.queries.results.measures import axis_of, in_full
from surveys.queries.results.moderated import moderated_in
from surveys.queries.results.ranking import read_answers
from surveys.queries.results.released import Measure, Released, ReleaseHead, read
from surveys.queries.results.systems import System
from surveys.questionnaires.responses import EMPTY, Response, asked, has_value
from surveys.questionnaires.schema import Question, QuestionKind, Questionnaire

NOT_SHOWN = "Answered in words. Only people who may read this system's assessment see them."


@dataclass(frozen=True)
class AnswerLine:
    """One question with what was answered.

    `value` has a line for each part of the answer, or says why there is none; `descriptor` is the text of the
    chosen level. Of a moderated level both are the final one, and `moderated` says from which it came.
    `reason` says why the question was not applicable. `comment` and `reason` are empty for those who may not
    read the system's assessment.
    """

    code: str
    text: str
    scored: bool
    answered: bool
    value: str
    descriptor: str = ""
    reason: str = ""
    comment: str = ""
    moderated: str = ""


@dataclass(frozen=True)
class AnswerSection:
    """A section of a dimension, with its score if it has one. A dimension without sections is one section
    without a name.
    """

    name: str
    axis: ScoreAxis
    score: Score | None
    lines: tuple[AnswerLine, ...]

    @property
    def shown(self) -> str:
        """The section's score as people read it; empty for a section that is not scored."""
        return in_full(self.score, self.axis) if self.score else ""

    @property
    def count(self) -> str:
        """How many scored questions were answered of how many."""
        return written_count(self.score)


@dataclass(frozen=True)
class AnswersBehind:
    """The answers of one system on one dimension. `sees_text`: whether comments and free text are in them."""

    released: Released
    system: System
    code: str
    name: str
    axis: ScoreAxis
    score: Score | None
    scored: bool
    sees_text: bool
    sections: tuple[AnswerSection, ...]

    @property
    def head(self) -> ReleaseHead:
        """The release."""
        return self.released.head

    @property
    def shown(self) -> str:
        """The dimension's score as people read it, or why there is none."""
        return in_full(self.score, self.axis)

    @property
    def count(self) -> str:
        """How many scored questions were answered of how many."""
        return written_count(self.score)


def answers_behind(person: AnyPerson, release_id: int, assessment_id: int, code: str) -> AnswersBehind:
    """Return what one system answered on one dimension, as it was released: five queries, and one
    more where levels were moderated.

    Raises Http404 when the person may not read the system's results in the release, or there is no such
    dimension.
    """
    released = read(person, release_id)
    system = released.system(assessment_id)
    dimension = released.instrument.dimension(code)
    content = released.instrument.content
    axis = axis_of(content)
    responses = read_answers(release_id, [assessment_id], content.questions_by_code).of(assessment_id)
    own = Assessment.objects.filter(pk=assessment_id)
    sees_text = visible_to(person, Permission.READ_ASSESSMENT, own).exists()
    reader = _Reader(
        content,
        asked(content, responses),
        sees_text,
        member=bool(posts(person)),
        moderated=moderated_in(released, assessment_id),
    )
    sections = [(each.name, each.code, each.questions) for each in dimension.sections] or [
        ("", "", dimension.questions)
    ]
    return AnswersBehind(
        released=released,
        system=system,
        code=code,
        name=dimension.name,
        axis=axis,
        score=system.score(Measure.DIMENSION, code),
        scored=_scored(dimension.all_questions),
        sees_text=sees_text,
        sections=tuple(
            AnswerSection(
                name=name,
                axis=axis,
                score=system.score(Measure.SECTION, section) if section and _scored(questions) else None,
                lines=tuple(reader.line(each, responses.get(each.code, EMPTY)) for each in questions),
            )
            for name, section, questions in sections
        )
        if system.responded
        else (),
    )


def without_private_words(
    question: Question, response: Response, *, sees_text: bool, member: bool
) -> Response:
    """Return a response without the words that a reader may not read.

    `sees_text`: whether they may read the system's assessment. `member`: whether they have any membership;
    then they read a text to which the system's consent was given.
    """
    if sees_text:
        return response
    keeps_text = member and bool(question.consent) and response.consent is True
    return replace(
        response, comment="", reason="", other="", text=response.text if keeps_text else "", consent=None
    )


def _scored(questions: tuple[Question, ...]) -> bool:
    return any(question.scored for question in questions)


@dataclass(frozen=True)
class _Reader:
    """Puts answers in words for one person: `sees_text` of this system, `member` of the programme or not."""

    content: Questionnaire
    on_view: frozenset[str]
    sees_text: bool
    member: bool
    moderated: Mapping[str, ModeratedLevel]

    def line(self, question: Question, response: Response) -> AnswerLine:
        shown = without_private_words(question, response, sees_text=self.sees_text, member=self.member)
        return AnswerLine(
            code=question.code,
            text=question.text,
            scored=question.scored,
            answered=response.not_applicable or has_value(question, response),
            value=self._value(question, response, shown),
            descriptor=question.level(response.level).text if response.level is not None else "",
            reason=shown.reason,
            comment=shown.comment,
            moderated=self.moderated[question.code].words if question.code in self.moderated else "",
        )

    def _value(self, question: Question, response: Response, shown: Response) -> str:
        if question.code not in self.on_view:
            return f"Not asked: only if {condition_in_words(self.content, question)}"
        if response.not_applicable:
            return "Not applicable"
        if not has_value(question, response):
            return "Not answered"
        if question.kind is QuestionKind.LONG_TEXT and not shown.text:
            return NOT_SHOWN
        return answer_in_words(question, shown).value
