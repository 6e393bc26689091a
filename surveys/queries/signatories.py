"""Who leads the answering of an organisation, and who signs for it."""

from __future__ import annotations

from surveys.models import Membership, Person
from surveys.permissions import Permission, roles_with


def leads(organisation_id: int) -> tuple[Person, ...]:
    """Return the active people who send its assessments for sign-off, in the order of names, in one query."""
    return _holders(organisation_id, Permission.SEND_FOR_SIGNOFF)


def approvers(organisation_id: int) -> tuple[Person, ...]:
    """Return the active people who sign its assessments, in the order of names, in one query."""
    return _holders(organisation_id, Permission.SIGN)


def _holders(organisation_id: int, permission: Permission) -> tuple[Person, ...]:
    posts = Membership.objects.current().filter(
        organisation_id=organisation_id, role__in=roles_with(permission)
    )
    people = Person.objects.filter(pk__in=posts.values("person_id"), is_active=True)
    return tuple(people.order_by("name", "pk"))
