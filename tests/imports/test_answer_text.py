"""How each kind of question is answered in a cell of a file."""

from __future__ import annotations

from decimal import Decimal

import pytest

from surveys.imports.answer_text import Fields, UnreadableAnswerError, read_answer
from tests.factories import SMALL_CONTENT

CODES = "Use these codes: acute, primary_care, other, none."
IN_FIGURES = "Write it in figures, with a point before the decimals and no commas."


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("linked_data", "3", {"level": 3}),
        ("linked_data", "Established", {"level": 3}),
        ("clarity", "unclear", {"options": ("unclear",)}),
        ("sectors", "primary_care; acute;", {"options": ("acute", "primary_care")}),
        ("sectors", "none", {"options": ("none",)}),
        ("practice_share", "85", {"number": Decimal(85)}),
        ("practice_share", "85 %", {"number": Decimal(85)}),
        ("analysts", "12.5", {"number": Decimal("12.5")}),
        ("analysts", "-1", {"number": Decimal(-1)}),
        (
            "time_split",
            "strategy = 40; reporting=60%",
            {"parts": (("reporting", Decimal(60)), ("strategy", Decimal(40)))},
        ),
        ("peer_offer", "First line\n- second, line", {"text": "First line\n- second, line"}),
    ],
)
def test_an_answer_is_read(code: str, text: str, expected: Fields) -> None:
    assert read_answer(SMALL_CONTENT.question(code), text) == expected


@pytest.mark.parametrize(
    ("code", "text", "message", "mend"),
    [
        ("linked_data", "6", "“6” is not one of its levels.", "Write the level's number: 1, 2, 3, 4, 5."),
        ("linked_data", "3.0", "“3.0” is not one of its levels.", "Write the level's number: 1, 2, 3, 4, 5."),
        (
            "sectors",
            "Acute hospitals",
            "“Acute hospitals” is not one of its options.",
            (CODES),
        ),
        ("sectors", "acute,none", "“acute,none” is not one of its options.", CODES),
        ("sectors", "acute;acute", "The option “acute” stands there twice.", "Keep one of them."),
        ("practice_share", "most", "“most” is not a number that we can read.", IN_FIGURES),
        ("analysts", "1,200", "“1,200” is not a number that we can read.", IN_FIGURES),
        ("analysts", "1e3", "“1e3” is not a number that we can read.", IN_FIGURES),
        ("analysts", "NaN", "“NaN” is not a number that we can read.", IN_FIGURES),
        ("analysts", "٣", "“٣” is not a number that we can read.", IN_FIGURES),
        (
            "time_split",
            "60;40",
            "“60” is not a part and its number.",
            "Write each part as code=number, with ; between.",
        ),
        (
            "time_split",
            "reporting=60;reporting=40",
            "The part “reporting” stands there twice.",
            "Keep one of them.",
        ),
        ("time_split", "reporting=some", "“some” is not a number that we can read.", IN_FIGURES),
        (
            "time_split",
            "sleep=100",
            "“sleep” is not one of its parts.",
            "Use these codes: reporting, strategy.",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_mend(code: str, text: str, message: str, mend: str) -> None:
    with pytest.raises(UnreadableAnswerError) as error:
        read_answer(SMALL_CONTENT.question(code), text)

    assert (error.value.message, error.value.mend) == (message, mend)
