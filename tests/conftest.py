"""Fixtures for every test."""

from __future__ import annotations

import os
from typing import Any

import pgtrigger
import pytest
from django.conf import settings
from django.core.management.commands import flush

from tests.world import world

__all__ = ["world"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Name the test database: TEST_DATABASE_NAME, so that runs can share a server, and the worker's number."""
    name = os.environ.get("TEST_DATABASE_NAME", "test_maturity")
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"{name}_{worker}" if worker else name


@pytest.fixture(scope="session", autouse=True)
def flush_of_protected_tables() -> Any:
    """Let the flush after a transactional test empty the tables that triggers protect from everybody else."""
    handle = flush.Command.handle

    def handle_without_triggers(command: flush.Command, **options: Any) -> None:
        with pgtrigger.ignore():
            handle(command, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", handle_without_triggers)
        yield
