"""Colleagues who answer for an organisation: invited, invited again, removed by those who hand out work.

They are contributors of the assessment's own organisation; everybody else is for administrators.
"""

from __future__ import annotations

import datetime
from collections.abc import Set
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from surveys.actions.assessment_scope import record_of
from surveys.actions.handing_out import answering_colleague, assigning_state, hand_out, tell_of_work
from surveys.actions.memberships import end, join_organisation
from surveys.actions.people import AlreadyKnown, new_account, send_invitation
from surveys.actions.refusals import Refused
from surveys.models import Membership, Message, Person
from surveys.models.person import MembershipQuerySet
from surveys.permissions import ANSWERING_ROLES
from surveys.queries.assessments import AssessmentState

Role = Membership.Role

INVITATIONS_IN_AN_HOUR: Final = 3
"""To one colleague."""

NEWCOMERS_IN_AN_HOUR: Final = 30
"""By one person: the service writes to any address that they type."""


@dataclass(frozen=True)
class Invited:
    """Who was invited. `known`: they had an account already, so they got no second one."""

    person_id: int
    name: str
    known: bool


@transaction.atomic
def invite_colleague(
    *,
    by: Person,
    assessment_id: int,
    email: str,
    name: str,
    job_title: str,
    site: str,
    dimension_codes: Set[str] = frozenset(),
) -> Invited:
    """Make somebody a contributor of the assessment's organisation, and hand them these dimensions.

    Whoever has no account gets one, and an invitation with a link that works once. Whoever has one keeps it
    as it is and is told of the work. `site` is the address of the service without a path.

    Raises Http404 when the person may not assign, or there is no such dimension; Refused when something is
    missing, they answer for the organisation already, or their account is switched off.
    """
    state = assigning_state(by, assessment_id)
    _require_few_invitations(by)
    try:
        person, known = new_account(by, email, name, job_title), False
    except AlreadyKnown as refused:
        person, known = Person.objects.select_for_update(no_key=True).get(pk=refused.person_id), True
    _require_newcomer(state, person)
    join_organisation(by, person, Role.CONTRIBUTOR, state.organisation_id)
    if not person.has_usable_password():
        send_invitation(by, person, site, state.organisation_name)
    for code in sorted(dimension_codes):
        hand_out(by=by, assessment_id=assessment_id, dimension_code=code, person_id=person.pk, site=site)
    tell_of_work(state, by=by, person=person, site=site)
    return Invited(person.pk, person.name, known)


def _require_few_invitations(by: Person) -> None:
    """Raise Refused when somebody invites more people than colleagues they can have."""
    an_hour_ago = timezone.now() - datetime.timedelta(hours=1)
    recent = Message.objects.filter(kind=Message.Kind.INVITATION, queued_by=by, queued_at__gt=an_hour_ago)
    if recent.count() >= NEWCOMERS_IN_AN_HOUR:
        raise Refused(
            f"You have invited {NEWCOMERS_IN_AN_HOUR} people in the last hour. Nobody else was invited. Try "
            "again later, or ask the programme team to add them."
        )


def _require_newcomer(state: AssessmentState, person: Person) -> None:
    if not person.is_active:
        raise Refused(
            f"The account of {person.name} with this e-mail address is switched off. "
            "Ask the programme team to switch it on."
        )
    if _posts(state, person.pk).exists():
        raise Refused(
            f"{person.name} answers for {state.organisation_name} already. "
            "Choose them from the list of colleagues of a section."
        )


def _posts(state: AssessmentState, person_id: int) -> MembershipQuerySet:
    return Membership.objects.current().filter(
        person_id=person_id, organisation_id=state.organisation_id, role__in=ANSWERING_ROLES
    )


@transaction.atomic
def invite_colleague_again(*, by: Person, assessment_id: int, person_id: int, site: str) -> Person:
    """Queue the invitation again, to a colleague who has not chosen a password yet. Older links still work.

    Raises Http404 when the person may not assign; Refused when the colleague does not answer for the
    organisation, has chosen a password, or was invited three times within the hour.
    """
    state = assigning_state(by, assessment_id)
    person = answering_colleague(state, person_id)
    if person.has_usable_password():
        raise Refused(
            f"{person.name} has chosen a password already. "
            "On the sign-in page they can ask for a link to choose another one."
        )
    an_hour_ago = timezone.now() - datetime.timedelta(hours=1)
    recent = person.messages.filter(kind=Message.Kind.INVITATION, queued_at__gt=an_hour_ago)
    if recent.count() >= INVITATIONS_IN_AN_HOUR:
        raise Refused(
            f"{person.name} was invited {INVITATIONS_IN_AN_HOUR} times in the last hour. Ask them to look in "
            "their junk mail, and check the e-mail address with them before you try again."
        )
    send_invitation(by, person, site, state.organisation_name)
    return person


@transaction.atomic
def remove_colleague(*, by: Person, assessment_id: int, person_id: int) -> Person:
    """End a contributor's membership of the organisation. What they answered stays, with their name.

    Everything of the organisation that was handed to them is handed out to nobody again, in every round.

    Raises Http404 when the person may not assign, or there is no such contributor.
    """
    state = assigning_state(by, assessment_id)
    person = Person.objects.select_for_update(no_key=True).filter(pk=person_id).first()
    membership = _posts(state, person_id).filter(role=Role.CONTRIBUTOR).first()
    if person is None or membership is None:
        raise Http404
    pieces = end(by, person, membership)
    detail = {"person": person.name, "handed_back": pieces}
    record_of(state, by=by, verb="assessment.colleague_removed", detail=detail)
    return person
