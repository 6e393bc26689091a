"""What a chart shows, read from the drawing itself."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.reading import cells

# Where each mark stands on the axis, by what the key calls it: the middle of a dot, the right end of a bar.
MARKS = """chart => {
  const { xaxis } = chart._fullLayout;
  const start = chart.querySelector(".main-svg").getBoundingClientRect().left + xaxis._offset;
  const found = {};
  for (const trace of chart.querySelectorAll(".cartesianlayer .trace")) {
    const { name, type } = trace.__data__[0].trace;
    const places = [...trace.querySelectorAll(".point")].map((point) => {
      const { left, right } = point.getBoundingClientRect();
      return xaxis.p2l((type === "bar" ? right : (left + right) / 2) - start);
    });
    if (places.length) {
      found[name ?? ""] = places;
    }
  }
  return found;
}"""


@dataclass(frozen=True)
class Drawn:
    """The rows of the chart's own table, and where its marks stand on its axis."""

    table: list[list[str]]
    marks: dict[str, list[float]]


def show_charts(page: Page) -> None:
    """Bring each chart into view and wait until it is drawn."""
    for chart in page.locator(".app-figure__chart").all():
        chart.scroll_into_view_if_needed()
        expect(chart.locator(".main-svg").first).to_be_visible()


def drawn(page: Page, title: str) -> Drawn:
    """Bring the chart with this title into view and read it."""
    figure = page.get_by_role("figure", name=title)
    chart = figure.get_by_role("img", name=title)
    chart.scroll_into_view_if_needed()
    expect(chart.locator(".main-svg").first).to_be_visible()
    return Drawn(cells(figure.locator("table"))[1:], chart.evaluate(MARKS))
