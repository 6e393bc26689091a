"""When things happen in the demonstration, on whatever day it is made."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from surveys.actions.demonstration.chance import moment_between, working_day
from surveys.actions.demonstration.times import DAY, rounds

FRIDAY = datetime.date(2026, 10, 23)


def at(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def test_a_moment_is_between_nine_and_five_from_monday_to_friday() -> None:
    moments = [
        timezone.localtime(moment_between(at(FRIDAY, 3), at(FRIDAY + 5 * DAY, 23), n)) for n in range(200)
    ]

    assert {moment.strftime("%a") for moment in moments} == {"Mon", "Tue", "Wed", "Fri"}
    assert {moment.hour for moment in moments} == {9, 10, 11, 12, 13, 14, 15, 16}


def test_a_moment_stays_within_its_bounds() -> None:
    early, late = at(FRIDAY, 16), at(FRIDAY + 3 * DAY, 10)

    assert all(early <= moment_between(early, late, n) <= late for n in range(50))


def test_without_working_time_it_is_the_start() -> None:
    assert moment_between(at(FRIDAY, 18), at(FRIDAY + 2 * DAY, 12), "weekend") == at(FRIDAY, 18)
    assert moment_between(at(FRIDAY, 12), at(FRIDAY, 11), "backwards") == at(FRIDAY, 12)


def test_a_weekend_waits_for_monday() -> None:
    days = [FRIDAY + ahead * DAY for ahead in range(4)]

    assert [working_day(day).strftime("%a %d") for day in days] == ["Fri 23", "Mon 26", "Mon 26", "Mon 26"]


@pytest.mark.parametrize("ahead", range(7))
def test_rounds_open_and_close_on_weekdays(ahead: int) -> None:
    for of_round in rounds(at(FRIDAY + ahead * DAY, 15)):
        moments = [
            of_round.created_at,
            of_round.opens_at,
            of_round.closes_at,
            of_round.closed_at,
            of_round.provisional_at,
            of_round.published_at,
        ]
        assert [moment for moment in moments if moment and timezone.localtime(moment).weekday() >= 5] == []
