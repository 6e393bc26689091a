"""What the calendar and the clock in London say about the dates of a round, for whoever sets it up."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from typing import Final

from django.utils import timezone

from surveys.models import Round
from surveys.queries.bank_holidays import day_off_in_words, is_held, working_days
from surveys.queries.deadlines import day_in_words, moment_in_words
from surveys.queries.organisations import date_in_words
from surveys.queries.reminder_words import when_in_words
from surveys.wording import counted, listed

WORK_BEGINS: Final = datetime.time(9)
WORK_ENDS: Final = datetime.time(17)
"""The working hours, in the time zone of the service, both included."""

_DAY: Final = datetime.timedelta(days=1)


def answering_in_words(survey_round: Round) -> str:
    """Return when answers are taken and on how many days, by the calendar in London, in sentences.

    A change of the clocks in that time is named: it moves no deadline on the clock.
    """
    first, last = _days(survey_round)
    days = counted((last - first).days + 1, "day")
    if is_held(first) and is_held(last):
        days += f", {working_days(first, last)} of them working days"
    begins, ends = moment_in_words(survey_round.opens_at), moment_in_words(survey_round.closes_at)
    return " ".join([f"From {begins} to {ends}: {days}.", *_clock_changes(first, last)])


def date_warnings(survey_round: Round) -> tuple[str, ...]:
    """Return what may be wrong with the opening and the closing time of a round, as sentences."""
    first, last = _days(survey_round)
    found = [
        *moment_warnings("Answering begins", survey_round.opens_at),
        *moment_warnings("Answering ends", survey_round.closes_at),
    ]
    years = sorted({str(day.year) for day in (first, last) if not is_held(day)})
    if years:
        found.append(f"The bank holidays of {listed(years)} are not held here, so look them up.")
    return tuple(found)


def moment_warnings(what: str, moment: datetime.datetime) -> Iterator[str]:
    """Yield that a moment is on a day or at an hour at which few people work. `what` begins the sentence."""
    local = timezone.localtime(moment)
    said = f"{what} on {moment_in_words(moment)}"
    if off := day_off_in_words(local.date()):
        yield f"{said}: {off}, when few people are at work."
    elif not WORK_BEGINS <= local.time() <= WORK_ENDS:
        yield f"{said}: outside working hours (9am to 5pm), when few people are there to help or to sign."


def reminder_day_in_words(survey_round: Round, days_before: int | None) -> str:
    """Return when a planned reminder goes out, and on which day to a system without more time.

    `days_before` None is the invitation.
    """
    return f"{when_in_words(days_before)} ({day_in_words(_reminded_at(survey_round, days_before))})"


def reminder_warnings(survey_round: Round, planned: Collection[int | None]) -> tuple[str, ...]:
    """Return what may be wrong with the days of planned reminders, as sentences.

    `planned` are days before the deadline, negative for days after it. None is the invitation, which goes out
    at the opening, of which `date_warnings` tells.
    """
    found = []
    opens_on, _ = _days(survey_round)
    for days_before in (each for each in planned if each is not None):
        moment = _reminded_at(survey_round, days_before)
        day = timezone.localdate(moment)
        said = f"The reminder {when_in_words(days_before)} goes out on {day_in_words(moment)}"
        if day < opens_on:
            found.append(f"{said}: before answering begins, so it is passed over.")
        elif off := day_off_in_words(day):
            found.append(f"{said}: {off}, when few people read it.")
    return tuple(found)


def _reminded_at(survey_round: Round, days_before: int | None) -> datetime.datetime:
    """Return midday of the day on which a reminder goes out: days are those of the calendar in London."""
    opens_on, closes_on = _days(survey_round)
    day = opens_on if days_before is None else closes_on - days_before * _DAY
    return datetime.datetime.combine(day, datetime.time(12), timezone.get_default_timezone())


def _days(survey_round: Round) -> tuple[datetime.date, datetime.date]:
    return timezone.localdate(survey_round.opens_at), timezone.localdate(survey_round.closes_at)


def _clock_changes(first: datetime.date, last: datetime.date) -> Iterator[str]:
    """Yield a sentence for each night in which the clocks change while answers are taken."""
    day = first
    while day < last:
        before, after = _offset(day), _offset(day + _DAY)
        if before != after:
            turn = "forward" if after > before else "back"
            yield f"The clocks go {turn} on {date_in_words(day)}; times stay those on the clock."
        day += _DAY


def _offset(day: datetime.date) -> datetime.timedelta:
    """Return how far the clock in London is before UTC at the beginning of a day."""
    midnight = datetime.datetime.combine(day, datetime.time(), timezone.get_default_timezone())
    return midnight.utcoffset() or datetime.timedelta()
