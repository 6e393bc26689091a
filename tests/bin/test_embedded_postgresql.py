"""The embedded server starts for its first user, is shared, and stops with its last, whatever ends that."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from embedded_postgresql import EmbeddedPostgresqlError, is_in_use, lease, running_server

BIN = Path(__file__).resolve().parents[2] / "bin"
# A user in a process of its own: takes a lease, says so, and holds it until it is ended.
USER = """
import sys, time
from pathlib import Path
from embedded_postgresql import lease
held = lease(Path(sys.argv[1]), "test")
print(held.url("postgres"), flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where a server of this test keeps its files: a long path with spaces and a quote in it.

    Not in pytest's own folder, which every run of pytest closes again to the account of a server for root.
    """
    with tempfile.TemporaryDirectory(prefix="a folder with spaces, and a quote'") as above:
        path = Path(above) / ("long" * 20)
        yield path
        assert running_server(path) is None


@pytest.fixture
def other_user(folder: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start a user of the server in a process of its own; returns when that holds its lease."""
    started = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", USER, str(folder)]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(BIN)}
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline().startswith("postgresql://")
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for `condition`, and fail when it does not come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def answers(url: str) -> bool:
    """Whether the server at `url` answers a query."""
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_a_lease_gives_a_server_that_keeps_what_it_was_given(folder: Path) -> None:
    first = lease(folder, "demo")
    assert first.ensure_database("kept") is True
    with psycopg.connect(first.url("kept")) as connection:
        connection.execute("CREATE TABLE note AS SELECT 'still here' AS text")
    first.release()
    assert running_server(folder) is None

    second = lease(folder, "demo")
    assert second.ensure_database("kept") is False
    with psycopg.connect(second.url("kept")) as connection:
        assert connection.execute("SELECT text FROM note").fetchone() == ("still here",)
    second.release()


def test_the_server_listens_on_no_network(folder: Path) -> None:
    held = lease(folder, "test")
    with psycopg.connect(held.url("postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert held.sockets.stat().st_mode & 0o077 == 0
    held.release()
    assert not held.sockets.exists()


def test_users_share_one_server_and_the_last_one_stops_it(
    folder: Path, other_user: Callable[[], subprocess.Popen[str]]
) -> None:
    held = lease(folder, "test")
    server = running_server(folder)
    other = other_user()
    assert running_server(folder) == server

    held.release()
    assert is_in_use(folder)
    assert answers(held.url("postgres"))

    other.terminate()
    wait_until(lambda: running_server(folder) is None)
    assert not is_in_use(folder)


def test_a_killed_user_leaves_no_server_behind(
    folder: Path, other_user: Callable[[], subprocess.Popen[str]]
) -> None:
    other_user().kill()

    wait_until(lambda: running_server(folder) is None)


def test_a_killed_keeper_leaves_no_server_behind(folder: Path) -> None:
    held = lease(folder, "test")
    assert held._keeper is not None
    held._keeper.kill()

    wait_until(lambda: running_server(folder) is None)
    held.release()


def test_a_new_user_waits_for_the_server_to_stop_and_gets_another(
    folder: Path, other_user: Callable[[], subprocess.Popen[str]]
) -> None:
    other_user().send_signal(signal.SIGKILL)
    held = lease(folder, "test")

    assert answers(held.url("postgres"))
    held.release()


def test_damaged_files_of_a_test_server_are_made_anew(folder: Path) -> None:
    lease(folder, "test").release()
    shutil.rmtree(folder / "postgresql" / "global")

    held = lease(folder, "test")
    assert answers(held.url("postgres"))
    held.release()


def test_damaged_files_of_the_demo_are_kept_and_the_log_is_shown(folder: Path) -> None:
    lease(folder, "demo").release()
    shutil.rmtree(folder / "postgresql" / "global")

    with pytest.raises(EmbeddedPostgresqlError, match=r"(?s)PostgreSQL did not start.*pg_control"):
        lease(folder, "demo")
    assert not is_in_use(folder)


def test_files_of_another_version_are_refused_with_what_to_do(folder: Path) -> None:
    lease(folder, "demo").release()
    (folder / "postgresql" / "PG_VERSION").write_text("15\n")

    with pytest.raises(
        EmbeddedPostgresqlError, match=r"made by PostgreSQL 15, and this is 18. Run `make demo-reset`"
    ):
        lease(folder, "demo")


def test_a_note_left_by_a_crash_does_not_stop_the_next_start(folder: Path) -> None:
    lease(folder, "test").release()
    # As after a restart of the machine: the process id is by now another program's.
    note = [str(os.getpid()), str(folder / "postgresql"), "0", "5432", "/nowhere", "", "", "ready"]
    (folder / "postgresql" / "postmaster.pid").write_text("\n".join(note))

    held = lease(folder, "test")
    assert answers(held.url("postgres"))
    held.release()


def test_long_steps_are_told(folder: Path) -> None:
    told: list[str] = []
    lease(folder, "test", told.append).release()
    lease(folder, "test", told.append).release()

    assert told[-2:] == [
        f"Making a new PostgreSQL 18 server in {folder / 'postgresql'}, and starting it",
        "Starting PostgreSQL",
    ]
