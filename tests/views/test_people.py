"""The pages of people: only administrators have them, and no mistake costs what was typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from surveys.actions.people import deactivate, end_membership, invite
from surveys.models import Membership, Message, OrganisationName, Person
from tests.factories import make_membership, make_person
from tests.pages import as_, text_of
from tests.world import World


def posted(world: World, **changes: str) -> dict[str, str]:
    """The form that adds Nora New as a lead of the own system."""
    return {
        "name": "Nora New",
        "email": "nora.new@survey.example",
        "job_title": "Head of data",
        "role": "lead",
        "organisation": str(world.own.pk),
        **changes,
    }


def pages(world: World) -> list[str]:
    """Every page of people."""
    lead = world.lead
    membership = lead.memberships.get()
    return [
        "/people/",
        "/people/new/",
        f"/people/{lead.pk}/",
        f"/people/{lead.pk}/edit/",
        f"/people/{lead.pk}/memberships/new/",
        f"/people/{lead.pk}/memberships/{membership.pk}/end/",
        f"/people/{lead.pk}/deactivate/",
        f"/people/{lead.pk}/reactivate/",
    ]


def test_an_administrator_gets_every_page(client: Client, world: World) -> None:
    as_(client, world.administrator)
    assert {path: client.get(path).status_code for path in pages(world)} == dict.fromkeys(pages(world), 200)


@pytest.mark.parametrize(
    "who", ["lead", "contributor", "approver", "far_lead", "regional_analyst", "national_analyst", "newcomer"]
)
def test_for_everybody_else_the_pages_are_not_there(client: Client, world: World, who: str) -> None:
    """Not even the page about oneself."""
    as_(client, getattr(world, who))
    paths = pages(world)
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
    writing = [*paths[3:], f"/people/{world.lead.pk}/invite/", "/people/new/"]
    assert {path: client.post(path, {"reason": "x"}).status_code for path in writing} == dict.fromkeys(
        writing, 404
    )
    assert world.lead.memberships.current().count() == 1


def test_whoever_has_not_signed_in_is_asked_to(client: Client, world: World) -> None:
    for path in pages(world):
        assertRedirects(client.get(path), f"/sign-in/?next={path}", fetch_redirect_response=False)


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_who_is_not_there_is_not_found(client: Client, world: World, number: str) -> None:
    as_(client, world.administrator)
    paths = [f"/people/{number}/", f"/people/{world.lead.pk}/memberships/{number}/end/"]
    assert [client.get(path).status_code for path in paths] == [404, 404]


# The list


def names(response: Any) -> list[str]:
    """The people on a page of the list."""
    return [line.name for line in response.context["page"].people]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=LENA", ["Lena Lead"]),
        ("q=far.lead", []),
        ("q=farah.far%40", ["Farah Far"]),
        ("role=regional_analyst", ["Reggie Region", "Rosa Region"]),
        ("role=lead&q=sa", ["Sandy Sister"]),
        ("q=%25", []),
    ],
)
def test_people_are_found_by_name_address_and_role(
    client: Client, world: World, query: str, found: list[str]
) -> None:
    assert names(as_(client, world.administrator).get(f"/people/?{query}")) == found


def test_a_role_that_has_ended_is_not_found(client: Client, world: World) -> None:
    Membership.objects.filter(person=world.regional_analyst).update(ended_at=timezone.now())
    page = as_(client, world.administrator).get("/people/?role=regional_analyst")
    assert names(page) == ["Rosa Region"]


@pytest.mark.parametrize("query", ["q=nul%00", "role=king", "q=" + "x" * 300])
def test_a_search_that_cannot_be_says_so_and_shows_everybody(
    client: Client, world: World, query: str
) -> None:
    page = as_(client, world.administrator).get(f"/people/?{query}")
    assertContains(page, "There is a problem")
    assert page.context["page"].found == Person.objects.count()


def test_nobody_found_is_said(client: Client, world: World) -> None:
    assertContains(as_(client, world.administrator).get("/people/?q=nobody"), "Nobody was found.")


def test_a_long_list_comes_in_pages_that_keep_the_search(client: Client, world: World) -> None:
    for number in range(60):
        make_person(f"Zoe Number{number:02d}", role="contributor", organisation=world.own)
    as_(client, world.administrator)
    first, second, last = (client.get(f"/people/?q=zoe&page={page}") for page in ("1", "2", "99"))
    assert (names(first)[0], names(second)[0], names(last)[-1]) == (
        "Zoe Number00",
        "Zoe Number25",
        "Zoe Number59",
    )
    assertContains(second, "?q=zoe&amp;page=1")
    assertContains(second, "?q=zoe&amp;page=3")
    assert names(client.get("/people/?q=zoe&page=no")) == names(first)


def test_the_list_takes_few_queries_however_long(
    client: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    as_(client, world.administrator)
    with django_assert_max_num_queries(8):
        assert len(names(client.get("/people/"))) == Person.objects.count()


# Adding


def test_a_person_is_added_and_invited(client: Client, world: World) -> None:
    as_(client, world.administrator)
    answer = client.post("/people/new/", posted(world))
    made = Person.objects.get(email="nora.new@survey.example")
    assertRedirects(answer, f"/people/{made.pk}/")
    message = Message.objects.get()
    assert (message.kind, message.address) == ("invitation", "nora.new@survey.example")
    assert "http://testserver/password/" in message.body


def test_the_form_begins_with_the_role_and_the_organisation_of_the_link(client: Client, world: World) -> None:
    page = as_(client, world.administrator).get(f"/people/new/?role=approver&organisation={world.far.pk}")
    assertContains(page, f'<option value="{world.far.pk}" selected>Cliffshire</option>', html=True)
    assert re.findall(r'value="(\w+)"[^>]*checked', page.content.decode()) == ["approver"]
    assert client.get("/people/new/?role=king&organisation=x").status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Enter a name"),
        ({"email": "nora"}, "Enter an e-mail address like name@organisation.nhs.uk"),
        ({"email": "nora@survey.example\nBcc: x@survey.example"}, "Enter an e-mail address like"),
        ({"role": ""}, "Choose a role"),
        ({"role": "king"}, "Choose a role from the list"),
        ({"organisation": ""}, "Choose an organisation"),
        ({"organisation": "0"}, "Choose an organisation from the list"),
        (
            {"role": "approver", "organisation": "north"},
            "The role “Approver” is held in an organisation of this kind: integrated care system.",
        ),
        (
            {"role": "administrator"},
            "The role “Programme administrator” is held in an organisation of this kind: national body.",
        ),
    ],
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(
    client: Client, world: World, changes: dict[str, str], sentence: str
) -> None:
    if changes.get("organisation") == "north":
        changes = changes | {"organisation": str(world.north.pk)}
    people = Person.objects.count()
    page = as_(client, world.administrator).post("/people/new/", posted(world, **changes))
    assertContains(page, sentence)
    assertContains(page, 'value="Head of data"')
    assert (Person.objects.count(), Message.objects.count()) == (people, 0)


def test_an_address_that_is_known_leads_to_its_person(client: Client, world: World) -> None:
    page = as_(client, world.administrator).post(
        "/people/new/", posted(world, email="LENA.LEAD@survey.example")
    )
    assertContains(page, "Lena Lead already has an account with the e-mail address lena.lead@survey.example.")
    assertContains(
        page, f'<a href="/people/{world.lead.pk}/">Go to the person who has this e-mail address</a>'
    )
    assertContains(page, 'value="LENA.LEAD@survey.example"')


# One person


def test_the_page_of_a_person_says_what_they_do_and_did(client: Client, world: World) -> None:
    make_membership(world.lead, "lead", world.sister)
    ended = make_membership(world.lead, "contributor", world.far)
    by = world.administrator
    end_membership(by=by, person_id=world.lead.pk, membership_id=ended.pk, reason="Helped out")
    words = text_of(as_(client, by).get(f"/people/{world.lead.pk}/"))
    assert "Account Switched on Invitation None was sent Last signed in Not yet" in words
    assert words.index("ICS data lead Borderland") < words.index("ICS data lead Ambleshire")
    assert "Roles that have ended Contributor, Cliffshire:" in words
    assert "ended the membership of Lena Lead (lena.lead@survey.example), Contributor, Cliffshire" in words
    assert "Helped out" in words


def test_somebody_without_any_role_or_in_a_nameless_organisation_is_still_a_page(
    client: Client, world: World
) -> None:
    OrganisationName.objects.filter(organisation=world.own).delete()
    as_(client, world.administrator)
    assertContains(client.get(f"/people/{world.newcomer.pk}/"), "No role now")
    assertContains(client.get(f"/people/{world.lead.pk}/"), f"Organisation {world.own.pk} (no name known)")
    assertContains(client.get("/people/"), f"Organisation {world.own.pk} (no name known)")


def test_an_invitation_that_could_not_be_sent_is_offered_again(client: Client, world: World) -> None:
    invite(by=world.administrator, person_id=world.lead.pk, site="https://survey.example")
    Message.objects.update(
        status="failed",
        attempts=1,
        tried_at=timezone.now(),
        last_error="The mail server refused the address.",
    )
    as_(client, world.administrator)
    page = client.get(f"/people/{world.lead.pk}/")
    assertContains(page, "The invitation could not be sent")
    assertContains(page, "The mail server refused the address.")
    assertRedirects(client.post(f"/people/{world.lead.pk}/invite/"), f"/people/{world.lead.pk}/")
    page = client.get(f"/people/{world.lead.pk}/")
    assertNotContains(page, "could not be sent")
    assertContains(page, "On its way since")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"status": "sent", "sent_at": True}, "Invitation Sent on "),
        (
            {"last_error": "The server is busy."},
            "Not sent yet: The server is busy. It is tried again by itself.",
        ),
    ],
)
def test_the_page_says_what_became_of_the_invitation(
    client: Client, world: World, state: dict[str, Any], words: str
) -> None:
    invite(by=world.administrator, person_id=world.lead.pk, site="https://survey.example")
    now = timezone.now()
    state = {name: now if value is True else value for name, value in state.items()}
    Message.objects.update(attempts=1, tried_at=now, **state)
    assert words in text_of(as_(client, world.administrator).get(f"/people/{world.lead.pk}/"))


def test_nobody_is_invited_to_an_account_that_is_off(client: Client, world: World) -> None:
    deactivate(by=world.administrator, person_id=world.lead.pk, reason="Left")
    page = as_(client, world.administrator).post(f"/people/{world.lead.pk}/invite/")
    assertContains(page, "Switch it on before you invite them.")
    assert client.get(f"/people/{world.lead.pk}/invite/").status_code == 405


def test_details_are_corrected(client: Client, world: World) -> None:
    as_(client, world.administrator)
    path = f"/people/{world.lead.pk}/edit/"
    assertContains(client.get(path), 'value="lena.lead@survey.example"')
    page = client.post(path, {"name": "Lena Lead", "email": "APRIL.approver@survey.example"})
    assertContains(page, f'<a href="/people/{world.approver.pk}/">')
    page = client.post(
        path, {"name": "Lena Leader", "email": "lena@survey.example", "job_title": "CDIO"}, follow=True
    )
    assertContains(page, "Lena Leader is saved.")
    world.lead.refresh_from_db()
    assert (world.lead.email, world.lead.job_title) == ("lena@survey.example", "CDIO")


def test_a_role_is_given_and_ended(client: Client, world: World) -> None:
    as_(client, world.administrator)
    path = f"/people/{world.newcomer.pk}/memberships/new/"
    given = {"role": "regional_analyst", "organisation": str(world.own.pk)}
    assertContains(client.post(path, given), "is held in an organisation of this kind: region.")
    given["organisation"] = str(world.north.pk)
    assertContains(client.post(path, given, follow=True), "Nell Newcomer is now Regional analyst.")
    assertContains(client.post(path, given), "Nell Newcomer has this role in this organisation already.")
    [membership] = world.newcomer.memberships.all()
    path = f"/people/{world.newcomer.pk}/memberships/{membership.pk}/end/"
    assertContains(client.get(path), "Nell Newcomer is Regional analyst, North, since")
    page = client.post(path, {"reason": "Moved"}, follow=True)
    assertContains(page, "Nell Newcomer is no longer Regional analyst, North.")
    assertContains(client.post(path), "This membership has ended already.")


def test_a_membership_of_somebody_else_cannot_be_ended_here(client: Client, world: World) -> None:
    membership = world.approver.memberships.get()
    path = f"/people/{world.lead.pk}/memberships/{membership.pk}/end/"
    assert as_(client, world.administrator).post(path).status_code == 404
    assert world.approver.memberships.current().count() == 1


def test_the_last_administrator_cannot_be_ended_or_switched_off(client: Client, world: World) -> None:
    ada = world.administrator
    as_(client, ada)
    paths = [f"/people/{ada.pk}/memberships/{ada.memberships.get().pk}/end/", f"/people/{ada.pk}/deactivate/"]
    for path in paths:
        page = client.post(path, {"reason": "I retire"})
        assertContains(page, "Ada Administrator is the last administrator")
        assertContains(page, "I retire")


def test_an_account_is_switched_off_and_on(client: Client, world: World) -> None:
    as_(client, world.administrator)
    path = f"/people/{world.lead.pk}/"
    assertContains(client.post(f"{path}deactivate/"), "Give a reason")
    page = client.post(f"{path}deactivate/", {"reason": "Left the ICB"}, follow=True)
    assertContains(page, "The account of Lena Lead is switched off.")
    assertContains(page, "Left the ICB")
    assertContains(client.post(f"{path}deactivate/", {"reason": "x"}), "is switched off already")
    assertContains(client.post(f"{path}reactivate/", follow=True), "The account of Lena Lead is switched on.")
    assertContains(client.post(f"{path}reactivate/"), "is switched on already")
