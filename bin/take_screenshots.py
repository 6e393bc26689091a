"""Take the pictures of pages for docs/screenshots, from a demo that runs: PORT says on which port.

take_screenshots.py             all of them
take_screenshots.py overview    those whose names are given

The windows are 1280 px wide, and each picture shows the top of its page with its charts drawn. Results are
taken as the national analyst of the demo sees the newest round whose results are published; the pages of the
programme as its administrator sees them, who first drafts a round for the year to come in the demo.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import demo
from set_up import ROOT, enter_virtual_environment, install_packages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER: Final = ROOT / "docs" / "screenshots"
WIDTH: Final = 1280
ANALYST: Final = "analyst@england.example"
ADMINISTRATOR: Final = "administrator@england.example"
TALLEST: Final = {ANALYST: 1700, ADMINISTRATOR: 1250}
"""How much of a page is shown, in px."""

NEWEST: Final = ("/results/", "main h2 >> a")
OF_THE_DRAFT: Final = ("/rounds/", "main tr:has-text('Draft') >> a")
OF_THE_OPEN_ROUND: Final = ("/rounds/", "main tr:has-text('Open') >> a")
OF_THE_LAST_ROUND: Final = ("/rounds/", "main tr:has-text('Published') >> a")


@dataclass(frozen=True)
class Picture:
    """A page that `person` sees, and the steps that lead to it.

    A step is an address, a link by its name, a locator (with >> in it), or a question mark and what to ask
    the page at hand for.
    """

    name: str
    person: str
    steps: tuple[str, ...]


PICTURES: Final = (
    Picture("overview", ANALYST, NEWEST),
    Picture("dimension", ANALYST, (*NEWEST, "Patient and public engagement")),
    Picture(
        "question",
        ANALYST,
        (*NEWEST, "Patient and public engagement", "main table >> a[href*=questions]"),
    ),
    Picture("gap", ANALYST, (*NEWEST, "Gap")),
    Picture("change", ANALYST, (*NEWEST, "Change")),
    Picture("compare", ANALYST, (*NEWEST, "Compare", "?region=south-west")),
    Picture("learn-from", ANALYST, (*NEWEST, "Learn from", "?about=dimension-shared_care_records")),
    Picture("profile", ANALYST, (*NEWEST, "Devon")),
    Picture("questionnaire", ADMINISTRATOR, ("/questionnaires/", "main table >> a")),
    Picture("checklist", ADMINISTRATOR, OF_THE_DRAFT),
    Picture("participants", ADMINISTRATOR, (*OF_THE_OPEN_ROUND, "Systems that take part")),
    Picture("control-room", ADMINISTRATOR, (*OF_THE_OPEN_ROUND, "main >> a[href$='/control-room/']")),
    Picture("reminders", ADMINISTRATOR, (*OF_THE_DRAFT, "Reminders")),
    Picture("moderation", ADMINISTRATOR, (*OF_THE_LAST_ROUND, "main >> a[href$='/moderation/']")),
    Picture("release-check", ADMINISTRATOR, (*OF_THE_LAST_ROUND, "main >> a[href$='/correct/']")),
    Picture("activity", ADMINISTRATOR, ("/activity/",)),
)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="pictures, such as overview")
    names = parser.parse_args().names
    unknown = set(names) - {picture.name for picture in PICTURES}
    if unknown:
        known = ", ".join(picture.name for picture in PICTURES)
        parser.error(f"there is no picture {', '.join(sorted(unknown))}; the pictures are {known}")
    enter_virtual_environment()
    install_packages("requirements-dev.txt")
    from playwright.sync_api import sync_playwright

    from browser import find_browser

    program = find_browser()
    flags = ["--lang=en-GB", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        for person in (ANALYST, ADMINISTRATOR):
            wanted = [
                each for each in PICTURES if each.person == person and each.name in (names or {each.name})
            ]
            if wanted:
                page = signed_in(browser, person)
                if person == ADMINISTRATOR:
                    draft_a_round(page)
                    plan_reminders(page)
                for picture in wanted:
                    take(page, picture)
        browser.close()
    return 0


def signed_in(browser: Browser, person: str) -> Page:
    """Return a window of its own in which somebody has signed in."""
    site = f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
    password = (demo.FOLDER / "password").read_text(encoding="utf-8").strip()
    page = browser.new_page(base_url=site, viewport={"width": WIDTH, "height": 900}, locale="en-GB")
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").fill(person)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    return page


def draft_a_round(page: Page) -> None:
    """Draft a round of all systems for the year to come, unless there is a draft already."""
    page.goto("/rounds/")
    if page.locator("main tr:has-text('Draft')").count():
        return
    year = datetime.datetime.now(tz=datetime.UTC).year + 1
    page.goto("/rounds/new/")
    page.get_by_label("Title").fill(f"ICS data maturity {year}")
    dates = {
        "Answering begins": ("1", "11", "9am"),
        "Closing time": ("13", "12", "5pm"),
        "Reference date": ("1", "11", ""),
        "Systems as at": ("1", "11", ""),
    }
    for name, (day, month, time) in dates.items():
        group = page.get_by_role("group", name=name)
        group.get_by_label("Day").fill(day)
        group.get_by_label("Month").fill(month)
        group.get_by_label("Year").fill(f"{year}")
        if time:
            group.get_by_label("Time").fill(time)
    page.get_by_role("button", name="Create the draft").click()
    page.get_by_role("link", name="Choose the systems").first.click()
    page.locator("main button[type=submit]").first.click()


def plan_reminders(page: Page) -> None:
    """Plan the usual reminders of the draft, unless they are planned already."""
    for step in (*OF_THE_DRAFT, "Reminders"):
        follow(page, step)
    usual = page.get_by_role("button", name="Plan the usual reminders")
    if usual.count():
        usual.click()


def take(page: Page, picture: Picture) -> None:
    """Take one picture."""
    for step in picture.steps:
        follow(page, step)
    draw(page)
    height = min(TALLEST[picture.person], page.evaluate("document.documentElement.scrollHeight"))
    path = FOLDER / f"page-{picture.name}.png"
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
    print(f"  {path.relative_to(ROOT)}", flush=True)


def follow(page: Page, step: str) -> None:
    """Go where a step leads."""
    if step.startswith("/"):
        page.goto(step)
    elif step.startswith("?"):
        page.goto(page.url.partition("?")[0] + step)
    else:
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
