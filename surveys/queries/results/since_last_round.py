"""How every system's score on a dimension has changed since the round before, on comparable questions."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from surveys.analysis.change import Change, change
from surveys.analysis.scores import SCORE_PLACES
from surveys.models import ReleasedAnswer
from surveys.models.assessment import VALUE_COLUMNS, response_in
from surveys.permissions import AnyPerson
from surveys.queries.instruments import instrument
from surveys.queries.results.change import comparable_codes
from surveys.queries.results.ranking import codes_behind, scored_items
from surveys.queries.results.released import Released, ReleaseHead, head_of, published_before
from surveys.queries.results.systems import NO_VALUE, Lines, System
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Dimension, Questionnaire
from surveys.questionnaires.scoring import scorer_of


@dataclass(frozen=True)
class SinceLastRound:
    """The newest published release of the round before, with which the systems of a release are compared.

    A system that was not there, or did not submit then, has no change; neither has what it was merged from.
    """

    head: ReleaseHead
    released: Released
    dimension: Dimension
    codes: Mapping[str, str]

    def changes(self, systems: Sequence[System]) -> Mapping[int, Change]:
        """Return the change of each of the systems by assessment key: one query.

        None again where there are so few in all that those of every system are kept.
        """
        every = self.released.systems
        if every.many or not self.released.whole:
            return self._read(systems)
        return every.kept(("changes", self.head.id, self.dimension.code), lambda: self._read(every))

    def differences(self) -> array[int]:
        """Return how far each system has moved, by place, in the unit of the last place of a score."""

        def read() -> array[int]:
            every = self.released.systems
            found = array("q", [NO_VALUE]) * len(every.columns.names)
            for first in range(0, len(every), Lines.AT_ONCE):
                for key, moved in self.changes(every[first : first + Lines.AT_ONCE]).items():
                    if moved.difference is not None:
                        found[every.columns.places[key]] = int(moved.difference.scaleb(SCORE_PLACES))
            return found

        return self.released.systems.kept(("differences", self.head.id, self.dimension.code), read)

    def _read(self, systems: Sequence[System]) -> Mapping[int, Change]:
        now = self.released.instrument.content
        then = instrument(self.head.questionnaire_id).content
        asked_then = codes_behind(then, [then.question(old) for old in self.codes.values()])
        asked_now = codes_behind(now, self.dimension.all_questions)
        comparing = _Comparing(now, then, self.dimension, self.codes)
        keys = {system.organisation_id: system.assessment_id for system in systems if system.responded}
        ids = (self.released.head.id, self.head.id)
        rows = ReleasedAnswer.objects.filter(
            Q(release_id=ids[0], question__code__in=asked_now)
            | Q(release_id=ids[1], question__code__in=asked_then),
            assessment__organisation_id__in=list(keys),
        )
        answers: dict[int, dict[int, dict[str, Response]]] = {each: {} for each in ids}
        for row in rows.values("release_id", "question__code", "assessment__organisation_id", *VALUE_COLUMNS):
            given = answers[row["release_id"]].setdefault(row["assessment__organisation_id"], {})
            given[row["question__code"]] = response_in(row)
        after, before = (answers[each] for each in ids)
        return {
            keys[organisation]: comparing.change(given, after.get(organisation, {}))
            for organisation, given in before.items()
        }


def since_last_round(person: AnyPerson, released: Released, dimension: Dimension) -> SinceLastRound | None:
    """Return what a dimension is compared with; None without a comparable published round before. One query.

    The round before is the last one of `published_before`.
    """
    now = released.instrument.content
    before = published_before(person, released).first()
    if before is None:
        return None
    then = instrument(before.round.questionnaire_id).content
    own = {question.code for question in dimension.all_questions if question.scored}
    codes = {new: old for new, old in comparable_codes(now, then).items() if new in own}
    return SinceLastRound(head_of(before), released, dimension, codes) if codes else None


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
