"""The first administrator is made on the server and chooses their own password."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from surveys.models import Person
from tests.factories import make_nation


def test_the_link_that_is_printed_sets_the_password(db: None, client: Client) -> None:
    make_nation()
    said = StringIO()
    call_command("create_administrator", "fay@survey.example", "Fay First", stdout=said)
    first, how, path = said.getvalue().splitlines()
    assert first == "Fay First is an administrator and signs in as fay@survey.example."
    assert how == "To choose a password, open this path on the address of the service within 24 hours:"
    form = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(form, {"new_password1": "seven-green-lamps", "new_password2": "seven-green-lamps"})
    assert Person.objects.get().check_password("seven-green-lamps")


def test_the_operator_is_told_what_is_missing(db: None) -> None:
    with pytest.raises(CommandError, match="Load the organisations first"):
        call_command("create_administrator", "fay@survey.example", "Fay First")
    make_nation()
    with pytest.raises(CommandError, match=r"Give an e-mail address like name@organisation\.nhs\.uk"):
        call_command("create_administrator", "fay", "Fay First")
    assert Person.objects.count() == 0
