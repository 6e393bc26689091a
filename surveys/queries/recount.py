"""The figures of a release counted anew by PostgreSQL from the signed copies: a second way to each of them.

Nothing of what scores, freezes and shows a release is used here, so that a mistake there is found. It holds
for questionnaires whose scored questions have levels of equal weight and are always asked. Where a level was
moderated, the final one counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection

PLACES: Final = 6
"""To how many places quantiles are given: PostgreSQL works them out in binary fractions."""

_SIGNED: Final = """
WITH signed AS (
    SELECT
        place.ods_code, dimension.code AS dimension, question.code AS question,
        coalesce(
            moderated.final, (copy.content::jsonb #>> ARRAY['answers', question.code, 'level'])::numeric
        ) AS level
    FROM surveys_releasedsubmission AS held
    JOIN surveys_submission AS copy ON copy.id = held.submission_id
    JOIN surveys_assessment AS place ON place.id = held.assessment_id
    JOIN surveys_round AS own_round ON own_round.id = place.round_id
    JOIN surveys_dimension AS dimension ON dimension.questionnaire_id = own_round.questionnaire_id
    JOIN surveys_question AS question ON question.dimension_id = dimension.id AND question.scored
    LEFT JOIN surveys_releasedmoderation AS moderated
        ON moderated.release_id = held.release_id AND moderated.assessment_id = held.assessment_id
        AND moderated.question_id = question.id
    WHERE held.release_id = %(release)s
), scored AS (
    SELECT
        ods_code, dimension,
        CASE WHEN count(level) >= %(share)s * count(*) THEN round(avg(level), 4) END AS score
    FROM signed GROUP BY ods_code, dimension
)
"""

_SCORES: Final = "SELECT ods_code, dimension, score FROM scored"

_STORED: Final = """
SELECT place.ods_code, frozen.code, frozen.score
FROM surveys_result AS frozen JOIN surveys_assessment AS place ON place.id = frozen.assessment_id
WHERE frozen.release_id = %(release)s AND frozen.measure = 'dimension'
"""

_SPREADS: Final = """
SELECT
    dimension, count(score), min(score), max(score),
    percentile_cont(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9]) WITHIN GROUP (ORDER BY score)
FROM scored WHERE score IS NOT NULL GROUP BY dimension
"""

_LEVELS: Final = """
SELECT question, level::integer, count(*) FROM signed WHERE level IS NOT NULL GROUP BY question, level
"""


@dataclass(frozen=True)
class Recount:
    """What a release must say.

    `scores` and `stored`, what was frozen, are by system and dimension; None where there is no score. A
    spread has n, minimum, p10, q1, median, q3, p90 and maximum by dimension. `levels` counts systems by
    question and level.
    """

    scores: Mapping[tuple[str, str], Decimal | None]
    stored: Mapping[tuple[str, str], Decimal | None]
    spreads: Mapping[str, Mapping[str, Decimal]]
    levels: Mapping[str, Mapping[int, int]]


def recount(release_id: int, minimum_share: Decimal) -> Recount:
    """Count a release anew. A score needs `minimum_share` of its questions answered, from 0 to 1."""
    parameters = {"release": release_id, "share": minimum_share}
    levels: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for question, level, systems in _rows(_SIGNED + _LEVELS, parameters):
        levels[question][level] = systems
    return Recount(
        scores={(code, dimension): score for code, dimension, score in _rows(_SIGNED + _SCORES, parameters)},
        stored={(code, dimension): score for code, dimension, score in _rows(_STORED, parameters)},
        spreads={
            dimension: _spread(Decimal(n), lowest, highest, quantiles)
            for dimension, n, lowest, highest, quantiles in _rows(_SIGNED + _SPREADS, parameters)
        },
        levels=levels,
    )


def _spread(n: Decimal, lowest: Decimal, highest: Decimal, quantiles: list[float]) -> dict[str, Decimal]:
    p10, q1, median, q3, p90 = (round(Decimal(each), PLACES) for each in quantiles)
    return {
        "n": n,
        "minimum": lowest,
        "p10": p10,
        "q1": q1,
        "median": median,
        "q3": q3,
        "p90": p90,
        "maximum": highest,
    }


_STATUSES: Final = """
SELECT ods_code, status FROM surveys_assessment WHERE round_id = %(round)s AND withdrawn_at IS NULL
"""

_TOLD: Final = """
SELECT
    kept.verb, kept.rows,
    (SELECT count(*) FROM surveys_event AS event WHERE event.verb = kept.verb AND event.round_id = %(round)s)
FROM (
    SELECT 'assessment.submitted' AS verb, count(*) AS rows
    FROM surveys_submission AS kept JOIN surveys_assessment AS place ON place.id = kept.assessment_id
    WHERE place.round_id = %(round)s
    UNION ALL
    SELECT 'assessment.extended', count(*)
    FROM surveys_extension AS kept JOIN surveys_assessment AS place ON place.id = kept.assessment_id
    WHERE place.round_id = %(round)s
    UNION ALL
    SELECT 'evidence.added', count(*)
    FROM surveys_evidence AS kept JOIN surveys_assessment AS place ON place.id = kept.assessment_id
    WHERE place.round_id = %(round)s
    UNION ALL
    SELECT 'comment.added', count(*)
    FROM surveys_comment AS kept JOIN surveys_assessment AS place ON place.id = kept.assessment_id
    WHERE place.round_id = %(round)s
    UNION ALL
    SELECT 'moderation.proposed', count(*)
    FROM surveys_moderation AS kept
    JOIN surveys_submission AS copy ON copy.id = kept.submission_id
    JOIN surveys_assessment AS place ON place.id = copy.assessment_id
    WHERE place.round_id = %(round)s
    UNION ALL
    SELECT 'challenge.raised', count(*)
    FROM surveys_challenge AS kept JOIN surveys_assessment AS place ON place.id = kept.assessment_id
    WHERE place.round_id = %(round)s
    UNION ALL
    SELECT 'round.released_provisionally', count(*)
    FROM surveys_release AS kept WHERE kept.round_id = %(round)s AND kept.kind = 'provisional'
) AS kept
"""


def statuses(round_id: int) -> Mapping[str, str]:
    """Return the status of each system that takes part in a round, by ODS code."""
    return dict(_rows(_STATUSES, {"round": round_id}))


def told(round_id: int) -> Mapping[str, tuple[int, int]]:
    """Return for kinds of deeds in a round how many rows they left, and how many events tell of them."""
    return {verb: (rows, events) for verb, rows, events in _rows(_TOLD, {"round": round_id})}


def _rows(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
