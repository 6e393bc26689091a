"""Signing in, being paused, choosing a password, and keeping typed text when the session has ended."""

from __future__ import annotations

import html
import json
import re

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from surveys.models import Answer, Person
from tests.factories import PASSWORD, make_person
from tests.views.signed_in import summary
from tests.worker import work
from tests.world import World

SIGN_IN = "/sign-in/"
REFUSAL = "We could not sign you in with this e-mail address and password."


def _try(client: Client, email: str, password: str, **extra: str) -> HttpResponse:
    return client.post(SIGN_IN, {"username": email, "password": password} | extra)


@pytest.mark.django_db
def test_somebody_signs_in_whatever_the_capitals_of_the_address(client: Client) -> None:
    lena = make_person("Lena Lead")
    response = _try(client, "LENA.Lead@Survey.Example", PASSWORD)
    assertRedirects(response, "/", fetch_redirect_response=False)
    assert client.session["_auth_user_id"] == str(lena.pk)


@pytest.mark.django_db
def test_signing_in_goes_on_to_the_page_asked_for_and_nowhere_else(client: Client) -> None:
    make_person("Lena Lead")
    response = _try(client, "lena.lead@survey.example", PASSWORD, next="/results/")
    assertRedirects(response, "/results/", fetch_redirect_response=False)
    response = _try(client, "lena.lead@survey.example", PASSWORD, next="https://elsewhere.example/")
    assertRedirects(response, "/", fetch_redirect_response=False)


def _told(response: HttpResponse) -> tuple[int, str]:
    body = response.content.decode()
    without_tokens = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body)
    return response.status_code, re.sub(r'value="[^"]*@survey.example"', "", without_tokens)


@pytest.mark.django_db
def test_wrong_password_unknown_inactive_and_paused_look_the_same(client: Client) -> None:
    make_person("Lena Lead")
    Person.objects.filter(pk=make_person("Ian Inactive").pk).update(is_active=False)
    wrong = _told(_try(client, "lena.lead@survey.example", "not-the-password"))
    unknown = _told(_try(client, "nobody@survey.example", "not-the-password"))
    inactive = _told(_try(client, "ian.inactive@survey.example", PASSWORD))
    for _ in range(5):
        _try(client, "lena.lead@survey.example", "not-the-password")
    paused = _told(_try(client, "lena.lead@survey.example", PASSWORD))
    assert wrong == unknown == inactive == paused
    assert (wrong[0], REFUSAL in wrong[1]) == (200, True)


@pytest.mark.django_db
def test_guessing_is_paused_for_that_address_from_there_only(client: Client) -> None:
    make_person("Lena Lead")
    make_person("April Approver")
    for number in range(5):
        _try(client, "lena.lead@survey.example" if number % 2 else "LENA.lead@survey.example", "guess")
    assertContains(_try(client, "lena.lead@survey.example", PASSWORD), REFUSAL)
    assert _try(client, "april.approver@survey.example", PASSWORD).status_code == 302
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert _try(elsewhere, "lena.lead@survey.example", PASSWORD).status_code == 302


@pytest.mark.django_db
def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(client: Client, settings: Settings) -> None:
    settings.BEHIND_PROXY = True
    make_person("Lena Lead")
    guesser = Client(headers={"x-forwarded-for": "203.0.113.9, 192.0.2.7"})
    for _ in range(5):
        _try(guesser, "lena.lead@survey.example", "guess")
    liar = Client(headers={"x-forwarded-for": "198.51.100.1, 192.0.2.7"})
    assertContains(_try(liar, "lena.lead@survey.example", PASSWORD), REFUSAL)
    owner = Client(headers={"x-forwarded-for": "192.0.2.8"})
    assert _try(owner, "lena.lead@survey.example", PASSWORD).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("forwarded", "counted"),
    [
        ("203.0.113.9, 192.0.2.7:50123", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::9", "2001:db8:1:2::"),
        ("[2001:db8:1:2:bbbb::9]:443", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("unknown", "198.51.100.20"),
        ("192.0.2.7, ", "198.51.100.20"),
        ("", "198.51.100.20"),
    ],
)
def test_however_a_proxy_writes_the_address_attempts_count(
    settings: Settings, forwarded: str, counted: str
) -> None:
    """What the proxy writes cannot be an error of ours: without an address from it, it is the proxy's own."""
    settings.BEHIND_PROXY = True
    guesser = Client(headers={"x-forwarded-for": forwarded}, REMOTE_ADDR="198.51.100.20")
    assertContains(_try(guesser, "lena.lead@survey.example", "guess"), REFUSAL)
    assert list(AccessAttempt.objects.values_list("ip_address", flat=True)) == [counted]


@pytest.mark.django_db
@pytest.mark.parametrize("from_where", ["", "unix:"])
def test_behind_a_socket_attempts_count_without_an_address(from_where: str) -> None:
    guesser = Client(REMOTE_ADDR=from_where)
    make_person("Lena Lead")
    for _ in range(5):
        _try(guesser, "lena.lead@survey.example", "guess")
    assertContains(_try(guesser, "lena.lead@survey.example", PASSWORD), REFUSAL)


@pytest.mark.django_db
def test_all_addresses_of_one_ipv6_network_count_together() -> None:
    """Whoever has one of them has all of them."""
    make_person("Lena Lead")
    for number in range(5):
        _try(Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}"), "lena.lead@survey.example", "guess")
    same = Client(REMOTE_ADDR="2001:db8:1:2:ffff::1")
    assertContains(_try(same, "lena.lead@survey.example", PASSWORD), REFUSAL)
    elsewhere = Client(REMOTE_ADDR="2001:db8:1:3::1")
    assert _try(elsewhere, "lena.lead@survey.example", PASSWORD).status_code == 302


@pytest.mark.django_db
def test_an_empty_form_says_what_to_enter(client: Client) -> None:
    response = client.post(SIGN_IN, {"username": "", "password": ""})
    assertContains(response, "Enter your e-mail address")
    assertContains(response, "Enter your password")
    assertContains(
        client.post(SIGN_IN, {"username": "lena", "password": "x"}), "Enter an e-mail address like"
    )


@pytest.mark.django_db(transaction=True)
def test_a_password_is_chosen_by_a_link_that_works_once(client: Client) -> None:
    lena = make_person("Lena Lead")
    for _ in range(5):
        _try(client, lena.email, "guess")
    assertRedirects(client.post("/password/", {"email": "LENA.lead@survey.example"}), "/password/sent/")
    work()
    [message] = mail.outbox
    assert (message.to, message.subject) == (
        ["lena.lead@survey.example"],
        "Choose a password for the ICS data maturity survey",
    )
    address = re.search(r"http://testserver(/password/\S+)", str(message.body))
    assert address is not None
    page = client.get(address[1], follow=True).redirect_chain[-1][0]
    refused = client.post(page, {"new_password1": "short", "new_password2": "short"})
    assertContains(refused, "This password is too short. It must contain at least 12 characters.")
    assert summary(refused) == ["This password is too short. It must contain at least 12 characters."]
    other = {"new_password1": "thirteen-sheep-graze", "new_password2": "thirteen-sheep-gaze"}
    assert summary(client.post(page, other)) == [
        "The two passwords are not the same. Type the same one twice."
    ]
    assert summary(client.post(page, {})) == ["Enter a new password", "Enter the same password again"]
    new = {"new_password1": "thirteen-sheep-graze", "new_password2": "thirteen-sheep-graze"}
    assertRedirects(client.post(page, new), "/password/chosen/")
    assert _try(client, lena.email, "thirteen-sheep-graze").status_code == 302
    assertContains(Client().get(address[1], follow=True), "This link no longer works")


@pytest.mark.django_db(transaction=True)
def test_asking_for_a_link_tells_nothing_about_accounts(client: Client) -> None:
    make_person("Lena Lead")
    Person.objects.filter(pk=make_person("Ian Inactive").pk).update(is_active=False)
    told = []
    for name in ("lena.lead", "nobody", "ian.inactive"):
        with CaptureQueriesContext(connection) as queries:
            response = client.post("/password/", {"email": f"{name}@survey.example"})
        done = [query["sql"].replace(name, "x") for query in queries]
        told.append((response.status_code, response.headers["Location"], done))
    assert told[0] == told[1] == told[2]
    assert told[0][:2] == (302, "/password/sent/")
    work()
    assert [message.to for message in mail.outbox] == [["lena.lead@survey.example"]]


@pytest.mark.django_db(transaction=True)
def test_an_invited_person_without_a_password_gets_a_link_too(client: Client) -> None:
    person = make_person("Nell Newcomer")
    person.set_unusable_password()
    person.save()
    client.post("/password/", {"email": person.email})
    work()
    assert [message.to for message in mail.outbox] == [[person.email]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "sentence"),
    [("", "Enter your e-mail address"), ("lena", "Enter an e-mail address like name@organisation.nhs.uk")],
)
def test_asking_for_a_link_needs_an_address(client: Client, email: str, sentence: str) -> None:
    assertContains(client.post("/password/", {"email": email}), sentence)
    assertNotContains(client.get("/password/"), sentence)


def _section(world: World) -> str:
    return reverse("section", args=[world.assessment.pk, "data_platform"])


def test_a_reader_is_sent_to_sign_in_and_back(client: Client, world: World) -> None:
    response = client.get(_section(world))
    assertRedirects(response, f"{SIGN_IN}?next={_section(world)}")


def test_text_typed_before_the_session_ended_is_saved_after_signing_in(world: World) -> None:
    client = Client()
    client.force_login(world.lead)
    typed = _filled_in(client, world)
    client.logout()
    kept = client.post(_section(world), typed)
    assert kept.status_code == 401
    assertContains(kept, "Your session has ended", status_code=401)
    assertContains(kept, "Most records are joined &amp; checked.", status_code=401)
    carried = {name: _hidden(kept, name) for name in ("kept_fields", "kept_address")}
    assert json.loads(carried["kept_fields"]) == [[name, value] for name, value in typed.items()]

    wrong = client.post(SIGN_IN, carried | {"username": world.lead.email, "password": "not-it"})
    assert _hidden(wrong, "kept_fields") == carried["kept_fields"]
    again = client.post(SIGN_IN, carried | {"username": world.lead.email, "password": PASSWORD})
    assertContains(again, "You are signed in again.")
    assert {name: _hidden(again, name) for name in typed} == typed
    client.post(_action(again), {name: _hidden(again, name) for name in typed})
    answer = Answer.objects.get(question__code="linked_data")
    assert (answer.level, answer.comment) == (3, "Most records are joined & checked.")


def test_a_stale_page_of_ours_gets_its_text_back_and_another_site_gets_nothing(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.lead)
    typed = {"linked_data:comment": "Most records are joined."}
    ours = client.post(_section(world), typed, headers={"origin": "http://testserver"})
    assertContains(ours, "Save what you typed", status_code=403)
    assert _hidden(ours, "linked_data:comment") == "Most records are joined."
    for headers in (
        {"origin": "https://elsewhere.example"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
        {},
    ):
        theirs = client.post(_section(world), typed, headers=headers)
        assertNotContains(theirs, "Most records are joined.", status_code=403)
    assert Answer.objects.count() == 0


@pytest.mark.django_db
def test_a_password_is_never_carried_in_a_page() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        SIGN_IN,
        {"username": "lena.lead@survey.example", "password": PASSWORD},
        headers={"origin": "http://testserver"},
    )
    assertNotContains(response, PASSWORD, status_code=403)


@pytest.mark.django_db
def test_a_pause_cannot_be_passed_by_with_letters_that_only_look_alike(client: Client) -> None:
    make_person("Lena Sims")
    for _ in range(5):
        _try(client, "lena.sims@survey.example", "guess")
    for spelling in ("lena.s\u0131ms@survey.example", "lena.\u017fims@survey.example"):
        assertContains(_try(client, spelling, PASSWORD), REFUSAL)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kept",
    [
        {"kept_fields": "not json", "kept_address": "/"},
        {"kept_fields": "[1, 2]", "kept_address": "/"},
        {"kept_fields": "[]", "kept_address": "/"},
        {"kept_fields": '[["a", "b"]]', "kept_address": "//elsewhere.example/"},
        {"kept_fields": '[["a", "b"]]', "kept_address": "https://elsewhere.example/"},
        {"kept_fields": '[["a", "b"]]', "kept_address": "/\\elsewhere.example/"},
        {"kept_fields": '[["a", "b"]]', "kept_address": "/\t/elsewhere.example/"},
        {"kept_fields": '[["a", "b"]]'},
        {"kept_fields": "[" * 100_000, "kept_address": "/"},
        {"kept_fields": '[["a", "\\ud800"]]', "kept_address": "/"},
    ],
    ids=[
        "no JSON",
        "no pairs",
        "nothing",
        "another host",
        "another site",
        "another host to a browser, by a backslash",
        "another host to a browser, by a tab",
        "no address",
        "deeper than can be read",
        "half a character",
    ],
)
def test_forged_kept_text_is_ignored(client: Client, kept: dict[str, str]) -> None:
    make_person("Lena Lead")
    assert _try(client, "lena.lead@survey.example", PASSWORD, **kept).status_code == 302


def test_signing_out_ends_the_session(client: Client, world: World) -> None:
    client.force_login(world.lead)
    assertRedirects(client.post("/sign-out/"), SIGN_IN)
    assert client.get("/").status_code == 302


def _filled_in(client: Client, world: World) -> dict[str, str]:
    """What a browser would send from the section page after a level and a comment were entered."""
    body = client.get(_section(world)).content.decode()
    hidden = re.findall(r'<input type="hidden" name="([^"]+)"[^>]*value="([^"]*)"', body)
    return {name: value for name, value in hidden if name != "csrfmiddlewaretoken"} | {
        "linked_data:level": "3",
        "linked_data:comment": "Most records are joined & checked.",
    }


def _hidden(response: HttpResponse, name: str) -> str:
    body = response.content.decode()
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', body)
    assert found is not None, name
    return html.unescape(found[1])


def _action(response: HttpResponse) -> str:
    found = re.findall(r'<form method="post" action="([^"]+)"', response.content.decode())
    return next(address for address in found if address.startswith("/assessments/"))
