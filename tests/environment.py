"""What every test run needs before Django's settings are read: their values, and a real PostgreSQL.

Loaded by pytest itself (`-p tests.environment` in pyproject.toml), so that `.venv/bin/pytest tests/models`
works as it stands. Without DATABASE_URL the run joins the embedded test server, or starts it, and the last
run to end stops it. Parallel workers inherit the environment of the process that started them.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest

from embedded_postgresql import EmbeddedPostgresqlError, Lease, lease

ROOT = Path(__file__).resolve().parent.parent
TEST_SERVER = ROOT / ".data" / "test"

# All of them, so that neither the shell's variables nor a .env file can change what a test sees.
TEST_SETTINGS = {
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "BEHIND_PROXY": "false",
    "CSRF_TRUSTED_ORIGINS": "",
    "DATABASE_CONNECTION_SECONDS": "0",
    "DEBUG": "false",
    "DEMO": "false",
    "DEFAULT_FROM_EMAIL": "ICS data maturity survey <survey@example.org>",
    "EMAIL_URL": "memory:",
    "EVIDENCE_DIR": str(TEST_SERVER / "evidence"),
    "EVIDENCE_SCAN_COMMAND": "",
    "HSTS_SECONDS": "31536000",
    "HTTPS": "false",
    "LOG_LEVEL": "WARNING",
    "NATIONAL_BODY": "NHS England",
    "SESSION_HOURS": "10",
    "SUPPORT_EMAIL": "",
}

_leases: list[Lease] = []


def prepare_environment() -> None:
    """Put the settings' variables for tests in the environment, with a secret key made for this run."""
    os.environ.update(TEST_SETTINGS)
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)
    # Playwright keeps an event loop in the thread of the tests, which Django takes for our code's.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    prepare_environment()
    if "DATABASE_URL" in os.environ:
        return
    try:
        server = lease(TEST_SERVER, "test")
    except EmbeddedPostgresqlError as error:
        raise pytest.UsageError(str(error)) from error
    _leases.append(server)
    os.environ["DATABASE_URL"] = server.url("postgres")


def pytest_unconfigure() -> None:
    while _leases:
        _leases.pop().release()
