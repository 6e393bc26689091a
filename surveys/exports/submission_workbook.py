"""A signed copy of an assessment as a workbook, to read and to sort."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from xlsxwriter import Workbook

from surveys.exports.facts_sheet import FactsSheet, assessment_facts
from surveys.exports.growing_sheet import GrowingSheet
from surveys.exports.workbook_styles import Styles, styles
from surveys.exports.xlsx import A4, XlsxFile, file_name, written
from surveys.queries.answer_words import answer_in_words
from surveys.queries.deadlines import moment_in_words
from surveys.queries.submitted_answers import SubmittedAnswers
from surveys.questionnaires.responses import EMPTY, asked
from surveys.questionnaires.worksheet import NO, YES, CellText

COLUMNS: Final[dict[str, int]] = {
    "Dimension": 20,
    "Code": 16,
    "Question": 36,
    "Asked": 8,
    "Answer": 36,
    "Level": 8,
    "Number": 10,
    "Comment": 40,
    "Why not applicable": 24,
    "Answered by": 18,
    "Answered at": 22,
}
"""The columns of the sheet of answers, with their widths in characters."""


def submission_workbook(found: SubmittedAnswers) -> XlsxFile:
    """Return the workbook of a signed copy: who signed what, and a row for each question.

    The same copy gives the same bytes, whoever downloads it and when.
    """
    state = found.state
    return XlsxFile(
        name=file_name(state, f"submission-{found.number}"),
        content=written(
            lambda workbook: _fill(workbook, found),
            title=f"{state.organisation_name}, {state.round_title}, submitted copy {found.number}",
            moment=found.signed_at,
        ),
    )


def _fill(workbook: Workbook, found: SubmittedAnswers) -> None:
    looks = styles(workbook)
    _write_facts(FactsSheet(workbook, "Signed copy", looks), found)
    sheet = workbook.add_worksheet("Answers", GrowingSheet)
    for column, (heading, width) in enumerate(COLUMNS.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, looks.heading)
    row = 0
    for row, cells in enumerate(_rows(found), start=1):
        _write_row(sheet, row, cells, looks)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, row, len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_facts(sheet: FactsSheet, found: SubmittedAnswers) -> None:
    sheet.title(f"{found.state.organisation_name}: submitted copy {found.number}")
    sheet.heading("Signature")
    sheet.line("Copy", str(found.number))
    sheet.line("Signed by", found.signed_by)
    sheet.line("Job title", found.job_title)
    sheet.line("Signed at", moment_in_words(found.signed_at))
    sheet.line("Declaration", found.declaration)
    sheet.line(
        "SHA-256 of the signed copy",
        f"{found.sha256}\nThis is the fingerprint of the JSON file of the copy, not of this workbook.",
    )
    sheet.heading("What was signed")
    sheet.lines(assessment_facts(found.state, found.instrument))


def _write_row(sheet: GrowingSheet, row: int, cells: tuple[CellText, ...], looks: Styles) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, Decimal):
            sheet.write_number(row, column, float(cell), looks.locked_number)
        else:
            sheet.write_string(row, column, cell or "", looks.how)
    sheet.grow(row, zip((str(cell or "") for cell in cells), COLUMNS.values(), strict=True))


def _rows(found: SubmittedAnswers) -> Iterator[tuple[CellText, ...]]:
    content = found.instrument.content
    on_view = asked(content, found.copy.responses)
    for dimension in content.dimensions:
        for question in dimension.all_questions:
            response = found.copy.responses.get(question.code, EMPTY)
            given = found.copy.answered_by.get(question.code)
            yield (
                dimension.name,
                question.code,
                question.text,
                YES if question.code in on_view else NO,
                "" if response.not_applicable else answer_in_words(question, response).value,
                None if response.level is None else Decimal(response.level),
                response.number,
                response.comment,
                response.reason,
                given.name if given else "",
                moment_in_words(given.at) if given else "",
            )
