from decimal import Decimal

import plotly.graph_objects as go
import pytest

from surveys.analysis.quantiles import deciles
from surveys.charts.axis import level_axis
from surveys.charts.decile_history import DecileHistory, DecileRound, decile_history

LEVELS = level_axis([(1, "Ad hoc"), (5, "Leading")])
LOW = deciles([Decimal(1), Decimal(2)])
HIGH = deciles([Decimal(3), Decimal(4)])


def chart(*rounds: DecileRound) -> DecileHistory:
    return DecileHistory("Deciles", "3 rounds, self-assessed", LEVELS, rounds)


ROUNDS = (
    DecileRound("2023 <b>round</b>", LOW, 2, 3),
    DecileRound("2024 round", HIGH, 2, 2),
    DecileRound("2025 round", LOW, 2, 2, broken="1 question new or reworded"),
)


def trace(figure: go.Figure, name: str) -> go.Scatter:
    [found] = [each for each in figure.data if each.name == name]
    return found


def test_the_table_has_the_nine_deciles_and_where_the_lines_break() -> None:
    table = chart(*ROUNDS).table
    assert table.headers == (
        "Round",
        "Systems with a score",
        *("P10", "P20", "P30", "P40", "Median", "P60", "P70", "P80", "P90"),
        "Break before it",
    )
    low = ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9")
    assert table.rows[0] == ("2023 <b>round</b>", "2 of 3", *low, "none")
    assert table.rows[2] == ("2025 round", "2 of 2", *low, "1 question new or reworded")


def test_lines_run_from_round_to_round_and_stop_at_a_break() -> None:
    figure = decile_history(chart(*ROUNDS))
    median = trace(figure, "Median")
    assert (median.x, median.y) == ((0, 1, None, 2, None), (1.5, 3.5, None, 1.5, None))
    outer = trace(figure, "P10 and P90: the middle 80% lies between")
    assert outer.y == (1.1, 3.1, None, 1.1, None, 1.9, 3.9, None, 1.9, None)
    others = trace(figure, "P20, P30, P40, P60, P70 and P80")
    assert others.y[:5] == (1.2, 3.2, None, 1.2, None)
    assert [(line.x0, line.label.text) for line in figure.layout.shapes] == [(1.5, "break")]
    assert median.hovertext[:3] == ("2023 &lt;b&gt;round&lt;/b&gt;: Median 1.5", "2024 round: Median 3.5", "")
    assert chart(*ROUNDS).notes == (
        "Level, 1 (Ad hoc) to 5 (Leading).",
        "Break before 2025 round: 1 question new or reworded.",
    )


def test_a_round_without_scores_has_no_mark_and_is_named() -> None:
    missing = chart(ROUNDS[0], DecileRound("2024 round", (), 0, 3), DecileRound("2025 round", HIGH, 2, 3))
    assert trace(decile_history(missing), "Median").x == (0, None, 2, None)
    assert missing.table.rows[1][2:5] == ("no score", "no score", "no score")
    assert missing.notes[1:] == ("2024 round: no system has a score.",)


@pytest.mark.parametrize("rounds", [(), (DecileRound("2024 round", (), 0, 3),)])
def test_without_any_score_nothing_is_drawn(rounds: tuple[DecileRound, ...]) -> None:
    figure = decile_history(chart(*rounds))
    assert [list(each.x) for each in figure.data] == [[], [], [], []]


def test_the_three_lines_that_matter_are_named_where_they_end() -> None:
    names = decile_history(chart(*ROUNDS)).data[-1]
    assert (names.text, names.x, names.y) == (("  P10", "  Median", "  P90"), (2, 2, 2), (1.1, 1.5, 1.9))


def test_a_name_that_would_lie_on_that_of_the_median_is_left_out() -> None:
    alike = deciles([Decimal(3), Decimal("3.1")])
    names = decile_history(chart(ROUNDS[0], DecileRound("2024 round", alike, 2, 2))).data[-1]
    assert (names.text, names.y) == (("  Median",), (3.05,))
