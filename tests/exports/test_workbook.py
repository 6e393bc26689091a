"""The workbook that people answer in, opened as a spreadsheet program opens it."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.http import Http404
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from surveys.exports.choice_lists import column_letters
from surveys.exports.growing_sheet import height_of
from surveys.exports.workbook import assessment_workbook
from surveys.exports.xlsx import clipped, sheet_name
from surveys.models import Assessment, Person
from surveys.queries.workbooks import assessment_content
from surveys.questionnaires.responses import Response
from surveys.questionnaires.worksheet import Heading
from tests.factories import assign_question, make_answer, make_round, publish_content
from tests.questionnaires.examples import EVERY_EXAMPLE, example
from tests.workbook_editing import ADDRESS, EditedWorkbook, downloaded
from tests.world import World

pytestmark = pytest.mark.django_db

HOSTILE = (
    '=HYPERLINK("http://evil.example","x")',
    "+1",
    "-1",
    "@SUM(A1)",
    "{=1}",
    "_x0041_",
    "<b>&amp;",
    "\u202eright to left \u05e9",
    "\U0001f600",
    "https://example.org",
)


def content_of(person: Person, assessment: Assessment) -> bytes:
    return assessment_workbook(assessment_content(person, assessment.pk), ADDRESS).content


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def sheet_xml(content: bytes, number: int) -> str:
    return part(content, f"xl/worksheets/sheet{number}.xml")


def open_cells(content: bytes, number: int) -> set[str]:
    """The cells of a sheet that protection leaves open."""
    formats = part(content, "xl/styles.xml").split("<cellXfs")[1].split("</cellXfs>")[0].split("<xf ")[1:]
    free = {str(place) for place, each in enumerate(formats) if 'locked="0"' in each}
    styles = re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', sheet_xml(content, number))
    return {cell for cell, style in styles if style in free}


def validations(content: bytes, number: int) -> dict[str, tuple[str, str]]:
    """The kind and the first limit, or the list, of each cell that is checked as one types."""
    found = re.findall(
        r'<dataValidation type="(\w+)"[^>]*sqref="([^"]+)"><formula1>(.*?)</formula1>',
        sheet_xml(content, number),
    )
    return {cell: (kind, first) for kind, cell, first in found}


def test_there_is_a_sheet_for_each_dimension_after_one_that_says_how(world: World) -> None:
    with CalamineWorkbook.from_filelike(io.BytesIO(content_of(world.lead, world.assessment))) as workbook:
        sheets = [(sheet.name, sheet.visible) for sheet in workbook.sheets_metadata]
    assert sheets == [
        ("Start here", SheetVisibleEnum.Visible),
        ("1 Data platform", SheetVisibleEnum.Visible),
        ("2 Skills", SheetVisibleEnum.Visible),
        ("Lists", SheetVisibleEnum.Hidden),
    ]


def test_the_first_sheet_says_whose_workbook_it_is(world: World) -> None:
    sheets = downloaded(world.lead, world.assessment).sheets
    said = {row[0]: row[1] for row in sheets["Start here"]}
    assert said["System"] == "Ambleshire"
    assert said["ODS code"] == world.assessment.ods_code
    assert said["Region"] == "North"
    assert said["Round"] == "Spring round"
    assert said["Questionnaire key"] == "small"
    assert said["Questionnaire version"] == "1.0"
    assert said["Questionnaire SHA-256"] == world.questionnaire.digest
    assert said["Round number"] == str(world.round.pk)
    assert said["Assessment number"] == str(world.assessment.pk)
    assert said["Downloaded by"] == "Lena Lead"
    assert said["Data"] == "As answered in the service."
    assert said["Step 3"] == f"Save the file as an Excel workbook (.xlsx) and bring it back at {ADDRESS}"


def test_synthetic_data_says_so_in_the_name_and_on_every_printed_sheet(world: World) -> None:
    survey_round = make_round(world.questionnaire, world.own, title="Made up", synthetic=True)
    assessment = survey_round.assessments.get()
    file = assessment_workbook(assessment_content(world.lead, assessment.pk), ADDRESS)
    assert file.name.startswith(f"synthetic-{assessment.ods_code}-made-up-answers-20")
    said = {row[0]: row[1] for row in EditedWorkbook(file.content).sheets["Start here"]}
    assert said["Data"] == "Synthetic: made for demonstration. It describes no real system."
    for number in (2, 3):
        assert "&amp;LAmbleshire, Made up, synthetic data&amp;R" in sheet_xml(file.content, number)


def test_every_question_stands_with_its_levels_its_answer_and_its_version(world: World) -> None:
    make_answer(
        world.assessment, "linked_data", world.lead, Response(level=3, comment="Not community.\nNot yet.")
    )
    make_answer(
        world.assessment, "shared_platform", world.lead, Response(not_applicable=True, reason="No platform.")
    )
    make_answer(world.assessment, "practice_share", world.lead, Response(number=Decimal(45)))
    make_answer(
        world.assessment, "sectors", world.lead, Response(options=("acute", "other"), other="Hospices")
    )
    make_answer(world.assessment, "analysts", world.lead, Response(number=Decimal("12.5")))
    make_answer(
        world.assessment,
        "time_split",
        world.lead,
        Response(parts=(("reporting", Decimal(60)), ("strategy", Decimal(40)))),
    )
    make_answer(world.assessment, "peer_offer", world.lead, Response(text="Our tests.", consent=False))
    workbook = downloaded(world.lead, world.assessment)
    sheet, row = workbook.row_of("linked_data")
    how_to = (
        "Choose one level.\n1 Ad hoc: Ad hoc: linked data.\n2 Patchy: Patchy: linked data.\n"
        "3 Established: Established: linked data.\n4 Embedded: Embedded: linked data.\n"
        "5 Leading: Leading: linked data.\nEvidence that may help: A coverage table.\n"
        "Suggested lead: Head of business intelligence"
    )
    assert (sheet, workbook.sheets[sheet][row]) == (
        "1 Data platform",
        [
            "linked_data",
            "How mature is linked data?",
            how_to,
            "3 Established",
            "Not community.\nNot yet.",
            "",
            "question",
            1.0,
        ],
    )
    assert workbook.value("shared_platform") == ""
    assert workbook.value("shared_platform", Heading.REASON) == "No platform."
    assert workbook.value("practice_share") == 45.0
    assert [
        workbook.value("sectors", row=f"option {code}") for code in ("acute", "primary_care", "other", "none")
    ] == ["Yes", "", "Yes", ""]
    assert workbook.value("sectors", row="other") == "Hospices"
    assert workbook.value("analysts") == 12.5
    assert workbook.value("time_split", row="part reporting") == 60.0
    assert workbook.value("peer_offer", row="text") == "Our tests."
    assert workbook.value("peer_offer", row="consent") == "No"
    assert workbook.value("training", Heading.VERSION) == 0.0


def test_a_condition_and_the_limits_of_an_answer_are_said_in_words(world: World) -> None:
    workbook = downloaded(world.lead, world.assessment)
    assert workbook.value("why_no_sectors", Heading.HOW) == (
        "Answer this only if the answer to “Which sectors supply data?” includes “None”.\nOptional.\n"
        "Write at most 50 words."
    )
    assert workbook.value("analysts", Heading.HOW) == (
        "Optional.\nEnter a number of WTE from 0 to 2,000, with at most 1 decimal place."
    )
    assert workbook.value("time_split", Heading.HOW) == (
        "Optional.\nEnter a number for each part. Together they make 100%."
    )
    assert workbook.value("sectors", Heading.HOW, row="option none") == "Choose this one alone."
    assert workbook.value("time_split", Heading.HOW, row="part strategy") == "%"


def test_sections_of_a_dimension_are_headings_without_a_code(world: World) -> None:
    rows = downloaded(world.lead, world.assessment).sheets["2 Skills"]
    assert [row[1] for row in rows if row[0] == ""] == [
        "Skills",
        "The people who work with data.",
        "How to choose a level: Choose the highest level for which every part of the description is true.",
        "People",
        "Facts",
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_or_a_link(world: World, text: str) -> None:
    make_answer(world.assessment, "linked_data", world.lead, Response(level=3, comment=text))
    content = content_of(world.lead, world.assessment)
    assert EditedWorkbook(content).value("linked_data", Heading.COMMENT) == text
    for number in (1, 2, 3, 4):
        xml = sheet_xml(content, number)
        assert (xml.count("<f>"), xml.count("<hyperlink")) == (0, 0)


def test_only_cells_for_answers_can_be_typed_in(world: World) -> None:
    content = content_of(world.lead, world.assessment)
    assert re.findall(r"<sheetProtection [^>]*>", sheet_xml(content, 2)) == [
        '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0"/>'
    ]
    rows = EditedWorkbook(content).sheets["1 Data platform"]
    keys = {f"{row[0]} {row[6]}": number for number, row in enumerate(rows, start=1) if row[0]}
    opened = {
        key: "".join(column for column in "ABCDEFGH" if f"{column}{number}" in open_cells(content, 2))
        for key, number in keys.items()
    }
    assert opened == {
        "Code Row": "",
        "linked_data question": "DE",
        "shared_platform question": "DEF",
        "practice_share question": "DE",
        "sectors question": "E",
        "sectors option acute": "D",
        "sectors option primary_care": "D",
        "sectors option other": "D",
        "sectors option none": "D",
        "sectors other": "D",
        "why_no_sectors question": "E",
        # One wide box over the columns of the answer, the comment and the reason.
        "why_no_sectors text": "DEF",
    }


def test_a_contributor_gets_only_what_is_theirs(world: World) -> None:
    make_answer(world.assessment, "training", world.lead, Response(level=2, comment="Of another section"))
    make_answer(world.assessment, "recruitment", world.lead, Response(level=2, comment="Of another question"))
    assign_question(world.assessment, "time_split", world.contributor, by=world.lead)

    content = content_of(world.contributor, world.assessment)

    sheets = EditedWorkbook(content).sheets
    assert list(sheets) == ["Start here", "1 Data platform", "2 Skills", "Lists"]
    said = {row[0]: row[1] for row in sheets["Start here"]}
    assert (said["Data platform"], said["Skills"]) == (
        "0 of 4 questions answered.",
        "0 of 1 questions answered.",
    )
    assert {row[0] for row in sheets["2 Skills"] if row[0]} == {"Code", "time_split"}
    assert [bool(open_cells(content, number)) for number in (2, 3)] == [True, True]


def test_there_is_no_workbook_without_anything_to_read(world: World) -> None:
    world.assessment.section_assignments.all().delete()
    with pytest.raises(Http404):
        assessment_content(world.contributor, world.assessment.pk)


def test_an_analyst_gets_a_workbook_to_read(world: World) -> None:
    workbook = downloaded(world.national_analyst, world.assessment)
    said = {row[0]: row[1] for row in workbook.sheets["Start here"]}
    assert said["Step 1"] == (
        "You can read this assessment but not answer it, so the workbook is for reading only."
    )
    assert "Step 2" not in said


def test_cells_offer_lists_and_refuse_what_cannot_be(world: World) -> None:
    content = content_of(world.lead, world.assessment)
    workbook = EditedWorkbook(content)
    checked = {
        f"{number - 1}{cell}": check
        for number in (2, 3)
        for cell, check in validations(content, number).items()
    }

    def check(code: str, heading: str = Heading.ANSWER, row: str = "question") -> tuple[str, str]:
        place = workbook.place(code, heading, row)
        return checked[f"{place[0]}{place.split()[-1]}"]

    assert check("linked_data") == ("list", "Lists!$A$1:$A$5")
    assert check("clarity") == ("list", "Lists!$B$1:$B$2")
    assert check("sectors", row="option acute") == ("list", '"Yes,No"')
    assert check("practice_share") == ("whole", "0")
    assert check("analysts") == ("decimal", "0")
    assert check("linked_data", Heading.COMMENT) == ("textLength", "5000")
    assert workbook.sheets["Lists"] == [
        ["1 Ad hoc", "Clear"],
        ["2 Patchy", "Unclear"],
        ["3 Established", ""],
        ["4 Embedded", ""],
        ["5 Leading", ""],
    ]


def test_rows_are_tall_enough_and_go_on_growing(world: World) -> None:
    make_answer(world.assessment, "linked_data", world.lead, Response(level=3, comment="word " * 300))
    content = content_of(world.lead, world.assessment)
    _, row = downloaded(world.lead, world.assessment).row_of("linked_data")
    (attributes,) = re.findall(rf'<row r="{row + 1}"([^>]*)>', sheet_xml(content, 2))
    assert re.sub(r"\d+\.?\d*", "N", attributes) == ' spans="N:N" ht="N"'
    assert height_of([("word " * 300, 34)]) > height_of([("word", 34)])
    assert height_of([("word\n" * 3000, 34)]) == 405


def test_the_same_content_gives_the_same_bytes(world: World) -> None:
    content = assessment_content(world.lead, world.assessment.pk)
    assert assessment_workbook(content, ADDRESS) == assessment_workbook(content, ADDRESS)


def test_names_of_sheets_fit_what_a_workbook_allows() -> None:
    assert sheet_name(3, "Sharing: beyond [the] system?") == "3 Sharing beyond the system"
    assert sheet_name(4, "Leadership, culture and direction") == "4 Leadership, culture and direc"
    assert sheet_name(5, "\U0001f600" * 20) == "5 " + "\U0001f600" * 14
    assert sheet_name(6, "it's 'quoted'") == "6 it's 'quoted"


def test_columns_are_lettered_as_in_a_spreadsheet() -> None:
    assert [column_letters(number) for number in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


@pytest.mark.parametrize("name", EVERY_EXAMPLE)
def test_other_instruments_make_a_workbook_too(world: World, name: str) -> None:
    questionnaire = publish_content(example(name))
    assessment = make_round(questionnaire, world.own, title="Another").assessments.get()
    workbook = downloaded(world.lead, assessment)
    rows = [
        row for sheet, rows in workbook.sheets.items() for row in rows if sheet not in {"Start here", "Lists"}
    ]
    codes = {row[0] for row in rows} - {"", "Code"}
    assert codes == set(questionnaire.content.questions_by_code)
    rules = [row[1] for row in rows if str(row[1]).startswith("How to choose a level: ")]
    assert len(rules) == (len(questionnaire.content.dimensions) if questionnaire.content.scale else 0)


def test_a_text_longer_than_a_cell_is_cut_where_people_can_see_it() -> None:
    assert clipped("x" * 32_767) == "x" * 32_767
    assert clipped("x" * 32_768) == "x" * 32_766 + "…"
