"""The control room in a real browser: it keeps itself up to date, and leaves alone whoever works in it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from surveys.models import Assessment
from tests.browser.conftest import OpenPage
from tests.browser.inspection import axe_clean, fits_across
from tests.browser.scenes import build_scenes
from tests.browser.trouble import Trouble
from tests.signed import set_status
from tests.world import World, build_world


@pytest.fixture
def country(site: str) -> World:
    """The country, in committed rows."""
    return build_world()


def opened(open_page: OpenPage, country: World, **window: bool) -> Page:
    page = open_page(country.national_analyst, **window)
    page.clock.install()
    page.goto(reverse("control_room", args=[country.round.pk]))
    return page


def started(page: Page) -> str:
    return page.locator("#control-room p", has_text="submitted").inner_text()


def go_on(page: Page) -> None:
    """A minute and a bit later."""
    page.clock.run_for(62_000)


def test_it_shows_by_itself_what_has_changed(open_page: OpenPage, country: World) -> None:
    page = opened(open_page, country)
    assert "3 not started" in started(page)
    set_status(country.assessment, Assessment.Status.IN_PROGRESS)
    go_on(page)
    expect(page.locator("#control-room")).to_contain_text("2 not started, 1 in progress")


def test_it_waits_while_somebody_is_in_the_table(open_page: OpenPage, country: World) -> None:
    page = opened(open_page, country)
    link = page.get_by_role("link", name="Borderland", exact=True)
    link.focus()
    set_status(country.assessment, Assessment.Status.IN_PROGRESS)
    go_on(page)
    expect(link).to_be_focused()
    assert "3 not started" in started(page)
    page.get_by_role("link", name="Refresh this page").focus()
    go_on(page)
    expect(page.locator("#control-room")).to_contain_text("2 not started, 1 in progress")


def test_it_can_be_told_to_stop_and_to_go_on(open_page: OpenPage, country: World) -> None:
    page = opened(open_page, country)
    page.get_by_role("button", name="Stop refreshing every minute").press("Enter")
    set_status(country.assessment, Assessment.Status.IN_PROGRESS)
    go_on(page)
    assert "3 not started" in started(page)
    page.get_by_role("button", name="Refresh every minute").press("Enter")
    go_on(page)
    expect(page.locator("#control-room")).to_contain_text("2 not started, 1 in progress")


def test_it_says_so_when_it_cannot_be_up_to_date(
    open_page: OpenPage, country: World, trouble: Trouble
) -> None:
    page = opened(open_page, country)
    page.context.set_offline(True)
    trouble.expect("failed: GET .* net::ERR_INTERNET_DISCONNECTED")
    trouble.expect("console: Failed to load resource: net::ERR_INTERNET_DISCONNECTED")
    go_on(page)
    said = page.get_by_role("status")
    expect(said).to_have_text("Not up to date: no connection. We keep trying.")
    page.context.set_offline(False)
    go_on(page)
    expect(said).to_have_text("")
    page.context.clear_cookies()
    go_on(page)
    expect(said).to_have_text("Not up to date: you are signed out.")
    assert "3 not started" in started(page)


def test_it_is_refreshed_by_hand_and_filtered_without_scripts(open_page: OpenPage, country: World) -> None:
    page = open_page(country.national_analyst, javascript=False)
    page.goto(reverse("control_room", args=[country.round.pk]))
    page.get_by_label("Region").select_option("South")
    page.get_by_role("button", name="Show").click()
    assert page.locator("#control-room tbody tr").count() == 1
    set_status(country.far_assessment, Assessment.Status.IN_PROGRESS)
    page.get_by_role("link", name="Refresh this page").click()
    assert "0 of 1 system submitted. 1 in progress." in started(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_it_fits_and_is_accessible_with_everything_in_it(open_page: OpenPage, site: str, width: int) -> None:
    scenes = build_scenes()
    page = open_page(scenes.world.administrator, width=width)
    page.goto(scenes.address("control_room", "returned"))
    axe_clean(page)
    fits_across(page)
