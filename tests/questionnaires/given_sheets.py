"""The sheets of a questionnaire's workbook as they are read from a file, whole or with cells changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from surveys.questionnaires.problems import QuestionnaireError
from surveys.questionnaires.schema import Questionnaire
from surveys.questionnaires.workbook.layout import (
    FIELD,
    FORMAT,
    FORMAT_FIELD,
    LAYOUT_OF,
    LAYOUTS,
    VALUE,
    SheetName,
)
from surveys.questionnaires.workbook.reading import read_questionnaire
from surveys.questionnaires.workbook.tables import tables_of


@dataclass
class Given:
    """A sheet. Its second row has the headings, as in the workbooks that are downloaded."""

    name: str
    rows: list[list[Any]]
    faults: dict[tuple[int, int], str] = field(default_factory=dict)


Sheets = dict[str, Given]


def sheets_of(
    questionnaire: Questionnaire, changes: Mapping[tuple[str, int, str], Any] | None = None
) -> Sheets:
    """The sheets by name. `changes` are by sheet, row (from 1, as in a spreadsheet) and heading."""
    tables = tables_of(questionnaire)
    found: Sheets = {}
    for layout in LAYOUTS:
        columns, rows = layout.columns, tables[layout.name]
        if layout.name is SheetName.QUESTIONNAIRE:
            lines = [[column.heading, rows[0].get(column.key, "")] for column in columns]
            grid = [[layout.about, ""], [FIELD, VALUE], [FORMAT_FIELD, FORMAT], *lines]
        else:
            heads = [column.heading for column in columns]
            body = [[row.get(column.key, "") for column in columns] for row in rows]
            grid = [[layout.about, *[""] * (len(columns) - 1)], heads, *body]
        found[layout.name.value] = Given(layout.name.value, grid)
    for (sheet, row, heading), value in (changes or {}).items():
        put(found, sheet, row, heading, value)
    return found


def put(sheets: Sheets, sheet: str, row: int, heading: str, value: Any) -> None:
    """Write a value into a cell; a row below the last one is added."""
    rows = sheets[sheet].rows
    column = rows[1].index(heading)
    while len(rows) < row:
        rows.append([""] * len(rows[1]))
    rows[row - 1][column] = value


def line_of(heading: str) -> int:
    """The row of a field on the first sheet, from 1."""
    headings = [column.heading for column in LAYOUT_OF[SheetName.QUESTIONNAIRE].columns]
    return headings.index(heading) + 4


def read(sheets: Sheets, previous: Questionnaire | None = None) -> Questionnaire:
    """What the sheets say."""
    return read_questionnaire(list(sheets.values()), "test.xlsx", previous)


def told(sheets: Sheets, previous: Questionnaire | None = None) -> list[tuple[str, str, str, str]]:
    """Place, code, message and mend of every problem with the sheets."""
    with pytest.raises(QuestionnaireError) as caught:
        read(sheets, previous)
    assert {problem.file for problem in caught.value.problems} == {"test.xlsx"}
    return [(each.place, each.code, each.message, each.mend) for each in caught.value.problems]
