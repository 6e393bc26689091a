from typing import Any

import pytest

from surveys.questionnaires.comparison_map import check_against, previous_codes
from surveys.questionnaires.digest import from_document, to_document
from surveys.questionnaires.loading import load, parse
from surveys.questionnaires.problems import QuestionnaireError
from surveys.questionnaires.schema import ComparedQuestion, ComparisonStatus, Questionnaire
from tests.questionnaires.examples import FIXTURES, GONE, document, example, problems

FIRST = example("topic_by_theme")
SAME = ("finding_tools", "sharing_culture", "sharing_tools")
TEXT = "dimensions__0__questions__0__text"
REWORDED = "People look for data first."
Line = dict[str, str]


def second(*lines: Line, **changes: Any) -> dict[str, Any]:
    """Version 2 with a map: `lines`, and every question that they leave out as the same."""
    content = document("topic_by_theme", version="2", **changes)
    named = {line.get("code", "") for line in lines}
    same = [{"code": code, "status": "same"} for code in ("finding_culture", *SAME) if code not in named]
    content["comparison"] = {"previous_version": "1", "questions": [*lines, *same]}
    return content


def against(content: dict[str, Any], previous: Questionnaire = FIRST) -> list[tuple[str, str, str]]:
    found = check_against(from_document(content), previous, "test.yaml")
    return [(problem.code, problem.message, problem.mend) for problem in found]


def test_a_complete_and_true_map_is_accepted() -> None:
    assert against(second()) == []
    assert (
        against(second({"code": "finding_culture", "status": "reworded_comparable"}, **{TEXT: REWORDED}))
        == []
    )


def test_a_line_says_what_may_be_compared_and_under_which_code() -> None:
    content = second(
        {
            "code": "looking",
            "previous": "finding_culture",
            "status": "reworded_comparable",
            "note": "Shorter.",
        },
        {"code": "finding_tools", "status": "new"},
        {"previous": "finding_tools_1", "status": "retired"},
        dimensions__0__questions__0__code="looking",
    )
    content["comparison"]["questions"] = [
        line for line in content["comparison"]["questions"] if line.get("code") != "finding_culture"
    ]
    questionnaire = from_document(content)

    assert questionnaire.comparison is not None
    assert questionnaire.comparison.questions[:3] == (
        ComparedQuestion("looking", "finding_culture", ComparisonStatus.REWORDED_COMPARABLE, "Shorter."),
        ComparedQuestion("finding_tools", "", ComparisonStatus.NEW),
        ComparedQuestion("", "finding_tools_1", ComparisonStatus.RETIRED),
    )
    assert [line.comparable for line in questionnaire.comparison.questions] == [
        True,
        False,
        False,
        True,
        True,
    ]
    assert from_document(to_document(questionnaire)) == questionnaire
    assert previous_codes(questionnaire) == {
        "looking": "finding_culture",
        "sharing_culture": "sharing_culture",
        "sharing_tools": "sharing_tools",
    }


@pytest.mark.parametrize(
    ("lines", "changes", "expected"),
    [
        (
            [{"code": "lost", "status": "same"}],
            {},
            (
                "lost",
                "The comparison names it, but it is not a question here.",
                "Correct the code, or use retired.",
            ),
        ),
        (
            [{"code": "finding_culture", "status": "new", "previous": "finding_culture"}],
            {},
            (
                "finding_culture",
                "It is new, but has a previous code (finding_culture).",
                "Delete previous, or change the status.",
            ),
        ),
        (
            [{"code": "finding_culture", "status": "retired", "previous": "old"}],
            {},
            (
                "finding_culture",
                "It is retired, but has a code in this version.",
                "Give `previous` alone, or change the status.",
            ),
        ),
        (
            [{"status": "same"}],
            {},
            (
                "",
                "A line of the comparison names no question.",
                "Give its code, or `previous` when it is retired.",
            ),
        ),
        (
            [{"status": "same", "previous": "finding_tools"}],
            {},
            (
                "finding_tools",
                "A line of the comparison has no code.",
                "Give its code, or use the status retired.",
            ),
        ),
        (
            [{"code": "finding_culture", "status": "same"}, {"code": "finding_culture", "status": "same"}],
            {},
            ("finding_culture", "The comparison names it 2 times as code.", "Keep one line for it."),
        ),
        (
            [{"code": "finding_culture", "status": "same", "previous": "finding_tools"}],
            {},
            ("finding_tools", "The comparison names it 2 times as previous.", "Keep one line for it."),
        ),
        (
            [],
            {"dimensions__0__questions__2": {"code": "extra", "kind": "long_text", "text": "What else?"}},
            (
                "extra",
                "The comparison does not say how it relates to the previous version.",
                "Add it with a status: same, reworded_comparable, reworded_not_comparable, new, retired.",
            ),
        ),
    ],
)
def test_a_map_that_is_wrong_by_itself_is_refused(
    lines: list[Line], changes: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert expected in problems(second(*lines, **changes))


def test_a_version_is_not_compared_with_itself() -> None:
    content = second()
    content["comparison"]["previous_version"] = "2"

    assert problems(content) == [
        ("", "The comparison is with this version itself.", "Name the version before it.")
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            second({"code": "finding_culture", "status": "new"}),
            [
                (
                    "finding_culture",
                    "It was asked in version 1 and the comparison does not mention it.",
                    "Map it, or list it with the status retired.",
                ),
                (
                    "finding_culture",
                    "It is new, but version 1 has a question with this code.",
                    "Give it a code of its own, or say how it relates to that question.",
                ),
            ],
        ),
        (
            second({"code": "finding_culture", "status": "same", "previous": "looking"}),
            [
                (
                    "finding_culture",
                    "It was asked in version 1 and the comparison does not mention it.",
                    "Map it, or list it with the status retired.",
                ),
                (
                    "finding_culture",
                    "The comparison names looking, which version 1 does not have.",
                    "Correct the code.",
                ),
            ],
        ),
        (
            second(**{TEXT: REWORDED}),
            [
                (
                    "finding_culture",
                    "It is marked same, but text changed.",
                    "Use reworded_comparable or reworded_not_comparable, or change it back.",
                )
            ],
        ),
        (
            second(
                {"code": "finding_culture", "status": "reworded_comparable"},
                dimensions__0__questions__0__kind="long_text",
                dimensions__0__questions__0__scored=False,
            ),
            [
                (
                    "finding_culture",
                    "It is marked comparable, but its kind changed.",
                    "Use reworded_not_comparable, or change it back.",
                )
            ],
        ),
        (
            second(
                {"code": "finding_culture", "status": "reworded_comparable"},
                dimensions__0__questions__0__omits_levels=[2],
            ),
            [
                (
                    "finding_culture",
                    "It is marked comparable, but its set of levels changed.",
                    "Use reworded_not_comparable, or change it back.",
                )
            ],
        ),
        (
            second(key="other-key"),
            [
                (
                    "",
                    "Its key is other-key, but the previous version's is topic-by-theme.",
                    "Use the same key.",
                )
            ],
        ),
        (
            document("topic_by_theme", version="2"),
            [("", "There is no comparison with version 1.", "Add a comparison.")],
        ),
    ],
)
def test_a_map_is_held_against_the_previous_version(
    content: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    assert against(content) == expected


def test_a_change_of_unit_is_not_comparable() -> None:
    content = document(version="2", dimensions__1__questions__1__unit="people")
    statuses = {"analysts": "reworded_comparable"}
    content["comparison"] = {
        "previous_version": "1",
        "questions": [
            {"code": question.code, "status": statuses.get(question.code, "same")}
            for question in example("every_kind").questions
        ],
    }

    assert against(content, example("every_kind")) == [
        (
            "analysts",
            "It is marked comparable, but its unit changed.",
            "Use reworded_not_comparable, or change it back.",
        )
    ]


def test_the_map_names_the_version_that_is_really_the_previous_one() -> None:
    content = second()
    content["comparison"]["previous_version"] = "0.9"

    assert against(content) == [("", "previous_version is 0.9, but it is version 1.", "Correct it.")]


def test_loading_checks_the_map_when_the_previous_version_is_given() -> None:
    text = (FIXTURES / "topic_by_theme.yaml").read_text().replace('version: "1"', 'version: "2"')

    assert parse(text, "two.yaml").version == "2"
    with pytest.raises(QuestionnaireError) as caught:
        parse(text, "two.yaml", previous=FIRST)
    assert [str(problem) for problem in caught.value.problems] == [
        "two.yaml: There is no comparison with version 1. Add a comparison."
    ]
    with pytest.raises(QuestionnaireError):
        load(FIXTURES / "topic_by_theme.yaml", previous=FIRST)


def test_a_retired_question_may_be_given_by_its_code_alone() -> None:
    content = second(dimensions__0__questions__0=GONE)
    content["comparison"]["questions"] = [
        {"code": "finding_culture", "status": "retired"},
        *({"code": code, "status": "same"} for code in SAME),
    ]

    assert against(content) == []
