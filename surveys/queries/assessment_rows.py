"""The statements that read where assessments stand, and their answers, for every page and save of them.

They are SQL of our own because they are made on nearly every request: putting such a statement together anew
each time took Django several times as long as PostgreSQL takes to answer it. `assessments` says what the
rows mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from surveys.models import Person
from surveys.permissions import Permission, reach

Rows = list[dict[str, Any]]

_STATE_COLUMNS = """
    assessment.id, assessment.organisation_id, assessment.organisation_name, assessment.ods_code,
    assessment.region_name, assessment.round_id, own_round.title AS round_title, own_round.synthetic,
    own_round.declaration, own_round.reference_date, own_round.questionnaire_id,
    own_round.status AS round_status, own_round.opens_at, own_round.closes_at,
    coalesce(extension.after_closing AND own_round.status NOT IN ('draft', 'open'), FALSE) AS reopened,
    CASE WHEN extension.after_closing AND own_round.status NOT IN ('draft', 'open') THEN extension.until
        ELSE greatest(extension.until, own_round.closes_at) END AS deadline,
    extension.reason AS extension_reason, extension.granted_by AS extended_by,
    assessment.status, assessment.sent_at, sender.name AS sent_by, assessment.returned_at,
    returner.name AS returned_by, assessment.return_reason, assessment.added_at, assessment.added_reason,
    (SELECT name FROM surveys_person WHERE id = assessment.added_by_id) AS added_by,
    assessment.withdrawn_at, assessment.withdrawal_reason,
    (SELECT name FROM surveys_person WHERE id = assessment.withdrawn_by_id) AS withdrawn_by,
    EXISTS (SELECT FROM surveys_submission WHERE assessment_id = assessment.id) AS submitted,
    ARRAY(
        SELECT dimension_id FROM surveys_sectionassignment
        WHERE assessment_id = assessment.id AND person_id = %(person)s AND question_id IS NULL
    ) AS dimensions_handed,
    ARRAY(
        SELECT question_id FROM surveys_sectionassignment
        WHERE assessment_id = assessment.id AND person_id = %(person)s AND question_id IS NOT NULL
    ) AS questions_handed
"""
_STATE_ROWS = """
surveys_assessment AS assessment
JOIN surveys_round AS own_round ON own_round.id = assessment.round_id
LEFT JOIN surveys_person AS sender ON sender.id = assessment.sent_by_id
LEFT JOIN surveys_person AS returner ON returner.id = assessment.returned_by_id
LEFT JOIN LATERAL (
    SELECT until, reason, after_closing, granter.name AS granted_by
    FROM surveys_extension AS given JOIN surveys_person AS granter ON granter.id = given.granted_by_id
    WHERE given.assessment_id = assessment.id
    ORDER BY given.id DESC LIMIT 1
) AS extension ON TRUE
"""
_ANSWER_COLUMNS = """
    answer.question_id, answer.version, answerer.name AS answered_by, answer.answered_at,
    confirmed.title AS confirmed_title,
    EXISTS (
        SELECT FROM surveys_evidence AS evidence
        WHERE evidence.assessment_id = answer.assessment_id
            AND evidence.question_id = answer.question_id
            AND evidence.removed_at IS NULL
    ) AS evidenced,
    answer.level, answer.options, answer.number, answer.part_codes, answer.part_values, answer.text,
    answer.other, answer.consent, answer.comment, answer.not_applicable, answer.reason
"""
_ANSWER_ROWS = """
surveys_answer AS answer
JOIN surveys_person AS answerer ON answerer.id = answer.answered_by_id
LEFT JOIN surveys_round AS confirmed ON confirmed.id = answer.confirmed_from_id
"""
_READABLE = """(
    %(everywhere)s OR assessment.organisation_id = ANY(%(within)s)
    OR assessment.organisation_id = ANY(%(once_submitted)s) AND assessment.status = 'submitted'
)"""


def _select(columns: str, rows: str, where: str) -> str:
    return f"SELECT {columns} FROM {rows} WHERE {where}"  # noqa: S608 - all three are constants of this module


_STATE = _select(_STATE_COLUMNS, _STATE_ROWS, f"{_READABLE} AND assessment.id = %(assessment)s")
_STATES_OF_ORGANISATIONS = _select(
    _STATE_COLUMNS,
    _STATE_ROWS,
    f"""{_READABLE} AND assessment.organisation_id = ANY(%(organisations)s)
    ORDER BY own_round.opens_at DESC, assessment.organisation_name, assessment.id""",
)
_STATE_WITH_ANSWERS = _select(
    f"{_STATE_COLUMNS}, {_ANSWER_COLUMNS}",
    f"""{_STATE_ROWS} LEFT JOIN ({_ANSWER_ROWS})
    ON answer.assessment_id = assessment.id AND answer.question_id = ANY(%(questions)s)""",
    f"{_READABLE} AND assessment.id = %(assessment)s",
)
_ANSWERS = _select(_ANSWER_COLUMNS, _ANSWER_ROWS, "answer.assessment_id = %(assessment)s")


def state_rows(person: Person, assessment_id: int) -> Rows:
    """Return the row of an assessment that the person may read; none when there is none for them."""
    return _readable(person, _STATE, {"assessment": assessment_id})


def state_rows_of_organisations(person: Person, organisation_ids: Sequence[int]) -> Rows:
    """Return the rows of the assessments of organisations that the person may read.

    Those of the round that opened last come first.
    """
    return _readable(person, _STATES_OF_ORGANISATIONS, {"organisations": list(organisation_ids)})


def state_rows_with_answers(person: Person, assessment_id: int, question_ids: Sequence[int]) -> Rows:
    """Return the row of an assessment as `state_rows` does, once for each answer to these questions.

    Without answers it is there once, and every column of an answer is None.
    """
    about = {"assessment": assessment_id, "questions": list(question_ids)}
    return _readable(person, _STATE_WITH_ANSWERS, about)


def answer_rows(assessment_id: int) -> Rows:
    """Return the rows of every answer of an assessment."""
    return _rows(_ANSWERS, {"assessment": assessment_id})


def _readable(person: Person, statement: str, about: Mapping[str, Any]) -> Rows:
    within = reach(person, Permission.READ_ASSESSMENT)
    who = {
        "person": person.pk,
        "everywhere": within.everywhere,
        "within": list(within.organisations),
        "once_submitted": list(within.once_submitted),
    }
    return _rows(statement, {**who, **about})


def _rows(statement: str, parameters: dict[str, Any]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
