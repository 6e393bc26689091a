"""A file of changes of organisations: uploaded, looked at, applied as a whole or not at all."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects
from time_machine import TimeMachineFixture

from surveys.forms.tables import LARGEST_TABLE
from surveys.imports.organisations import load_organisations
from surveys.models import Event, Membership, Organisation, OrganisationCode, Person, Round, Succession
from tests.factories import make_person, make_round, publish_content
from tests.pages import as_, text_of
from tests.together import together
from tests.world import World

REFERENCE = Path(__file__).parents[2] / "reference" / "organisations"
APRIL = (REFERENCE / "icb-changes-2026-04-01.csv").read_bytes()
UPLOAD, APPLY = "/organisations/changes/", "/organisations/changes/apply/"


def at(ods_code: str) -> Organisation:
    """The organisation that has, or had, a code."""
    return OrganisationCode.objects.get(scheme="ods", code=ods_code).organisation


@pytest.fixture
def england(db: None) -> Person:
    """The organisations of 2022 with people of Frimley and Sussex and an open round; its administrator."""
    load_organisations(REFERENCE / "ics-2022.csv", by=None)
    frimley, sussex = at("QNQ"), at("QNX")
    make_person("Fay Frimley", role="lead", organisation=frimley)
    make_person("Sid Sussex", role="approver", organisation=sussex)
    make_person("Kim Kent", role="lead", organisation=at("QKS"))
    asked = publish_content()
    make_round(asked, frimley, title="Spring round", participants_as_at=datetime.date(2026, 1, 1))
    make_round(asked, sussex, title="Autumn round", status=Round.Status.DRAFT)
    past = datetime.date(2026, 1, 1)
    make_round(asked, frimley, title="Old draft", status=Round.Status.DRAFT, participants_as_at=past)
    nation = Organisation.objects.get(kind="national")
    return make_person("Ada Administrator", role="administrator", organisation=nation)


def upload(client: Client, content: bytes, name: str = "april.csv") -> Any:
    """The answer to sending a file."""
    return client.post(UPLOAD, {"table": SimpleUploadedFile(name, content, content_type="text/csv")})


def state() -> tuple[int, ...]:
    """What a load would change."""
    open_now = Organisation.objects.filter(kind="ics").open_on(timezone.localdate()).count()
    return open_now, Succession.objects.count(), Membership.objects.current().count(), Event.objects.count()


def test_the_page_shows_what_a_file_would_do_and_changes_nothing(client: Client, england: Person) -> None:
    before = state()
    page = upload(as_(client, england), APRIL)
    words = text_of(page)
    assert state() == before
    assert "You uploaded april.csv . Nothing is changed yet." in words
    assert "6 organisations added, 13 organisations changed" in words
    assert "Thames Valley (S0E4D), integrated care system: added" in words
    assert "Systems on 1 April 2026: 36" in words
    assert "Frimley, until 31 March 2026 Fay Frimley, ICS data lead" in words
    assert "Sid Sussex, Approver" in words
    assert "Kim Kent" not in words
    assert "Nobody has a role in these, which end too: North Central London; North West London;" in words
    assert (
        "Frimley: Spring round is open, and its assessment is not started. Nobody of this organisation can "
        "work on it after the last day; what was submitted stays."
    ) in words
    today = timezone.localdate()
    as_at = f"{today.day} {today:%B %Y}"
    assert "Old draft" not in words
    assert f"Sussex: Autumn round is a draft for the systems of {as_at}: choose its systems again." in words


def test_it_is_applied_with_an_event_for_everything(client: Client, england: Person) -> None:
    page = upload(as_(client, england), APRIL)
    answer = client.post(APPLY, {"carried": page.context["carried"]}, follow=True)
    assertRedirects(answer, "/organisations/")
    assertContains(answer, "april.csv is applied: 6 organisations added, 13 organisations changed")
    assert state()[0] == 36
    assert at("QNQ").closed_on == datetime.date(2026, 3, 31)
    ended = Event.objects.filter(verb="membership.ended").order_by("subject")
    assert [(event.person_name, event.subject.split(" (")[0], event.reason) for event in ended] == [
        ("Ada Administrator", "Fay Frimley", "Frimley ended on 31 March 2026."),
        ("Ada Administrator", "Sid Sussex", "Sussex ended on 31 March 2026."),
    ]
    files = Event.objects.filter(person_id=england.pk, verb__startswith="organisation.")
    assert {event.detail["file"] for event in files} == {"april.csv"}


def test_before_the_day_nobody_loses_anything(
    client: Client, england: Person, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(datetime.datetime(2026, 2, 1, 12, tzinfo=datetime.UTC))
    page = upload(as_(client, england), APRIL)
    client.post(APPLY, {"carried": page.context["carried"]})
    assert Membership.objects.current().count() == 4
    assert at("QNQ").closed_on == datetime.date(2026, 3, 31)


def test_a_second_click_and_the_same_file_again_change_nothing(client: Client, england: Person) -> None:
    carried = upload(as_(client, england), APRIL).context["carried"]
    client.post(APPLY, {"carried": carried})
    before = state()
    again = client.post(APPLY, {"carried": carried})
    assert again.status_code == 409
    assertContains(again, "The organisations were changed since you looked at this file", status_code=409)
    assertContains(again, "Nothing would change", status_code=409)
    assertContains(upload(client, APRIL), "Nothing would change")
    assert state() == before


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_have_one_outcome() -> None:
    load_organisations(REFERENCE / "ics-2022.csv", by=None)
    nation = Organisation.objects.get(kind="national")
    people = [make_person(name, role="administrator", organisation=nation) for name in ("Ada A", "Olu O")]
    clients = [as_(Client(), person) for person in people]
    carried = [upload(client, APRIL).context["carried"] for client in clients]
    results = together(
        lambda: clients[0].post(APPLY, {"carried": carried[0]}).status_code,
        lambda: clients[1].post(APPLY, {"carried": carried[1]}).status_code,
    )
    assert sorted(results) == [302, 409]
    assert state()[0] == 36


def test_a_file_that_contradicts_the_record_by_now_is_told_by_row(client: Client, england: Person) -> None:
    rows = "change,from,kind,ods_code,name,parent\nends,{},,QNQ,,\n"
    carried = upload(as_(client, england), rows.format("2026-04-01").encode()).context["carried"]
    other = upload(client, rows.format("2026-05-01").encode()).context["carried"]
    client.post(APPLY, {"carried": carried})
    page = client.post(APPLY, {"carried": other})
    assertContains(page, "Frimley (QNQ) closed on 2026-03-31, before 2026-04-30.", status_code=409)
    assert at("QNQ").closed_on == datetime.date(2026, 3, 31)


def test_a_file_with_mistakes_is_refused_by_row(client: Client, england: Person) -> None:
    rows = (
        "change,from,kind,ods_code,name,parent\nends,2026-04-01,,QNQ,,\nopens,April,ics,S0E4D,Thames,Y59\n"
        "ends,2026-04-01,,ZZZ,,\n"
    )
    before = state()
    page = upload(as_(client, england), rows.encode())
    assertContains(page, "the file has 1 problem, listed below", status_code=409)
    words = text_of(page)
    assert "3 Column from What is wrong “April” is not a date that we can read." in words
    page = upload(client, rows.replace("April,", "2026-04-01,").encode())
    assert "What is wrong No organisation has" in text_of(page)
    assert state() == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "It is empty."),
        (b"PK\x03\x04", "It is a workbook or a zip file, not a CSV file."),
        (b"\xff\xfe\x00", "It is text in UTF-16, not in UTF-8."),
        (b"colour,size\nred,1\n", "The first row is not a header that we know."),
    ],
)
def test_what_is_no_such_file_is_said(client: Client, england: Person, content: bytes, message: str) -> None:
    assertContains(upload(as_(client, england), content), message, status_code=409)


def test_a_file_that_is_missing_or_too_large_is_said(client: Client, england: Person) -> None:
    as_(client, england)
    assertContains(client.post(UPLOAD), "Choose the file")
    assertContains(upload(client, b"x" * (LARGEST_TABLE + 1)), "The file is larger than 3 MB.")


def test_what_is_carried_is_the_persons_own_and_as_it_was(client: Client, england: Person) -> None:
    carried = upload(as_(client, england), APRIL).context["carried"]
    before = state()
    other = make_person(
        "Olu Other", role="administrator", organisation=Organisation.objects.get(kind="national")
    )
    wrong = [(england, carried + "x"), (england, ""), (other, carried)]
    for person, sent in wrong:
        answer = as_(client, person).post(APPLY, {"carried": sent})
        assertContains(answer, "What you looked at is no longer valid", status_code=409)
    assert state() == (before[0], before[1], before[2] + 1, before[3])


def test_for_everybody_else_there_is_no_such_page(client: Client, world: World) -> None:
    before = state()
    for who in ("lead", "approver", "regional_analyst", "national_analyst", "newcomer"):
        as_(client, getattr(world, who))
        assert [client.get(UPLOAD).status_code, upload(client, APRIL).status_code] == [404, 404]
        assert client.post(APPLY, {"carried": ""}).status_code == 404
    assert state() == before
