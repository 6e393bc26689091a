"""Reminders as an administrator plans and sends them: with the keyboard, and without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from surveys.models import Message, PlannedReminder, Reminder
from tests.browser.conftest import OpenPage
from tests.browser.inspection import axe_clean, fits_across
from tests.world import World, build_world


@pytest.fixture
def country(site: str) -> World:
    """The country, in committed rows."""
    return build_world()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).press("Enter")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_a_round_is_planned_and_its_systems_are_reminded(
    open_page: OpenPage, country: World, javascript: bool
) -> None:
    page = open_page(country.administrator, javascript=javascript)
    page.goto(reverse("round", args=[country.round.pk]))
    page.get_by_role("link", name="Reminders").press("Enter")
    press(page, "Plan the usual reminders")
    expect(page.get_by_role("main")).to_contain_text("4 messages are planned.")
    page.get_by_role("link", name="Change the reminder 1 day before the deadline").press("Enter")
    page.get_by_label("Number of days").fill("3")
    page.get_by_label("Text").fill("{nmae} {link}")
    press(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("There is no placeholder {nmae}.")
    page.get_by_label("Text").fill("Dear {name}, {left} {link}")
    press(page, "Preview")
    expect(page.get_by_role("main")).to_contain_text("Dear Lena Lead, 10 of 10 questions have no answer yet.")
    press(page, "Save")
    expect(page.get_by_role("main")).to_contain_text("A reminder goes out 3 days before the deadline.")
    planned = PlannedReminder.objects.order_by("-days_before").values_list("days_before", flat=True)
    assert list(planned) == [30, 7, 3, -1]

    press(page, "Send a reminder now")
    page.get_by_label("Region").select_option("North")
    press(page, "Send a test to me")
    expect(page.get_by_role("heading", name="Who gets it: 3 messages")).to_be_visible()
    assert [row.person for row in Message.objects.all()] == [country.administrator]
    press(page, "Send the reminder")
    expect(page.get_by_role("main")).to_contain_text("The reminder is on its way to 3 recipients.")
    told = Reminder.objects.order_by("person__name").values_list("person__name", flat=True)
    assert list(told) == ["Connie Contributor", "Lena Lead", "Sandy Sister"]


@pytest.mark.parametrize("width", [1280, 320])
def test_what_cannot_be_saved_is_said_on_an_accessible_page(
    open_page: OpenPage, country: World, width: int
) -> None:
    page = open_page(country.administrator, width=width)
    page.goto(reverse("plan_reminder", args=[country.round.pk]))
    page.get_by_label("Number of days").fill("many")
    page.get_by_label("Subject").fill("Interoperability" * 9)
    page.get_by_label("Text").fill("{")
    press(page, "Save")
    axe_clean(page)
    fits_across(page)
    page.goto(reverse("send_reminder", args=[country.round.pk]))
    page.get_by_label("Subject").fill("Interoperability" * 9)
    press(page, "Preview and count")
    axe_clean(page)
    fits_across(page)
