"""Reading the cells of a questionnaire's workbook: nothing is guessed that a spreadsheet may have changed."""

import datetime
import difflib
import math
import re
from decimal import Decimal
from typing import Any, Final

from surveys.questionnaires.workbook.layout import Column, Entry, in_words
from surveys.questionnaires.worksheet_reading import GivenCell, cell_text, is_blank, unescaped

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,10})?")
_BETWEEN: Final = re.compile(r"[\s,;]+")
_YES: Final = frozenset({"yes", "y", "true"})
_NO: Final = frozenset({"no", "n", "false"})


class UnreadableCellError(Exception):
    """A cell does not hold what its column takes. `message` says what is wrong and `mend` what to do."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


def read_cell(column: Column, cell: GivenCell) -> Any:
    """Return what a cell says as plain values of a document; None when it is blank.

    Raises UnreadableCellError.
    """
    if is_blank(cell):
        return None
    match column.entry:
        case Entry.TEXT:
            return _text(column, cell)
        case Entry.YES_OR_NO:
            return _yes_or_no(column, cell)
        case Entry.CHOICE:
            return _choice(column, cell)
        case Entry.NUMBER:
            return _number(column, cell)
        case Entry.WHOLE_NUMBER:
            return _whole_number(column, cell)
        case Entry.CODES:
            return _BETWEEN.split(_text(column, cell).strip("[](), \n"))
        case Entry.WHOLE_NUMBERS:
            found = _BETWEEN.split(cell_text(cell).strip("[](), \n"))
            return [_whole_number(column, each) for each in found]


def named(cell: GivenCell) -> str:
    """Return what a cell names, whatever its capitals, spaces and underscores, to be compared."""
    return " ".join(cell_text(cell).replace("_", " ").split()).casefold()


def said(cell: GivenCell) -> str:
    """Return a cell as a message quotes it."""
    text = cell_text(cell)
    return f"“{text[:60]}{'…' if len(text) > 60 else ''}”"


def _text(column: Column, cell: GivenCell) -> str:
    if isinstance(cell, str):
        return unescaped(cell).strip()
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        raise UnreadableCellError(
            f"“{column.heading}” must be text, but the cell holds a date or a time ({cell_text(cell)}).",
            "Format the cell as text, and type again what it should say.",
        )
    # A spreadsheet has taken away noughts before and after by now, such as those of 007 and 1.0.
    raise UnreadableCellError(
        f"“{column.heading}” must be text, but the cell holds the value {cell_text(cell)}.",
        "Format the cell as text, and type again what it should say.",
    )


def _yes_or_no(column: Column, cell: GivenCell) -> bool:
    word = named(cell)
    if word not in _YES | _NO:
        raise UnreadableCellError(
            f"“{column.heading}” is {said(cell)}, which is neither Yes nor No.", "Choose from the list."
        )
    return word in _YES


def _choice(column: Column, cell: GivenCell) -> str:
    known = {named(choice): choice for choice in column.choices}
    found = known.get(named(cell))
    if found is None:
        near = difflib.get_close_matches(named(cell)[:60], known, n=1)
        listed = ", ".join(in_words(choice) for choice in column.choices)
        raise UnreadableCellError(
            f"“{column.heading}” is {said(cell)}, which it cannot be.",
            f"Did you mean “{in_words(known[near[0]])}”?" if near else f"Use one of: {listed}.",
        )
    return found


def _number(column: Column, cell: GivenCell) -> int | Decimal:
    if isinstance(cell, str) and _NUMBER.fullmatch(cell.strip()):
        return _plain(Decimal(cell.strip()))
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not math.isfinite(cell):
        raise UnreadableCellError(
            f"“{column.heading}” is {said(cell)}, which is not a number.",
            "Type the number alone, such as 12 or 0.5.",
        )
    return _plain(Decimal(repr(cell)))


def _whole_number(column: Column, cell: GivenCell) -> int:
    number = _number(column, cell)
    if isinstance(number, Decimal):
        raise UnreadableCellError(
            f"“{column.heading}” is {said(cell)}, which is not a whole number.", "Round it."
        )
    return number


def _plain(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral_value() else number
