"""The dates of a round beside the calendar and the clock in London."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from surveys.models import Round
from surveys.queries.round_dates import (
    answering_in_words,
    date_warnings,
    moment_warnings,
    reminder_day_in_words,
    reminder_warnings,
)


def london(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=timezone.get_default_timezone())


def survey_round(opens_at: str, closes_at: str) -> Round:
    return Round(title="Round", opens_at=london(opens_at), closes_at=london(closes_at))


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "words"),
    [
        (
            "2026-10-05T09:00",
            "2026-10-30T17:00",
            (
                "From Monday 5 October 2026 at 9am to Friday 30 October 2026 at 5pm: 26 days, 20 of them "
                "working "
                "days. The clocks go back on 25 October 2026; times stay those on the clock."
            ),
        ),
        (
            "2027-03-01T09:00",
            "2027-03-31T23:30",
            (
                "From Monday 1 March 2027 at 9am to Wednesday 31 March 2027 at 11:30pm: 31 days, 21 of "
                "them working "
                "days. The clocks go forward on 28 March 2027; times stay those on the clock."
            ),
        ),
        (
            "2026-10-25T09:00",
            "2026-10-25T10:00",
            (
                "From Sunday 25 October 2026 at 9am to Sunday 25 October 2026 at 10am: 1 day, 0 of them "
                "working "
                "days."
            ),
        ),
        (
            "2031-06-02T09:00",
            "2031-06-13T17:00",
            "From Monday 2 June 2031 at 9am to Friday 13 June 2031 at 5pm: 12 days.",
        ),
    ],
)
def test_the_time_for_answers_is_told_in_days_of_the_calendar(
    opens_at: str, closes_at: str, words: str
) -> None:
    assert answering_in_words(survey_round(opens_at, closes_at)) == words


@pytest.mark.parametrize(
    ("moment", "warnings"),
    [
        ("2026-11-23T09:00", []),
        ("2026-11-23T17:00", []),
        (
            "2026-11-23T17:01",
            [
                (
                    "Answering ends on Monday 23 November 2026 at 5:01pm: outside working hours (9am "
                    "to 5pm), "
                    "when "
                    "few people are there to help or to sign."
                )
            ],
        ),
        (
            "2026-11-23T08:59",
            [
                (
                    "Answering ends on Monday 23 November 2026 at 8:59am: outside working hours (9am "
                    "to 5pm), "
                    "when "
                    "few people are there to help or to sign."
                )
            ],
        ),
        (
            "2026-11-22T12:00",
            ["Answering ends on Sunday 22 November 2026 at midday: a Sunday, when few people are at work."],
        ),
        (
            "2026-08-31T23:59",
            [
                (
                    "Answering ends on Monday 31 August 2026 at 11:59pm: a bank holiday (Summer bank "
                    "holiday), "
                    "when few people are at work."
                )
            ],
        ),
    ],
)
def test_a_moment_at_which_few_people_work_is_said_once(moment: str, warnings: list[str]) -> None:
    assert list(moment_warnings("Answering ends", london(moment))) == warnings


def test_the_hour_is_that_of_the_clock_in_london_in_summer_and_winter() -> None:
    """4pm UTC is 5pm in summer; 4:30pm UTC is within the hours in winter and not in summer."""
    summer = datetime.datetime(2026, 6, 23, 16, 30, tzinfo=datetime.UTC)
    winter = datetime.datetime(2026, 11, 24, 16, 30, tzinfo=datetime.UTC)
    assert [len(list(moment_warnings("It ends", each))) for each in (summer, winter)] == [1, 0]


def test_both_ends_of_a_round_are_looked_at() -> None:
    assert date_warnings(survey_round("2026-05-25T09:00", "2026-06-26T17:00")) == (
        (
            "Answering begins on Monday 25 May 2026 at 9am: a bank holiday (Spring bank holiday), when "
            "few people "
            "are at work."
        ),
    )
    assert date_warnings(survey_round("2026-06-01T09:00", "2026-06-27T17:00")) == (
        "Answering ends on Saturday 27 June 2026 at 5pm: a Saturday, when few people are at work.",
    )


def test_years_without_bank_holidays_are_named() -> None:
    assert date_warnings(survey_round("2030-12-02T09:00", "2031-01-10T17:00")) == (
        "The bank holidays of 2031 are not held here, so look them up.",
    )
    assert date_warnings(survey_round("2031-12-01T09:00", "2032-01-09T17:00")) == (
        "The bank holidays of 2031 and 2032 are not held here, so look them up.",
    )


def test_a_reminder_counts_days_of_the_calendar_across_a_change_of_the_clocks() -> None:
    """Seven days before half past midnight on 31 March is the 24th, although the 28th has 23 hours."""
    given = survey_round("2027-03-01T09:00", "2027-03-31T00:30")
    assert reminder_day_in_words(given, 7) == "7 days before the deadline (Wednesday 24 March 2027)"
    autumn = survey_round("2026-10-05T09:00", "2026-10-30T23:30")
    assert reminder_day_in_words(autumn, 7) == "7 days before the deadline (Friday 23 October 2026)"
    assert reminder_day_in_words(autumn, -1) == "1 day after the deadline (Saturday 31 October 2026)"


def test_reminders_on_days_off_and_before_the_opening_are_told() -> None:
    given = survey_round("2026-10-05T09:00", "2026-10-30T17:00")
    assert reminder_day_in_words(given, None) == "when answering begins (Monday 5 October 2026)"
    assert reminder_warnings(given, [None, 30, 7, 5, 1, -1]) == (
        (
            "The reminder 30 days before the deadline goes out on Wednesday 30 September 2026: before "
            "answering "
            "begins, so it is passed over."
        ),
        (
            "The reminder 5 days before the deadline goes out on Sunday 25 October 2026: a Sunday, "
            "when few people "
            "read it."
        ),
        (
            "The reminder 1 day after the deadline goes out on Saturday 31 October 2026: a "
            "Saturday, when few "
            "people read it."
        ),
    )
