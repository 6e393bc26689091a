"""What a system does better and worse than its peers, and the questions where it stands lowest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from surveys.analysis.rounding import half_up
from surveys.charts.axis import SHOWN_PLACES
from surveys.charts.differences import signed
from surveys.queries.results.levels import LevelCounts
from surveys.questionnaires.schema import Dimension, Question, QuestionKind, Questionnaire

MOST = 3
"""The most strengths, and the most gaps, that are named."""

LOWEST = 5
"""How many of the lowest questions are named."""


@dataclass(frozen=True)
class Distance:
    """How far a system's score on a dimension lies from the median it is held against, in its unit."""

    code: str
    name: str
    difference: Decimal

    @property
    def shown(self) -> str:
        """The difference with its sign."""
        return signed(self.difference)


@dataclass(frozen=True)
class LowQuestion:
    """A question on which the system chose a low level.

    `above` of `of` systems with a level chose a higher one; both 0 where others are not seen.
    """

    code: str
    text: str
    dimension: str
    dimension_code: str
    value: int
    level: str
    above: int
    of: int


def strengths(distances: Sequence[Distance]) -> tuple[Distance, ...]:
    """Return the dimensions furthest above, the furthest first; those that round to nothing are none."""
    found = [each for each in distances if half_up(each.difference, SHOWN_PLACES) > 0]
    return tuple(sorted(found, key=lambda each: -each.difference)[:MOST])


def gaps(distances: Sequence[Distance]) -> tuple[Distance, ...]:
    """Return the dimensions furthest below, the furthest first; those that round to nothing are none."""
    found = [each for each in distances if half_up(each.difference, SHOWN_PLACES) < 0]
    return tuple(sorted(found, key=lambda each: each.difference)[:MOST])


def lowest_questions(
    content: Questionnaire, chosen: Mapping[str, int], counts: LevelCounts
) -> tuple[LowQuestion, ...]:
    """Return the system's scored questions with the lowest levels, below the highest of the scale.

    `chosen` are its levels by question code, `counts` those of all systems that are seen. The lowest level
    first; of equal ones, the one on which most others stand higher.
    """
    found = [
        _low(dimension, question, chosen[question.code], counts[question.code])
        for dimension in content.dimensions
        for question in dimension.all_questions
        if question.scored and question.kind is QuestionKind.MATURITY and question.code in chosen
    ]
    highest = {
        question.code: max((level.value for level in question.levels), default=0)
        for question in content.questions
    }
    below = [each for each in found if each.value < highest[each.code]]
    return tuple(sorted(below, key=lambda each: (each.value, -each.above))[:LOWEST])


def _low(dimension: Dimension, question: Question, value: int, counts: Mapping[int, int]) -> LowQuestion:
    of = sum(counts.values())
    return LowQuestion(
        code=question.code,
        text=question.text,
        dimension=dimension.name,
        dimension_code=dimension.code,
        value=value,
        level=question.level(value).name,
        above=sum(count for level, count in counts.items() if level > value),
        of=of if of > 1 else 0,
    )
