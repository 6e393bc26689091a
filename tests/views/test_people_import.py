"""A file of people: uploaded, looked at, taken in as a whole or not at all."""

from __future__ import annotations

import csv
import io
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from surveys.actions.people import create_person, deactivate
from surveys.actions.people_imports import send_invitations
from surveys.models import Event, Membership, Message, Person
from surveys.permissions import Role
from surveys.tasks import send_invitations as invite_in_the_worker
from tests.factories import make_person
from tests.pages import as_, text_of
from tests.together import together
from tests.worker import work
from tests.world import World, build_world

UPLOAD, TAKE_IN = "/people/import/", "/people/import/take-in/"
HEADER = "email,name,role,organisation,job_title\n"
THREE = HEADER + (
    "nora@survey.example,Nora New,ICS data lead,Ambleshire,Head of data\n"
    "NORA@survey.example,Nora New,contributor,borderland,\n"
    "lena.lead@survey.example,L. Lead,lead,Borderland,\n"
    "sandy.sister@survey.example,Sandy Sister,lead,Borderland,\n"
)


def upload(client: Client, text: str, name: str = "people.csv") -> Any:
    """The answer to sending a file."""
    return client.post(UPLOAD, {"table": SimpleUploadedFile(name, text.encode(), content_type="text/csv")})


def state() -> tuple[int, ...]:
    """What an import would change."""
    return (
        Person.objects.count(),
        Membership.objects.current().count(),
        Event.objects.count(),
        Message.objects.count(),
    )


def problems(page: Any) -> list[tuple[int, str, str]]:
    """What is wrong: row, column and message."""
    return [(problem.row, problem.column, problem.message) for problem in page.context["problems"]]


def test_the_page_shows_who_would_be_added_and_adds_nobody(client: Client, world: World) -> None:
    before = state()
    page = upload(as_(client, world.administrator), THREE)
    words = text_of(page)
    assert state() == before
    assert "1 new account and 3 new roles." in words
    assert "Role ICS data lead, Ambleshire What happens New account" in words
    assert (
        "Lena Lead lena.lead@survey.example Role ICS data lead, Borderland What happens New role for an "
        "account that there is. The file says L. Lead; the account keeps its name."
    ) in words
    assert "1 row would change nothing: the role is held already." in words


@pytest.mark.django_db(transaction=True)
def test_they_are_added_recorded_and_invited(client: Client) -> None:
    world = build_world()
    page = upload(as_(client, world.administrator), THREE)
    answer = client.post(TAKE_IN, {"carried": page.context["carried"], "invite": "on"}, follow=True)
    assertRedirects(answer, "/people/")
    assertContains(answer, "1 new account and 3 new roles. Invitations are on their way.")
    nora = Person.objects.get(name="Nora New")
    assert (nora.email, nora.job_title, nora.has_usable_password()) == (
        "nora@survey.example",
        "Head of data",
        False,
    )
    assert sorted(nora.memberships.values_list("role", "organisation_id")) == sorted(
        [("lead", world.own.pk), ("contributor", world.sister.pk)]
    )
    lena = Person.objects.get(pk=world.lead.pk)
    assert (lena.name, lena.memberships.count()) == ("Lena Lead", 2)
    events = Event.objects.filter(person_id=world.administrator.pk).order_by("pk")
    assert list(events.values_list("verb", "subject")) == [
        ("person.added", "Nora New (nora@survey.example)"),
        ("membership.added", "Nora New (nora@survey.example), ICS data lead, Ambleshire"),
        ("membership.added", "Nora New (nora@survey.example), Contributor, Borderland"),
        ("membership.added", "Lena Lead (lena.lead@survey.example), ICS data lead, Borderland"),
    ]
    work()
    [message] = Message.objects.all()
    assert (message.address, message.kind, message.queued_by) == (
        "nora@survey.example",
        "invitation",
        world.administrator,
    )
    assert "http://testserver/password/" in message.text()


def test_nobody_is_invited_who_need_not_be(client: Client, world: World) -> None:
    page = upload(as_(client, world.administrator), THREE)
    answer = client.post(TAKE_IN, {"carried": page.context["carried"]}, follow=True)
    assertContains(answer, "1 new account and 3 new roles.")
    assert Message.objects.count() == 0
    off = make_person("Olu Off")
    off.set_unusable_password()
    off.save()
    deactivate(by=world.administrator, person_id=off.pk, reason="Left")
    invite_in_the_worker([off.pk, world.lead.pk], world.administrator.pk, "http://testserver/")
    send_invitations(person_ids=[], by_id=None, site="http://testserver/")
    assert Message.objects.count() == 0


ALONE = (
    "Lena Lead would be the only ICS data lead and an approver of the same system, and so sign what they "
    "prepared alone. Make somebody else a data lead first."
)
WEB_ADDRESS = (
    "Give a name without a web or e-mail address in it: it stands in the messages that we send. Put a space "
    "after a full stop."
)
WRONG = {
    "n@survey.example,www.evil.example,lead,Ambleshire,": ("name", WEB_ADDRESS),
    "nora,Nora New,lead,Ambleshire,": ("email", "Give an e-mail address like name@organisation.nhs.uk."),
    ",Nora New,lead,Ambleshire,": ("email", "It is blank."),
    "n@survey.example,,lead,Ambleshire,": ("name", "It is blank."),
    "n@survey.example,=A1,lead,Ambleshire,": ("name", "It is a spreadsheet formula, not a value."),
    "n@survey.example,@Nora,lead,Ambleshire,": ("name", "It starts with “@”."),
    "n@survey.example,Nora New,king,Ambleshire,": ("role", "“king” is not known here."),
    "n@survey.example,Nora New,lead,North,": (
        "role",
        "The role “ICS data lead” is held in an organisation of this kind: integrated care system.",
    ),
    "n@survey.example,Nora New,lead,Nowhere,": (
        "organisation",
        "No organisation has the code or name “Nowhere” today.",
    ),
    "n@survey.example,Nora New,lead": ("", "It has 3 cells and the header has 5."),
    "nell.newcomer@survey.example,Nell Newcomer,lead,Ambleshire,": (
        "email",
        "The account of Nell Newcomer is switched off.",
    ),
    "n@survey.example,Nora New,lead,Ambleshire,\nn@survey.example,N. New,lead,Borderland,": (
        "name",
        "Row 2 calls the person with this address Nora New.",
    ),
    "n@survey.example,Nora New,lead,Ambleshire,\nN@survey.example,Nora New,lead,ambleshire,": (
        "",
        "Row 2 gives the same person the same role.",
    ),
    "lena.lead@survey.example,Lena Lead,approver,Ambleshire,": ("role", ALONE),
}


@pytest.mark.parametrize(("row", "found"), WRONG.items())
def test_a_row_that_cannot_be_is_told_and_nothing_is_kept(
    client: Client, world: World, row: str, found: tuple[str, str]
) -> None:
    deactivate(by=world.administrator, person_id=world.newcomer.pk, reason="Left")
    before = state()
    page = upload(as_(client, world.administrator), f"{HEADER}{row}\n")
    assertContains(page, "Nothing was changed: the file has 1 problem, listed below.", status_code=409)
    assert [problem[1:] for problem in problems(page)] == [found]
    assert state() == before


def test_two_organisations_of_one_name_need_the_code(client: Client, world: World) -> None:
    world.sister.names.update(short_name="Ambleshire")
    page = upload(as_(client, world.administrator), f"{HEADER}n@survey.example,Nora,lead,Ambleshire,\n")
    assert problems(page) == [(2, "organisation", "More than one organisation is called “Ambleshire”.")]
    code = world.own.codes.get(scheme="ods").code
    page = upload(client, f"{HEADER}n@survey.example,Nora,lead,{code.lower()},\n")
    assertContains(page, "1 new account and 1 new role.")


def test_a_lead_and_an_approver_come_in_one_file(client: Client, world: World) -> None:
    lena, nora = "lena.lead@survey.example,Lena Lead,approver", "n@survey.example,Nora New,lead"
    page = upload(as_(client, world.administrator), f"{HEADER}{lena},Ambleshire,\n{nora},Ambleshire,\n")
    client.post(TAKE_IN, {"carried": page.context["carried"]})
    assert world.lead.memberships.current().count() == 2


def test_ten_thousand_rows_with_every_kind_of_mistake_are_told_in_seconds(
    client: Client, world: World
) -> None:
    mistakes = [
        "nora{0},Nora New,lead,Ambleshire,",
        "n{0}@survey.example,Nora New,king,Ambleshire,",
        "n{0}@survey.example,,lead,Ambleshire,",
        "n{0}@survey.example,Nora New,lead,Nowhere {0},",
        "n{0}@survey.example,Nora New,lead,Ambleshire,",
    ]
    rows = "\n".join(mistakes[number % 5].format(number) for number in range(10_000))
    before, begun = state(), time.monotonic()
    page = upload(as_(client, world.administrator), f"{HEADER}{rows}\n")
    assert time.monotonic() - begun < 20
    assert state() == before
    found = problems(page)
    assert len(found) == 8_000
    assertContains(page, "These are the first 200 of 8000.", status_code=409)
    assertContains(upload(client, f"{HEADER}{rows}\n{rows}\n"), "more than 10,000 rows", status_code=409)


def test_ten_thousand_people_are_shown_and_added_in_few_queries(
    client: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    rows = "\n".join(f"n{number}@survey.example,Nora New,contributor,Ambleshire," for number in range(10_000))
    as_(client, world.administrator)
    page = upload(client, f"{HEADER}{rows}\n")
    assertContains(page, "10,000 new accounts and 10,000 new roles.")
    assertContains(page, "And 9800 more.")
    with django_assert_max_num_queries(80):
        client.post(TAKE_IN, {"carried": page.context["carried"], "invite": "on"})
    assert Membership.objects.current().filter(organisation=world.own, role="contributor").count() == 10_001


def test_what_was_looked_at_is_what_is_done(client: Client, world: World) -> None:
    as_(client, world.administrator)
    carried = upload(client, THREE).context["carried"]
    create_person(
        by=world.administrator,
        email="nora@survey.example",
        name="Nora Newer",
        job_title="",
        role="contributor",
        organisation_id=world.sister.pk,
        site="",
    )
    before = state()
    again = client.post(TAKE_IN, {"carried": carried})
    assertContains(again, "People were changed since you looked at this file", status_code=409)
    assert "0 new accounts and 2 new roles." in text_of(again)
    assert state() == before
    answer = client.post(TAKE_IN, {"carried": again.context["carried"]}, follow=True)
    assertContains(answer, "0 new accounts and 2 new roles.")


def test_what_has_become_wrong_meanwhile_is_told_by_row(client: Client, world: World) -> None:
    as_(client, world.administrator)
    carried = upload(client, THREE).context["carried"]
    deactivate(by=world.administrator, person_id=world.lead.pk, reason="Left")
    page = client.post(TAKE_IN, {"carried": carried})
    assert problems(page) == [(4, "email", "The account of Lena Lead is switched off.")]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_add_everybody_once() -> None:
    world = build_world()
    other = make_person("Olu Other", role="administrator", organisation=world.nation)
    clients = [as_(Client(), person) for person in (world.administrator, other)]
    carried = [upload(client, THREE).context["carried"] for client in clients]
    results = together(
        lambda: clients[0].post(TAKE_IN, {"carried": carried[0]}).status_code,
        lambda: clients[1].post(TAKE_IN, {"carried": carried[1]}).status_code,
    )
    assert sorted(results) == [302, 409]
    assert Person.objects.filter(name="Nora New").count() == 1


def test_without_a_file_the_page_asks_for_one(client: Client, world: World) -> None:
    assertContains(as_(client, world.administrator).post(UPLOAD), "Choose the file")


def test_what_is_carried_is_the_persons_own_and_as_it_was(client: Client, world: World) -> None:
    carried = upload(as_(client, world.administrator), THREE).context["carried"]
    other = make_person("Olu Other", role="administrator", organisation=world.nation)
    before = state()
    for person, sent in [(world.administrator, f"{carried}x"), (world.administrator, ""), (other, carried)]:
        answer = as_(client, person).post(TAKE_IN, {"carried": sent})
        assertContains(answer, "What you looked at is no longer valid", status_code=409)
    assert state() == before


def test_nothing_to_do_is_said(client: Client, world: World) -> None:
    page = upload(
        as_(client, world.administrator), f"{HEADER}lena.lead@survey.example,Lena Lead,lead,Ambleshire,\n"
    )
    assertContains(page, "Nothing would change: everybody in the file has their role already.")


def test_the_file_to_fill_in_has_every_role(client: Client, world: World) -> None:
    content = as_(client, world.administrator).get("/people/import/template.csv").getvalue().decode()
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert [row["role"] for row in rows] == [role.label for role in Role]
    filled_in = content.replace("ODS code or name", "Ambleshire")
    found = problems(upload(client, filled_in))
    assert [problem[:2] for problem in found] == [(5, "role"), (6, "role"), (7, "role")]
