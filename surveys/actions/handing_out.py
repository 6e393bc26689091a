"""Handing out the work: which colleague answers which section, or which single questions of it."""

from __future__ import annotations

import datetime
from collections.abc import Set
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from surveys import emails
from surveys.actions.assessment_scope import locked_state, record_of
from surveys.actions.mail import queue_mail
from surveys.actions.refusals import Refused
from surveys.models import Membership, Message, Person, SectionAssignment
from surveys.permissions import ANSWERING_ROLES
from surveys.queries.assessments import AssessmentState
from surveys.queries.instruments import Instrument, instrument

TELL_AGAIN_AFTER: Final = datetime.timedelta(hours=1)
"""How long after an e-mail about handed-over work the next one may follow: nine sections are one e-mail."""


@transaction.atomic
def hand_out(
    *,
    by: Person,
    assessment_id: int,
    dimension_code: str,
    person_id: int,
    site: str,
    question_codes: Set[str] = frozenset(),
) -> bool:
    """Hand a dimension, or these single questions of it, to a contributor or lead of the organisation.

    Whoever is handed the whole dimension no longer holds single questions of it. An e-mail tells them; `site`
    is the address of the service without a path. Returns False when they held everything already.

    Raises Http404 when the person may not assign, or there is no such dimension or question; Refused when
    the colleague is not, or no longer, somebody who answers for the organisation, or the system was
    withdrawn.
    """
    state = assigning_state(by, assessment_id)
    if state.withdrawn:
        raise Refused(state.locked)
    asked_by, dimension_id = _part(state, dimension_code, question_codes)
    person = answering_colleague(state, person_id)
    held = SectionAssignment.objects.filter(
        assessment_id=assessment_id, dimension_id=dimension_id, person=person
    )
    known = set(held.values_list("question_id", flat=True))
    wanted: set[int | None] = {asked_by.question_ids[code] for code in question_codes} or {None}
    if None in known or wanted <= known:
        return False
    if wanted == {None}:
        held.delete()
    SectionAssignment.objects.bulk_create(
        SectionAssignment(
            assessment_id=assessment_id,
            dimension_id=dimension_id,
            question_id=question_id,
            person=person,
            assigned_by=by,
            assigned_at=state.now,
        )
        for question_id in wanted - known
    )
    _record(state, by, "assessment.section_assigned", dimension_code, person, question_codes)
    tell_of_work(state, by=by, person=person, site=site)
    return True


@transaction.atomic
def take_back(
    *, by: Person, assessment_id: int, dimension_code: str, person_id: int, question_code: str = ""
) -> bool:
    """Take a dimension, or the single question, back from a colleague; their answers stay.

    Returns False when they did not hold it. Raises Http404 when the person may not assign, or there is no
    such dimension or question.
    """
    state = assigning_state(by, assessment_id)
    codes = frozenset(filter(None, [question_code]))
    asked_by, dimension_id = _part(state, dimension_code, codes)
    held = SectionAssignment.objects.select_related("person").filter(
        assessment_id=assessment_id,
        dimension_id=dimension_id,
        person_id=person_id,
    )
    single = Q(question_id=asked_by.question_ids[question_code]) if question_code else Q(question=None)
    assignment = held.filter(single).first()
    if assignment is None:
        return False
    assignment.delete()
    _record(state, by, "assessment.section_unassigned", dimension_code, assignment.person, codes)
    return True


def assigning_state(by: Person, assessment_id: int) -> AssessmentState:
    """Return an assessment, locked, for somebody who may hand out its work. Raises Http404 for others."""
    state = locked_state(by, assessment_id)
    if not state.powers.assign:
        raise Http404
    return state


def answering_colleague(state: AssessmentState, person_id: int) -> Person:
    """Return a colleague who answers for the organisation now, held until the transaction ends.

    Whoever is being removed meanwhile, perhaps in another round, is removed first: the look at their
    membership comes after the lock. Raises Refused when they do not answer for the organisation.
    """
    list(Person.objects.select_for_update(no_key=True).filter(pk=person_id).values_list("pk"))
    posts = Membership.objects.current().filter(
        organisation_id=state.organisation_id, role__in=ANSWERING_ROLES
    )
    person = Person.objects.filter(pk=person_id, is_active=True, pk__in=posts.values("person_id")).first()
    if person is None:
        raise Refused(
            "Choose somebody who is a contributor or lead of the organisation. You can invite a colleague."
        )
    return person


def tell_of_work(state: AssessmentState, *, by: Person, person: Person, site: str) -> None:
    """Queue the e-mail to a person that work was handed to them, at most one an hour for an assessment.

    Nobody is told of what they did themselves, and whoever has no password yet has their invitation.
    """
    if person.pk == by.pk or not person.has_usable_password():
        return
    recent = person.messages.filter(
        kind=Message.Kind.HANDED_OVER,
        assessment_id=state.id,
        queued_at__gt=timezone.now() - TELL_AGAIN_AFTER,
    )
    if not recent.exists():
        queue_mail(
            mail=emails.handed_over(person, state, site=site, by=by.name),
            kind=Message.Kind.HANDED_OVER,
            person=person,
            by=by,
            round_id=state.round_id,
            assessment_id=state.id,
        )


def _part(state: AssessmentState, dimension_code: str, codes: Set[str]) -> tuple[Instrument, int]:
    """Return the questionnaire and the key of the dimension. Raises Http404 when the codes are not of it."""
    asked_by = instrument(state.questionnaire_id)
    dimension = asked_by.dimension(dimension_code)
    if not codes <= {question.code for question in dimension.all_questions}:
        raise Http404
    return asked_by, asked_by.dimension_ids[dimension_code]


def _record(
    state: AssessmentState,
    by: Person,
    verb: str,
    dimension_code: str,
    person: Person,
    question_codes: Set[str],
) -> None:
    detail = {"dimension": dimension_code, "person": person.name}
    questions = {"questions": sorted(question_codes)} if question_codes else {}
    record_of(state, by=by, verb=verb, detail=detail | questions)
