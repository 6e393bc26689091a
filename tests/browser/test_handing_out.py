"""A lead hands out work, a colleague who was invited does it, and each hears from the other."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from surveys.models import Message, Person
from tests.browser.answering import choose
from tests.browser.conftest import NARROW, OpenPage
from tests.browser.inspection import axe_clean, fits_across
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery staple"


def held_to_all(*pages: Page) -> None:
    """The pages are as accessible as every page, and no wider than their windows."""
    for page in pages:
        axe_clean(page)
        fits_across(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_an_invited_colleague_answers_is_asked_for_changes_and_leaves(
    site: str, world: World, open_page: OpenPage, javascript: bool
) -> None:
    lena = open_page(world.lead, javascript=javascript)
    _invite(lena, world)
    if javascript:
        held_to_all(lena)

    nora = open_page(width=NARROW, javascript=javascript)
    _choose_password(nora, Person.objects.get(name="Nora New"))
    _answer(nora)
    if javascript:
        held_to_all(nora)

    lena.goto(_link(Message.objects.get(kind=Message.Kind.SECTION_DONE, person=world.lead)))
    _ask_for_changes(lena)
    nora.goto(_link(Message.objects.get(kind=Message.Kind.CHANGES_REQUESTED)))
    expect(nora.get_by_text("Ask them for the number.")).to_be_visible()
    nora.get_by_role("link", name="Go to the section").click()
    expect(nora.get_by_text("Changes requested by Lena Lead")).to_be_visible()
    if javascript:
        held_to_all(lena, nora)

    lena.goto(reverse("assessment_people", args=[world.assessment.pk]))
    lena.get_by_role("link", name="Remove Nora New").click()
    expect(lena.get_by_text("goes back to not handed out: Skills.")).to_be_visible()
    if javascript:
        held_to_all(lena)
    lena.get_by_role("button", name="Remove Nora New").click()
    expect(lena.get_by_role("alert")).to_contain_text("Nora New is removed.")
    nora.goto("/")
    expect(nora.get_by_role("link", name="My questions")).to_have_count(0)


def _invite(page: Page, world: World) -> None:
    page.goto(reverse("assessment", args=[world.assessment.pk]))
    page.get_by_role("link", name="Hand out sections and questions").click()
    page.get_by_role("link", name="Skills").click()
    page.get_by_role("link", name="Invite somebody who is not in the list").click()
    expect(page.get_by_role("checkbox", name="Skills")).to_be_checked()
    page.get_by_label("Full name").fill("Nora New")
    page.get_by_label("E-mail address").fill("nora@ambleshire.example")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Nora New is invited.")
    expect(page.get_by_role("button", name="Invite again Nora New")).to_be_visible()


def _answer(page: Page) -> None:
    page.get_by_role("link", name="My questions").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("My questions")
    expect(page.get_by_role("heading", level=2, name="Skills")).to_be_visible()
    expect(page.get_by_role("heading", level=2, name="Data platform")).to_have_count(0)
    page.get_by_role("link", name="Go to the next question").click()
    choose(page, "How mature is training?", "2 Patchy")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("“Skills” is saved.")
    page.get_by_role("link", name="Mark this section as done").click()
    page.get_by_label("Note for the ICS data lead (optional)").fill("Recruitment is with HR.")
    page.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_role("alert")).to_contain_text("“Skills”: done.")


def _ask_for_changes(page: Page) -> None:
    expect(page.get_by_text("Recruitment is with HR.")).to_be_visible()
    page.get_by_role("button", name="Ask for changes").click()
    page.get_by_role("link", name="Say what should be changed").click()
    page.get_by_label("What should be changed?").fill("Ask them for the number.")
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_role("alert")).to_contain_text("“Skills”: changes requested.")


def test_single_questions_are_chosen_where_they_are_wanted(world: World, open_page: OpenPage) -> None:
    page = open_page(world.lead, width=NARROW)
    page.goto(reverse("section_people", args=[world.assessment.pk, "skills"]))
    expect(page.get_by_role("checkbox", name="Question 3: How many analysts are there?")).to_be_hidden()
    page.get_by_label("Colleague").select_option(label="Connie Contributor (Contributor)")
    page.get_by_role("radio", name="Single questions").check()
    page.get_by_role("button", name="Hand over").click()
    page.get_by_role("link", name="Tick the questions that you hand over").click()
    page.get_by_role("checkbox", name="Question 3: How many analysts are there?").check()
    held_to_all(page)
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "1 question of “Skills” is handed to Connie Contributor."
    )

    connie = open_page(world.contributor)
    connie.goto(reverse("section", args=[world.assessment.pk, "skills"]))
    expect(connie.get_by_role("heading", name="Question 3")).to_be_visible()
    expect(connie.get_by_role("heading", name="Question 1")).to_have_count(0)
    held_to_all(connie)


def _choose_password(page: Page, person: Person) -> None:
    page.goto(_link(Message.objects.get(kind=Message.Kind.INVITATION, person=person)))
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Save the password").click()
    page.goto("/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def _link(message: Message) -> str:
    """The path of the first link in a message, as it would be sent."""
    found = re.search(r"https?://[^/\s]+(/\S+)", message.text())
    assert found is not None
    return found[1]
