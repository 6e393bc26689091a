"""Locking what an action is about to change, so that two people take their turns."""

from __future__ import annotations

from django.http import Http404

from surveys.models import Assessment


def lock_assessment(assessment_id: int) -> None:
    """Hold the assessment until the transaction ends; whoever wants the same waits here.

    Read what decides only after this: a statement sees what was committed before it began. Raises Http404
    when there is no such assessment.
    """
    found = Assessment.objects.select_for_update(no_key=True).filter(pk=assessment_id).only("pk").first()
    if found is None:
        raise Http404
