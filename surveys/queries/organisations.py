"""Organisations as they are on a day, and one organisation's life."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.utils import dateformat, timezone

from surveys.analysis.rounding import half_up
from surveys.models import (
    Affiliation,
    Assessment,
    Organisation,
    OrganisationCode,
    OrganisationName,
    Succession,
)
from surveys.permissions import AnyPerson, Permission, get_for, require_anywhere

Kind = Organisation.Kind


@dataclass(frozen=True)
class OrganisationLine:
    """An organisation on a day. Codes are empty where none is known for that day; the name never is."""

    id: int
    kind: str
    name: str
    ods_code: str
    ons_code: str
    parent_id: int | None


@dataclass(frozen=True)
class RegionGroup:
    """A region with its systems by name. `region` None: systems that have no region on that day."""

    region: OrganisationLine | None
    systems: tuple[OrganisationLine, ...]


@dataclass(frozen=True)
class Directory:
    """Every organisation that exists on `day`, by region and name."""

    day: datetime.date
    nations: tuple[OrganisationLine, ...]
    groups: tuple[RegionGroup, ...]

    @property
    def systems(self) -> tuple[OrganisationLine, ...]:
        """Every system, in the order of the page."""
        return tuple(system for group in self.groups for system in group.systems)

    @property
    def regions(self) -> tuple[OrganisationLine, ...]:
        """Every region, by name."""
        return tuple(group.region for group in self.groups if group.region is not None)


@dataclass(frozen=True)
class Spell:
    """What held from `first_day` to `last_day`, both included; None is open.

    `other_id` is the organisation that `text` names, if it names one.
    """

    text: str
    note: str
    first_day: datetime.date | None
    last_day: datetime.date | None
    other_id: int | None = None


@dataclass(frozen=True)
class PopulationLine:
    """How many people were served, by which measure, in which year, according to whom."""

    measure: str
    year: int
    people: int
    source: str

    @property
    def people_in_words(self) -> str:
        """The number with commas."""
        return f"{self.people:,}"


@dataclass(frozen=True)
class SuccessionLine:
    """A step from or to `other_id`. `share` (0 to 1) is of the earlier one's people; None: not known."""

    day: datetime.date
    kind: str
    extent: str
    other_id: int
    other_name: str
    share: Decimal | None
    share_source: str

    @property
    def percent(self) -> str:
        """The share as a percentage; empty when it is not known."""
        return "" if self.share is None else f"{half_up(self.share * 100, 1):f}%"


@dataclass(frozen=True)
class MemberLine:
    """A current membership in the organisation."""

    person_id: int
    name: str
    role: str
    is_active: bool


@dataclass(frozen=True)
class AssessmentLine:
    """The organisation's assessment in one round."""

    id: int
    round_id: int
    round_title: str
    status: str
    status_label: str


@dataclass(frozen=True)
class OrganisationPage:
    """Everything that is known of one organisation. `name` is today's, else the last one, else the first."""

    id: int
    name: str
    kind_label: str
    opened_on: datetime.date
    closed_on: datetime.date | None
    names: tuple[Spell, ...]
    codes: tuple[Spell, ...]
    parents: tuple[Spell, ...]
    populations: tuple[PopulationLine, ...]
    origins: tuple[SuccessionLine, ...]
    successions: tuple[SuccessionLine, ...]
    members: tuple[MemberLine, ...]
    assessments: tuple[AssessmentLine, ...]

    @property
    def opened_in_words(self) -> str:
        """The first day."""
        return date_in_words(self.opened_on)

    @property
    def closed_in_words(self) -> str:
        """The last day; empty while it exists."""
        return date_in_words(self.closed_on) if self.closed_on else ""


def date_in_words(day: datetime.date) -> str:
    """Return a day as in “1 April 2026”."""
    return dateformat.format(day, "j F Y")


def called(organisation_ids: Collection[int], day: datetime.date) -> dict[int, str]:
    """Return what organisations are called on `day`: else by their last name before it, else by their first.

    An organisation without any name is called by its number, so that no page has to do without.
    """
    rows = OrganisationName.objects.filter(organisation_id__in=organisation_ids).order_by("period")
    known: defaultdict[int, list[OrganisationName]] = defaultdict(list)
    for row in rows:
        known[row.organisation_id].append(row)
    return {pk: _name_on(day, known[pk], pk) for pk in organisation_ids}


def _name_on(day: datetime.date, names: list[OrganisationName], pk: int) -> str:
    begun = [row for row in names if row.period.lower is None or row.period.lower <= day]
    return (begun or names[:1])[-1].short_name if names else unnamed(pk)


def unnamed(organisation_id: int) -> str:
    """Return what stands for the name of an organisation that has none."""
    return f"Organisation {organisation_id} (no name known)"


def directory(day: datetime.date) -> Directory:
    """Return the organisations that exist on `day`."""
    rows = Organisation.objects.open_on(day).as_at(day)
    lines = sorted((_line(row) for row in rows), key=lambda line: (line.name.casefold(), line.id))
    regions = [line for line in lines if line.kind == Kind.REGION]
    systems = [line for line in lines if line.kind == Kind.ICS]
    placed: defaultdict[int | None, list[OrganisationLine]] = defaultdict(list)
    known = {region.id for region in regions}
    for system in systems:
        placed[system.parent_id if system.parent_id in known else None].append(system)
    groups = [RegionGroup(region, tuple(placed[region.id])) for region in regions]
    if placed[None]:
        groups.append(RegionGroup(None, tuple(placed[None])))
    return Directory(day, tuple(line for line in lines if line.kind == Kind.NATIONAL), tuple(groups))


def directory_for(person: AnyPerson, day: datetime.date) -> Directory:
    """Return the organisations that exist on `day`. Raises Http404 for who does not manage organisations."""
    require_anywhere(person, Permission.MANAGE)
    return directory(day)


def organisation_page(person: AnyPerson, organisation_id: int) -> OrganisationPage:
    """Return all that is known of an organisation. Raises Http404 unless the person manages it."""
    organisation = get_for(person, Organisation.objects.all(), organisation_id, Permission.MANAGE)
    today = timezone.localdate()
    affiliations = list(Affiliation.objects.filter(organisation=organisation).order_by("period"))
    origins = list(Succession.objects.filter(successor=organisation).order_by("effective_on", "pk"))
    successions = list(Succession.objects.filter(predecessor=organisation).order_by("effective_on", "pk"))
    others = {row.parent_id for row in affiliations} | {row.predecessor_id for row in origins}
    names = called(others | {row.successor_id for row in successions} | {organisation.pk}, today)
    return OrganisationPage(
        id=organisation.pk,
        name=names[organisation.pk],
        kind_label=organisation.get_kind_display(),
        opened_on=organisation.opened_on,
        closed_on=organisation.closed_on,
        names=_names(organisation),
        codes=_codes(organisation),
        parents=tuple(
            Spell(names[row.parent_id], "", *_days(row), other_id=row.parent_id) for row in affiliations
        ),
        populations=_populations(organisation),
        origins=tuple(_succession(row, row.predecessor_id, names) for row in origins),
        successions=tuple(_succession(row, row.successor_id, names) for row in successions),
        members=_members(organisation),
        assessments=_assessments(organisation),
    )


def _line(row: Organisation) -> OrganisationLine:
    return OrganisationLine(
        id=row.pk,
        kind=row.kind,
        name=row.name or unnamed(row.pk),
        ods_code=row.ods_code or "",
        ons_code=row.ons_code or "",
        parent_id=row.parent_id,
    )


def _days(
    row: OrganisationName | OrganisationCode | Affiliation,
) -> tuple[datetime.date | None, datetime.date | None]:
    # PostgreSQL keeps a range of days up to, and without, the day after the last.
    after = row.period.upper
    return row.period.lower, after - datetime.timedelta(days=1) if after else None


def _names(organisation: Organisation) -> tuple[Spell, ...]:
    rows = organisation.names.order_by("period")
    return tuple(Spell(row.short_name, row.official_name, *_days(row)) for row in rows)


def _codes(organisation: Organisation) -> tuple[Spell, ...]:
    rows = organisation.codes.order_by("scheme", "period")
    return tuple(Spell(row.code, row.get_scheme_display(), *_days(row)) for row in rows)


def _populations(organisation: Organisation) -> tuple[PopulationLine, ...]:
    rows = organisation.populations.order_by("measure", "-year")
    return tuple(PopulationLine(row.get_measure_display(), row.year, row.people, row.source) for row in rows)


def _succession(row: Succession, other_id: int, names: dict[int, str]) -> SuccessionLine:
    return SuccessionLine(
        day=row.effective_on,
        kind=row.get_kind_display(),
        extent=row.get_extent_display(),
        other_id=other_id,
        other_name=names[other_id],
        share=row.population_share,
        share_source=row.share_source,
    )


def _members(organisation: Organisation) -> tuple[MemberLine, ...]:
    rows = organisation.memberships.current().select_related("person").order_by("person__name", "pk")
    return tuple(
        MemberLine(row.person_id, row.person.name, row.get_role_display(), row.person.is_active)
        for row in rows
    )


def _assessments(organisation: Organisation) -> tuple[AssessmentLine, ...]:
    rows = Assessment.objects.filter(organisation=organisation).select_related("round")
    return tuple(
        AssessmentLine(row.pk, row.round_id, row.round.title, row.status, row.get_status_display())
        for row in rows.order_by("-round__opens_at", "-pk")
    )
