"""Where the systems of a round stand, and how many had submitted by each day, beside the rounds before."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.text import slugify

from surveys.charts.burn_up import BurnUp, BurnUpLine
from surveys.models import Assessment, Round, Submission
from surveys.permissions import AnyPerson, Permission, visible_to

EARLIER_ROUNDS: Final = 2
"""How many rounds before this one are drawn beside it."""


@dataclass(frozen=True)
class Standing:
    """How many systems of one region have a status and first submitted on `day`; None: not yet."""

    region_name: str
    status: str
    day: datetime.date | None
    systems: int

    @property
    def region_code(self) -> str:
        """The region as it stands in an address."""
        return slugify(self.region_name)


@dataclass(frozen=True)
class RoundStandings:
    """A round, with its days in the time zone of the service, and where its systems stand."""

    title: str
    opens_on: datetime.date
    closes_on: datetime.date
    rows: tuple[Standing, ...]

    def within(self, region: str) -> RoundStandings:
        """Return the same of one region, by its code; of all for an empty one."""
        rows = tuple(row for row in self.rows if region in {"", row.region_code})
        return RoundStandings(self.title, self.opens_on, self.closes_on, rows)

    @property
    def systems(self) -> int:
        """How many systems there are."""
        return sum(row.systems for row in self.rows)

    @property
    def statuses(self) -> Counter[str]:
        """How many systems have each status."""
        found: Counter[str] = Counter()
        for row in self.rows:
            found[row.status] += row.systems
        return found


def standings(person: AnyPerson, survey_round: Round) -> tuple[RoundStandings, ...]:
    """Return where the systems that the person follows stand, in this round and in those before it.

    Those are the last EARLIER_ROUNDS of the same questionnaire, in any version, that closed before this one,
    the latest first; those without a system that the person follows are left out, this one never. One query,
    whatever the number of systems.
    """
    first_signed = Submission.objects.filter(assessment=OuterRef("pk"), number=1).values("signed_at")
    earlier = (
        Round.objects.exclude(status=Round.Status.DRAFT)
        .filter(questionnaire__key=survey_round.questionnaire.key, closes_at__lt=survey_round.closes_at)
        .order_by("-closes_at", "-pk")
    )
    shown = Q(round_id=survey_round.pk) | Q(round_id__in=earlier.values("pk")[:EARLIER_ROUNDS])
    counted = (
        visible_to(person, Permission.FOLLOW, Assessment.objects.filter(shown).taking_part())
        .annotate(day=TruncDate(Subquery(first_signed)))
        .values_list("round__title", "round__opens_at", "round__closes_at", "region_name", "status", "day")
        .annotate(systems=Count("pk"))
        .order_by("-round__closes_at", "-round_id", "region_name", "status", "day")
    )
    this = _days(survey_round.title, survey_round.opens_at, survey_round.closes_at)
    found: dict[_Days, tuple[Standing, ...]] = {this: ()}
    for title, opens_at, closes_at, *row in counted:
        days = _days(title, opens_at, closes_at)
        found[days] = (*found.get(days, ()), Standing(*row))
    return tuple(RoundStandings(*days, rows) for days, rows in found.items())


_Days = tuple[str, datetime.date, datetime.date]


def _days(title: str, opens_at: datetime.datetime, closes_at: datetime.datetime) -> _Days:
    return title, timezone.localdate(opens_at), timezone.localdate(closes_at)


def burn_up_of(rounds: tuple[RoundStandings, ...], region_name: str = "") -> BurnUp | None:
    """Return the chart of the first of these rounds with the others beside it; None without a system in it.

    `region_name` says whose systems these are, where they are those of one region.
    """
    this, *before = rounds
    if not this.systems:
        return None
    where = f" in {region_name}" if region_name else ""
    done = sum(row.systems for row in this.rows if row.day is not None)
    return BurnUp(
        title=f"Systems{where} that have submitted, by day",
        subtitle=(
            f"{this.title}: {done} of {this.systems} systems{where} have submitted. A system counts from "
            "the day of its first submission. Source: submissions of this survey."
        ),
        lines=tuple(_line(each) for each in (this, *before) if each.systems),
        notes=() if before else ("There is no earlier round of this questionnaire to compare with.",),
    )


def _line(of: RoundStandings) -> BurnUpLine:
    days = tuple(
        (row.day - of.closes_on).days for row in of.rows if row.day is not None for _ in range(row.systems)
    )
    return BurnUpLine(
        name=of.title,
        systems=of.systems,
        days=days,
        first=min((of.opens_on - of.closes_on).days, *days, 0),
        last=(timezone.localdate() - of.closes_on).days,
    )
