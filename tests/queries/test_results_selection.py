"""Which part of a long table is shown."""

from __future__ import annotations

import pytest

from surveys.queries.results.selection import ROWS_A_PAGE, Part, part_of

LINES = tuple(range(2 * ROWS_A_PAGE + 1))


@pytest.mark.parametrize(
    ("number", "shown", "first", "last"),
    [
        ("", 1, 1, ROWS_A_PAGE),
        ("2", 2, ROWS_A_PAGE + 1, 2 * ROWS_A_PAGE),
        ("3", 3, 2 * ROWS_A_PAGE + 1, 2 * ROWS_A_PAGE + 1),
        ("99", 3, 2 * ROWS_A_PAGE + 1, 2 * ROWS_A_PAGE + 1),
        ("0", 1, 1, ROWS_A_PAGE),
        ("-1", 1, 1, ROWS_A_PAGE),
        ("two", 1, 1, ROWS_A_PAGE),
        ("²", 1, 1, ROWS_A_PAGE),
        ("9" * 5000, 1, 1, ROWS_A_PAGE),
    ],
)
def test_a_page_of_a_table_is_counted_from_one(number: str, shown: int, first: int, last: int) -> None:
    part = part_of(LINES, number)
    assert (part.number, part.pages, part.of) == (shown, 3, len(LINES))
    assert (part.first, part.last) == (first, last)
    assert part.lines == LINES[first - 1 : last]


def test_a_country_of_systems_is_one_page() -> None:
    assert part_of(LINES[:42], "") == Part(LINES[:42], 1, 1, 42)


def test_an_empty_table_is_one_empty_page() -> None:
    assert part_of((), "2") == Part((), 1, 1, 0)
