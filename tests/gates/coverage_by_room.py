"""A pytest plug-in that fails the run when the tests leave too much of the product out.

`make test` loads it, with coverage on: at least 95 % of all lines and branches, and every one of them where
numbers are made, where it is decided who may do what, and where things are written.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / ".build" / "coverage.json"
OVERALL = 95
MOST_SHOWN = 12
IN_FULL = ("surveys/actions/", "surveys/analysis/", "surveys/permissions.py")

_found = pytest.StashKey[list[str]]()


def shortfalls(report: dict[str, Any]) -> list[str]:
    """What a report in coverage's JSON format falls short of: one line each, none when all is well."""
    found = []
    overall = report["totals"]["percent_covered"]
    if overall < OVERALL:
        found.append(
            f"the tests reach {overall:.2f} % of the lines and branches; at least {OVERALL} % is asked"
        )
    for name, file in sorted(report["files"].items()):
        if not name.startswith(IN_FULL):
            continue
        lines = [str(line) for line in file["missing_lines"]]
        branches = [
            f"{start}->{'exit' if end < 0 else end}" for start, end in file.get("missing_branches", [])
        ]
        if lines or branches:
            found.append(f"{name} must be reached in full; missing: {_shortened([*lines, *branches])}")
    return found


def _shortened(items: list[str]) -> str:
    more = len(items) - MOST_SHOWN
    return ", ".join(items[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    if hasattr(session.config, "workerinput"):
        return (yield)
    REPORT.unlink(missing_ok=True)
    result = yield
    # Outside pytest-cov's own wrapper: by now it has combined the workers' data and written the report.
    found = shortfalls(json.loads(REPORT.read_text())) if REPORT.exists() else ["there is no coverage report"]
    session.config.stash[_found] = found
    session.testsfailed += len(found)
    return result


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    found = config.stash.get(_found, [])
    if found:
        terminalreporter.section("coverage that is asked for")
        for line in found:
            terminalreporter.write_line(f"FAILED {line}", red=True)
