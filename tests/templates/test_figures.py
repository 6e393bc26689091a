"""Scores as parts of a bar and as steps of the heat table."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from surveys.charts.axis import level_axis, percent_axis
from surveys.views.heat_table import HEAT_STEPS, heat_step

LEVELS = level_axis([(1, "Starting"), (5, "Leading")])
PALETTE = Path(__file__).resolve().parents[2] / "static" / "scss" / "_heat-table.scss"
BLACK, WHITE = "#212b32", "#ffffff"


@pytest.mark.parametrize(
    ("score", "share"), [("1", "0.00"), ("3", "50.00"), ("3.3333", "58.33"), ("5", "100.00"), ("0.5", "0.00")]
)
def test_a_bar_begins_at_the_lowest_level(score: str, share: str) -> None:
    assert LEVELS.percent(Decimal(score)) == share


def test_a_percentage_is_its_own_share() -> None:
    assert percent_axis().percent(Decimal("62.5")) == "62.50"


@pytest.mark.parametrize(
    ("score", "step"), [("1", 1), ("1.5714", 1), ("1.5715", 2), ("3", 4), ("4.9999", 7), ("5", 7), ("6", 7)]
)
def test_a_step_of_the_heat_table_is_a_seventh_of_the_scale(score: str, step: int) -> None:
    assert heat_step(Decimal(score), LEVELS) == step


def test_every_step_of_the_heat_table_has_text_that_can_be_read() -> None:
    steps = re.findall(r'(\d): \((#\w{6}), nhsuk-colour\("(black|white)"\)\)', PALETTE.read_text("utf-8"))
    assert [int(step) for step, _, _ in steps] == list(range(1, HEAT_STEPS + 1))
    contrasts = {
        step: contrast(background, BLACK if text == "black" else WHITE) for step, background, text in steps
    }
    assert {step: value for step, value in contrasts.items() if value < 4.5} == {}
    lightness = [luminance(background) for _, background, _ in steps]
    assert lightness == sorted(lightness, reverse=True)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour written as #rrggbb, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
