"""What every page is held to, whatever it shows."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG_A_AND_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def breaches(page: Page, *, within: str | None = None) -> list[str]:
    """What axe finds against WCAG 2.0 to 2.2, A and AA, on the page or in a part of it, one line each."""
    options = {"runOnly": {"type": "tag", "values": WCAG_A_AND_AA}, "resultTypes": ["violations"]}
    violations = Axe().run(page, context=within, options=options).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html']}"
        for violation in violations
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> list[str]:
    """One line when something on the page makes it scroll sideways, else none."""
    wide, window = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return [f"it is {wide} px wide in a window of {window} px"] if wide > window else []


def axe_clean(page: Page, *, within: str | None = None) -> None:
    """Assert that axe finds nothing; see `breaches`."""
    assert breaches(page, within=within) == [], f"{page.url} at {page.viewport_size} has breaches"


def fits_across(page: Page) -> None:
    """Assert that nothing on the page makes it scroll sideways."""
    assert overflow(page) == [], f"{page.url} scrolls sideways"
