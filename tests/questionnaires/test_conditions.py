from decimal import Decimal
from typing import Any

import pytest

from surveys.questionnaires.responses import Response, asked, missing
from surveys.questionnaires.schema import Comparator
from tests.questionnaires.examples import GONE, document, example, problems

CONDITIONS = example("conditions")
YES, NO = Response(options=("yes",)), Response(options=("no",))
Q = "dimensions__0__questions__"


def shown(**responses: Response) -> set[str]:
    """Which of the questions that depend on others are asked."""
    return set(asked(CONDITIONS, responses)) - {"has_platform"}


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ({}, set()),
        ({"has_platform": YES}, {"quality", "users"}),
        ({"has_platform": Response(options=("planned",))}, {"quality"}),
        ({"has_platform": NO}, {"reasons"}),
        ({"has_platform": Response(options=("elsewhere",))}, set()),
        ({"has_platform": YES, "quality": Response(level=1)}, {"quality", "users"}),
        ({"has_platform": YES, "quality": Response(level=2)}, {"quality", "users", "praise"}),
        (
            {"has_platform": YES, "quality": Response(not_applicable=True, reason="New")},
            {"quality", "users"},
        ),
        (
            {"has_platform": YES, "quality": Response(level=3), "users": Response(number=Decimal(101))},
            {"quality", "users", "praise", "crowd"},
        ),
        (
            {"has_platform": YES, "quality": Response(level=3), "users": Response(number=Decimal(100))},
            {"quality", "users", "praise"},
        ),
        (
            {"has_platform": YES, "quality": Response(level=2), "users": Response(number=Decimal(101))},
            {"quality", "users", "praise"},
        ),
        ({"has_platform": YES, "users": Response(number=Decimal(9))}, {"quality", "users", "help"}),
        ({"has_platform": YES, "users": Response(number=Decimal("NaN"))}, {"quality", "users"}),
        ({"has_platform": NO, "reasons": Response(options=("staff", "money"))}, {"reasons", "help"}),
        ({"has_platform": NO, "reasons": Response(options=("staff",))}, {"reasons"}),
    ],
)
def test_a_question_is_asked_when_its_condition_holds(
    responses: dict[str, Response], expected: set[str]
) -> None:
    assert shown(**responses) == expected


def test_a_condition_on_a_hidden_question_is_false_whatever_was_answered_there() -> None:
    """Somebody answered, then went back and said that there is no platform."""
    assert shown(has_platform=NO, quality=Response(level=3), users=Response(number=Decimal(500))) == {
        "reasons"
    }


def test_a_hidden_question_is_not_missing() -> None:
    assert missing(CONDITIONS, {"has_platform": NO}) == ("reasons",)
    assert missing(CONDITIONS, {"has_platform": Response(options=("elsewhere",))}) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {Q + "1__asked_if__question": "nothing"},
            [
                (
                    "quality",
                    "asked_if names nothing, which is not a question here.",
                    "Use the code of an earlier question.",
                )
            ],
        ),
        (
            {Q + "1__asked_if": {"question": "users", "at_least": 1}},
            [
                (
                    "quality",
                    "asked_if depends on users, which comes later.",
                    "Move that question up, or depend on an earlier one.",
                )
            ],
        ),
        (
            {Q + "1__asked_if": {"question": "crowd", "at_least": 1}},
            [
                (
                    "quality",
                    "asked_if goes round in a circle: quality → crowd → quality.",
                    "Take out one of these conditions.",
                )
            ],
        ),
        (
            {Q + "1__asked_if": {"question": "quality", "at_least": 1}},
            [
                (
                    "quality",
                    "asked_if goes round in a circle: quality → quality.",
                    "Take out one of these conditions.",
                )
            ],
        ),
        (
            {Q + "1__asked_if__chosen": ["yes", "maybe"]},
            [
                (
                    "quality",
                    "asked_if names option maybe, which has_platform does not have.",
                    "Use one of: yes, planned, no, elsewhere.",
                )
            ],
        ),
        (
            {Q + "1__asked_if__chosen": []},
            [
                (
                    "quality",
                    "asked_if names no option of has_platform.",
                    "Use some of: yes, planned, no, elsewhere.",
                )
            ],
        ),
        (
            {Q + "1__asked_if__chosen": ["elsewhere"]},
            [
                (
                    "quality",
                    "asked_if names option elsewhere of has_platform, which means not applicable.",
                    "Name other options: a condition never holds when the question does not apply.",
                )
            ],
        ),
        (
            {Q + "1__asked_if": {"question": "has_platform", "at_least": 1}},
            [
                (
                    "quality",
                    "asked_if compares has_platform with at_least, but that is a single_choice question.",
                    "Use one of: chosen, not_chosen.",
                )
            ],
        ),
        (
            {Q + "2__asked_if": {"question": "quality", "chosen": ["high"]}},
            [
                (
                    "praise",
                    "asked_if compares quality with chosen, but that is a maturity question.",
                    "Use one of: equals, at_least, at_most, more_than, less_than.",
                )
            ],
        ),
        (
            {Q + "2__asked_if": {"question": "quality", "at_least": 4}},
            [
                (
                    "praise",
                    "asked_if compares quality with 4, which is not one of its levels.",
                    "Use one of: 1, 2, 3.",
                )
            ],
        ),
        (
            {Q + "4__asked_if": {"question": "users", "at_least": -1}},
            [
                (
                    "crowd",
                    "asked_if compares users with -1, which it cannot be.",
                    "Use a number between its minimum and its maximum.",
                )
            ],
        ),
        (
            {
                Q + "3__kind": "long_text",
                Q + "3__minimum": GONE,
                Q + "4__asked_if": {"question": "users", "at_least": 1},
                Q + "6__asked_if": GONE,
            },
            [
                (
                    "crowd",
                    "asked_if compares users with at_least, but that is a long_text question.",
                    "Depend on a choice, a level or a number.",
                )
            ],
        ),
        (
            {Q + "1__asked_if": {"question": "has_platform"}},
            [
                (
                    "quality",
                    "A condition names one question and one comparison.",
                    f"Write question, and one of: {', '.join(Comparator)}.",
                )
            ],
        ),
        (
            {Q + "1__asked_if__all": [{"question": "has_platform", "chosen": ["yes"]}]},
            [
                (
                    "quality",
                    "asked_if must be one condition, or `all`, or `any`.",
                    "Put several conditions in a list under `all` or `any`.",
                )
            ],
        ),
    ],
)
def test_a_condition_that_cannot_work_is_refused(
    changes: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    assert problems(document("conditions", **changes)) == expected
