"""Giving one system more time: while its round is open, or after that for this system alone."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from surveys.actions.audit import record
from surveys.actions.locking import lock_assessment
from surveys.actions.refusals import Refused
from surveys.actions.round_stages import at_the_stage, lock_round
from surveys.actions.typed_text import plain_text
from surveys.models import Assessment, Extension, Person, Round
from surveys.permissions import Permission, require
from surveys.queries.deadlines import moment_in_words

Status = Round.Status


@transaction.atomic
def extend(*, by: Person, assessment_id: int, until: datetime.datetime, reason: str) -> Extension:
    """Give one system until `until` to submit. It replaces an earlier extension of the system.

    In a round that is no longer open the time runs for this system alone, and its round stays as it is: what
    it submits then comes into the results with the next release.

    Raises Http404 for who does not manage rounds; Refused when the round is a draft, when the reason is
    missing, when `until` is past or, in an open round, not after its closing time, when the system was
    withdrawn, and when it has submitted in a round that is no longer open.
    """
    known = Assessment.objects.filter(pk=assessment_id).first()
    if known is None:
        raise Http404
    require(by, Permission.MANAGE, known)
    survey_round = lock_round(by=by, round_id=known.round_id)
    lock_assessment(assessment_id)
    assessment = Assessment.objects.get(pk=assessment_id)
    if assessment.withdrawn_at is not None:
        raise Refused("The system was withdrawn from the round. Let it take part again before you give time.")
    if survey_round.status == Status.DRAFT:
        raise Refused(f"{at_the_stage(survey_round)}, so no system needs more time yet.")
    if survey_round.status == Status.OPEN and timezone.now() < until <= survey_round.closes_at:
        raise Refused(
            "The new deadline must be after the closing time of the round, "
            f"{moment_in_words(survey_round.closes_at)}."
        )
    if survey_round.status != Status.OPEN and assessment.status == Assessment.Status.SUBMITTED:
        raise Refused("It is submitted. Return it to the system, and say there until when it has time.")
    return grant(by=by, assessment=assessment, survey_round=survey_round, until=until, reason=reason)


def grant(
    *, by: Person, assessment: Assessment, survey_round: Round, until: datetime.datetime, reason: str
) -> Extension:
    """Store an extension of an assessment that the caller holds locked, with a record of it.

    Raises Refused when the reason is missing or `until` is not in the future.
    """
    reason = plain_text(reason)
    if not reason:
        raise Refused("Give a reason: it is kept with what was done.")
    if until <= timezone.now():
        raise Refused("The new deadline must be in the future.")
    extension = Extension.objects.create(
        assessment=assessment,
        until=until,
        reason=reason,
        after_closing=survey_round.status != Status.OPEN,
        granted_by=by,
    )
    record(
        by=by,
        verb="assessment.extended",
        subject=f"{assessment.organisation_name}, {survey_round.title}, until {moment_in_words(until)}",
        round_id=survey_round.pk,
        assessment_id=assessment.pk,
        organisation_id=assessment.organisation_id,
        reason=reason,
        detail={"until": until.astimezone(datetime.UTC).isoformat()},
    )
    return extension
