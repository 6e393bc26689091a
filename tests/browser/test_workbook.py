"""A data lead answers in a workbook on a train while a colleague answers in the service."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from surveys.actions.answers import AnswerSave, save_answers
from surveys.models import Answer
from surveys.questionnaires.responses import Response
from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.inspection import axe_clean, fits_across
from tests.workbook_editing import EditedWorkbook
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def download(page: Page, world: World) -> EditedWorkbook:
    """The workbook, by way of the task list."""
    page.goto(reverse("assessment", args=[world.assessment.pk]))
    page.get_by_role("link", name="Answer in a workbook, and bring it back").click()
    with page.expect_download() as got:
        page.get_by_role("link", name="Download the workbook").click()
    return EditedWorkbook(Path(got.value.path()).read_bytes())


def upload(page: Page, file: Path, workbook: EditedWorkbook) -> None:
    """Choose the file and ask what it would change."""
    file.write_bytes(workbook.saved())
    page.get_by_label("Your workbook").set_input_files(file)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What the workbook would change")


def held_to_all(page: Page, *, javascript: bool) -> None:
    """The page is as accessible as every page, and no wider than its window."""
    if javascript:
        # The checker is a script itself, and waits for ever where none may run.
        axe_clean(page)
    fits_across(page)


@pytest.mark.parametrize(("width", "javascript"), [(WIDE, True), (NARROW, True), (NARROW, False)])
def test_a_workbook_comes_back_to_answers_that_have_changed(
    world: World, open_page: OpenPage, tmp_path: Path, width: int, javascript: bool
) -> None:
    page = open_page(world.lead, width=width, javascript=javascript)
    file = tmp_path / "answers on the train.xlsx"
    workbook = download(page, world)
    theirs = AnswerSave("linked_data", 0, Response(level=4, comment="Social care is in."))
    save_answers(by=world.contributor, assessment_id=world.assessment.pk, saves=[theirs])

    workbook.fill("linked_data", "2 Patchy").fill("training", "3 Established").fill("analysts", "many")
    upload(page, file, workbook)
    expect(page.get_by_role("link", name="1 cell of the workbook must be put right first")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="“many” is not a number")).to_contain_text("D")
    held_to_all(page, javascript=javascript)

    page.get_by_role("link", name="Upload another workbook").click()
    upload(page, file, workbook.fill("analysts", 12.5))
    expect(page.get_by_text("By Connie Contributor on")).to_be_visible()
    held_to_all(page, javascript=javascript)
    page.get_by_role("button", name="Save these answers").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Choose which answer counts: How mature is linked data?"
    )
    held_to_all(page, javascript=javascript)

    page.get_by_label("Keep what is saved now").check()
    page.get_by_role("button", name="Save these answers").click()
    expect(page.get_by_text("2 answers are taken in from the workbook.")).to_be_visible()
    stored = {answer.question.code: answer.response for answer in Answer.objects.select_related("question")}
    assert {code: response.level for code, response in stored.items()} == {
        "linked_data": 4,
        "training": 3,
        "analysts": None,
    }


def test_questions_are_printed_without_the_frame_of_the_page(world: World, open_page: OpenPage) -> None:
    page = open_page(world.lead)
    page.goto(reverse("print_questions", args=[world.assessment.pk]))
    page.get_by_role("link", name="Show the answers so far instead").click()
    expect(page.get_by_role("link", name="Show empty boxes instead")).to_be_visible()
    page.emulate_media(media="print")
    for frame in (".nhsuk-header", ".nhsuk-footer", ".nhsuk-breadcrumb", ".app-printed__tools"):
        expect(page.locator(frame)).to_be_hidden()
    expect(page.get_by_role("heading", name="1. How mature is linked data?")).to_be_visible()
    breaks = page.locator(".app-printed__dimension").evaluate_all(
        "sections => sections.map(section => getComputedStyle(section).breakBefore)"
    )
    assert breaks == ["page", "page"]
