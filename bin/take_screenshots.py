"""Take the pictures of the result pages for docs/screenshots, from a demo that runs: PORT says on which port.

The windows are 1280 px wide, and each picture shows the top of its page with its charts drawn. They are taken
as the national analyst of the demo sees the newest round whose results are published.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

import demo
from set_up import ROOT, enter_virtual_environment, install_packages

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER: Final = ROOT / "docs" / "screenshots"
WIDTH: Final = 1280
TALLEST: Final = 1700
ANALYST: Final = "analyst@england.example"

PAGES: Final = (
    # The picture, and the links that lead to it from the overview; a question mark begins what to ask for.
    ("overview", ()),
    ("dimension", ("Patient and public engagement",)),
    ("question", ("Patient and public engagement", "main table >> a[href*=questions]")),
    ("gap", ("Gap",)),
    ("change", ("Change",)),
    ("compare", ("Compare", "?region=south-west")),
    ("learn-from", ("Learn from", "?about=dimension-shared_care_records")),
    ("profile", ("Devon",)),
)


def main() -> int:
    enter_virtual_environment()
    install_packages("requirements-dev.txt")
    from playwright.sync_api import sync_playwright

    from browser import find_browser

    site = f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
    program = find_browser()
    password = (demo.FOLDER / "password").read_text(encoding="utf-8").strip()
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=program, args=flags)
        page = window.new_page(base_url=site, viewport={"width": WIDTH, "height": 900}, locale="en-GB")
        page.goto("/sign-in/")
        page.get_by_label("E-mail address").fill(ANALYST)
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.goto("/results/")
        overview = page.locator("main h2 a").first.get_attribute("href") or ""
        for name, steps in PAGES:
            page.goto(overview)
            for step in steps:
                follow(page, step)
            draw(page)
            height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
            page.screenshot(
                path=FOLDER / f"page-{name}.png",
                full_page=True,
                clip={"x": 0, "y": 0, "width": WIDTH, "height": height},
            )
            print(f"  docs/screenshots/page-{name}.png", flush=True)
        window.close()
    return 0


def follow(page: Page, step: str) -> None:
    """Follow the first link of a name or a locator, or ask for the page at hand with other parameters."""
    if step.startswith("?"):
        page.goto(page.url.partition("?")[0] + step)
        return
    link = page.locator(step) if ">>" in step else page.get_by_role("link", name=step, exact=True)
    page.goto(link.first.get_attribute("href") or "")


def draw(page: Page) -> None:
    """Bring every chart into view until it is drawn, and go back to the top."""
    for chart in page.locator(".app-figure__chart").all():
        chart.scroll_into_view_if_needed()
        chart.locator(".main-svg").first.wait_for()
    page.evaluate("scrollTo(0, 0)")


if __name__ == "__main__":
    sys.exit(main())
