"""What holds for every chart: small, accessible, and safe on a page with a strict policy."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import pytest

from surveys.analysis.scores import Score
from surveys.analysis.variation import spread
from surveys.charts.axis import level_axis
from surveys.charts.dimension_spread import DimensionSpread, DimensionSpreadRow, dimension_spread
from surveys.charts.specification import figure_spec
from surveys.charts.system_profile import ProfileRow, SystemProfile, system_profile
from surveys.charts.system_strips import NamedValue, StripRow, SystemStrips, system_strips
from surveys.charts.theme import GRID, PALETTE, TEXT, TINT, WHITE

HOSTILE = "<a href='https://example.org'>Health</a> & <b>care</b>"
AXIS = level_axis([(1, f"Low {HOSTILE}"), (5, "High")])
SCORES = [Decimal(tenths) / 10 for tenths in range(10, 51)]


def figures(name: str) -> Iterator[go.Figure]:
    """Yield each chart at the size of the country: nine dimensions, 42 systems in seven regions."""
    national = spread(SCORES, 42)
    score = Score(Decimal("3.1667"), 6, 6)
    title, subtitle = f"Title {name}", "42 of 42 systems, 2025 round, self-assessed"
    yield dimension_spread(DimensionSpread(title, subtitle, AXIS, (DimensionSpreadRow(name, national),) * 9))
    profile_row = ProfileRow(name, score, national, Decimal("2.7"), Decimal("2.9"))
    yield system_profile(SystemProfile(title, subtitle, AXIS, name, (profile_row,) * 9, name, name))
    dots = tuple(NamedValue(f"{name} {system}", Decimal("3.1667")) for system in range(42))
    strips = (StripRow(name, 42, dots, national), *(StripRow(name, 6, dots[:6], national),) * 7)
    yield system_strips(SystemStrips(title, subtitle, AXIS, "a score", strips))


def each_text(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from each_text(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from each_text(inner)


def contrast_with_white(colour: str) -> float:
    """Return the contrast ratio of WCAG 2.2 between ``colour`` (#RRGGBB) and white."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


@pytest.fixture(params=["dimension spread", "system profile", "systems bar"])
def spec(request: pytest.FixtureRequest) -> dict[str, Any]:
    names = ["dimension spread", "system profile", "systems bar"]
    return figure_spec(list(figures(HOSTILE))[names.index(request.param)])


def test_only_traces_of_the_basic_bundle_are_used(spec: dict[str, Any]) -> None:
    assert {trace["type"] for trace in spec["data"]} <= {"bar", "scatter", "pie"}


def test_every_colour_is_ours(spec: dict[str, Any]) -> None:
    colours = {text.upper() for text in each_text(spec) if re.fullmatch("#[0-9a-fA-F]{6}", text)}
    assert colours <= {*(colour.upper() for colour in PALETTE), WHITE, TEXT, TINT, GRID}


def test_every_mark_contrasts_with_white_by_at_least_3_to_1(spec: dict[str, Any]) -> None:
    """A tint is only ever a fill inside an outline, so the outline is what must contrast."""
    outlined = [mark for mark in each_mark(spec) if mark.get("line", {}).get("color", WHITE) != WHITE]
    filled = [mark for mark in each_mark(spec) if mark not in outlined and "color" in mark]
    colours = [mark["line"]["color"] for mark in outlined]
    for mark in filled:
        colours.extend([mark["color"]] if isinstance(mark["color"], str) else mark["color"])
    assert min(contrast_with_white(colour) for colour in colours) >= 3


def each_mark(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [trace[part] for trace in spec["data"] for part in ("marker", "line") if part in trace]


@pytest.mark.parametrize("colour", PALETTE)
def test_the_whole_palette_contrasts_with_white_by_at_least_3_to_1(colour: str) -> None:
    assert contrast_with_white(colour) >= 3


def test_names_that_people_typed_are_never_read_as_markup_or_links(spec: dict[str, Any]) -> None:
    assert {tag for text in each_text(spec) for tag in re.findall(r"<[^>]*>?", text)} <= {"<br>"}


def test_no_chart_writes_an_inline_style_or_zooms_under_a_finger(spec: dict[str, Any]) -> None:
    layout = spec["layout"]
    assert (layout["dragmode"], layout["xaxis"]["fixedrange"], layout["yaxis"]["fixedrange"]) == (
        False,
        True,
        True,
    )
    assert [text for text in each_text(spec) if "style=" in text or "<b>" in text] == []


def test_titles_are_objects_and_the_width_is_the_pages(spec: dict[str, Any]) -> None:
    written = "&lt;a href='https://example.org'&gt;Health&lt;/a&gt; &amp; &lt;b&gt;care&lt;/b&gt;"
    assert spec["layout"]["xaxis"]["title"]["text"] == f"Level, 1 (Low {written}) to 5 (High)"
    assert sorted(spec["layout"].keys() & {"title", "width", "template"}) == []


def test_a_figure_of_the_whole_country_is_small() -> None:
    sizes = [
        len(json.dumps(figure_spec(figure), separators=(",", ":"))) for figure in figures("A system" * 4)
    ]
    assert max(sizes) < 12_000


def test_the_height_leaves_room_for_the_key_and_the_axis(spec: dict[str, Any]) -> None:
    layout = spec["layout"]
    plot_height = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    assert layout["yaxis"]["range"] == [plot_height, 0]
