"""Sentences about results, put together from the same numbers that the tables show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from surveys.analysis.bounds import Bounds
from surveys.analysis.rounding import half_up
from surveys.charts.axis import SHOWN_PLACES, ScoreAxis
from surveys.queries.results.measures import Summary, difference_words
from surveys.queries.results.systems import Systems
from surveys.wording import counted, listed, quoted

NAMED_AT_MOST = 50
"""The most systems that a sentence names."""

MOST_NAMES = 3
"""The most dimensions that a sentence names as sharing a place."""


def width(value: Decimal, axis: ScoreAxis) -> str:
    """Return a difference of two scores with its unit: "1.3 levels", "12.5 percentage points"."""
    return f"{half_up(value, 1)} {difference_words(axis)}"


def response_sentence(responded: int, of: int) -> str:
    """Return how many systems responded of how many, with the share rounded to a whole percentage."""
    if of == 0:
        return "No system took part in this round."
    share = half_up(Decimal(100 * responded) / of, 0)
    return f"{responded:,} of {counted(of, 'system')} submitted ({share}%)."


def variation_finding(summaries: Sequence[Summary], axis: ScoreAxis) -> str:
    """Return where systems differ most, as a title without a full stop; empty where nothing can differ."""
    known = [(each, each.spread) for each in summaries if each.spread is not None and each.spread.n > 1]
    widths = {each.name.name: half_up(found.iqr, 1) for each, found in known}
    most = max(widths.values(), default=Decimal(0))
    if len(widths) < 2 or len(set(widths.values())) == 1:
        return ""
    return f"Systems differ most on {_at(widths, most)}: the middle half spans {width(most, axis)}"


def region_sentence(
    region: str, own: Sequence[Summary], all_systems: Sequence[Summary], axis: ScoreAxis
) -> tuple[str, ...]:
    """Return where a region's median lies furthest below and above that of all systems, where it does.

    `own` and `all_systems` have the same measures in the same order.
    """
    pairs = [
        (mine.name.name, mine.spread.median, nation.spread.median)
        for mine, nation in zip(own, all_systems, strict=True)
        if mine.spread is not None and nation.spread is not None
    ]
    found = []
    for word, sign in (("below", -1), ("above", 1)):
        furthest = max(
            ((sign * (mine - nation), name, mine, nation) for name, mine, nation in pairs), default=None
        )
        if furthest is not None and half_up(furthest[0], 1) > 0:
            _, name, mine, nation = furthest
            found.append(
                f"The median of {region} lies furthest {word} that of all systems on “{name}”: "
                f"{axis.write(mine)} against {axis.write(nation)}."
            )
    return tuple(found)


def regions_sentence(medians: Mapping[str, Decimal], axis: ScoreAxis) -> tuple[str, ...]:
    """Return in which regions the median, by name of the region, is lowest and highest as it is shown.

    Nothing for fewer than two regions, and where all are the same.
    """
    shown = {name: half_up(median, SHOWN_PLACES) for name, median in medians.items()}
    low, high = min(shown.values(), default=Decimal(0)), max(shown.values(), default=Decimal(0))
    if low == high:
        return ()
    lowest, highest = (listed([name for name in shown if shown[name] == end]) for end in (low, high))
    first = f"By region, the median is lowest in {lowest} ({axis.write(low)})"
    return (f"{first} and highest in {highest} ({axis.write(high)}).",)


def variation_sentences(summaries: Sequence[Summary], axis: ScoreAxis) -> tuple[str, ...]:
    """Return where systems differ most and least, by the width of their middle half, and the medians' ends.

    Only dimensions on which two or more systems have a score can differ. Dimensions that show the same figure
    share their place. Empty when there are fewer than two such dimensions.
    """
    known = [(each, each.spread) for each in summaries if each.spread is not None and each.spread.n > 1]
    if len(known) < 2:
        return ()
    widths = {each.name.name: half_up(found.iqr, 1) for each, found in known}
    medians = {each.name.name: half_up(found.median, 1) for each, found in known}
    return (_width_sentence(widths, axis), _median_sentence(medians, axis))


def spread_sentences(summary: Summary, axis: ScoreAxis, bounds: Bounds | None) -> tuple[str, ...]:
    """Return how the systems' scores on one measure spread, and how far that depends on missing scores."""
    found = summary.spread
    if found is None:
        return ("No system has a score, so there is nothing to compare.",)
    write = axis.write
    count = f"{summary.scored} of {counted(summary.of, 'system')}"
    spans = (
        f"{count} have a score. The median is {write(found.median)}. The middle half lies between "
        f"{write(found.q1)} and {write(found.q3)}, which spans {width(found.iqr, axis)}, and the middle 80% "
        f"between {write(found.p10)} and {write(found.p90)}."
    )
    if found.n == 1:
        spans = f"{count} has a score: {write(found.median)}."
    if bounds is None or found.n == found.of:
        return (spans,)
    lower, upper = write(bounds.lower), write(bounds.upper)
    lies = f"is {lower}" if lower == upper else f"lies between {lower} and {upper}"
    return (
        spans,
        f"Whatever the systems without a score would have scored, the median of all {found.of} {lies}.",
    )


def spread_finding(summary: Summary, axis: ScoreAxis) -> str:
    """Return how the systems' scores spread, as the end of a title without a full stop."""
    found = summary.spread
    if found is None:
        return "no system has a score"
    if found.n == 1:
        return f"the one score is {axis.write(found.median)}"
    if half_up(found.iqr, 1) == 0:
        return f"the middle half of systems scores {axis.write(found.median)}"
    return (
        f"the middle half of systems lies between {axis.write(found.q1)} and {axis.write(found.q3)}, "
        f"{width(found.iqr, axis)} apart"
    )


def names_of(systems: Systems) -> Sequence[str]:
    """Return the names of systems in their order."""
    return [systems.columns.names[place] for place in systems.places]


def missing_sentences(*, withheld: Sequence[str], absent: Sequence[str]) -> tuple[str, ...]:
    """Return who has no score and why, by name."""
    found = []
    if withheld:
        found.append(f"Withheld because too few questions were answered: {named(withheld)}.")
    if absent:
        found.append(f"Not submitted: {named(absent)}.")
    return tuple(found)


def named(names: Sequence[str]) -> str:
    """Return systems by name, or how many there are where nobody would read so many names."""
    if len(names) > NAMED_AT_MOST:
        return f"{len(names):,} systems, which the download names"
    return listed(names)


def _width_sentence(widths: dict[str, Decimal], axis: ScoreAxis) -> str:
    most, least = max(widths.values()), min(widths.values())
    if most == least:
        return f"The middle half of systems spans {width(most, axis)} on every dimension."
    return (
        f"Systems differ most on {_at(widths, most)}, where the middle half of them spans "
        f"{width(most, axis)}, and least on {_at(widths, least)} ({width(least, axis)})."
    )


def _median_sentence(medians: dict[str, Decimal], axis: ScoreAxis) -> str:
    highest, lowest = max(medians.values()), min(medians.values())
    if highest == lowest:
        return f"The median score is {axis.write(highest)} on every dimension."
    return (
        f"The median score is highest on {_at(medians, highest)} ({axis.write(highest)}) and lowest on "
        f"{_at(medians, lowest)} ({axis.write(lowest)})."
    )


def _at(figures: dict[str, Decimal], figure: Decimal) -> str:
    """Return the names of the dimensions with this figure, or how many they are where that is many."""
    names = [name for name, each in figures.items() if each == figure]
    return f"{len(names)} dimensions" if len(names) > MOST_NAMES else quoted(names)
