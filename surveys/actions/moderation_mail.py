"""Telling people that moderation waits for them, once for all levels of a system and not for each.

In all of these, `site` is the address of the service without a path; empty sends nothing. Nobody is written
to about what they did themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from surveys import emails
from surveys.actions.mail import queue_mail
from surveys.emails import Mail
from surveys.models import (
    Assessment,
    Membership,
    Message,
    Moderation,
    ModerationPlan,
    Person,
    ReviewAssignment,
)
from surveys.models.moderation import OPEN_STATES, ModerationQuerySet
from surveys.permissions import Permission, can, leads_moderation, roles_with
from surveys.queries.signatories import approvers, leads

Kind = Message.Kind
State = Moderation.State


def tell_of_review(review: ReviewAssignment, *, by: Person, site: str) -> None:
    """Tell the reviewer."""
    _tell(
        review.assessment,
        Kind.REVIEW_ASSIGNED,
        [review.reviewer],
        lambda person: emails.review_assigned(person, review.assessment, site=site, by=by.name),
        by=by,
        site=site,
    )


def tell_of_proposal(assessment: Assessment, plan: ModerationPlan, *, by: Person, site: str) -> None:
    """Ask the system's leads and approvers to answer, when no other proposal waits for them already."""
    if _of(assessment).standing(State.WAITING).count() > 1:
        return
    _tell(
        assessment,
        Kind.LEVEL_PROPOSED,
        _of_the_system(assessment),
        lambda person: emails.levels_proposed(person, assessment, site=site, until=plan.answers_until),
        by=by,
        site=site,
    )


def tell_of_answer(assessment: Assessment, plan: ModerationPlan, *, by: Person, site: str) -> None:
    """Tell the reviewers, and who decides if something is challenged, once everything is answered."""
    if _of(assessment).standing(State.WAITING).exists():
        return
    proposers = list(_of(assessment).standing(State.CHALLENGED).values_list("proposed_by_id", flat=True))
    deciders = _deciders(assessment, plan, proposers)
    _tell(
        assessment,
        Kind.PROPOSAL_ANSWERED,
        _reviewers(assessment) | deciders,
        lambda person: emails.proposals_answered(
            person, assessment, site=site, challenged=len(proposers), decides=person in deciders
        ),
        by=by,
        site=site,
    )


def tell_of_decision(assessment: Assessment, *, by: Person, site: str) -> None:
    """Tell the system's leads and approvers, and the reviewers, once nothing is open any more."""
    if _of(assessment).standing(*OPEN_STATES).exists():
        return
    _tell(
        assessment,
        Kind.LEVEL_DECIDED,
        _of_the_system(assessment) | _reviewers(assessment),
        lambda person: emails.levels_decided(person, assessment, site=site),
        by=by,
        site=site,
    )


def _of(assessment: Assessment) -> ModerationQuerySet:
    return Moderation.objects.filter(submission__assessment=assessment)


def _of_the_system(assessment: Assessment) -> set[Person]:
    return {*leads(assessment.organisation_id), *approvers(assessment.organisation_id)}


def _reviewers(assessment: Assessment) -> set[Person]:
    """Return who proposed levels beside the copy that counts, and may still look at it."""
    proposed = _of(assessment).standing(*(state for state in State if state is not State.REPLACED))
    people = Person.objects.filter(pk__in=proposed.values("proposed_by_id"))
    return {person for person in people if can(person, Permission.REVIEW, assessment)}


def _deciders(assessment: Assessment, plan: ModerationPlan, proposers: Collection[int]) -> set[Person]:
    """Return who can decide about what these people proposed, by their keys: the lead reviewer if they can.

    Administrators decide where the lead reviewer proposed something, or leads moderation no more.
    """
    lead = plan.lead_reviewer
    leads = leads_moderation(lead) and can(lead, Permission.REVIEW, assessment)
    deciders = {lead} if leads and any(key != lead.pk for key in proposers) else set()
    if proposers and (not leads or lead.pk in proposers):
        managing = Membership.objects.current().filter(role__in=roles_with(Permission.MANAGE))
        managers = Person.objects.filter(pk__in=managing.values("person_id")).exclude(pk=lead.pk)
        deciders |= {person for person in managers if can(person, Permission.REVIEW, assessment)}
    return deciders


def _tell(
    assessment: Assessment,
    kind: Message.Kind,
    people: Iterable[Person],
    written: Callable[[Person], Mail],
    *,
    by: Person,
    site: str,
) -> None:
    for person in sorted(people, key=lambda each: (each.name, each.pk)) if site else ():
        if person != by:
            queue_mail(
                mail=written(person),
                kind=kind,
                person=person,
                by=by,
                round_id=assessment.round_id,
                assessment_id=assessment.pk,
            )
