"""The overview of a release: how many responded, how far systems differ on each dimension, every score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from surveys.analysis.quantiles import median
from surveys.analysis.scores import Score
from surveys.charts.axis import ScoreAxis
from surveys.charts.dimension_spread import DimensionSpread, DimensionSpreadRow
from surveys.permissions import AnyPerson
from surveys.queries.results.agreement import DimensionAgreement, dimension_agreement
from surveys.queries.results.levels import counted_levels
from surveys.queries.results.measures import (
    MeasureName,
    Summary,
    axis_of,
    combined_measures,
    dimension_measure,
    is_scored,
    summarise,
    value_of,
)
from surveys.queries.results.released import Released, ReleaseHead, read
from surveys.queries.results.selection import EVERYTHING, Choice, Selection
from surveys.queries.results.sentences import (
    missing_sentences,
    names_of,
    region_sentence,
    response_sentence,
    variation_finding,
    variation_sentences,
)
from surveys.queries.results.systems import Lines, System, Systems
from surveys.questionnaires.schema import Dimension
from surveys.wording import counted

REGION, NAME, MEDIAN = "region", "name", "median"
"""What the systems may be ordered by besides the dimensions, which are `ordered_by` their code."""


@dataclass(frozen=True)
class DimensionLine:
    """One dimension: how the systems' scores on it spread, and how far they agree on its questions."""

    code: str
    name: str
    summary: Summary
    agreement: DimensionAgreement


@dataclass(frozen=True)
class SystemScores:
    """One system with its score on each of the overview's measures, None for all without a response."""

    system: System
    scores: tuple[Score | None, ...]

    @property
    def values(self) -> tuple[Decimal, ...]:
        """The scores that there are."""
        return tuple(value for score in self.scores if (value := value_of(score)) is not None)

    @property
    def median(self) -> Decimal | None:
        """The median of the system's scores; None without one."""
        return median(self.values) if self.values else None


@dataclass(frozen=True)
class Overview:
    """What the overview shows. Unless `released.whole` the person sees only some systems.

    `dimensions` and `combined` (overall, groups, gaps, themes) are then empty, because they are worked out
    from every system. `measures` are the columns of the table of every score that the person sees. A region
    and an order choose what the table and the map show; the rest is of all systems.
    """

    released: Released
    axis: ScoreAxis
    measures: tuple[MeasureName, ...]
    dimensions: tuple[DimensionLine, ...]
    combined: tuple[Summary, ...]
    unscored: tuple[Dimension, ...]
    selection: Selection = EVERYTHING

    @property
    def head(self) -> ReleaseHead:
        """The release."""
        return self.released.head

    @property
    def finding(self) -> str:
        """Where systems differ most, without a full stop; empty where that cannot be said."""
        return variation_finding([line.summary for line in self.dimensions], self.axis)

    @cached_property
    def ranked(self) -> tuple[DimensionLine, ...]:
        """The dimensions, those on which systems differ most first; those without a score last."""
        return tuple(sorted(self.dimensions, key=_by_width))

    @property
    def orders(self) -> tuple[Choice, ...]:
        """What the systems may be ordered by."""
        return (
            Choice(REGION, "Region, then system"),
            Choice(NAME, "System"),
            Choice(MEDIAN, "Median of its dimensions"),
            *(Choice(ordered_by(name), name.name) for name in self.measures),
        )

    @property
    def maps(self) -> tuple[Choice, ...]:
        """The dimensions that the map can show, the one on which systems differ most first."""
        return tuple(Choice(line.code, line.name) for line in self.ranked)

    @property
    def mapped(self) -> DimensionLine | None:
        """The dimension on the map; None without all systems or a dimension."""
        chosen = [line for line in self.ranked if line.code == self.selection.dimension]
        return next(iter([*chosen, *self.ranked]), None)

    @property
    def by_region(self) -> bool:
        """Whether the systems stand by region, so that each region can be a heading."""
        return self.selection.order in {"", REGION}

    @cached_property
    def systems(self) -> Sequence[SystemScores]:
        """The systems of the region asked for, in the order asked for."""
        return Lines(self._ordered, lambda systems: map(self.line, systems))

    def line(self, system: System) -> SystemScores:
        """Return a system with its scores."""
        return SystemScores(system, tuple(system.score(name.measure, name.code) for name in self.measures))

    @property
    def _ordered(self) -> Systems:
        chosen, order = self.released.systems.in_region(self.selection.region), self.selection.order
        descending = self.selection.descending
        if order == MEDIAN:
            return chosen.ordered(MEDIAN, self._twice_the_median, descending=descending)
        if order == NAME:
            return chosen.by_name(descending=descending)
        name = next((each for each in self.measures if ordered_by(each) == order), None)
        if name is None:
            return chosen.by_region(descending=descending)
        return chosen.by_score(name.measure, name.code, descending=descending)

    def _twice_the_median(self, place: int) -> int | None:
        """Return what orders systems as the median of their scores does; None without a score."""
        columns = self.released.systems
        found = (columns.value(place, name.measure, name.code) for name in self.measures)
        values = sorted(value for value in found if value is not None)
        return values[(len(values) - 1) // 2] + values[len(values) // 2] if values else None

    @property
    def region(self) -> str:
        """The name of the region asked for; empty for all."""
        return self.released.systems.regions.get(self.selection.region, "")

    def arranged(self, selection: Selection) -> Overview:
        """Return the same for the region, the dimension and the order asked for."""
        return replace(self, selection=selection)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """What the numbers say: response, who is missing, where systems differ."""
        if not self.released.whole:
            return ()
        found = [response_sentence(self.released.responded, self.released.of)]
        found += missing_sentences(withheld=(), absent=names_of(self.released.absent))
        summaries = [line.summary for line in self.dimensions]
        if withheld := sum(summary.withheld for summary in summaries):
            found.append(
                f"Withheld because too few questions were answered: {counted(withheld, 'dimension score')}."
            )
        return (*found, *variation_sentences(summaries, self.axis), *self._region_sentences(summaries))

    def _region_sentences(self, summaries: list[Summary]) -> tuple[str, ...]:
        """Where the region asked for lies furthest above and below all systems."""
        if not self.region:
            return ()
        systems = self.released.systems.in_region(self.selection.region)
        own = [summarise(summary.name, self.axis, systems) for summary in summaries]
        return region_sentence(self.region, own, summaries, self.axis)

    @cached_property
    def chart(self) -> DimensionSpread:
        """The spread of every dimension, the widest first, as the chart and its table take it."""
        return DimensionSpread(
            title=self.finding or "The spread of systems' scores on each dimension",
            subtitle=f"{response_sentence(self.released.responded, self.released.of)} {self.head.source}",
            axis=self.axis,
            rows=tuple(DimensionSpreadRow(line.name, line.summary.spread) for line in self.ranked),
        )


def overview(person: AnyPerson, release_id: int) -> Overview:
    """Return the overview of a release that the person may read: four queries at most.

    Raises Http404 when there is none.
    """
    released = read(person, release_id)
    content = released.instrument.content
    axis = axis_of(content)
    scored = [dimension for dimension in content.dimensions if is_scored(dimension)]
    measures = tuple(dimension_measure(dimension) for dimension in scored)
    counts = counted_levels(released) if released.whole else {}
    lines = tuple(
        DimensionLine(
            dimension.code,
            dimension.name,
            summarise(name, axis, released.systems),
            dimension_agreement(dimension, counts, released.of),
        )
        for dimension, name in zip(scored, measures, strict=True)
    )
    combined = tuple(summarise(name, axis, released.systems) for name in combined_measures(content))
    return Overview(
        released=released,
        axis=axis,
        measures=measures,
        dimensions=lines if released.whole else (),
        combined=combined if released.whole else (),
        unscored=tuple(each for each in content.dimensions if not is_scored(each)),
    )


def ordered_by(name: MeasureName) -> str:
    """Return the order by a dimension's scores as it stands in an address."""
    return f"score-{name.code}"


def _by_width(line: DimensionLine) -> tuple[bool, Decimal]:
    spread = line.summary.spread
    return (spread is None, -spread.iqr if spread else Decimal(0))
