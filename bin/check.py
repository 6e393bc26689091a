"""The quality gates (make check): every one that fails is shown, with what it found.

check.py            all of them
check.py mypy ruff  those whose names are given
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from progress import StepFailedError
from set_up import PYTHON, ROOT, build_assets, enter_virtual_environment, install_packages

BIN = PYTHON.parent


@dataclass(frozen=True)
class Gate:
    """One check and its command, run with production settings unless it brings its own."""

    name: str
    command: Sequence[str | Path]
    own_settings: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a gate said and whether it let us through."""

    gate: Gate
    passed: bool
    output: str
    seconds: float


GATES = (
    Gate("mypy", [PYTHON, "-m", "mypy"]),
    Gate("structure", [PYTHON, "-m", "pytest", "-q", "tests/gates"], own_settings=True),
    Gate("lint-imports", [BIN / "lint-imports", "--no-logo"]),
    Gate("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    Gate("deploy", [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]),
    Gate("djlint", [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"]),
    Gate("ruff", [PYTHON, "-m", "ruff", "check", "--quiet", "."]),
    Gate("ruff-format", [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."]),
)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gates", nargs="*", metavar="GATE", help=", ".join(gate.name for gate in GATES))
    names = parser.parse_args().gates
    unknown = set(names) - {gate.name for gate in GATES}
    if unknown:
        known = ", ".join(gate.name for gate in GATES)
        parser.error(f"there is no gate {', '.join(sorted(unknown))}; the gates are {known}")
    try:
        enter_virtual_environment()
        install_packages("requirements-dev.txt")
        build_assets()
    except StepFailedError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return check([gate for gate in GATES if not names or gate.name in names])


def check(gates: Sequence[Gate]) -> int:
    """Run `gates` side by side, two at a time, saying how each went; 0 when all passed, else 1."""
    settings = production_settings()
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        runs = [pool.submit(_run, gate, settings) for gate in gates]
        for done, run in enumerate(as_completed(runs), start=1):
            outcome = run.result()
            verdict = "passed" if outcome.passed else "FAILED"
            print(
                f"  [{done}/{len(gates)}] {outcome.gate.name} {verdict} ({outcome.seconds:.1f} s)", flush=True
            )
            if not outcome.passed:
                failed.append(outcome.gate.name)
                print(outcome.output.rstrip(), flush=True)
    if failed:
        print(f"\nThese gates did not pass: {', '.join(sorted(failed))}.", file=sys.stderr, flush=True)
    return 1 if failed else 0


def production_settings() -> dict[str, str]:
    """The environment of a deployment with nothing but what has no default, and a key made for this run.

    The database is a name only: no gate reads from it.
    """
    return {
        "ALLOWED_HOSTS": "survey.example.org",
        "DATABASE_URL": "postgresql://survey@127.0.0.1:1/survey",
        "DEBUG": "false",
        "DJANGO_SETTINGS_MODULE": "maturity.settings",
        "HTTPS": "true",
        "SECRET_KEY": secrets.token_urlsafe(50),
    }


def _run(gate: Gate, settings: Mapping[str, str]) -> Outcome:
    began = time.monotonic()
    finished = subprocess.run(
        gate.command,
        cwd=ROOT,
        env=dict(os.environ) if gate.own_settings else {**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(gate, finished.returncode == 0, finished.stdout, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
