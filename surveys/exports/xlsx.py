"""Excel workbooks of ours: made in memory, the same bytes for the same content, and no cell a formula."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.text import slugify
from xlsxwriter import Workbook

from surveys.queries.assessments import AssessmentState
from surveys.questionnaires.worksheet import LONGEST_CELL

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FONT: Final = "Arial"
A4: Final = 9
"""The number of this size of paper in a workbook."""
_LONGEST_NAME: Final = 31
_NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")


@dataclass(frozen=True)
class XlsxFile:
    """A workbook to download."""

    name: str
    content: bytes


def written(fill: Callable[[Workbook], None], *, title: str, moment: datetime.datetime) -> bytes:
    """Return the workbook that `fill` writes. `moment` stands in its properties as when it was made."""
    buffer = io.BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.formats[0].set_font_name(FONT)
    workbook.set_properties(
        {"title": title, "created": moment.astimezone(datetime.UTC).replace(microsecond=0)}
    )
    fill(workbook)
    workbook.close()
    return buffer.getvalue()


def file_name(state: AssessmentState, *parts: str) -> str:
    """Return a file name with what a reader of a folder must know: the system, the round, and `parts`."""
    synthetic = "synthetic" if state.synthetic else ""
    return "-".join(filter(None, (synthetic, state.ods_code, slugify(state.round_title), *parts))) + ".xlsx"


def sheet_name(number: int, name: str) -> str:
    """Return a name that a sheet may have, such as "3 Data sharing". The number makes it the only one."""
    found = f"{number} {' '.join(_NOT_IN_A_NAME.sub(' ', name).split())}"
    while len(found.encode("utf-16-le")) > 2 * _LONGEST_NAME:
        found = found[:-1]
    return found.rstrip(" '")


def style(workbook: Workbook, **properties: Any) -> Any:
    """Return a format in our font with text wrapped and at the top of its cell."""
    return workbook.add_format({"font_name": FONT, "text_wrap": True, "valign": "top", **properties})


def clipped(text: str) -> str:
    """Return a text as long as a cell can hold, with an ellipsis where it was longer."""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
