"""The worker, in this process and as the process of its own that it is in a deployment.

It has connections of its own, so it sees only what is committed: use `django_db(transaction=True)`.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

ROOT = Path(__file__).resolve().parent.parent


def work() -> None:
    """Do everything in the queue that is due, and what comes of it."""
    while _due():
        # A thread, because Playwright leaves an event loop in this one.
        thread = threading.Thread(target=_work)
        thread.start()
        thread.join()


def _due() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM procrastinate_jobs "
            "WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"
        )
        return cursor.fetchone() is not None


def _work() -> None:
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()):
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    connection.close()


@contextlib.contextmanager
def worker_process(*options: str) -> Iterator[subprocess.Popen[str]]:
    """A worker process on the test's database and mail server, gone at the end."""
    with start_worker(*options) as process:
        try:
            yield process
        finally:
            process.kill()


def start_worker(*options: str, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
    """Start a worker process on the test's database and mail server. To end it is for the caller."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_user")
        name, user = cursor.fetchone() or ("", "")
    database = connection.settings_dict
    where = f"{quote(database['HOST'], safe='')}{':' if database['PORT'] else ''}{database['PORT']}"
    who = f"{user}:{quote(database['PASSWORD'], safe='')}" if database["PASSWORD"] else user
    environment = {
        "DATABASE_URL": f"postgresql://{who}@{where}/{name}",
        "EMAIL_URL": f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
    }
    return subprocess.Popen(
        [sys.executable, ROOT / "manage.py", "procrastinate", "worker", *options],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        text=True,
    )


def let_pauses_pass() -> None:
    """Make every job due that waits for its time."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


def jobs() -> list[tuple[str, dict[str, object]]]:
    """The names and arguments of the jobs of mail that are left in the queue, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs WHERE queue_name = 'mail' ORDER BY id")
        return [(name, json.loads(arguments)) for name, arguments in cursor.fetchall()]


def empty_the_queue() -> None:
    """Forget every job and every worker."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
