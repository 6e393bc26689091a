"""The overview of a release: how many responded, how far systems differ on each dimension, every score."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from surveys.charts.axis import ScoreAxis
from surveys.charts.dimension_spread import DimensionSpread, DimensionSpreadRow
from surveys.permissions import AnyPerson
from surveys.queries.results.agreement import DimensionAgreement, dimension_agreement, level_counts
from surveys.queries.results.measures import (
    MeasureName,
    Summary,
    axis_of,
    combined_measures,
    dimension_measure,
    is_scored,
    summarise,
)
from surveys.queries.results.released import Released, ReleaseHead, read
from surveys.queries.results.sentences import (
    counted,
    missing_sentences,
    response_sentence,
    variation_sentences,
)


@dataclass(frozen=True)
class DimensionLine:
    """One dimension: how the systems' scores on it spread, and how far they agree on its questions."""

    code: str
    name: str
    summary: Summary
    agreement: DimensionAgreement


@dataclass(frozen=True)
class Overview:
    """What the overview shows. Unless `released.whole` the person sees only some systems.

    `dimensions` and `combined` (overall, groups, gaps, themes) are then empty, because they are worked out
    from every system. `measures` are the columns of the table of every score that the person sees.
    """

    released: Released
    axis: ScoreAxis
    measures: tuple[MeasureName, ...]
    dimensions: tuple[DimensionLine, ...]
    combined: tuple[Summary, ...]
    unscored: tuple[str, ...]

    @property
    def head(self) -> ReleaseHead:
        """The release."""
        return self.released.head

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """What the numbers say: response, who is missing, where systems differ."""
        if not self.released.whole:
            return ()
        found = [response_sentence(self.released.responded, self.released.of)]
        found += missing_sentences(withheld=(), absent=[each.name for each in self.released.absent])
        summaries = [line.summary for line in self.dimensions]
        if withheld := sum(summary.withheld for summary in summaries):
            found.append(
                f"Withheld because too few questions were answered: {counted(withheld, 'dimension score')}."
            )
        return (*found, *variation_sentences(summaries, self.axis))

    @cached_property
    def chart(self) -> DimensionSpread:
        """The spread of every dimension, as the chart and its table take it."""
        return DimensionSpread(
            title="The spread of systems' scores on each dimension",
            subtitle=f"{response_sentence(self.released.responded, self.released.of)} {self.head.source}",
            axis=self.axis,
            rows=tuple(DimensionSpreadRow(line.name, line.summary.spread) for line in self.dimensions),
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
    counts = level_counts(release_id) if released.whole else {}
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
        unscored=tuple(each.name for each in content.dimensions if not is_scored(each)),
    )
