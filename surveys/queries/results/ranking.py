"""The rank of each system on a dimension, with the range that it takes as questions are left out."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

from surveys.analysis.ranks import LeftOut, Rank, RankRange, left_out, ranges_of, ranks
from surveys.analysis.scores import Item
from surveys.models import ReleasedAnswer
from surveys.models.assessment import VALUE_COLUMNS, response_in
from surveys.queries.results.released import Measure, Released
from surveys.queries.results.systems import as_decimal
from surveys.questionnaires.responses import EMPTY, Response, asked
from surveys.questionnaires.schema import Dimension, Question, Questionnaire
from surveys.questionnaires.scoring import dimension_scorer, item


@dataclass(frozen=True)
class Answers:
    """The frozen answers of the systems that a person sees, by assessment key and question code."""

    by_system: Mapping[int, Mapping[str, Response]]

    def of(self, assessment_id: int) -> Mapping[str, Response]:
        """Return the answers of one system; none for one that did not respond."""
        return self.by_system.get(assessment_id, {})


def read_answers(release_id: int, assessment_ids: Iterable[int] | None, codes: Iterable[str]) -> Answers:
    """Return the frozen answers to these questions, of all systems for None: one query."""
    found: dict[int, dict[str, Response]] = {}
    rows = ReleasedAnswer.objects.filter(release_id=release_id, question__code__in=list(codes))
    if assessment_ids is not None:
        rows = rows.filter(assessment_id__in=list(assessment_ids))
    for row in rows.select_related("question"):
        found.setdefault(row.assessment_id, {})[row.question.code] = row.response
    return Answers(found)


def scored_items(
    content: Questionnaire, dimension: Dimension, responses: Mapping[str, Response]
) -> tuple[Item, ...]:
    """Return the dimension's scored questions that were asked, answered or not."""
    on_view = asked(content, responses)
    return tuple(
        item(question, responses.get(question.code, EMPTY), content.scoring)
        for question in dimension.all_questions
        if question.scored and question.code in on_view
    )


def codes_behind(content: Questionnaire, questions: Iterable[Question]) -> frozenset[str]:
    """Return the codes of the questions and of those whose answers decide whether they are asked."""
    found: set[str] = set()
    waiting = [question.code for question in questions]
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            rule = content.question(code).asked_if
            waiting += [condition.question for condition in rule.conditions] if rule else []
    return frozenset(found)


class Ranked:
    """The rank of every system with a score on a dimension, and its range, by place."""

    def __init__(self, size: int) -> None:
        self._position = array("l", [0]) * size
        self._tied = bytearray(size)
        self._best = array("l", [0]) * size
        self._worst = array("l", [0]) * size

    def put(self, place: int, rank: Rank, found: RankRange | None) -> None:
        """Write a rank with its range, which is None where it is not known."""
        self._position[place], self._tied[place] = rank.position, rank.tied
        if found is not None and found.best is not None and found.worst is not None:
            self._best[place], self._worst[place] = found.best, found.worst

    def of(self, place: int) -> RankRange | None:
        """Return the rank and range of the system at a place; None without a score."""
        if not self._position[place]:
            return None
        rank = Rank(self._position[place], bool(self._tied[place]))
        return RankRange(rank, self._best[place] or None, self._worst[place] or None)


def rank_systems(released: Released, dimension: Dimension) -> Ranked:
    """Return the rank of every system, and its range, on a dimension: one query, or none again.

    The rank is that of the frozen scores; the range comes from leaving out one frozen answer in turn. Only
    for somebody who sees every system.
    """
    return released.systems.kept(("ranks", dimension.code), lambda: _ranked(released, dimension))


def _ranked(released: Released, dimension: Dimension) -> Ranked:
    content, systems = released.instrument.content, released.systems
    scorer = dimension_scorer(content, dimension)
    alike: dict[tuple[object, ...], LeftOut] = {}
    scores: dict[int, LeftOut] = {}
    for key, responses in answers_in_turn(released.head.id, codes_behind(content, dimension.all_questions)):
        answered = tuple((code, _without_words(response)) for code, response in responses.items())
        if answered not in alike:
            items = scored_items(content, dimension, responses)
            alike[answered] = left_out(items, scorer, content.minimum_share)
        scores[systems.columns.places[key]] = alike[answered]
    nothing = left_out(scored_items(content, dimension, {}), scorer, content.minimum_share)
    frozen = ranks(
        {
            place: as_decimal(value)
            for place in systems.places
            if (value := systems.value(place, Measure.DIMENSION, dimension.code)) is not None
        }
    )
    ranges = ranges_of({place: scores.get(place, nothing) for place in frozen})
    found = Ranked(len(systems))
    for place, rank in frozen.items():
        found.put(place, rank, ranges.get(place))
    return found


AT_ONCE = 5_000
"""So many rows are held while answers are read in turn."""


def answers_in_turn(release_id: int, codes: Iterable[str]) -> Iterator[tuple[int, dict[str, Response]]]:
    """Yield what each system answered to these questions, by assessment key and code: one query."""
    rows = (
        ReleasedAnswer.objects.filter(release_id=release_id, question__code__in=list(codes))
        .order_by("assessment_id", "question__code")
        .values("assessment_id", "question__code", *VALUE_COLUMNS)
    )
    for key, given in groupby(rows.iterator(AT_ONCE), key=itemgetter("assessment_id")):
        yield key, {row["question__code"]: response_in(row) for row in given}


def _without_words(response: Response) -> Response:
    """Return what can be scored of a response."""
    return replace(response, text="", other="", comment="", reason="", consent=None)
