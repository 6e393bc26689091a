"""A downloaded workbook as somebody edits and saves it in a spreadsheet program."""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from surveys.exports.workbook import assessment_workbook
from surveys.models import Assessment, Person
from surveys.queries.workbooks import assessment_content
from surveys.questionnaires.worksheet import QUESTION_ROW, Heading

ADDRESS = "https://survey.example/workbook/"


@dataclass(frozen=True)
class Formula:
    """A formula with the value that the program has worked out for it; None: it has not yet."""

    text: str
    value: Any


class EditedWorkbook:
    """The sheets of a workbook as lists of rows, to change as people do, and to save again."""

    def __init__(self, content: bytes) -> None:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            self.sheets = {
                name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in workbook.sheet_names
            }

    def row_of(self, code: str, key: str = QUESTION_ROW) -> tuple[str, int]:
        """The sheet and the row, from 0, of a row of a question."""
        for name, rows in self.sheets.items():
            for number, row in enumerate(rows):
                if row and row[0] == code and key in row:
                    return name, number
        raise KeyError(code, key)

    def column_of(self, sheet: str, heading: str) -> int:
        """The column, from 0, that has a heading."""
        return next(row.index(heading) for row in self.sheets[sheet] if heading in row)

    def fill(
        self, code: str, value: Any, heading: str = Heading.ANSWER, row: str = QUESTION_ROW
    ) -> EditedWorkbook:
        """Type something into a cell of a question; for more than one, call it again."""
        sheet, number = self.row_of(code, row)
        self.sheets[sheet][number][self.column_of(sheet, heading)] = value
        return self

    def place(self, code: str, heading: str = Heading.ANSWER, row: str = QUESTION_ROW) -> str:
        """The sheet and the address of a cell, as people say it: "1 Data platform D5"."""
        sheet, number = self.row_of(code, row)
        return f"{sheet} {chr(ord('A') + self.column_of(sheet, heading))}{number + 1}"

    def value(self, code: str, heading: str = Heading.ANSWER, row: str = QUESTION_ROW) -> Any:
        """What a cell of a question holds."""
        sheet, number = self.row_of(code, row)
        return self.sheets[sheet][number][self.column_of(sheet, heading)]

    def saved(self) -> bytes:
        """The file that the program writes."""
        buffer = io.BytesIO()
        workbook = Workbook(buffer, {"in_memory": True})
        date = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in self.sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    match value:
                        case "":
                            pass
                        case Formula():
                            sheet.write_formula(number, column, value.text, None, value.value)
                        case bool():
                            sheet.write_boolean(number, column, value)
                        case int() | float():
                            sheet.write_number(number, column, value)
                        case datetime.date():
                            sheet.write_datetime(number, column, value, date)
                        case _:
                            sheet.write_string(number, column, value)
        workbook.close()
        return buffer.getvalue()


def downloaded(person: Person, assessment: Assessment) -> EditedWorkbook:
    """The workbook of an assessment as the person gets it."""
    content = assessment_content(person, assessment.pk)
    return EditedWorkbook(assessment_workbook(content, ADDRESS).content)
