"""A questionnaire as a workbook to change and upload again, and the template for a new one."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from xlsxwriter import Workbook

from surveys.exports.choice_lists import column_letters
from surveys.exports.growing_sheet import GrowingSheet
from surveys.exports.questionnaire_file import questionnaire_file_name
from surveys.exports.xlsx import A4, XlsxFile, style, written
from surveys.models import Questionnaire
from surveys.questionnaires.workbook.layout import (
    FIELD,
    FORMAT,
    FORMAT_FIELD,
    LAYOUT_OF,
    LAYOUTS,
    NO,
    VALUE,
    YES,
    Column,
    Entry,
    Layout,
    SheetName,
    in_words,
)
from surveys.questionnaires.workbook.tables import CellValue, TableRow, tables_of

GUIDE: Final = "Read me first"
_MADE: Final = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""When the template says it was made: always the same, so that it has always the same bytes."""
_HEAD: Final = 1
_LAST_ROW: Final = 2_000
_LONGEST_TITLE: Final = 32
_FIELD_WIDTHS: Final = (24, 80, 60)
_GUIDE_WIDTHS: Final = (28, 90)
_STEPS: Final = (
    "There is a sheet for each list: a row is one question, one level, one option. Codes join them.",
    "Rows stand in the order in which they are shown.",
    "Keep the names of the sheets and the headings. Columns may be moved. Sheets of your own are left out.",
    "What a blank cell means, this sheet says of each column. A cell with a list offers what to choose from.",
    "Cells for text are formatted as text, so that 1.0, 007 and 1/2 stay as they are. Paste values only.",
    "To change a published questionnaire, give it a new version.",
    "A question that asks something else than before has a new code.",
    "Save it as an Excel workbook (.xlsx) and upload it under Questionnaires, where it is kept as a draft.",
    "Whatever is wrong is listed then, with its cell, and nothing is kept.",
)


def questionnaire_workbook(row: Questionnaire) -> XlsxFile:
    """Return a questionnaire that can be read as a workbook; read again, it has the same digest.

    The same content gives the same bytes.
    """
    name = questionnaire_file_name(row).removesuffix(".yaml")
    moment = row.published_at or row.drafted_at or _MADE
    tables = tables_of(row.content)
    return XlsxFile(f"{name}.xlsx", written(lambda made: _fill(made, tables), title=str(row), moment=moment))


def questionnaire_template() -> XlsxFile:
    """Return the workbook of a questionnaire with nothing in it."""
    title = "Template for a questionnaire"
    return XlsxFile(
        "questionnaire-template.xlsx", written(lambda made: _fill(made, {}), title=title, moment=_MADE)
    )


def _fill(workbook: Workbook, tables: Mapping[SheetName, Sequence[TableRow]]) -> None:
    looks = _Looks(workbook)
    _write_guide(workbook, looks)
    for layout in LAYOUTS:
        sheet = workbook.add_worksheet(layout.name, GrowingSheet)
        sheet.write_string(0, 0, layout.about, looks.note)
        rows = tables.get(layout.name, ())
        if layout.name is SheetName.QUESTIONNAIRE:
            _write_fields(sheet, layout, rows[0] if rows else {}, looks)
        else:
            _write_rows(sheet, layout, rows, looks)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD)


class _Looks:
    """The formats of a workbook."""

    def __init__(self, workbook: Workbook) -> None:
        line: dict[str, Any] = {"border": 1, "border_color": "#8A9BA8", "font_size": 10}
        self.title = workbook.add_format({"font_name": "Arial", "bold": True, "font_size": 16})
        self.note = workbook.add_format({"font_name": "Arial", "font_size": 10})
        self.heading = style(workbook, **line, bold=True, font_color="#FFFFFF", bg_color="#005EB8")
        self.section = style(workbook, **line, bold=True, bg_color="#D8DDE0")
        self.label = style(workbook, **line, bold=True)
        self.plain = style(workbook, **line)
        self.text = style(workbook, **line, num_format="@")

    def of(self, column: Column) -> Any:
        """Return the format of a column's cells. Text stays text, whatever it looks like."""
        return self.plain if column.entry in {Entry.NUMBER, Entry.WHOLE_NUMBER} else self.text


def _write_guide(workbook: Workbook, looks: _Looks) -> None:
    sheet = workbook.add_worksheet(GUIDE, GrowingSheet)
    for column, width in enumerate(_GUIDE_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, "How to fill in a questionnaire", looks.title)
    for number, (label, text, is_head) in enumerate(_guide(), start=2):
        for column, cell in enumerate((label, text)):
            head = looks.section if is_head else looks.label
            sheet.write_string(number, column, cell, head if is_head or column == 0 else looks.plain)
        sheet.grow(number, zip((label, text), _GUIDE_WIDTHS, strict=True))
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _guide() -> Iterator[tuple[str, str, bool]]:
    """Yield the lines of the guide: a label, a text, and whether a part begins with it."""
    for number, step in enumerate(_STEPS, start=1):
        yield f"{number}", step, False
    for layout in LAYOUTS:
        yield f"Sheet: {layout.name}", layout.about, True
        for column in layout.columns:
            yield column.heading, " ".join(filter(None, (column.about, _offered(column)))), False


def _offered(column: Column) -> str:
    choices = _choices(column)
    return f"One of: {', '.join(choices)}." if choices else ""


def _choices(column: Column) -> list[str]:
    if column.entry is Entry.YES_OR_NO:
        return [YES, NO]
    return [in_words(choice) for choice in column.choices]


def _write_fields(sheet: GrowingSheet, layout: Layout, row: TableRow, looks: _Looks) -> None:
    for place, width in enumerate(_FIELD_WIDTHS):
        sheet.set_column(place, place, width)
        sheet.write_string(_HEAD, place, (FIELD, VALUE, "What goes in")[place], looks.heading)
    sheet.write_string(_HEAD + 1, 0, FORMAT_FIELD, looks.label)
    sheet.write_string(_HEAD + 1, 1, FORMAT, looks.text)
    sheet.write_string(_HEAD + 1, 2, "Leave it as it is.", looks.plain)
    for number, column in enumerate(layout.columns, start=_HEAD + 2):
        value = row.get(column.key)
        texts = (column.heading, "" if value is None else str(value), column.about)
        sheet.write_string(number, 0, column.heading, looks.label)
        _write(sheet, number, 1, value, looks.of(column))
        sheet.write_string(number, 2, column.about, looks.plain)
        sheet.grow(number, zip(texts, _FIELD_WIDTHS, strict=True))
        sheet.data_validation(number, 1, number, 1, _rule(column))
    sheet.freeze_panes(_HEAD + 1, 1)


def _write_rows(sheet: GrowingSheet, layout: Layout, rows: Sequence[TableRow], looks: _Looks) -> None:
    for place, column in enumerate(layout.columns):
        sheet.set_column(place, place, column.width, looks.of(column))
        sheet.write_string(_HEAD, place, column.heading, looks.heading)
        sheet.data_validation(_HEAD + 1, place, _LAST_ROW, place, _rule(column))
    for number, row in enumerate(rows, start=_HEAD + 1):
        for place, column in enumerate(layout.columns):
            _write(sheet, number, place, row.get(column.key), looks.of(column))
        widths = ((str(row[column.key]), column.width) for column in layout.columns if column.key in row)
        sheet.grow(number, widths)
    codes = [place for place, column in enumerate(layout.columns) if column.key == "code"]
    sheet.freeze_panes(_HEAD + 1, codes[0] + 1 if codes else 1)


def _write(sheet: GrowingSheet, row: int, column: int, value: CellValue | None, look: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)


def _rule(column: Column) -> dict[str, Any]:
    """Return what a spreadsheet says of a cell and offers to choose from. What is wrong, the upload tells."""
    rule: dict[str, Any] = {
        "validate": "any",
        "input_title": column.heading[:_LONGEST_TITLE],
        "input_message": column.about,
    }
    choices = _choices(column)
    if choices:
        rule |= {"validate": "list", "source": choices, "error_type": "warning"}
    elif column.codes_of:
        codes = [each.key for each in LAYOUT_OF[column.codes_of].columns].index("code")
        letters = column_letters(codes)
        source = f"='{column.codes_of}'!${letters}${_HEAD + 2}:${letters}${_LAST_ROW + 1}"
        rule |= {"validate": "list", "source": source, "error_type": "warning"}
    return rule
