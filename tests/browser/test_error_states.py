"""Every page that says no, at 1280 and at 320 px: accessible, quiet, and no wider than the window."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from playwright.sync_api import Page, expect

from maturity import urls as site_urls
from surveys.actions.section_marks import mark_done
from surveys.files.kinds import LARGEST
from surveys.models import Assessment, Person, SectionAssignment
from surveys.questionnaires.responses import Response
from tests.actions.test_answers import stored
from tests.browser.answering import comment, fill, question
from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.inspection import breaches, overflow
from tests.browser.scenes import LONG_WORD, Scenes, build_scenes
from tests.browser.trouble import Trouble
from tests.factories import PASSWORD, make_answer
from tests.signed import OWN, close, submit
from tests.views.test_access import DOORS
from tests.world import World, build_world

both_widths = pytest.mark.parametrize("width", [WIDE, NARROW])

EMPTIED: Final[dict[str, tuple[str, str, str]]] = {
    # Page: who opens it, in which scene, and the button that sends its form, which is refused when empty.
    "sign_in": ("", "open", "Sign in"),
    "password_link": ("", "open", "Send the link"),
    "choose_password": ("", "open", "Save the password"),
    "section_people": ("lead", "open", "Hand over"),
    "signoff": ("approver", "awaiting", "Sign and submit"),
    "return_assessment": ("approver", "awaiting", "Return the assessment"),
    "section_marks": ("lead", "open", "Ask for changes"),
    "invite_colleague": ("lead", "open", "Invite"),
    "upload_workbook": ("lead", "open", "Show what would change"),
    "add_comment": ("lead", "open", "Add the comment"),
    "add_evidence_link": ("lead", "open", "Add the link"),
    "add_evidence_file": ("lead", "open", "Add the file"),
    "plan_reminder": ("administrator", "open", "Save"),
    "send_reminder": ("administrator", "open", "Send the reminder"),
    "new_system_group": ("administrator", "published", "Save the group"),
    "edit_system_group": ("administrator", "open", "Save the group"),
    "import_people": ("administrator", "open", "Show who would be added"),
    "organisation_changes": ("administrator", "open", "Show what would change"),
    "upload_questionnaire": ("administrator", "open", "Keep it as a draft"),
    "new_round": ("administrator", "open", "Create the draft"),
    "edit_round": ("administrator", "draft", "Save"),
    "reopen_round": ("administrator", "closed", "Reopen the round"),
    "extend": ("administrator", "open", "Give more time"),
    "add_participant": ("administrator", "left", "Add the system"),
    "withdraw_participant": ("administrator", "open", "Withdraw the system"),
    "restore_participant": ("administrator", "left", "Let it take part again"),
    "system_challenges": ("lead", "provisional", "Raise the challenge"),
    "answer_challenge": ("administrator", "challenged", "Answer the challenge"),
    "challenge_time": ("administrator", "provisional", "Give more time"),
    "release_provisionally": ("administrator", "closed", "Release provisionally"),
    "publish_round": ("administrator", "provisional", "Publish results"),
    "moderation_plan": ("administrator", "closed", "Save the plan"),
    "moderated_level": ("lead", "closed", "Send the answer"),
    "reviewers": ("administrator", "closed", "Ask for a review"),
    "withdraw_release": ("administrator", "published", "Withdraw these results"),
    "correct_round": ("administrator", "published", "Publish the correction"),
    "new_person": ("administrator", "open", "Add and invite"),
    "edit_person": ("administrator", "open", "Save"),
    "add_membership": ("administrator", "open", "Give the role"),
    "deactivate_person": ("administrator", "open", "Switch the account off"),
}

NEVER_WRONG: Final = {
    "section": "an empty answer is an answer that is not given yet; what is wrong in one is tested below",
    "remove_colleague": "it only confirms",
    "change_reminder": "its form is that of plan_reminder",
    "delete_system_group": "it only confirms",
    "questionnaire_map": "it begins with what is proposed, and is tested with a draft of its own",
    "publish_questionnaire": "it only confirms",
    "discard_questionnaire": "it only confirms",
    "round_participants": "no system need be ticked",
    "open_round": "it only confirms",
    "close_round": "it only confirms",
    "end_membership": "its reason is optional",
    "reactivate_person": "its reason is optional",
    "resolve_thread": "it only confirms",
    "reopen_thread": "it only confirms",
    "withdraw_comment": "it only confirms",
    "remove_evidence": "it only confirms",
}

EMPTY = """() => {
  for (const field of document.querySelectorAll("main :is(input, select, textarea):not([type=hidden])")) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = false;
    else field.value = "";
  }
  for (const details of document.querySelectorAll("main details")) details.open = true;
}"""

AUTOSAVE: Final = re.compile(r"/built/autosave")
LINKED, SHARED = "How mature is linked data?", "How mature is shared platform?"
SHARE, SECTORS = "What percentage of practices supply data?", "Which sectors supply data?"
TIME = "How is analysts' time divided?"


def test_every_form_is_named() -> None:
    forms = {name for name, door in DOORS.items() if door.get is not None and door.post is not None}
    assert forms == EMPTIED.keys() | NEVER_WRONG.keys()
    assert not EMPTIED.keys() & NEVER_WRONG.keys()


def problems(page: Page, state: str) -> list[str]:
    """What is wrong with the page that is shown, each line with the state that it is in."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    return [f"{state} at {width} px: {problem}" for problem in [*breaches(page), *overflow(page)]]


def summary_problems(page: Page, state: str) -> list[str]:
    """What is wrong with how a page says that a form has problems: its title, its summary and the links."""
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("heading", name="There is a problem"), state).to_be_visible()
    found = [] if page.title().startswith("Error: ") else [f"its title is {page.title()}"]
    expect(page.locator(".nhsuk-error-summary"), state).to_be_focused()
    for link in summary.get_by_role("link").all():
        link.click()
        target = (link.get_attribute("href") or "").removeprefix("#")
        if page.evaluate("document.activeElement.id") != target:
            found.append(f"“{link.inner_text()}” leads to #{target}, which is not focused")
    return [*(f"{state}: {problem}" for problem in found), *problems(page, state)]


def address(scenes: Scenes, name: str, scene: str) -> str:
    """The address of a page; of the one that chooses a password with a link that works."""
    if name != "choose_password":
        return scenes.address(name, scene)
    person = scenes.world.newcomer
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse(name, kwargs={"uidb64": uid, "token": default_token_generator.make_token(person)})


def _sign_once_more(scenes: Scenes) -> None:
    """Give a correction of the published round something to correct."""
    row = Assessment.objects.get(pk=scenes.parts["published"]["assessment_id"])
    submit(row, scenes.world.approver, {**OWN, "linked_data": Response(level=5)})


def _mark_a_section_as_done(world: World) -> None:
    """Give somebody who asks for changes a section that is done."""
    mark_done(
        by=world.contributor,
        assessment_id=world.assessment.pk,
        dimension_code="data_platform",
        note="",
        site="http://127.0.0.1/",
    )


@both_widths
def test_forms_that_are_sent_empty(open_page: OpenPage, width: int) -> None:
    scenes = build_scenes()
    _sign_once_more(scenes)
    _mark_a_section_as_done(scenes.world)
    windows: dict[str, Page] = {}
    found: list[str] = []
    for name, (role, scene, button) in EMPTIED.items():
        if role not in windows:
            windows[role] = open_page(getattr(scenes.world, role) if role else None, width=width)
        page = windows[role]
        page.goto(address(scenes, name, scene))
        page.evaluate(EMPTY)
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
        found += summary_problems(page, f"{name}, sent empty")
    assert found == []


def section(world: World, code: str = "data_platform") -> str:
    """The address of a section of the own system."""
    return reverse("section", args=[world.assessment.pk, code])


def open_plainly(open_page: OpenPage, person: Person | None, where: str, width: int) -> Page:
    """A page whose forms are sent by their buttons alone, although the checker's scripts run in it."""
    page = open_page(person, width=width)
    page.route(AUTOSAVE, lambda route: route.fulfill(content_type="text/javascript", body=""))
    page.goto(where)
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


@both_widths
def test_answers_that_cannot_be_taken(open_page: OpenPage, width: int) -> None:
    world = build_world()
    page = open_plainly(open_page, world.lead, section(world), width)
    question(page, SHARED).get_by_label("Not applicable").check()
    fill(page, SHARE, LONG_WORD)
    question(page, SECTORS).get_by_label("None").check()
    question(page, SECTORS).get_by_label("Acute hospitals").check()
    save(page)

    found = summary_problems(page, "wrong answers to a section")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text(
        [
            "Question 2: Say why this question does not apply",
            "Question 3: Enter a number, such as 12 or 3.5",
            "Question 4: Choose “None” alone, or take it out of your choice",
        ]
    )
    expect(page.get_by_label(SHARE)).to_have_value(LONG_WORD)

    page.goto(section(world, "skills"))
    fill(page, TIME, "90", field="Reporting")
    fill(page, TIME, "90", field="Strategy")
    save(page)
    found += summary_problems(page, "parts that do not add up")
    assert found == []


@both_widths
def test_two_answers_to_one_question(open_page: OpenPage, trouble: Trouble, width: int) -> None:
    world = build_world()
    trouble.expect(f"409 POST {section(world)}")
    page = open_plainly(open_page, world.lead, section(world), width)
    make_answer(world.assessment, "linked_data", world.contributor, Response(level=1, comment=LONG_WORD))
    comment(page, LINKED, f"See https://survey.example/{LONG_WORD}")
    save(page)

    assert summary_problems(page, "two answers") == []
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text(
        ["Question 1: Somebody else has changed this answer. Choose which one to keep."]
    )
    expect(page.get_by_role("heading", name="Two answers to question 1")).to_be_visible()


@both_widths
def test_a_round_that_closed_while_somebody_typed(open_page: OpenPage, trouble: Trouble, width: int) -> None:
    world = build_world()
    trouble.expect("409 POST .*")
    page = open_plainly(open_page, world.lead, section(world), width)
    make_answer(world.assessment, "training", world.lead, Response(level=2))
    Assessment.objects.update(status=Assessment.Status.IN_PROGRESS)
    waiting = open_plainly(open_page, world.lead, reverse("check_answers", args=[world.assessment.pk]), width)
    question(page, LINKED).get_by_label("4 Embedded").check()
    comment(page, LINKED, f"Typed too late: {LONG_WORD}")
    close(world.round)
    save(page)
    waiting.get_by_role("button", name="Send for sign-off").click()

    found = summary_problems(page, "a closed round")
    found += summary_problems(waiting, "sent after the round has closed")
    assert found == []
    expect(page.get_by_role("definition").filter(has_text="Typed too late")).to_contain_text("4 Embedded")


@both_widths
def test_a_section_that_was_taken_back_while_somebody_typed(
    open_page: OpenPage, trouble: Trouble, width: int
) -> None:
    world = build_world()
    trouble.expect("404 POST .*")
    page = open_plainly(open_page, world.contributor, section(world), width)
    comment(page, LINKED, "Typed for nobody")
    SectionAssignment.objects.all().delete()
    save(page)

    assert summary_problems(page, "a section that was taken back") == []
    expect(page.get_by_role("main")).to_contain_text("Typed for nobody")


@both_widths
def test_a_session_that_has_ended(open_page: OpenPage, trouble: Trouble, width: int) -> None:
    world = build_world()
    trouble.expect(f"401 POST {section(world)}")
    page = open_plainly(open_page, world.lead, section(world), width)
    comment(page, LINKED, f"Typed after ten hours: {LONG_WORD}")
    Session.objects.all().delete()
    save(page)

    expect(page.get_by_role("main")).to_contain_text("Typed after ten hours")
    found = problems(page, "a session that has ended")
    page.get_by_label("E-mail address").fill(world.lead.email)
    page.get_by_label("Password", exact=True).fill("a wrong password")
    page.get_by_role("button", name="Sign in").click()
    found += summary_problems(page, "a wrong password after the session has ended")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Save what you typed")
    found += problems(page, "signed in again with something to save")
    assert found == []
    page.get_by_role("button", name="Save what I typed").click()
    expect(page.get_by_text("“Data platform” is saved.")).to_be_visible()
    assert stored(world.assessment)["linked_data"][1].comment == f"Typed after ten hours: {LONG_WORD}"


@both_widths
def test_a_page_from_before_somebody_signed_in_again(
    open_page: OpenPage, trouble: Trouble, width: int
) -> None:
    world = build_world()
    trouble.expect("403 POST .*")
    page = open_plainly(open_page, world.lead, section(world), width)
    comment(page, LINKED, f"Typed before: {LONG_WORD}")
    page.context.clear_cookies(name="csrftoken")
    save(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Save what you typed")
    expect(page.get_by_role("main")).to_contain_text("Typed before")
    found = problems(page, "a stale page")
    signing_in = open_page(width=width)
    signing_in.goto(reverse("sign_in"))
    signing_in.context.clear_cookies(name="csrftoken")
    signing_in.get_by_label("E-mail address").fill(world.lead.email)
    signing_in.get_by_label("Password", exact=True).fill(PASSWORD)
    signing_in.get_by_role("button", name="Sign in").click()
    expect(signing_in.get_by_role("heading", level=1)).to_have_text("You cannot do this")
    found += problems(signing_in, "a form whose token is missing")
    assert found == []


@both_widths
def test_a_file_that_is_too_large(open_page: OpenPage, tmp_path: Path, width: int) -> None:
    world = build_world()
    large = tmp_path / f"{LONG_WORD}.pdf"
    large.write_bytes(b"%PDF-1.7" + bytes(LARGEST))
    page = open_page(world.lead, width=width)
    page.goto(reverse("add_evidence_file", args=[world.assessment.pk, "linked_data"]))
    page.locator("summary", has_text="Add a file").click()
    page.get_by_label("File", exact=True).set_input_files(large)
    page.get_by_role("button", name="Add the file").click()
    found = summary_problems(page, "evidence that is too large")
    page.goto(reverse("upload_workbook", args=[world.assessment.pk]))
    page.get_by_label("Your workbook").set_input_files(large)
    page.get_by_role("button", name="Show what would change").click()
    found += summary_problems(page, "a workbook that is too large")
    assert found == []


def break_down(request: HttpRequest) -> HttpResponse:
    """A page with a fault."""
    raise RuntimeError("A fault that this test is about.")


def be_suspicious(request: HttpRequest) -> HttpResponse:
    """A page that makes no sense of its request."""
    raise SuspiciousOperation("A request that this test is about.")


urlpatterns = [
    path("broken/", login_not_required(break_down)),
    path("suspicious/", login_not_required(be_suspicious)),
    path("", include("maturity.urls")),
]
handler400, handler403, handler404, handler500 = (
    site_urls.handler400,
    site_urls.handler403,
    site_urls.handler404,
    site_urls.handler500,
)


@both_widths
def test_pages_that_cannot_be_shown(open_page: OpenPage, trouble: Trouble, settings: Any, width: int) -> None:
    settings.ROOT_URLCONF = __name__
    world = build_world()
    titles = {
        "/nowhere/": (404, "Page not found"),
        section(world, "nothing"): (404, "Page not found"),
        "/suspicious/": (400, "This request could not be read"),
        "/broken/": (500, "Something went wrong"),
    }
    found: list[str] = []
    for person in (world.lead, None):
        page = open_page(person, width=width)
        for where, (status, title) in titles.items():
            answer = page.goto(where)
            if person is None and where == section(world, "nothing"):
                expect(page).to_have_title(re.compile("^Sign in"))
                continue
            expect(page.get_by_role("heading", level=1)).to_have_text(title)
            expect(page).to_have_title(re.compile(f"^{title} - "))
            found += [] if answer and answer.status == status else [f"{where} does not answer {status}"]
            found += problems(page, f"{where}, {'signed in' if person else 'signed out'}")
    trouble.expect("(400|404|500) GET .*")
    assert found == []
