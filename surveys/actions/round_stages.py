"""A round that is about to change: locked, and moved from one stage of its life to another.

The locks leave the keys alone, as all of ours do: an action that holds an assessment may write a row that
refers to the round while another action holds that and waits for the assessment.
"""

from __future__ import annotations

from django.http import Http404

from surveys.models import Assessment, Person, Round
from surveys.permissions import Permission, require_anywhere


def lock_round(*, by: Person | None, round_id: int) -> Round:
    """Return the round as it is now, held until the transaction ends; whoever wants the same waits here.

    Raises Http404 when there is no such round, or for who does not manage rounds.
    """
    require_anywhere(by, Permission.MANAGE)
    return hold_round(round_id)


def hold_round(round_id: int) -> Round:
    """Return the round as `lock_round` does, for who need not manage it. Raises Http404 for none."""
    rows = Round.objects.select_for_update(no_key=True, of=("self",)).select_related("questionnaire")
    survey_round = rows.filter(pk=round_id).first()
    if survey_round is None:
        raise Http404
    return survey_round


def lock_assessments(survey_round: Round) -> list[Assessment.Status]:
    """Hold every assessment of a round until the transaction ends, and return the status of each taking part.

    Nothing is saved, signed or returned meanwhile: what is under way ends before, what waits comes after.
    """
    rows = Assessment.objects.select_for_update(no_key=True).filter(round=survey_round).order_by("pk")
    held = rows.values_list("status", "withdrawn_at")
    return [Assessment.Status(status) for status, withdrawn_at in held if withdrawn_at is None]


def at_the_stage(survey_round: Round) -> str:
    """Return the beginning of a sentence that says where the round is in its life."""
    return f"“{survey_round}” is at the stage “{survey_round.get_status_display()}”"


def move(survey_round: Round, to: Round.Status) -> None:
    """Store the new stage of a round. Whether it may move there is for the action that calls this one."""
    survey_round.status = to
    survey_round.save(update_fields=["status"])
