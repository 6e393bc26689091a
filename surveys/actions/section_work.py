"""Noting that a section is being worked on: by whom just now, and for how long in all.

One statement of our own, because it is made on every page view and every half minute.
"""

from __future__ import annotations

import datetime
from typing import Any, Final

from django.db import connection
from django.http import Http404
from django.utils import timezone

from surveys.models import Person
from surveys.queries.assessments import AssessmentState
from surveys.queries.instruments import instrument

PRESENT_FOR: Final = datetime.timedelta(minutes=2)
"""How long after the last sign somebody counts as present."""

LONGEST_GAP: Final = datetime.timedelta(minutes=10)
"""A longer time without a sign ends a spell of work."""

# Rows that somebody else is changing at this moment are left for the next time: nobody waits for them. Nor
# does anybody wait until a disk has it: a crash of the database may lose the last second of it. Within the
# transaction of somebody else, who may need it on disk, that stays as it is.
_NOTE = """
WITH forgotten AS (
    DELETE FROM surveys_presence WHERE id IN (
        SELECT id FROM surveys_presence
        WHERE seen_at < %(forget_before)s AND person_id <> %(person)s
        FOR UPDATE SKIP LOCKED
    )
), here AS (
    INSERT INTO surveys_presence (assessment_id, dimension_id, person_id, seen_at)
    SELECT %(assessment)s, %(dimension)s, %(person)s, %(moment)s
    FROM set_config(
        'synchronous_commit',
        CASE WHEN %(alone)s THEN 'off' ELSE current_setting('synchronous_commit') END,
        TRUE
    )
    ON CONFLICT (assessment_id, dimension_id, person_id) DO UPDATE SET seen_at = excluded.seen_at
), continued AS (
    UPDATE surveys_workspell SET ended_at = greatest(ended_at, %(moment)s)
    WHERE id = (
        SELECT id FROM surveys_workspell
        WHERE assessment_id = %(assessment)s AND dimension_id = %(dimension)s
        ORDER BY ended_at DESC, id DESC LIMIT 1
    ) AND ended_at >= %(gap_from)s
    RETURNING id
), begun AS (
    INSERT INTO surveys_workspell (assessment_id, dimension_id, started_at, ended_at)
    SELECT %(assessment)s, %(dimension)s, %(moment)s, %(moment)s
    WHERE NOT EXISTS (SELECT FROM continued)
)
SELECT person.name
FROM surveys_presence AS present JOIN surveys_person AS person ON person.id = present.person_id
WHERE present.assessment_id = %(assessment)s AND present.dimension_id = %(dimension)s
    AND present.person_id <> %(person)s AND present.seen_at >= %(forget_before)s
ORDER BY person.name, person.id
"""


def note_work(*, by: Person, state: AssessmentState, dimension_code: str) -> tuple[str, ...]:
    """Note that the person works on a section now; return the names of the others who do, in one statement.

    `state` is the assessment as `by` may read it. Raises Http404 when they may not answer the section or
    nothing can be answered now: then nobody works on it, and nobody's presence is kept.
    """
    if state.locked or not state.powers.may_answer_in(dimension_code):
        raise Http404
    moment = timezone.now()
    parameters: dict[str, Any] = {
        "assessment": state.id,
        "dimension": instrument(state.questionnaire_id).dimension_ids[dimension_code],
        "person": by.pk,
        "moment": moment,
        "forget_before": moment - PRESENT_FOR,
        "gap_from": moment - LONGEST_GAP,
        "alone": not connection.in_atomic_block,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, parameters)
        return tuple(name for (name,) in cursor.fetchall())
