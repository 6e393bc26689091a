"""Scores: the weighted mean of levels, or points of possible points, and when neither may be shown."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from surveys.analysis.rounding import half_up

MINIMUM_SHARE = Decimal("0.6")
"""The share of its scored questions that must be answered before a score is given (0 to 1)."""

SCORE_PLACES = 4
"""The decimal places at which a score is fixed, once, when it is made."""

PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Item:
    """One scored question that was asked, with what the answer is worth.

    ``value``: the level, or the points given after any cap; None when unanswered or not applicable.
    ``weight``: how much the question counts, above 0.
    ``applicable``: False when the answer is "not applicable". With a ``value`` the questionnaire states
    points for "not applicable" and the item counts like an answer; without one it is left out of the score
    but still counts among the questions asked.
    ``maximum``: the most points the question can give (points only), 0 or more.

    Raises ValueError, naming the question code, when a number is not finite, the weight is not above 0 or
    the maximum is below 0.
    """

    code: str
    value: Decimal | None
    weight: Decimal = Decimal(1)
    applicable: bool = True
    maximum: Decimal | None = None

    def __post_init__(self) -> None:
        for name, number in (("value", self.value), ("weight", self.weight), ("maximum", self.maximum)):
            if number is not None and not number.is_finite():
                raise ValueError(f"Question {self.code}: its {name} is {number}, not a finite number.")
        if self.weight <= 0:
            raise ValueError(f"Question {self.code}: its weight is {self.weight}; a weight must be above 0.")
        if self.maximum is not None and self.maximum < 0:
            raise ValueError(f"Question {self.code}: its maximum is {self.maximum}; it must be 0 or more.")


@dataclass(frozen=True, slots=True)
class Score:
    """A score with the count of answers behind it.

    ``value``: the mean level (scale scores) or the percentage 0 to 100 of the possible points (points
    scores), at 4 decimal places; None when withheld or when nothing was there to score.
    ``answered`` of ``of``: n of N, the scored questions with a value among those asked.
    ``not_applicable``: how many of the N were answered "not applicable".
    ``withheld``: True when too small a share was answered for a score to be honest. A score with no value
    that is not withheld had nothing to score.
    ``points`` of ``possible``: weighted points (points scores only), at 4 decimal places.
    """

    value: Decimal | None
    answered: int
    of: int
    not_applicable: int = 0
    withheld: bool = False
    points: Decimal | None = None
    possible: Decimal | None = None

    @property
    def percent(self) -> Decimal | None:
        """The percentage 0 to 100 of the possible points; None for a scale score or without a value."""
        return None if self.points is None else self.value


Scorer = Callable[[Iterable[Item], Decimal], Score]
"""``scale_score`` or ``points_score``: items and the minimum share in, a score out."""


def scale_score(items: Iterable[Item], minimum_share: Decimal = MINIMUM_SHARE) -> Score:
    """Return the weighted mean of the answered ``items``: sum of weight x value, over the sum of weights.

    The score is on the scale of the values that go in (levels 1 to 5 give a score from 1 to 5). Unanswered
    and "not applicable" items are left out of the mean, never counted as the lowest level, but stay in N.
    Pass only the questions that were asked. ``minimum_share`` is 0 to 1; exactly that share is enough.
    With no items the value is None and the score is not withheld.

    Raises ValueError when two items share a code or ``minimum_share`` is outside 0 to 1.
    """
    asked = _checked(items, minimum_share)
    answered = [(item.weight, item.value) for item in asked if item.value is not None]
    withheld = _withheld(len(answered), len(asked), minimum_share)
    value = None
    if answered and not withheld:
        total = sum((weight * level for weight, level in answered), Decimal())
        value = half_up(total / sum(weight for weight, _ in answered), SCORE_PLACES)
    return Score(value, len(answered), len(asked), _not_applicable(asked), withheld)


def points_score(items: Iterable[Item], minimum_share: Decimal = MINIMUM_SHARE) -> Score:
    """Return weighted points of weighted possible points over the answered ``items``, and the percentage.

    Every item with a value needs a ``maximum``, and its value must lie between 0 and that maximum: apply
    caps first. An unanswered item, or one not applicable without stated points, adds neither points nor
    possible points but stays in N. A withheld score shows no points either. The value is None, and not
    withheld, when there are no items or no points can be had.

    Raises ValueError, naming the question code, for a missing maximum or points outside 0 to the maximum;
    and when two items share a code or ``minimum_share`` is outside 0 to 1.
    """
    asked = _checked(items, minimum_share)
    worth = [_worth(item, item.value) for item in asked if item.value is not None]
    withheld = _withheld(len(worth), len(asked), minimum_share)
    value = points = possible = None
    if worth and not withheld:
        gained = sum((gain for gain, _ in worth), Decimal())
        available = sum((most for _, most in worth), Decimal())
        points, possible = half_up(gained, SCORE_PLACES), half_up(available, SCORE_PLACES)
        value = half_up(PERCENT * gained / available, SCORE_PLACES) if available else None
    return Score(value, len(worth), len(asked), _not_applicable(asked), withheld, points, possible)


def gap_between(first: Score, second: Score) -> Score:
    """Return ``first`` minus ``second`` as a score: above 0 when the first is ahead.

    The value is on the scale of the two scores, from minus to plus the scale's width, and None when either
    has no value; it is withheld when either is. Counts are the sums of both.
    """
    value = None
    if first.value is not None and second.value is not None:
        value = half_up(first.value - second.value, SCORE_PLACES)
    return Score(
        value,
        answered=first.answered + second.answered,
        of=first.of + second.of,
        not_applicable=first.not_applicable + second.not_applicable,
        withheld=first.withheld or second.withheld,
    )


def _checked(items: Iterable[Item], minimum_share: Decimal) -> tuple[Item, ...]:
    if not 0 <= minimum_share <= 1:
        raise ValueError(f"The minimum share is {minimum_share}; it must be from 0 to 1.")
    asked = tuple(items)
    seen: set[str] = set()
    for item in asked:
        if item.code in seen:
            raise ValueError(f"Question {item.code} was passed twice; a score counts each question once.")
        seen.add(item.code)
    return asked


def _withheld(answered: int, of: int, minimum_share: Decimal) -> bool:
    return answered < minimum_share * of


def _not_applicable(items: Sequence[Item]) -> int:
    return sum(1 for item in items if not item.applicable)


def _worth(item: Item, value: Decimal) -> tuple[Decimal, Decimal]:
    if item.maximum is None:
        raise ValueError(f"Question {item.code}: it has points but no maximum.")
    if not 0 <= value <= item.maximum:
        raise ValueError(f"Question {item.code}: {value} points is outside 0 to {item.maximum}.")
    return item.weight * value, item.weight * item.maximum
