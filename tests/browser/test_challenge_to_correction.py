"""From provisional results to a correction and its withdrawal, by four people in a browser of their own each.

Ambleshire's skills are 2 and 3, so 2.5; with training at 4 they are 3.5, with training at 5 they are 4.0.
Borderland's are 5 and 4, so 4.5, and Cliffshire has not submitted: the median of the two is 3.5, then 4.0,
then 4.3 (4.25), each worked out by hand.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.models import Assessment
from tests.browser.answering import choose, save_and_continue, sign
from tests.browser.conftest import OpenPage
from tests.browser.reading import downloaded_rows, table
from tests.browser.trouble import Trouble
from tests.factories import make_answer
from tests.signed import OWN, close, submit_north
from tests.world import World, build_world

WRONG = "Training is embedded since May: see the training report."


@dataclass(frozen=True)
class Windows:
    """A window of the administrator, of Ambleshire's lead and approver, and of the national analyst."""

    ada: Page
    lena: Page
    april: Page
    nadia: Page


@pytest.fixture
def world(site: str) -> World:
    """Ambleshire and Borderland have signed, and the round is closed."""
    world = build_world()
    for code, response in OWN.items():
        make_answer(world.assessment, code, world.lead, response)
    Assessment.objects.filter(pk=world.assessment.pk).update(status=Assessment.Status.IN_PROGRESS)
    world.assessment.refresh_from_db()
    submit_north(world)
    close(world.round)
    return world


@pytest.fixture
def windows(world: World, open_page: OpenPage) -> Windows:
    """Everybody has signed in."""
    people = (world.administrator, world.lead, world.approver, world.national_analyst)
    return Windows(*(open_page(person) for person in people))


def test_from_a_challenge_to_a_correction(world: World, windows: Windows, trouble: Trouble) -> None:
    release_provisionally(windows.ada, world)
    challenge(windows.lena)
    answer_and_return(windows.ada, world)
    correct_and_sign(windows, world, "4 Embedded", copy=2)
    release_again(windows.ada, world)
    publish(windows.ada, world)
    assert medians(windows.nadia) == ["3.5", "4.0"]

    give_back(windows.ada, world, "A second report came in.")
    correct_and_sign(windows, world, "5 Leading", copy=3)
    publish_correction(windows.ada, world)
    read_what_changed(windows.nadia)
    withdraw(windows.ada, world)
    read_that_it_is_withdrawn(windows.nadia, trouble)


def go_to_round(page: Page, world: World) -> None:
    page.goto(reverse("round", args=[world.round.pk]))


def release_provisionally(page: Page, world: World) -> None:
    go_to_round(page, world)
    page.get_by_role("button", name="Release results provisionally").click()
    expect(page.get_by_text("Passed", exact=True)).to_have_count(2)
    page.get_by_role("button", name="Release provisionally").click()
    expect(page.get_by_role("alert")).to_contain_text("Provisional release 1 of “Spring round” is made.")


def challenge(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Check the provisional results of Ambleshire, Spring round.").click()
    page.get_by_label("What is it about?").select_option("The score of Skills")
    page.get_by_label("What is wrong, and how do you know?").fill(WRONG)
    page.get_by_role("button", name="Raise the challenge").click()
    expect(page.get_by_role("alert")).to_contain_text("The challenge is raised.")
    expect(page.get_by_text("Waiting for an answer")).to_be_visible()


def answer_and_return(page: Page, world: World) -> None:
    """Nothing can be published before; the answer leads to the return, with time to correct it."""
    page.goto(reverse("publish_round", args=[world.round.pk]))
    expect(page.get_by_text("1 challenge waits for an answer: answer every one first.")).to_be_visible()
    expect(page.get_by_role("button", name="Publish results")).to_have_count(0)
    page.goto("/")
    page.get_by_role("link", name="1 challenge of “Spring round” waits for an answer").click()
    expect(page.get_by_text(WRONG)).to_be_visible()
    page.get_by_role("link", name="Answer this challenge").click()
    page.get_by_label("Yes, something will be put right").check()
    page.get_by_label("What will be done, or why not?").fill("You get it back until the day after tomorrow.")
    page.get_by_role("button", name="Answer the challenge").click()
    expect(page.get_by_role("alert")).to_contain_text("The challenge is answered, and the system is told.")
    page.get_by_role("link", name="Return the submission with time to correct it").click()
    return_with_time(page, "Correct the level of training.")


def give_back(page: Page, world: World, reason: str) -> None:
    """The time that was given for the first correction still runs."""
    page.goto(reverse("return_assessment", args=[world.assessment.pk]))
    page.get_by_label("What should be changed?").fill(reason)
    page.get_by_role("button", name="Return the assessment").click()
    expect(page.get_by_role("alert")).to_contain_text("The assessment is returned.")


def return_with_time(page: Page, reason: str) -> None:
    day = timezone.localdate() + datetime.timedelta(days=2)
    page.get_by_label("What should be changed?").fill(reason)
    group = page.get_by_role("group", name="Until when can the system correct it?")
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year), ("Time", "5pm")):
        group.get_by_label(label).fill(str(value))
    page.get_by_role("button", name="Return the assessment").click()
    expect(page.get_by_role("alert")).to_contain_text("The assessment is returned.")


def correct_and_sign(windows: Windows, world: World, level: str, *, copy: int) -> None:
    lead, approver = windows.lena, windows.april
    lead.goto(reverse("section", args=[world.assessment.pk, "skills"]))
    choose(lead, "How mature is training?", level)
    save_and_continue(lead)
    lead.get_by_role("button", name="Send for sign-off").click()
    expect(lead.get_by_role("alert")).to_contain_text("The assessment is sent for sign-off.")
    approver.goto(reverse("signoff", args=[world.assessment.pk]))
    sign(approver, "April Approver", "Chief executive")
    expect(approver.get_by_role("alert")).to_contain_text(f"submitted as copy {copy}.")


def release_again(page: Page, world: World) -> None:
    go_to_round(page, world)
    page.get_by_role("button", name="Release provisionally again").click()
    expect(page.get_by_role("heading", name="Different from Provisional release 1")).to_be_visible()
    expect(page.get_by_text("Until when may systems challenge these results?")).to_have_count(0)
    page.get_by_role("button", name="Release provisionally").click()
    expect(page.get_by_role("alert")).to_contain_text("Provisional release 2 of “Spring round” is made.")


def publish(page: Page, world: World) -> None:
    """Everything is checked; before the time for challenges is over the page asks why."""
    go_to_round(page, world)
    page.get_by_role("button", name="Publish the results").click()
    expect(page.get_by_text("Passed", exact=True)).to_have_count(7)
    assert table(page, "How far the medians depend on systems without a score")[1:] == [
        [
            "Dimension Data platform",
            "With a score 1 of 3",
            "Median 3.5",
            "If all had one 1.0 to 5.0",
        ],
        ["Dimension Skills", "With a score 2 of 3", "Median 4.0", "If all had one 3.5 to 4.5"],
    ]
    page.get_by_label("Why are the results published before").fill("Every system has looked.")
    page.get_by_role("button", name="Publish results").click()
    expect(page.get_by_role("alert")).to_contain_text("Published release 1 of “Spring round” is made.")


def medians(page: Page) -> list[str]:
    """The medians of both dimensions on the overview, in the order of their names."""
    page.goto("/results/")
    page.get_by_role("link", name="Spring round", exact=True).click()
    return [row[2] for row in sorted(table(page, "How systems differ on each dimension")[1:])]


def publish_correction(page: Page, world: World) -> None:
    go_to_round(page, world)
    page.get_by_role("button", name="Correct the published results").click()
    expect(page.get_by_role("heading", name="Different from Published release 1")).to_be_visible()
    page.get_by_label("What changed and why").fill("Ambleshire corrected its training.")
    page.get_by_role("button", name="Publish the correction").click()
    expect(page.get_by_role("alert")).to_contain_text("Published release 2 of “Spring round” is made.")


def read_what_changed(page: Page) -> None:
    """Every figure that changed, and no other; the numbers of the page are those of the download."""
    assert medians(page) == ["3.5", "4.3"]
    page.get_by_role("link", name="Every figure that changed").click()
    rows = downloaded_rows(page, "Download every score that differs (CSV)")
    changed = {(row["system"], row["name"]): (row["score_before"], row["score"]) for row in rows}
    assert changed == {
        ("Ambleshire", "Skills"): ("3.5000", "4.0000"),
        ("Ambleshire", "People"): ("3.5000", "4.0000"),
        ("Ambleshire", "Overall"): ("3.5000", "3.7500"),
        ("Ambleshire", "Culture"): ("3.5000", "4.0000"),
        ("Ambleshire", "Infrastructure minus Culture"): ("0.0000", "-0.5000"),
        ("Ambleshire", "Infrastructure minus Culture, core dimensions"): ("0.0000", "-0.5000"),
    }


def withdraw(page: Page, world: World) -> None:
    page.goto(reverse("correct_round", args=[world.round.pk]))
    page.get_by_role("link", name="Withdraw published release 2").click()
    page.get_by_label("Reason").fill("The second report was a draft.")
    page.get_by_role("button", name="Withdraw these results").click()
    expect(page.get_by_role("alert")).to_contain_text("The results are withdrawn.")


def read_that_it_is_withdrawn(page: Page, trouble: Trouble) -> None:
    """At its address stands why; the release before it is the newest again."""
    trouble.expect(r"410 GET /results/\d+/")
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_text("The second report was a draft.")).to_be_visible()
    assert medians(page) == ["3.5", "4.0"]
