"""What the gate on coverage asks for."""

from __future__ import annotations

from typing import Any

from tests.gates.coverage_by_room import shortfalls


def report(percent: float, **files: dict[str, Any]) -> dict[str, Any]:
    """A report of coverage with the given total and files, named as `surveys__actions__rounds` for a path."""
    return {
        "totals": {"percent_covered": percent},
        "files": {f"{name.replace('__', '/')}.py": file for name, file in files.items()},
    }


COMPLETE = {"missing_lines": [], "missing_branches": []}


def test_enough_is_let_through() -> None:
    assert shortfalls(report(95.0, surveys__actions__rounds=COMPLETE, surveys__permissions=COMPLETE)) == []


def test_too_little_overall_is_told() -> None:
    assert shortfalls(report(94.994)) == [
        "the tests reach 94.99 % of the lines and branches; at least 95 % is asked"
    ]


def test_a_line_missing_where_numbers_are_made_is_told() -> None:
    missing = {"missing_lines": [*range(1, 31)], "missing_branches": []}

    first = ", ".join(str(line) for line in range(1, 13))
    assert shortfalls(report(99, surveys__permissions=missing)) == [
        f"surveys/permissions.py must be reached in full; missing: {first} and 18 more"
    ]


def test_elsewhere_only_the_total_counts() -> None:
    assert shortfalls(report(96, surveys__views__home={"missing_lines": [1], "missing_branches": []})) == []
