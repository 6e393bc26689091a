"""Answering with scripts: saved as it is answered, kept while it cannot be, settled when two differ."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import BrowserContext, Locator, Page, expect

from surveys.models import Answer, Person
from surveys.questionnaires.responses import Response
from tests.actions.test_answers import stored
from tests.browser.conftest import OpenPage
from tests.browser.inspection import axe_clean, fits_across
from tests.browser.trouble import Trouble
from tests.factories import PASSWORD, make_answer
from tests.world import World, build_world

SAVED = re.compile(r"^Saved \d\d:\d\d$")
NO_CONNECTION = "Not saved yet: no connection. We keep trying."


@pytest.fixture
def country(site: str) -> World:
    """The country, in committed rows."""
    return build_world()


def address(country: World) -> str:
    return reverse("section", args=[country.assessment.pk, "data_platform"])


def status(page: Page) -> Locator:
    return page.get_by_role("status", name="Save status")


def question(page: Page, code: str) -> Locator:
    return page.locator(f"#question-{code}")


def comment(page: Page) -> Locator:
    return question(page, "linked_data").get_by_role("textbox")


def opened(open_page: OpenPage, person: Person, country: World, *, width: int = 1280) -> Page:
    page = open_page(person, width=width)
    page.goto(address(country))
    return page


def test_answers_are_saved_without_a_button(open_page: OpenPage, country: World) -> None:
    page = opened(open_page, country.lead, country)

    question(page, "linked_data").get_by_role("radio", name="3 Established").check()
    expect(status(page)).to_have_text(SAVED)
    expect(question(page, "linked_data").locator("[data-last-saved]")).to_contain_text(
        "Last saved by Lena Lead on"
    )
    page.locator("[id='id_practice_share:number']").press_sequentially("85")
    expect(status(page)).to_have_text("Saving…")
    expect(status(page)).to_have_text(SAVED)
    question(page, "sectors").get_by_role("checkbox", name="Acute hospitals").check()
    question(page, "sectors").get_by_role("checkbox", name="Primary care").check()
    expect(status(page)).to_have_text(SAVED)
    axe_clean(page)

    page.reload()

    expect(question(page, "linked_data").get_by_role("radio", name="3 Established")).to_be_checked()
    found = stored(country.assessment)
    assert found["linked_data"] == (1, Response(level=3))
    assert str(found["practice_share"][1].number) == "85.0000"
    assert found["sectors"][1].options == ("acute", "primary_care")


def test_the_page_counts_on_what_is_saved(open_page: OpenPage, country: World) -> None:
    page = open_page(country.lead)
    page.goto(reverse("section", args=[country.assessment.pk, "skills"]))
    count, bar = page.locator(".app-progress__text"), page.locator(".app-progress__bar")
    expect(count).to_have_text("0 of 6 questions answered")

    training = question(page, "training")
    training.get_by_role("radio", name="3 Established").check()
    expect(count).to_have_text("1 of 6 questions answered")
    expect(bar).to_have_js_property("value", 1)
    training.get_by_role("radio", name="4 Embedded").check()
    expect(status(page)).to_have_text(SAVED)
    question(page, "recruitment").get_by_role("radio", name="2 Patchy").check()
    expect(count).to_have_text("2 of 6 questions answered")
    training.get_by_role("radio", name="No answer yet").check()
    expect(count).to_have_text("1 of 6 questions answered")

    page.reload()
    expect(count).to_have_text("1 of 6 questions answered")


@pytest.mark.parametrize("width", [1280, 320])
def test_a_problem_is_said_at_once_and_shown_beside_its_field(
    open_page: OpenPage, country: World, width: int
) -> None:
    page = opened(open_page, country.lead, country, width=width)
    number = page.locator("[id='id_practice_share:number']")

    number.fill("abc")
    number.press("Tab")

    expect(status(page)).to_have_text("Not saved yet: question 3. Enter a number, such as 12 or 3.5")
    question(page, "linked_data").get_by_role("radio").first.focus()
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(number).to_have_accessible_description(re.compile(r"Error:\s+Enter a number, such as 12 or 3.5"))
    axe_clean(page)
    fits_across(page)

    number.fill("12")
    number.press("Tab")

    expect(status(page)).to_have_text(SAVED)
    expect(number).not_to_have_attribute("aria-invalid", "true")
    expect(question(page, "practice_share").locator(".nhsuk-error-message")).to_have_count(0)
    assert str(stored(country.assessment)["practice_share"][1].number) == "12.0000"


def test_without_a_connection_it_keeps_trying(open_page: OpenPage, country: World, trouble: Trouble) -> None:
    trouble.expect("failed: (GET|POST) .* net::ERR_INTERNET_DISCONNECTED")
    trouble.expect("console: Failed to load resource: net::ERR_INTERNET_DISCONNECTED")
    page = opened(open_page, country.lead, country)
    page.context.set_offline(True)

    comment(page).fill("Typed in a tunnel")
    comment(page).blur()
    question(page, "shared_platform").get_by_role("radio", name="2 Patchy").check()

    expect(status(page)).to_have_text(NO_CONNECTION)
    axe_clean(page)
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    assert stored(country.assessment) == {
        "linked_data": (1, Response(comment="Typed in a tunnel")),
        "shared_platform": (1, Response(level=2)),
    }


def test_a_refresh_loses_nothing_while_the_server_is_away(
    open_page: OpenPage, country: World, trouble: Trouble
) -> None:
    trouble.expect("503 POST .*")
    page = opened(open_page, country.lead, country)
    page.on("dialog", lambda dialog: dialog.accept())
    away = re.compile(r"/sections/")

    def refuse_saves(route: object) -> None:
        if route.request.method == "POST":  # type: ignore[attr-defined]  # Playwright hands over a Route
            route.fulfill(status=503, body="away")  # type: ignore[attr-defined]  # the same
        else:
            route.continue_()  # type: ignore[attr-defined]  # the same

    page.route(away, refuse_saves)
    comment(page).fill("Typed during a restart")
    comment(page).blur()
    expect(status(page)).to_have_text(NO_CONNECTION)
    page.reload()
    expect(comment(page)).to_have_value("Typed during a restart")

    page.unroute(away)

    expect(status(page)).to_have_text(SAVED)
    assert stored(country.assessment) == {"linked_data": (1, Response(comment="Typed during a restart"))}
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_leaving_at_once_and_coming_back_shows_what_was_typed(open_page: OpenPage, country: World) -> None:
    page = opened(open_page, country.lead, country)
    page.on("dialog", lambda dialog: dialog.accept())

    comment(page).fill("Typed and gone")
    page.goto("/")
    page.go_back()

    expect(comment(page)).to_have_value("Typed and gone")
    expect(status(page)).to_have_text(re.compile("^(Saved .*|)$"))
    assert stored(country.assessment) == {"linked_data": (1, Response(comment="Typed and gone"))}


def sign_in(context: BrowserContext, page: Page, person: Person) -> None:
    with context.expect_page() as opening:
        status(page).get_by_role("link", name="Sign in again").click()
    tab = opening.value
    tab.get_by_label("E-mail address").fill(person.email)
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_url("**/")
    tab.close()


def test_a_session_that_ended_keeps_the_text_and_saves_after_signing_in(
    open_page: OpenPage, country: World, trouble: Trouble
) -> None:
    trouble.expect("40[13] (GET|POST) .*")
    page = opened(open_page, country.lead, country)
    Session.objects.all().delete()

    comment(page).fill("Typed after ten hours")
    comment(page).blur()

    expect(status(page)).to_contain_text("Not saved yet: you are signed out. What you typed stays here.")
    axe_clean(page)
    sign_in(page.context, page, country.lead)
    expect(status(page)).to_have_text(SAVED, timeout=40_000)
    expect(comment(page)).to_have_value("Typed after ten hours")
    question(page, "linked_data").get_by_role("radio", name="3 Established").check()
    expect(status(page)).to_have_text(SAVED)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("“Data platform” is saved.")).to_be_visible()
    assert Answer.objects.get().comment == "Typed after ten hours"


def test_somebody_else_who_signs_in_does_not_save_it_as_theirs(
    open_page: OpenPage, country: World, trouble: Trouble
) -> None:
    trouble.expect("40[13] (GET|POST) .*")
    page = opened(open_page, country.lead, country)
    Session.objects.all().delete()
    comment(page).fill("Lena's words")
    comment(page).blur()
    expect(status(page)).to_contain_text("you are signed out")

    sign_in(page.context, page, country.contributor)

    expect(status(page)).to_contain_text("somebody else is signed in here now", timeout=40_000)
    assert Answer.objects.count() == 0


def disputed(open_page: OpenPage, country: World) -> Page:
    """Lena's page after Connie has saved another comment."""
    page = opened(open_page, country.lead, country)
    make_answer(country.assessment, "linked_data", country.contributor, Response(comment="Connie's text"))
    comment(page).fill("Lena's text")
    comment(page).blur()
    expect(status(page)).to_have_text("Not saved yet: question 1 has two answers. Choose which one to keep.")
    return page


@pytest.mark.parametrize("width", [1280, 320])
def test_two_answers_stand_side_by_side(open_page: OpenPage, country: World, width: int) -> None:
    page = opened(open_page, country.lead, country, width=width)
    make_answer(country.assessment, "linked_data", country.contributor, Response(comment="Connie's text"))
    comment(page).fill("Lena's text")
    comment(page).blur()

    both = question(page, "linked_data").locator("[data-both]")
    expect(both).to_contain_text("Connie Contributor saved another answer on")
    expect(both).to_contain_text("Comment: Connie's text")
    expect(both).to_contain_text("Comment: Lena's text")
    axe_clean(page)
    fits_across(page)


def test_mine_is_kept_with_the_keyboard_alone(open_page: OpenPage, country: World) -> None:
    page = disputed(open_page, country)
    theirs = question(page, "linked_data").get_by_role("radio", name="The saved answer")
    keep = question(page, "linked_data").get_by_role("button", name="Keep the chosen answer to question 1")

    keep.press("Enter")
    expect(theirs).to_be_focused()
    expect(question(page, "linked_data").locator(".nhsuk-error-message")).to_contain_text(
        "Choose which one to keep."
    )
    axe_clean(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(keep).to_be_focused()
    page.keyboard.press("Enter")

    expect(status(page)).to_have_text(SAVED)
    expect(keep).to_have_count(0)
    assert stored(country.assessment) == {"linked_data": (2, Response(comment="Lena's text"))}
    history = apps.get_model("surveys", "AnswerEvent").objects.order_by("version")
    assert list(history.values_list("version", "comment")) == [(1, "Connie's text"), (2, "Lena's text")]


def test_theirs_is_kept_and_shown(open_page: OpenPage, country: World) -> None:
    page = disputed(open_page, country)

    question(page, "linked_data").get_by_role("radio", name="The saved answer").check()
    question(page, "linked_data").get_by_role("button", name="Keep the chosen answer").click()

    expect(comment(page)).to_have_value("Connie's text")
    expect(page.locator("#number-linked_data")).to_be_focused()
    assert stored(country.assessment) == {"linked_data": (1, Response(comment="Connie's text"))}
    comment(page).fill("Lena adds")
    comment(page).blur()
    expect(status(page)).to_have_text(SAVED)
    assert stored(country.assessment)["linked_data"] == (2, Response(comment="Lena adds"))


def test_a_dispute_outlives_a_refresh(open_page: OpenPage, country: World) -> None:
    page = disputed(open_page, country)
    page.on("dialog", lambda dialog: dialog.accept())

    page.reload()

    expect(question(page, "linked_data").locator("[data-both]")).to_contain_text("Connie's text")
    expect(comment(page)).to_have_value("Lena's text")
    assert stored(country.assessment) == {"linked_data": (1, Response(comment="Connie's text"))}


def test_signing_out_leaves_nothing_on_the_machine(
    open_page: OpenPage, country: World, trouble: Trouble
) -> None:
    page = disputed(open_page, country)
    page.on("dialog", lambda dialog: dialog.accept())
    assert page.evaluate("Object.keys(sessionStorage).length") == 1

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")

    assert page.evaluate("Object.keys(sessionStorage)") == []
