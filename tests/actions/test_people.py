"""People get accounts and memberships, are invited by e-mail, and nobody locks the last administrator out."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.http import Http404
from django.test import Client
from django.utils import timezone

from surveys.actions.people import (
    AlreadyKnown,
    add_membership,
    change_person,
    create_administrator,
    create_person,
    deactivate,
    end_membership,
    invite,
    reactivate,
)
from surveys.actions.refusals import Refused
from surveys.models import Event, Membership, Message, Organisation, Person
from tests.factories import make_nation, make_person, make_system
from tests.refusals import refusal
from tests.together import together
from tests.worker import work
from tests.world import World, build_world

SITE = "https://survey.example.org"


def newcomer(world: World, **changes: Any) -> dict[str, Any]:
    """The arguments that add Nora New as a lead of the own system."""
    given = {
        "by": world.administrator,
        "email": "nora.new@survey.example",
        "name": "Nora New",
        "job_title": "Head of data",
        "role": "lead",
        "organisation_id": world.own.pk,
        "site": SITE,
    }
    return given | changes


def recorded() -> list[tuple[str, str, str]]:
    """What was recorded, oldest first: verb, subject, reason."""
    return list(
        Event.objects.exclude(verb__startswith="questionnaire")
        .order_by("pk")
        .values_list("verb", "subject", "reason")
    )


def invitations() -> list[tuple[str, str, str]]:
    """The invitations that are queued: address, subject, who caused it."""
    rows = Message.objects.filter(kind="invitation", status="queued").order_by("pk")
    return list(rows.values_list("address", "subject", "queued_by__name"))


# Adding


def test_a_new_person_gets_a_membership_and_an_invitation(world: World) -> None:
    made = create_person(**newcomer(world))
    assert (made.name, made.email, made.job_title, made.is_active, made.has_usable_password()) == (
        "Nora New",
        "nora.new@survey.example",
        "Head of data",
        True,
        False,
    )
    assert list(made.memberships.values_list("role", "organisation_id")) == [("lead", world.own.pk)]
    subject = "Set your password for the ICS data maturity survey"
    assert invitations() == [("nora.new@survey.example", subject, "Ada Administrator")]
    assert recorded() == [
        ("person.added", "Nora New (nora.new@survey.example)", ""),
        ("membership.added", "Nora New (nora.new@survey.example), ICS data lead, Ambleshire", ""),
        ("person.invited", "Nora New (nora.new@survey.example)", ""),
    ]


@pytest.mark.django_db(transaction=True)
def test_the_link_in_the_invitation_sets_a_password_once(world: World, client: Client) -> None:
    made = create_person(**newcomer(world, name="Nora O'New"))
    work()
    [message] = mail.outbox
    assert (message.subject, message.to) == (
        "Set your password for the ICS data maturity survey",
        ["nora.new@survey.example"],
    )
    assert message.body.startswith("Hello Nora O'New,\n\nAda Administrator has given you an account")
    [link] = re.findall(rf"{SITE}(/password/[^/\s]+/[^/\s]+/)\n", str(message.body))
    form = client.get(link, follow=True)
    chosen = {"new_password1": "seven-green-lamps", "new_password2": "seven-green-lamps"}
    client.post(form.redirect_chain[-1][0], chosen)
    made.refresh_from_db()
    assert made.check_password("seven-green-lamps")
    assert "This link no longer works" in Client().get(link).content.decode()


def test_nobody_is_invited_when_adding_them_is_refused(world: World) -> None:
    refusal(create_person, **newcomer(world, organisation_id=world.north.pk))
    assert (invitations(), Person.objects.filter(name="Nora New").exists()) == ([], False)


@pytest.mark.parametrize("who", ["lead", "approver", "regional_analyst", "national_analyst", "newcomer"])
def test_nobody_else_manages_people(world: World, who: str) -> None:
    by = getattr(world, who)
    other = world.sister_lead
    membership = other.memberships.get()
    acts: list[Callable[[], Any]] = [
        lambda: create_person(**newcomer(world, by=by)),
        lambda: change_person(by=by, person_id=other.pk, email="x@survey.example", name="X", job_title=""),
        lambda: add_membership(by=by, person_id=by.pk, role="administrator", organisation_id=world.nation.pk),
        lambda: end_membership(by=by, person_id=other.pk, membership_id=membership.pk, reason="x"),
        lambda: deactivate(by=by, person_id=other.pk, reason="x"),
        lambda: reactivate(by=by, person_id=other.pk),
        lambda: invite(by=by, person_id=other.pk, site=SITE),
    ]
    for act in acts:
        with pytest.raises(Http404):
            act()
    assert recorded() == []


def test_a_name_is_one_line_that_reads_as_it_is_written(world: World) -> None:
    person = create_person(**newcomer(world, name="Nora \u202eNew\r\nBcc: x", job_title="Head\tof \x1bdata"))
    assert (person.name, person.job_title) == ("Nora New Bcc: x", "Head of data")


def test_one_address_is_one_person_whatever_its_capitals(world: World) -> None:
    with pytest.raises(AlreadyKnown) as known:
        create_person(**newcomer(world, email=" LENA.lead@Survey.Example "))
    assert (known.value.message, known.value.person_id) == (
        "Lena Lead already has an account with the e-mail address lena.lead@survey.example.",
        world.lead.pk,
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "nora"}, "Give an e-mail address like name@organisation.nhs.uk."),
        (
            {"email": f"nora@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.nhs.example"},
            "The e-mail address is longer than 254 characters. Give another one.",
        ),
        *(
            (
                {"name": name},
                (
                    "Give a name without a web or e-mail address in it: it stands in the messages that "
                    "we send. Put a space after a full stop."
                ),
            )
            for name in (
                "Your account is closed. See https://evil.example/in",
                "www.evil",
                "Go to evil.example",
                "nora@evil",
                "<b>Nora</b>",
            )
        ),
        ({"name": " \u200b "}, "Give a name. A name and a job title have at most 150 characters."),
        ({"name": " "}, "Give a name. A name and a job title have at most 150 characters."),
        ({"job_title": "x" * 151}, "Give a name. A name and a job title have at most 150 characters."),
        ({"organisation_id": 0}, "Choose an organisation that exists today."),
        ({"role": "king"}, "Choose a role."),
        (
            {"role": "regional_analyst"},
            "The role “Regional analyst” is held in an organisation of this kind: region.",
        ),
    ],
)
def test_what_does_not_fit_is_refused(world: World, changes: dict[str, Any], sentence: str) -> None:
    people = Person.objects.count()
    assert refusal(create_person, **newcomer(world, **changes)) == sentence
    assert Person.objects.count() == people


def test_nobody_joins_an_organisation_that_has_ended(world: World) -> None:
    ended = make_system(world.north, "Oldshire")
    ended.closed_on = timezone.localdate() - datetime.timedelta(days=1)
    ended.save()
    assert refusal(create_person, **newcomer(world, organisation_id=ended.pk)) == (
        "Choose an organisation that exists today."
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_one_person_at_once_the_second_is_told() -> None:
    world = build_world()
    results = together(*[lambda: create_person(**newcomer(world, site=""))] * 2)
    assert sorted(str(result) for result in results) == [
        "Nora New",
        "Nora New already has an account with the e-mail address nora.new@survey.example.",
    ]


# Correcting


def test_a_wrong_address_is_corrected_and_both_are_kept(world: World) -> None:
    given = {
        "person_id": world.lead.pk,
        "email": "l.lead@survey.example",
        "name": "Lena Lead",
        "job_title": "",
    }
    change_person(by=world.administrator, **given)
    world.lead.refresh_from_db()
    assert world.lead.email == "l.lead@survey.example"
    assert Event.objects.get(verb="person.changed").detail == {
        "person_id": world.lead.pk,
        "before": {"email": "lena.lead@survey.example"},
        "after": {"email": "l.lead@survey.example"},
    }
    change_person(by=world.administrator, **given)
    assert len(recorded()) == 1


def test_an_address_cannot_become_somebody_elses(world: World) -> None:
    with pytest.raises(AlreadyKnown) as known:
        change_person(
            by=world.administrator,
            person_id=world.lead.pk,
            email="Connie.Contributor@survey.example",
            name="Lena Lead",
            job_title="",
        )
    assert known.value.person_id == world.contributor.pk


# Memberships


def test_a_person_may_act_for_several_systems(world: World) -> None:
    add_membership(
        by=world.administrator, person_id=world.lead.pk, role="lead", organisation_id=world.sister.pk
    )
    assert list(world.lead.memberships.order_by("pk").values_list("role", "organisation_id")) == [
        ("lead", world.own.pk),
        ("lead", world.sister.pk),
    ]


def test_the_same_membership_twice_is_refused_until_it_has_ended(world: World) -> None:
    given = {"person_id": world.lead.pk, "role": "lead", "organisation_id": world.own.pk}
    assert refusal(add_membership, by=world.administrator, **given) == (
        "Lena Lead has this role in this organisation already. Nothing was changed."
    )
    ended = world.lead.memberships.get()
    end_membership(
        by=world.administrator, person_id=world.lead.pk, membership_id=ended.pk, reason=" Moved on "
    )
    add_membership(by=world.administrator, **given)
    assert world.lead.memberships.current().count() == 1
    assert recorded()[0] == (
        "membership.ended",
        "Lena Lead (lena.lead@survey.example), ICS data lead, Ambleshire",
        "Moved on",
    )


def test_a_membership_ends_once_and_only_on_its_own_person(world: World) -> None:
    membership = world.lead.memberships.get()
    given = {"by": world.administrator, "membership_id": membership.pk, "reason": ""}
    with pytest.raises(Http404):
        end_membership(person_id=world.approver.pk, **given)
    end_membership(person_id=world.lead.pk, **given)
    assert refusal(end_membership, person_id=world.lead.pk, **given) == (
        "This membership has ended already. Nothing was changed."
    )


def test_a_person_who_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(Http404):
        reactivate(by=world.administrator, person_id=0)


# The last administrator

LAST = (
    "Ada Administrator is the last administrator, and without one nobody could run the rounds. "
    "Make somebody else an administrator first."
)


def ended(world: World, person: Person) -> dict[str, Any]:
    """The arguments that end a person's only membership."""
    return {
        "by": world.administrator,
        "person_id": person.pk,
        "membership_id": person.memberships.get().pk,
        "reason": "Retired",
    }


def test_the_last_administrator_stays(world: World) -> None:
    """An administrator whose account is switched off is no other administrator."""
    asleep = make_person("Ash Asleep", role="administrator", organisation=world.nation)
    asleep.is_active = False
    asleep.save()
    ada = world.administrator
    assert refusal(end_membership, **ended(world, ada)) == LAST
    assert refusal(deactivate, by=ada, person_id=ada.pk, reason="Retired") == LAST
    end_membership(**ended(world, asleep))
    assert (ada.memberships.current().count(), asleep.memberships.current().count()) == (1, 0)


def test_one_of_two_administrators_may_go(world: World) -> None:
    other = make_person("Olu Other", role="administrator", organisation=world.nation)
    end_membership(**ended(world, world.administrator))
    assert refusal(deactivate, by=other, person_id=other.pk, reason="Retired").startswith(
        "Olu Other is the last"
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["membership", "account"])
def test_two_administrators_cannot_remove_each_other_at_once(way: str) -> None:
    world = build_world()
    ada = world.administrator
    olu = make_person("Olu Other", role="administrator", organisation=world.nation)

    def remove(by: Person, person: Person) -> Any:
        if way == "account":
            return deactivate(by=by, person_id=person.pk, reason="Retired")
        return end_membership(**(ended(world, person) | {"by": by}))

    results = together(lambda: remove(ada, olu), lambda: remove(olu, ada))
    # Whoever comes second is refused, or is no administrator any more.
    assert sum(isinstance(result, Refused | Http404) for result in results) == 1
    left = Membership.objects.current().filter(role="administrator", person__is_active=True)
    assert left.count() == 1


# Accounts


def signed_in(client: Client) -> bool:
    """Whether the site knows the client's person."""
    return client.get("/help/roles/").wsgi_request.user.is_authenticated


def test_an_account_is_switched_off_and_on_again(world: World, client: Client) -> None:
    client.force_login(world.lead)
    deactivate(by=world.administrator, person_id=world.lead.pk, reason="Left the ICB")
    assert not signed_in(client)
    assert refusal(deactivate, by=world.administrator, person_id=world.lead.pk, reason="x") == (
        "The account of Lena Lead is switched off already. Nothing was changed."
    )
    reactivate(by=world.administrator, person_id=world.lead.pk, reason="Came back")
    assert signed_in(client)
    assert refusal(reactivate, by=world.administrator, person_id=world.lead.pk) == (
        "The account of Lena Lead is switched on already. Nothing was changed."
    )
    subject = "Lena Lead (lena.lead@survey.example)"
    assert recorded() == [
        ("person.deactivated", subject, "Left the ICB"),
        ("person.reactivated", subject, "Came back"),
    ]


@pytest.mark.parametrize("reason", [" ", "\u200b\x01"])
def test_switching_off_needs_a_reason_that_can_be_seen(world: World, reason: str) -> None:
    assert refusal(deactivate, by=world.administrator, person_id=world.lead.pk, reason=reason) == (
        "Give a reason: it is kept with what was done."
    )
    assert Person.objects.get(pk=world.lead.pk).is_active


def test_an_invitation_can_be_sent_again(world: World) -> None:
    invite(by=world.administrator, person_id=world.lead.pk, site=SITE + "/")
    subject = "Set your password for the ICS data maturity survey"
    assert invitations() == [("lena.lead@survey.example", subject, "Ada Administrator")]
    assert f"\n{SITE}/password/" in Message.objects.get().body


def test_nobody_is_invited_to_an_account_that_is_off(world: World) -> None:
    deactivate(by=world.administrator, person_id=world.lead.pk, reason="Left")
    assert refusal(invite, by=world.administrator, person_id=world.lead.pk, site=SITE) == (
        "The account of Lena Lead is switched off. Switch it on before you invite them."
    )


# The first administrator


def test_the_first_administrator_comes_from_the_command_line(db: None) -> None:
    nation = make_nation()
    made = create_administrator(email="first@survey.example", name="Fay First")
    assert list(made.memberships.values_list("role", "organisation_id")) == [("administrator", nation.pk)]
    assert list(Event.objects.values_list("person_name", "verb").order_by("pk")) == [
        ("command line", "person.added"),
        ("command line", "membership.added"),
    ]
    assert (invitations(), made.has_usable_password()) == ([], False)


@pytest.mark.parametrize("nations", [0, 2])
def test_an_administrator_needs_one_nation(db: None, nations: int) -> None:
    for number in range(nations):
        make_nation(f"Nation {number}")
    assert refusal(create_administrator, email="first@survey.example", name="Fay First") == (
        f"There must be one national body to be administrator of, and there are {nations}. "
        "Load the organisations first: manage.py load_organisations FILE"
    )
    assert Organisation.objects.count() == nations
