"""Text as people type or paste it."""

from __future__ import annotations

import pytest

from surveys.actions.typed_text import lost_characters, one_line, plain_text


@pytest.mark.parametrize(
    ("typed", "text", "lost"),
    [
        ("Plain words", "Plain words", False),
        ("  a\r\nb\rc\u2028d\ve  ", "a\nb\nc\nd\ne", False),
        ("a\tb", "a\tb", False),
        ("nul\x00 bell\x07 escape\x1b[31m", "nul bell escape[31m", True),
        ("turned \u202eround", "turned round", True),
        ("half \ud83d", "half", True),
        ("\u200b \u2060\ufeff", "", False),
        ("👩\u200d⚕️ مرحبا \u200f(!)", "👩\u200d⚕️ مرحبا \u200f(!)", False),
    ],
)
def test_what_cannot_be_shown_is_left_out(typed: str, text: str, lost: bool) -> None:
    assert (plain_text(typed), lost_characters(typed)) == (text, lost)


def test_a_line_has_single_spaces() -> None:
    assert one_line(" a\r\nb \t c\x00 ") == "a b c"
