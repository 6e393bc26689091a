"""The people of a simulated round: made up, at addresses that can be nobody's, and without a password."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.text import slugify

from surveys.actions.demonstration.people import DOMAIN, Country, Place
from surveys.actions.people import AlreadyKnown, create_administrator
from surveys.actions.people_imports import PersonRow, import_people, send_invitations
from surveys.models import Membership, Person

Role = Membership.Role

SITE: Final = f"https://simulation{DOMAIN}"
"""The address to which the links in messages lead: nowhere."""

CONTRIBUTORS: Final = 3
COLLEAGUES: Final = 2
"""How many contributors of a system an administrator adds, and how many its lead invites."""


@dataclass(frozen=True)
class Team:
    """A system and its people."""

    place: Place
    lead: Person
    approver: Person
    contributors: tuple[Person, ...]


@dataclass(frozen=True)
class Cast:
    """Everybody in a simulated round; the regional analysts by the key of their region."""

    administrator: Person
    national_analyst: Person
    regional_analysts: Mapping[int, Person]
    teams: tuple[Team, ...]


_CONTRIBUTORS: Final = tuple(f"contributor-{number}" for number in range(1, CONTRIBUTORS + 1))
_POSTS: Final = (
    ("lead", Role.LEAD),
    ("approver", Role.APPROVER),
    *((part, Role.CONTRIBUTOR) for part in _CONTRIBUTORS),
)
"""Who is added for each system: the part of the address before the @, and the role."""


def address(part: str, place: Place) -> str:
    """Return the e-mail address of somebody who works for an organisation."""
    return f"{part}@{slugify(place.name)}.simulation{DOMAIN}"


def gather(of: Country, systems: Sequence[Place]) -> Cast:
    """Add those who are not there yet, as an administrator adds people from a file, and invite them."""
    administrator = _administrator(of.nation)
    regions = [region for region in of.regions if region.id in {system.parent_id for system in systems}]
    posts = [
        ("analyst", Role.NATIONAL_ANALYST, of.nation),
        *(("analyst", Role.REGIONAL_ANALYST, region) for region in regions),
        *((part, role, system) for system in systems for part, role in _POSTS),
    ]
    rows = [
        PersonRow(
            row=number,
            email=address(part, place),
            name=f"{place.name} {part.replace('-', ' ')} (simulated)",
            job_title=str(role.label),
            role=role.value,
            organisation=place.ods_code or place.name,
        )
        for number, (part, role, place) in enumerate(posts, start=2)
    ]
    import_people(by=administrator, rows=rows)
    people = {person.email: person for person in Person.objects.filter(email__in=[row.email for row in rows])}
    uninvited = Person.objects.filter(email__in=people, messages=None).values_list("pk", flat=True)
    send_invitations(person_ids=list(uninvited), by_id=administrator.pk, site=SITE)
    return Cast(
        administrator=administrator,
        national_analyst=people[address("analyst", of.nation)],
        regional_analysts={region.id: people[address("analyst", region)] for region in regions},
        teams=tuple(
            Team(
                place=system,
                lead=people[address("lead", system)],
                approver=people[address("approver", system)],
                contributors=tuple(people[address(part, system)] for part in _CONTRIBUTORS),
            )
            for system in systems
        ),
    )


def _administrator(nation: Place) -> Person:
    name = f"{nation.name} administrator (simulated)"
    try:
        return create_administrator(email=address("administrator", nation), name=name)
    except AlreadyKnown as known:
        return Person.objects.get(pk=known.person_id)
