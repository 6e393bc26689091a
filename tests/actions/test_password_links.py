"""Who asks for a link to choose a password gets it, but not as often as they ask."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from surveys.actions.password_links import send_password_link
from surveys.models import Message, Person
from tests.factories import make_person
from tests.together import together

SITE = "https://survey.example.org/"


def links() -> list[str]:
    """The addresses of the links that were queued."""
    rows = Message.objects.filter(kind=Message.Kind.PASSWORD_LINK).order_by("pk")
    return list(rows.values_list("address", flat=True))


@pytest.mark.django_db
def test_the_link_goes_to_the_address_as_it_is_stored() -> None:
    make_person("Lena Lead")
    send_password_link(email="LENA.lead@Survey.example", site=SITE)
    send_password_link(email="nobody@survey.example", site=SITE)
    send_password_link(email="lena.lead@\u017furvey.example", site=SITE)
    [message] = Message.objects.all()
    assert (message.address, message.subject) == (
        "lena.lead@survey.example",
        "Choose a password for the ICS data maturity survey",
    )
    assert message.body.startswith("Hello Lena Lead,\n")
    assert "\n\nhttps://survey.example.org/password/" in message.body


@pytest.mark.django_db
def test_somebody_whose_account_is_off_gets_none() -> None:
    Person.objects.filter(pk=make_person("Ian Inactive").pk).update(is_active=False)
    send_password_link(email="ian.inactive@survey.example", site=SITE)
    assert links() == []


@pytest.mark.django_db
def test_an_address_gets_three_links_in_an_hour() -> None:
    lena = make_person("Lena Lead").email
    with time_machine.travel(timezone.now()) as clock:
        for _ in range(5):
            send_password_link(email=lena, site=SITE)
        assert links() == [lena] * 3
        clock.shift(datetime.timedelta(minutes=59))
        send_password_link(email=lena, site=SITE)
        assert links() == [lena] * 3
        clock.shift(datetime.timedelta(minutes=2))
        send_password_link(email=lena, site=SITE)
    assert links() == [lena] * 4
    send_password_link(email=make_person("April Approver").email, site=SITE)
    assert links() == [lena] * 4 + ["april.approver@survey.example"]


@pytest.mark.django_db(transaction=True)
def test_five_who_ask_at_the_same_moment_get_three_too() -> None:
    lena = make_person("Lena Lead").email
    assert together(*[lambda: send_password_link(email=lena, site=SITE)] * 5) == [None] * 5
    assert links() == [lena] * 3
