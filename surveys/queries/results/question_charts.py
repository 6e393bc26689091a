"""The chart of a question, from the same groups of answers as its sentence and its file."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from surveys.analysis.variation import Spread
from surveys.charts.axis import ScoreAxis, percent_axis
from surveys.charts.level_counts import LevelCounts, LevelLane
from surveys.charts.option_counts import OptionCount, OptionCounts
from surveys.charts.split_parts import SplitLane, SplitParts
from surveys.charts.system_strips import NamedValue, StripRow, SystemStrips
from surveys.queries.answer_words import number_in_words
from surveys.queries.results.question import QuestionResults
from surveys.questionnaires.schema import Question, QuestionKind

QuestionChart = LevelCounts | OptionCounts | SystemStrips | SplitParts

NICE_ENDS = tuple(Decimal(end) for end in (1, 2, 4, 5, 10))
"""An axis of numbers ends at one of these times a power of ten."""


def question_chart(page: QuestionResults) -> QuestionChart | None:
    """Return the chart of a question.

    None for answers in words, where nobody answered, and for somebody who does not see all systems.
    """
    if not page.groups or not page.national.answered:
        return None
    match page.question.kind:
        case QuestionKind.MATURITY:
            return _levels(page)
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTI_CHOICE:
            return _options(page)
        case QuestionKind.NUMBER | QuestionKind.PERCENTAGE:
            return _strips(page)
        case QuestionKind.PERCENTAGE_SPLIT:
            return _splits(page)
        case QuestionKind.LONG_TEXT:
            return None


def _subtitle(page: QuestionResults) -> str:
    return f"{page.question.text} {page.response}. {page.head.source}"


def _levels(page: QuestionResults) -> LevelCounts:
    (_, national), *_ = page.agreements
    return LevelCounts(
        title=page.finding,
        subtitle=_subtitle(page),
        levels=tuple(level for level, _ in national.counts),
        lanes=tuple(
            LevelLane(name, tuple(count for _, count in found.counts), found.of, found.in_words)
            for name, found in page.agreements
        ),
    )


def _options(page: QuestionResults) -> OptionCounts:
    return OptionCounts(
        title=page.finding,
        subtitle=_subtitle(page),
        answered=page.national.answered,
        regions=tuple(group.name for group in page.groups[1:]),
        rows=tuple(OptionCount(each.label, each.count, each.by_region) for each in page.options),
    )


def _strips(page: QuestionResults) -> SystemStrips:
    return SystemStrips(
        title=page.finding,
        subtitle=_subtitle(page),
        axis=_number_axis(page.question, _ends(page.numbers[0].spread)),
        what="an answer",
        rows=tuple(
            StripRow(
                group.name,
                group.of,
                tuple(NamedValue(system.name, value) for system, value in group.values),
                group.spread,
            )
            for group in page.numbers
        ),
        each=not page.released.systems.many,
    )


def _ends(found: Spread | None) -> list[Decimal]:
    return [] if found is None else [found.minimum, found.maximum]


def _splits(page: QuestionResults) -> SplitParts:
    lanes = [SplitLane(each.name, each.values, each.region) for each in page.splits]
    lanes.insert(0, SplitLane("Median of all systems", page.median_split))
    return SplitParts(
        title=page.finding,
        subtitle=_subtitle(page),
        axis=_split_axis(page),
        parts=tuple(part.label for part in page.question.parts),
        lanes=tuple(lanes),
    )


def _number_axis(question: Question, values: list[Decimal]) -> ScoreAxis:
    """Return an axis from 0, or the lowest value below it, to a round number that holds every value."""
    if question.kind is QuestionKind.PERCENTAGE and all(0 <= value <= 100 for value in values):
        return percent_axis("Percentage")
    highest = _nice(max([*values, Decimal(1)]))
    lowest = -_nice(-min(values)) if values and min(values) < 0 else Decimal(0)
    ticks = (*((lowest,) if lowest else ()), *(_plain(highest * part / 4) for part in range(5)))
    unit = question.unit if question.unit in {"", "%"} else f" {question.unit}"
    title = f"Answer in {question.unit}" if question.unit else "Answer"
    return ScoreAxis(lowest, highest, ticks, title, unit)


def _split_axis(page: QuestionResults) -> ScoreAxis:
    total = page.question.total or Decimal(100)
    furthest = max(
        [total, *(sum(lane.values, Decimal(0)) for lane in page.splits), sum(page.median_split, Decimal(0))]
    )
    unit = page.question.unit if page.question.unit in {"", "%"} else f" {page.question.unit}"
    return ScoreAxis(
        Decimal(0), furthest, tuple(_plain(total * part / 4) for part in range(5)), "Share", unit
    )


def _nice(value: Decimal) -> Decimal:
    """Return the round number at or above a value of more than 0."""
    power = Decimal(10) ** value.adjusted()
    whole = (value / power).to_integral_value(ROUND_CEILING)
    return next(end for end in NICE_ENDS if end >= whole) * power


def _plain(value: Decimal) -> Decimal:
    """Return the value without an exponent, as it is written beside the axis."""
    return Decimal(number_in_words(value).replace(",", ""))
