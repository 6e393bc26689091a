"""Reading pages and downloads in a browser as tables of text."""

from __future__ import annotations

import csv
import io

from playwright.sync_api import Locator, Page

ROWS = """table => {
  const text = (element) => element.textContent.replace(/\\s+/g, " ").trim();
  const lines = (cell) => (cell.querySelector("li") ? [...cell.querySelectorAll("li")] : [cell]);
  return [...table.rows].map((row) => [...row.cells].map((cell) => lines(cell).map(text).join(" ")));
}"""


def cells(table: Locator) -> list[list[str]]:
    """The text of every cell of a table, the header first, also of a table that is folded away."""
    found: list[list[str]] = table.evaluate(ROWS)
    return found


def table(page: Page, caption: str) -> list[list[str]]:
    """The text of every cell of the table whose caption begins like this."""
    return cells(page.get_by_role("table", name=caption))


def downloaded_rows(page: Page, link: str) -> list[dict[str, str]]:
    """The rows of the CSV file behind a link, by the names of its columns."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link).first.click()
    return list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))
