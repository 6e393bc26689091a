"""The people of the demonstration. Their names say what they are, so that nobody real is meant.

Every system has a data lead, an approver and a contributor, because a round needs them. Only those of two
systems, one regional analyst, the national analyst and the administrator get a password.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.utils.text import slugify

from surveys.models import Membership, Organisation, Person

Role = Membership.Role

DOMAIN: Final = ".example"
"""Reserved for examples, so that no mail of the demonstration can reach anybody (RFC 2606)."""

POSTS: Final[Mapping[str, tuple[str, str]]] = {
    Role.CONTRIBUTOR: ("contributor", "Head of business intelligence"),
    Role.LEAD: ("lead", "ICS data lead"),
    Role.APPROVER: ("approver", "Chief digital and information officer"),
    Role.REGIONAL_ANALYST: ("analyst", "Regional analyst"),
    Role.NATIONAL_ANALYST: ("analyst", "National analyst"),
    Role.ADMINISTRATOR: ("administrator", "Programme administrator"),
}
"""The part of the e-mail address before the @, and the job title, for each role."""

SYSTEM_ROLES: Final = (Role.CONTRIBUTOR, Role.LEAD, Role.APPROVER)
NATIONAL_ROLES: Final = (Role.NATIONAL_ANALYST, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Place:
    """An organisation of the demonstration, as it is called and placed on the day that it is made."""

    id: int
    kind: str
    name: str
    ods_code: str
    parent_id: int | None


@dataclass(frozen=True)
class Country:
    """The nation, its regions and its systems; `leading` are the two systems whose people get a password."""

    nation: Place
    regions: tuple[Place, ...]
    systems: tuple[Place, ...]
    leading: tuple[Place, ...]

    def posts(self) -> list[tuple[str, Place]]:
        """Return every role with the organisation in which somebody holds it."""
        return [
            *((role, system) for system in self.systems for role in SYSTEM_ROLES),
            *((Role.REGIONAL_ANALYST, region) for region in self.regions),
            *((role, self.nation) for role in NATIONAL_ROLES),
        ]

    def given_out(self) -> list[tuple[str, Place]]:
        """Return the roles and organisations of the accounts with a password, in the order to show them."""
        first_region = next(region for region in self.regions if region.id == self.leading[0].parent_id)
        return [
            *((role, system) for system in self.leading for role in SYSTEM_ROLES),
            (Role.REGIONAL_ANALYST, first_region),
            *((role, self.nation) for role in NATIONAL_ROLES),
        ]


@dataclass(frozen=True)
class Account:
    """An account to sign in with."""

    email: str
    name: str
    role: str
    organisation: str


def country(day: datetime.date) -> Country | None:
    """Return the organisations that are open on a day; None when they are not enough for a demonstration."""
    rows = Organisation.objects.as_at(day).open_on(day).order_by("pk")
    places = [Place(row.pk, row.kind, row.name or "", row.ods_code or "", row.parent_id) for row in rows]
    of_kind = {kind: [place for place in places if place.kind == kind] for kind in Organisation.Kind.values}
    systems = of_kind[Organisation.Kind.ICS]
    by_shortness = sorted(systems, key=lambda system: (len(system.name), system.name))
    leading = by_shortness[:1]
    leading += [system for system in by_shortness if system.parent_id != leading[0].parent_id][:1]
    nations = of_kind[Organisation.Kind.NATIONAL]
    if len(leading) < 2 or not nations:
        return None
    return Country(nations[0], tuple(of_kind[Organisation.Kind.REGION]), tuple(systems), tuple(leading))


def address(role: str, place: Place) -> str:
    """Return the e-mail address of the person who holds a role somewhere."""
    return f"{POSTS[role][0]}@{slugify(place.name)}{DOMAIN}"


def accounts(of: Country) -> tuple[Account, ...]:
    """Return the accounts to sign in with."""
    return tuple(
        Account(address(role, place), _name(role, place), Role(role).label, place.name)
        for role, place in of.given_out()
    )


def make_people(of: Country, since: datetime.datetime, password: str) -> dict[tuple[str, int], Person]:
    """Write everybody with a membership since a moment; return them by role and organisation key."""
    posts = of.posts()
    # One hash for all of them: a slow hash for each would take most of the time that the demonstration takes.
    known, unknown = make_password(password), make_password(None)
    with_password = {address(role, place) for role, place in of.given_out()}
    people = Person.objects.bulk_create(
        Person(
            email=address(role, place),
            name=_name(role, place),
            job_title=POSTS[role][1],
            password=known if address(role, place) in with_password else unknown,
            joined_at=since,
        )
        for role, place in posts
    )
    Membership.objects.bulk_create(
        Membership(person=person, organisation_id=place.id, role=role, started_at=since)
        for person, (role, place) in zip(people, posts, strict=True)
    )
    return {(role, place.id): person for person, (role, place) in zip(people, posts, strict=True)}


def renew_passwords(addresses: Sequence[str], password: str) -> None:
    """Give the accounts this password, unless they have it."""
    people = list(Person.objects.filter(email__in=addresses))
    hashed = make_password(password)
    # They share a hash until somebody changes theirs, and checking one is slow.
    fits = {stored: check_password(password, stored) for stored in {person.password for person in people}}
    stale = [person for person in people if not fits[person.password]]
    for person in stale:
        person.password = hashed
    Person.objects.bulk_update(stale, ["password"])


def _name(role: str, place: Place) -> str:
    post = {Role.LEAD: "data lead", Role.NATIONAL_ANALYST: "national analyst"}.get(
        Role(role), Role(role).label.lower()
    )
    return f"{place.name} {post} (demo)"
