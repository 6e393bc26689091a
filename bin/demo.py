"""The whole site on this machine, with its own database and synthetic data.

    demo.py           serve it as in production (make demo)
    demo.py reset     throw the demo's data away, then serve it (make demo-reset)
    demo.py simulate  add a simulated round to the demo's data, served or not (make simulate)
    demo.py develop   Django's development server on the same data (make run)

Everything that is started here is stopped here: on Ctrl-C, on SIGTERM, when the terminal closes, and when
the process that started this one dies. PORT chooses another port than 8000; DATABASE_URL another database
than the embedded one.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from parent_death import end_with_parent
from progress import StepFailedError
from set_up import (
    PYTHON,
    ROOT,
    build_assets,
    collect_static_files,
    enter_virtual_environment,
    install_packages,
)

FOLDER = ROOT / ".data" / "demo"
HOST = "127.0.0.1"
SECONDS_TO_ANSWER = 60
SECONDS_TO_STOP = 15


class DemoError(Exception):
    """The demo cannot start; the message says why and what to do."""


class Stopped(BaseException):
    """Somebody asked the demo to stop."""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mode", nargs="?", choices=["serve", "reset", "simulate", "develop"], default="serve")
    mode = parser.parse_args().mode
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    end_with_parent(signal.SIGTERM)
    try:
        port = 0 if mode == "simulate" else free_port(os.environ.get("PORT") or "8000")
        enter_virtual_environment()
        install_packages("requirements-demo.txt")
        build_assets()
        if mode == "simulate":
            return simulate()
        if mode == "reset":
            reset()
        return serve(port, develop=mode == "develop")
    except Stopped:
        print("\nStopped.", flush=True)
        return 0
    except (DemoError, StepFailedError) as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1


def free_port(text: str) -> int:
    """The port named by `text`, if it is one and nobody listens on it. Raises DemoError."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise DemoError(
            f"PORT must be a number from 1 to 65535, not {text!r}. For example: make demo PORT=8001"
        )
    port = int(text)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the web server will: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except PermissionError:
            raise DemoError(f"Port {port} is kept for root. Choose another: make demo PORT=8001") from None
        except OSError:
            raise DemoError(
                f"Port {port} is taken by another program. Stop that one, or choose another port: "
                f"make demo PORT={port + 1 if port < 65535 else 8001}"
            ) from None
    return port


def reset() -> None:
    """Throw away the demo's data. Raises DemoError when a demo is running on them, or they are not ours."""
    if "DATABASE_URL" in os.environ:
        raise DemoError(
            "DATABASE_URL is set, and that database is yours: empty it yourself, then run make demo."
        )
    from embedded_postgresql import is_in_use

    if is_in_use(FOLDER):
        raise DemoError(
            "The demo's database is in use. Stop the running demo first (Ctrl-C there), then try again."
        )
    shutil.rmtree(FOLDER, ignore_errors=True)
    print("  Removed the demo's data", flush=True)


def simulate() -> int:
    """Add a simulated round to the demo's data, on which a demo may be running; the exit code."""
    with prepared(develop=False) as environment:
        command: list[str | Path] = [PYTHON, ROOT / "manage.py", "simulate_round"]
        run(command, environment, "The simulated round did not end as it must.")
    return 0


def serve(port: int, *, develop: bool) -> int:
    """Prepare the data and serve the site until it is stopped; the exit code."""
    with (
        prepared(develop=develop) as environment,
        child([PYTHON, ROOT / "manage.py", "procrastinate", "worker"], environment) as worker,
        web_server(port, environment, develop=develop) as server,
    ):
        wait_until_it_answers(server, port)
        _announce(port)
        name, code = _first_to_end({"web server": server, "worker": worker})
        raise DemoError(f"The {name} ended by itself, with code {code}. Its last lines above say why.")


@contextlib.contextmanager
def prepared(*, develop: bool) -> Iterator[dict[str, str]]:
    """The demo's settings, while its database runs and holds its data."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _database() as database_url:
        environment = demo_environment(database_url, develop=develop)
        if not develop:
            collect_static_files(environment)
        run([PYTHON, ROOT / "bin" / "prepare_demo.py"], environment, "The demo's data could not be prepared.")
        yield environment


def demo_environment(database_url: str, *, develop: bool) -> dict[str, str]:
    """The settings of the demo: as in production, but for plain HTTP on this machine alone.

    The secret key and the password of the demo's people are made once, and kept in .data/demo.
    """
    return {
        "DATABASE_URL": database_url,
        "DEBUG": "true" if develop else "false",
        "DEMO": "true",
        "EMAIL_URL": "console:",
        "EVIDENCE_DIR": str(FOLDER / "evidence"),
        "HTTPS": "false",
        "BEHIND_PROXY": "false",
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "SECRET_KEY": _kept_secret("secret-key", lambda: secrets.token_urlsafe(50)),
        "DEMO_PASSWORD": _kept_secret("password", _readable_password),
        "DJANGO_SETTINGS_MODULE": "maturity.settings",
        "PYTHONUNBUFFERED": "1",
    }


def _kept_secret(name: str, make: Callable[[], str]) -> str:
    path = FOLDER / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(make())
    return path.read_text()


def _readable_password() -> str:
    """Fifteen letters in three groups, easy to type from the terminal."""
    letters = "abcdefghjkmnpqrstuvwxyz"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(3))


@contextlib.contextmanager
def _database() -> Iterator[str]:
    if "DATABASE_URL" in os.environ:
        yield os.environ["DATABASE_URL"]
        return
    from embedded_postgresql import EmbeddedPostgresqlError, lease

    try:
        server = lease(FOLDER, "demo", lambda sentence: print(f"  {sentence}", flush=True))
        server.ensure_database("maturity")
    except EmbeddedPostgresqlError as error:
        raise DemoError(str(error)) from error
    try:
        yield server.url("maturity")
    finally:
        server.release()


def run(command: list[str | Path], environment: dict[str, str], failed: str) -> None:
    """Run a command to its end. Raises DemoError, which begins with `failed`, when it did not succeed."""
    with child(command, environment) as process:
        if process.wait() != 0:
            raise DemoError(f"{failed} The lines above say why.")


@contextlib.contextmanager
def web_server(port: int, environment: dict[str, str], *, develop: bool) -> Iterator[subprocess.Popen[bytes]]:
    """The site on `port`, under gunicorn as in a deployment or, with `develop`, Django's own server."""
    command: list[str | Path] = [PYTHON, ROOT / "manage.py", "runserver", f"{HOST}:{port}"]
    if not develop:
        options = ["--workers", "2", "--threads", "4", "--log-level", "warning", "--no-control-socket"]
        command = [PYTHON, "-m", "gunicorn", "maturity.wsgi", "--bind", f"{HOST}:{port}", *options]
    with child(command, environment) as process:
        yield process


@contextlib.contextmanager
def child(command: list[str | Path], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process, with those it starts, that ends before we leave."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        # A group of its own: Ctrl-C reaches us alone, and we stop the others in order.
        start_new_session=True,
        preexec_fn=partial(end_with_parent, signal.SIGTERM),  # noqa: PLW1509 - this process has one thread
    )
    try:
        yield process
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    for number, seconds in ((signal.SIGTERM, SECONDS_TO_STOP), (signal.SIGKILL, SECONDS_TO_STOP)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return


def wait_until_it_answers(server: subprocess.Popen[bytes], port: int) -> None:
    """Return when the site answers on `port`. Raises DemoError when it does not, or its process ended."""
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            # No proxy between two processes of one machine.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(f"http://{HOST}:{port}/healthz", timeout=5):
                return
        time.sleep(0.1)
    raise DemoError("The web server did not answer. The lines above say why.")


def _first_to_end(processes: Mapping[str, subprocess.Popen[bytes]]) -> tuple[str, int]:
    """Wait until one of the processes ends; its name and exit code."""
    while True:
        for name, process in processes.items():
            if process.poll() is not None:
                return name, process.returncode
        time.sleep(0.5)


def _announce(port: int) -> None:
    print(f"\n  The survey is at http://{HOST}:{port}  (Ctrl-C stops it and its database)\n", flush=True)


def _stop(number: int, frame: object) -> None:  # noqa: ARG001 - the signature of a signal handler
    # A second Ctrl-C must not interrupt the stopping.
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
