"""The one statement that writes answers: a compare-and-set by version for any number of questions at once.

It is SQL of our own because no statement that Django writes can both insert and update with a condition on
the row that is there. The condition holds whether or not the writer has locked the assessment.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from surveys.models.assessment import columns
from surveys.questionnaires.responses import Response

# What is known is asked row by row, as one value: PostgreSQL would answer an EXISTS from a table of every
# answer that there is, made anew for each save, because it cannot tell how many rows are given.
_WRITE = """
WITH started AS (
    UPDATE surveys_assessment SET status = 'in_progress'
    WHERE id = ANY(%(started)s) AND status IN ('not_started', 'returned')
)
INSERT INTO surveys_answer AS stored (
    assessment_id, question_id, version, answered_by_id, answered_at,
    level, options, number, part_codes, part_values, text, other, consent, comment, not_applicable, reason,
    confirmed_from_id
)
SELECT
    given.assessment_id, given.question_id, given.seen + 1, %(person)s, %(moment)s,
    given.level, given.options, given.number, given.part_codes, given.part_values, given.text, given.other,
    given.consent, given.comment, given.not_applicable, given.reason, given.confirmed_from
FROM jsonb_to_recordset(%(rows)s::jsonb) AS given (
    assessment_id bigint, question_id bigint, seen integer,
    level smallint, options varchar[], number numeric, part_codes varchar[], part_values numeric[],
    text text, other text, consent boolean, comment text, not_applicable boolean, reason text,
    confirmed_from bigint
)
WHERE given.seen = 0 OR given.seen = (
    SELECT known.version FROM surveys_answer AS known
    WHERE known.assessment_id = given.assessment_id AND known.question_id = given.question_id
)
ON CONFLICT (assessment_id, question_id) DO UPDATE SET
    version = excluded.version, answered_by_id = excluded.answered_by_id, answered_at = excluded.answered_at,
    level = excluded.level, options = excluded.options, number = excluded.number,
    part_codes = excluded.part_codes, part_values = excluded.part_values, text = excluded.text,
    other = excluded.other, consent = excluded.consent, comment = excluded.comment,
    not_applicable = excluded.not_applicable, reason = excluded.reason,
    confirmed_from_id = excluded.confirmed_from_id
WHERE stored.version = excluded.version - 1
RETURNING assessment_id, question_id, EXISTS (
    SELECT FROM surveys_evidence AS evidence
    WHERE evidence.assessment_id = stored.assessment_id
        AND evidence.question_id = stored.question_id
        AND evidence.removed_at IS NULL
)
"""


@dataclass(frozen=True)
class AnswerRow:
    """What to write to one question. `seen` is the version that it replaces, 0 for no answer yet.

    `confirmed_from` is the key of the round whose answer this confirms; every other writing takes it away.
    """

    assessment_id: int
    question_id: int
    seen: int
    response: Response
    confirmed_from: int | None = None


def write_answers(
    rows: Sequence[AnswerRow],
    *,
    person_id: int,
    moment: datetime.datetime,
    starts: bool = True,
) -> dict[tuple[int, int], bool]:
    """Write the rows whose `seen` is still the stored version, in one statement.

    Returns the (assessment, question) keys that were written, each with whether there is evidence behind the
    answer; the others were overtaken and are untouched.
    The responses must have passed `responses.check`. With `starts`, assessments that are not started or were
    returned become in progress.
    """
    if not rows:
        return {}
    parameters: dict[str, Any] = {
        "started": sorted({row.assessment_id for row in rows}) if starts else [],
        "person": person_id,
        "moment": moment,
        "rows": json.dumps([_given(row) for row in rows], default=str),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, parameters)
        return {(assessment_id, question_id): shown for assessment_id, question_id, shown in cursor}


def _given(row: AnswerRow) -> dict[str, object]:
    return {
        "assessment_id": row.assessment_id,
        "question_id": row.question_id,
        "seen": row.seen,
        "confirmed_from": row.confirmed_from,
        **columns(row.response),
    }
