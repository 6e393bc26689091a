"""The bank holidays of England, and other days on which few people are at work.

Sources: the Banking and Financial Dealings Act 1971 (Schedule 1), for England and Wales, with Good Friday and
Christmas Day, which are holidays by common law; New Year's Day and the first Monday in May are proclaimed
each year; a day that falls on a weekend is replaced by the next weekday. The days proclaimed once are listed
by hand; the list to hold them against is https://www.gov.uk/bank-holidays. Whether others will be proclaimed
in years to come is not known yet.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

FIRST_YEAR: Final = 2022
LAST_YEAR: Final = 2030
"""The years whose bank holidays are held here."""

_SATURDAY: Final = 5
_MONDAY: Final = 0
_DAY: Final = datetime.timedelta(days=1)

PROCLAIMED_ONCE: Final[Mapping[datetime.date, str]] = MappingProxyType(
    {
        datetime.date(2022, 6, 3): "Platinum Jubilee bank holiday",
        datetime.date(2022, 9, 19): "State Funeral of Queen Elizabeth II",
        datetime.date(2023, 5, 8): "Coronation of King Charles III",
    }
)
"""Days off that were proclaimed for one year. Add a new one here when it is proclaimed."""

MOVED: Final[Mapping[datetime.date, datetime.date]] = MappingProxyType(
    {datetime.date(2022, 5, 30): datetime.date(2022, 6, 2)}
)
"""Ordinary bank holidays that a proclamation put on another day of that year."""


def bank_holiday(day: datetime.date) -> str:
    """Return the name of the bank holiday in England on a day; empty when it is none, or is not held here."""
    return _of_year(day.year).get(day, "") if is_held(day) else ""


def is_held(day: datetime.date) -> bool:
    """Return whether the bank holidays of the day's year are held here."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def day_off_in_words(day: datetime.date) -> str:
    """Return what makes a day one on which few people work, such as "a Sunday"; empty for a working day."""
    if name := bank_holiday(day):
        return f"a bank holiday ({name})"
    return f"a {day:%A}" if day.weekday() >= _SATURDAY else ""


def working_days(first: datetime.date, last: datetime.date) -> int:
    """Return how many working days there are from the first day to the last, both included."""
    days = (first + number * _DAY for number in range((last - first).days + 1))
    return sum(not day_off_in_words(day) for day in days)


@cache
def _of_year(year: int) -> Mapping[datetime.date, str]:
    found = {MOVED.get(day, day): name for day, name in _ordinary(year)}
    return MappingProxyType(found | {day: name for day, name in PROCLAIMED_ONCE.items() if day.year == year})


def _ordinary(year: int) -> Iterator[tuple[datetime.date, str]]:
    easter = _easter(year)
    yield _weekday_from(datetime.date(year, 1, 1)), "New Year's Day"
    yield easter - 2 * _DAY, "Good Friday"
    yield easter + _DAY, "Easter Monday"
    yield _monday_from(datetime.date(year, 5, 1)), "Early May bank holiday"
    yield _monday_from(datetime.date(year, 5, 25)), "Spring bank holiday"
    yield _monday_from(datetime.date(year, 8, 25)), "Summer bank holiday"
    christmas, boxing_day = datetime.date(year, 12, 25), datetime.date(year, 12, 26)
    if christmas.weekday() == _SATURDAY:
        yield christmas + 2 * _DAY, "Christmas Day"
        yield boxing_day + 2 * _DAY, "Boxing Day"
    elif christmas.weekday() > _SATURDAY:
        yield boxing_day, "Boxing Day"
        yield boxing_day + _DAY, "Christmas Day"
    else:
        yield christmas, "Christmas Day"
        yield _weekday_from(boxing_day), "Boxing Day"


def _weekday_from(day: datetime.date) -> datetime.date:
    return day if day.weekday() < _SATURDAY else _monday_from(day)


def _monday_from(day: datetime.date) -> datetime.date:
    return day + (_MONDAY - day.weekday()) % 7 * _DAY


def _easter(year: int) -> datetime.date:
    """Return Easter Sunday of a year of the Gregorian calendar, by the Meeus/Jones/Butcher rule."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return datetime.date(year, month, day + 1)
