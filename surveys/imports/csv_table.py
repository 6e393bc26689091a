"""Reading a CSV file from anywhere: into rows of named cells, or into what is wrong with it."""

from __future__ import annotations

import codecs
import csv
import difflib
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from surveys.actions.row_problems import RowProblem, RowsRefused

MAX_BYTES = 20_000_000
MAX_CELL = 100_000

SAVE_AS_CSV = "In the spreadsheet choose “Save as” and “CSV UTF-8 (comma delimited)”."
_OTHER_FORMATS = {
    b"PK\x03\x04": "It is a workbook or a zip file, not a CSV file.",
    b"\xd0\xcf\x11\xe0": "It is an old workbook or document, not a CSV file.",
    b"%PDF": "It is a PDF, not a CSV file.",
    codecs.BOM_UTF16_LE: "It is text in UTF-16, not in UTF-8.",
    codecs.BOM_UTF16_BE: "It is text in UTF-16, not in UTF-8.",
}
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of file. The first required one tells it from the other kinds."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    max_rows: int = 100_000

    @property
    def columns(self) -> tuple[str, ...]:
        return self.required + self.optional


@dataclass(frozen=True)
class Row:
    """One row: its number as a spreadsheet shows it, and each column of the layout with its trimmed text."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """The rows of a file that has the columns of `layout`, and the SHA-256 of the file."""

    layout: Layout
    rows: tuple[Row, ...]
    sha256: str


def read_table(path: Path, *layouts: Layout) -> Table:
    """Read a file as `parse_table` does. Raises RowsRefused also for a file that cannot be read."""
    return parse_table(_content(path), *layouts)


def parse_table(content: bytes, *layouts: Layout) -> Table:
    """Read a table that has one of the layouts; blank rows are passed over and a column left out is blank.

    Raises RowsRefused with every problem of the header or of the rows' shape.
    """
    records = _records(_decoded(content))
    header = next(records, (0, []))[1]
    layout, names = _match(header, layouts)
    rows, problems = [], []
    for number, cells in records:
        if number > layout.max_rows + 1:
            raise _refused(f"It has more than {layout.max_rows:,} rows.", "Check that it is the right file.")
        if len(cells) != len(names):
            problems.append(_wrong_width(number, len(cells), len(names)))
            continue
        given = dict(zip(names, cells, strict=True))
        problems += _formulas(number, given)
        rows.append(Row(number, {column: given.get(column, "") for column in layout.columns}))
    if problems:
        raise RowsRefused(problems)
    if not rows:
        raise _refused("It has no rows below the header.", "Add a row for each thing that it should say.")
    return Table(layout, tuple(rows), hashlib.sha256(content).hexdigest())


def _refused(message: str, mend: str, row: int = 0) -> RowsRefused:
    return RowsRefused([RowProblem(row, "", message, mend)])


def _content(path: Path) -> bytes:
    try:
        if not path.exists():
            raise _refused("There is no such file.", "Check the path.")
        if not path.is_file():
            raise _refused("It is not a file.", "Give the path of a CSV file.")
        if path.stat().st_size > MAX_BYTES:
            limit = f"{MAX_BYTES // 1_000_000} MB"
            raise _refused(f"It is larger than {limit}.", "Check that it is the right file, or split it.")
        return path.read_bytes()
    except OSError as error:
        raise _refused(
            f"It cannot be read: {error.strerror}.", "Check the path and who may read it."
        ) from error


def _decoded(content: bytes) -> str:
    for start, what in _OTHER_FORMATS.items():
        if content.startswith(start):
            raise _refused(what, SAVE_AS_CSV)
    if b"\0" in content:
        raise _refused("It is not a text file.", SAVE_AS_CSV)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(f"Line {line} is not in UTF-8.", SAVE_AS_CSV) from error


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, trimmed, with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise _refused(
                f"Near line {reader.line_num} the quotation marks do not match, or a cell is too long.",
                "Put double quotation marks around a cell that holds a comma, and double those inside it.",
            ) from error
        if record is None:
            return
        cells = [cell.strip() for cell in record]
        if any(cells):
            yield number, cells


def _match(header: Sequence[str], layouts: Sequence[Layout]) -> tuple[Layout, list[str]]:
    names = [_column_name(cell) for cell in header]
    if not names:
        raise _refused("It is empty.", f"It needs a header: {_header(layouts[0])}.")
    if len(names) == 1:
        for separator, called in _SEPARATORS.items():
            if separator in header[0]:
                raise _refused(f"Its columns are separated by {called}, not by commas.", SAVE_AS_CSV)
    layout = next((layout for layout in layouts if layout.required[0] in names), None)
    if layout is None:
        expected = " or ".join(f"{_header(layout)} ({layout.name})" for layout in layouts)
        raise _refused("The first row is not a header that we know.", f"It should be: {expected}.", row=1)
    problems = [*_unknown(names, layout), *_twice(names), *_missing(names, layout)]
    if problems:
        raise RowsRefused(problems)
    return layout, names


def _column_name(cell: str) -> str:
    return "_".join(cell.lower().replace("-", " ").replace("_", " ").split())


def _header(layout: Layout) -> str:
    return ", ".join(layout.columns)


def _unknown(names: Sequence[str], layout: Layout) -> Iterator[RowProblem]:
    for place, name in enumerate(names, start=1):
        if not name:
            yield RowProblem(1, "", f"Column {place} has no name.", "Name it or remove it.")
        elif name not in layout.columns:
            near = difflib.get_close_matches(name, [c for c in layout.columns if c not in names], n=1)
            mend = f"Did you mean {near[0]}?" if near else f"Remove it; the columns are: {_header(layout)}."
            yield RowProblem(1, name[:40], "There is no such column.", mend)


def _twice(names: Sequence[str]) -> Iterator[RowProblem]:
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        yield RowProblem(1, name[:40], "It stands in the header more than once.", "Keep one of them.")


def _missing(names: Sequence[str], layout: Layout) -> Iterator[RowProblem]:
    for name in layout.required:
        if name not in names:
            yield RowProblem(1, name, "The column is missing.", f"The columns are: {_header(layout)}.")


def _wrong_width(number: int, found: int, expected: int) -> RowProblem:
    mend = "Put double quotation marks around a cell that holds a comma."
    return RowProblem(number, "", f"It has {found} cells and the header has {expected}.", mend)


def _formulas(number: int, cells: Mapping[str, str]) -> Iterator[RowProblem]:
    for column, text in cells.items():
        if text.startswith("="):
            mend = "Put what it shows in its place."
            yield RowProblem(number, column, "It is a spreadsheet formula, not a value.", mend)
        if len(text) > MAX_CELL:
            yield RowProblem(number, column, f"It is longer than {MAX_CELL:,} characters.", "Shorten it.")
