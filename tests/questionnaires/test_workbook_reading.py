"""What the sheets of a questionnaire's workbook say, and how it is told what is wrong with them."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from pydantic import BaseModel

from surveys.questionnaires import document
from surveys.questionnaires.digest import digest, from_document
from surveys.questionnaires.loading import CONTENT, load
from surveys.questionnaires.schema import (
    Comparator,
    ComparedQuestion,
    Comparison,
    ComparisonStatus,
    Condition,
    Contradiction,
    Questionnaire,
)
from surveys.questionnaires.workbook.layout import LAYOUT_OF, LAYOUTS, SheetName
from tests.questionnaires.examples import EVERY_EXAMPLE, example
from tests.questionnaires.generated import Document, documents
from tests.questionnaires.given_sheets import Sheets, line_of, put, read, sheets_of, told

EVERY = example("every_kind")
Change = dict[tuple[str, int, str], Any]


def second() -> Questionnaire:
    """A second version of EVERY, whose map says that nothing changed."""
    lines = (ComparedQuestion(code, code, ComparisonStatus.SAME) for code in EVERY.questions_by_code)
    return replace(EVERY, version="2", comparison=Comparison("1", tuple(lines)))


@pytest.mark.parametrize("name", EVERY_EXAMPLE)
def test_every_example_is_the_same_after_the_way_through_sheets(name: str) -> None:
    again = read(sheets_of(example(name)))

    assert again == example(name)
    assert digest(again) == digest(example(name))


def test_our_own_questionnaires_are_the_same_after_the_way_through_sheets() -> None:
    ours = [load(path) for path in CONTENT.glob("*.yaml")]

    assert [digest(read(sheets_of(each))) for each in ours] == [digest(each) for each in ours]


@given(documents())
def test_every_sound_questionnaire_is_the_same_after_the_way_through_sheets(made_up: Document) -> None:
    questionnaire = from_document(made_up)

    assert read(sheets_of(questionnaire)) == questionnaire


def test_a_map_to_the_version_before_goes_through_sheets_and_is_checked() -> None:
    assert read(sheets_of(second()), EVERY) == second()

    changed = sheets_of(second(), {("Questions", 3, "Text"): "How full is the catalogue of data?"})
    assert told(changed, EVERY) == [
        (
            "sheet “Questions”, row 3",
            "catalogue",
            "It is marked same, but text changed.",
            "Use reworded_comparable or reworded_not_comparable, or change it back.",
        )
    ]


def test_every_key_of_the_format_has_a_column() -> None:
    """Options that questions share are written out with each; the version of the format is the workbook's."""
    models = {
        SheetName.QUESTIONNAIRE: document.QuestionnaireDocument,
        SheetName.SCALE: document.ScaleLevelDocument,
        SheetName.GROUPS: document.GroupDocument,
        SheetName.THEMES: document.ThemeDocument,
        SheetName.LEAD_ROLES: document.LeadRoleDocument,
        SheetName.DIMENSIONS: document.DimensionDocument,
        SheetName.SECTIONS: document.SectionDocument,
        SheetName.QUESTIONS: document.QuestionDocument,
        SheetName.LEVELS: document.LevelDocument,
        SheetName.OPTIONS: document.OptionDocument,
        SheetName.PARTS: document.PartDocument,
        SheetName.CONTRADICTIONS: document.ContradictionDocument,
        SheetName.COMPARISON: document.ComparedQuestionDocument,
    }
    of_their_own = {"groups", "themes", "lead_roles", "dimensions", "sections", "questions"}
    of_their_own |= {"levels", "options", "parts", "contradictions", "all"}
    written_out = {"schema_version", "option_sets", "option_set"}

    def missing(model: type[BaseModel], sheet: SheetName) -> set[str]:
        columns = {column.steps[0] for column in LAYOUT_OF[sheet].columns}
        return set(model.model_fields) - columns - of_their_own - written_out

    assert {sheet: missing(model, sheet) for sheet, model in models.items()} == {
        sheet: {"points"} if sheet is SheetName.QUESTIONS else set() for sheet in models
    }


def test_what_is_said_of_a_column_fits_into_the_note_of_a_cell() -> None:
    columns = [column for layout in LAYOUTS for column in layout.columns]

    assert [column for column in columns if len(column.about) > 255 or len(column.heading) > 32] == []


def test_headings_may_be_moved_and_written_in_other_capitals_and_sheets_of_ones_own_stay() -> None:
    sheets = sheets_of(EVERY)
    for row in sheets["Questions"].rows:
        row.insert(0, row.pop())
    sheets["Questions"].rows[1] = [
        heading.upper().replace(" ", "_") for heading in sheets["Questions"].rows[1]
    ]
    sheets["Questions"].name = "QUESTIONS "
    sheets["My notes"] = replace(sheets["Groups"], name="My notes")

    assert read(sheets) == EVERY


def test_sheets_that_are_not_needed_may_be_blank_or_absent() -> None:
    sheets = sheets_of(EVERY)
    sheets["Parts"].rows = []
    del sheets["Comparison"]
    sheets["Sections"].rows = [["", ""]]

    assert [code for _, code, *_ in told(sheets)] == ["time"]


def test_blank_rows_are_passed_over_and_rows_may_stand_in_any_order_between_the_questions() -> None:
    sheets = sheets_of(EVERY)
    sheets["Levels"].rows.insert(4, [""] * 6)
    head, body = sheets["Options"].rows[:2], sheets["Options"].rows[2:]
    sheets["Options"].rows = [*head, *body[4:], *body[:4]]

    assert read(sheets) == EVERY


@pytest.mark.parametrize(
    ("change", "value"),
    [
        (("Questions", 5, "Required"), "no"),
        (("Questions", 5, "Required"), " FALSE "),
        (("Questions", 5, "Required"), False),
        (("Questions", 5, "Kind"), "multi_choice"),
        (("Questions", 5, "Kind"), "MULTI  CHOICE"),
        (("Questions", 7, "Maximum"), 2000.0),
        (("Questions", 7, "Maximum"), "2000"),
        (("Questions", 7, "Maximum"), " 2000.0 "),
    ],
)
def test_what_can_only_be_meant_one_way_is_taken(change: tuple[str, int, str], value: Any) -> None:
    assert read(sheets_of(EVERY, {change: value})) == EVERY


@pytest.mark.parametrize("levels", ["2", "[2]", 2.0])
def test_levels_that_are_left_out_are_listed(levels: Any) -> None:
    sheets = sheets_of(EVERY, {("Questions", 3, "Omits levels"): levels})
    del sheets["Levels"].rows[3]

    assert [level.value for level in read(sheets).question("catalogue").levels] == [1, 3, 4]


def test_a_question_without_levels_of_its_own_uses_those_of_the_scale() -> None:
    sheets = sheets_of(EVERY)
    del sheets["Levels"].rows[2:6]
    question = read(sheets).question("catalogue")

    assert EVERY.scale is not None
    assert question.levels == EVERY.scale.levels


WRONG_CELLS: list[tuple[Change, tuple[str, str, str, str]]] = [
    (
        {("Questions", 3, "Kind"): "maturty"},
        (
            "sheet “Questions”, cell D3",
            "catalogue",
            "“Kind” is “maturty”, which it cannot be.",
            "Did you mean “Maturity”?",
        ),
    ),
    (
        {("Questions", 5, "Asked if"): "sometimes"},
        (
            "sheet “Questions”, cell R5",
            "sources",
            "“Asked if” is “sometimes”, which it cannot be.",
            "Use one of: All, Any.",
        ),
    ),
    (
        {("Questions", 5, "Required"): "perhaps"},
        (
            "sheet “Questions”, cell L5",
            "sources",
            "“Required” is “perhaps”, which is neither Yes nor No.",
            "Choose from the list.",
        ),
    ),
    (
        {("Questions", 3, "Minutes"): 2.5},
        (
            "sheet “Questions”, cell K3",
            "catalogue",
            "“Minutes” is “2.5”, which is not a whole number.",
            "Round it.",
        ),
    ),
    *(
        (
            {("Questions", 4, "Weight"): value},
            (
                "sheet “Questions”, cell N4",
                "owner",
                f"“Weight” is “{quoted}”, which is not a number.",
                "Type the number alone, such as 12 or 0.5.",
            ),
        )
        for value, quoted in (
            ("two", "two"),
            ("1,5", "1,5"),
            (True, "TRUE"),
            (float("inf"), "Infinity"),
            (datetime.date(2025, 2, 1), "1 February 2025"),
        )
    ),
    (
        {("Levels", 4, "Code"): 2.0},
        (
            "sheet “Levels”, cell C4",
            "catalogue",
            "“Code” must be text, but the cell holds the value 2.",
            "Format the cell as text, and type again what it should say.",
        ),
    ),
    (
        {("Questionnaire", line_of("Version"), "Value"): 1.0},
        (
            "sheet “Questionnaire”, cell B5",
            "",
            "“Version” must be text, but the cell holds the value 1.",
            "Format the cell as text, and type again what it should say.",
        ),
    ),
    (
        {("Options", 3, "Label"): datetime.date(2025, 3, 1)},
        (
            "sheet “Options”, cell C3",
            "owner",
            "“Label” must be text, but the cell holds a date or a time (1 March 2025).",
            "Format the cell as text, and type again what it should say.",
        ),
    ),
    (
        {("Questions", 3, "Dimension"): "shops"},
        (
            "sheet “Questions”, cell A3",
            "catalogue",
            "“Dimension” is shops, which is not there.",
            "Give a code from the sheet “Dimensions”.",
        ),
    ),
    (
        {("Questions", 10, "Section"): "aisle"},
        (
            "sheet “Questions”, cell B10",
            "plans",
            "“Section” is aisle, which is not there.",
            "Give a code from the sheet “Sections”.",
        ),
    ),
    (
        {("Parts", 3, "Question"): ""},
        (
            "sheet “Parts”, cell A3",
            "reports",
            "“Question” is blank.",
            "Give a code from the sheet “Questions”.",
        ),
    ),
    (
        {("Questions", 10, "Asked if"): "Any"},
        (
            "sheet “Questions”, cell R10",
            "plans",
            "“Asked if” is filled in, but the question has no conditions.",
            "Add rows on the sheet “Conditions”, or empty the cell.",
        ),
    ),
    (
        {("Questions", 3, "Text"): ""},
        ("sheet “Questions”, cell E3", "catalogue", "“Text” is missing.", "Add it."),
    ),
    (
        {("Questions", 3, "Text"): "x" * 2_001},
        (
            "sheet “Questions”, cell E3",
            "catalogue",
            "“Text” is longer than 2,000 characters.",
            "Shorten it.",
        ),
    ),
    (
        {("Questions", 3, "Text"): "bell \a"},
        (
            "sheet “Questions”, cell E3",
            "catalogue",
            "“Text” has control characters in it.",
            "Delete them; line ends and tabs may stay.",
        ),
    ),
    (
        {("Questionnaire", line_of("Title"), "Value"): ""},
        ("sheet “Questionnaire”, cell B6", "", "“Title” is missing.", "Add it."),
    ),
    (
        {("Questionnaire", line_of("Key"), "Value"): "Every Kind"},
        (
            "sheet “Questionnaire”, cell B4",
            "",
            '“Key” is "Every Kind", which cannot be a code.',
            "Use small letters, digits and hyphens, at most 60; begin and end with a letter or a digit.",
        ),
    ),
    (
        {("Questions", 6, "Not applicable"): "Points"},
        (
            "sheet “Questions”, cell P6",
            "training",
            "not_applicable states points exactly when its effect is points.",
            "Write effect: left_out alone, or effect: points with a number of points.",
        ),
    ),
    (
        {("Questions", 3, "Suggested lead"): "cdio"},
        (
            "sheet “Questions”, cell I3",
            "catalogue",
            "suggested_lead is cdio, which is not in lead_roles.",
            "Use one of: head; or add it there.",
        ),
    ),
    (
        {("Dimensions", 3, "Group"): "tulips"},
        (
            "sheet “Dimensions”, cell D3",
            "stores",
            "group is tulips, which is not in groups.",
            "Use one of: tools, people; or add it.",
        ),
    ),
    (
        {("Levels", 5, "Text"): "Some teams keep the lists of their own!"},
        (
            "sheet “Levels”, row 5",
            "catalogue",
            "Levels 2 and 3 say nearly the same.",
            "Say what is true at the higher level that is not at the lower.",
        ),
    ),
    (
        {("Options", 9, "Points"): 3, ("Options", 6, "Points"): 3},
        (
            "sheet “Options”, row 6",
            "owner",
            "Option shared means not applicable and has points as well.",
            "Delete its points; write effect: points under not_applicable if it earns some.",
        ),
    ),
    (
        {("Parts", 4, "Label"): "Reports"},
        (
            "sheet “Parts”, row 4",
            "time",
            "Two parts read 'Reports'.",
            "Word them so that they differ.",
        ),
    ),
    (
        {("Questionnaire", line_of("Gap: first group"), "Value"): "nobody"},
        (
            "sheet “Questionnaire”, cell B16",
            "gap",
            "The gap names nobody, which is not in groups.",
            "Use one of: tools, people; or add it.",
        ),
    ),
]


@pytest.mark.parametrize(("change", "expected"), WRONG_CELLS)
def test_what_is_wrong_is_told_with_its_sheet_its_cell_and_what_to_do(
    change: Change, expected: tuple[str, str, str, str]
) -> None:
    assert expected in told(sheets_of(EVERY, change))


def test_what_cannot_be_read_is_told_all_at_once() -> None:
    changes = {("Questions", 3, "Kind"): "x", ("Questions", 4, "Weight"): "x", ("Groups", 3, "Code"): 7.0}

    assert [place for place, *_ in told(sheets_of(EVERY, changes))] == [
        "sheet “Groups”, cell A3",
        "sheet “Questions”, cell D3",
        "sheet “Questions”, cell N4",
    ]


def test_a_code_that_cannot_be_read_is_told_once_and_not_with_every_row_that_names_it() -> None:
    assert [place for place, *_ in told(sheets_of(EVERY, {("Questions", 3, "Code"): 7.0}))] == [
        "sheet “Questions”, cell C3"
    ]


def test_nobody_is_told_more_than_a_hundred_problems() -> None:
    sheets = sheets_of(EVERY)
    for row in range(20, 200):
        put(sheets, "Lead roles", row, "Code", 1.5)
    found = told(sheets)

    assert (len(found), found[-1]) == (
        101,
        ("", "", "There are 80 more problems like these.", "Mend those above first."),
    )


@pytest.mark.parametrize(
    ("filled", "expected"),
    [
        (
            {"Comparison": "Chosen", "Options": "wards", "Value": 3},
            ("E3", "“Value” does not go with “Chosen”.", "Empty the cell, or choose another comparison."),
        ),
        (
            {"Comparison": "Chosen"},
            ("D3", "“Options” is blank.", "Codes of its options, separated by commas."),
        ),
        ({"Comparison": "At least"}, ("E3", "“Value” is blank.", "A level or a number.")),
        (
            {"Comparison": ""},
            (
                "C3",
                "“Comparison” is blank.",
                "What must hold. Chosen and Not chosen go with options, the others with a value.",
            ),
        ),
    ],
)
def test_half_a_condition_is_told(filled: dict[str, Any], expected: tuple[str, str, str]) -> None:
    row = {"Question": "training", "Earlier question": "sources", **filled}
    changes = {("Conditions", 3, heading): value for heading, value in row.items()}
    cell, message, mend = expected

    assert told(sheets_of(EVERY, changes)) == [
        (f"sheet “Conditions”, cell {cell}", "training", message, mend)
    ]


def test_the_wrong_earlier_question_of_a_condition_is_told_with_its_row() -> None:
    row = {"Question": "training", "Earlier question": "nothing", "Comparison": "At least", "Value": 1}
    changes = {("Conditions", 3, heading): value for heading, value in row.items()}
    ((place, code, *_),) = told(sheets_of(EVERY, changes))

    assert (place, code) == ("sheet “Conditions”, row 3", "training")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {},
            ("sheet “Contradictions”, row 3", "unlisted", "“Contradicting answers” is missing.", "Add it."),
        ),
        (
            {"Contradiction": "unliste", "Question": "catalogue", "Comparison": "Equals", "Value": 4},
            (
                "sheet “Contradicting answers”, cell A3",
                "unliste",
                "“Contradiction” is unliste, which is not there.",
                "Give a code from the sheet “Contradictions”.",
            ),
        ),
        (
            {"Contradiction": "unlisted", "Question": "catalogue", "Comparison": "Equals", "Value": 4},
            (
                "sheet “Contradictions”, row 3",
                "unlisted",
                "“Contradicting answers” has too few entries: it needs 2 or more.",
                "Add the rest.",
            ),
        ),
        (
            {"Contradiction": "unlisted", "Question": "catalogue", "Comparison": "Equals", "Options": "x"},
            (
                "sheet “Contradicting answers”, cell E3",
                "unlisted",
                "“Value” is blank.",
                "A level or a number.",
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_contradiction_is_told(
    row: dict[str, Any], expected: tuple[str, str, str, str]
) -> None:
    changes = {
        ("Contradictions", 3, "Code"): "unlisted",
        ("Contradictions", 3, "Words"): "A complete catalogue that lists nothing.",
        **{("Contradicting answers", 3, heading): value for heading, value in row.items()},
    }
    assert told(sheets_of(EVERY, changes))[0] == expected


def test_contradictions_go_through_sheets() -> None:
    contradiction = Contradiction(
        "unlisted",
        (
            Condition("catalogue", Comparator.AT_LEAST, value=Decimal(4)),
            Condition("sources", Comparator.CHOSEN, options=("nowhere", "wards")),
        ),
        "A complete catalogue of nothing.",
    )
    with_one = replace(EVERY, contradictions=(contradiction,))

    assert read(sheets_of(with_one)) == with_one


def test_a_section_of_another_dimension_is_told() -> None:
    small = {
        ("Sections", 3, "Dimension"): "people",
        ("Sections", 3, "Code"): "part",
        ("Sections", 3, "Name"): "Part",
        ("Questions", 3, "Section"): "part",
    }
    assert told(sheets_of(EVERY, small))[0] == (
        "sheet “Questions”, cell B3",
        "catalogue",
        "“Section” is part, which is in another dimension.",
        "Correct the section or the dimension.",
    )


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("#N/A", "The formula in this cell gives #N/A."),
        ("", "The formula in this cell has no value yet."),
    ],
)
def test_a_formula_without_a_value_is_told(fault: str, message: str) -> None:
    sheets = sheets_of(EVERY, {("Questions", 3, "Weight"): ""})
    sheets["Questions"].faults[2, 13] = fault

    assert told(sheets) == [
        ("sheet “Questions”, cell N3", "catalogue", message, "Type what the cell should say instead.")
    ]


NEW_ONE = "Download the template, or the workbook of a questionnaire, and copy what you have into it."


def misnamed(sheets: Sheets) -> None:
    sheets["Conditions"].name = "Conditons"


def without_questions(sheets: Sheets) -> None:
    del sheets["Questions"]


def without_headings(sheets: Sheets) -> None:
    sheets["Groups"].rows.pop(1)


def misspelt(sheets: Sheets) -> None:
    sheets["Dimensions"].rows[1][5] = "Wieght"


def unheaded(sheets: Sheets) -> None:
    for row in sheets["Themes"].rows:
        row.append("x" if row[0] == "use" else "")


def doubled(sheets: Sheets) -> None:
    for row in sheets["Themes"].rows:
        row.append(row[0] if row[0] == "Code" else "")


def doubled_field(sheets: Sheets) -> None:
    sheets["Questionnaire"].rows.append(["title", "Another"])


def unknown_field(sheets: Sheets) -> None:
    sheets["Questionnaire"].rows.append(["Licences", "None"])


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (
            misnamed,
            ("sheet “Conditons”", "", "No sheet is called this.", "Call it “Conditions”, or delete it."),
        ),
        (without_questions, ("sheet “Questions”", "", "The workbook has no such sheet.", NEW_ONE)),
        (without_headings, ("sheet “Groups”", "", "The row of headings cannot be found.", NEW_ONE)),
        (
            misspelt,
            (
                "sheet “Dimensions”, cell F2",
                "",
                "The heading “Wieght” is not known.",
                "Did you mean “Weight”?",
            ),
        ),
        (
            unheaded,
            (
                "sheet “Themes”, cell D2",
                "",
                "The column has no heading.",
                "Delete it. Known here: Code, Name, About.",
            ),
        ),
        (
            doubled,
            (
                "sheet “Themes”, cell D2",
                "",
                "The heading “Code” is here twice.",
                "Delete one of the columns.",
            ),
        ),
        (
            doubled_field,
            (
                "sheet “Questionnaire”, cell B19",
                "",
                "“Title” is here a second time.",
                "Delete one of the two lines.",
            ),
        ),
        (
            unknown_field,
            (
                "sheet “Questionnaire”, cell B19",
                "",
                "“Licences” is not a field of a questionnaire.",
                "Did you mean “Licence”?",
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_sheet_is_told(spoil: Any, expected: tuple[str, str, str, str]) -> None:
    sheets = sheets_of(EVERY)
    spoil(sheets)

    assert expected in told(sheets)


@pytest.mark.parametrize(
    ("given_format", "message"),
    [
        ("", "“Workbook format” is “”, but only “Questionnaire workbook 1” can be read."),
        ("Questionnaire workbook 9", "“Workbook format” is “Questionnaire workbook 9”, but only "),
    ],
)
def test_a_workbook_of_another_format_is_refused(given_format: str, message: str) -> None:
    sheets = sheets_of(EVERY, {("Questionnaire", 3, "Value"): given_format})
    ((place, code, said, mend),) = told(sheets)

    assert (place, code, mend) == ("", "", NEW_ONE)
    assert said.startswith(message)


def test_any_other_workbook_is_refused() -> None:
    sheets = sheets_of(EVERY)
    del sheets["Questionnaire"]

    assert [(message, mend) for _, _, message, mend in told(sheets)] == [
        ("This is no workbook of a questionnaire: no sheet “Questionnaire” has “Workbook format”.", NEW_ONE)
    ]
