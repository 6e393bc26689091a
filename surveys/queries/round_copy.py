"""What a new round can take over from an earlier one: how it was set up, and nothing that happened in it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone

from surveys.models import Assessment, ModerationPlan, Organisation, Participant, PlannedReminder, Round
from surveys.permissions import AnyPerson, Permission, leads_moderation, visible_to
from surveys.queries.reminder_words import when_in_words
from surveys.wording import counted


class Part(StrEnum):
    """A part of the set-up of a round."""

    SYSTEMS = "systems"
    REMINDERS = "reminders"
    MODERATION = "moderation"


@dataclass(frozen=True)
class PartToTake:
    """A part that an earlier round has, and in a sentence what the new one would get."""

    part: Part
    label: str
    words: str


@dataclass(frozen=True)
class EarlierRound:
    """The round that a new one begins like, with the parts of its set-up that can be taken over."""

    round: Round
    parts: tuple[PartToTake, ...]


def earlier_round(person: AnyPerson, wanted: str = "") -> EarlierRound | None:
    """Return the round that a new one begins like: that with the key `wanted`, or the one that opened last.

    Only rounds that the person manages count; None without any.
    """
    rows: QuerySet[Round] = visible_to(
        person, Permission.MANAGE, Round.objects.select_related("questionnaire")
    ).defer("questionnaire__document")
    known = (
        rows.filter(pk=int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else None
    )
    row = (known.first() if known else None) or rows.order_by("-opens_at", "-pk").first()
    return EarlierRound(row, tuple(_parts(row))) if row else None


def systems_like(before: Round, day: datetime.date) -> frozenset[int]:
    """Return the systems of a day that a round like an earlier one would have, by their keys.

    Where that had every system of its own day, it is every system of the new one; else it is those of its
    systems that are systems then too. Who was withdrawn from it is not taken over by name.
    """
    systems = _systems_of(day)
    if _took_everyone(before):
        return systems
    left = Assessment.objects.filter(round=before).exclude(withdrawn_at=None)
    return (_chosen(before) & systems) - frozenset(left.values_list("organisation_id", flat=True))


def reminders_like(before: Round) -> tuple[PlannedReminder, ...]:
    """Return the planned reminders of a round that were not stopped, the earliest first."""
    rows = PlannedReminder.objects.filter(round=before, stopped=False)
    return tuple(rows.order_by("-days_before"))


def moderation_like(before: Round) -> ModerationPlan | None:
    """Return the moderation plan of a round; None without one, or when who led it may not lead one now."""
    plan = ModerationPlan.objects.filter(round=before).select_related("lead_reviewer").first()
    return plan if plan is not None and leads_moderation(plan.lead_reviewer) else None


def moved(moment: datetime.datetime, before: datetime.datetime, now: datetime.datetime) -> datetime.datetime:
    """Return `moment` as far from `now` as it was from `before`, by the calendar and the clock in London."""
    zone = timezone.get_default_timezone()
    on_the_clock = [timezone.localtime(each).replace(tzinfo=None) for each in (moment, before, now)]
    return (on_the_clock[2] + (on_the_clock[0] - on_the_clock[1])).replace(tzinfo=zone)


def _parts(before: Round) -> Iterator[PartToTake]:
    if chosen := _chosen(before):
        words = (
            "Every system of the new round's day."
            if _took_everyone(before)
            else f"Those of its {counted(len(chosen), 'system')} that exist on the new round's day."
        )
        yield PartToTake(Part.SYSTEMS, "The systems", words)
    if planned := reminders_like(before):
        when = "; ".join(when_in_words(row.days_before) for row in planned)
        yield PartToTake(Part.REMINDERS, "The invitation and reminders", f"With their texts: {when}.")
    if plan := moderation_like(before):
        days = (timezone.localdate(plan.answers_until) - timezone.localdate(before.closes_at)).days
        time = counted(days, "day")
        yield PartToTake(
            Part.MODERATION,
            "The moderation plan",
            f"{plan.lead_reviewer.name} leads; systems may answer for {time} after the closing.",
        )


def _took_everyone(before: Round) -> bool:
    return _systems_of(before.participants_as_at) <= _chosen(before)


def _chosen(before: Round) -> frozenset[int]:
    rows = Participant.objects.filter(round=before)
    return frozenset(rows.values_list("organisation_id", flat=True))


def _systems_of(day: datetime.date) -> frozenset[int]:
    systems = Organisation.objects.filter(kind=Organisation.Kind.ICS).open_on(day)
    return frozenset(systems.values_list("pk", flat=True))
