"""The systems of a dimension as the component table_with_bars.html takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.urls import reverse

from surveys.forms.results import address
from surveys.queries.results.dimension import DimensionResults, Order, SystemLine
from surveys.queries.results.measures import difference_words
from surveys.queries.results.selection import Selection


@dataclass(frozen=True)
class SortHeader:
    """A column's header as the component sort_header.html takes it; without `url` it cannot be sorted."""

    label: str
    url: str = ""
    sort: str = ""


@dataclass(frozen=True)
class MoreCell:
    """A cell after the bar; `unbroken` when it stays on one line."""

    text: str
    unbroken: bool = True


@dataclass(frozen=True)
class BarRow:
    """One system. `share` is where its score lies on the axis in percent; None where it has none."""

    name: str
    url: str
    group: str
    value: str
    value_url: str
    value_label: str
    share: str | None
    reason: str
    more: tuple[MoreCell, ...]


@dataclass(frozen=True)
class Bars:
    """The table. `marker` is where the median lies on the axis in percent; empty for none."""

    id: str
    caption: str
    note: str
    name_header: SortHeader
    group_header: SortHeader
    value_header: SortHeader
    more_headers: tuple[SortHeader, ...]
    marker: str
    rows: tuple[BarRow, ...]


def systems_table(page: DimensionResults, lines: Iterable[SystemLine]) -> Bars:
    """Return the table of some systems of the page."""
    headers = {order: _header(order, label, page.selection) for order, label in _LABELS.items()}
    spread = page.summary.spread if page.summary else None
    return Bars(
        id="systems",
        caption=f"{'All systems' if page.released.whole else 'Scores'} on {page.name}",
        note=" ".join(_note(page)),
        name_header=headers[Order.NAME],
        group_header=headers[Order.REGION],
        value_header=headers[Order.SCORE],
        more_headers=tuple(_more_headers(page, headers[Order.CHANGE])),
        marker=page.axis.percent(spread.median) if spread else "",
        rows=tuple(_row(page, line) for line in lines),
    )


def _note(page: DimensionResults) -> Iterator[str]:
    yield "Self-assessed. A bar runs from the lowest score of the scale to the system's own."
    if page.summary and page.summary.spread:
        yield "The line across it marks the median of all systems."
    if page.released.whole:
        yield "Figures are rounded after they are worked out."
        yield "A rank is given only with the range it takes as each question in turn is left out."
    if page.before:
        yield (
            f"Change is in {difference_words(page.axis)}, on questions that can be compared and were "
            "answered in both rounds; how many of how many stands in brackets."
        )


def _more_headers(page: DimensionResults, change: SortHeader) -> Iterator[SortHeader]:
    yield SortHeader("Questions answered")
    if page.released.whole:
        yield SortHeader("Rank (range)")
    if page.before:
        yield replace(change, label=f"Change since {page.before.round_title}")
    yield SortHeader("To note")


def _row(page: DimensionResults, line: SystemLine) -> BarRow:
    keys = [page.head.id, line.system.assessment_id]
    return BarRow(
        name=line.system.name,
        url=reverse("results_system", args=keys),
        group=line.system.region_name,
        value=line.shown,
        value_url=reverse("results_answers", args=[*keys, page.code]) if line.score else "",
        value_label=f"Answers of {line.system.name}",
        share=None if line.value is None else page.axis.percent(line.value),
        reason=line.shown,
        more=tuple(_more(page, line)),
    )


def _more(page: DimensionResults, line: SystemLine) -> Iterator[MoreCell]:
    yield MoreCell(line.count)
    if page.released.whole:
        yield MoreCell(line.rank_in_words)
    if page.before:
        yield MoreCell(line.changed)
    yield MoreCell("; ".join(line.flags), unbroken=False)


_LABELS = {Order.REGION: "Region", Order.NAME: "System", Order.SCORE: "Score", Order.CHANGE: "Change"}


def _header(order: Order, label: str, current: Selection) -> SortHeader:
    """Return the header of a column that can be sorted: another click turns the order round."""
    here = order.value == (current.order or Order.REGION)
    return SortHeader(
        label=label,
        url=address("", replace(current, order=order.value, descending=here and not current.descending)),
        sort=("descending" if current.descending else "ascending") if here else "",
    )
