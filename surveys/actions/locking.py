"""Locking what an action is about to change, so that two people take their turns."""

from __future__ import annotations

from django.db import connection
from django.http import Http404


def lock_assessment(assessment_id: int) -> None:
    """Hold the assessment until the transaction ends; whoever wants the same waits here.

    Read what decides only after this: a statement sees what was committed before it began. Raises Http404
    when there is no such assessment.
    """
    with connection.cursor() as cursor:
        # As select_for_update(no_key=True) does, on every save of an answer: see `assessment_rows`.
        cursor.execute("SELECT FROM surveys_assessment WHERE id = %s FOR NO KEY UPDATE", [assessment_id])
        if cursor.rowcount == 0:
            raise Http404
