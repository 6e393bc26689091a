"""People, what each of them does where, and what was done to their accounts."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from surveys.models import Event, Membership, Person
from surveys.models.person import MembershipQuerySet
from surveys.permissions import AnyPerson, Permission, require_anywhere
from surveys.queries.deadlines import moment_in_words
from surveys.queries.events import EventLine, event_lines
from surveys.queries.mail import MessageLine, invitation_in_words, latest_invitations
from surveys.queries.organisations import called

PEOPLE_ON_A_PAGE = 25


@dataclass(frozen=True)
class MembershipLine:
    """A role in an organisation; `ended_at` None while it holds."""

    id: int
    role: str
    role_label: str
    organisation_id: int
    organisation_name: str
    started_at: datetime.datetime
    ended_at: datetime.datetime | None


@dataclass(frozen=True)
class PersonLine:
    """A person in the list, with their current memberships."""

    id: int
    name: str
    email: str
    job_title: str
    is_active: bool
    memberships: tuple[MembershipLine, ...]


@dataclass(frozen=True)
class PeoplePage:
    """One page of the people found, by name. `number` counts pages from 1."""

    people: tuple[PersonLine, ...]
    found: int
    number: int
    pages: int


@dataclass(frozen=True)
class PersonPage:
    """Everything that an administrator needs of a person. `invitation` is the last one, if there was one."""

    id: int
    name: str
    email: str
    job_title: str
    is_active: bool
    joined_at: datetime.datetime
    last_signed_in_at: datetime.datetime | None
    has_password: bool
    invitation: MessageLine | None
    current: tuple[MembershipLine, ...]
    ended: tuple[MembershipLine, ...]
    events: tuple[EventLine, ...]

    @property
    def account_in_words(self) -> str:
        """Whether the person can sign in."""
        if not self.is_active:
            return "Switched off"
        return "Switched on" if self.has_password else "Switched on, without a password yet"

    @property
    def last_signed_in_in_words(self) -> str:
        """When they last signed in; empty when they never have."""
        return moment_in_words(self.last_signed_in_at) if self.last_signed_in_at else ""

    @property
    def invitation_in_words(self) -> str:
        """What became of the last invitation."""
        return invitation_in_words(self.invitation)


def people_page(person: AnyPerson, *, search: str = "", role: str = "", number: str | int = 1) -> PeoplePage:
    """Return one page of the people whose name or e-mail address contains `search` and who hold `role` now.

    A `number` that is no page is the first or the last one. Raises Http404 for who does not manage people.
    """
    require_anywhere(person, Permission.MANAGE)
    rows = Person.objects.order_by("name", "pk")
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(email__icontains=search))
    if role:
        holders = Membership.objects.current().filter(role=role)
        rows = rows.filter(pk__in=holders.values("person_id"))
    page = Paginator(rows, PEOPLE_ON_A_PAGE).get_page(number)
    people = list(page.object_list)
    held = _memberships([row.pk for row in people], Membership.objects.current())
    return PeoplePage(
        people=tuple(
            PersonLine(row.pk, row.name, row.email, row.job_title, row.is_active, tuple(held[row.pk]))
            for row in people
        ),
        found=page.paginator.count,
        number=page.number,
        pages=page.paginator.num_pages,
    )


def person_page(reader: AnyPerson, person_id: int) -> PersonPage:
    """Return what there is to know of a person. Raises Http404 for who does not manage people."""
    require_anywhere(reader, Permission.MANAGE)
    row = Person.objects.filter(pk=person_id).first()
    if row is None:
        raise Http404
    memberships = _memberships([row.pk], Membership.objects.all())[row.pk]
    return PersonPage(
        id=row.pk,
        name=row.name,
        email=row.email,
        job_title=row.job_title,
        is_active=row.is_active,
        joined_at=row.joined_at,
        last_signed_in_at=row.last_login,
        has_password=row.has_usable_password(),
        invitation=latest_invitations([row.pk]).get(row.pk),
        current=tuple(line for line in memberships if line.ended_at is None),
        ended=tuple(line for line in memberships if line.ended_at is not None),
        events=event_lines(Event.objects.filter(detail__person_id=row.pk)),
    )


def _memberships(
    person_ids: Collection[int], memberships: MembershipQuerySet
) -> defaultdict[int, list[MembershipLine]]:
    rows = list(memberships.filter(person_id__in=person_ids).order_by("-started_at", "-pk"))
    names = called({row.organisation_id for row in rows}, timezone.localdate())
    found: defaultdict[int, list[MembershipLine]] = defaultdict(list)
    for row in rows:
        line = MembershipLine(
            row.pk,
            row.role,
            row.get_role_display(),
            row.organisation_id,
            names[row.organisation_id],
            row.started_at,
            row.ended_at,
        )
        found[row.person_id].append(line)
    return found
