"""The pages of mail: the messages of a demo, and what became of each message."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from surveys.actions.mail import queue_mail
from surveys.actions.people import invite
from surveys.emails import Mail
from surveys.models import Message
from surveys.models.mail import KEY_TO_COME
from surveys.queries.mail import MESSAGES_ON_A_PAGE
from tests.factories import make_person
from tests.pages import as_, text_of
from tests.world import World

Status = Message.Status
SITE = "http://testserver"


@pytest.fixture
def demo(settings: Any) -> None:
    """A demonstration."""
    settings.DEMO = True


def queue(address: str, subject: str = "Three weeks left", **changes: Any) -> Message:
    """A reminder, queued, and then changed."""
    message = queue_mail(mail=Mail(address, subject, "The round closes soon."), kind=Message.Kind.REMINDER)
    Message.objects.filter(pk=message.pk).update(**changes)
    return message


def fail(
    message: Message, words: str = "The mail server refused the address: 550 5.1.1 <b>Unknown</b>"
) -> None:
    """Make the message one that was not delivered."""
    tried = {"attempts": 1, "tried_at": timezone.now()}
    Message.objects.filter(pk=message.pk).update(status=Status.FAILED, last_error=words, **tried)


# The messages of a demo


def test_only_a_demo_shows_messages(client: Client, world: World) -> None:
    queue("lena@survey.example")
    assert as_(client, world.administrator).get("/mail/").status_code == 404
    assertNotContains(as_(client, world.lead).get("/mail/status/"), "Sent mail", status_code=404)


@pytest.mark.usefixtures("demo")
def test_a_demo_shows_every_message_to_whoever_is_signed_in(client: Client, world: World) -> None:
    queue("old@survey.example", "Older", queued_at=timezone.now() - datetime.timedelta(days=1))
    invite(by=world.administrator, person_id=make_person("Nora <i>New</i>").pk, site=SITE)
    page = as_(client, world.newcomer).get("/mail/")
    assertContains(page, "This is a demonstration: no message leaves it.")
    assert re.findall(r'<h2 class="nhsuk-card__heading">(.*?)</h2>', page.content.decode()) == [
        "Set your password for the ICS data maturity survey",
        "Older",
    ]
    assertContains(page, "Hello Nora &lt;i&gt;New&lt;/i&gt;,")
    assertNotContains(page, KEY_TO_COME)


@pytest.mark.usefixtures("demo")
def test_a_link_of_a_shown_message_works(client: Client, world: World) -> None:
    nora = make_person("Nora New")
    invite(by=world.administrator, person_id=nora.pk, site=SITE)
    page = as_(client, world.lead).get("/mail/")
    [link] = re.findall(rf'<a href="{SITE}(/password/\w+/[^"]+/)"', page.content.decode())
    form = Client().get(link, follow=True)
    assertContains(form, "Choose a password")
    assertNotContains(form, "This link no longer works")


@pytest.mark.usefixtures("demo")
def test_who_is_not_signed_in_reads_no_message(client: Client, world: World) -> None:
    assertRedirects(client.get("/mail/"), "/sign-in/?next=/mail/")


@pytest.mark.usefixtures("demo")
def test_a_demo_without_messages_says_how_to_get_one(client: Client, world: World) -> None:
    assertContains(as_(client, world.lead).get("/mail/"), "No message has been sent yet.")


@pytest.mark.usefixtures("demo")
def test_one_place_of_the_menu_is_the_current_one(client: Client, world: World) -> None:
    current = re.compile(r'aria-current="true">\s*<strong[^>]*>([^<]+)</strong>')
    for address, label in (("/mail/", "Sent mail"), ("/mail/status/", "Mail")):
        page = as_(client, world.administrator).get(address)
        assert current.findall(page.content.decode()) == [label]


# What became of each


@pytest.mark.parametrize("who", ["lead", "approver", "regional_analyst", "national_analyst", "newcomer"])
def test_only_administrators_see_what_became_of_messages(client: Client, world: World, who: str) -> None:
    message = queue("lena@survey.example")
    fail(message)
    as_(client, getattr(world, who))
    assert client.get("/mail/status/").status_code == 404
    assert client.post(f"/mail/{message.pk}/send-again/").status_code == 404
    message.refresh_from_db()
    assert message.status == Status.FAILED


def test_who_is_not_signed_in_sees_nothing(client: Client, world: World) -> None:
    assertRedirects(client.get("/mail/status/"), "/sign-in/?next=/mail/status/")
    assert client.post("/mail/1/send-again/").status_code == 302


def test_what_was_not_delivered_comes_first_and_is_sent_again(client: Client, world: World) -> None:
    sent = {"status": Status.SENT, "attempts": 1, "tried_at": timezone.now(), "sent_at": timezone.now()}
    failed = queue("gone@survey.example")
    fail(failed)
    queue("sent@survey.example", **sent)
    queue("waits@survey.example", attempts=1, tried_at=timezone.now(), last_error="Greylisted.")
    page = as_(client, world.administrator).get("/mail/status/")
    assert re.findall(r"\w+@survey\.example(?=</span>\s*</td>)", page.content.decode()) == [
        "gone@survey.example",
        "waits@survey.example",
        "sent@survey.example",
    ]
    said = text_of(page)
    assert "Not delivered 1 Queued 1 Sent 1" in said
    assert "Not delivered The mail server refused the address: 550 5.1.1 <b>Unknown</b> Attempts: 1" in said
    assert "Greylisted. Attempts: 1" in said
    assert "It is tried again by itself." in said
    again = client.post(f"/mail/{failed.pk}/send-again/", follow=True)
    assertContains(again, "The message to gone@survey.example is queued again.")
    assert "Not delivered 0 Queued 2 Sent 1" in text_of(again)


def test_sending_again_what_was_not_refused_says_so(client: Client, world: World) -> None:
    message = queue("lena@survey.example")
    page = as_(client, world.administrator).post(f"/mail/{message.pk}/send-again/")
    assertContains(page, "Only a message that was not delivered can be sent again. Nothing was changed.")
    assert client.post("/mail/0/send-again/").status_code == 404
    assert client.get(f"/mail/{message.pk}/send-again/").status_code == 405


def test_it_is_said_when_nobody_takes_messages_from_the_queue(client: Client, world: World) -> None:
    warning = "Messages are not going out"
    message = queue("lena@survey.example")
    assertNotContains(as_(client, world.administrator).get("/mail/status/"), warning)
    Message.objects.filter(pk=message.pk).update(queued_at=timezone.now() - datetime.timedelta(minutes=6))
    assertContains(client.get("/mail/status/"), warning)
    tried = {"attempts": 1, "tried_at": timezone.now()}
    Message.objects.filter(pk=message.pk).update(**tried)
    assertNotContains(client.get("/mail/status/"), warning)


def test_a_long_list_has_pages_and_few_queries(client: Client, world: World) -> None:
    for number in range(MESSAGES_ON_A_PAGE + 1):
        queue(f"person{number}@survey.example", person=world.lead)
    as_(client, world.administrator)
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/mail/status/")
    assert len(queries) <= 8
    assert page.content.decode().count("@survey.example</span>") == MESSAGES_ON_A_PAGE
    assertContains(page, 'href="?page=2"')
    assert client.get("/mail/status/?page=2").content.decode().count("@survey.example</span>") == 1
    assertContains(client.get("/mail/status/?page=x"), 'href="?page=2"')


def test_before_anything_is_queued_the_page_says_so(client: Client, world: World) -> None:
    assertContains(as_(client, world.administrator).get("/mail/status/"), "No message has been queued yet.")
