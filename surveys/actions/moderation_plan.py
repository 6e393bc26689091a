"""Preparing the moderation of a round: who decides, until when, and who reviews which system."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from surveys.actions.audit import record
from surveys.actions.locking import lock_assessment
from surveys.actions.moderation_mail import tell_of_review
from surveys.actions.refusals import Refused
from surveys.actions.round_stages import at_the_stage, lock_round
from surveys.models import Assessment, ModerationPlan, Person, ReviewAssignment, Round
from surveys.permissions import RESPONDENT_ROLES, Permission, can, leads_moderation, posts, require
from surveys.queries.deadlines import moment_in_words


@transaction.atomic
def plan_moderation(
    *,
    by: Person,
    round_id: int,
    lead_reviewer_id: int,
    answers_until: datetime.datetime,
    seen: datetime.datetime | None,
) -> ModerationPlan:
    """Say who decides about the proposed levels of a round, and until when systems may answer proposals.

    It can be changed until the results are published. `seen` is when the plan that the person looked at was
    last changed; None when there was none.

    Raises Http404 for who does not manage rounds; Refused when the round is published, when the plan was
    changed meanwhile, when the person named may not moderate every system, and when `answers_until` is past
    or not after the closing time of a round that is not closed yet.
    """
    survey_round = lock_round(by=by, round_id=round_id)
    if survey_round.status == Round.Status.PUBLISHED:
        raise Refused(f"{at_the_stage(survey_round)}, so nothing is moderated any more.")
    plan = ModerationPlan.objects.filter(round=survey_round).select_related("lead_reviewer").first()
    if (plan.changed_at if plan else None) != seen:
        raise Refused("Somebody else changed the plan since you opened this page. Look at it again.")
    lead_reviewer = Person.objects.filter(pk=lead_reviewer_id).first()
    if lead_reviewer is None or not leads_moderation(lead_reviewer):
        raise Refused(
            "The lead reviewer is a national analyst or an administrator whose account is switched on."
        )
    _require_time(survey_round, answers_until)
    values = {
        "lead_reviewer": lead_reviewer,
        "answers_until": answers_until,
        "changed_by": by,
        "changed_at": timezone.now(),
    }
    plan, _ = ModerationPlan.objects.update_or_create(round=survey_round, defaults=values)
    record(
        by=by,
        verb="moderation.planned",
        subject=str(survey_round),
        round_id=survey_round.pk,
        detail={
            "lead_reviewer": lead_reviewer.name,
            "answers_until": answers_until.astimezone(datetime.UTC).isoformat(),
        },
    )
    return plan


def _require_time(survey_round: Round, answers_until: datetime.datetime) -> None:
    if answers_until <= timezone.now():
        raise Refused("The time until which systems may answer must be in the future.")
    still_to_close = survey_round.status in {Round.Status.DRAFT, Round.Status.OPEN}
    if still_to_close and answers_until <= survey_round.closes_at:
        raise Refused(
            "Levels are proposed after the closing of the round, so systems need time to answer after "
            f"{moment_in_words(survey_round.closes_at)}."
        )


@transaction.atomic
def assign_reviewer(*, by: Person, assessment_id: int, email: str, site: str = "") -> ReviewAssignment:
    """Ask somebody to review an assessment: an analyst who may, or a person of another system.

    The latter may read its latest signed copy from then on, and propose levels, until the assignment ends.
    The reviewer gets an e-mail; `site` is the address of the service without a path, and empty sends none.

    Raises Http404 when there is no such assessment, or for who does not manage rounds; Refused when nobody
    active has that e-mail address, or they work for the system, have no role, may not see its region, or
    review it already.
    """
    assessment = _held(by, assessment_id)
    reviewer = Person.objects.filter(email__iexact=email.strip()).first()
    if reviewer is None or not posts(reviewer):
        raise Refused(
            "Nobody with a role in the service has this e-mail address. Check it, or add the person first."
        )
    _require_fit(reviewer, assessment)
    if ReviewAssignment.objects.filter(assessment=assessment, reviewer=reviewer, ended_at=None).exists():
        raise Refused(f"{reviewer.name} reviews {assessment.organisation_name} already.")
    review = ReviewAssignment.objects.create(assessment=assessment, reviewer=reviewer, assigned_by=by)
    _record(review, by=by, verb="moderation.reviewer_assigned")
    tell_of_review(review, by=by, site=site)
    return review


def _require_fit(reviewer: Person, assessment: Assessment) -> None:
    roles = posts(reviewer)
    if any(
        post.role in RESPONDENT_ROLES
        and (post.covers(assessment.organisation_id) or assessment.organisation_id in post.inherited)
        for post in roles
    ):
        raise Refused(
            f"{reviewer.name} works for {assessment.organisation_name}, and nobody reviews their own system."
        )
    peer = any(post.role in RESPONDENT_ROLES for post in roles)
    if not peer and not can(reviewer, Permission.MODERATE, assessment):
        raise Refused(
            f"{reviewer.name} is an analyst of another region. Choose an analyst who may see "
            f"{assessment.region_name}, or somebody of another system."
        )


@transaction.atomic
def end_review(*, by: Person, assessment_id: int, review_id: int) -> ReviewAssignment:
    """End what `assign_reviewer` began. What the reviewer proposed stays.

    Raises Http404 when there is no such assignment, or for who does not manage rounds; Refused when it has
    ended already.
    """
    assessment = _held(by, assessment_id)
    rows = ReviewAssignment.objects.select_related("reviewer")
    review = rows.filter(pk=review_id, assessment=assessment).first()
    if review is None:
        raise Http404
    if review.ended_at is not None:
        raise Refused(f"{review.reviewer.name} does not review {assessment.organisation_name} any more.")
    review.ended_by, review.ended_at = by, timezone.now()
    review.save(update_fields=["ended_by", "ended_at"])
    _record(review, by=by, verb="moderation.review_ended")
    return review


def _held(by: Person, assessment_id: int) -> Assessment:
    """Return the assessment, locked, for somebody who manages rounds."""
    lock_assessment(assessment_id)
    assessment = Assessment.objects.select_related("round").get(pk=assessment_id)
    require(by, Permission.MANAGE, assessment)
    return assessment


def _record(review: ReviewAssignment, *, by: Person, verb: str) -> None:
    assessment = review.assessment
    record(
        by=by,
        verb=verb,
        subject=f"{assessment.organisation_name}, {assessment.round.title}",
        round_id=assessment.round_id,
        assessment_id=assessment.pk,
        organisation_id=assessment.organisation_id,
        detail={"person": review.reviewer.name},
    )
