"""People and memberships."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from surveys.models import Membership, Person
from tests.factories import make_membership, make_organisation, make_person
from tests.models.violation import refused_by_trigger, violates

pytestmark = pytest.mark.django_db


def test_an_address_belongs_to_one_person_whatever_its_capitals() -> None:
    make_person("Lena Lead")
    with violates("person_email_once"):
        Person.objects.create(email="LENA.lead@survey.example", name="Another Lena")
    assert Person.objects.get_by_natural_key("Lena.LEAD@survey.example").name == "Lena Lead"


# Each of these becomes an ordinary i, s or k when it is put in capitals.
@pytest.mark.parametrize("letter", ["\u0131", "\u017f"])
def test_an_address_with_another_letter_is_another_address(letter: str) -> None:
    make_person("Simi Sims")
    other = "simi.sims@survey.example".replace("i" if letter == "\u0131" else "s", letter)
    with pytest.raises(Person.DoesNotExist):
        Person.objects.get_by_natural_key(other)
    namesake = Person.objects.create(email=other, name="Another Simi")
    assert Person.objects.get_by_natural_key("simi.sims@survey.example").name == "Simi Sims"
    assert Person.objects.get_by_natural_key(other) == namesake


def test_a_person_has_a_name() -> None:
    with violates("person_name_not_blank"):
        Person.objects.create(email="nobody@survey.example", name="")
    assert str(make_person("Lena Lead")) == "Lena Lead"


def test_the_domain_of_an_address_is_kept_in_small_letters() -> None:
    person = Person(email="Lena@SURVEY.Example", name="Lena")
    person.clean()
    assert person.email == "Lena@survey.example"


def test_a_role_is_held_once_at_a_time() -> None:
    system, person = make_organisation("ics", "Ambleshire"), make_person("Lena Lead")
    first = make_membership(person, "lead", system)
    with violates("membership_held_once"):
        make_membership(person, "lead", system)
    first.ended_at = timezone.now()
    first.save()
    again = make_membership(person, "lead", system)
    assert list(person.memberships.current()) == [again]
    assert str(again) == f"ICS data lead of organisation {system.pk}"


def test_a_membership_has_a_known_role_and_ends_after_it_began() -> None:
    system, person = make_organisation("ics", "Ambleshire"), make_person("Lena Lead")
    with violates("membership_role_known"):
        make_membership(person, "boss", system)
    with violates("membership_ends_after_start"):
        Membership.objects.create(
            person=person,
            organisation=system,
            role="lead",
            ended_at=timezone.now() - datetime.timedelta(days=1),
        )


def test_the_history_of_memberships_cannot_be_rewritten() -> None:
    membership = make_membership(make_person("Lena Lead"), "lead", make_organisation("ics", "Ambleshire"))
    event = membership.events.get()
    assert (event.pgh_label, event.role) == ("insert", "lead")
    with refused_by_trigger("pgtrigger: Cannot update or delete rows from surveys_membershipevent table"):
        event.delete()


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DELETE FROM surveys_membership", "Cannot delete rows from surveys_membership table"),
        (
            "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE surveys_membership",
            "Cannot truncate rows from surveys_membership table",
        ),
        ("TRUNCATE surveys_membershipevent", "Cannot truncate rows from surveys_membershipevent table"),
    ],
)
def test_a_membership_ends_and_is_never_deleted(statement: str, sentence: str) -> None:
    make_membership(make_person("Lena Lead"), "lead", make_organisation("ics", "Ambleshire"))
    with refused_by_trigger(f"pgtrigger: {sentence}"), connection.cursor() as cursor:
        cursor.execute(statement)
