"""Answers out of a workbook that people have worked on, and what is said of each cell that cannot be read."""

from __future__ import annotations

import datetime
import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest

from surveys.imports.workbook import GivenWorkbook, read_workbook
from surveys.imports.workbook_package import WorkbookRefused
from surveys.models import Assessment
from surveys.queries.workbooks import assessment_content
from surveys.questionnaires.responses import EMPTY, Response
from surveys.questionnaires.worksheet import Heading
from tests.factories import make_answer, make_round, publish_content
from tests.workbook_editing import EditedWorkbook, Formula, downloaded
from tests.world import World

pytestmark = pytest.mark.django_db

DOWNLOAD_AGAIN = "Download the workbook again and copy your answers into it."
NO_WORKBOOK_OF_OURS = (
    "This is not a workbook from this service, or its sheet “Start here” is missing. "
    "Download the workbook from this page and answer in it."
)


@pytest.fixture
def workbook(world: World) -> EditedWorkbook:
    """The own assessment's workbook with one answer in it."""
    make_answer(world.assessment, "linked_data", world.lead, Response(level=3, comment="Not all."))
    return downloaded(world.lead, world.assessment)


def read(world: World, workbook: EditedWorkbook, assessment: Assessment | None = None) -> GivenWorkbook:
    content = assessment_content(world.lead, (assessment or world.assessment).pk)
    return read_workbook(workbook.saved(), content)


def responses(world: World, workbook: EditedWorkbook) -> dict[str, Response]:
    """What a workbook without problems says, without the blank questions."""
    given = read(world, workbook)
    assert given.problems == ()
    return {each.question.code: each.response for each in given.answers if each.response != EMPTY}


def problems(world: World, workbook: EditedWorkbook) -> list[tuple[str, str]]:
    """Where something is wrong and what is said of it."""
    return [
        (f"{each.at.sheet} {each.at.cell}".strip(), each.message) for each in read(world, workbook).problems
    ]


def refusal(world: World, workbook: EditedWorkbook, assessment: Assessment | None = None) -> str:
    with pytest.raises(WorkbookRefused) as refused:
        read(world, workbook, assessment)
    return refused.value.message


def test_an_untouched_workbook_says_what_was_downloaded(world: World, workbook: EditedWorkbook) -> None:
    given = read(world, workbook)
    assert [(each.question.code, each.seen) for each in given.answers if each.seen] == [("linked_data", 1)]
    assert responses(world, workbook) == {"linked_data": Response(level=3, comment="Not all.")}
    assert (given.problems, given.passed_over, given.absent) == ((), (), ())
    assert given.downloaded.startswith("Downloaded by Lena Lead, ")


def test_every_kind_of_answer_is_read(world: World, workbook: EditedWorkbook) -> None:
    workbook.fill("linked_data", "4 Embedded")
    workbook.fill("shared_platform", "No platform.", Heading.REASON)
    workbook.fill("practice_share", 45)
    workbook.fill("sectors", "Yes", row="option acute").fill("sectors", "yes", row="option other")
    workbook.fill("sectors", "Hospices", row="other")
    workbook.fill("analysts", "12.5 WTE").fill("analysts", "As of March", Heading.COMMENT)
    workbook.fill("time_split", 60, row="part reporting").fill("time_split", 40, row="part strategy")
    workbook.fill("clarity", "Unclear")
    workbook.fill("peer_offer", "Our tests.\nAnd more.", row="text").fill("peer_offer", "No", row="consent")
    assert responses(world, workbook) == {
        "linked_data": Response(level=4, comment="Not all."),
        "shared_platform": Response(not_applicable=True, reason="No platform."),
        "practice_share": Response(number=Decimal(45)),
        "sectors": Response(options=("acute", "other"), other="Hospices"),
        "analysts": Response(number=Decimal("12.5"), comment="As of March"),
        "time_split": Response(parts=(("reporting", Decimal(60)), ("strategy", Decimal(40)))),
        "clarity": Response(options=("unclear",)),
        "peer_offer": Response(text="Our tests.\nAnd more.", consent=False),
    }


@pytest.mark.parametrize(
    "text",
    ["=1+1", "\U0001f600", "\u202e\u05e9\u05dc\u05d5\u05dd", "word " * 10_000, "a\tb", "'quoted", "#N/A"],
    ids=["formula", "emoji", "right to left", "10,000 words", "tab", "quote", "error as text"],
)
def test_texts_come_back_as_they_are(world: World, workbook: EditedWorkbook, text: str) -> None:
    workbook.fill("linked_data", text[:32_000], Heading.COMMENT)
    assert responses(world, workbook)["linked_data"].comment == text[:32_000].strip()


def test_sheets_rows_and_columns_may_have_moved(world: World, workbook: EditedWorkbook) -> None:
    workbook.fill("training", "2 Patchy")
    moved = {f"My {name}": rows for name, rows in reversed(workbook.sheets.items())}
    table = moved["My 2 Skills"]
    head = next(number for number, row in enumerate(table) if row[0] == "Code")
    table[head + 1 :] = reversed(table[head + 1 :])
    moved["My 2 Skills"] = [[row[3], *row[:3], "mine", *row[4:]] for row in table]
    workbook.sheets = moved
    assert responses(world, workbook) == {
        "linked_data": Response(level=3, comment="Not all."),
        "training": Response(level=2),
    }


def test_a_formula_counts_by_its_value(world: World, workbook: EditedWorkbook) -> None:
    workbook.fill("practice_share", Formula("=9*5", 45)).fill("training", Formula('="2"', "2"))
    found = responses(world, workbook)
    assert (found["practice_share"].number, found["training"].level) == (Decimal(45), 2)


def test_formulas_that_fail_are_told_by_cell(world: World, workbook: EditedWorkbook) -> None:
    workbook.fill("practice_share", Formula("=A1/0", "#DIV/0!"))
    workbook.fill("training", Formula("=NA()", "#N/A"), Heading.COMMENT)
    assert problems(world, workbook) == [
        (
            workbook.place("practice_share"),
            "The formula in this cell gives #DIV/0!. Correct the formula, or type the answer instead.",
        ),
        (
            workbook.place("training", Heading.COMMENT),
            "The formula in this cell gives #N/A. Correct the formula, or type the answer instead.",
        ),
    ]


def test_a_formula_that_no_program_has_worked_out_yet_does_not_clear_an_answer(
    world: World, workbook: EditedWorkbook
) -> None:
    place = workbook.place("linked_data")
    content = workbook.fill("linked_data", Formula("=1+2", 123)).saved()
    unworked = without_value(content, "<v>123</v>")
    given = read_workbook(unworked, assessment_content(world.lead, world.assessment.pk))
    assert [(f"{each.at.sheet} {each.at.cell}", each.message) for each in given.problems] == [
        (
            place,
            "The formula in this cell has no value yet. Open the workbook in Excel, save it and upload that.",
        )
    ]


def without_value(content: bytes, value: str) -> bytes:
    """The workbook with a value taken out, as programs write it that do not work formulas out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(value.encode(), b""))
    return buffer.getvalue()


def test_what_is_no_answer_is_told_by_cell(world: World, workbook: EditedWorkbook) -> None:
    workbook.fill("linked_data", datetime.date(2025, 3, 1))
    workbook.fill("sectors", "perhaps", row="option acute")
    workbook.fill("time_split", "much", row="part strategy")
    levels = "“1 Ad hoc”, “2 Patchy”, “3 Established”, “4 Embedded”, “5 Leading”"
    assert problems(world, workbook) == [
        (
            workbook.place("linked_data"),
            f"A date or a time (1 March 2025) is not one of the levels. Choose from the list: {levels}.",
        ),
        (
            workbook.place("sectors", row="option acute"),
            "“perhaps” is neither “Yes” nor “No”. Choose one, or leave the cell blank.",
        ),
        (
            workbook.place("time_split", row="part strategy"),
            "“much” is not a number. Type the number alone, such as 12 or 3.5.",
        ),
    ]


def test_sheets_of_peoples_own_are_passed_over_and_said(world: World, workbook: EditedWorkbook) -> None:
    workbook.sheets["My notes"] = [["linked_data", "ask Ben"], ["", "=1+1"]]
    workbook.sheets["Blank"] = []
    given = read(world, workbook)
    assert (given.passed_over, given.problems) == (("My notes",), ())


def test_a_sheet_that_is_gone_leaves_its_questions_alone(world: World, workbook: EditedWorkbook) -> None:
    del workbook.sheets["2 Skills"], workbook.sheets["Lists"]
    given = read(world, workbook)
    assert given.problems == ()
    assert given.absent == ("training", "recruitment", "analysts", "time_split", "clarity", "peer_offer")


def test_a_question_without_all_its_rows_is_told(world: World, workbook: EditedWorkbook) -> None:
    sheet, row = workbook.row_of("sectors", "option primary_care")
    del workbook.sheets[sheet][row]
    assert problems(world, workbook) == [
        (
            workbook.place("sectors", Heading.CODE),
            f"Rows of the question “sectors” are missing: “Primary care”. {DOWNLOAD_AGAIN}",
        )
    ]


def test_a_row_that_stands_there_twice_is_told(world: World, workbook: EditedWorkbook) -> None:
    sheet, row = workbook.row_of("practice_share")
    rows = workbook.sheets[sheet]
    rows.append(rows[row].copy())
    first = f"sheet “{sheet}”, cell A{row + 1}"
    message = f"This row stands in the workbook twice: the other one is {first}. Delete one of them."
    assert problems(world, workbook) == [(f"{sheet} A{len(rows)}", message)]


def test_a_copied_sheet_is_told_row_by_row(world: World, workbook: EditedWorkbook) -> None:
    workbook.sheets["2 Skills (2)"] = workbook.sheets["2 Skills"]
    found = problems(world, workbook)
    assert len(found) == sum(row[6] not in {"", "Row"} for row in workbook.sheets["2 Skills"])
    assert {place.rpartition(" ")[0] for place, _ in found} == {"2 Skills (2)"}


@pytest.mark.parametrize(
    ("heading", "typed", "message"),
    [
        (
            Heading.ANSWER,
            "My answer",
            "Of the headings of the columns, “Your answer” cannot be found. Put back what was there.",
        ),
        (
            Heading.QUESTION,
            "Comment",
            "Of the headings of the columns, “Comment” stands there more than once. Put back what was there.",
        ),
    ],
)
def test_changed_headings_are_told(
    world: World, workbook: EditedWorkbook, heading: str, typed: str, message: str
) -> None:
    rows = workbook.sheets["2 Skills"]
    head = next(row for row in rows if heading in row)
    head[head.index(heading)] = typed
    assert problems(world, workbook) == [("2 Skills", message)]


@pytest.mark.parametrize(
    ("heading", "typed", "message"),
    [
        (
            Heading.CODE,
            "linked_dta",
            "The questionnaire has no question “linked_dta”. Did it say “linked_data”?",
        ),
        (Heading.CODE, "zzz", "The questionnaire has no question “zzz”. Put back what was there."),
        (
            Heading.CODE,
            "",
            "This row has no question code, so it is not clear what it answers. Put the code back.",
        ),
        (Heading.ROW, "answer", f"The question “linked_data” has no row “answer”. {DOWNLOAD_AGAIN}"),
        (Heading.VERSION, "", f"The version has been changed. {DOWNLOAD_AGAIN}"),
        (Heading.VERSION, "two", f"The version has been changed. {DOWNLOAD_AGAIN}"),
        (Heading.VERSION, 1.5, f"The version has been changed. {DOWNLOAD_AGAIN}"),
        (Heading.VERSION, -1, f"The version has been changed. {DOWNLOAD_AGAIN}"),
        (Heading.VERSION, 10**12, f"The version has been changed. {DOWNLOAD_AGAIN}"),
    ],
)
def test_changed_codes_and_versions_are_told(
    world: World, workbook: EditedWorkbook, heading: str, typed: Any, message: str
) -> None:
    place = workbook.place("linked_data", Heading.ANSWER if heading == Heading.CODE else heading)
    workbook.fill("linked_data", typed, heading)
    assert problems(world, workbook) == [(place, message)]


def test_notes_below_the_questions_are_no_problem(world: World, workbook: EditedWorkbook) -> None:
    workbook.sheets["2 Skills"].append(["Ask Ben", "about this", "", "", "", "", "", ""])
    assert problems(world, workbook) == []


def test_an_answer_below_the_questions_is_told(world: World, workbook: EditedWorkbook) -> None:
    rows = workbook.sheets["2 Skills"]
    rows.append(["", "", "", "", "A comment", "", "", ""])
    assert problems(world, workbook) == [
        (
            f"2 Skills E{len(rows)}",
            "This row has no question code, so it is not clear what it answers. Put the code back.",
        )
    ]


def test_a_comment_beside_an_option_is_told_where_it_belongs(world: World, workbook: EditedWorkbook) -> None:
    workbook.fill("sectors", "Only two trusts", Heading.COMMENT, "option acute")
    sheet, row = workbook.row_of("sectors")
    assert problems(world, workbook) == [
        (
            workbook.place("sectors", Heading.COMMENT, "option acute"),
            f"Move this to the first row of the question: sheet “{sheet}”, cell E{row + 1}.",
        )
    ]


def test_a_workbook_without_its_first_sheet_is_refused(world: World, workbook: EditedWorkbook) -> None:
    del workbook.sheets["Start here"]
    assert refusal(world, workbook) == NO_WORKBOOK_OF_OURS


def test_any_other_workbook_is_refused(world: World, workbook: EditedWorkbook) -> None:
    workbook.sheets = {"Sheet1": [["Workbook format"]], "Sheet2": []}
    assert refusal(world, workbook) == NO_WORKBOOK_OF_OURS


def change_fact(workbook: EditedWorkbook, label: str, value: str) -> None:
    row = next(row for row in workbook.sheets["Start here"] if row[0] == label)
    row[1] = value


def test_a_workbook_of_another_format_is_refused(world: World, workbook: EditedWorkbook) -> None:
    change_fact(workbook, "Workbook format", "ICS data maturity survey workbook 9")
    assert refusal(world, workbook) == (
        f"This workbook was made by another version of the service. {DOWNLOAD_AGAIN}"
    )


def test_the_workbook_of_another_system_is_refused_by_name(world: World) -> None:
    workbook = downloaded(world.sister_lead, world.sister_assessment)
    assert refusal(world, workbook) == (
        f"This workbook belongs to another system: Borderland ({world.sister_assessment.ods_code}). This "
        f"assessment is the one of Ambleshire ({world.assessment.ods_code}). Nothing has been changed."
    )


def test_the_workbook_of_another_round_is_refused_by_name(world: World, workbook: EditedWorkbook) -> None:
    autumn = make_round(world.questionnaire, world.own, title="Autumn round")
    assert refusal(world, workbook, autumn.assessments.get()) == (
        "This workbook is from another round: “Spring round”, for Ambleshire. This assessment belongs to "
        "“Autumn round”. Nothing has been changed."
    )


def test_a_workbook_of_other_questions_is_refused(world: World, workbook: EditedWorkbook) -> None:
    other = publish_content(version="0.9")
    change_fact(workbook, "Questionnaire SHA-256", other.digest)
    change_fact(workbook, "Questionnaire version", "0.9")
    assert refusal(world, workbook) == (
        "This workbook has other questions: small version 0.9. This assessment answers small version 1.0. "
        f"{DOWNLOAD_AGAIN}"
    )
