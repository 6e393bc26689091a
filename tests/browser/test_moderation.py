"""A level is moderated from the plan to the published results, each step by whose it is, without scripts."""

from __future__ import annotations

import datetime

from django.utils import timezone
from playwright.sync_api import expect

from surveys.actions.releases import publish, release_provisionally
from surveys.models import Person
from tests.browser.conftest import OpenPage
from tests.signed import close, submit_north
from tests.world import build_world

QUESTION = "How mature is linked data?"


def test_a_level_is_proposed_by_a_peer_challenged_and_decided(site: str, open_page: OpenPage) -> None:
    world = build_world()
    submit_north(world)
    close(world.round)
    windows = {
        person: open_page(person, javascript=False)
        for person in (world.administrator, world.far_lead, world.lead, world.national_analyst)
    }

    def window(person: Person, text: str) -> None:
        """Open the home page and follow what waits there."""
        windows[person].goto("/")
        windows[person].get_by_role("link", name=text).click()

    page = windows[world.administrator]
    page.goto(f"/rounds/{world.round.pk}/")
    page.get_by_role("link", name="Moderation").first.click()
    page.get_by_role("link", name="Plan the moderation").click()
    page.get_by_label("Lead reviewer").select_option("Nadia Nation")
    until = timezone.localdate() + datetime.timedelta(days=60)
    for label, typed in (("Day", until.day), ("Month", until.month), ("Year", until.year), ("Time", "5pm")):
        page.get_by_label(label, exact=True).fill(str(typed))
    page.get_by_role("button", name="Save the plan").click()
    page.get_by_role("row").filter(has_text="Ambleshire").get_by_role("link", name="Reviewers").click()
    page.get_by_label("E-mail address").fill(world.far_lead.email)
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.get_by_text("Farah Far is asked to review Ambleshire.")).to_be_visible()

    window(world.far_lead, "You are asked to review Ambleshire")
    page = windows[world.far_lead]
    page.get_by_role("row").filter(has_text=QUESTION).get_by_role(
        "link", name="Propose another level"
    ).click()
    page.get_by_role("button", name="Propose this level").click()
    expect(page.get_by_role("link", name="Choose a level")).to_be_visible()
    page.get_by_label("2 Patchy").check()
    page.get_by_label("Reason").fill("Only hospitals supply data.")
    page.get_by_role("button", name="Propose this level").click()
    expect(page.get_by_text("Waits for the system: proposed 2")).to_be_visible()

    window(world.lead, "1 proposed level waits for your answer")
    page = windows[world.lead]
    page.get_by_role("row").filter(has_text=QUESTION).get_by_role("link", name="Answer").click()
    expect(page.get_by_text("Only hospitals supply data.")).to_be_visible()
    page.get_by_label("Challenge it").check()
    page.get_by_label("Why").fill("Half of the practices do.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Challenged: proposed 2")).to_be_visible()

    window(world.national_analyst, "1 proposed level waits for your decision")
    page = windows[world.national_analyst]
    page.get_by_role("link", name="Ambleshire").click()
    page.get_by_role("row").filter(has_text=QUESTION).get_by_role("link", name="Decide").click()
    page.get_by_label("3 Established").check()
    page.get_by_label("Reason").fill("In part.")
    page.get_by_role("button", name="Decide this level").click()
    expect(page.get_by_text("Decided: proposed 2, final 3")).to_be_visible()

    release_provisionally(by=world.administrator, round_id=world.round.pk)
    made = publish(by=world.administrator, round_id=world.round.pk)
    page.goto(f"/results/{made.pk}/systems/{world.assessment.pk}/dimensions/data_platform/")
    expect(page.get_by_text("Moderated: self-assessed 4, proposed 2, final 3.")).to_be_visible()
