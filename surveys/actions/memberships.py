"""Memberships: joined and ended, with what goes with them. Callers check who may."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone

from surveys.actions.audit import Deed, record_all
from surveys.actions.refusals import Refused
from surveys.actions.typed_text import plain_text
from surveys.models import Membership, Organisation, Person, SectionAssignment
from surveys.permissions import ANSWERING_ROLES, ROLE_KINDS
from surveys.queries.organisations import called, date_in_words

Role = Membership.Role

_TWO_PAIRS_OF_EYES: Final = frozenset({Role.LEAD, Role.APPROVER})
"""The roles that must not both be one person's alone: who prepares a return and who signs it."""


def join_organisation(by: Person | None, person: Person, role: str, organisation_id: int) -> Membership:
    """Store a membership.

    Raises Refused when they hold it already, when it does not fit the organisation, and when an approver
    would be the organisation's only lead.
    """
    organisations = Organisation.objects.filter(pk=organisation_id).open_on(timezone.localdate())
    organisation = organisations.first()
    if organisation is None:
        raise Refused("Choose an organisation that exists today.")
    if organisation.kind not in ROLE_KINDS.get(role, ()):
        raise Refused(misfit(role))
    if person.memberships.current().filter(role=role, organisation=organisation).exists():
        raise Refused(f"{person.name} has this role in this organisation already. Nothing was changed.")
    membership = Membership.objects.create(person=person, role=role, organisation=organisation)
    if role in _TWO_PAIRS_OF_EYES:
        require_another_lead(organisation_id)
    _record(by, "membership.added", person, membership)
    return membership


def misfit(role: str) -> str:
    """Return in plain English in which kind of organisation a role is held."""
    if role not in ROLE_KINDS:
        return "Choose a role."
    kinds = " or ".join(Organisation.Kind(kind).label.lower() for kind in sorted(ROLE_KINDS[role]))
    return f"The role “{Role(role).label}” is held in an organisation of this kind: {kinds}."


def end(by: Person | None, person: Person, membership: Membership, reason: str = "") -> int:
    """End a membership and return how much was handed back. The caller has locked the person.

    What they held of the organisation's assessments is handed out to nobody again, in every round, unless
    another role lets them answer there; their answers keep their name.
    """
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    pieces = _hand_back(person, membership.organisation_id)
    _record(by, "membership.ended", person, membership, reason, handed_back=pieces)
    return pieces


def _hand_back(person: Person, organisation_id: int) -> int:
    answering = person.memberships.current().filter(organisation_id=organisation_id, role__in=ANSWERING_ROLES)
    if answering.exists():
        return 0
    held = SectionAssignment.objects.filter(person=person, assessment__organisation_id=organisation_id)
    return held.delete()[0]


def require_another_lead(organisation_id: int) -> None:
    """Raise Refused when the only lead of an organisation is its approver too, who would sign their own work.

    The organisation is held until the transaction ends, so that of two changes the second counts after the
    first. Accounts that are switched off do not count.
    """
    list(Organisation.objects.select_for_update(no_key=True).filter(pk=organisation_id).values_list("pk"))
    current = Membership.objects.current().filter(organisation_id=organisation_id, person__is_active=True)
    leads = list(current.filter(role=Role.LEAD).values_list("person_id", "person__name"))
    if len(leads) != 1:
        return
    [(person_id, name)] = leads
    if current.filter(role=Role.APPROVER, person_id=person_id).exists():
        raise Refused(
            f"{name} would be the only ICS data lead and an approver of the same system, and so sign what "
            "they prepared alone. Make somebody else a data lead first."
        )


@transaction.atomic
def end_with_their_organisations(*, by: Person | None = None) -> int:
    """End the memberships in organisations that exist no longer, and return how many there were.

    Nobody is left out in the cold before the last day is over. Administrators stay: without one nobody could
    put the register right. Doing it twice ends nothing twice.
    """
    today = timezone.localdate()
    ended = Membership.objects.current().filter(organisation__closed_on__lt=today)
    ended = ended.exclude(role=Role.ADMINISTRATOR)
    people = Person.objects.select_for_update(no_key=True).filter(pk__in=ended.values("person_id"))
    held_by = {person.pk: person for person in people.order_by("pk")}
    rows = list(ended.filter(person_id__in=held_by).select_related("organisation").order_by("pk"))
    names = called({row.organisation_id for row in rows}, today)
    for row in rows:
        last_day = row.organisation.closed_on
        reason = f"{names[row.organisation_id]} ended on {date_in_words(last_day)}." if last_day else ""
        end(by, held_by[row.person_id], row, reason)
    return len(rows)


def called_by_address(person: Person) -> str:
    """Return how the audit trail calls a person."""
    return f"{person.name} ({person.email})"


def membership_deed(
    verb: str,
    person: Person,
    membership: Membership,
    organisation_name: str,
    reason: str = "",
    **detail: int,
) -> Deed:
    """Return what the audit trail says of a membership; what is 0 in `detail` is left out."""
    return Deed(
        verb=verb,
        subject=f"{called_by_address(person)}, {membership.get_role_display()}, {organisation_name}",
        organisation_id=membership.organisation_id,
        reason=plain_text(reason),
        detail={
            "person_id": person.pk,
            "membership_id": membership.pk,
            "role": membership.role,
            **{name: number for name, number in detail.items() if number},
        },
    )


def _record(
    by: Person | None, verb: str, person: Person, membership: Membership, reason: str = "", **detail: int
) -> None:
    where = called([membership.organisation_id], timezone.localdate())[membership.organisation_id]
    record_all(by=by, deeds=[membership_deed(verb, person, membership, where, reason, **detail)])
