"""The sheets of an uploaded workbook as tables of cells."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from surveys.imports.workbook_package import DAMAGED, WorkbookRefused, open_package
from surveys.imports.workbook_scan import Address
from surveys.questionnaires.worksheet_reading import GivenCell

MAX_SHEETS: Final = 100


@dataclass(frozen=True)
class Sheet:
    """A sheet from its first row and column, with every row as long as the longest.

    `faults` are cells that hold an error value such as #N/A, or "" for a formula without a value.
    """

    name: str
    rows: tuple[tuple[GivenCell, ...], ...]
    faults: Mapping[Address, str]


def read_sheets(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook in order. Raises WorkbookRefused when it is none, or is not safe."""
    package = open_package(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(package.content)) as workbook:
            names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            if len(names) > MAX_SHEETS:
                raise WorkbookRefused(f"The workbook has more than {MAX_SHEETS} sheets. Remove your own.")
            return tuple(_sheet(workbook, name, package.faults.get(name, {})) for name in names)
    except CalamineError as error:
        raise WorkbookRefused(DAMAGED) from error


def _sheet(workbook: CalamineWorkbook, name: str, faults: Mapping[Address, str]) -> Sheet:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return Sheet(name, tuple(map(tuple, rows)), faults)
