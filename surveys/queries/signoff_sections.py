"""What an approver reads of each dimension: its score, every answer, what changed, what to look at again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal

from surveys.analysis.change import Change, change
from surveys.analysis.rounding import half_up
from surveys.analysis.scores import Score
from surveys.queries.answer_words import AnswerWords, answer_in_words
from surveys.queries.answers_check import CheckedSection, Point, PointKind
from surveys.queries.last_round import Beside
from surveys.queries.question_counts import NOTHING_BESIDE, QuestionCounts
from surveys.queries.results.ranking import scored_items
from surveys.questionnaires.responses import EMPTY, Response, asked
from surveys.questionnaires.schema import Dimension, Question, Questionnaire
from surveys.questionnaires.scoring import scorer_of


@dataclass(frozen=True)
class ScoreLine:
    """The score of one dimension as things are, from `answered` of `of` scored questions.

    `value` is on the scale of the questionnaire, or a percentage of the points, to one decimal place; empty
    when the score is withheld or there is nothing to score. `then` and `now` are of the `both` questions that
    can be compared with the round before and were answered both times; empty when too few were.
    """

    value: str
    answered: int
    of: int
    withheld: bool
    then: str
    now: str
    both: int


@dataclass(frozen=True)
class EarlierValue:
    """What was answered in the round before, each line for one organisation; `why_not_compared` may be empty.

    `changed` is None when it cannot be compared with the answer of today.
    """

    words: str
    why_not_compared: str
    changed: bool | None


@dataclass(frozen=True)
class SignedAnswer:
    """A question with its answer, as the approver reads it; `asked` given the other answers.

    `before` is None when there is no round before. `confirmed`: it was confirmed as still true. `points` say
    what to look at again.
    """

    code: str
    text: str
    words: AnswerWords
    asked: bool
    required: bool
    before: EarlierValue | None
    confirmed: bool
    points: tuple[Point, ...]
    beside: QuestionCounts

    @property
    def is_gap(self) -> bool:
        """Whether the answer is required and missing."""
        return any(point.kind is PointKind.REQUIRED for point in self.points)

    @property
    def second_looks(self) -> tuple[Point, ...]:
        """Why the answer asks for a second look."""
        return tuple(point for point in self.points if point.why)


@dataclass(frozen=True)
class SignedSection:
    """One dimension; `score` is None when nothing of it is scored."""

    code: str
    name: str
    score: ScoreLine | None
    answers: tuple[SignedAnswer, ...]

    @property
    def gaps(self) -> int:
        """How many required questions have no answer."""
        return sum(answer.is_gap for answer in self.answers)

    @property
    def changed(self) -> int:
        """How many answers are others than in the round before."""
        return sum(bool(answer.before and answer.before.changed) for answer in self.answers)

    @property
    def looked_at(self) -> int:
        """How many answers ask for a second look."""
        return sum(bool(answer.second_looks) for answer in self.answers)

    @property
    def comments(self) -> int:
        """How many answers have a comment."""
        return sum(bool(answer.words.comment) for answer in self.answers)


@dataclass(frozen=True)
class Reading:
    """What the sections are made from, all by question code but `scores`, which are by dimension.

    `valid` are the responses that may be scored, `confirmed` those that were confirmed as still true.
    """

    content: Questionnaire
    responses: Mapping[str, Response]
    valid: Mapping[str, Response]
    confirmed: Set[str]
    scores: Mapping[str, Score]
    before: Mapping[str, Beside]
    counts: Mapping[str, QuestionCounts]


def signed_sections(reading: Reading, checked: tuple[CheckedSection, ...]) -> Iterator[SignedSection]:
    """Yield each dimension in order; `checked` are the same dimensions with what to look at in them."""
    on_view = asked(reading.content, reading.responses)
    for dimension, section in zip(reading.content.dimensions, checked, strict=True):
        yield SignedSection(
            code=dimension.code,
            name=dimension.name,
            score=_score(reading, dimension),
            answers=tuple(
                _answer(reading, question, section.points, asked_now=question.code in on_view)
                for question in dimension.all_questions
            ),
        )


def _answer(
    reading: Reading, question: Question, points: tuple[Point, ...], *, asked_now: bool
) -> SignedAnswer:
    words = answer_in_words(question, reading.responses.get(question.code, EMPTY))
    beside = reading.before.get(question.code)
    return SignedAnswer(
        code=question.code,
        text=question.text,
        words=words,
        asked=asked_now,
        required=question.required,
        before=None if beside is None else _earlier(beside, words),
        confirmed=question.code in reading.confirmed,
        points=tuple(point for point in points if point.code == question.code),
        beside=reading.counts.get(question.code, NOTHING_BESIDE),
    )


def _earlier(beside: Beside, now: AnswerWords) -> EarlierValue:
    if beside.new:
        return EarlierValue("", "New question", None)
    alone = len(beside.answers) == 1 and beside.answers[0].own
    lines = []
    for each in beside.answers:
        value = each.words.value or "Not answered"
        published = f" (published as {each.released_as})" if each.released_as else ""
        whose = "" if alone else f"{each.organisation_name}{', part of it' if each.part else ''}: "
        lines.append(f"{whose}{value}{published}")
    changed = beside.answers[0].words.value != now.value if alone and beside.comparable else None
    why_not = "" if beside.comparable else "Not comparable with now"
    return EarlierValue("\n".join(lines), why_not, changed)


def _score(reading: Reading, dimension: Dimension) -> ScoreLine | None:
    found = reading.scores.get(dimension.code)
    if found is None:
        return None
    compared = _compared(reading, dimension)
    shown = compared.difference is not None
    return ScoreLine(
        value=_to_one_place(found.value),
        answered=found.answered,
        of=found.of,
        withheld=found.withheld,
        then=_to_one_place(compared.before.value) if shown else "",
        now=_to_one_place(compared.after.value) if shown else "",
        both=compared.questions,
    )


def _compared(reading: Reading, dimension: Dimension) -> Change:
    """Return the change of a dimension's score, on the questions whose earlier answer may stand today."""
    content = reading.content
    then = {code: beside.confirmable for code, beside in reading.before.items() if beside.confirmable}
    return change(
        scored_items(content, dimension, then),
        scored_items(content, dimension, reading.valid),
        {code: code for code in then},
        scorer_of(content),
        content.minimum_share,
    )


def _to_one_place(value: Decimal | None) -> str:
    return "" if value is None else str(half_up(value, 1))
