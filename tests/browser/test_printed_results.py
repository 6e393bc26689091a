"""Results on paper: nothing is cut off, tables repeat their heads, and what is to be pressed is left out."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from surveys.models import Assessment, Person, Release, Round
from tests.browser.conftest import OpenPage
from tests.browser.drawing import show_charts
from tests.signed import release, release_for_good
from tests.views.test_results_cost import two_rounds

PAPER = {"width": 718, "height": 1047}
"""A4 in CSS pixels, 210 by 297 mm, without margins of 10 mm."""

TOO_WIDE = """() => [...document.querySelectorAll("main table, main figure, main .app-tiles, main h1")]
  .filter((each) => each.getClientRects().length && each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => (each.caption ?? each).textContent.trim().slice(0, 60))"""

HEADS = """() => [...document.querySelectorAll("main table")]
  .filter((each) => each.getClientRects().length && each.tHead)
  .map((each) => [getComputedStyle(each.tHead).display,
    each.rows.length > 1 ? getComputedStyle(each.tBodies[0].rows[0]).breakInside : "avoid"])"""

HIDDEN = ".app-filter, .app-figure__downloads, .nhsuk-breadcrumb"


def pages_of(paper: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", paper))


def open_in_print(page: Page, address: str) -> bytes:
    """Open a page with its charts, lay it out as on A4, and print it."""
    page.goto(address)
    show_charts(page)
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    margin = "10mm"
    edges = {"top": margin, "bottom": margin, "left": margin, "right": margin}
    return page.pdf(format="A4", margin=edges)


@pytest.fixture
def country(site: str) -> tuple[Release, Assessment, Person]:
    """The release of a country with two rounds, one of its systems, and an analyst."""
    before, now = two_rounds()
    release_for_good(before)
    made = release_for_good(now)
    system = Assessment.objects.filter(round=now).order_by("pk")[3]
    return made, system, Person.objects.filter(memberships__role="national_analyst").latest("pk")


@pytest.mark.parametrize("name", ["overview", "dimension", "question", "system", "change", "compare", "gap"])
def test_nothing_is_cut_off_and_heads_are_repeated(
    country: tuple[Release, Assessment, Person], open_page: OpenPage, name: str
) -> None:
    made, system, analyst = country
    parts = {
        "dimension": ["data_infrastructure"],
        "question": ["linked_dataset"],
        "system": [system.pk],
    }
    page = open_page(analyst)
    address = reverse(f"results_{name}", args=[made.pk, *parts.get(name, [])])
    open_in_print(page, address + (f"?near={system.pk}" if name == "compare" else ""))
    assert page.evaluate(TOO_WIDE) == []
    heads = page.evaluate(HEADS)
    assert heads == [["table-header-group", "avoid"]] * len(heads)
    assert [each.is_visible() for each in page.locator(HIDDEN).all() if each.is_visible()] == []


def test_the_report_of_a_system_of_a_country_is_four_sides_at_most(
    country: tuple[Release, Assessment, Person], open_page: OpenPage
) -> None:
    made, system, analyst = country
    page = open_page(analyst)
    paper = open_in_print(page, reverse("results_report", args=[made.pk, system.pk]))
    assert 1 <= pages_of(paper) <= 4
    assert page.evaluate(TOO_WIDE) == []


def test_the_overview_of_a_country_begins_with_a_full_sheet(
    country: tuple[Release, Assessment, Person], open_page: OpenPage
) -> None:
    """What was found and its table stand on the first; the chart, the map and the scores need five more."""
    made, _, analyst = country
    page = open_page(analyst)
    sides = pages_of(open_in_print(page, reverse("results_overview", args=[made.pk])))
    bottom = page.locator("main table").first.evaluate("table => table.getBoundingClientRect().bottom")
    assert bottom <= PAPER["height"]
    assert sides <= 6


def test_provisional_results_say_so_on_paper(site: str, open_page: OpenPage) -> None:
    _, now = two_rounds()
    made = release(Round.objects.get(pk=now.pk))
    analyst = Person.objects.filter(memberships__role="national_analyst").latest("pk")
    page = open_page(analyst)
    open_in_print(page, reverse("results_overview", args=[made.pk]))
    mark = page.locator(".app-watermark")
    assert (mark.inner_text(), mark.is_visible()) == ("Provisional", True)
    assert mark.evaluate("mark => getComputedStyle(mark).position") == "fixed"


def test_charts_take_the_width_of_the_paper_while_they_are_printed(
    country: tuple[Release, Assessment, Person], open_page: OpenPage
) -> None:
    made, _, analyst = country
    page = open_page(analyst)
    page.goto(reverse("results_gap", args=[made.pk]))
    show_charts(page)
    widths = "() => [...document.querySelectorAll('.js-plotly-plot')].map((each) => each._fullLayout.width)"
    before = page.evaluate(widths)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    printed = page.evaluate(widths)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert printed == [660] * len(before)
    assert page.evaluate(widths) == before
    assert min(before) > 1000
