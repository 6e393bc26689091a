"""When an assessment may be answered, and dates as people read them."""

from __future__ import annotations

import datetime
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from surveys.queries.deadlines import Window, day_in_words, days_in_words, moment_in_words

LONDON = ZoneInfo("Europe/London")
OPENS = datetime.datetime(2025, 6, 2, 9, 0, tzinfo=LONDON)
CLOSES = datetime.datetime(2025, 6, 27, 17, 0, tzinfo=LONDON)
WINDOW = Window("open", OPENS, CLOSES, CLOSES)
MINUTE = datetime.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (CLOSES, "Friday 27 June 2025 at 5pm"),
        (datetime.datetime(2025, 6, 27, 22, 59, tzinfo=datetime.UTC), "Friday 27 June 2025 at 11:59pm"),
        (datetime.datetime(2025, 12, 1, 0, 5, tzinfo=LONDON), "Monday 1 December 2025 at 12:05am"),
        (datetime.datetime(2025, 12, 1, 12, 0, tzinfo=LONDON), "Monday 1 December 2025 at midday"),
        (
            datetime.datetime(2025, 12, 1, 0, 0, tzinfo=LONDON),
            "Monday 1 December 2025 at midnight at the start of the day",
        ),
    ],
)
def test_a_moment_in_words(moment: datetime.datetime, words: str) -> None:
    assert moment_in_words(moment) == words


def test_a_day_is_that_of_london() -> None:
    assert day_in_words(datetime.datetime(2025, 6, 30, 23, 30, tzinfo=datetime.UTC)) == "Tuesday 1 July 2025"


def test_days_in_words() -> None:
    assert [days_in_words(days) for days in (0, 1, 2, 1200)] == [
        "today",
        "tomorrow",
        "in 2 days",
        "in 1,200 days",
    ]


def test_the_window_is_open_from_the_opening_until_just_before_the_deadline() -> None:
    assert WINDOW.shut(OPENS - MINUTE) == (
        "The round opens on Monday 2 June 2025 at 9am. Nothing can be answered before then."
    )
    assert WINDOW.shut(OPENS) == ""
    assert WINDOW.shut(CLOSES - MINUTE) == ""
    assert WINDOW.shut(CLOSES) == (
        "The deadline was Friday 27 June 2025 at 5pm, so answers can no longer be changed. "
        "If you need more time, ask the programme team for an extension."
    )


def test_an_extension_moves_the_deadline_of_an_open_round_only() -> None:
    extended = replace(WINDOW, deadline=CLOSES + datetime.timedelta(days=3))

    assert (WINDOW.extended, extended.extended) == (False, True)
    assert extended.shut(CLOSES) == ""
    assert extended.deadline_in_words == "Monday 30 June 2025 at 5pm"
    assert extended.closes_in_words == "Friday 27 June 2025 at 5pm"
    for status in ("closed", "provisional", "published"):
        assert replace(extended, round_status=status).shut(CLOSES) == (
            "The round is closed, so answers can no longer be changed."
        )
    assert replace(extended, round_status="draft").shut(CLOSES).startswith("The round opens on")


def test_the_time_left_counts_days_not_hours() -> None:
    night = datetime.datetime(2025, 6, 26, 23, 59, tzinfo=LONDON)
    assert [WINDOW.left(at) for at in (OPENS, night, CLOSES - MINUTE, CLOSES)] == [
        "in 25 days",
        "tomorrow",
        "today",
        "",
    ]
