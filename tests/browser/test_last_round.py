"""The round before beside the question, in real browsers: confirmed with scripts and without, and flags."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, Route, expect

from surveys.actions.answers import AnswerSave, save_answers
from surveys.questionnaires.responses import Response
from tests.actions.test_answers import stored
from tests.browser.conftest import OpenPage
from tests.browser.inspection import axe_clean, fits_across
from tests.browser.trouble import Trouble
from tests.earlier import earlier_round
from tests.world import World, build_world

SAVED = re.compile(r"^Saved \d\d:\d\d$")
GIVEN = {
    "linked_data": Response(level=2, comment="Only hospitals."),
    "shared_platform": Response(not_applicable=True, reason="We share our neighbour's."),
    "sectors": Response(options=("acute", "other"), other="Hospices" * 12),
}


@pytest.fixture
def country(site: str) -> World:
    """The country, in committed rows, with a round a year ago."""
    country = build_world()
    earlier_round(country, {country.own: GIVEN})
    return country


def opened(open_page: OpenPage, country: World, *, width: int = 1280, javascript: bool = True) -> Page:
    page = open_page(country.lead, width=width, javascript=javascript)
    page.goto(reverse("section", args=[country.assessment.pk, "data_platform"]))
    return page


def question(page: Page, code: str) -> Locator:
    return page.locator(f"#question-{code}")


def still_true(page: Page, number: int) -> Locator:
    return page.get_by_role("button", name=f"Still true for question {number}")


def status(page: Page) -> Locator:
    return page.get_by_role("status", name="Save status")


@pytest.mark.parametrize("width", [1280, 320])
def test_a_person_confirms_with_the_keyboard_and_stays_at_the_question(
    open_page: OpenPage, country: World, width: int
) -> None:
    page = opened(open_page, country, width=width)
    axe_clean(page)
    fits_across(page)
    still_true(page, 1).press("Enter")

    part = question(page, "linked_data")
    expect(part.get_by_role("radio", name="2 Patchy")).to_be_checked()
    expect(part.get_by_text("Confirmed from Autumn round by Lena Lead on")).to_be_visible()
    expect(part.locator(":focus")).to_have_text("Question 1")
    expect(still_true(page, 1)).to_have_count(0)
    expect(status(page)).to_have_text(SAVED)
    assert stored(country.assessment) == {"linked_data": (1, GIVEN["linked_data"])}

    part.get_by_role("radio", name="3 Established").check()
    expect(part.locator("[data-last-saved]")).to_contain_text("Last saved by Lena Lead on")
    still_true(page, 2).click()
    expect(question(page, "shared_platform").get_by_text("Confirmed from Autumn round")).to_be_visible()
    still_true(page, 4).click()
    expect(question(page, "sectors").get_by_role("checkbox", name="Acute hospitals")).to_be_checked()
    axe_clean(page)
    fits_across(page)
    assert stored(country.assessment) == {**{code: (1, given) for code, given in GIVEN.items()}} | {
        "linked_data": (2, Response(level=3, comment="Only hospitals."))
    }


def test_a_large_change_asks_for_a_comment_and_is_saved_all_the_same(
    open_page: OpenPage, country: World
) -> None:
    page = opened(open_page, country)
    part = question(page, "linked_data")
    part.get_by_role("radio", name="5 Leading").check()

    leap = part.get_by_text("This is 3 levels higher than in Autumn round. Say in the comment what changed.")
    expect(leap).to_be_visible()
    expect(part.locator("[data-flags] p")).to_have_count(2)
    expect(still_true(page, 1)).to_have_count(0)
    assert stored(country.assessment) == {"linked_data": (1, Response(level=5))}
    axe_clean(page)
    part.get_by_role("textbox", name="Comment (optional)").fill("We linked it all.")
    part.get_by_role("textbox", name="Comment (optional)").blur()
    expect(part.locator("[data-flags] p")).to_have_count(0)
    expect(status(page)).to_have_text(SAVED)


def test_the_enter_key_in_a_field_confirms_nothing(open_page: OpenPage, country: World) -> None:
    for javascript in (True, False):
        page = opened(open_page, country, javascript=javascript)
        with page.expect_navigation():
            page.locator("[id='id_practice_share:number']").press("Enter")
        assert stored(country.assessment) == {}


def test_without_a_connection_the_confirmation_waits(
    open_page: OpenPage, country: World, trouble: Trouble
) -> None:
    trouble.expect("failed: (GET|POST) .* net::ERR_INTERNET_DISCONNECTED")
    trouble.expect("console: Failed to load resource: net::ERR_INTERNET_DISCONNECTED")
    page = opened(open_page, country)
    page.context.set_offline(True)
    still_true(page, 1).click()
    expect(status(page)).to_have_text("Not saved yet: no connection. We keep trying.")
    page.context.set_offline(False)

    expect(question(page, "linked_data").get_by_text("Confirmed from Autumn round")).to_be_visible()
    expect(status(page)).to_have_text(SAVED)


@pytest.mark.parametrize("status_code", [0, 503])
def test_what_is_confirmed_is_shown_as_soon_as_the_page_can_be_fetched(
    open_page: OpenPage, country: World, trouble: Trouble, status_code: int
) -> None:
    if status_code:
        trouble.expect("503 GET .*")
    else:
        trouble.expect("failed: GET .* net::ERR_FAILED")
        trouble.expect("console: Failed to load resource: net::ERR_FAILED")
    page = opened(open_page, country)

    def refuse_pages(route: Route) -> None:
        if route.request.method == "POST":
            route.continue_()
        elif status_code:
            route.fulfill(status=status_code, body="away")
        else:
            route.abort()

    page.route(re.compile(r"/sections/"), refuse_pages)
    still_true(page, 1).click()
    expect(status(page)).to_have_text(
        "Saved. Question 1 does not show it yet: no connection. We keep trying."
    )
    assert stored(country.assessment) == {"linked_data": (1, GIVEN["linked_data"])}
    second = question(page, "shared_platform").get_by_role("radio", name="1 Ad hoc")
    second.focus()

    page.unroute(re.compile(r"/sections/"))

    part = question(page, "linked_data")
    expect(part.get_by_role("radio", name="2 Patchy")).to_be_checked()
    expect(part.get_by_text("Confirmed from Autumn round by Lena Lead on")).to_be_visible()
    expect(status(page)).to_have_text(SAVED)
    expect(second).to_be_focused()


def test_what_a_colleague_answered_meanwhile_is_shown_instead(open_page: OpenPage, country: World) -> None:
    page = opened(open_page, country)
    save_answers(
        by=country.contributor,
        assessment_id=country.assessment.pk,
        saves=[AnswerSave("linked_data", 0, Response(level=4, comment="Now linked."))],
    )
    still_true(page, 1).click()

    part = question(page, "linked_data")
    expect(part.get_by_role("radio", name="4 Embedded")).to_be_checked()
    expect(part.locator("[data-last-saved]")).to_contain_text("Last saved by Connie Contributor on")


def test_two_answers_leave_nothing_to_confirm(open_page: OpenPage, country: World) -> None:
    page = opened(open_page, country)
    save_answers(
        by=country.contributor,
        assessment_id=country.assessment.pk,
        saves=[AnswerSave("linked_data", 0, Response(level=4))],
    )
    part = question(page, "linked_data")
    part.get_by_role("radio", name="1 Ad hoc").check()

    expect(part.get_by_role("heading", name="Two answers to question 1")).to_be_visible()
    expect(still_true(page, 1)).to_have_count(0)
    expect(still_true(page, 2)).to_be_visible()


@pytest.mark.parametrize("width", [1280, 320])
def test_without_scripts_it_is_one_button(open_page: OpenPage, country: World, width: int) -> None:
    page = opened(open_page, country, width=width, javascript=False)
    page.locator("[id='id_practice_share:number']").fill("45")
    still_true(page, 1).click()

    expect(page).to_have_url(re.compile("#question-linked_data$"))
    expect(question(page, "linked_data").get_by_text("Confirmed from Autumn round")).to_be_visible()
    expect(page.locator("[id='id_practice_share:number']")).to_have_value("45")
    fits_across(page)
    page.goto(reverse("question", args=[country.assessment.pk, "sectors"]))
    still_true(page, 4).click()
    expect(question(page, "sectors").get_by_text("Confirmed from Autumn round")).to_be_visible()
    assert [code for code, (_, given) in stored(country.assessment).items() if given == GIVEN.get(code)] == [
        "linked_data",
        "sectors",
    ]
