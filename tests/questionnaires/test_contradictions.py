"""Answers that do not fit together."""

from decimal import Decimal
from typing import Any

import pytest

from surveys.questionnaires.comparison import FieldChange, diff
from surveys.questionnaires.contradictions import contradictions_among, level_in_doubt
from surveys.questionnaires.digest import digest, from_document, to_document
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Comparator, Questionnaire
from tests.questionnaires.examples import document, example, problems

FEW = {"question": "users", "less_than": 5}
GOOD = {"question": "quality", "at_least": 3}
YES = Response(options=("yes",))


def content(*conditions: dict[str, Any]) -> dict[str, Any]:
    """The example about conditions with a contradiction of these."""
    return {
        **document("conditions"),
        "contradictions": [
            {"code": "good_unused", "all": list(conditions), "words": "It is good, and nobody uses it."}
        ],
    }


@pytest.fixture(scope="module")
def unused() -> Questionnaire:
    return from_document(content(FEW, GOOD))


def found(questionnaire: Questionnaire, **responses: Response) -> list[str]:
    return [each.code for each in contradictions_among(questionnaire, responses)]


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ({"quality": Response(level=3), "users": Response(number=Decimal(4))}, ["good_unused"]),
        ({"quality": Response(level=2), "users": Response(number=Decimal(4))}, []),
        ({"quality": Response(level=3), "users": Response(number=Decimal(5))}, []),
        ({"quality": Response(level=3)}, []),
        ({"users": Response(number=Decimal(4))}, []),
        (
            {"quality": Response(not_applicable=True, reason="New"), "users": Response(number=Decimal(4))},
            [],
        ),
    ],
)
def test_answers_contradict_each_other_when_every_condition_holds(
    unused: Questionnaire, responses: dict[str, Response], expected: list[str]
) -> None:
    assert found(unused, has_platform=YES, **responses) == expected


def test_an_answer_that_is_not_asked_for_contradicts_nothing(unused: Questionnaire) -> None:
    """The number was given before somebody said that the platform is only planned."""
    given = {"quality": Response(level=3), "users": Response(number=Decimal(4))}
    assert found(unused, has_platform=Response(options=("planned",)), **given) == []


def test_a_questionnaire_without_contradictions_has_none_among_its_answers() -> None:
    given = {"has_platform": YES, "quality": Response(level=3), "users": Response(number=Decimal(4))}
    assert found(example("conditions"), **given) == []


def test_the_level_in_doubt_is_that_of_the_maturity_question_named_first(unused: Questionnaire) -> None:
    (contradiction,) = unused.contradictions
    assert level_in_doubt(unused, contradiction).code == "quality"


def test_it_survives_the_journey_to_the_file_and_back_and_counts_in_the_digest(unused: Questionnaire) -> None:
    written = to_document(unused)
    assert written["contradictions"] == content(FEW, GOOD)["contradictions"]
    assert from_document(written) == unused
    assert digest(unused) != digest(example("conditions"))
    assert "contradictions" not in to_document(example("conditions"))


def test_what_changed_between_versions_is_said_in_words(unused: Questionnaire) -> None:
    later = from_document({**content(FEW, {**GOOD, "at_least": 2}), "version": "2"})
    assert diff(unused, later).questionnaire == (
        FieldChange(
            "contradictions.good_unused.conditions",
            "users less than 5 and quality at least 3",
            "users less than 5 and quality at least 2",
        ),
    )
    assert [change.field for change in diff(example("conditions"), unused).questionnaire] == [
        "contradictions",
        "contradictions.good_unused.code",
        "contradictions.good_unused.conditions",
        "contradictions.good_unused.words",
    ]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (
            [GOOD, {"question": "nothing", "at_least": 1}],
            [
                (
                    "The contradiction names nothing, which is not a question here.",
                    "Use the code of a question of this questionnaire.",
                )
            ],
        ),
        (
            [FEW, {"question": "has_platform", "chosen": ["yes"]}],
            [
                (
                    "The contradiction names no maturity question, so there is no level to look at.",
                    "Name the maturity question whose level does not fit.",
                )
            ],
        ),
        (
            [GOOD, {"question": "quality", "at_most": 1}],
            [
                (
                    "The contradiction is about quality alone.",
                    "Name the other question whose answer does not fit with it.",
                )
            ],
        ),
        (
            [GOOD, {"question": "has_platform", "chosen": ["maybe"]}],
            [
                (
                    "The contradiction names option maybe, which has_platform does not have.",
                    "Use one of: yes, planned, no, elsewhere.",
                )
            ],
        ),
        (
            [{"question": "quality", "at_least": 9}, FEW],
            [
                (
                    "The contradiction compares quality with 9, which is not one of its levels.",
                    "Use one of: 1, 2, 3.",
                )
            ],
        ),
        (
            [GOOD, {"question": "users"}],
            [
                (
                    "A condition names one question and one comparison.",
                    f"Write question, and one of: {', '.join(Comparator)}.",
                )
            ],
        ),
    ],
)
def test_a_contradiction_that_cannot_work_is_refused(
    conditions: list[dict[str, Any]], expected: list[tuple[str, str]]
) -> None:
    assert problems(content(*conditions)) == [("good_unused", *each) for each in expected]


def test_two_contradictions_have_codes_of_their_own() -> None:
    twice = content(FEW, GOOD)
    twice["contradictions"] *= 2
    assert problems(twice) == [
        (
            "good_unused",
            "Two contradictions have this code (capitals make no difference).",
            "Give each a code of its own.",
        )
    ]
