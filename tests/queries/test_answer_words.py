"""Answers, and the conditions under which a question is asked, as people read them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from surveys.queries.answer_words import (
    AnswerWords,
    answer_in_words,
    condition_in_words,
    number_in_words,
    with_unit,
)
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import AskedIf, Comparator, Condition, Match
from tests.actions.test_answers import EVERY_KIND
from tests.factories import SMALL_CONTENT


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("linked_data", "3 Established"),
        ("shared_platform", "Not applicable: We share our neighbour's."),
        ("practice_share", "85%"),
        ("sectors", "Acute hospitals\nAnother sector: Hospices"),
        ("training", "5 Leading"),
        ("analysts", "12.5 WTE"),
        ("time_split", "Reporting: 60%\nStrategy: 40%"),
        ("clarity", "Unclear"),
        ("peer_offer", f"{EVERY_KIND['peer_offer'].text}\nMay we show this answer to other systems? No"),
    ],
)
def test_every_kind_of_answer(code: str, value: str) -> None:
    question = SMALL_CONTENT.question(code)
    assert answer_in_words(question, EVERY_KIND[code]).value == value
    assert answer_in_words(question, Response(comment="Why")) == AnswerWords("", "Why")


def test_what_a_question_does_not_have_is_shown_as_it_is() -> None:
    assert answer_in_words(SMALL_CONTENT.question("linked_data"), Response(level=9)).value == "9"
    assert answer_in_words(SMALL_CONTENT.question("sectors"), Response(options=("x",))).value == "x"


def test_consent_is_said_only_when_it_was_given_or_refused() -> None:
    question = SMALL_CONTENT.question("peer_offer")
    texts = [answer_in_words(question, Response(text="A", consent=agreed)).value for agreed in (None, True)]
    assert texts == ["A", "A\nMay we show this answer to other systems? Yes"]


def test_numbers() -> None:
    numbers = [Decimal("1250.5000"), Decimal("0.0000"), Decimal(100), Decimal("-3.25")]
    assert [number_in_words(number) for number in numbers] == ["1,250.5", "0", "100", "-3.25"]
    assert [with_unit(Decimal(5), unit) for unit in ("", "%", "WTE")] == ["5", "5%", "5 WTE"]


def asked_if(match: Match, *conditions: Condition) -> str:
    question = replace(SMALL_CONTENT.question("peer_offer"), asked_if=AskedIf(match, conditions))
    return condition_in_words(SMALL_CONTENT, question)


def test_conditions() -> None:
    sectors = "the answer to “Which sectors supply data?”"
    analysts = "the answer to “How many analysts are there?”"
    assert condition_in_words(SMALL_CONTENT, SMALL_CONTENT.question("training")) == ""
    assert (
        asked_if(
            Match.ALL,
            Condition("sectors", Comparator.CHOSEN, options=("acute", "none")),
            Condition("analysts", Comparator.AT_LEAST, value=Decimal("2.5")),
        )
        == f"{sectors} includes “Acute hospitals” or “None” and {analysts} is at least 2.5 WTE"
    )
    assert asked_if(
        Match.ANY,
        Condition("sectors", Comparator.NOT_CHOSEN, options=("none",)),
        Condition("clarity", Comparator.NOT_CHOSEN, options=("clear",)),
        Condition("clarity", Comparator.CHOSEN, options=("unclear",)),
    ) == (
        f"{sectors} does not include “None” or the answer to “How clear are national plans?” is not “Clear” "
        "or the answer to “How clear are national plans?” is “Unclear”"
    )
    said = {
        Comparator.EQUALS: "is",
        Comparator.AT_MOST: "is at most",
        Comparator.MORE_THAN: "is more than",
        Comparator.LESS_THAN: "is less than",
    }
    for comparator, words in said.items():
        condition = Condition("training", comparator, value=Decimal(3))
        assert asked_if(Match.ALL, condition) == f"the answer to “How mature is training?” {words} 3"
