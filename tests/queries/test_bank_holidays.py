"""The bank holidays of England, compared with the days of each year written out."""

from __future__ import annotations

import datetime

import pytest

from surveys.queries.bank_holidays import (
    FIRST_YEAR,
    LAST_YEAR,
    bank_holiday,
    day_off_in_words,
    is_held,
    working_days,
)

KNOWN = {
    2022: "03-01 15-04 18-04 02-05 02-06 03-06 29-08 19-09 26-12 27-12",
    2023: "02-01 07-04 10-04 01-05 08-05 29-05 28-08 25-12 26-12",
    2024: "01-01 29-03 01-04 06-05 27-05 26-08 25-12 26-12",
    2025: "01-01 18-04 21-04 05-05 26-05 25-08 25-12 26-12",
    2026: "01-01 03-04 06-04 04-05 25-05 31-08 25-12 28-12",
    2027: "01-01 26-03 29-03 03-05 31-05 30-08 27-12 28-12",
}
"""Day and month, with the days that were moved or proclaimed once. Written out by hand and not read from
https://www.gov.uk/bank-holidays, which is the list to hold them against."""

BY_THE_RULE = {
    2028: "03-01 14-04 17-04 01-05 29-05 28-08 25-12 26-12",
    2029: "01-01 30-03 02-04 07-05 28-05 27-08 25-12 26-12",
    2030: "01-01 19-04 22-04 06-05 27-05 26-08 25-12 26-12",
}
"""Years that nobody had published: worked out by hand from the Act and from tables of Easter."""


def days_of(year: int) -> list[datetime.date]:
    first = datetime.date(year, 1, 1)
    return [first + datetime.timedelta(days=number) for number in range(366)]


@pytest.mark.parametrize(("year", "days"), (KNOWN | BY_THE_RULE).items())
def test_a_year_has_its_bank_holidays_and_no_others(year: int, days: str) -> None:
    found = [day for day in days_of(year) if day.year == year and bank_holiday(day)]
    assert " ".join(f"{day:%d-%m}" for day in found) == days


def test_every_year_that_is_held_is_compared() -> None:
    assert set(range(FIRST_YEAR, LAST_YEAR + 1)) == KNOWN.keys() | BY_THE_RULE.keys()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (datetime.date(2026, 5, 25), "a bank holiday (Spring bank holiday)"),
        (datetime.date(2026, 12, 28), "a bank holiday (Boxing Day)"),
        (datetime.date(2022, 12, 27), "a bank holiday (Christmas Day)"),
        (datetime.date(2027, 12, 28), "a bank holiday (Boxing Day)"),
        (datetime.date(2022, 6, 2), "a bank holiday (Spring bank holiday)"),
        (datetime.date(2022, 6, 3), "a bank holiday (Platinum Jubilee bank holiday)"),
        (datetime.date(2022, 5, 30), ""),
        (datetime.date(2026, 12, 26), "a Saturday"),
        (datetime.date(2026, 11, 29), "a Sunday"),
        (datetime.date(2026, 11, 23), ""),
        (datetime.date(2031, 1, 1), ""),
    ],
)
def test_a_day_off_says_what_it_is(day: datetime.date, words: str) -> None:
    assert day_off_in_words(day) == words


def test_years_that_are_not_held_say_so() -> None:
    held = [datetime.date(year, 1, 1) for year in (2021, 2022, 2030, 2031)]
    assert [is_held(day) for day in held] == [False, True, True, False]


def test_working_days_are_counted_with_both_ends() -> None:
    """Christmas of 2026: Thursday to the Tuesday after it has two working days."""
    christmas_eve = datetime.date(2026, 12, 24)
    assert working_days(christmas_eve, datetime.date(2026, 12, 29)) == 2
    assert working_days(christmas_eve, christmas_eve) == 1
    assert working_days(datetime.date(2026, 12, 25), datetime.date(2026, 12, 28)) == 0
