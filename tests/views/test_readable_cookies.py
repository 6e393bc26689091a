"""Cookies as no browser sends them of itself: an answer, and never an error of ours."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from django.test import Client

from tests.views.signed_in import client_of
from tests.world import World

SPELLED = "a" * 20 + "\0" + "b" * 11
"""A session key with a NUL in it."""


@pytest.fixture
def stranger(client: Client) -> Client:
    """A browser with a cookie that spells a NUL as an octal number, in quotation marks."""
    client.cookies = SimpleCookie({"sessionid": SPELLED, "csrftoken": SPELLED, "messages": SPELLED})
    assert client.cookies["sessionid"].coded_value == f'"{"a" * 20}\\000{"b" * 11}"'
    return client


@pytest.mark.parametrize("address", ["/sign-in/", "/help/roles/", "/healthz"])
@pytest.mark.django_db
def test_a_session_key_with_a_nul_is_no_session(stranger: Client, address: str) -> None:
    assert stranger.get(address).status_code == 200


@pytest.mark.django_db
def test_whoever_comes_with_such_a_key_is_asked_to_sign_in(stranger: Client) -> None:
    response = stranger.get("/rounds/")
    assert (response.status_code, response.headers["Location"]) == (302, "/sign-in/?next=/rounds/")


def test_another_such_cookie_beside_the_session_does_no_harm(world: World) -> None:
    client = client_of(world.lead)
    client.cookies["of_another_site"] = SPELLED
    assert client.get("/").context["person"] == world.lead
