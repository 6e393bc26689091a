"""People and their memberships: added, changed, ended; accounts switched off and on; invitations."""

from __future__ import annotations

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from surveys import emails
from surveys.actions.audit import record
from surveys.actions.mail import queue_mail
from surveys.actions.memberships import called_by_address, end, join_organisation, require_another_lead
from surveys.actions.refusals import Refused
from surveys.actions.typed_text import one_line, plain_text
from surveys.models import Membership, Message, Organisation, Person
from surveys.permissions import Permission, require_anywhere

Role = Membership.Role

LONGEST_WORDS = 150
LONGEST_ADDRESS = 254

# A mail program makes a link of it, and our invitation would vouch for it.
_LEADS_ELSEWHERE: Final = re.compile(r"[/@<>]|\bwww\.|[^\s.]{3,}\.[a-z]{2,}", re.IGNORECASE)


class AlreadyKnown(Refused):
    """Somebody has this e-mail address already, perhaps in other capitals."""

    def __init__(self, known: Person) -> None:
        super().__init__(f"{known.name} already has an account with the e-mail address {known.email}.")
        self.person_id = known.pk


@transaction.atomic
def create_person(
    *, by: Person | None, email: str, name: str, job_title: str, role: str, organisation_id: int, site: str
) -> Person:
    """Store a new person with a first membership, and queue an invitation by e-mail.

    `site` is the address of the service without a path; empty sends no invitation. Raises AlreadyKnown, or
    Refused when something is missing or the role does not fit the organisation.
    """
    require_anywhere(by, Permission.MANAGE)
    person = new_account(by, email, name, job_title)
    join_organisation(by, person, role, organisation_id)
    if site:
        send_invitation(by, person, site)
    return person


@transaction.atomic
def create_administrator(*, email: str, name: str) -> Person:
    """Make somebody an administrator of the nation, from the command line, and return them.

    They have no password yet. Raises AlreadyKnown, or Refused when the nation is not there or not just one.
    """
    nations = Organisation.objects.filter(kind=Organisation.Kind.NATIONAL).open_on(timezone.localdate())
    found = list(nations.values_list("pk", flat=True))
    if len(found) != 1:
        raise Refused(
            f"There must be one national body to be administrator of, and there are {len(found)}. "
            "Load the organisations first: manage.py load_organisations FILE"
        )
    return create_person(
        by=None,
        email=email,
        name=name,
        job_title="",
        role=Role.ADMINISTRATOR,
        organisation_id=found[0],
        site="",
    )


@transaction.atomic
def change_person(*, by: Person | None, person_id: int, email: str, name: str, job_title: str) -> Person:
    """Correct how a person is called and reached. Raises AlreadyKnown or Refused."""
    person = _locked(by, person_id)
    email, name, job_title = _checked(email, name, job_title)
    wanted = {"email": email, "name": name, "job_title": job_title}
    changed = {field: value for field, value in wanted.items() if value != getattr(person, field)}
    before = {field: getattr(person, field) for field in changed}
    for field, value in changed.items():
        setattr(person, field, value)
    if changed:
        _save(person)
        record(
            by=by,
            verb="person.changed",
            subject=called_by_address(person),
            detail={"person_id": person.pk, "before": before, "after": changed},
        )
    return person


@transaction.atomic
def add_membership(*, by: Person | None, person_id: int, role: str, organisation_id: int) -> Membership:
    """Give a person a role in an organisation.

    Raises Refused when they hold it, when it does not fit, and when an approver would be the only lead.
    """
    return join_organisation(by, _locked(by, person_id), role, organisation_id)


@transaction.atomic
def end_membership(*, by: Person | None, person_id: int, membership_id: int, reason: str) -> Membership:
    """End a person's membership, and hand back what they held of the organisation's assessments.

    Raises Refused when it has ended, is the last administrator's, or leaves an approver as the only lead.
    """
    person = _locked(by, person_id)
    _hold_administrators()
    membership = Membership.objects.filter(pk=membership_id, person=person).first()
    if membership is None:
        raise Http404
    if membership.ended_at is not None:
        raise Refused("This membership has ended already. Nothing was changed.")
    if membership.role == Role.ADMINISTRATOR and person.is_active:
        _require_another_administrator(person, besides=membership)
    end(by, person, membership, reason)
    require_another_lead(membership.organisation_id)
    return membership


@transaction.atomic
def deactivate(*, by: Person | None, person_id: int, reason: str) -> Person:
    """Switch an account off: the person can no longer sign in, and signed-in sessions end.

    Raises Refused when it is off, without a reason, and for the last administrator.
    """
    person = _locked(by, person_id)
    _hold_administrators()
    if not person.is_active:
        raise Refused(f"The account of {person.name} is switched off already. Nothing was changed.")
    if not plain_text(reason):
        raise Refused("Give a reason: it is kept with what was done.")
    if person.memberships.current().filter(role=Role.ADMINISTRATOR).exists():
        _require_another_administrator(person)
    _switch(person, on=False)
    _record_person(by, "person.deactivated", person, reason)
    return person


@transaction.atomic
def reactivate(*, by: Person | None, person_id: int, reason: str = "") -> Person:
    """Switch an account on again, with the memberships that have not ended. Raises Refused when it is on."""
    person = _locked(by, person_id)
    if person.is_active:
        raise Refused(f"The account of {person.name} is switched on already. Nothing was changed.")
    _switch(person, on=True)
    _record_person(by, "person.reactivated", person, reason)
    return person


@transaction.atomic
def invite(*, by: Person, person_id: int, site: str) -> Person:
    """Queue the link to set a password, again. Raises Refused for an account that is switched off."""
    person = _locked(by, person_id)
    if not person.is_active:
        raise Refused(f"The account of {person.name} is switched off. Switch it on before you invite them.")
    send_invitation(by, person, site)
    return person


def send_invitation(by: Person | None, person: Person, site: str, organisation: str = "") -> None:
    """Queue the link to set a password. Whether `by` may do so is for the caller to check.

    `organisation` is named where the person is invited to answer for one.
    """
    invited_by = by.name if by else "The programme team"
    mail = emails.invitation(person, site=site, invited_by=invited_by, organisation=organisation)
    queue_mail(mail=mail, kind=Message.Kind.INVITATION, person=person, by=by)
    _record_person(by, "person.invited", person)


def _locked(by: Person | None, person_id: int) -> Person:
    """Return the person, locked until the transaction ends. Raises Http404 for who does not manage people."""
    require_anywhere(by, Permission.MANAGE)
    person = Person.objects.select_for_update(no_key=True).filter(pk=person_id).first()
    if person is None:
        raise Http404
    return person


def _checked(email: str, name: str, job_title: str) -> tuple[str, str, str]:
    return checked_address(email), *checked_words(name, job_title)


def checked_address(email: str) -> str:
    """Return an e-mail address as it is kept. Raises Refused."""
    address = Person.objects.normalize_email(email.strip())
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused("Give an e-mail address like name@organisation.nhs.uk.") from error
    if len(address) > LONGEST_ADDRESS:
        raise Refused(f"The e-mail address is longer than {LONGEST_ADDRESS} characters. Give another one.")
    return address


def checked_words(name: str, job_title: str) -> tuple[str, str]:
    """Return a name and a job title as they are kept. Raises Refused."""
    words = one_line(name), one_line(job_title)
    if not words[0] or max(map(len, words)) > LONGEST_WORDS:
        raise Refused(f"Give a name. A name and a job title have at most {LONGEST_WORDS} characters.")
    if _LEADS_ELSEWHERE.search(words[0]):
        raise Refused(
            "Give a name without a web or e-mail address in it: it stands in the messages that we send. "
            "Put a space after a full stop."
        )
    return words


def new_account(by: Person | None, email: str, name: str, job_title: str) -> Person:
    """Store a new person without a password. Whether `by` may do so is for the caller to check.

    Raises AlreadyKnown, or Refused when something is missing.
    """
    address, called_, title = _checked(email, name, job_title)
    person = Person(email=address, name=called_, job_title=title)
    person.set_unusable_password()
    _save(person)
    _record_person(by, "person.added", person)
    return person


def _save(person: Person) -> None:
    # The database decides, so that two people added at the same moment cannot both have the address.
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        known = Person.objects.at(person.email).exclude(pk=person.pk).get()
        raise AlreadyKnown(known) from error


def _hold_administrators() -> None:
    """Lock every administrator's membership, so that of two actions the second counts after the first.

    The count must be a statement of its own: one that waited for the lock still sees what was before.
    """
    rows = Membership.objects.select_for_update(no_key=True).current().filter(role=Role.ADMINISTRATOR)
    list(rows.order_by("pk").values_list("pk"))


def _require_another_administrator(person: Person, besides: Membership | None = None) -> None:
    others = Membership.objects.current().filter(role=Role.ADMINISTRATOR, person__is_active=True)
    others = others.exclude(person=person) if besides is None else others.exclude(pk=besides.pk)
    if not others.exists():
        raise Refused(
            f"{person.name} is the last administrator, and without one nobody could run the rounds. "
            "Make somebody else an administrator first."
        )


def _switch(person: Person, *, on: bool) -> None:
    person.is_active = on
    person.save(update_fields=["is_active"])


def _record_person(by: Person | None, verb: str, person: Person, reason: str = "") -> None:
    record(
        by=by,
        verb=verb,
        subject=called_by_address(person),
        reason=plain_text(reason),
        detail={"person_id": person.pk},
    )
