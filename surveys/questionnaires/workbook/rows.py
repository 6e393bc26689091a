"""The rows of the sheets of a questionnaire's workbook, read cell by cell."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from surveys.questionnaires.problems import Problem, QuestionnaireError
from surveys.questionnaires.workbook.cells import UnreadableCellError, named, read_cell, said
from surveys.questionnaires.workbook.layout import (
    FIELD,
    FORMAT,
    FORMAT_FIELD,
    LAYOUTS,
    Column,
    Layout,
    SheetName,
)
from surveys.questionnaires.worksheet_reading import GivenCell, cell_text, is_blank

_HEAD_ROWS: Final = 40
_GET_A_NEW_ONE: Final = (
    "Download the template, or the workbook of a questionnaire, and copy what you have into it."
)
_NEEDED: Final = frozenset({SheetName.QUESTIONNAIRE, SheetName.DIMENSIONS, SheetName.QUESTIONS})


class GivenSheet(Protocol):
    """A sheet from its first row and column, with every row as long as the longest.

    `faults` are cells that hold an error value such as #N/A, or "" for a formula without a value.
    """

    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Sequence[Sequence[GivenCell]]: ...
    @property
    def faults(self) -> Mapping[tuple[int, int], str]: ...


@dataclass(frozen=True)
class Place:
    """A sheet, a row of it, or a cell; `row` and `column` count from 0, and -1 stands for all of them."""

    sheet: str
    row: int = -1
    column: int = -1

    def __str__(self) -> str:
        if self.row < 0:
            return f"sheet “{self.sheet}”"
        if self.column < 0:
            return f"sheet “{self.sheet}”, row {self.row + 1}"
        letters, rest = "", self.column + 1
        while rest:
            rest, last = divmod(rest - 1, 26)
            letters = chr(ord("A") + last) + letters
        return f"sheet “{self.sheet}”, cell {letters}{self.row + 1}"


@dataclass(frozen=True)
class GivenRow:
    """A row: what its cells say and where they are, by the keys of their columns. Blank cells say nothing."""

    place: Place
    values: Mapping[str, Any]
    cells: Mapping[str, Place]

    def at(self, key: str) -> Place:
        """Return the cell of a column, or the row when the sheet has no such column."""
        return self.cells.get(key, self.place)

    @property
    def code(self) -> str:
        """The code of the question or contradiction that it belongs to, or else its own; "" for none."""
        belongs = self.values.get("in_question") or self.values.get("in_contradiction")
        return str(belongs or self.values.get("code") or "")


class GivenRows:
    """The rows of every sheet in order, and what is wrong with them. `file` is what problems call the file.

    Raises QuestionnaireError when the workbook is not one of a questionnaire.
    """

    def __init__(self, sheets: Sequence[GivenSheet], file: str) -> None:
        self.problems: list[Problem] = []
        self.found: dict[SheetName, tuple[GivenRow, ...]] = dict.fromkeys(SheetName, ())
        self._file = file
        given = {named(sheet.name): sheet for sheet in sheets}
        first = given.get(named(SheetName.QUESTIONNAIRE))
        self._require_format(first)
        self._tell_of_other_sheets(sheets)
        for layout in LAYOUTS:
            sheet = given.get(named(layout.name))
            if sheet is not None:
                read = self._fields if sheet is first else self._rows
                self.found[layout.name] = tuple(read(sheet, layout))
            elif layout.name in _NEEDED:
                self.problem(Place(layout.name), "", "The workbook has no such sheet.", _GET_A_NEW_ONE)

    def problem(self, place: Place, code: str, message: str, mend: str) -> None:
        """Add what is wrong somewhere."""
        self.problems.append(Problem(self._file, code, message, mend, str(place)))

    def _require_format(self, sheet: GivenSheet | None) -> None:
        rows = () if sheet is None else sheet.rows
        beside = [row[1] for row in rows if len(row) > 1 and named(row[0]) == named(FORMAT_FIELD)]
        if not beside:
            message = (
                f"This is no workbook of a questionnaire: no sheet “Questionnaire” has “{FORMAT_FIELD}”."
            )
            raise QuestionnaireError((Problem(self._file, "", message, _GET_A_NEW_ONE),))
        if cell_text(beside[0]) != FORMAT:
            message = f"“{FORMAT_FIELD}” is {said(beside[0])}, but only “{FORMAT}” can be read."
            raise QuestionnaireError((Problem(self._file, "", message, _GET_A_NEW_ONE),))

    def _tell_of_other_sheets(self, sheets: Sequence[GivenSheet]) -> None:
        """A sheet of somebody's own is passed over, but not one that is only called wrongly."""
        known = {named(name): name for name in SheetName}
        for sheet in sheets:
            near = difflib.get_close_matches(named(sheet.name)[:60], known, n=1, cutoff=0.8)
            if named(sheet.name) not in known and near:
                self.problem(
                    Place(sheet.name),
                    "",
                    "No sheet is called this.",
                    f"Call it “{known[near[0]]}”, or delete it.",
                )

    def _fields(self, sheet: GivenSheet, layout: Layout) -> Iterator[GivenRow]:
        """Yield the one row that the lines of the first sheet make."""
        columns = {named(column.heading): column for column in layout.columns}
        passed = {"", named(FORMAT_FIELD), named(FIELD)}
        values: dict[str, Any] = {}
        cells: dict[str, Place] = {}
        for number, row in enumerate(sheet.rows):
            place = Place(sheet.name, number, 1)
            label, cell = named(row[0]), row[1] if len(row) > 1 else None
            column = columns.get(label)
            if column is None:
                if label not in passed and not is_blank(cell):
                    self.problem(
                        place,
                        "",
                        f"{said(row[0])} is not a field of a questionnaire.",
                        _nearest(label, columns),
                    )
            elif column.key in cells:
                self.problem(
                    place, "", f"“{column.heading}” is here a second time.", "Delete one of the two lines."
                )
            else:
                cells[column.key] = place
                self._take(values, column, sheet, place, "")
        yield GivenRow(Place(sheet.name), values, cells)

    def _rows(self, sheet: GivenSheet, layout: Layout) -> Iterator[GivenRow]:
        head, columns = self._headings(sheet, layout)
        for number in range(head + 1, len(sheet.rows)):
            places = {key: Place(sheet.name, number, column) for key, column in columns.items()}
            if all(self._is_empty(sheet, place) for place in places.values()):
                continue
            values: dict[str, Any] = {}
            # The codes come first, so that what is wrong with the other cells is told with them.
            ordered = sorted(places, key=lambda key: key not in {"in_question", "in_contradiction", "code"})
            for key in ordered:
                known = GivenRow(places[key], values, places).code
                self._take(values, layout.column(key), sheet, places[key], known)
            yield GivenRow(Place(sheet.name, number), values, places)

    def _headings(self, sheet: GivenSheet, layout: Layout) -> tuple[int, dict[str, int]]:
        """Return the row with the headings and the columns by their keys; no columns when none is found."""
        known = {named(column.heading): column.key for column in layout.columns}
        counts = [sum(named(cell) in known for cell in row) for row in sheet.rows[:_HEAD_ROWS]]
        if max(counts, default=0) < min(2, len(known)):
            if any(not is_blank(cell) for row in sheet.rows for cell in row):
                self.problem(Place(sheet.name), "", "The row of headings cannot be found.", _GET_A_NEW_ONE)
            return len(sheet.rows), {}
        head = counts.index(max(counts))
        columns: dict[str, int] = {}
        for number, cell in enumerate(sheet.rows[head]):
            place, key = Place(sheet.name, head, number), known.get(named(cell))
            if key is None and any(not is_blank(row[number]) for row in sheet.rows[head:]):
                wrong = (
                    f"The heading {said(cell)} is not known." if named(cell) else "The column has no heading."
                )
                mend = _nearest(named(cell), {named(each.heading): each for each in layout.columns})
                self.problem(place, "", wrong, mend)
            elif key in columns:
                self.problem(
                    place, "", f"The heading {said(cell)} is here twice.", "Delete one of the columns."
                )
            elif key is not None:
                columns[key] = number
        return head, columns

    def _take(
        self, values: dict[str, Any], column: Column, sheet: GivenSheet, place: Place, code: str
    ) -> None:
        fault = sheet.faults.get((place.row, place.column))
        if fault is not None:
            gives = f"gives {fault}" if fault else "has no value yet"
            self.problem(
                place, code, f"The formula in this cell {gives}.", "Type what the cell should say instead."
            )
            return
        try:
            value = read_cell(column, _cell(sheet, place))
        except UnreadableCellError as error:
            self.problem(place, code, error.message, error.mend)
        else:
            if value is not None:
                values[column.key] = value

    def _is_empty(self, sheet: GivenSheet, place: Place) -> bool:
        return is_blank(_cell(sheet, place)) and (place.row, place.column) not in sheet.faults


def _cell(sheet: GivenSheet, place: Place) -> GivenCell:
    row = sheet.rows[place.row]
    return row[place.column] if place.column < len(row) else None


def _nearest(word: str, columns: Mapping[str, Column]) -> str:
    near = difflib.get_close_matches(word[:60], columns, n=1)
    if near:
        return f"Did you mean “{columns[near[0]].heading}”?"
    return f"Delete it. Known here: {', '.join(column.heading for column in columns.values())}."
