"""Chance that is the same every time: each thing has a generator of its own, seeded by what it is called.

So what is drawn for one system does not depend on how many systems there are, or on their order.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, TypeVar

from django.utils import timezone

Thing = TypeVar("Thing")
Span = tuple[datetime.datetime, datetime.datetime]

SEED: Final = "ics-data-maturity-demonstration-1"

BEGINS: Final = 9
ENDS: Final = 17
"""The hours between which people work."""

SATURDAY: Final = 5


def chance(*names: object) -> random.Random:
    """Return the generator of the thing that these names name."""
    return random.Random("/".join([SEED, *map(str, names)]))  # noqa: S311 - made-up data, nothing to guess


def shuffled(things: Sequence[Thing], *names: object) -> list[Thing]:
    """Return the things in an order that the names, and each thing's own text, decide."""
    return sorted(things, key=lambda thing: chance("order", *names, thing).random())


def moment_between(start: datetime.datetime, end: datetime.datetime, *names: object) -> datetime.datetime:
    """Return a moment of working time from `start` to `end`, to the second; `start` when there is none.

    Working time is Monday to Friday from 9am to 5pm, in the time zone of the site.
    """
    spans = _working_time(start, end)
    seconds = chance("moment", *names).randint(0, sum(map(_seconds, spans)))
    for span in spans:
        if seconds <= _seconds(span):
            return span[0] + datetime.timedelta(seconds=seconds)
        seconds -= _seconds(span)
    return start


def working_day(day: datetime.date) -> datetime.date:
    """Return the day, or the Monday after it if it is a Saturday or a Sunday."""
    return day + datetime.timedelta(days=7 - day.weekday() if day.weekday() >= SATURDAY else 0)


@lru_cache(maxsize=64)
def _working_time(start: datetime.datetime, end: datetime.datetime) -> tuple[Span, ...]:
    first, last = timezone.localdate(start), timezone.localdate(end)
    days = [first + datetime.timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    spans = [
        (max(start, _at(day, BEGINS)), min(end, _at(day, ENDS))) for day in days if day.weekday() < SATURDAY
    ]
    return tuple(span for span in spans if span[0] < span[1])


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def _seconds(span: Span) -> int:
    return int((span[1] - span[0]).total_seconds())
