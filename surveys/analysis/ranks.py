"""Ranks, and how much a rank depends on any one question."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
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
    asked = {key: tuple(questions) for key, questions in items.items()}
    overall = ranks({key: scorer(questions, minimum_share).value for key, questions in asked.items()})
    ranked = {key: asked[key] for key in overall}
    codes = dict.fromkeys(item.code for questions in ranked.values() for item in questions)
    without = [_ranks_without(code, ranked, scorer) for code in codes] if len(codes) > 1 else []
    return {
        key: _range(rank, [left[key].position for left in without if key in left])
        for key, rank in overall.items()
    }


def _ranks_without(code: str, items: Mapping[Key, Sequence[Item]], scorer: Scorer) -> dict[Key, Rank]:
    return ranks(
        {
            key: scorer([item for item in questions if item.code != code], _NO_MINIMUM).value
            for key, questions in items.items()
        }
    )


def _range(rank: Rank, positions: Sequence[int]) -> RankRange:
    if not positions:
        return RankRange(rank, None, None)
    places = (rank.position, *positions)
    return RankRange(rank, min(places), max(places))
