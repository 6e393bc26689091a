"""Change of one organisation between two rounds, on questions that can be compared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from surveys.analysis.rounding import half_up
from surveys.analysis.scores import MINIMUM_SHARE, SCORE_PLACES, Item, Score, Scorer, scale_score


@dataclass(frozen=True, slots=True)
class Change:
    """One organisation's change, on ``questions`` answered in both rounds of ``of`` that are comparable.

    ``before`` and ``after`` are scored on exactly those questions, so they can differ from the scores
    published for the two rounds. ``difference`` is after minus before, in the unit of the scores, at 4
    decimal places; None when there is nothing to compare or too few questions were answered in both.
    """

    before: Score
    after: Score
    difference: Decimal | None
    questions: int
    of: int


def change(
    before: Iterable[Item],
    after: Iterable[Item],
    comparable: Mapping[str, str],
    scorer: Scorer = scale_score,
    minimum_share: Decimal = MINIMUM_SHARE,
) -> Change:
    """Return the change between two rounds of one organisation.

    ``before`` and ``after``: the scored questions asked in each round. ``comparable``: the code of each
    question that can be compared in the later round, with its code in the earlier one; new, retired and
    reworded questions are not in it. ``of`` counts the comparable questions asked in both rounds;
    ``questions`` those of them answered in both, "not applicable" never counting as answered. Both sides use
    the later round's weights, so a new weighting does not look like change.

    Raises ValueError as the scorer does, and when a question code occurs twice in one round.
    """
    earlier, later = _by_code(before), _by_code(after)
    pairs = [(earlier[old], later[new]) for new, old in comparable.items() if old in earlier and new in later]
    both = [_same_weight(old, new) for old, new in pairs]
    score_before = scorer([old for old, _ in both], minimum_share)
    score_after = scorer([new for _, new in both], minimum_share)
    difference = None
    if score_before.value is not None and score_after.value is not None:
        difference = half_up(score_after.value - score_before.value, SCORE_PLACES)
    return Change(score_before, score_after, difference, score_after.answered, len(pairs))


def _by_code(items: Iterable[Item]) -> dict[str, Item]:
    by_code: dict[str, Item] = {}
    for item in items:
        if item.code in by_code:
            raise ValueError(f"Question {item.code} was passed twice for one round.")
        by_code[item.code] = item
    return by_code


def _same_weight(old: Item, new: Item) -> tuple[Item, Item]:
    """Give both items the later weight and code, and no value unless both rounds have an answer."""
    answered = all(item.applicable and item.value is not None for item in (old, new))
    return (
        replace(old, code=new.code, weight=new.weight, value=old.value if answered else None),
        replace(new, value=new.value if answered else None),
    )
