"""What a browser, or a proxy on the way, may keep of a page."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.world import World


@pytest.mark.parametrize("address", ["/", "/rounds/", "/results/", "/help/roles/"])
def test_nobody_but_the_browser_keeps_a_page_and_it_asks_again(
    client: Client, world: World, address: str
) -> None:
    client.force_login(world.lead)
    assert client.get(address).headers["Cache-Control"] == "private, no-cache"


def test_a_download_is_kept_no_longer_than_a_page(client: Client, world: World) -> None:
    client.force_login(world.administrator)
    response = client.get(f"/rounds/{world.round.pk}/progress.csv")
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "private, no-cache")


@pytest.mark.django_db
def test_what_says_itself_how_it_is_kept_stays_as_it_is(client: Client) -> None:
    assert client.get("/sign-in/").headers["Cache-Control"] == (
        "max-age=0, no-cache, no-store, must-revalidate, private"
    )


def test_there_are_the_cookies_that_the_privacy_page_tells_of(client: Client, world: World) -> None:
    """Signed in, on a page with a form, after something was done; the next page takes the last one away."""
    client.force_login(world.administrator)
    person = f"/people/{world.lead.pk}/"
    client.get(f"{person}edit/")
    client.post(f"{person}edit/", {"name": "Lena Leader", "email": world.lead.email, "job_title": ""})
    assert {name for name, cookie in client.cookies.items() if cookie.value} == {
        "sessionid",
        "csrftoken",
        "messages",
    }
    client.get(person)
    assert client.cookies["messages"].value == ""
    assert "The service sets three cookies" in client.get("/privacy/").content.decode()


def test_signing_out_has_the_browser_forget_its_pages(client: Client, world: World) -> None:
    client.force_login(world.lead)
    assert client.post("/sign-out/").headers["Clear-Site-Data"] == '"cache"'
