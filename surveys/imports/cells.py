"""Reading the cells of a row: dates, numbers, words; what cannot be read becomes a problem of the row."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from surveys.actions.row_problems import RowProblem
from surveys.imports.csv_table import Row

Word = TypeVar("Word")

EARLIEST = datetime.date(1948, 7, 5)
LATEST = datetime.date(2100, 1, 1)
_DIGITS = re.compile(r"[0-9]{1,12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?")


class Cells:
    """The cells of one row. Each reader returns None, or "", for a blank cell and for one it has reported."""

    def __init__(self, row: Row, problems: list[RowProblem]) -> None:
        self.number = row.number
        self._cells = row.cells
        self._problems = problems

    def problem(self, column: str, message: str, mend: str) -> None:
        """Report what is wrong with a cell, or with the row when `column` is ""."""
        self._problems.append(RowProblem(self.number, column, message, mend))

    def given(self, column: str) -> bool:
        """Whether the cell holds anything."""
        return self._cells[column] != ""

    def need(self, column: str, why: str) -> None:
        """Report a blank cell that must not be blank; `why` ends the sentence "Fill it in: ..."."""
        if not self.given(column):
            self.problem(column, "It is blank.", f"Fill it in: {why}.")

    def text(self, column: str) -> str:
        """The text as it stands, of as many lines as it has."""
        return self._cells[column].replace("\r\n", "\n")

    def line(self, column: str, maximum: int) -> str:
        """A text of one line with single spaces, no longer than `maximum` characters."""
        text = " ".join(self._cells[column].split())
        if any(unicodedata.category(character) == "Cc" for character in text):
            self.problem(column, "It holds characters that cannot be seen.", "Type it anew.")
            return ""
        if len(text) > maximum:
            self.problem(column, f"It is longer than {maximum} characters.", "Shorten it.")
            return ""
        if text.startswith(("+", "-", "@")):
            self.problem(column, f"It starts with “{text[0]}”.", "Remove that sign.")
            return ""
        return text

    def word(self, column: str, words: Mapping[str, Word]) -> Word | None:
        """One of the known words, whatever its capitals."""
        text = self._cells[column].lower()
        if not text:
            return None
        if text not in words:
            self.problem(column, f"“{text[:40]}” is not known here.", f"Use one of: {', '.join(words)}.")
            return None
        return words[text]

    def day(self, column: str) -> datetime.date | None:
        """A date written as YYYY-MM-DD, between July 1948 and the end of the century."""
        text = self._cells[column]
        if not text:
            return None
        day = _read_day(text)
        if day is None:
            self.problem(
                column,
                f"“{text[:40]}” is not a date that we can read.",
                "Write the year, month and day as 2026-04-01. A spreadsheet may have changed it: "
                "format the column as text before you type the date.",
            )
            return None
        if not EARLIEST <= day < LATEST:
            self.problem(
                column, f"{text} is too far away.", f"Give a date from {EARLIEST} to before {LATEST}."
            )
            return None
        return day

    def whole(self, column: str, minimum: int, maximum: int) -> int | None:
        """A whole number in figures only, from `minimum` to `maximum`."""
        text = self._cells[column]
        if not text:
            return None
        if not _DIGITS.fullmatch(text) or not minimum <= int(text) <= maximum:
            self.problem(
                column,
                f"“{text[:40]}” is not a whole number from {minimum:,} to {maximum:,}.",
                "Write it in figures only, without commas or spaces.",
            )
            return None
        return int(text)

    def decimal(self, column: str) -> Decimal | None:
        """A number in figures with a point, such as 0.588619."""
        text = self._cells[column]
        if not text:
            return None
        number = read_number(text)
        if number is None:
            self.problem(
                column,
                f"“{text[:40]}” is not a number that we can read.",
                "Write it in figures, with a point before the decimals and no commas.",
            )
        return number


def _read_day(text: str) -> datetime.date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def read_number(text: str) -> Decimal | None:
    """A number in figures with at most 12 before the point and 8 after it; None when it is anything else."""
    return Decimal(text) if _PLAIN_NUMBER.fullmatch(text) else None
