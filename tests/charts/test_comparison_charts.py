"""The charts that compare rounds, systems and offers: safe, small, and with every mark of their tables."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from surveys.analysis.scores import Score
from surveys.analysis.variation import spread
from surveys.charts.axis import level_axis
from surveys.charts.compared_systems import NAMED, ComparedRow, ComparedSystems, compared_systems
from surveys.charts.offer_balance import BalanceRow, OfferBalance, offer_balance
from surveys.charts.score_changes import ChangeRow, Origin, ScoreChanges, score_changes
from surveys.charts.specification import figure_spec

HOSTILE = "<a href='https://example.org'>Health</a> & <b>care</b>"
AXIS = level_axis([(1, "Low"), (5, "High")])
SPREAD = spread([Decimal(2), Decimal(3)], 2)


def changes() -> ScoreChanges:
    """A system that rose, a new one with its origin, and one whose boundary moved."""
    low, high = Decimal("2.0000"), Decimal("3.5000")
    origins = (Origin(HOSTILE, low),)
    rows = (
        ChangeRow(HOSTILE, HOSTILE, low, high, "2 of 2", difference=high - low, mark="your system"),
        ChangeRow("New", HOSTILE, None, None, "", why_not="new since, by merger", origins=origins),
        ChangeRow("Moved", "South", low, high, "2 of 2", why_not="boundary changed"),
    )
    return ScoreChanges("Title", "Subtitle", AXIS, HOSTILE, "Now", "System", rows, grouping="Region")


def compared(systems: int) -> ComparedSystems:
    """So many systems on nine dimensions."""
    scores = (Score(Decimal("2.5000"), 2, 2), *([None] * (systems - 1)))
    rows = (ComparedRow(HOSTILE, SPREAD, scores),) * 9
    return ComparedSystems("Title", "Subtitle", AXIS, (HOSTILE,) * systems, rows)


def specs() -> Iterator[dict[str, Any]]:
    """Each chart as the page gets it."""
    yield figure_spec(score_changes(changes()))
    yield figure_spec(compared_systems(compared(6)))
    yield figure_spec(compared_systems(compared(42)))
    rows = (BalanceRow(HOSTILE, 12, 3, 42),) * 9
    yield figure_spec(offer_balance(OfferBalance("Title", "Subtitle", "Below", "Offering", rows)))


@pytest.mark.parametrize("number", range(4))
def test_names_are_never_markup_and_the_figure_is_small(number: int) -> None:
    written = json.dumps(list(specs())[number])
    assert set(re.findall(r"<[^>]*>?", written)) <= {"<br>"}
    assert len(written) < 12_000


def test_only_what_is_compared_is_joined() -> None:
    joins = score_changes(changes()).data[0]
    assert joins.x == (2.0, 3.5, None)
    traces = {trace.name: trace for trace in score_changes(changes()).data if trace.name}
    assert traces["Now"].x == (3.5,)
    assert traces["Now, your system"].x == (3.5,)
    assert [row[-2] for row in changes().table.rows] == ["+1.5", "new since, by merger", "boundary changed"]


def test_more_systems_than_marks_share_one() -> None:
    assert compared(NAMED).notes == ()
    assert compared(42).notes == ("42 systems cannot be told apart by their marks: the table names them.",)
    names = {trace.name for trace in compared_systems(compared(42)).data}
    assert "A chosen system" in names


def test_what_nobody_offers_is_named() -> None:
    rows = (BalanceRow("Tools", 4, 0, 10), BalanceRow("Skills", 0, 0, 10), BalanceRow("Trust", 2, 1, 10))
    chart = OfferBalance("Title", "Subtitle", "Below", "Offering", rows)
    assert chart.notes == ("Nobody offers to share on: Tools.",)
    below, offering = offer_balance(chart).data[:2]
    assert (below.x, offering.x) == ((4, 0, 2), (0, 0, 1))
