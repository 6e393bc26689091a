"""A real browser on the real site: Chromium over HTTP, committed rows, production's static files.

`page` is a fresh window of 1280 px that nobody is signed in to; `page_at_each_width` runs the test at 1280
and at 320 px; `page_without_javascript` has scripts off; `open_page` opens any number of windows, each with
its own cookies, signed in as a person or not. Whatever a page does wrong (see trouble.py) fails the test,
unless the test declares it: `trouble.expect("404 GET /nowhere/")`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from browser import find_browser
from surveys.models import Person
from tests.browser.site import collect_static_files, production_static_files, served
from tests.browser.trouble import Trouble

WIDE, NARROW = 1280, 320
HEIGHTS = {WIDE: 900, NARROW: 640}
PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"


class OpenPage(Protocol):
    """Opens a window; see `open_page`."""

    def __call__(
        self, person: Person | None = None, *, width: int = WIDE, javascript: bool = True
    ) -> Page: ...


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's browser, kept from every network but this machine."""
    program = find_browser()
    if program is None:
        pytest.fail("There is no Chromium for the tests: run `make test`, which finds or installs one.")
    flags = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        "--no-first-run",
    ]
    if os.geteuid() == 0:
        # Chromium's sandbox refuses to run as root.
        flags.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": str(program), "args": flags}


@pytest.fixture(scope="session")
def base_url(django_db_setup: None) -> Iterator[str]:
    """The address of the site, to which Playwright adds the paths that `goto` is given."""
    collect_static_files()
    with production_static_files(), served() as address:
        yield address


@pytest.fixture
def site(base_url: str, transactional_db: None) -> Iterator[str]:
    """The address of the running site, on a database whose rows are committed and cleared after the test."""
    with production_static_files():
        yield base_url


@pytest.fixture
def trouble() -> Trouble:
    """What goes wrong in the pages of this test."""
    return Trouble()


@pytest.fixture
def open_page(site: str, new_context: Callable[..., BrowserContext], trouble: Trouble) -> Iterator[OpenPage]:
    """Open a window with its own cookies: `open_page(person, width=320, javascript=False)`.

    With a person, the window is signed in as that person without going through the sign-in page. `goto` takes
    paths. Undeclared trouble in any window fails the test when it ends.
    """

    def open_window(person: Person | None = None, *, width: int = WIDE, javascript: bool = True) -> Page:
        context = new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, HEIGHTS[WIDE])},
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(10_000)
        trouble.watch(context)
        if person is not None:
            context.add_cookies([session_cookie(person, site)])
        return context.new_page()

    yield open_window
    assert trouble.unexpected() == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A window of 1280 px that nobody is signed in to."""
    return open_page()


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def page_at_each_width(request: pytest.FixtureRequest, open_page: OpenPage) -> Page:
    """The test runs twice: in a window of 1280 px and in one of 320 px."""
    return open_page(width=request.param)


@pytest.fixture
def page_without_javascript(open_page: OpenPage) -> Page:
    """A window in which no script runs."""
    return open_page(javascript=False)


def session_cookie(person: Person, site: str) -> dict[str, Any]:
    """The cookie of a new session of `person` on `site`."""
    client = Client()
    client.force_login(person, backend=PASSWORD_BACKEND)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": site,
    }
