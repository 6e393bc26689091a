"""`make demo`: it says what is wrong in a sentence, serves as in production, and leaves nothing running."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path

import pytest

import demo
from demo import DemoError, free_port
from embedded_postgresql import running_server

ROOT = Path(__file__).resolve().parents[2]
# The demo as `make demo` runs it, on data of this test instead of the person's own.
RUN = """
import sys
from pathlib import Path
import demo
demo.FOLDER = Path(sys.argv.pop(1))
sys.exit(demo.main())
"""


LONG_STEPS = ("Making a", "Installing", "Fetching", "Building", "Compressing")
# One worker of a parallel run does them all, on one set of data.
pytestmark = pytest.mark.xdist_group("demo")


class Demo:
    """A demo in a process of its own, and what it has printed so far."""

    def __init__(self, folder: Path, port: int, *, parent: bool = False) -> None:
        self.folder, self.port, self.printed = folder, port, ""
        command = [sys.executable, "-c", RUN, str(folder)]
        if parent:
            # As under make: a process that does nothing but wait for the demo.
            command = [sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])", *command]
        environment = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY")
        }
        self.process = subprocess.Popen(
            command,
            env={**environment, "PORT": str(port), "PYTHONPATH": str(ROOT / "bin")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def wait_until_it_serves(self) -> None:
        """Read what it prints until it says where the site is."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed += line
            if f"http://127.0.0.1:{self.port}" in line:
                return
        raise AssertionError(f"the demo ended with {self.process.wait()}:\n{self.printed}")

    def end(self) -> int:
        """Read the rest of what it prints; its exit code."""
        rest, _ = self.process.communicate(timeout=60)
        self.printed += rest
        return self.process.returncode

    def leaves_nothing(self) -> bool:
        """Whether its database has stopped, no process of it is left, and its port is free."""
        shown = subprocess.run(
            ["ps", "-ww", "-eo", "stat=,command="], capture_output=True, text=True, check=True
        )
        traces = (str(self.folder), f"--bind 127.0.0.1:{self.port}")
        left = [
            line
            for line in shown.stdout.splitlines()
            if not line.startswith("Z") and any(trace in line for trace in traces)
        ]
        return left == [] and running_server(self.folder) is None and is_free(self.port)


def is_free(port: int) -> bool:
    """Whether a server could listen on `port`."""
    try:
        free_port(str(port))
    except DemoError:
        return False
    return True


def unused_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def get(port: int, path: str) -> tuple[int, Message, str]:
    """What the site answers to a GET of `path`, redirects not followed: status, headers, text."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        with connection.getresponse() as response:
            return response.status, response.headers, response.read().decode()


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for `condition`, and fail when it does not come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The data of this module's demos: made by the first, met again by the others."""
    with tempfile.TemporaryDirectory(prefix="maturity demo ") as path:
        yield Path(path)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Demo]]:
    """Start a demo on the data of this module; it is ended with the test whatever happens."""
    started: list[Demo] = []

    def start_demo(port: int | None = None, *, parent: bool = False) -> Demo:
        started.append(Demo(folder, port or unused_port(), parent=parent))
        return started[-1]

    yield start_demo
    for one in started:
        if one.process.poll() is None:
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.communicate()
    for one in started:
        wait_until(one.leaves_nothing)


def test_ctrl_c_and_sigterm_stop_all_of_it_and_the_data_stay(start: Callable[..., Demo]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        running = start()
        running.wait_until_it_serves()
        assert get(running.port, "/readyz")[::2] == (200, "ready\n")
        sees_production(running.port)

        running.process.send_signal(number)

        assert running.end() == 0
        assert running.printed.endswith("\nStopped.\n")
        assert running.leaves_nothing()
    # The second time there was nothing left to make.
    assert [word for word in LONG_STEPS if word in running.printed] == []


def sees_production(port: int) -> None:
    """Assert that the site is served as in production: its policy, hashed files, no debugging pages."""
    status, headers, text = get(port, "/sign-in/")
    assert status == 200
    assert "default-src 'self'" in headers["Content-Security-Policy"].split("; ")
    hashed = re.search(r'href="(/static/built/site\.[0-9a-f]{12}\.css)"', text)
    assert hashed is not None
    assert get(port, hashed[1])[1]["Cache-Control"] == "max-age=315360000, public, immutable"
    status, _, text = get(port, "/nowhere/")
    assert (status, "DEBUG" in text) == (404, False)


def test_it_ends_with_the_process_that_started_it(start: Callable[..., Demo]) -> None:
    running = start(parent=True)
    running.wait_until_it_serves()

    running.process.kill()

    wait_until(running.leaves_nothing)


def test_even_when_killed_it_leaves_nothing(start: Callable[..., Demo]) -> None:
    running = start()
    running.wait_until_it_serves()

    running.process.kill()

    wait_until(running.leaves_nothing)


def test_a_taken_port_is_told_before_anything_is_done(start: Callable[..., Demo]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        port = other.getsockname()[1]
        running = start(port)

        assert running.end() == 1
    assert running.printed == (
        f"\nPort {port} is taken by another program. Stop that one, or choose another port: "
        f"make demo PORT={port + 1}\n"
    )


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "80.5", "٣٣"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(DemoError, match=r"PORT must be a number from 1 to 65535, not '"):
        free_port(text)


def test_secrets_are_made_once_and_kept_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "FOLDER", tmp_path)

    first, second = (demo.demo_environment("postgresql:///x", develop=False) for _ in range(2))

    assert first == second
    assert len(first["SECRET_KEY"]) >= 50
    assert re.fullmatch(r"[a-z]{5}-[a-z]{5}-[a-z]{5}", first["DEMO_PASSWORD"])
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_database_of_the_persons_own_is_not_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@localhost/mine")

    with pytest.raises(DemoError, match=r"that database is yours"):
        demo.reset()


def test_a_running_demo_is_not_reset(
    start: Callable[..., Demo], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(demo, "FOLDER", folder)
    running = start()
    running.wait_until_it_serves()

    with pytest.raises(DemoError, match=r"Stop the running demo first"):
        demo.reset()
    running.process.terminate()
    running.end()
    demo.reset()

    assert not folder.exists()
