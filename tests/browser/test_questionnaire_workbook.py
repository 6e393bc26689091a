"""An administrator changes a questionnaire in its workbook, reads the draft, maps it and publishes it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.test_records import Look, closely, not_at_all
from tests.browser.trouble import Trouble
from tests.world import build_world


def downloaded(page: Page, link: str, folder: Path) -> Path:
    """The file behind a link of the page."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def retyped(file: Path, name: str, texts: Mapping[str, str]) -> Path:
    """The workbook with texts typed over, under another name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(buffer, "w") as after:
        for part in before.namelist():
            content = before.read(part).decode()
            if part == "xl/sharedStrings.xml":
                for was, becomes in texts.items():
                    content = content.replace(f">{was}<", f">{becomes}<")
            after.writestr(part, content)
    path = file.with_name(name)
    path.write_bytes(buffer.getvalue())
    return path


@pytest.mark.parametrize(("javascript", "look"), [(True, closely), (False, not_at_all)])
def test_the_questions_are_shown_as_wide_as_on_a_phone(
    open_page: OpenPage, trouble: Trouble, javascript: bool, look: Look
) -> None:
    world = build_world()
    page = open_page(world.administrator, javascript=javascript)
    page.goto(f"/questionnaires/{world.questionnaire.pk}/")
    page.get_by_role("link", name="See the questions as on a phone").click()
    framed = page.frame_locator("iframe")
    expect(framed.get_by_role("group", name="How mature is linked data?").first).to_be_visible()
    frame = page.frames[1]
    width, wanted = frame.evaluate("[innerWidth, document.documentElement.scrollWidth]")
    assert (width, wanted <= width) == (NARROW, True)
    found = look(page)
    page.get_by_role("link", name="Open the questions by themselves").click()
    assert [*found, *look(page)] == []


def upload(page: Page, file: Path) -> None:
    """Upload a file as a draft."""
    page.get_by_label("Questionnaire file").set_input_files(file)
    page.get_by_role("button", name="Keep it as a draft").click()


@pytest.mark.parametrize(
    ("width", "javascript", "look"),
    [(WIDE, True, closely), (NARROW, True, closely), (NARROW, False, not_at_all)],
)
def test_a_new_version_is_written_in_a_workbook_and_published(
    open_page: OpenPage, trouble: Trouble, tmp_path: Path, width: int, javascript: bool, look: Look
) -> None:
    world = build_world()
    page = open_page(world.administrator, width=width, javascript=javascript)
    page.goto("/questionnaires/")
    page.get_by_role("link", name="Small questionnaire 1.0").click()
    first = downloaded(page, "Download as a workbook (Excel)", tmp_path)
    changes = {"1.0": "2.0", "How mature is linked data?": "How mature is the linking of data?"}

    page.goto("/questionnaires/upload/")
    upload(page, retyped(first, "wrong.xlsx", {**changes, "Maturity": "Maturty"}))
    found = look(page)
    expect(page.get_by_text("Sheet “Questions”, cell D3")).to_be_visible()
    expect(page.get_by_text("Did you mean “Maturity”?").first).to_be_visible()

    upload(page, retyped(first, "small-2.0.xlsx", changes))
    expect(page.get_by_text("is kept as a draft. Read it, then publish it.")).to_be_visible()
    expect(page.get_by_role("group", name="How mature is the linking of data?").first).to_be_visible()
    found += look(page)

    page.get_by_role("link", name="Say how its questions relate to the version before").click()
    expect(page.get_by_text("Version 1.0 asked: How mature is linked data?")).to_be_visible()
    page.get_by_role("group", name="How mature is the linking of data?").get_by_label(
        "How does it relate to version 1.0?"
    ).select_option("Reworded, comparable")
    found += look(page)
    page.get_by_role("button", name="Save the map").click()
    expect(page.get_by_text("The map is saved.")).to_be_visible()
    page.get_by_role("link", name="See what changed since another version").click()
    expect(page.get_by_text("The map says: Reworded, comparable.")).to_be_visible()
    found += look(page)
    page.go_back()

    page.get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="Publish for good").click()
    expect(page.get_by_text("is published. Rounds can use it now.")).to_be_visible()
    assert found == []
