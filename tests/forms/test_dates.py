"""Days and times as administrators type them, in the time of London."""

from __future__ import annotations

import datetime

import pytest
from django import forms

from surveys.forms.dates import DayField, MomentField


class Meeting(forms.Form):
    """A form with both fields."""

    day = DayField(label="Meeting day", error_messages={"required": "Enter the day"})
    at = MomentField(label="Start", required=False)


def form(day: str = "1 4 2026", at: str = "") -> Meeting:
    """The form as posted; the parts are parted by spaces."""
    names = ("day", "month", "year", "time")
    data = {f"day_{name}": part for name, part in zip(names[:3], day.split(" "), strict=False)}
    data |= {f"at_{name}": part for name, part in zip(names, at.split(" "), strict=False)}
    return Meeting(data)


def error(field: str, **typed: str) -> str:
    """The only error of a field."""
    [message] = form(**typed).errors[field]
    return message


@pytest.mark.parametrize("typed", ["1 4 2026", "01 04 2026", "1 Apr 2026", "1 april 2026"])
def test_a_day_may_be_written_in_several_ways(typed: str) -> None:
    given = form(day=typed)
    assert (given.is_valid(), given.cleaned_data["day"]) == (True, datetime.date(2026, 4, 1))


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("17:00", (17, 0)),
        ("9:05", (9, 5)),
        ("17.30", (17, 30)),
        ("5pm", (17, 0)),
        ("5:30pm", (17, 30)),
        ("12am", (0, 0)),
        ("12PM", (12, 0)),
        ("midday", (12, 0)),
        ("23", (23, 0)),
    ],
)
def test_a_time_may_be_written_in_several_ways(typed: str, time: tuple[int, int]) -> None:
    given = form(at=f"1 12 2026 {typed}")
    assert given.is_valid()
    moment = given.cleaned_data["at"]
    assert moment == datetime.datetime(2026, 12, 1, *time, tzinfo=datetime.UTC)


def test_a_time_in_summer_is_an_hour_ahead_of_universal_time() -> None:
    given = form(at="30 6 2026 17:00")
    assert given.is_valid()
    assert given.cleaned_data["at"] == datetime.datetime(2026, 6, 30, 16, 0, tzinfo=datetime.UTC)


def test_a_time_that_the_clock_skips_is_refused() -> None:
    assert error("at", at="29 3 2026 01:30") == (
        "Start does not exist: the clocks go forward that night. Choose a time before 1am or from 2am"
    )


def test_a_time_that_comes_twice_is_refused() -> None:
    assert error("at", at="25 10 2026 1:30am") == (
        "Start comes twice: the clocks go back that night. Choose a time before 1am or from 2am"
    )


@pytest.mark.parametrize(
    "typed", ["29 3 2026 00:59", "29 3 2026 02:00", "25 10 2026 00:59", "25 10 2026 02:00"]
)
def test_times_beside_the_change_of_the_clocks_are_taken(typed: str) -> None:
    assert form(at=typed).is_valid()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter the day"),
        ("1", "Meeting day must include a month and a year"),
        ("31 2 2026", "Meeting day must be a real date, such as 27 3 2026"),
        ("1 13 2026", "Meeting day must be a real date, such as 27 3 2026"),
        ("x 4 2026", "Meeting day must be a real date, such as 27 3 2026"),
        ("1_0 4 2026", "Meeting day must be a real date, such as 27 3 2026"),
        ("\N{ARABIC-INDIC DIGIT ONE} 4 2026", "Meeting day must be a real date, such as 27 3 2026"),
        ("1\x00 4 2026", "Meeting day must be a real date, such as 27 3 2026"),
        ("1 4 " + "9" * 5000, "Meeting day must be a real date, such as 27 3 2026"),
        ("1 4 26", "Meeting day must have a year from 2000 to 2100, such as 2026"),
        ("1 4 20266", "Meeting day must have a year from 2000 to 2100, such as 2026"),
    ],
)
def test_what_is_no_day_is_said_in_words(typed: str, sentence: str) -> None:
    assert error("day", day=typed) == sentence


@pytest.mark.parametrize("typed", ["25:00", "5:60", "13pm", "0am", "soon", "5:3", "midnight"])
def test_what_is_no_time_is_said_in_words(typed: str) -> None:
    assert error("at", at=f"1 4 2026 {typed}") == "Start must have a real time, such as 17:00 or 5pm"


def test_a_field_that_may_be_empty_is_none() -> None:
    given = form()
    assert (given.is_valid(), given.cleaned_data["at"]) == (True, None)


def test_everything_typed_is_shown_again() -> None:
    html = str(form(day="31 2 2026", at="1 4 26 soon"))
    assert [f'value="{part}"' in html for part in ("31", "2", "2026", "26", "soon")] == [True] * 5


def test_a_stored_moment_is_shown_in_the_time_of_london() -> None:
    stored = datetime.datetime(2026, 6, 30, 16, 0, tzinfo=datetime.UTC)
    widget = Meeting().fields["at"].widget
    assert widget.decompress(stored) == ["30", "6", "2026", "17:00"]
    assert Meeting().fields["day"].widget.decompress(datetime.date(2026, 4, 1)) == ["1", "4", "2026"]
    assert widget.decompress(None) == ["", "", "", ""]
