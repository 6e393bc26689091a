"""From signing in to signing the assessment, with no more than the keys."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from surveys.models import Person, Submission
from surveys.questionnaires.responses import Response
from tests.actions.test_answers import EVERY_KIND
from tests.browser.conftest import OpenPage
from tests.factories import PASSWORD, make_answer
from tests.world import build_world

MOST_STEPS = 120
ACTIVE = """() => {
  const active = document.activeElement;
  const label = active.labels?.length ? active.labels[0].textContent : "";
  const words = active.getAttribute("aria-label") || label || active.textContent || "";
  return words.replace(/\\s+/g, " ").trim();
}"""


def go_to(page: Page, words: str) -> None:
    """Tab to what has a name that begins so, which must show that it has the focus."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate(ACTIVE).startswith(words):
            expect(page.locator(":focus")).to_be_in_viewport()
            return
    raise AssertionError(f"{MOST_STEPS} times Tab do not lead to “{words}” on {page.url}")


def press(page: Page, words: str) -> None:
    """Go to a link or a button that leads to another page, and use it."""
    go_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page: Page, words: str, typed: str) -> None:
    """Go to a field, and type into it."""
    go_to(page, words)
    page.keyboard.type(typed)


def sign_in(page: Page, person: Person) -> None:
    page.goto("/")
    type_into(page, "E-mail address", person.email)
    type_into(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(person.name)


def test_handing_out_answering_and_signing(site: str, open_page: OpenPage) -> None:
    world = build_world()
    others = {"recruitment": Response(level=2), **EVERY_KIND}
    for code, response in others.items():
        if code != "linked_data":
            make_answer(world.assessment, code, world.lead, response)
    lena, connie, april = (open_page() for _ in range(3))

    sign_in(lena, world.lead)
    press(lena, "Ambleshire, Spring round")
    hand_out_skills(lena)
    sign_in(connie, world.contributor)
    answer_the_next_question(connie)
    lena.goto(f"/assessments/{world.assessment.pk}/")
    check_and_send(lena)
    sign_in(april, world.approver)
    press(april, "Ambleshire, Spring round")
    read_and_sign(april)

    chosen = world.assessment.answers.get(question__code="linked_data")
    assert (chosen.level, chosen.answered_by) == (3, world.contributor)
    assert Submission.objects.get().signed_by == world.approver


def hand_out_skills(page: Page) -> None:
    press(page, "Hand out sections and questions")
    press(page, "Skills")
    type_into(page, "Colleague", "Connie")
    press(page, "Hand over")
    expect(page.get_by_role("alert")).to_contain_text("“Skills” is handed to Connie Contributor.")


def answer_the_next_question(page: Page) -> None:
    press(page, "My questions")
    press(page, "Go to the next question")
    go_to(page, "1 Ad hoc")
    for key in ("Space", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.get_by_label("3 Established").first).to_be_checked()
    expect(page.get_by_role("status", name="Save status")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def check_and_send(page: Page) -> None:
    press(page, "Check your answers")
    press(page, "Send for sign-off")
    expect(page.get_by_text("The assessment is sent for sign-off.")).to_be_visible()


def read_and_sign(page: Page) -> None:
    press(page, "Read and sign")
    type_into(page, "Your full name", "April Approver")
    type_into(page, "Your job title", "Chief executive")
    go_to(page, "I agree to this declaration")
    page.keyboard.press("Space")
    press(page, "Sign and submit")
    expect(page.get_by_text("The assessment is signed and submitted as copy 1.")).to_be_visible()
