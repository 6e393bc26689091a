"""How the scores of all systems moved over the rounds, and where the rounds cannot be read on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from surveys.analysis.quantiles import deciles
from surveys.charts.axis import ScoreAxis
from surveys.charts.decile_history import DecileHistory, DecileRound
from surveys.models import Result
from surveys.queries.instruments import instrument
from surveys.queries.results.lineage import Lineage
from surveys.queries.results.measures import is_scored
from surveys.queries.results.released import ReleaseHead
from surveys.queries.results.round_pair import TOGETHER, compared
from surveys.questionnaires.schema import Questionnaire
from surveys.wording import counted, listed

FEWEST_ROUNDS = 3
"""From so many rounds on there is a history to draw; two are a change."""


def score_history(
    heads: Sequence[ReleaseHead], steps: Lineage, axis: ScoreAxis, code: str, name: str
) -> DecileHistory | None:
    """Return the deciles of the frozen scores in each round, `heads` oldest first: one query, or none again.

    `code` is that of a dimension, or TOGETHER for the overall score; `steps` are those between the first and
    the last reference date. None before there are three rounds, and where nothing has such a score.
    """
    if len(heads) < FEWEST_ROUNDS:
        return None
    measure = Result.Measure.OVERALL if code == TOGETHER else Result.Measure.DIMENSION
    found = _frozen(tuple(head.id for head in heads), measure.value, code)
    if not found:
        return None
    breaks = ["", *(_break(then, now, steps, code) for then, now in pairwise(heads))]
    last = heads[-1]
    return DecileHistory(
        title=f"The deciles of scores in {len(heads)} rounds: {name}",
        subtitle=f"All systems of each round, {counted(len(heads), 'round')} up to this one. {last.source}",
        axis=axis,
        rounds=tuple(
            DecileRound(head.round_title, *found.get(head.id, ((), 0, 0)), broken=broken)
            for head, broken in zip(heads, breaks, strict=True)
        ),
    )


def _break(then: ReleaseHead, now: ReleaseHead, steps: Lineage, code: str) -> str:
    """Return what keeps two rounds from being read on, in words; empty for nothing."""
    later, earlier = (instrument(head.questionnaire_id).content for head in (now, then))
    reasons = []
    changed = max(_scored(later, code), _scored(earlier, code)) - len(compared(later, earlier).get(code, {}))
    if changed:
        reasons.append(f"{counted(changed, 'question')} not comparable with the round before")
    moved = steps.between(then.reference_date, now.reference_date).touched
    if moved:
        reasons.append(f"{counted(len(moved), 'system')} merged, split or with another boundary")
    return listed(reasons) if reasons else ""


def _scored(content: Questionnaire, code: str) -> int:
    dimensions = [each for each in content.dimensions if is_scored(each) and code in {TOGETHER, each.code}]
    return sum(question.scored for each in dimensions for question in each.all_questions)


@lru_cache(maxsize=64)
def _frozen(
    release_ids: tuple[int, ...], measure: str, code: str
) -> Mapping[int, tuple[tuple[Decimal, ...], int, int]]:
    """Return by release the deciles, how many systems have a score, and how many results there are."""
    values: dict[int, list[Decimal]] = {}
    of: dict[int, int] = {}
    rows = Result.objects.filter(release_id__in=release_ids, measure=measure, code=code)
    for release_id, score in rows.values_list("release_id", "score"):
        of[release_id] = of.get(release_id, 0) + 1
        known = values.setdefault(release_id, [])
        if score is not None:
            known.append(score)
    return {
        key: (deciles(values[key]) if values[key] else (), len(values[key]), number)
        for key, number in of.items()
    }
