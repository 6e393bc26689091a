"""Reading the tables of a page, as somebody does who looks at them."""

from __future__ import annotations

from html.parser import HTMLParser

Row = tuple[str, ...]


class _Tables(HTMLParser):
    """Collects the text of cells, row by row, under the id of the caption of each table."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[Row]] = {}
        self._rows: list[Row] = []
        self._cells: list[str] = []
        self._caption = ""
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "caption":
            self._caption = dict(attrs).get("id") or ""
        elif tag == "tr":
            self._cells = []
        elif tag in {"td", "th"}:
            self._cells.append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._in_cell = False
        elif tag == "li" and self._in_cell:
            self._cells[-1] += ";"
        elif tag == "tr":
            self._rows.append(tuple(" ".join(cell.split()) for cell in self._cells))
        elif tag == "table" and self._caption:
            self.tables[self._caption] = self._rows

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self._cells[-1] += data


def tables(page: str) -> dict[str, list[Row]]:
    """Return the rows of each table of a page by the id of its caption; items of a list end with a semicolon.

    What is there only for those who do not see the page is read too.
    """
    reader = _Tables()
    reader.feed(page)
    return reader.tables
