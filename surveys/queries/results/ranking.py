"""The rank of each system on a dimension, with the range that it takes as questions are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from surveys.analysis.ranks import RankRange, rank_ranges, ranks
from surveys.analysis.scores import Item
from surveys.models import ReleasedAnswer
from surveys.queries.results.released import Measure, Released
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


def answers_to(released: Released, codes: frozenset[str]) -> Answers:
    """Return the frozen answers of the systems that the person sees: one query, or none again for all."""
    if released.whole:
        return _every_answer(released.head.id, codes)
    return read_answers(released.head.id, [each.assessment_id for each in released.systems], codes)


@lru_cache(maxsize=16)
def _every_answer(release_id: int, codes: frozenset[str]) -> Answers:
    return read_answers(release_id, None, codes)


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


def rank_systems(released: Released, dimension: Dimension, answers: Answers) -> dict[int, RankRange]:
    """Return the rank of every system with a score on the dimension, and its range, by assessment key.

    The rank is that of the frozen scores; the range comes from leaving out one frozen answer in turn.
    """
    content = released.instrument.content
    frozen = ranks(
        {
            system.assessment_id: score.value
            for system in released.systems
            if (score := system.score(Measure.DIMENSION, dimension.code)) is not None
        }
    )
    ranges = rank_ranges(
        {key: scored_items(content, dimension, answers.of(key)) for key in frozen},
        dimension_scorer(content, dimension),
        content.minimum_share,
    )
    return {key: ranges.get(key) or RankRange(rank, None, None) for key, rank in frozen.items()}
