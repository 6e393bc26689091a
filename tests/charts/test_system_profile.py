from dataclasses import replace
from decimal import Decimal

import plotly.graph_objects as go

from surveys.analysis.scores import Score
from surveys.analysis.variation import spread
from surveys.charts.axis import level_axis
from surveys.charts.system_profile import ProfileRow, SystemProfile, system_profile

NATIONAL = spread([Decimal(score) for score in ("1.5", "2", "2.5", "3", "4.5")], 6)

PROFILE = SystemProfile(
    title="Devon is ahead on data infrastructure",
    subtitle="5 of 6 systems, 2025 round, self-assessed",
    axis=level_axis([(1, "Ad hoc"), (5, "Leading")]),
    system="Devon",
    region="South West",
    previous_round="2024 round",
    rows=(
        ProfileRow(
            "Data infrastructure", Score(Decimal("3.6667"), 6, 6), NATIONAL, Decimal("2.75"), Decimal(3)
        ),
        ProfileRow("Shared care records", Score(None, 2, 6, withheld=True), NATIONAL, Decimal(2), None),
        ProfileRow("Data workforce", None, None, None, Decimal("2.3333")),
    ),
)


def drawn(figure: go.Figure) -> dict[str, tuple[float, ...]]:
    return {each.name: each.x for each in figure.select_traces({"mode": "markers"})}


def test_the_table_has_every_mark_of_the_chart() -> None:
    assert PROFILE.table.headers == (
        "Dimension",
        "Devon",
        "Questions answered",
        "P10",
        "Q1",
        "National median",
        "Q3",
        "P90",
        "South West median",
        "Devon, 2024 round",
    )
    withheld = "withheld, 2 of 6 questions answered"
    assert PROFILE.table.rows == (
        ("Data infrastructure", "3.7", "6 of 6", "1.7", "2.0", "2.5", "3.0", "3.9", "2.8", "3.0"),
        ("Shared care records", withheld, "2 of 6", "1.7", "2.0", "2.5", "3.0", "3.9", "2.0", "no score"),
        ("Data workforce", "not submitted", "0 of 0", *["no score"] * 6, "2.3"),
    )


def test_own_region_and_previous_round_have_a_mark_where_there_is_a_value() -> None:
    assert drawn(system_profile(PROFILE)) == {
        "Median of systems": (2.5, 2.5),
        "Median of South West": (2.75, 2.0),
        "This system, 2024 round": (3.0, 2.3333),
        "This system": (3.6667,),
    }


def test_marks_of_one_dimension_are_in_one_lane() -> None:
    rows = {each.name: each.y for each in system_profile(PROFILE).select_traces({"mode": "markers"})}
    assert rows["This system"][0] == rows["Median of systems"][0] == rows["Median of South West"][0]
    assert rows["This system, 2024 round"][0] == rows["This system"][0]


def test_marks_are_told_apart_by_shape_as_well_as_colour() -> None:
    symbols = [each.marker.symbol for each in system_profile(PROFILE).select_traces({"mode": "markers"})]
    assert symbols == ["line-ns", "diamond", "circle-open", "circle"]


def test_what_has_no_mark_is_named_in_the_notes() -> None:
    withheld = "Shared care records (withheld, 2 of 6 questions answered)"
    assert PROFILE.notes == (
        f"No mark for Devon: {withheld}; Data workforce (not submitted).",
        "No mark for the national spread: Data workforce.",
        "No mark for the South West median: Data workforce.",
        "No mark for 2024 round: Shared care records.",
    )


def test_each_lane_says_its_figures_in_words() -> None:
    _, plain = system_profile(PROFILE).select_traces({"mode": "text"})
    assert plain.text == (
        "3.7, national median 2.5",
        "Withheld, 2 of 6 questions<br>answered, national median 2.5",
        "Not submitted",
    )


def test_without_a_region_or_a_previous_round_there_is_neither_mark_nor_column_nor_note() -> None:
    alone = replace(PROFILE, region="", previous_round="")
    assert alone.table.headers[-1] == "P90"
    assert alone.table.rows[0] == ("Data infrastructure", "3.7", "6 of 6", "1.7", "2.0", "2.5", "3.0", "3.9")
    assert drawn(system_profile(alone)) == {"Median of systems": (2.5, 2.5), "This system": (3.6667,)}
    assert len(alone.notes) == 2


def test_a_complete_profile_needs_no_note() -> None:
    assert replace(PROFILE, rows=PROFILE.rows[:1]).notes == ()


def test_a_kind_of_mark_that_no_dimension_has_is_not_in_the_key() -> None:
    assert drawn(system_profile(replace(PROFILE, rows=PROFILE.rows[2:]))) == {
        "This system, 2024 round": (2.3333,)
    }
