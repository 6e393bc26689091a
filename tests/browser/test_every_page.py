"""Every page, at 1280 and at 320 px: accessible, quiet on the console, and no wider than the window.

The pages are those of the table of doors, so that a new page is held to this without being named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Error, Page

from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.drawing import show_charts
from tests.browser.inspection import breaches, overflow
from tests.browser.scenes import Scenes, build_scenes
from tests.browser.trouble import Trouble
from tests.views.test_access import DOORS

ROLES: Final = ("lead", "approver", "administrator", "national_analyst")
"""Who opens a page: the first of these who may."""

USUAL_SCENES: Final = ("open", "published")
"""Where a page is opened: in the first of these that has it."""

SCENES: Final[dict[str, tuple[str, ...]]] = {
    "assessment": ("open", "left", "over", "awaiting", "returned", "published"),
    "section": ("open", "over", "awaiting", "returned"),
    "check_answers": ("open", "awaiting"),
    "signoff": ("open", "awaiting", "published"),
    "return_assessment": ("awaiting", "published"),
    "submission": ("published",),
    "compare_submissions": ("closed", "published"),
    "compare_submissions_csv": ("published",),
    "submission_json": ("published",),
    "submission_xlsx": ("published",),
    "results_overview": ("provisional", "published", "outdated"),
    "results_dimension": ("provisional", "published"),
    "results_change": ("provisional", "published"),
    "results_compare": ("provisional", "published"),
    "results_correction": ("provisional", "published"),
    "results_gap": ("provisional", "published"),
    "results_learn": ("provisional", "published"),
    "results_report": ("provisional", "published"),
    "results_system": ("provisional", "published"),
    "questionnaire": ("open", "new_version"),
    "questionnaire_changes": ("open", "new_version"),
    "questionnaire_map": ("open", "new_version"),
    "publish_questionnaire": ("open", "new_version"),
    "discard_questionnaire": ("open", "new_version"),
    "edit_round": ("draft", "open"),
    "round_participants": ("draft", "open", "left", "published"),
    "open_round": ("bare", "draft", "open"),
    "close_round": ("open", "closed"),
    "reopen_round": ("closed", "open"),
    "round_challenges": ("challenged", "published"),
    "challenge_time": ("provisional", "published"),
    "answer_challenge": ("challenged",),
    "system_challenges": ("open", "challenged", "published"),
    "release_provisionally": ("closed", "provisional", "open"),
    "publish_round": ("provisional", "challenged", "open"),
    "correct_round": ("published", "open"),
    "extend": ("open", "closed"),
    "add_participant": ("left", "open", "published"),
    "withdraw_participant": ("open", "published", "left"),
    "restore_participant": ("left", "open"),
    "round_moderation": ("draft", "open", "closed", "published"),
    "moderation_plan": ("open", "closed", "published"),
    "moderation_agreement": ("open", "closed"),
    "assessment_moderation": ("closed", "published"),
    "moderated_level": ("closed",),
    "reviewers": ("open", "closed"),
    "control_room": ("open", "returned", "published"),
    "reminders": ("draft", "open", "closed"),
    "send_reminder": ("open", "closed"),
}
"""Pages that differ from one stage of a round to another."""

FURTHER: Final = (
    # Role, page, scene: what looks different to somebody else, or is there for nobody in the table of doors.
    ("contributor", "home", "open"),
    ("national_analyst", "home", "open"),
    ("administrator", "home", "open"),
    ("newcomer", "home", "open"),
    ("contributor", "assessment", "open"),
    ("approver", "assessment", "awaiting"),
    ("national_analyst", "assessment", "published"),
    ("national_analyst", "section", "open"),
    ("administrator", "return_assessment", "closed"),
    ("administrator", "return_assessment", "published"),
    ("national_analyst", "results_overview", "provisional"),
    ("national_analyst", "results_system", "published"),
    ("national_analyst", "results_gap", "published"),
    ("national_analyst", "results_learn", "published"),
    ("national_analyst", "results_dimension", "published"),
    *(
        ("administrator", "round", scene)
        for scene in ("bare", "draft", "open", "left", "over", "closed", "provisional", "published")
    ),
    ("regional_analyst", "round", "open"),
    ("regional_analyst", "control_room", "open"),
    *(("administrator", "control_room", scene) for scene in ("draft", "open")),
    ("administrator", "change_reminder", "open"),
    ("regional_analyst", "rounds", "open"),
    *((role, "system_challenges", "challenged") for role in ("contributor", "administrator")),
    *((role, "home", "challenged") for role in ("approver", "administrator")),
    ("regional_analyst", "round_challenges", "challenged"),
    ("administrator", "answer_challenge", "answered"),
    ("newcomer", "results", "open"),
    *((role, "assessment_moderation", "closed") for role in ("far_lead", "regional_analyst")),
    *((role, "moderated_level", "closed") for role in ("far_lead", "lead", "regional_analyst")),
    ("national_analyst", "moderated_level", "decided"),
    ("far_lead", "home", "open"),
    ("lead", "withdraw_comment", "open"),
    ("lead", "remove_evidence", "open"),
    ("lead", "remove_colleague", "open"),
    ("contributor", "my_questions", "open"),
    ("contributor", "section_marks", "open"),
    ("contributor", "section", "open"),
    ("lead", "section", "left"),
    ("lead", "question", "left"),
    ("lead", "check_answers", "left"),
)


def visits(scenes: Scenes) -> Iterator[tuple[str, str, str]]:
    """Everything to open: role, page and scene."""
    for name, door in DOORS.items():
        role = next((role for role in ROLES if role in (door.get or ())), None)
        if role is not None:
            for scene in SCENES.get(name) or [_usual_scene(scenes, name)]:
                yield role, name, scene
    yield from FURTHER


def _usual_scene(scenes: Scenes, name: str) -> str:
    return next(scene for scene in USUAL_SCENES if scenes.has(name, scene))


def problems(page: Page, trouble: Trouble, address: str) -> list[str]:
    """Open an address, and tell everything that is wrong there."""
    before = len(trouble.seen)
    try:
        response = page.goto(address)
    except Error as error:
        # A file to keep is no page to look at.
        if "Download is starting" not in error.message:
            raise
        return []
    if response is None or not response.headers.get("content-type", "").startswith("text/html"):
        return []
    found = [] if response.status == 200 else [f"it answers {response.status}"]
    show_charts(page)
    return [*found, *breaches(page), *overflow(page), *trouble.seen[before:]]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page(site: str, open_page: OpenPage, trouble: Trouble, width: int) -> None:
    scenes = build_scenes()
    windows: dict[str, Page] = {}
    found: list[str] = []
    for role, name, scene in visits(scenes):
        if role not in windows:
            windows[role] = open_page(getattr(scenes.world, role), width=width)
        told = problems(windows[role], trouble, scenes.address(name, scene))
        found += [f"{name} ({scene}) for the {role} at {width} px: {problem}" for problem in told]
    assert found == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_for_somebody_who_has_not_signed_in(
    site: str, open_page: OpenPage, trouble: Trouble, width: int
) -> None:
    scenes = build_scenes()
    page = open_page(width=width)
    found: list[str] = []
    for name in (name for name, door in DOORS.items() if door.open):
        told = problems(page, trouble, scenes.address(name, "open"))
        found += [f"{name} at {width} px: {problem}" for problem in told]
    assert found == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_mail_of_a_demo(
    site: str, open_page: OpenPage, trouble: Trouble, settings: Any, width: int
) -> None:
    settings.DEMO = True
    scenes = build_scenes()
    page = open_page(scenes.world.lead, width=width)
    assert problems(page, trouble, scenes.address("demo_mail", "open")) == []
