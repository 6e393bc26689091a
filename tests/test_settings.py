"""A setting that is missing or malformed stops the start with one sentence that names it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GOOD = {"SECRET_KEY": "k" * 50, "DATABASE_URL": "postgresql://user@localhost/name"}


def _start(*command: str, **changes: str | None) -> tuple[int, str]:
    """Exit code and last output of a command with these settings alone."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {name: value for name, value in {**kept, **GOOD, **changes}.items() if value is not None}
    finished = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )
    return finished.returncode, finished.stderr


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"SECRET_KEY": None},
            (
                "The setting SECRET_KEY is missing. Make one with: "
                'python -c "import secrets; print(secrets.token_urlsafe(50))" '
                "and keep it out of version control."
            ),
        ),
        (
            {"SECRET_KEY": "  "},
            (
                "The setting SECRET_KEY is missing. Make one with: "
                'python -c "import secrets; print(secrets.token_urlsafe(50))" '
                "and keep it out of version control."
            ),
        ),
        (
            {"DATABASE_URL": None},
            (
                "The setting DATABASE_URL is missing. Give the PostgreSQL database as "
                "postgresql://USER:PASSWORD@HOST:PORT/NAME."
            ),
        ),
        (
            {"DATABASE_URL": "sqlite:///db.sqlite3"},
            (
                "The setting DATABASE_URL must name a PostgreSQL database (postgresql://...): "
                "the product keeps its rules in PostgreSQL constraints and triggers."
            ),
        ),
        (
            {"SESSION_HOURS": "many"},
            (
                'A setting cannot be read: Environment variable "SESSION_HOURS" invalid: '
                "Not a valid integer. See .env.example."
            ),
        ),
    ],
    ids=["no key", "blank key", "no database", "another database", "no number"],
)
def test_commands_say_what_to_do(changes: dict[str, str | None], sentence: str) -> None:
    assert _start("manage.py", "check", **changes) == (1, sentence + "\n")


def test_the_web_server_says_it_and_does_not_try_again() -> None:
    code, said = _start("-m", "gunicorn", "maturity.wsgi", "--bind", "127.0.0.1:0", SECRET_KEY=None)
    assert code == 3
    assert said.count("The setting SECRET_KEY is missing.") == 1


BEHIND_TLS = """
import django
django.setup()
from django.conf import settings
from django.test import Client
plain = Client().get("/sign-in/", headers={"host": "survey.example"})
print(plain.status_code, plain.headers["Location"])
safe = Client(headers={"host": "survey.example", "x-forwarded-proto": "https"}).get("/sign-in/")
print(safe.status_code, safe.headers["Strict-Transport-Security"])
print(safe.cookies["csrftoken"]["secure"], settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY)
print(Client().get("/healthz", headers={"host": "survey.example"}).status_code)
"""


def test_behind_tls_nothing_goes_over_a_plain_connection() -> None:
    given = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        **GOOD,
        "ALLOWED_HOSTS": "survey.example",
        "BEHIND_PROXY": "true",
        # Pages are rendered without collected static files.
        "DEBUG": "true",
        "DJANGO_SETTINGS_MODULE": "maturity.settings",
    }
    said = subprocess.run(
        [sys.executable, "-c", BEHIND_TLS], cwd=ROOT, env=given, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines() == [
        "301 https://survey.example/sign-in/",
        "200 max-age=31536000; includeSubDomains; preload",
        "True True True",
        "200",
    ]


def test_good_settings_start() -> None:
    assert _start("manage.py", "version")[0] == 0
