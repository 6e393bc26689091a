"""How every system's score on a dimension has changed since the round before, on comparable questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from surveys.analysis.change import Change, change
from surveys.models import ReleasedAnswer
from surveys.permissions import AnyPerson
from surveys.queries.instruments import instrument
from surveys.queries.results.change import comparable_codes
from surveys.queries.results.ranking import Answers, codes_behind, scored_items
from surveys.queries.results.released import Released, ReleaseHead, head_of, published_before
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Dimension, Questionnaire
from surveys.questionnaires.scoring import scorer_of


@dataclass(frozen=True)
class SinceLastRound:
    """The newest published release of the round before, and each system's change by assessment key.

    A system that was not there, or did not submit then, has no change; neither has what it was merged from.
    """

    head: ReleaseHead
    changes: Mapping[int, Change]


def since_last_round(
    person: AnyPerson, released: Released, dimension: Dimension, answers: Answers
) -> SinceLastRound | None:
    """Return the changes on a dimension; None without a comparable published round before. Two queries.

    The round before is the last one of `published_before`. `answers` are those of the release at hand.
    """
    now = released.instrument.content
    before = published_before(person, released).first()
    if before is None:
        return None
    then = instrument(before.round.questionnaire_id).content
    own = {question.code for question in dimension.all_questions if question.scored}
    codes = {new: old for new, old in comparable_codes(now, then).items() if new in own}
    if not codes:
        return None
    earlier = _answers(before.pk, codes_behind(then, [then.question(old) for old in codes.values()]))
    comparing = _Comparing(now, then, dimension, codes)
    return SinceLastRound(
        head_of(before),
        {
            system.assessment_id: comparing.change(
                earlier[system.organisation_id], answers.of(system.assessment_id)
            )
            for system in released.systems
            if system.responded and system.organisation_id in earlier
        },
    )


@dataclass(frozen=True)
class _Comparing:
    """Two questionnaires and what can be compared of one dimension; `codes` as in `comparable_codes`."""

    now: Questionnaire
    then: Questionnaire
    dimension: Dimension
    codes: Mapping[str, str]

    def change(self, before: Mapping[str, Response], after: Mapping[str, Response]) -> Change:
        known = set(self.codes.values())
        items_then = [
            item
            for dimension in self.then.dimensions
            if any(question.code in known for question in dimension.all_questions)
            for item in scored_items(self.then, dimension, before)
        ]
        items_now = scored_items(self.now, self.dimension, after)
        return change(items_then, items_now, self.codes, scorer_of(self.now), self.now.minimum_share)


@lru_cache(maxsize=128)
def _answers(release_id: int, codes: frozenset[str]) -> Mapping[int, Mapping[str, Response]]:
    """Return the answers in a published release by organisation key and question code; they never change."""
    found: dict[int, dict[str, Response]] = {}
    rows = ReleasedAnswer.objects.filter(release_id=release_id, question__code__in=codes)
    for row in rows.select_related("question", "assessment"):
        found.setdefault(row.assessment.organisation_id, {})[row.question.code] = row.response
    return found
