"""Cells that a spreadsheet cannot run and a program cannot misread."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from decimal import Decimal

import pytest

from surveys.exports.csv_text import Cell, CsvFile, cell_text, line, round_file_name


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("", ""),
        ("Devon", "Devon"),
        (Decimal("3.5000"), "3.5000"),
        (Decimal("-0.7500"), "-0.7500"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (42, "42"),
        (-1, "-1"),
        (0.25, "0.25"),
        (2.5e-17, "0.000000000000000025"),
        (True, "yes"),
        (False, "no"),
        (datetime.date(2026, 4, 1), "2026-04-01"),
        (datetime.datetime(2026, 7, 1, 12, 0, 5, 9, tzinfo=datetime.UTC), "2026-07-01T13:00:05+01:00"),
    ],
)
def test_each_kind_of_value_has_one_form(cell: Cell, text: str) -> None:
    """Numbers in full, truth as yes and no, times as in London with their offset."""
    assert cell_text(cell) == text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20 7946 0000",
        "-2",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "  =1+1",
        "\uff1dSUM(A1)",
    ],
)
def test_text_that_a_spreadsheet_would_run_is_kept_as_text(text: str) -> None:
    """An apostrophe before it; nothing of it is lost."""
    assert cell_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Devon = Cornwall", "a-b", "'quoted'", "é", " Devon"])
def test_other_text_is_left_alone(text: str) -> None:
    """A sign in the middle starts nothing."""
    assert cell_text(text) == text


def test_commas_quotes_and_lines_survive_the_way_through_a_reader() -> None:
    """As RFC 4180 has it."""
    cells = ("Bath, Swindon", 'the "best"', "two\nlines")
    text = line(cells)
    assert text.endswith("\r\n")
    assert next(csv.reader(io.StringIO(text, newline=""))) == list(cells)


def test_rows_are_made_as_they_are_written() -> None:
    """The header is out before the first row is asked for."""
    asked_for = []

    def rows() -> Iterator[tuple[int]]:
        for number in (1, 2):
            asked_for.append(number)
            yield (number,)

    lines = CsvFile("a.csv", ("number",), rows()).lines()
    assert (next(lines), asked_for) == ("number\r\n", [])
    assert (next(lines), asked_for) == ("1\r\n", [1])


@pytest.mark.parametrize(
    ("title", "synthetic", "name"),
    [
        ("Spring round 2026", False, "spring-round-2026-progress.csv"),
        ("Spring round 2026", True, "synthetic-spring-round-2026-progress.csv"),
        ("春", False, "round-progress.csv"),
    ],
)
def test_a_file_about_a_round_says_which_and_whether_it_is_made_up(
    title: str, synthetic: bool, name: str
) -> None:
    assert round_file_name(title, "progress", synthetic=synthetic) == name
