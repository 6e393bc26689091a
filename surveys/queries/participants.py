"""Who takes part in a round that has opened: the systems, those withdrawn, and those that could be added."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Paginator
from django.db.models import F

from surveys.models import Assessment, Round
from surveys.permissions import AnyPerson, Permission, get_for
from surveys.queries.assessments import Participation, participation
from surveys.queries.organisations import RegionGroup, date_in_words, directory
from surveys.queries.rounds import round_for

SYSTEMS_ON_A_PAGE: Final = 50

TAKES_SYSTEMS: Final = frozenset({Round.Status.OPEN, Round.Status.CLOSED})
"""The stages at which a system can be added: after the opening, and before any result is released."""


@dataclass(frozen=True)
class ParticipantLine:
    """One system of a round. `added` None: it was there at the opening; `withdrawn` None: it takes part."""

    assessment_id: int
    organisation_name: str
    ods_code: str
    region_name: str
    status: str
    status_label: str
    added: Participation | None
    withdrawn: Participation | None


@dataclass(frozen=True)
class ParticipantsPage:
    """A page of the systems of a round that has opened, the withdrawn ones first, then by region and name.

    `systems` counts those that take part. `number` counts pages from 1.
    """

    round_id: int
    round_title: str
    synthetic: bool
    takes_systems: bool
    lines: tuple[ParticipantLine, ...]
    systems: int
    withdrawn: int
    number: int
    pages: int


@dataclass(frozen=True)
class AdditionPage:
    """Adding a system to a round: those of the round's day that are not in it, by region and name.

    `takes_systems`: systems can be added at the round's stage, which is `stage` in words.
    """

    round_id: int
    round_title: str
    synthetic: bool
    takes_systems: bool
    stage: str
    day: datetime.date
    groups: tuple[RegionGroup, ...]

    @property
    def day_in_words(self) -> str:
        """The day whose systems can take part."""
        return date_in_words(self.day)


@dataclass(frozen=True)
class ParticipationPage:
    """One system of a round, to be withdrawn or to take part again. `released`: the round has results."""

    line: ParticipantLine
    round_id: int
    round_title: str
    synthetic: bool
    released: bool


def participants_page(person: AnyPerson, round_id: int, number: str | int = 1) -> ParticipantsPage:
    """Return the systems of a round that has opened. Raises Http404 for who does not manage rounds."""
    row = round_for(person, round_id, Permission.MANAGE)
    rows = Assessment.objects.filter(round=row).select_related("added_by", "withdrawn_by")
    ordered = rows.order_by(F("withdrawn_at").desc(nulls_last=True), "region_name", "organisation_name", "pk")
    page = Paginator(ordered, SYSTEMS_ON_A_PAGE).get_page(number)
    systems = rows.taking_part().count()
    return ParticipantsPage(
        round_id=row.pk,
        round_title=row.title,
        synthetic=row.synthetic,
        takes_systems=row.status in TAKES_SYSTEMS,
        lines=tuple(_line(each) for each in page.object_list),
        systems=systems,
        withdrawn=page.paginator.count - systems,
        number=page.number,
        pages=page.paginator.num_pages,
    )


def addition_page(person: AnyPerson, round_id: int) -> AdditionPage:
    """Return which systems can be added to a round. Raises Http404 for who does not manage rounds."""
    row = round_for(person, round_id, Permission.MANAGE)
    known = frozenset(Assessment.objects.filter(round=row).values_list("organisation_id", flat=True))
    groups = (
        RegionGroup(group.region, tuple(system for system in group.systems if system.id not in known))
        for group in directory(row.participants_as_at).groups
    )
    return AdditionPage(
        round_id=row.pk,
        round_title=row.title,
        synthetic=row.synthetic,
        takes_systems=row.status in TAKES_SYSTEMS,
        stage=row.get_status_display(),
        day=row.participants_as_at,
        groups=tuple(group for group in groups if group.systems),
    )


def participation_page(person: AnyPerson, assessment_id: int) -> ParticipationPage:
    """Return one system of a round. Raises Http404 for who does not manage rounds."""
    rows = Assessment.objects.select_related("round", "added_by", "withdrawn_by")
    row = get_for(person, rows, assessment_id, Permission.MANAGE)
    return ParticipationPage(
        line=_line(row),
        round_id=row.round_id,
        round_title=row.round.title,
        synthetic=row.round.synthetic,
        released=row.round.status in {Round.Status.PROVISIONAL, Round.Status.PUBLISHED},
    )


def _line(row: Assessment) -> ParticipantLine:
    return ParticipantLine(
        assessment_id=row.pk,
        organisation_name=row.organisation_name,
        ods_code=row.ods_code,
        region_name=row.region_name,
        status=row.status,
        status_label=row.get_status_display(),
        added=participation(row.added_at, row.added_by, row.added_reason),
        withdrawn=participation(row.withdrawn_at, row.withdrawn_by, row.withdrawal_reason),
    )
