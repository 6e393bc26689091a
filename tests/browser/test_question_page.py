"""Two colleagues talk about a question and put evidence behind its answer, each in a browser of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from surveys.models import Message
from tests.browser.conftest import NARROW, OpenPage
from tests.browser.inspection import axe_clean, fits_across
from tests.files.samples import PDF
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder of evidence of one test."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path


def address(world: World) -> str:
    return reverse("question", args=[world.assessment.pk, "linked_data"])


def held_to_all(page: Page) -> None:
    """The page is as accessible as every page, and no wider than its window."""
    axe_clean(page)
    fits_across(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_two_people_talk_until_the_thread_is_resolved(
    world: World, open_page: OpenPage, javascript: bool
) -> None:
    connie = open_page(world.contributor, width=NARROW, javascript=javascript)
    connie.goto(address(world))
    connie.get_by_label("Comment", exact=True).fill("Is the pharmacy data in, @Lena Lead? 🩺")
    connie.get_by_role("button", name="Add the comment").click()
    expect(connie.get_by_text("An e-mail goes to Lena Lead.")).to_be_visible()

    lena = open_page(world.lead, javascript=javascript)
    told = Message.objects.get(person=world.lead).body
    lena.goto(address(world) + "#comment-" + told.split("#comment-")[1].split()[0])
    thread = lena.get_by_role("article", name="Comment by Connie Contributor")
    expect(thread).to_contain_text("Is the pharmacy data in, @Lena Lead? 🩺")
    lena.locator("summary", has_text="Reply to Connie Contributor").click()
    lena.get_by_label("Reply", exact=True).fill("Since March.")
    lena.get_by_role("button", name="Reply", exact=True).click()
    expect(lena.get_by_text("An e-mail goes to Connie Contributor.")).to_be_visible()

    connie.reload()
    expect(connie.get_by_role("article", name="Comment by Lena Lead")).to_contain_text("Since March.")
    connie.get_by_role("button", name="Resolve the thread of Connie Contributor").click()
    expect(connie.get_by_text("Comments (0 open)")).to_be_visible()
    if javascript:
        held_to_all(connie)
        held_to_all(lena)


def test_words_that_cannot_be_stored_stay_where_they_were_typed(world: World, open_page: OpenPage) -> None:
    page = open_page(world.lead, width=NARROW)
    page.goto(address(world))
    page.get_by_label("Comment", exact=True).fill("many words " * 500)
    page.get_by_role("button", name="Add the comment").click()
    page.get_by_role("link", name="The comment has 5499 characters. Shorten it to 5000").click()

    expect(page.get_by_label("Comment", exact=True)).to_be_focused()
    expect(page.get_by_label("Comment", exact=True)).to_have_value("many words " * 500)
    held_to_all(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_goes_in_and_comes_back_as_a_download(
    world: World, open_page: OpenPage, folder: Path, javascript: bool
) -> None:
    (folder / "plan.pdf").write_bytes(PDF)
    (folder / "invoice.pdf").write_bytes(b"MZ\x90\0 a program")
    page = open_page(world.contributor, width=NARROW, javascript=javascript)
    page.goto(address(world))
    page.locator("summary", has_text="Add a file").click()
    page.get_by_label("File", exact=True).set_input_files(folder / "invoice.pdf")
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not a file that can be taken")
    if javascript:
        held_to_all(page)

    page.get_by_label("File", exact=True).set_input_files(folder / "plan.pdf")
    page.get_by_role("button", name="Add the file").click()
    expect(page.get_by_text("“plan.pdf” is added as evidence.")).to_be_visible()

    approver = open_page(world.approver, javascript=javascript)
    approver.goto(address(world))
    with approver.expect_download() as handed_out:
        approver.get_by_role("link", name="plan.pdf").click()
    assert handed_out.value.suggested_filename == "plan.pdf"
    assert Path(handed_out.value.path()).read_bytes() == PDF

    page.get_by_role("link", name="Remove plan.pdf").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove evidence")
    if javascript:
        held_to_all(page)
    page.get_by_role("button", name="Remove the evidence").click()
    expect(page.get_by_text("Evidence (0)")).to_be_visible()
    if javascript:
        held_to_all(page)


def test_the_page_is_used_with_the_keyboard_alone(world: World, open_page: OpenPage) -> None:
    page = open_page(world.lead)
    page.goto(address(world))
    for key in ("Tab",) * 40:
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    page.keyboard.type("By keys alone")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(5):
        page.keyboard.press("Tab")
        if "Add the comment" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")

    expect(page.get_by_text("Your comment is added. An e-mail goes to April Approver.")).to_be_visible()
