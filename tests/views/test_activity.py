"""The audit trail on its page and as a file: for administrators alone, looked through, and only growing."""

from __future__ import annotations

import csv
import datetime
import io
import json
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from surveys.actions.audit import record
from surveys.actions.extensions import extend
from surveys.actions.people import deactivate
from surveys.models import Event
from tests.factories import make_round
from tests.pages import as_, text_of
from tests.world import World

OTHERS = ("lead", "contributor", "approver", "far_lead", "regional_analyst", "national_analyst", "newcomer")


@pytest.fixture
def trail(world: World) -> World:
    """Five events: two of rounds, one of the far system, of an account and of a questionnaire each."""
    later = make_round(world.questionnaire, title="Autumn round", status="draft")
    with time_machine.travel(datetime.datetime(2026, 3, 28, 23, 30, tzinfo=datetime.UTC), tick=False):
        record(by=None, verb="round.created", subject="Autumn round", round_id=later.pk)
    with time_machine.travel(datetime.datetime(2026, 3, 29, 23, 30, tzinfo=datetime.UTC), tick=False):
        record(by=world.administrator, verb="round.opened", subject="Spring round", round_id=world.round.pk)
    extend(
        by=world.administrator,
        assessment_id=world.far_assessment.pk,
        until=timezone.now() + datetime.timedelta(days=40),
        reason="Illness & <storms>",
    )
    deactivate(by=world.administrator, person_id=world.far_approver.pk, reason="Left in May")
    return world


def deeds(response: Any) -> list[str]:
    """The first two words of what was done, as the page tells it."""
    return [
        event.deed.split(" ")[0] + " " + event.deed.split(" ")[1] for event in response.context["page"].events
    ]


def test_nobody_else_has_the_pages(client: Client, trail: World) -> None:
    for path in ("/activity/", "/activity.csv"):
        assertRedirects(client.get(path), f"/sign-in/?next={path}", fetch_redirect_response=False)
        for who in OTHERS:
            assertNotContains(as_(client, getattr(trail, who)).get(path), "Illness", status_code=404)
        client.logout()


def test_every_event_is_a_sentence_with_its_reason(client: Client, trail: World) -> None:
    page = as_(client, trail.administrator).get("/activity/")
    words = text_of(page)
    until = timezone.localtime(timezone.now() + datetime.timedelta(days=40))
    assert f"Ada Administrator extended Cliffshire, Spring round, until {until:%A}" in words
    assert "Illness & <storms>" in words
    assert "switched off the account of Finn Far (finn.far@survey.example) : Left in May" not in words
    assert "switched off the account of Finn Far (finn.far@survey.example): Left in May" in words
    assert "A command on the server created Autumn round as a draft" in words
    assert page.context["page"].found == 5


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["switched off", "extended Cliffshire,", "published the", "opened Spring", "created Autumn"]),
        ("text=STORMS", ["extended Cliffshire,"]),
        ("text=finn.far%40", ["switched off"]),
        ("text=ada+admin", ["switched off", "extended Cliffshire,", "opened Spring"]),
        ("text=%25", []),
        ("who=command", ["published the", "created Autumn"]),
        ("who=cliffshire", []),
        ("kind=round", ["opened Spring", "created Autumn"]),
        ("kind=round.created", ["created Autumn"]),
        ("kind=assessment.extended&who=ada", ["extended Cliffshire,"]),
        ("round={spring}", ["extended Cliffshire,", "opened Spring"]),
        ("round={autumn}", ["created Autumn"]),
        ("organisation={far}", ["extended Cliffshire,"]),
        ("organisation={own}", []),
        # The clocks went forward on 29 March 2026: 23:30 UTC is 00:30 on the 30th.
        ("until=2026-03-28", ["created Autumn"]),
        ("until=2026-03-29", ["created Autumn"]),
        ("since=2026-03-29&until=2026-03-30", ["opened Spring"]),
        ("since=2026-03-28&until=2026-03-28", ["created Autumn"]),
    ],
)
def test_the_trail_is_looked_through(client: Client, trail: World, query: str, found: list[str]) -> None:
    rounds = dict(Event.objects.filter(verb__startswith="round.").values_list("subject", "round_id"))
    address = query.format(
        spring=rounds["Spring round"], autumn=rounds["Autumn round"], far=trail.far.pk, own=trail.own.pk
    )
    assert deeds(as_(client, trail.administrator).get(f"/activity/?{address}")) == found


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("kind=round.eaten", "Choose what was done from the list"),
        ("round=0", "Choose a round from the list"),
        ("organisation=x", "Choose an organisation from the list"),
        ("since=yesterday", "From must be a real date, such as 2026-04-01"),
        ("until=9999-12-31", "Up to and including must have a year from 2000 to before 2100"),
        ("text=nul%00", "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_looked_for_is_said_and_narrows_nothing(
    client: Client, trail: World, query: str, message: str
) -> None:
    page = as_(client, trail.administrator).get(f"/activity/?{query}")
    assertContains(page, message)
    assert page.context["page"].found == 5


def test_nothing_found_is_said(client: Client, trail: World) -> None:
    page = as_(client, trail.administrator).get("/activity/?text=unicorn")
    assertContains(page, "Nothing was found.")
    assertNotContains(page, "/activity.csv")


def test_a_long_trail_comes_in_pages_that_keep_the_search(
    client: Client, trail: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(120):
        record(by=trail.administrator, verb="round.changed", subject=f"Round {number}")
    as_(client, trail.administrator)
    with django_assert_max_num_queries(8):
        page = client.get("/activity/?kind=round.changed&page=2")
    assertContains(page, "kind=round.changed&amp;page=3")
    assert [event.deed for event in page.context["page"].events][:2] == [
        "changed the details of Round 69",
        "changed the details of Round 68",
    ]


def test_the_file_holds_what_the_page_found(
    client: Client, trail: World, django_assert_max_num_queries: Any
) -> None:
    as_(client, trail.administrator)
    page = client.get("/activity/?kind=assessment.extended")
    assertContains(page, 'href="/activity.csv?kind=assessment.extended"')
    with django_assert_max_num_queries(8):
        content = client.get("/activity.csv?kind=assessment.extended").getvalue().decode()
    [row] = csv.DictReader(io.StringIO(content, newline=""))
    [shown] = page.context["page"].events
    event = Event.objects.get(verb="assessment.extended")
    assert row.pop("downloaded_at")[:10] == str(timezone.localdate())
    assert row.pop("source") == "ICS data maturity survey"
    assert row == {
        "happened_at": timezone.localtime(event.happened_at).isoformat(timespec="seconds"),
        "who": "Ada Administrator",
        "what": shown.deed,
        "reason": "Illness & <storms>",
        "verb": "assessment.extended",
        "subject": event.subject,
        "person_id": str(trail.administrator.pk),
        "round_id": str(trail.round.pk),
        "assessment_id": str(trail.far_assessment.pk),
        "organisation_id": str(trail.far.pk),
        "detail": json.dumps(event.detail),
    }


def test_the_page_shows_whether_the_database_keeps_the_trail(client: Client, trail: World) -> None:
    as_(client, trail.administrator)
    assertContains(
        client.get("/activity/"), "Nothing here can be changed or removed: the database refuses it"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE surveys_event DISABLE TRIGGER USER")
    page = client.get("/activity/")
    assertContains(page, "These records are not protected")
    assertContains(page, "manage.py pgtrigger install")
    call_command("pgtrigger", "install", "surveys.Event:written_once", "surveys.Event:never_truncated")
    assertNotContains(client.get("/activity/"), "These records are not protected")


def test_a_round_and_a_person_lead_to_their_part_of_it(client: Client, trail: World) -> None:
    as_(client, trail.administrator)
    assertContains(client.get(f"/rounds/{trail.round.pk}/"), f'href="/activity/?round={trail.round.pk}"')
    page = client.get(f"/people/{trail.far_approver.pk}/")
    assertContains(page, 'href="/activity/?text=finn.far%40survey.example"')
    assert deeds(client.get("/activity/?text=finn.far%40survey.example")) == ["switched off"]
