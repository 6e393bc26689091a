"""Every form control and component in a real browser, on the sample site of tests/templates."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import show_charts
from tests.browser.inspection import axe_clean, fits_across
from tests.browser.trouble import Trouble

pytestmark = pytest.mark.urls("tests.templates.sample_site")

TITLE = "Leadership & skills are <highest> where plans are owned"
# The element that has the focus: what it is, whether something is drawn around it, and where it belongs.
FOCUSED = """() => {
  const at = document.activeElement;
  const drawn = (element, part) => {
    const look = getComputedStyle(element, part);
    const outlined = look.outlineStyle !== "none" && look.outlineColor !== "rgba(0, 0, 0, 0)";
    return outlined || look.boxShadow !== "none";
  };
  return {
    name: at === document.body ? "" : `${at.tagName} ${at.textContent.trim().split("\\n")[0]}`,
    seen: drawn(at) || drawn(at, "::after")
      || [...(at.labels ?? [])].some((label) => drawn(label, "::before"))
      || [...at.children].some((child) => drawn(child)),
    in_chart: at.closest(".app-figure__chart") !== null,
  };
}"""


def tab_through(page: Page) -> Iterator[dict[str, object]]:
    """Press the tab key from the top of the page to its end, and tell what has the focus each time."""
    page.evaluate(
        "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')"
    )
    while True:
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if not focused["name"]:
            return
        yield focused


def test_every_control_is_accessible_with_and_without_errors(page_at_each_width: Page) -> None:
    page = page_at_each_width
    page.goto("/")
    axe_clean(page)
    fits_across(page)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    axe_clean(page)
    fits_across(page)


def test_every_component_is_accessible(page_at_each_width: Page) -> None:
    page = page_at_each_width
    page.goto("/components/")
    show_charts(page)
    axe_clean(page)
    fits_across(page)


def test_every_page_is_accessible_without_javascript(page_without_javascript: Page) -> None:
    page = page_without_javascript
    page.goto("/components/")
    fits_across(page)
    expect(page.get_by_role("cell", name="no score")).to_have_count(10)
    expect(page.get_by_role("button")).to_have_count(0)
    assert page.locator(".app-figure__chart:visible").count() == 0


def test_a_page_can_be_enlarged_four_times(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto("/components/")
    show_charts(page)
    fits_across(page)
    page.goto("/")
    fits_across(page)


@pytest.mark.parametrize("address", ["/", "/components/"])
def test_the_keyboard_reaches_everything_but_the_charts_and_can_be_seen(page: Page, address: str) -> None:
    page.goto(address)
    show_charts(page)
    stops = list(tab_through(page))
    assert stops[0]["name"] == "A Skip to main content"
    assert [stop["name"] for stop in stops if not stop["seen"]] == []
    assert [stop["name"] for stop in stops if stop["in_chart"]] == []


def test_the_error_summary_takes_the_focus_and_its_links_pass_it_on(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator(".nhsuk-error-summary")).to_be_focused()
    for name, control in (
        ("E-mail address", "#id_email"),
        ("Closes at", "#id_moment_0"),
        ("How is data shared?", "#id_level_0"),
        ("Which topics?", "#id_topics_0"),
        ("Workbook", "#id_workbook"),
    ):
        page.get_by_role("link", name=f"{name}: This field is required.").click()
        expect(page.locator(control)).to_be_focused()


def test_a_choice_reveals_its_field(page: Page, page_without_javascript: Page) -> None:
    for window in (page, page_without_javascript):
        window.goto("/")
        expect(window.get_by_label("Why does it not apply?")).to_be_hidden()
        window.get_by_label("No, not applicable").check()
        expect(window.get_by_label("Why does it not apply?")).to_be_visible()


def test_words_are_counted_while_typing_and_never_cut_off(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Evidence").fill("one two three four five six seven")
    expect(page.locator(".nhsuk-character-count__status:visible").nth(1)).to_have_text(
        "You have 2 words too many"
    )
    expect(page.get_by_label("Evidence")).to_have_value("one two three four five six seven")


def test_a_chart_stands_in_for_its_table(page: Page) -> None:
    page.goto("/components/")
    show_charts(page)
    expect(page.get_by_role("img", name=TITLE)).to_have_count(2)
    expect(page.locator("details.app-figure__data[open]")).to_have_count(0)
    expect(page.get_by_role("button", name="Download the chart")).to_have_count(4)


def test_the_table_stays_where_plotly_does_not_come(page: Page, trouble: Trouble) -> None:
    trouble.expect(r"failed: GET /static/built/plotly-basic\.min\.\w+\.js net::ERR_FAILED")
    trouble.expect(r"console: Failed to load resource: net::ERR_FAILED")
    page.route("**/plotly-basic.min.*.js", lambda route: route.abort())
    page.goto("/components/")
    expect(page.locator("details.app-figure__data[open]")).to_have_count(2)
    expect(page.get_by_role("img", name=TITLE)).to_have_count(0)
    expect(page.get_by_role("button", name="Download the chart")).to_have_count(0)


def test_the_table_comes_back_where_a_chart_cannot_be_drawn(page: Page, trouble: Trouble) -> None:
    trouble.expect(r"console: The chart first cannot be drawn Error: broken(\n.*)*")
    broken = "window.Plotly = { newPlot() { throw new Error('broken'); } };"
    page.route(
        "**/plotly-basic.min.*.js", lambda route: route.fulfill(content_type="text/javascript", body=broken)
    )
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto("/components/")
    page.locator("figure").first.evaluate("figure => figure.scrollIntoView()")
    expect(page.locator("details.app-figure__data[open]")).to_have_count(1)
    expect(page.locator(".app-figure__chart").first).to_be_hidden()


def test_charts_are_drawn_when_they_come_into_view_and_before_printing(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto("/components/")
    expect(page.locator(".app-figure__chart[role=img]")).to_have_count(2)
    expect(page.locator(".js-plotly-plot")).to_have_count(0)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".js-plotly-plot")).to_have_count(2)


def test_a_downloaded_chart_carries_its_title_and_its_source(page: Page) -> None:
    page.goto("/components/")
    show_charts(page)
    with page.expect_download() as svg:
        page.get_by_role("button", name="Download the chart (SVG)").first.click()
    assert svg.value.suggested_filename == "first.svg"
    text = unescape(svg.value.path().read_text("utf-8"))
    assert text.count(TITLE) == 1
    assert (
        text.count("1 of 2 systems. 2025 round, published 1 March 2025. Self-assessed. Synthetic data") == 1
    )
    with page.expect_download() as png:
        page.get_by_role("button", name="Download the chart (PNG)").first.click()
    assert png.value.suggested_filename == "first.png"
    assert png.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
