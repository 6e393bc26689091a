"""Who takes part in a round that has opened: a system added, withdrawn, or taking part again.

Each is done with a reason, under a lock of the round. Releases that are out stay as they are, whoever they
count; a release that is made later counts the systems that take part then.
"""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from surveys.actions.audit import record
from surveys.actions.locking import lock_assessment
from surveys.actions.refusals import Refused
from surveys.actions.round_stages import at_the_stage, lock_round
from surveys.actions.typed_text import plain_text
from surveys.models import Assessment, Participant, Person, Round
from surveys.permissions import Permission, require
from surveys.queries.deadlines import day_in_words
from surveys.queries.participants import TAKES_SYSTEMS
from surveys.queries.round_setup import place_of, setup


@transaction.atomic
def add_participant(*, by: Person, round_id: int, organisation_id: int, reason: str) -> Assessment:
    """Let a system take part in a round that has opened, and return its new assessment.

    It gets the name, the code and the region of the round's day, as if it had been chosen before the opening.

    Raises Http404 for who does not manage rounds; Refused when the round takes no system at its stage, when
    the system is in the round already or was no system on the round's day, when something is missing that a
    system needs to take part, and without a reason.
    """
    survey_round = lock_round(by=by, round_id=round_id)
    if survey_round.status not in TAKES_SYSTEMS:
        raise Refused(
            f"{at_the_stage(survey_round)}. A system can be added while a round is open, or closed and not "
            "released yet. Before that, choose the systems; after it, the next round is theirs."
        )
    reason = _required(reason)
    known = Assessment.objects.filter(round=survey_round, organisation_id=organisation_id).first()
    if known is not None:
        raise Refused(_in_the_round_already(known))
    place = place_of(survey_round, organisation_id)
    if place is None:
        raise Refused("There is no such system on the round's day. Choose one from the list.")
    lacks = setup(survey_round, (place,)).lacks
    if lacks:
        raise Refused("It cannot take part yet. " + " ".join(lack.text for lack in lacks))
    Participant.objects.create(round=survey_round, organisation_id=organisation_id)
    assessment = Assessment.objects.create(
        round=survey_round, added_at=timezone.now(), added_by=by, added_reason=reason, **place.frozen
    )
    _record(by, "assessment.added", assessment, survey_round, reason)
    return assessment


@transaction.atomic
def withdraw_participant(*, by: Person, assessment_id: int, reason: str) -> Assessment:
    """Take a system out of a round that has opened. Everything that it answered is kept, and nothing changes.

    Raises Http404 for who does not manage rounds; Refused when it is withdrawn already, when it is the last
    system of the round, and without a reason.
    """
    assessment, survey_round = _held(by, assessment_id)
    if assessment.withdrawn_at is not None:
        raise Refused(_in_the_round_already(assessment))
    reason = _required(reason)
    others = Assessment.objects.filter(round=survey_round).taking_part().exclude(pk=assessment.pk)
    if not others.exists():
        raise Refused(f"{assessment.organisation_name} is the last system in the round, so it stays in it.")
    assessment.withdrawn_at, assessment.withdrawn_by = timezone.now(), by
    assessment.withdrawal_reason = reason
    assessment.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    _record(by, "assessment.withdrawn", assessment, survey_round, reason)
    return assessment


@transaction.atomic
def restore_participant(*, by: Person, assessment_id: int, reason: str) -> Assessment:
    """Let a withdrawn system take part again, from where it stood.

    Raises Http404 for who does not manage rounds; Refused when it takes part, and without a reason.
    """
    assessment, survey_round = _held(by, assessment_id)
    if assessment.withdrawn_at is None:
        raise Refused(_in_the_round_already(assessment))
    reason = _required(reason)
    assessment.withdrawn_at, assessment.withdrawn_by = None, None
    assessment.withdrawal_reason = ""
    assessment.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    _record(by, "assessment.restored", assessment, survey_round, reason)
    return assessment


def _held(by: Person, assessment_id: int) -> tuple[Assessment, Round]:
    """Return an assessment and its round as they are now, both held until the transaction ends."""
    known = Assessment.objects.filter(pk=assessment_id).first()
    if known is None:
        raise Http404
    require(by, Permission.MANAGE, known)
    survey_round = lock_round(by=by, round_id=known.round_id)
    lock_assessment(assessment_id)
    return Assessment.objects.select_related("withdrawn_by").get(pk=assessment_id), survey_round


def _in_the_round_already(assessment: Assessment) -> str:
    name = assessment.organisation_name
    if assessment.withdrawn_at is None or assessment.withdrawn_by is None:
        return f"{name} takes part in the round already. Nothing was changed."
    who, day = assessment.withdrawn_by.name, day_in_words(assessment.withdrawn_at)
    return f"{name} was withdrawn from the round by {who} on {day}. Nothing was changed."


def _required(reason: str) -> str:
    kept = plain_text(reason)
    if not kept:
        raise Refused("Give a reason: it is kept with what was done.")
    return kept


def _record(by: Person, verb: str, assessment: Assessment, survey_round: Round, reason: str) -> None:
    record(
        by=by,
        verb=verb,
        subject=f"{assessment.organisation_name}, {survey_round.title}",
        round_id=survey_round.pk,
        assessment_id=assessment.pk,
        organisation_id=assessment.organisation_id,
        reason=reason,
        detail={"status": str(assessment.status)},
    )
