"""How the cells of a workbook look that people fill in, and which of them may be typed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook

from surveys.exports.xlsx import FONT, style


@dataclass(frozen=True)
class Styles:
    """The formats of a workbook. An open cell may be typed in; a barred one takes nothing."""

    title: Any
    note: Any
    heading: Any
    section: Any
    code: Any
    question: Any
    part: Any
    how: Any
    open_text: Any
    open_number: Any
    locked_text: Any
    locked_number: Any
    barred: Any

    def answer(self, *, number: bool, may_answer: bool) -> Any:
        """Return the format of a cell for an answer."""
        if may_answer:
            return self.open_number if number else self.open_text
        return self.locked_number if number else self.locked_text


def styles(workbook: Workbook) -> Styles:
    """Add the formats to a workbook. Text that may be typed stays text, so that nothing becomes a formula."""
    line: dict[str, Any] = {"border": 1, "border_color": "#8A9BA8", "font_size": 10}
    small = {**line, "font_size": 8, "font_color": "#4C6272"}
    to_fill = {**line, "locked": False, "bg_color": "#FFF4BF"}
    return Styles(
        title=workbook.add_format({"font_name": FONT, "bold": True, "font_size": 16}),
        note=style(workbook, font_size=10),
        heading=style(workbook, **line, bold=True, font_color="#FFFFFF", bg_color="#005EB8"),
        section=style(workbook, **line, bold=True, bg_color="#D8DDE0"),
        code=style(workbook, **small, num_format="@"),
        question=style(workbook, **line, bold=True, num_format="@"),
        part=style(workbook, **line, align="left", indent=1, num_format="@"),
        how=style(workbook, **line, num_format="@"),
        open_text=style(workbook, **to_fill, num_format="@"),
        open_number=style(workbook, **to_fill, align="left"),
        locked_text=style(workbook, **line, num_format="@"),
        locked_number=style(workbook, **line, align="left"),
        barred=style(workbook, **line, bg_color="#D8DDE0"),
    )
