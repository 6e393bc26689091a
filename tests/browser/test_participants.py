"""A system leaves a round and comes back, and another joins: as an administrator and a data lead see it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from surveys.models import Event
from tests.actions.test_participants import newcomer
from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.inspection import axe_clean, fits_across
from tests.world import World, build_world


@pytest.fixture
def country(site: str) -> World:
    """The country, in committed rows, with a system that nobody chose."""
    world = build_world()
    newcomer(world)
    return world


@pytest.mark.parametrize(
    ("javascript", "width"), [(True, WIDE), (False, NARROW)], ids=["scripts", "no scripts, narrow"]
)
def test_a_system_leaves_comes_back_and_another_one_joins(
    open_page: OpenPage, country: World, javascript: bool, width: int
) -> None:
    staff = open_page(country.administrator, javascript=javascript, width=width)
    lead = open_page(country.lead, javascript=javascript, width=width)
    staff.goto(reverse("round", args=[country.round.pk]))
    staff.get_by_role("link", name="Systems that take part").press("Enter")
    staff.get_by_role("link", name="Withdraw Ambleshire").press("Enter")
    staff.get_by_role("button", name="Withdraw the system").press("Enter")
    expect(staff.get_by_role("main")).to_contain_text("Give a reason")
    staff.get_by_label("Reason").fill("It merged with Borderland.")
    staff.get_by_role("button", name="Withdraw the system").press("Enter")
    expect(staff.get_by_role("main")).to_contain_text("2 systems take part, and 1 is withdrawn.")

    lead.goto("/")
    expect(lead.get_by_role("main")).to_contain_text("by Ada Administrator")
    lead.get_by_role("link", name="Ambleshire, Spring round").press("Enter")
    expect(lead.get_by_role("main")).to_contain_text("Reason: It merged with Borderland.")
    lead.goto(reverse("section", args=[country.assessment.pk, "skills"]))
    expect(lead.get_by_role("main")).to_contain_text("The system was withdrawn from the round")
    expect(lead.get_by_role("button", name="Save")).to_have_count(0)

    staff.get_by_role("link", name="Let it take part again").press("Enter")
    staff.get_by_label("Reason").fill("They did not merge.")
    staff.get_by_role("button", name="Let it take part again").press("Enter")
    expect(staff.get_by_role("main")).to_contain_text("Ambleshire takes part again.")

    staff.get_by_role("button", name="Add a system").press("Enter")
    staff.get_by_label("System").select_option(index=1)
    staff.get_by_label("Reason").fill("It asked to join.")
    staff.get_by_role("button", name="Add the system").press("Enter")
    expect(staff.get_by_role("main")).to_contain_text("4 systems take part.")
    fits_across(staff)
    if javascript:
        axe_clean(staff)

    lead.reload()
    expect(lead.get_by_role("button", name="Save")).not_to_have_count(0)
    told = Event.objects.filter(verb__startswith="assessment.").order_by("pk")
    assert list(told.values_list("verb", flat=True)) == [
        "assessment.withdrawn",
        "assessment.restored",
        "assessment.added",
    ]
