"""Fixtures for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pgtrigger
import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.test import override_settings

from tests.mail_server import mail_server
from tests.worker import empty_the_queue
from tests.world import world

__all__ = ["mail_server", "world"]

PLAIN_STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


# How long an example takes says more about what else the machine does than about the code.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Name the test database: TEST_DATABASE_NAME, so that runs can share a server, and the worker."""
    name = os.environ.get("TEST_DATABASE_NAME", "test_maturity")
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"{name}_{worker}" if worker else name


@pytest.fixture(scope="session", autouse=True)
def static_files_as_they_are(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Render pages without collecting static files first; the browser's tests do as production does."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_STATIC_FILES}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path_factory.mktemp("static")):
        yield


@pytest.fixture(scope="session", autouse=True)
def flush_of_protected_tables() -> Iterator[None]:
    """Let the flush after a transactional test empty the tables of the queue, which Django does not manage.

    And those that triggers protect from everybody else.
    """
    handle = flush.Command.handle

    def handle_without_triggers(command: flush.Command, **options: Any) -> None:
        with pgtrigger.ignore():
            handle(command, **options)
        empty_the_queue()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", handle_without_triggers)
        yield
