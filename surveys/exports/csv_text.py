"""Tables as CSV that neither a spreadsheet nor a program can misread."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.text import slugify

Cell = str | int | float | Decimal | bool | datetime.datetime | datetime.date | None

STARTS_A_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - spreadsheets take the wide forms too


@dataclass(frozen=True)
class CsvFile:
    """A table to download: its file name, its header, and its rows, which may be made as they are written."""

    name: str
    header: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]

    def lines(self) -> Iterator[str]:
        """Yield the file line by line, the header first."""
        yield line(self.header)
        for row in self.rows:
            yield line(row)


def round_file_name(title: str, part: str, *, synthetic: bool) -> str:
    """Return the name of a file about the round of this title; one with made-up data says so."""
    return f"{'synthetic-' if synthetic else ''}{slugify(title) or 'round'}-{part}.csv"


def line(cells: Iterable[Cell]) -> str:
    """Return one record with its line ending, as RFC 4180 has it."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([cell_text(cell) for cell in cells])
    return buffer.getvalue()


def cell_text(cell: Cell) -> str:
    """Return a value as the text of a cell.

    Numbers are written out in full, without an exponent and with a full stop, truth as yes and no, times as
    ISO 8601 in the time zone of the service, None as nothing. Text that a spreadsheet would take for a
    formula gets an apostrophe before it; numbers never do, so that a negative one stays a number.
    """
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case Decimal():
            return f"{cell:f}"
        case int():
            return str(cell)
        case float():
            return f"{Decimal(str(cell)):f}"
        case datetime.datetime():
            return timezone.localtime(cell).isoformat(timespec="seconds")
        case datetime.date():
            return cell.isoformat()
        case _:
            return f"'{cell}" if cell.lstrip(" ")[:1] in STARTS_A_FORMULA else cell
