"""A site of sample pages, served with the assets that `npm run build` made, and a browser to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from pytest_django.fixtures import Settings

from browser import find_browser


@pytest.fixture(autouse=True)
def assets_as_built(settings: Settings) -> None:
    """Serve the assets under the names they are built with, so that a test needs no `collectstatic`."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def site(settings: Settings) -> Iterator[str]:
    """The address of the sample site, which needs no database."""
    settings.ROOT_URLCONF = "tests.templates.sample_site"
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium where there is one."""
    found = find_browser()
    assert found is not None, "There is no Chromium: run `make test`, which says how to get one."
    return browser_type_launch_args | {"executable_path": str(found), "args": ["--no-sandbox"]}
