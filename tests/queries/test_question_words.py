"""What a question takes for an answer, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from surveys.queries.question_words import answer_wanted
from surveys.questionnaires.schema import Question, QuestionKind


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        (QuestionKind.MATURITY, {}, "Choose one level."),
        (QuestionKind.SINGLE_CHOICE, {}, "Choose one option."),
        (QuestionKind.MULTI_CHOICE, {}, "Choose every option that applies."),
        (QuestionKind.MULTI_CHOICE, {"max_choices": 1}, "Choose at most 1 option."),
        (QuestionKind.MULTI_CHOICE, {"max_choices": 3}, "Choose at most 3 options."),
        (QuestionKind.NUMBER, {}, "Enter a number, without decimals."),
        (
            QuestionKind.NUMBER,
            {"unit": "WTE", "minimum": Decimal(0), "decimals": 2},
            "Enter a number of WTE of 0 or more, with at most 2 decimal places.",
        ),
        (
            QuestionKind.NUMBER,
            {"maximum": Decimal(1500)},
            "Enter a number of 1,500 or less, without decimals.",
        ),
        (
            QuestionKind.PERCENTAGE,
            {"unit": "%", "minimum": Decimal(0), "maximum": Decimal(100)},
            "Enter a percentage from 0 to 100, without decimals.",
        ),
        (
            QuestionKind.PERCENTAGE_SPLIT,
            {"total": Decimal(100), "unit": "%"},
            "Enter a number for each part. Together they make 100%.",
        ),
        (QuestionKind.LONG_TEXT, {}, "Write a text."),
        (QuestionKind.LONG_TEXT, {"max_words": 300}, "Write at most 300 words."),
    ],
)
def test_it_says_how_to_answer(kind: QuestionKind, fields: dict[str, Any], words: str) -> None:
    assert answer_wanted(Question("q", kind, "Q?", **fields)) == words
