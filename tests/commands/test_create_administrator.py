"""The first administrator is made on the server and chooses their own password."""

from __future__ import annotations

from django.test import Client

from surveys.models import Person
from tests.commands.running import refused_by, said_by
from tests.factories import make_nation


def test_the_link_that_is_printed_sets_the_password(db: None, client: Client) -> None:
    make_nation()
    said = said_by("create_administrator", "fay@survey.example", "Fay First")
    first, how, path = said.splitlines()
    assert first == "Fay First is an administrator and signs in as fay@survey.example."
    assert how == "To choose a password, open this path on the address of the service within 24 hours:"
    form = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(form, {"new_password1": "seven-green-lamps", "new_password2": "seven-green-lamps"})
    assert Person.objects.get().check_password("seven-green-lamps")


def test_the_operator_is_told_what_is_missing(db: None) -> None:
    assert refused_by("create_administrator", "fay@survey.example", "Fay First") == (
        "There must be one national body to be administrator of, and there are 0. "
        "Load the organisations first: manage.py load_organisations FILE"
    )
    make_nation()
    assert refused_by("create_administrator", "fay", "Fay First") == (
        "Give an e-mail address like name@organisation.nhs.uk."
    )
    assert Person.objects.count() == 0
