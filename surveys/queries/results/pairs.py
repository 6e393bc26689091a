"""Two scores of a system that are worth setting against each other, and what each system has on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from surveys.analysis.scores import Item, scale_score
from surveys.charts.axis import ScoreAxis, percent_axis
from surveys.models import Result
from surveys.queries.results.measures import axis_of, dimension_measure, is_scored, value_of
from surveys.queries.results.systems import System
from surveys.questionnaires.responses import EMPTY, Response
from surveys.questionnaires.schema import DEFAULT_SPLIT_TOTAL, Question, QuestionKind, Questionnaire

Measure = Result.Measure

NOT_SUBMITTED = "not submitted"
NO_BOTH = "no score on both"
NO_ANSWER = "not answered"


class PairKind(StrEnum):
    """What is set against what: the gap's two groups, a dimension and the others, two parts of a split."""

    GROUPS = "groups"
    DIMENSION = "dimension"
    PARTS = "parts"


@dataclass(frozen=True)
class Pair:
    """`first` against `second`, by name; `code` is known in addresses.

    The codes are of what is behind them: of two groups, of a dimension alone, or of two parts of `question`.
    """

    code: str
    kind: PairKind
    first: str
    second: str
    first_code: str
    second_code: str = ""
    question: str = ""

    @property
    def name(self) -> str:
        """The pair as people choose it."""
        return f"{self.first} against {self.second[:1].lower()}{self.second[1:]}"


@dataclass(frozen=True)
class Both:
    """A system's two scores and the first less the second; all None where there are not both, with why."""

    first: Decimal | None
    second: Decimal | None
    difference: Decimal | None
    why_not: str = ""


def pairs(content: Questionnaire) -> tuple[Pair, ...]:
    """Return what can be compared in a questionnaire: its gap, each dimension, the parts of its splits."""
    return (*_groups(content), *_dimensions(content), *_parts(content))


def pair_axis(content: Questionnaire, pair: Pair) -> ScoreAxis:
    """Return the axis on which both scores of the pair lie."""
    return percent_axis("Percent") if pair.kind is PairKind.PARTS else axis_of(content)


def both_scores(
    content: Questionnaire, pair: Pair, system: System, responses: Mapping[str, Response]
) -> Both:
    """Return a system's scores on both sides.

    The difference of the gap's groups is the frozen one. The other dimensions count as the weighted mean of
    their scores, if enough of them have one. `responses` are needed for a split only.
    """
    if not system.responded:
        return Both(None, None, None, NOT_SUBMITTED)
    if pair.kind is PairKind.PARTS:
        return _shares(content.question(pair.question), pair, responses.get(pair.question, EMPTY))
    if pair.kind is PairKind.GROUPS:
        first = value_of(system.score(Measure.GROUP, pair.first_code))
        second = value_of(system.score(Measure.GROUP, pair.second_code))
        difference = value_of(system.score(Measure.GAP))
    else:
        first = value_of(system.score(Measure.DIMENSION, pair.first_code))
        second = _others(content, pair.first_code, system)
        difference = None if first is None or second is None else first - second
    if first is None or second is None or difference is None:
        return Both(None, None, None, NO_BOTH)
    return Both(first, second, difference)


def _groups(content: Questionnaire) -> Iterator[Pair]:
    if content.gap is not None:
        names = {group.code: group.name for group in content.groups}
        first, second = content.gap.first, content.gap.second
        yield Pair("groups", PairKind.GROUPS, names[first], names[second], first, second)


def _dimensions(content: Questionnaire) -> Iterator[Pair]:
    scored = [dimension for dimension in content.dimensions if is_scored(dimension)]
    if len(scored) > 1:
        for dimension in scored:
            yield Pair(
                f"dimension-{dimension.code}",
                PairKind.DIMENSION,
                dimension.name,
                "The mean of the other dimensions",
                dimension.code,
            )


def _parts(content: Questionnaire) -> Iterator[Pair]:
    """Yield the first part of each split against each of the others."""
    for question in content.questions:
        if question.kind is QuestionKind.PERCENTAGE_SPLIT:
            first, *others = question.parts
            for part in others:
                yield Pair(
                    f"parts-{question.code}-{part.code}",
                    PairKind.PARTS,
                    first.label,
                    part.label,
                    first.code,
                    part.code,
                    question.code,
                )


def _others(content: Questionnaire, code: str, system: System) -> Decimal | None:
    names = [dimension_measure(each) for each in content.dimensions if is_scored(each) and each.code != code]
    weights = {dimension.code: dimension.weight for dimension in content.dimensions}
    items = [
        Item(name.code, value_of(system.score(name.measure, name.code)), weights[name.code]) for name in names
    ]
    return scale_score(items, content.minimum_share).value


def _shares(question: Question, pair: Pair, response: Response) -> Both:
    """Return both parts in percent of the split's total."""
    given = dict(response.parts)
    if pair.first_code not in given or pair.second_code not in given:
        return Both(None, None, None, NO_ANSWER)
    total = question.total or DEFAULT_SPLIT_TOTAL
    first, second = (100 * given[code] / total for code in (pair.first_code, pair.second_code))
    return Both(first, second, first - second)
