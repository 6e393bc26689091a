"""How much is answered."""

from __future__ import annotations

from decimal import Decimal

import pytest

from surveys.queries.completion import Completion, completion, dimension_completion
from surveys.questionnaires.responses import Response
from tests.factories import SMALL_CONTENT


def test_only_questions_that_are_asked_count() -> None:
    hidden = {"why_no_sectors": Response(text="Kept, not counted")}
    asked = {"sectors": Response(options=("none",))}

    assert dimension_completion(SMALL_CONTENT, hidden)["data_platform"] == Completion(0, 4, 2, 17)
    assert dimension_completion(SMALL_CONTENT, asked)["data_platform"] == Completion(1, 5, 2, 25)


def test_a_comment_is_no_answer_and_not_applicable_is_one() -> None:
    responses = {
        "linked_data": Response(comment="We do not know"),
        "shared_platform": Response(not_applicable=True, reason="Shared"),
        "analysts": Response(number=Decimal(0)),
    }
    found = completion(SMALL_CONTENT, responses)
    assert (found.answered, found.asked, found.left, found.required_left) == (2, 10, 8, 3)
    assert not found.complete


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, ""),
        (1, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (61, "1 hour 1 minute"),
        (250, "4 hours 10 minutes"),
    ],
)
def test_the_time_left_in_words(minutes: int, words: str) -> None:
    assert Completion(0, 1, 0, minutes).time_left == words
