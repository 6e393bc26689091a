"""What becomes of people and rounds when organisations end."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from surveys.models import Assessment, Membership, Participant, Round
from surveys.permissions import Role
from surveys.queries.organisations import date_in_words


@dataclass(frozen=True)
class EndingEffects:
    """What the end of one organisation means, each in words; `people` by name."""

    name: str
    last_day: str
    people: tuple[str, ...]
    rounds: tuple[str, ...]


def ending_effects(
    last_days: Mapping[int, datetime.date], names: Mapping[int, str]
) -> tuple[EndingEffects, ...]:
    """Return what becomes of the people and rounds of these organisations, in the order of `last_days`.

    `last_days` and `names` are by the key of the organisation; it takes three queries, however many they are.
    """
    people: defaultdict[int, list[str]] = defaultdict(list)
    memberships = Membership.objects.current().filter(organisation_id__in=last_days)
    for held in (
        memberships.exclude(role=Role.ADMINISTRATOR).select_related("person").order_by("person__name", "pk")
    ):
        people[held.organisation_id].append(f"{held.person.name}, {held.get_role_display()}")
    rounds: defaultdict[int, list[str]] = defaultdict(list)
    for row in _unfinished(last_days):
        rounds[row.organisation_id].append(
            f"{row.round.title} is open, and its assessment is {row.get_status_display().lower()}. "
            "Nobody of this organisation can work on it after the last day; what was submitted stays."
        )
    for place in _planned(last_days):
        if place.round.participants_as_at > last_days[place.organisation_id]:
            rounds[place.organisation_id].append(
                f"{place.round.title} is a draft for the systems of "
                f"{date_in_words(place.round.participants_as_at)}: choose its systems again."
            )
    return tuple(
        EndingEffects(names[pk], date_in_words(day), tuple(people[pk]), tuple(rounds[pk]))
        for pk, day in last_days.items()
    )


def _unfinished(last_days: Mapping[int, datetime.date]) -> list[Assessment]:
    taking_part = Assessment.objects.taking_part()
    rows = taking_part.filter(organisation_id__in=last_days, round__status=Round.Status.OPEN)
    return list(rows.exclude(status=Assessment.Status.SUBMITTED).select_related("round").order_by("pk"))


def _planned(last_days: Mapping[int, datetime.date]) -> list[Participant]:
    rows = Participant.objects.filter(organisation_id__in=last_days, round__status=Round.Status.DRAFT)
    return list(rows.select_related("round").order_by("pk"))
