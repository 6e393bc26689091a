"""A file that is not what it should be is refused with a message that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys.actions.row_problems import RowProblem, RowsRefused
from surveys.imports import csv_table
from surveys.imports.csv_table import Layout, Row, read_table

FRUIT = Layout("fruit", required=("fruit", "price"), optional=("note",), max_rows=4)
TREES = Layout("trees", required=("tree", "height"))
SAVE_AS = "In the spreadsheet choose “Save as” and “CSV UTF-8 (comma delimited)”."


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problems(path: Path, *layouts: Layout) -> tuple[str, ...]:
    with pytest.raises(RowsRefused) as refused:
        read_table(path, *(layouts or (FRUIT,)))
    return tuple(str(problem) for problem in refused.value.problems)


def test_rows_have_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, 'Fruit,Price\n apple ,1\n\n,,\n"two\nlines",2\n'), FRUIT)

    assert table.layout is FRUIT
    assert table.rows == (
        Row(2, {"fruit": "apple", "price": "1", "note": ""}),
        Row(5, {"fruit": "two\nlines", "price": "2", "note": ""}),
    )


def test_a_header_is_read_whatever_its_capitals_spaces_and_byte_order_mark(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, b"\xef\xbb\xbf PRICE ,Fruit, note\n1,pear,\xc3\xa9\n"), FRUIT)

    assert [row.cells for row in table.rows] == [{"fruit": "pear", "price": "1", "note": "é"}]


def test_the_header_tells_which_layout_a_file_has(tmp_path: Path) -> None:
    assert read_table(write(tmp_path, "tree,height\noak,30\n"), FRUIT, TREES).layout is TREES


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"PK\x03\x04rest", f"It is a workbook or a zip file, not a CSV file. {SAVE_AS}"),
        (b"\xd0\xcf\x11\xe0rest", f"It is an old workbook or document, not a CSV file. {SAVE_AS}"),
        (b"%PDF-1.7", f"It is a PDF, not a CSV file. {SAVE_AS}"),
        ("fruit,price\n".encode("utf-16"), f"It is text in UTF-16, not in UTF-8. {SAVE_AS}"),
        (b"\xfe\xff\x00f", f"It is text in UTF-16, not in UTF-8. {SAVE_AS}"),
        (b"fruit,price\na\0b,1\n", f"It is not a text file. {SAVE_AS}"),
        (b"fruit,price\napple,1\nc\xf4t\xe9,2\n", f"Line 3 is not in UTF-8. {SAVE_AS}"),
        (b"", "It is empty. It needs a header: fruit, price, note."),
        (b"\n\n , \n", "It is empty. It needs a header: fruit, price, note."),
        (
            b"fruit,price\n\n",
            "It has no rows below the header. Add a row for each thing that it should say.",
        ),
        (b"fruit;price\npear;1\n", f"Its columns are separated by semicolons, not by commas. {SAVE_AS}"),
        (b"fruit\tprice\n", f"Its columns are separated by tabs, not by commas. {SAVE_AS}"),
        (
            b"hello\n",
            "row 1: The first row is not a header that we know. It should be: fruit, price, note (fruit).",
        ),
        (
            b"fruit,price\na,1\nb,2\nc,3\nd,4\ne,5\n",
            "It has more than 4 rows. Check that it is the right file.",
        ),
        (
            b'fruit,price\n"pear,1\n',
            (
                "Near line 2 the quotation marks do not match, or a cell is too long. Put double "
                "quotation marks "
                "around a cell that holds a comma, and double those inside it."
            ),
        ),
        (
            b"fruit,price\n" + b"x" * 140_000 + b",1\n",
            (
                "Near line 2 the quotation marks do not match, or a cell is too long. Put double "
                "quotation marks "
                "around a cell that holds a comma, and double those inside it."
            ),
        ),
        (
            b"fruit,price\n" + b"x" * 100_001 + b",1\n",
            "row 2, column fruit: It is longer than 100,000 characters. Shorten it.",
        ),
        (
            b"fruit,price\napple, pear and plum,1\n",
            (
                "row 2: It has 3 cells and the header has 2. "
                "Put double quotation marks around a cell that holds a comma."
            ),
        ),
        (
            b'fruit,price\n"=HYPERLINK(""http://evil.example"")",1\n',
            "row 2, column fruit: It is a spreadsheet formula, not a value. Put what it shows in its place.",
        ),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    assert problems(write(tmp_path, content)) == (expected,)


def test_every_problem_of_a_header_is_told_at_once(tmp_path: Path) -> None:
    assert problems(write(tmp_path, "fruit,fruit,notes,colour,\na,b,c,d,e\n")) == (
        "row 1: Column 5 has no name. Name it or remove it.",
        "row 1, column colour: There is no such column. Remove it; the columns are: fruit, price, note.",
        "row 1, column fruit: It stands in the header more than once. Keep one of them.",
        "row 1, column notes: There is no such column. Did you mean note?",
        "row 1, column price: The column is missing. The columns are: fruit, price, note.",
    )


def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "MAX_BYTES", 2_000_000)
    with (tmp_path / "large.csv").open("wb") as large:
        large.truncate(2_000_001)

    assert problems(tmp_path / "large.csv") == (
        "It is larger than 2 MB. Check that it is the right file, or split it.",
    )


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path / "absent.csv") == ("There is no such file. Check the path.",)
    assert problems(tmp_path / ("a" * 300)) == (
        "It cannot be read: File name too long. Check the path and who may read it.",
    )
    assert problems(tmp_path) == ("It is not a file. Give the path of a CSV file.",)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)

    assert problems(write(tmp_path, "fruit,price\na,1\n")) == (
        "It cannot be read: Permission denied. Check the path and who may read it.",
    )


def test_a_problem_says_where_it_is() -> None:
    assert str(RowProblem(0, "", "It is empty.", "Fill it.")) == "It is empty. Fill it."
    assert str(RowProblem(3, "", "It is odd.", "Mend it.")) == "row 3: It is odd. Mend it."
    assert str(RowProblem(0, "name", "It is odd.", "Mend it.")) == "column name: It is odd. Mend it."
