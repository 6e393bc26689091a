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
    found = shortfalls(
        report(99.9, surveys__analysis__scores={"missing_lines": [7, 9], "missing_branches": []})
    )

    assert found == ["surveys/analysis/scores.py must be reached in full; missing: 7, 9"]


def test_a_branch_missing_where_things_are_written_is_told() -> None:
    branches = [[12, 15], [20, -3]]
    found = shortfalls(
        report(99.9, surveys__actions__rounds={"missing_lines": [], "missing_branches": branches})
    )

    assert found == ["surveys/actions/rounds.py must be reached in full; missing: 12->15, 20->exit"]


def test_a_file_without_tests_is_told_in_one_line() -> None:
    found = shortfalls(
        report(99, surveys__permissions={"missing_lines": [*range(1, 31)], "missing_branches": []})
    )

    assert found == [
        "surveys/permissions.py must be reached in full; missing: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 18 more"
    ]


def test_elsewhere_only_the_total_counts() -> None:
    assert shortfalls(report(96, surveys__views__home={"missing_lines": [1], "missing_branches": []})) == []
