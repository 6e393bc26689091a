"""What is checked of the pages of a release: that they say and show what the database holds, and no more.

Chart, table, sentences and download of a view are made from one dataclass; it is that dataclass which is
checked here, as an administrator reads it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from surveys.analysis.bounds import median_bounds
from surveys.analysis.rounding import half_up
from surveys.charts.axis import SHOWN_PLACES, ScoreAxis
from surveys.charts.differences import signed
from surveys.charts.table import ChartTable
from surveys.models import Result
from surveys.permissions import AnyPerson
from surveys.queries.figures_in_words import figures_in, without_a_place
from surveys.queries.release_checks import Check
from surveys.queries.results.dimension import DimensionResults, dimension_results
from surveys.queries.results.gap import GapResults, gap_choices, gap_results
from surveys.queries.results.measures import Summary, axis_of
from surveys.queries.results.overview import Overview, overview
from surveys.queries.results.released import Released, read
from surveys.queries.results.round_changes import RoundChanges, round_changes
from surveys.queries.results.round_pair import earlier_rounds
from surveys.queries.results.systems import System
from surveys.wording import counted

_SPREADS = """
SELECT measure, code, count(score),
    percentile_cont(ARRAY[0, 0.1, 0.25, 0.5, 0.75, 0.9, 1]) WITHIN GROUP (ORDER BY score)
FROM surveys_result
WHERE release_id = %s AND score IS NOT NULL
GROUP BY measure, code
"""
"""The quantiles of `surveys.analysis.quantiles` (type 7), worked out by PostgreSQL from what is stored."""

_TOLERANCE = Decimal("0.000001")


@dataclass(frozen=True)
class Views:
    """The views of a release whose sentences state figures."""

    overview: Overview
    dimensions: tuple[DimensionResults, ...]
    gaps: tuple[GapResults, ...]
    changes: RoundChanges | None

    @property
    def released(self) -> Released:
        """The release with every system."""
        return self.overview.released


def views_of(person: AnyPerson, release_id: int) -> Views:
    """Return the views of a release as somebody who sees every system reads them.

    The number of queries grows with the number of dimensions, not with that of systems. Raises NoSuchRelease
    when there is no such release or the person may not read it.
    """
    released = read(person, release_id)
    first = overview(person, release_id)
    rounds = earlier_rounds(person, released)
    gaps = (gap_results(person, released, choice.code) for choice in gap_choices(released))
    return Views(
        overview=first,
        dimensions=tuple(dimension_results(person, release_id, line.code) for line in first.dimensions),
        gaps=tuple(found for found in gaps if found is not None),
        changes=round_changes(person, released, rounds[0], rounds) if rounds else None,
    )


def shown_checks(views: Views) -> tuple[Check, ...]:
    """Return what is checked of the pages of a release: two queries."""
    return (tables_check(views), sentences_check(views), withheld_check(views))


def tables_check(views: Views) -> Check:
    """Check that the spreads on the overview are those that PostgreSQL works out from the stored scores."""
    head = views.released.head
    with connection.cursor() as cursor:
        cursor.execute(_SPREADS, [head.id])
        stored = {(measure, code): (n, marks) for measure, code, n, marks in cursor.fetchall()}
    summaries = [*(line.summary for line in views.overview.dimensions), *views.overview.combined]
    faults = tuple(
        f"{summary.name.name}: the page shows {_written(summary)}, the database gives {n} scores at {marks}."
        for summary in summaries
        for n, marks in [stored.get((summary.name.measure, summary.name.code), (0, []))]
        if not _same(summary, n, marks)
    )
    found = (
        f"The spreads of {counted(len(summaries), 'measure')} beside those that the database works out anew."
    )
    return Check("Tables", found, faults)


def sentences_check(views: Views) -> Check:
    """Check that every figure in the sentences of a view stands in the tables of that view."""
    names = _names(views)
    parts = [
        (views.overview.sentences, _overview_cells(views.overview)),
        *((page.sentences, _dimension_cells(page, views)) for page in views.dimensions),
        *((page.sentences, _gap_cells(page, views.overview)) for page in views.gaps),
    ]
    if views.changes is not None:
        parts.append((views.changes.sentences, _change_cells(views.changes)))
    faults = [fault for said, cells in parts for fault in without_a_place(said, cells, names)]
    figures = sum(len(figures_in(sentence, names)) for said, _ in parts for sentence in said)
    sentences = sum(len(said) for said, _ in parts)
    found = (
        f"{counted(figures, 'figure')} in {counted(sentences, 'sentence')} of {counted(len(parts), 'view')}."
    )
    return Check("Sentences", found, tuple(faults))


def withheld_check(views: Views) -> Check:
    """Check that no view shows a figure for a score that the database holds as withheld."""
    rows = Result.objects.filter(release=views.released.head.id, withheld=True)
    withheld = set(rows.values_list("assessment_id", "measure", "code"))
    systems = {system.assessment_id: system for system in views.released.systems}
    faults = [
        f"{systems[key].name}: a withheld score is shown as {score.value}."
        for key, measure, code in sorted(withheld)
        if (score := systems[key].score(measure, code)) is not None and score.value is not None
    ]
    faults += [
        f"{line.system.name}: a withheld score has a place on the page of {page.name}."
        for page in views.dimensions
        for line in page.lines
        if (line.system.assessment_id, Result.Measure.DIMENSION.value, page.code) in withheld
        and (line.value is not None or line.rank is not None or _drawn(line.system, page))
    ]
    found = f"{counted(len(withheld), 'withheld score')} without a figure on any page, chart or download."
    return Check("Withheld scores", found, tuple(faults))


def _drawn(system: System, page: DimensionResults) -> bool:
    chart = page.chart
    return chart is not None and any(dot.name == system.name for row in chart.rows for dot in row.systems)


def _same(summary: Summary, n: int, marks: list[float]) -> bool:
    found = summary.spread
    if found is None or not n:
        return found is None and not n
    shown = (found.minimum, found.p10, found.q1, found.median, found.q3, found.p90, found.maximum)
    return found.n == n and all(
        abs(ours - Decimal(str(theirs))) <= _TOLERANCE for ours, theirs in zip(shown, marks, strict=True)
    )


def _written(summary: Summary) -> str:
    return f"{summary.count} with the median {summary.median}" if summary.spread else "no score"


def _names(views: Views) -> Collection[str]:
    """Return what is called by a name with figures in it, perhaps."""
    content = views.released.instrument.content
    names = {system.name for system in views.released.systems}
    names |= {system.region_name for system in views.released.systems}
    names |= {dimension.name for dimension in content.dimensions} | {group.name for group in content.groups}
    names |= {views.released.head.round_title}
    names |= {name for page in views.gaps for name in (page.pair.first, page.pair.second)}
    if views.changes is not None:
        names.add(views.changes.then.round_title)
    return names


def _summary_cells(summary: Summary) -> Iterator[str]:
    yield from (summary.count, summary.median, summary.middle_half, summary.iqr)
    yield from (summary.middle_80_percent, summary.p90_p10, summary.range)


def _table_cells(table: ChartTable) -> Iterator[str]:
    for row in table.rows:
        yield from row[1:]


def _overview_cells(page: Overview) -> Iterator[str]:
    summaries = [line.summary for line in page.dimensions]
    for summary in (*summaries, *page.combined):
        yield from _summary_cells(summary)
    yield from _response_cells(page.released)
    # How many have none, where the sentence counts them.
    yield str(sum(each.withheld for each in summaries))
    # How many dimensions share a place.
    for shown in ([each.iqr for each in summaries], [each.median for each in summaries]):
        yield from (str(number) for number in Counter(shown).values())


def _response_cells(released: Released) -> tuple[str, ...]:
    """Return how many systems responded of how many, how many did not, and the share of those that did."""
    responded, of = sum(system.signature is not None for system in released.systems), released.of
    share = half_up(Decimal(100 * responded) / of, 0) if of else Decimal(0)
    return (str(responded), str(of), str(of - responded), str(share))


def _dimension_cells(page: DimensionResults, views: Views) -> Iterator[str]:
    """Return the figures of a dimension's own tables, of its row on the overview, and of its bounds."""
    for line in views.overview.dimensions:
        if line.code == page.code:
            yield from _summary_cells(line.summary)
            yield from (str(line.summary.withheld), str(line.summary.absent))
    if page.chart is not None:
        yield from _table_cells(page.chart.table)
    values = [line.value for line in page.lines if line.value is not None]
    axis: ScoreAxis = axis_of(views.released.instrument.content)
    found = median_bounds(values, len(page.lines), axis.lowest, axis.highest) if values else None
    if found is not None:
        yield from (axis.write(found.lower), axis.write(found.upper))
    for each in page.lines:
        yield from (each.count, each.shown)


def _gap_cells(page: GapResults, first: Overview) -> Iterator[str]:
    if page.strip is not None:
        yield from _table_cells(page.strip.table)
    known = sum(line.both.difference is not None for line in page.lines)
    yield from (str(known), str(len(page.lines) - known), str(len(page.lines)))
    for summary in first.combined:
        yield from _summary_cells(summary)


def _change_cells(page: RoundChanges) -> Iterator[str]:
    for chart in (page.overview_chart, page.chart):
        if chart is not None:
            yield from _table_cells(chart.table)
    differences = [line.difference for line in page.every if line.difference is not None]
    yield from map(signed, differences)
    changes = [half_up(each, SHOWN_PLACES) for each in differences]
    yield from (str(sum(each > 0 for each in changes)), str(sum(each < 0 for each in changes)))
    yield from (str(sum(each == 0 for each in changes)), str(len(changes)))
    yield str(page.chosen.of - page.chosen.questions)
    yield from _marks(page)


def _marks(page: RoundChanges) -> Iterable[str]:
    """Return the median and the middle half of the changes, which stand in words alone."""
    found = page.chosen.spread
    return () if found is None else tuple(signed(mark) for mark in (found.q1, found.median, found.q3))
