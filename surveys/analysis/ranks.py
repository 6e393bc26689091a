"""Ranks, and how much a rank depends on any one question."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from surveys.analysis.scores import MINIMUM_SHARE, Item, Scorer, scale_score

Key = TypeVar("Key", bound=Hashable)

_NO_MINIMUM = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rank:
    """A place from 1 (the highest score) and whether it is shared."""

    position: int
    tied: bool

    @property
    def label(self) -> str:
        """The place as text: "7", or "=7" when it is shared."""
        return f"={self.position}" if self.tied else str(self.position)


@dataclass(frozen=True, slots=True)
class RankRange:
    """A rank with the ``best`` and ``worst`` place it takes as each question in turn is left out.

    best <= rank.position <= worst. Both are None when no question could be left out, because there is only
    one: how firm the rank is cannot then be known.
    """

    rank: Rank
    best: int | None
    worst: int | None

    @property
    def label(self) -> str:
        """The range as text: "3 to 9", "4" when it never moves, or "not known"."""
        if self.best is None or self.worst is None:
            return "not known"
        return str(self.best) if self.best == self.worst else f"{self.best} to {self.worst}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The score of one organisation, None when it has none, and by question code the score ``without`` it."""

    score: Decimal | None
    without: Mapping[str, Decimal | None]


def ranks(scores: Mapping[Key, Decimal | None]) -> dict[Key, Rank]:
    """Return the rank of each score: 1 + the number of scores strictly above it.

    Highest first. A key without a score has no rank and is absent from the result. The order of ``scores``
    is kept.
    """
    present = {key: score for key, score in scores.items() if score is not None}
    alike = Counter(present.values())
    above, places = 0, {}
    for score in sorted(alike, reverse=True):
        places[score] = Rank(position=1 + above, tied=alike[score] > 1)
        above += alike[score]
    return {key: places[score] for key, score in present.items()}


def rank_ranges(
    items: Mapping[Key, Iterable[Item]],
    scorer: Scorer = scale_score,
    minimum_share: Decimal = MINIMUM_SHARE,
) -> dict[Key, RankRange]:
    """Return for each key its rank and the range of ranks found by leaving one question out in turn.

    ``items`` holds each organisation's scored questions, answered or not. Only organisations whose full
    score is not withheld take part. They stay the same throughout: leaving a question out never withholds a
    score, so nobody moves up because somebody else dropped out. One left with no answer at all is passed
    over for that question. The rank on all the questions is always within the range.

    Raises ValueError as the scorer does.
    """
    return ranges_of({key: left_out(questions, scorer, minimum_share) for key, questions in items.items()})


def left_out(
    items: Iterable[Item], scorer: Scorer = scale_score, minimum_share: Decimal = MINIMUM_SHARE
) -> LeftOut:
    """Return the score of one organisation, and those with each of its questions in turn left out.

    ``items`` as in `rank_ranges`. Raises ValueError as the scorer does.
    """
    questions = tuple(items)
    score = scorer(questions, minimum_share).value
    if score is None:
        return LeftOut(None, {})
    without = {
        each.code: scorer([item for item in questions if item.code != each.code], _NO_MINIMUM).value
        for each in questions
    }
    return LeftOut(score, without)


def ranges_of(scores: Mapping[Key, LeftOut]) -> dict[Key, RankRange]:
    """Return for each key with a score its rank and range, as `rank_ranges` does."""
    ranked = {key: found for key, found in scores.items() if found.score is not None}
    overall = ranks({key: found.score for key, found in ranked.items()})
    codes = dict.fromkeys(code for found in ranked.values() for code in found.without)
    best = {key: rank.position for key, rank in overall.items()}
    worst = dict(best)
    known: set[Key] = set()
    for code in codes if len(codes) > 1 else ():
        # Who was not asked the question has the same score without it.
        without = ranks({key: each.without.get(code, each.score) for key, each in ranked.items()})
        for key, rank in without.items():
            best[key], worst[key] = min(best[key], rank.position), max(worst[key], rank.position)
            known.add(key)
    return {
        key: RankRange(rank, best[key], worst[key]) if key in known else RankRange(rank, None, None)
        for key, rank in overall.items()
    }
