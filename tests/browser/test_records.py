"""What administrators keep in order: people and organisations by files, and what was done, at both widths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.inspection import breaches, overflow
from tests.browser.trouble import Trouble
from tests.world import World, build_world

HEADER = "email,name,role,organisation,job_title\n"
NORA = "nora.with.a.long.address@interoperabilityandintegration.example,Nora New,lead,Ambleshire,Head\n"
CLIFFSHIRE_ENDS = "change,from,ods_code\nends,2026-10-01,{}\n"


def file_of(folder: Path, text: str, name: str) -> Path:
    """A file to upload."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


Look = Callable[[Page], list[str]]
"""Tells what is wrong with a page."""


def closely(page: Page) -> list[str]:
    """What is wrong with a page."""
    return [*breaches(page), *overflow(page)]


def not_at_all(page: Page) -> list[str]:
    """Nothing: where no script runs, axe does not run either."""
    return []


def send(page: Page, file: Path, button: str, look: Look) -> list[str]:
    """Upload a file, and tell what is wrong with the page that follows."""
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name=button).click()
    return look(page)


def people(page: Page, folder: Path, look: Look) -> list[str]:
    """Add Nora by a file, after one with a mistake."""
    page.goto("/people/")
    page.get_by_role("link", name="Add people from a file").click()
    found = look(page)
    bad = file_of(folder, HEADER + NORA.replace("lead", "king"), "bad.csv")
    found += send(page, bad, "Show who would be added", look)
    expect(page.get_by_role("alert")).to_contain_text("the file has 1 problem")
    expect(page.get_by_text("“king” is not known here.")).to_be_visible()
    found += send(page, file_of(folder, HEADER + NORA, "good.csv"), "Show who would be added", look)
    expect(page.get_by_text("1 new account and 1 new role.")).to_be_visible()
    page.get_by_role("button", name="Add these people").click()
    expect(page.get_by_text("Invitations are on their way.")).to_be_visible()
    return found


def organisations(page: Page, folder: Path, world: World, look: Look) -> list[str]:
    """End Cliffshire by a file."""
    page.goto("/organisations/")
    page.get_by_role("link", name="apply a file of changes").click()
    found = look(page)
    code = world.far.codes.get(scheme="ods").code
    changes = file_of(folder, CLIFFSHIRE_ENDS.format(code), "changes.csv")
    found += send(page, changes, "Show what would change", look)
    expect(page.get_by_role("heading", name="Cliffshire, until 30 September 2026")).to_be_visible()
    expect(page.get_by_text("Farah Far, ICS data lead")).to_be_visible()
    page.get_by_role("button", name="Apply these changes").click()
    expect(
        page.get_by_text("changes.csv is applied: 0 organisations added, 1 organisation changed")
    ).to_be_visible()
    return found


def activity(page: Page, look: Look) -> list[str]:
    """Find what was done."""
    page.goto("/activity/")
    page.get_by_label("What was done").select_option("Membership ended")
    page.get_by_label("Words").fill("farah")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("1 event found")).to_be_visible()
    expect(page.get_by_role("cell").filter(has_text="Farah Far")).to_contain_text(
        "Ada Administrator ended the membership of Farah Far (farah.far@survey.example), ICS data lead, "
        "Cliffshire: Cliffshire ended on 30 September 2026."
    )
    return look(page)


@pytest.mark.parametrize(
    ("width", "javascript", "look"),
    [(WIDE, True, closely), (NARROW, True, closely), (NARROW, False, not_at_all)],
)
def test_people_and_organisations_come_from_files_and_activity_tells(
    open_page: OpenPage, trouble: Trouble, tmp_path: Path, width: int, javascript: bool, look: Look
) -> None:
    world = build_world()
    trouble.expect("409 POST /people/import/")
    page = open_page(world.administrator, width=width, javascript=javascript)
    found = [
        *people(page, tmp_path, look),
        *organisations(page, tmp_path, world, look),
        *activity(page, look),
    ]
    assert found == []
