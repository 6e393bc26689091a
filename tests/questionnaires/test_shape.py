from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from surveys.questionnaires.document import OptionDocument, QuestionDocument, QuestionnaireDocument
from surveys.questionnaires.loading import parse
from surveys.questionnaires.problems import QuestionnaireError
from surveys.questionnaires.shape import model_at
from tests.questionnaires.examples import FIXTURES, GONE, document, problems

AS_CODE = (
    "Use at most 60 letters, digits, full stops, hyphens and underscores; "
    "begin and end with a letter or a digit."
)
KINDS = (
    "Use one of 'maturity', 'single_choice', 'multi_choice', 'number', 'percentage', "
    "'percentage_split' or 'long_text'."
)
FIRST = "dimensions__0__questions__0__"
CHOICE = "dimensions__0__questions__1__"
NUMBER = "dimensions__1__questions__1__"
IN_FIRST = "dimensions[1].questions[1]"


@pytest.mark.parametrize(
    ("changes", "code", "message", "mend"),
    [
        ({"title": GONE}, "", "`title` is missing.", "Add it."),
        (
            {"version": Decimal("1.0")},
            "",
            "`version` must be text, but it is 1.0 (read as a number).",
            'Put it in quotes: version: "1.0".',
        ),
        (
            {FIRST + "why": True},
            "catalogue",
            f"`{IN_FIRST}.why` must be text, but it is true (read as true or false).",
            'Put it in quotes: why: "true".',
        ),
        (
            {FIRST + "text": None},
            "catalogue",
            f"`{IN_FIRST}.text` must be text, but it is empty.",
            "Write the text, or delete the line if it is optional.",
        ),
        (
            {FIRST + "help": ["a"]},
            "catalogue",
            f"`{IN_FIRST}.help` must be text, but it is a list.",
            "Write it as text.",
        ),
        (
            {FIRST + "text": "  "},
            "catalogue",
            f"`{IN_FIRST}.text` is empty.",
            "Write the text, or delete the line if it is optional.",
        ),
        (
            {FIRST + "text": "a" * 2_001},
            "catalogue",
            f"`{IN_FIRST}.text` is longer than 2,000 characters.",
            "Shorten it.",
        ),
        (
            {FIRST + "text": "a\0b"},
            "catalogue",
            f"`{IN_FIRST}.text` has control characters in it.",
            "Delete them; line ends and tabs may stay.",
        ),
        (
            {FIRST + "text": "a\ud800b"},
            "catalogue",
            f"`{IN_FIRST}.text` has a character that cannot be stored.",
            "Delete the character and type it again.",
        ),
        (
            {FIRST + "evidnce": "x"},
            "catalogue",
            f"`{IN_FIRST}.evidnce` is not known here.",
            "Did you mean `evidence`?",
        ),
        (
            {CHOICE + "options__0__key": "x"},
            "owner",
            "`dimensions[1].questions[2].options[1].key` is not known here.",
            "Did you mean `code`?",
        ),
        (
            {"scale__levels__0__zzz": 1},
            "none",
            "`scale.levels[1].zzz` is not known here.",
            "Delete it. Known here: value, code, name, text, points.",
        ),
        (
            {FIRST + "kind": "maturty"},
            "catalogue",
            f'`{IN_FIRST}.kind` is the text "maturty", which it cannot be.',
            "Did you mean `maturity`?",
        ),
        (
            {"scoring": 7},
            "",
            "`scoring` is 7 (read as a number), which it cannot be.",
            "Use one of 'scale' or 'points'.",
        ),
        (
            {FIRST + "not_applicable__effect": "skip"},
            "catalogue",
            f'`{IN_FIRST}.not_applicable.effect` is the text "skip", which it cannot be.',
            "Use one of 'left_out' or 'points'.",
        ),
        (
            {FIRST + "required": "yes"},
            "catalogue",
            f'`{IN_FIRST}.required` must be true or false, but it is the text "yes".',
            "Write true or false, without quotes.",
        ),
        (
            {FIRST + "minutes": Decimal("1.5")},
            "catalogue",
            f"`{IN_FIRST}.minutes` must be a whole number, but it is 1.5 (read as a number).",
            "Write it in digits, without quotes.",
        ),
        (
            {FIRST + "minutes": 0},
            "catalogue",
            f"`{IN_FIRST}.minutes` is 0 (read as a number), which is out of range.",
            "It should be greater than or equal to 1.",
        ),
        (
            {FIRST + "weight": 0},
            "catalogue",
            f"`{IN_FIRST}.weight` is 0 (read as a number), which is out of range.",
            "It should be greater than 0.",
        ),
        (
            {NUMBER + "maximum": "2000"},
            "analysts",
            '`dimensions[2].questions[2].maximum` must be a number, but it is the text "2000".',
            "Write it in digits, without quotes.",
        ),
        (
            {NUMBER + "maximum": Decimal("0.12345")},
            "analysts",
            "`dimensions[2].questions[2].maximum` is a number that is too large or too finely divided.",
            "Use at most 15 digits, at most 4 of them after the point.",
        ),
        (
            {NUMBER + "maximum": Decimal("NaN")},
            "analysts",
            "`dimensions[2].questions[2].maximum` is a number that is too large or too finely divided.",
            "Use at most 15 digits, at most 4 of them after the point.",
        ),
        (
            {NUMBER + "maximum": float("inf")},
            "analysts",
            "`dimensions[2].questions[2].maximum` is a number that is too large or too finely divided.",
            "Use at most 15 digits, at most 4 of them after the point.",
        ),
        (
            {FIRST + "code": "two words"},
            "two words",
            f'`{IN_FIRST}.code` is "two words", which cannot be a code.',
            AS_CODE,
        ),
        (
            {"key": "Every Kind"},
            "",
            '`key` is "Every Kind", which cannot be a code.',
            "Use small letters, digits and hyphens, at most 60; begin and end with a letter or a digit.",
        ),
        (
            {"version": "one two"},
            "",
            '`version` is "one two", which cannot be a code.',
            "Use at most 20 letters, digits, full stops and hyphens, such as 1.0.",
        ),
        (
            {"dimensions": {}},
            "",
            "`dimensions` must be a list, but it is a mapping.",
            "Begin each entry with a dash.",
        ),
        ({"dimensions": []}, "", "`dimensions` has too few entries: it needs 1 or more.", "Add the rest."),
        (
            {"scale__levels": [{"value": n, "code": f"l{n}", "name": f"L{n}"} for n in range(21)]},
            "four",
            "`scale.levels` has too many entries: 20 at most.",
            "Take some out.",
        ),
        (
            {FIRST + "levels__1": "Begun"},
            "catalogue",
            f'`{IN_FIRST}.levels[2]` must be a mapping (lines of `name: value`), but it is the text "Begun".',
            "Write its parts on indented lines below it.",
        ),
        (
            {"scale": 5},
            "",
            "`scale` must be a mapping (lines of `name: value`), but it is 5 (read as a number).",
            "Write its parts on indented lines below it.",
        ),
        (
            {FIRST + "levels__1": {1}},
            "catalogue",
            f"`{IN_FIRST}.levels[2]` must be a mapping (lines of `name: value`), but it is of the type set.",
            "Write its parts on indented lines below it.",
        ),
    ],
)
def test_a_wrong_shape_is_said_with_the_question_and_the_mend(
    changes: dict[str, Any], code: str, message: str, mend: str
) -> None:
    assert problems(document(**changes)) == [(code, message, mend)]


def test_every_problem_of_shape_is_said_at_once() -> None:
    found = problems(document(title=GONE, **{FIRST + "kind": "x", FIRST + "wieght": 1}))

    assert [(code, mend) for code, _, mend in found] == [
        ("", "Add it."),
        ("catalogue", KINDS),
        ("catalogue", "Did you mean `weight`?"),
    ]


def test_no_more_problems_are_told_than_can_be_read() -> None:
    found = problems(document(**{f"unknown{number}": 1 for number in range(1_250)}))

    assert len(found) == 101
    assert found[-1] == ("", "There are 1,150 more problems like these.", "Mend those above first.")


def test_a_problem_in_a_file_gives_its_line() -> None:
    text = (FIXTURES / "every_kind.yaml").read_text().replace("minutes: 6", "minutes: six")

    with pytest.raises(QuestionnaireError) as caught:
        parse(text, "mine.yaml")

    line = text[: text.index("minutes: six")].count("\n") + 1
    assert [str(problem) for problem in caught.value.problems] == [
        (
            f"mine.yaml, catalogue: `{IN_FIRST}.minutes` must be a whole number, but it is the text "
            f'"six" (line {line}). Write it in digits, without quotes.'
        )
    ]


def test_unprintable_and_endless_names_do_not_spoil_the_message() -> None:
    found = problems(document(**{"\x1b[31m" + "x" * 200: 1}))

    assert [message for _, message, _ in found] == ["`\ufffd[31m" + "x" * 54 + "…` is not known here."]


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ((), QuestionnaireDocument),
        (("dimensions", 0, "questions", 3), QuestionDocument),
        (("dimensions", 0, "sections", 0, "questions", 0, "options", 1), OptionDocument),
    ],
)
def test_each_place_in_a_document_has_its_model(path: tuple[str | int, ...], model: type[BaseModel]) -> None:
    assert model_at(path) is model
