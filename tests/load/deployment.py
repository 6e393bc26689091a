"""The site, its mail worker and a PostgreSQL of their own on this machine, each of which can be killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from embedded_postgresql import EmbeddedPostgresqlError, Lease, lease, programs, running_server
from tests.load import gunicorn
from tests.worker import start_worker

DATABASE = "maturity"
SECONDS_TO_START = 60
WORKERS = 2


class Postgresql:
    """A server that keeps on disk what it has committed, with a copy of the test database.

    Its sockets are in another folder after every start; `sockets` is a link that always leads there.
    """

    def __init__(self, folder: Path) -> None:
        self.sockets = folder / "sockets"
        self._folder = folder
        self._held = self._start()
        self._held.ensure_database(DATABASE)

    def kill(self) -> None:
        """Kill the server, and start it again as soon as its files are free."""
        server = running_server(self._folder)
        assert server is not None
        os.kill(server[0], signal.SIGKILL)
        self._held.release()
        self._held = self._start()

    def stop(self) -> None:
        """Stop the server as it should be stopped."""
        self._held.release()

    def _start(self) -> Lease:
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                held = lease(self._folder, "demo")
                break
            except EmbeddedPostgresqlError:
                # The sessions of a killed server end a moment after it, and hold its files until then.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        self.sockets.unlink(missing_ok=True)
        self.sockets.symlink_to(held.sockets)
        return held


class Deployment:
    """What `docker-compose.yml` would keep running: whatever is killed is started again.

    `kills` counts them by what was killed.
    """

    def __init__(self, postgresql: Postgresql, chance: random.Random) -> None:
        self.kills = dict.fromkeys(("a worker of the site", "the site", "the mail worker", "PostgreSQL"), 0)
        self._postgresql = postgresql
        self._chance = chance
        self._port = gunicorn.free_port()
        self._site = gunicorn.start(WORKERS, self._port)
        self._mail_worker = _mail_worker()

    @property
    def site(self) -> gunicorn.Site:
        """The site, at the same address through all its lives."""
        return gunicorn.Site(self._port)

    def kill(self, what: str) -> None:
        """Kill one of those in `kills`, and return when it is started again."""
        self.kills[what] += 1
        if what == "a worker of the site":
            os.kill(self._chance.choice(self._site_workers()), signal.SIGKILL)
        elif what == "the site":
            self._site.kill()
            self._site.wait()
            self._site = gunicorn.start(WORKERS, self._port)
        elif what == "the mail worker":
            self.kill_mail_worker_for_good()
            self._mail_worker = _mail_worker()
        else:
            self._postgresql.kill()
            connection.close()
            if self._mail_worker.poll() is not None:
                self._mail_worker = _mail_worker()

    def kill_mail_worker_for_good(self) -> None:
        """Kill the mail worker, and leave it so."""
        self._mail_worker.kill()
        self._mail_worker.wait()

    def stop(self) -> None:
        """Stop everything but PostgreSQL."""
        self.kill_mail_worker_for_good()
        self._site.terminate()
        self._site.wait(timeout=30)

    def _site_workers(self) -> list[int]:
        """The workers of the site; its first process makes a new one in place of one that died."""
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            shown = subprocess.run(
                ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
            ).stdout
            pairs = [line.split() for line in shown.splitlines()]
            found = [int(process) for process, parent in pairs if int(parent) == self._site.pid]
            if len(found) == WORKERS:
                return found
            time.sleep(0.05)
        raise RuntimeError(f"The site did not have {WORKERS} workers within {SECONDS_TO_START} seconds")


@contextmanager
def deployment(chance: random.Random) -> Iterator[Deployment]:
    """Serve a copy of the test database as it is now; within the block, Django's connection leads to it."""
    # Not in pytest's own folder, which it closes to the account that PostgreSQL runs as for root.
    with tempfile.TemporaryDirectory(prefix="kill-") as above:
        postgresql = Postgresql(Path(above))
        try:
            _copy_to(postgresql)
            with _connected_to(postgresql):
                running = Deployment(postgresql, chance)
                try:
                    yield running
                finally:
                    running.stop()
        finally:
            postgresql.stop()


def _mail_worker() -> subprocess.Popen[str]:
    return start_worker("--fetch-job-polling-interval=0.2", stderr=subprocess.DEVNULL)


def _copy_to(postgresql: Postgresql) -> None:
    dump = subprocess.run(
        [programs() / "pg_dump", "--no-owner", f"--dbname={gunicorn.database_url()}"],
        capture_output=True,
        check=True,
    )
    subprocess.run(
        [
            *(programs() / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"),
            *(f"--host={postgresql.sockets}", "--username=postgres", f"--dbname={DATABASE}"),
        ],
        input=dump.stdout,
        stdout=subprocess.DEVNULL,
        check=True,
    )


@contextmanager
def _connected_to(postgresql: Postgresql) -> Iterator[None]:
    """Let Django's connection, in every thread, lead to the server: its rows have the same keys."""
    there = connection.settings_dict
    before = {key: there[key] for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}
    here = {"HOST": str(postgresql.sockets), "PORT": "", "NAME": DATABASE, "USER": "postgres", "PASSWORD": ""}
    connection.close()
    there.update(here)
    try:
        yield
    finally:
        connection.close()
        there.update(before)
