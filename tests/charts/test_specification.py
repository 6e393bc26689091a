from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import pytest

from surveys.charts.specification import figure_spec


def test_a_figure_becomes_data_layout_and_config() -> None:
    figure = go.Figure(go.Bar(x=(1.5, None), y=[0, 1]), layout={"template": "none", "height": 100})
    spec = figure_spec(figure)
    assert spec["data"] == [{"type": "bar", "x": [1.5, None], "y": [0, 1]}]
    assert spec["layout"] == {"height": 100}


def test_no_template_is_sent_even_when_a_figure_has_one() -> None:
    assert figure_spec(go.Figure())["layout"] == {}


def test_no_figure_offers_a_mode_bar_or_leaves_for_somebody_elses_cloud() -> None:
    config = figure_spec(go.Figure())["config"]
    assert (config["displayModeBar"], config["showSendToCloud"]) == (False, False)


def test_changing_a_specification_changes_no_other() -> None:
    figure_spec(go.Figure())["config"]["displayModeBar"] = True
    assert figure_spec(go.Figure())["config"]["displayModeBar"] is False


@pytest.mark.parametrize(
    ("x", "error"),
    [([Decimal("1.5")], TypeError), ([float("nan")], ValueError), ([float("inf")], ValueError)],
)
def test_what_json_cannot_carry_is_refused(x: list[Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        figure_spec(go.Figure(go.Scatter(x=x)))
