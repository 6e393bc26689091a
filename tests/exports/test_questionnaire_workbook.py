"""A questionnaire as an Excel workbook: out, and back as the same questionnaire to the last character."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from surveys.actions.questionnaire_drafts import keep_draft
from surveys.actions.questionnaires import publish
from surveys.actions.refusals import Refused
from surveys.exports.questionnaire_workbook import questionnaire_template, questionnaire_workbook
from surveys.imports.questionnaires import keep_file
from surveys.models import Person, Questionnaire
from surveys.questionnaires.digest import digest
from surveys.questionnaires.loading import CONTENT, load
from surveys.questionnaires.problems import QuestionnaireError
from surveys.questionnaires.schema import ComparedQuestion, Comparison, ComparisonStatus
from surveys.questionnaires.schema import Questionnaire as Content
from surveys.questionnaires.workbook.layout import LAYOUTS
from tests.factories import SMALL_CONTENT, make_nation, make_person
from tests.questionnaires.examples import EVERY_EXAMPLE, FIXTURES, example

TRYING = (
    "=1+1",
    "+44 20 7946 0000",
    "-5",
    "@SUM(A1)",
    "007",
    "1.0",
    "1e5",
    "1/2",
    "2025-03-01",
    "TRUE",
    "#N/A",
    "'quoted'",
    '"quoted"',
    "https://example.org/?a=1&b=<2>",
    "two\nlines\n\nand one more",
    "a\ttab",
    "carriage\rreturn\r\nand both",
    "_x0041_ and _x000D_",
    "spaces\N{NO-BREAK SPACE}inside\N{ZERO WIDTH SPACE} spaces",
    "not a character: \ufffe",
    "é, 漢字, \N{STETHOSCOPE} and \N{RIGHT-TO-LEFT OVERRIDE}right to left",
    "x" * 2_000,
)


@pytest.fixture
def administrator(db: None) -> Person:
    """Somebody who manages questionnaires."""
    return make_person("Ada Administrator", role="administrator", organisation=make_nation())


def there_and_back(content: Content, by: Person) -> Questionnaire:
    """The draft that the workbook of a questionnaire becomes when it is uploaded."""
    row = keep_draft(by=by, content=content, file="before.yaml")
    file = questionnaire_workbook(row)
    Questionnaire.objects.all().delete()
    return keep_file(file.content, file.name, by=by)


def texted(*texts: str) -> Content:
    """A questionnaire with a question for each text, in which every text stands everywhere it may."""
    (first, *_), *_ = (dimension.questions for dimension in SMALL_CONTENT.dimensions)
    questions = tuple(
        replace(first, code=f"{place:03}", text=text, help=text, why=text, evidence=text)
        for place, text in enumerate(texts)
    )
    dimension = replace(SMALL_CONTENT.dimensions[0], questions=questions, about=texts[0], gap_core=False)
    return replace(
        SMALL_CONTENT, dimensions=(dimension,), about=texts[-2], groups=SMALL_CONTENT.groups[:1], gap=None
    )


@pytest.mark.parametrize("path", [*sorted(CONTENT.glob("*.yaml")), *sorted(FIXTURES.glob("*.yaml"))], ids=str)
def test_every_questionnaire_comes_back_with_the_same_digest(administrator: Person, path: Path) -> None:
    content = load(path)

    assert there_and_back(content, administrator).digest == digest(content)


def test_every_kind_of_question_with_sections_and_conditions_comes_back(administrator: Person) -> None:
    assert there_and_back(SMALL_CONTENT, administrator).content == SMALL_CONTENT


def test_texts_that_a_spreadsheet_likes_to_change_come_back_as_they_were(administrator: Person) -> None:
    content = replace(texted(*TRYING), key="007", version="1.0")

    again = there_and_back(content, administrator).content

    assert [question.text for question in again.questions] == list(TRYING)
    assert again == content


def test_a_map_to_the_version_before_comes_back(administrator: Person) -> None:
    publish(by=administrator, content=SMALL_CONTENT)
    lines = [ComparedQuestion(code, code, ComparisonStatus.SAME) for code in SMALL_CONTENT.questions_by_code]
    lines[0] = replace(lines[0], status=ComparisonStatus.REWORDED_COMPARABLE, note="Shorter.\nClearer.")
    content = replace(SMALL_CONTENT, version="2.0", comparison=Comparison("1.0", tuple(lines)))
    draft = keep_draft(by=administrator, content=content, file="before.yaml")

    assert keep_file(questionnaire_workbook(draft).content, "b.xlsx", by=administrator).content == content


def test_a_published_version_is_not_replaced_by_its_workbook(administrator: Person) -> None:
    row = publish(by=administrator, content=SMALL_CONTENT).questionnaire

    with pytest.raises(Refused, match="is published already with this content"):
        keep_file(questionnaire_workbook(row).content, "small.xlsx", by=administrator)


def test_the_same_questionnaire_gives_the_same_bytes(administrator: Person) -> None:
    row = publish(by=administrator, content=SMALL_CONTENT).questionnaire

    assert questionnaire_workbook(row) == questionnaire_workbook(row)
    assert questionnaire_workbook(row).name == "small-1-0.xlsx"


def test_the_template_says_what_goes_in_and_holds_nothing_else() -> None:
    with CalamineWorkbook.from_filelike(io.BytesIO(questionnaire_template().content)) as workbook:
        cells = {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}
    guide = cells.pop("Read me first")
    first = cells.pop("Questionnaire")

    assert [row[:2] for row in first[2:]] == [
        ["Workbook format", "Questionnaire workbook 1"],
        *([column.heading, ""] for column in LAYOUTS[0].columns),
    ]
    assert cells == {
        layout.name: [
            [layout.about, *[""] * (len(layout.columns) - 1)],
            [column.heading for column in layout.columns],
        ]
        for layout in LAYOUTS[1:]
    }
    told = [row[0] for row in guide if row[0]]
    described = [heading for layout in LAYOUTS for heading in (layout.name, *layout.columns)]
    assert told[-len(described) :] == [
        each.heading if hasattr(each, "heading") else f"Sheet: {each}" for each in described
    ]


def problems(file: bytes, name: str, by: Person) -> list[tuple[str, str, str]]:
    """Place, message and mend of everything that is wrong with a file; nothing is kept of it."""
    with pytest.raises(QuestionnaireError) as caught:
        keep_file(file, name, by=by)
    assert Questionnaire.objects.count() == 0
    return [(each.place, each.message, each.mend) for each in caught.value.problems]


def test_the_template_as_it_is_lacks_what_every_questionnaire_has(administrator: Person) -> None:
    file = questionnaire_template()

    assert problems(file.content, file.name, administrator) == [
        ("sheet “Questionnaire”, cell B4", "“Key” is missing.", "Add it."),
        ("sheet “Questionnaire”, cell B5", "“Version” is missing.", "Add it."),
        ("sheet “Questionnaire”, cell B6", "“Title” is missing.", "Add it."),
        ("sheet “Dimensions”", "“Dimensions” is missing.", "Add it."),
    ]


def some_workbook() -> bytes:
    """A workbook that has nothing to do with questionnaires."""
    buffer = io.BytesIO()
    made = Workbook(buffer, {"in_memory": True})
    made.add_worksheet("Budget").write_string(0, 0, "Budget")
    made.close()
    return buffer.getvalue()


def swollen() -> bytes:
    """A small workbook with a sheet that unpacks to far more than any questionnaire."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(some_workbook())) as before,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            after.writestr(name, b" " * 20_000_000 if is_sheet else before.read(name))
    return buffer.getvalue()


SAVE_AS = "Open it in Excel, choose “Save as” and “Excel workbook (.xlsx)”, and upload that file."


@pytest.mark.parametrize(
    ("file", "name", "message", "mend"),
    [
        (
            some_workbook(),
            "budget.xlsx",
            "This is no workbook of a questionnaire: no sheet “Questionnaire” has “Workbook format”.",
            "Download the template, or the workbook of a questionnaire, and copy what you have into it.",
        ),
        (b"", "empty.xlsx", "The file is empty.", "Choose the workbook that you filled in."),
        (
            b"\xd0\xcf\x11\xe0" + b"\0" * 600,
            "old.xls",
            "The file is an old Excel workbook (.xls), or it has a password.",
            f"{SAVE_AS} Save it without a password.",
        ),
        (b"PK\x03\x04" + b"\0" * 600, "odd.yaml", "The file is damaged, so it cannot be read.", SAVE_AS),
        (
            b"key: tea",
            "tea.xlsx",
            "The file is not an Excel workbook (.xlsx), whatever its name.",
            SAVE_AS,
        ),
        (
            swollen(),
            "questions.xlsx",
            "The workbook holds far more than it should, so it has not been opened.",
            "Remove what you added to it, and upload it again.",
        ),
    ],
    ids=["another", "empty", "old", "damaged", "misnamed", "swollen"],
)
def test_a_file_that_is_no_workbook_of_a_questionnaire_is_refused(
    administrator: Person, file: bytes, name: str, message: str, mend: str
) -> None:
    assert problems(file, name, administrator) == [("", message, mend)]


def test_what_is_wrong_is_told_with_its_cell(administrator: Person) -> None:
    content = example(EVERY_EXAMPLE[1])
    file = there_and_back(content, administrator)
    sound = questionnaire_workbook(file).content
    Questionnaire.objects.all().delete()
    (place, message, mend), *_ = problems(recoded(sound), "every_kind.xlsx", administrator)

    assert (place, message, mend) == (
        "sheet “Questions”, cell C3",
        "“Code” must be text, but the cell holds the value 7.",
        "Format the cell as text, and type again what it should say.",
    )


def recoded(file: bytes) -> bytes:
    """The workbook with the code of the first question typed as a number, in a program of its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            part = before.read(name).decode()
            if name == "xl/worksheets/sheet9.xml":
                start = part.index('<c r="C3"')
                cell = part[start : part.index("</c>", start)]
                part = part.replace(cell, '<c r="C3"><v>7</v>')
            after.writestr(name, part)
    return buffer.getvalue()
