"""When the rounds of the demonstration took place, counted from the day on which it is made."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from surveys.actions.demonstration.chance import moment_between, working_day
from surveys.actions.demonstration.plan import Course
from surveys.models import Assessment

Status = Assessment.Status

ROUNDS: Final = 3
DAY: Final = datetime.timedelta(days=1)
HOUR: Final = datetime.timedelta(hours=1)
BEFORE: Final = 28 * DAY
"""How long before its opening a round is set up."""

OPENED: Final = 21 * DAY
LEFT: Final = 21 * DAY
EXTENDED: Final = 7 * DAY


@dataclass(frozen=True)
class RoundTimes:
    """The moments of one round; those of its release are None while it is open."""

    year: int
    created_at: datetime.datetime
    opens_at: datetime.datetime
    closes_at: datetime.datetime
    closed_at: datetime.datetime | None = None
    provisional_at: datetime.datetime | None = None
    published_at: datetime.datetime | None = None


@dataclass(frozen=True)
class AssessmentTimes:
    """The moments of one assessment; None for what has not happened.

    `first_sent_at`, `first_signed_at`: of the copy before the last, if it was signed twice.
    """

    answering_ends_at: datetime.datetime
    extended_until: datetime.datetime | None = None
    first_sent_at: datetime.datetime | None = None
    first_signed_at: datetime.datetime | None = None
    returned_at: datetime.datetime | None = None
    sent_at: datetime.datetime | None = None
    signed_at: datetime.datetime | None = None


def rounds(now: datetime.datetime) -> Sequence[RoundTimes]:
    """Return the times of the rounds, the earliest first: the last is open `now`, the others a year apart."""
    today = timezone.localdate(now)
    opening = working_day(today - OPENED)
    open_round = RoundTimes(
        year=opening.year,
        created_at=_at(opening - BEFORE, 10),
        opens_at=_at(opening, 9),
        closes_at=_at(working_day(today + LEFT), 17),
    )
    past = [_past(opening, years) for years in range(ROUNDS - 1, 0, -1)]
    return [*past, open_round]


def new_closing_time(now: datetime.datetime) -> datetime.datetime:
    """Return when the open round closes if it is to go on from `now`."""
    return _at(working_day(timezone.localdate(now) + LEFT), 17)


def _past(opening: datetime.date, years: int) -> RoundTimes:
    year = opening.year - years
    last_of_month = calendar.monthrange(year, opening.month)[1]
    opened = working_day(opening.replace(year=year, day=min(opening.day, last_of_month)))
    closed = opened + OPENED + LEFT
    return RoundTimes(
        year=year,
        created_at=_at(opened - BEFORE, 10),
        opens_at=_at(opened, 9),
        closes_at=_at(closed, 17),
        closed_at=_at(working_day(closed + EXTENDED + DAY), 9),
        provisional_at=_at(closed + 21 * DAY, 11),
        published_at=_at(closed + 56 * DAY, 11),
    )


def assessment_times(system: str, course: Course, of: RoundTimes, now: datetime.datetime) -> AssessmentTimes:
    """Return when a system did what its course says."""
    until = of.closes_at + EXTENDED if course.late else None
    end = min(until or of.closes_at, now)
    if course.status in {Status.NOT_STARTED, Status.IN_PROGRESS}:
        return AssessmentTimes(end, extended_until=until)
    names = (system, of.year)
    third = (end - of.opens_at) / 3
    first_sent = first_signed = returned = None
    begin = of.closes_at if course.late else of.opens_at + 2 * third
    if course.signed_twice:
        first_sent = moment_between(of.opens_at + third / 2, of.opens_at + third, *names, "first sent")
        first_signed = moment_between(first_sent, first_sent + DAY, *names, "first signed")
        returned = moment_between(first_signed + HOUR, first_signed + 4 * DAY, *names, "first returned")
    sent = moment_between(begin, end - third / 4, *names, "sent")
    after = moment_between(sent + HOUR, end - HOUR, *names, "after")
    if course.status == Status.RETURNED:
        returned = after
    return AssessmentTimes(
        answering_ends_at=first_sent or sent,
        extended_until=until,
        first_sent_at=first_sent,
        first_signed_at=first_signed,
        returned_at=returned,
        sent_at=sent,
        signed_at=after if course.status == Status.SUBMITTED else None,
    )


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
