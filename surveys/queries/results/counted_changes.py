"""How thousands of systems changed between two rounds, worked out in the database.

Only where each comparable question is one with levels that every system is asked, in both rounds: then a
system's comparable questions are the same for all, and a score is the weighted mean of its levels.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from decimal import Decimal

from django.db import connection

from surveys.analysis.change import Change
from surveys.analysis.rounding import half_up
from surveys.analysis.scores import SCORE_PLACES, Score
from surveys.models import Question, ReleasedAnswer
from surveys.queries.instruments import instrument
from surveys.queries.results.released import ReleaseHead
from surveys.queries.results.systems import NO_VALUE, Systems, as_decimal
from surveys.questionnaires.schema import QuestionKind, Questionnaire, ScoringMethod

# Numbers are exact; PostgreSQL's round() takes a half away from zero, which is up for what is above zero.
_BOTH_ROUNDS = """
    WITH pairs AS (
        SELECT *
        FROM unnest(%(new)s::bigint[], %(old)s::bigint[], %(dimension)s::text[], %(weight)s::numeric[])
            AS pair (new, old, dimension, weight)
    )
    SELECT now.assessment_id, coalesce(pairs.dimension, ''), count(*),
        (round(sum(weight * before.level) / sum(weight), 4) * 10000)::bigint,
        (round(sum(weight * now.level) / sum(weight), 4) * 10000)::bigint
    FROM surveys_releasedanswer now
    JOIN pairs ON pairs.new = now.question_id
    JOIN surveys_assessment later ON later.id = now.assessment_id
    JOIN surveys_assessment earlier ON earlier.organisation_id = later.organisation_id
        AND earlier.round_id = %(round_then)s
    JOIN surveys_releasedanswer before ON before.release_id = %(then)s
        AND before.assessment_id = earlier.id AND before.question_id = pairs.old
    WHERE now.release_id = %(now)s AND now.level IS NOT NULL AND before.level IS NOT NULL
    GROUP BY GROUPING SETS ((now.assessment_id, pairs.dimension), (now.assessment_id))
"""


class ChangeColumn:
    """What every system scored in both rounds on some questions, by place, and how many these were."""

    def __init__(self, size: int) -> None:
        self.questions = array("H", [0]) * size
        self.before = array("q", [NO_VALUE]) * size
        self.after = array("q", [NO_VALUE]) * size


class CountedChanges:
    """The changes of every system. `codes` are the comparable questions of each dimension and of all."""

    def __init__(
        self, systems: Systems, codes: Mapping[str, Mapping[str, str]], minimum_share: Decimal
    ) -> None:
        size = len(systems.columns.names)
        self._codes = codes
        self._minimum_share = minimum_share
        self._columns = {code: ChangeColumn(size) for code in codes}
        self.answered_now = bytearray(size)
        self.answered_then = bytearray(size)

    def put(self, place: int, code: str, questions: int, before: int, after: int) -> None:
        """Write what the system at a place scored in both rounds, in units of the last place of a score."""
        column = self._columns[code]
        column.questions[place], column.before[place], column.after[place] = questions, before, after

    def change(self, place: int, code: str) -> Change:
        """Return the change of the system at a place."""
        column, of = self._columns[code], len(self._codes[code])
        questions = column.questions[place]
        withheld = questions < self._minimum_share * of
        known = bool(questions) and not withheld
        before, after = (
            Score(as_decimal(values[place]) if known else None, questions, of, withheld=withheld)
            for values in (column.before, column.after)
        )
        difference = None
        if before.value is not None and after.value is not None:
            difference = half_up(after.value - before.value, SCORE_PLACES)
        return Change(before, after, difference, questions, of)


def can_be_counted(now: Questionnaire, then: Questionnaire, codes: Mapping[str, str]) -> bool:
    """Return whether the changes on these comparable questions can be worked out in the database."""
    asked = [*(now.question(new) for new in codes), *(then.question(old) for old in codes.values())]
    return all(each.scoring is not ScoringMethod.POINTS for each in (now, then)) and all(
        question.kind is QuestionKind.MATURITY and question.asked_if is None for question in asked
    )


def count_changes(
    systems: Systems,
    now: ReleaseHead,
    then: ReleaseHead,
    codes: Mapping[str, Mapping[str, str]],
) -> CountedChanges:
    """Return the changes of the systems between two releases: five queries.

    `codes` are the comparable questions by dimension and together.
    """
    content = instrument(now.questionnaire_id).content
    found = CountedChanges(systems, codes, content.minimum_share)
    places = systems.columns.places
    keys_now, keys_then = (_keys(head.questionnaire_id) for head in (now, then))
    rows = [
        (keys_now[new], keys_then[old], code, content.question(new).weight)
        for code, pairs in codes.items()
        if code
        for new, old in pairs.items()
    ]
    names = ("new", "old", "dimension", "weight")
    arrays = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    with connection.cursor() as cursor:
        cursor.execute(_BOTH_ROUNDS, {**arrays, "now": now.id, "then": then.id, "round_then": then.round_id})
        while part := cursor.fetchmany(5_000):
            for key, code, *figures in part:
                found.put(places[key], code, *figures)
    _note_who_answered(found.answered_now, systems, now)
    _note_who_answered(found.answered_then, systems, then)
    return found


def _keys(questionnaire_id: int) -> dict[str, int]:
    questions = Question.objects.filter(dimension__questionnaire=questionnaire_id)
    return dict(questions.values_list("code", "pk"))


def _note_who_answered(noted: bytearray, systems: Systems, release: ReleaseHead) -> None:
    rows = ReleasedAnswer.objects.filter(release=release.id).order_by()
    for organisation in rows.values_list("assessment__organisation_id", flat=True).distinct():
        place = systems.place_of(organisation)
        if place is not None:
            noted[place] = True
