"""The axis of a difference of two scores, which has a zero in the middle, and how one is written."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal

from surveys.analysis.rounding import half_up
from surveys.charts.axis import SHOWN_PLACES, ScoreAxis

_TICKS_EACH_WAY = 4


def signed(value: Decimal) -> str:
    """Return a difference as people read it: one decimal place, a plus when it is above 0."""
    shown = half_up(value, SHOWN_PLACES)
    return f"+{shown}" if shown > 0 else str(shown)


def difference_axis(values: Iterable[Decimal], title: str, step: Decimal = Decimal(1)) -> ScoreAxis:
    """Return an axis that reaches equally far below and above 0: to the first ``step`` beyond every value.

    ``step`` is above 0 and in the unit of the values; the axis reaches at least one step. A difference lies
    on no scale of its own, so the axis holds what there is.
    """
    furthest = max((abs(value) for value in values), default=Decimal(0))
    steps = max(int((furthest / step).to_integral_value(rounding=ROUND_CEILING)), 1)
    apart = -(-steps // _TICKS_EACH_WAY)
    ticks = [step * number for number in range(0, steps + 1, apart)]
    return ScoreAxis(
        lowest=-step * steps,
        highest=step * steps,
        ticks=(*(-tick for tick in reversed(ticks[1:])), *ticks),
        title=title,
    )
