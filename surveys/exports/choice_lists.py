"""The lists from which cells of a workbook are filled."""

from __future__ import annotations

from xlsxwriter import Workbook

from surveys.questionnaires.worksheet import LISTS


class Lists:
    """The hidden sheet of the lists from which cells are filled, each list once."""

    def __init__(self, workbook: Workbook) -> None:
        self._sheet = workbook.add_worksheet(LISTS)
        self._sheet.hide()
        self._sheet.protect()
        self._places: dict[tuple[str, ...], int] = {}

    def source(self, choices: tuple[str, ...]) -> str:
        """Return where the list stands, as a data validation refers to it."""
        if choices not in self._places:
            column = len(self._places)
            self._places[choices] = column
            for row, choice in enumerate(choices):
                self._sheet.write_string(row, column, choice)
        letters = column_letters(self._places[choices])
        return f"={LISTS}!${letters}$1:${letters}${len(choices)}"


def column_letters(column: int) -> str:
    """Return the letters of a column that is counted from 0: A, B, ... Z, AA."""
    before, last = divmod(column, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)
