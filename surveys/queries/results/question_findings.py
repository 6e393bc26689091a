"""What the answers to a question say, in one sentence without its full stop."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from surveys.analysis.rounding import half_up
from surveys.analysis.variation import Spread
from surveys.queries.answer_words import with_unit
from surveys.queries.results.agreement import QuestionAgreement
from surveys.wording import counted, listed, quoted


def level_finding(found: QuestionAgreement) -> str:
    """Return how far systems agree on a question with levels, and what most of them chose."""
    most = max((count for _, count in found.counts), default=0)
    if not most:
        return "No system chose a level"
    levels = [level for level, count in found.counts if count == most]
    answered = counted(found.answered, "system")
    if len(levels) > 1:
        chosen = f"{listed(levels)} were chosen equally often, each by {most} of {answered}"
    else:
        chosen = f"{levels[0]} was chosen most often, by {most} of {answered}"
    return f"{found.in_words}: {chosen}"


def option_finding(options: Sequence[tuple[str, int]], answered: int) -> str:
    """Return which of the options, each with how many systems chose it, was chosen most often."""
    most = max((count for _, count in options), default=0)
    if not most:
        return "No system chose an option"
    labels = [label for label, count in options if count == most]
    chosen = "were each chosen" if len(labels) > 1 else "was chosen most often,"
    return f"{quoted(labels)} {chosen} by {most} of {counted(answered, 'system')}"


def number_finding(found: Spread | None, unit: str) -> str:
    """Return where the systems' numbers lie."""
    if found is None:
        return "No system gave a number"
    if found.n == 1:
        return f"The one system that answered gave {_written(found.median, unit)}"
    return (
        f"The median is {_written(found.median, unit)}, and the middle half of systems lies between "
        f"{_written(found.q1, unit)} and {_written(found.q3, unit)}"
    )


def split_finding(medians: Sequence[tuple[str, Decimal]], unit: str) -> str:
    """Return which part of a split, each with the median of its values, is usually the largest."""
    if not medians:
        return "No system split the total"
    largest = max(value for _, value in medians)
    labels = [label for label, value in medians if value == largest]
    return f"The largest median is that of {quoted(labels)}: {_written(largest, unit)}"


def text_finding(answered: int, of: int) -> str:
    """Return how many systems answered in words."""
    return f"{answered} of {counted(of, 'system')} answered in words"


def _written(value: Decimal, unit: str) -> str:
    return with_unit(half_up(value, 1), unit)
