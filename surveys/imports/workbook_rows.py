"""Finding the rows of every question in the sheets of a workbook, wherever they have been moved."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from surveys.imports.workbook_package import ASK_AGAIN
from surveys.imports.workbook_sheets import Sheet
from surveys.questionnaires.schema import Question
from surveys.questionnaires.worksheet import LISTS, Heading, rows_of
from surveys.questionnaires.worksheet_reading import GivenCell, cell_text, is_blank

INPUTS: Final = (Heading.ANSWER, Heading.COMMENT, Heading.REASON)
_NEEDED: Final = (Heading.CODE, *INPUTS, Heading.ROW, Heading.VERSION)
_HEAD_ROWS: Final = 60


@dataclass(frozen=True, order=True)
class CellRef:
    """A cell by its sheet (`place` counts the sheets), row and column, all from 0.

    The whole sheet when row and column are -1.
    """

    place: int
    sheet: str
    row: int = -1
    column: int = -1

    @property
    def cell(self) -> str:
        """The address as a spreadsheet shows it, such as D7; "" for the whole sheet."""
        before, last = divmod(self.column, 26)
        letters = chr(ord("A") + before - 1) if before else ""
        return "" if self.row < 0 else f"{letters}{chr(ord('A') + last)}{self.row + 1}"

    def __str__(self) -> str:
        return f"sheet “{self.sheet}”, cell {self.cell}" if self.cell else f"sheet “{self.sheet}”"


@dataclass(frozen=True, order=True)
class CellProblem:
    """What is wrong with a cell and what to do, in whole sentences."""

    at: CellRef
    message: str


@dataclass(frozen=True)
class QuestionRow:
    """One row of a question: where it is, and what stands under each heading."""

    place: int
    sheet: str
    number: int
    columns: Mapping[Heading, int]
    cells: Mapping[Heading, GivenCell]

    def at(self, heading: Heading) -> CellRef:
        """Return the cell of the row under a heading."""
        return CellRef(self.place, self.sheet, self.number, self.columns[heading])


class QuestionRows:
    """The rows of every question by its code and their keys, and what is wrong with the sheets.

    `unreadable` are the codes of questions of which some row cannot be used; `passed_over` names the sheets
    that hold no question.
    """

    def __init__(self, questions: Mapping[str, Question]) -> None:
        self.found: dict[str, dict[str, QuestionRow]] = {}
        self.problems: list[CellProblem] = []
        self.unreadable: set[str] = set()
        self.passed_over: list[str] = []
        self._keys = {code: {row.key for row in rows_of(question)} for code, question in questions.items()}

    def take(self, place: int, sheet: Sheet) -> None:
        """Take the rows of a sheet."""
        if not any(self._is_of_a_question(row) for row in sheet.rows):
            if sheet.name != LISTS and not all(is_blank(cell) for row in sheet.rows for cell in row):
                self.passed_over.append(sheet.name)
            return
        head = _find_headings(sheet)
        wrong = [f"“{each}” cannot be found" for each in _NEEDED if each not in head.columns]
        wrong += (f"“{each}” stands there more than once" for each in head.repeated)
        if wrong:
            message = f"Of the headings of the columns, {', '.join(wrong)}. Put back what was there."
            self.problems.append(CellProblem(CellRef(place, sheet.name), message))
            return
        for number in range(head.row + 1, len(sheet.rows)):
            cells = {heading: sheet.rows[number][column] for heading, column in head.columns.items()}
            self._take_row(QuestionRow(place, sheet.name, number, head.columns, cells), sheet)

    def _is_of_a_question(self, row: Iterable[GivenCell]) -> bool:
        texts = {cell for cell in row if isinstance(cell, str)}
        return any(not texts.isdisjoint(self._keys[code]) for code in texts & self._keys.keys())

    def _take_row(self, row: QuestionRow, sheet: Sheet) -> None:
        code, key = cell_text(row.cells[Heading.CODE]), cell_text(row.cells[Heading.ROW])
        faulty = [heading for heading in _NEEDED if (row.number, row.columns[heading]) in sheet.faults]
        if code not in self._keys:
            filled = [heading for heading in INPUTS if not is_blank(row.cells[heading])]
            if filled or faulty or key:
                self._problem(row, (*filled, Heading.CODE)[0], self._no_question(code))
            return
        known = self.found.setdefault(code, {})
        for heading in faulty:
            self._problem(row, heading, _fault(sheet.faults[row.number, row.columns[heading]]), code)
        if key not in self._keys[code]:
            self._problem(
                row, Heading.ROW, f"The question “{code}” has no row “{key[:40]}”. {ASK_AGAIN}", code
            )
        elif key in known:
            other = known[key].at(Heading.CODE)
            message = f"This row stands in the workbook twice: the other one is {other}. Delete one of them."
            self._problem(row, Heading.CODE, message, code)
        else:
            known[key] = row

    def _no_question(self, code: str) -> str:
        if not code:
            return "This row has no question code, so it is not clear what it answers. Put the code back."
        near = difflib.get_close_matches(code, self._keys, n=1)
        mend = f"Did it say “{near[0]}”?" if near else "Put back what was there."
        return f"The questionnaire has no question “{code[:40]}”. {mend}"

    def _problem(self, row: QuestionRow, heading: Heading, message: str, code: str = "") -> None:
        self.problems.append(CellProblem(row.at(heading), message))
        if code:
            self.unreadable.add(code)


@dataclass(frozen=True)
class _Headings:
    row: int
    columns: Mapping[Heading, int]
    repeated: tuple[Heading, ...]


def _find_headings(sheet: Sheet) -> _Headings:
    """Return the row with the most headings, the column of each, and those that stand there repeatedly."""
    known = {heading.casefold(): heading for heading in Heading}
    best = _Headings(-1, {}, ())
    for number, row in enumerate(sheet.rows[:_HEAD_ROWS]):
        columns: dict[Heading, int] = {}
        repeated: list[Heading] = []
        for column, cell in enumerate(row):
            heading = known.get(" ".join(cell_text(cell).split()).casefold())
            if heading is None:
                continue
            if heading in columns:
                repeated.append(heading)
            columns.setdefault(heading, column)
        if len(columns) > len(best.columns):
            best = _Headings(number, columns, tuple(repeated))
    return best


def _fault(value: str) -> str:
    if value:
        return f"The formula in this cell gives {value}. Correct the formula, or type the answer instead."
    return "The formula in this cell has no value yet. Open the workbook in Excel, save it and upload that."
