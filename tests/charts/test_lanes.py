from decimal import Decimal

from surveys.charts.axis import level_axis
from surveys.charts.lanes import GAP, LINE, Label, Text, label_traces, lay_out, place

AXIS = level_axis([(1, "Ad hoc"), (5, "Leading")])


def test_each_lane_has_its_text_above_its_marks_and_starts_below_the_lane_before() -> None:
    lanes = lay_out([Label("Data", "Median 2.7"), Label("Skills")], mark_height=20)
    first_marks = 2 * LINE + 10
    second_top = 2 * LINE + 20 + GAP
    assert lanes.texts == (
        Text(("Data",), LINE / 2, bold=True),
        Text(("Median 2.7",), LINE * 1.5, bold=False),
        Text(("Skills",), second_top + LINE / 2, bold=True),
    )
    assert list(lanes.mark_centres) == [first_marks, second_top + LINE + 10]
    assert lanes.height == second_top + LINE + 20 + GAP


def test_a_heading_stands_a_little_apart_from_the_lane_before() -> None:
    lanes = lay_out([Label("Devon", heading="South West", bold=False)], mark_height=16)
    assert lanes.texts == (
        Text(("South West",), GAP + LINE / 2, bold=True),
        Text(("Devon",), GAP + LINE * 1.5, bold=False),
    )


def test_a_long_name_is_broken_so_that_a_phone_shows_it_whole() -> None:
    lanes = lay_out([Label("Bath and North East Somerset, Swindon and Wiltshire")], mark_height=16)
    assert lanes.texts[0].lines == ("Bath and North East Somerset,", "Swindon and Wiltshire")


def test_bold_and_plain_texts_are_traces_of_their_own_without_markup() -> None:
    lanes = lay_out([Label("Data", "Median 2.7")], mark_height=16)
    drawn = [(trace.text, trace.textfont.weight) for trace in label_traces(lanes, AXIS)]
    assert drawn == [(("Data",), 700), (("Median 2.7",), None)]


def test_no_lanes_have_no_texts() -> None:
    assert list(label_traces(lay_out([], mark_height=16), AXIS)) == []


def test_a_place_keeps_four_decimals() -> None:
    assert place(Decimal("2.76190476")) == 2.7619
