"""Filters that turn a score into what a bar or a cell of the heat table draws."""

from __future__ import annotations

from decimal import Decimal

from django import template

from surveys.analysis.rounding import half_up
from surveys.charts.axis import ScoreAxis

register = template.Library()

HEAT_STEPS = 7


@register.filter
def share_of(value: Decimal, axis: ScoreAxis) -> str:
    """Return where a score lies between the ends of its axis, in percent from 0.00 to 100.00."""
    return str(half_up(100 * _part(value, axis), 2))


@register.filter
def heat_step(value: Decimal, axis: ScoreAxis) -> int:
    """Return the step of the heat table, 1 to 7, that a score falls in when its axis is cut in equal parts.

    A score on a cut belongs to the step above it, and the highest score to the last step.
    """
    return min(int(_part(value, axis) * HEAT_STEPS) + 1, HEAT_STEPS)


def _part(value: Decimal, axis: ScoreAxis) -> Decimal:
    return (min(max(value, axis.lowest), axis.highest) - axis.lowest) / (axis.highest - axis.lowest)
