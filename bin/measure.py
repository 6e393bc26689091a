"""How fast the site is beside the least it could cost here, and whether it keeps what it saves.

    measure.py          pages, saves and a deadline evening with the systems of the demo (make bench)
    measure.py large    the pages of results for up to 42,000 systems (make bench-large)

The site as it is deployed, with two workers, and a PostgreSQL of its own whose every commit is on disk. Its
data are made anew for every run. PORT chooses another port than 8009.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import demo
from embedded_postgresql import EmbeddedPostgresqlError, lease
from progress import StepFailedError
from set_up import (
    PYTHON,
    ROOT,
    build_assets,
    collect_static_files,
    enter_virtual_environment,
    install_packages,
)


def main() -> int:
    try:
        port = demo.free_port(os.environ.get("PORT") or "8009")
        enter_virtual_environment()
        install_packages("requirements-demo.txt")
        build_assets()
        return bench(port, sys.argv[1:])
    except (demo.DemoError, EmbeddedPostgresqlError, StepFailedError) as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1


def bench(port: int, what: Sequence[str]) -> int:
    """Serve a new database on `port`, measure it and throw it away; the exit code. `what` is for bench."""
    # The secret key and the password of the demonstration are kept there.
    demo.FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / ".data"))
    server = lease(folder, "demo", lambda sentence: print(f"  {sentence}", flush=True))
    try:
        server.ensure_database("maturity")
        environment = {
            **demo.demo_environment(server.url("maturity"), develop=False),
            "EVIDENCE_DIR": str(folder / "evidence"),
            "LOG_LEVEL": "WARNING",
            "PORT": str(port),
            "PYTHONPATH": str(ROOT),
        }
        collect_static_files(environment)
        demo.run([PYTHON, ROOT / "bin" / "prepare_demo.py"], environment, "The data could not be made.")
        environment |= {"DEMO": "false", "DJANGO_SETTINGS_MODULE": "bench.settings"}
        with demo.web_server(port, environment, develop=False) as site:
            demo.wait_until_it_answers(site, port)
            with demo.child([PYTHON, "-m", "bench", *what], environment) as measuring:
                return measuring.wait()
    finally:
        server.release()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
