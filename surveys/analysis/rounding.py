"""The one way this product rounds a number."""

from decimal import ROUND_HALF_UP, Context, Decimal

# Wide enough that no score, count of points or percentage can lose a digit on its way to being rounded.
_WIDE = Context(prec=60)


def half_up(value: Decimal, places: int) -> Decimal:
    """Round ``value`` to ``places`` decimal places, a half going away from zero.

    2.25 becomes 2.3 and -2.25 becomes -2.3, so that a difference and its opposite always show the same
    figure. A result of zero never carries a minus sign. The answer has exactly ``places`` decimals.

    Raises ValueError when ``value`` is not a finite number or ``places`` is negative.
    """
    if not value.is_finite():
        raise ValueError(f"Cannot round {value}: it is not a finite number.")
    if places < 0:
        raise ValueError(f"Cannot round to {places} decimal places: use 0 or more.")
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_WIDE)
    return abs(rounded) if rounded.is_zero() else rounded
