"""Filters that turn a number into what a table or a bar draws."""

from __future__ import annotations

from decimal import Decimal

from django import template

from surveys.analysis.rounding import half_up

register = template.Library()

HEAT_STEPS = 7


@register.filter
def one_place(value: Decimal | None) -> str:
    """Return a score or a percentage with one decimal place, a half rounded up; empty for no value."""
    return "" if value is None else str(half_up(value, 1))


@register.filter
def share_of(value: Decimal, axis: str) -> str:
    """Return where a value lies between the ends of an axis, in percent from 0.00 to 100.00.

    `axis` is the two ends, such as "1 5". A value outside them lies at the nearer end. Raises ValueError when
    the ends are not two different numbers in rising order.
    """
    low, high = _ends(axis)
    return str(half_up(100 * _part(value, low, high), 2))


@register.filter
def heat_step(value: Decimal, axis: str) -> int:
    """Return the step of the heat table, 1 to 7, that a value falls in when the axis is cut in equal parts.

    `axis` and the errors raised are those of `share_of`. A value on a cut belongs to the step above.
    """
    low, high = _ends(axis)
    return min(int(_part(value, low, high) * HEAT_STEPS) + 1, HEAT_STEPS)


def _ends(axis: str) -> tuple[Decimal, Decimal]:
    low, high = (Decimal(end) for end in axis.split())
    if low >= high:
        raise ValueError(f"The axis {axis!r} must name its lower end first.")
    return low, high


def _part(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return (min(max(value, low), high) - low) / (high - low)
