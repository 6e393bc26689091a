"""The site as a browser meets it: over HTTP, with hashed and compressed static files, as in production."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import override_settings
from django.test.testcases import QuietWSGIRequestHandler

from set_up import BUILD, is_stamped, static_sources, write_stamp

COLLECTED = BUILD / "collected-for-tests"
PRODUCTION_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"


def production_static_files() -> override_settings:
    """Settings under which pages link to the collected, hashed files, as in production."""
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": PRODUCTION_STORAGE},
    }
    return override_settings(STATIC_ROOT=COLLECTED, STORAGES=storages)


def collect_static_files() -> None:
    """Collect the static files where the tests serve them from, unless none has changed since last time."""
    if not (BUILD / "static").is_dir():
        raise FileNotFoundError(
            f"{BUILD / 'static'} is missing: run `make test` once, or npm ci and npm run build."
        )
    BUILD.mkdir(exist_ok=True)
    stamp = BUILD / "collected-for-tests-from"
    # The workers of one run share the files; the first one collects them.
    with (BUILD / "collecting-for-tests").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sources = static_sources()
        if not is_stamped(stamp, sources) or not COLLECTED.is_dir():
            with production_static_files():
                call_command("collectstatic", interactive=False, clear=COLLECTED.is_dir(), verbosity=0)
            write_stamp(stamp, sources)


@contextmanager
def served() -> Iterator[str]:
    """Serve the site on a free port of this machine; its address, like http://127.0.0.1:40123."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(WSGIHandler())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
