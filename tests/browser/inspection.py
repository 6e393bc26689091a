"""What every page is held to, whatever it shows."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG_A_AND_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def axe_clean(page: Page, *, within: str | None = None) -> None:
    """Assert that axe finds no breach of WCAG 2.0 to 2.2, levels A and AA, on the page or in a part of it."""
    options = {"runOnly": {"type": "tag", "values": WCAG_A_AND_AA}, "resultTypes": ["violations"]}
    violations = Axe().run(page, context=within, options=options).response["violations"]
    told = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html']}"
        for violation in violations
        for node in violation["nodes"]
    ]
    assert told == [], f"{page.url} at {page.viewport_size} has breaches"


def fits_across(page: Page) -> None:
    """Assert that nothing on the page makes it scroll sideways."""
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1], f"{page.url} is {widths[0]} px wide in a window of {widths[1]} px"
