"""The site under gunicorn with several workers, on this machine, and people who use it over HTTP."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from os import environ
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

from surveys.models import Person

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Answered:
    """What the server answered."""

    status: int
    body: str
    location: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """The body as JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True)
class Visitor:
    """Somebody who has signed in; each request is a connection of its own, so that any worker may take it."""

    port: int
    person_id: int
    cookies: str
    token: str

    def get(self, path: str) -> Answered:
        """Ask for a page."""
        return self._ask("GET", path, None, {"Accept": "text/html"})

    def post(self, path: str, fields: Mapping[str, str], *, accept: str = "application/json") -> Answered:
        """Send a form, as the script does or, with `accept="text/html"`, as a browser does."""
        body = urlencode({"person": self.person_id, **fields})
        form = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.token}
        return self._ask("POST", path, body, {"Accept": accept, **form})

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answered:
        there = http.client.HTTPConnection(HOST, self.port, timeout=60)
        try:
            there.request(method, path, body, {"Cookie": self.cookies, **headers})
            answer = there.getresponse()
            return Answered(answer.status, answer.read().decode(), answer.headers.get("Location", ""))
        finally:
            there.close()


@dataclass(frozen=True)
class Site:
    """A running server."""

    port: int

    def visitor(self, person: Person) -> Visitor:
        """The person with a session of their own."""
        client = Client()
        client.force_login(person, backend=PASSWORD_BACKEND)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        token = "t" * 32
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}"
        return Visitor(self.port, person.pk, cookies, token)


@contextmanager
def gunicorn(workers: int) -> Iterator[Site]:
    """Serve the test database with so many workers until the end of the block."""
    port = free_port()
    process = start(workers, port)
    try:
        yield Site(port)
    finally:
        process.terminate()
        process.wait(timeout=30)


def start(workers: int, port: int) -> subprocess.Popen[bytes]:
    """Serve the test database on `port`; return when the site answers. To end it is for the caller."""
    command = [sys.executable, "-m", "gunicorn", "maturity.wsgi", f"--bind={HOST}:{port}"]
    process = subprocess.Popen(
        [*command, f"--workers={workers}", "--threads=4", "--no-control-socket", "--log-level=warning"],
        cwd=ROOT,
        env={
            **environ,
            "DATABASE_URL": database_url(),
            # As in a deployment, connections outlive their request.
            "DATABASE_CONNECTION_SECONDS": "60",
            "DJANGO_SETTINGS_MODULE": "maturity.settings",
            # Pages are rendered without collected static files.
            "DEBUG": "true",
        },
    )
    try:
        _wait_until_it_answers(process, port)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return process


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def database_url() -> str:
    """Where the test database is, for another process."""
    about = connection.settings_dict
    user, host, name = (quote(str(about[key]), safe="") for key in ("USER", "HOST", "NAME"))
    password = f":{quote(str(about['PASSWORD']), safe='')}" if about["PASSWORD"] else ""
    port = f":{about['PORT']}" if about["PORT"] else ""
    return f"postgresql://{user}{password}@{host}{port}/{name}"


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"gunicorn ended with code {process.returncode}; its lines above say why")
        there = http.client.HTTPConnection(HOST, port, timeout=10)
        try:
            there.request("GET", "/healthz")
            if there.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            there.close()
    raise RuntimeError(f"gunicorn did not answer within {SECONDS_TO_START} seconds")
