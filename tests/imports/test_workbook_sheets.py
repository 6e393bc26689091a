"""Files that say they are workbooks: what is read of an honest one, and how little a hostile one costs."""

from __future__ import annotations

import datetime
import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from xlsxwriter import Workbook

from surveys.imports.workbook_package import (
    DAMAGED,
    MAX_BYTES,
    SAVE_AS,
    WorkbookRefused,
    open_package,
)
from surveys.imports.workbook_sheets import Sheet, read_sheets

NOT_A_WORKBOOK = f"The file is not an Excel workbook (.xlsx), whatever its name. {SAVE_AS}"
TOO_MUCH = (
    "The workbook holds far more than it should, or something far out on a sheet, so it has not been read. "
    "Remove what you added to it, and upload it again."
)
UNPACKS_TO_TOO_MUCH = (
    "The workbook holds far more than it should, so it has not been opened. "
    "Remove what you added to it, and upload it again."
)
OLD = f"The file is an old Excel workbook (.xls), or it has a password. {SAVE_AS} Save it without a password."
TOO_LARGE = (
    "The file is larger than 2 MB, which no workbook of this service is. Remove pictures and sheets of "
    "your own, and upload it again."
)
OPENDOCUMENT = (
    "The file is an OpenDocument file. Choose “Save as” and “Excel 2007-365 (.xlsx)”, and upload that file."
)
XML = '<?xml version="1.0" encoding="UTF-8"?>'


def workbook(fill: Callable[[Workbook], object] = lambda made: made.add_worksheet("One")) -> bytes:
    """A real workbook that `fill` has written."""
    buffer = io.BytesIO()
    made = Workbook(buffer, {"in_memory": True})
    fill(made)
    made.close()
    return buffer.getvalue()


def repacked(content: bytes, method: int = zipfile.ZIP_DEFLATED, /, **parts: bytes | str) -> bytes:
    """The workbook with parts replaced or added; `xl__workbook.xml` is xl/workbook.xml."""
    changed = {name.replace("__", "/"): part for name, part in parts.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w", method) as after:
        for name in before.namelist():
            after.writestr(name, changed.pop(name, before.read(name)))
        for name, part in changed.items():
            after.writestr(name, part)
    return buffer.getvalue()


def with_sheet(rows: str, head: str = XML) -> bytes:
    """A workbook whose only sheet holds these rows as they stand."""
    sheet = f"{head}<worksheet><sheetData>{rows}</sheetData></worksheet>"
    return repacked(workbook(), **{"xl__worksheets__sheet1.xml": sheet})


def refusal(content: bytes) -> str:
    with pytest.raises(WorkbookRefused) as refused:
        read_sheets(content)
    return refused.value.message


def test_cells_are_read_from_the_first_row_and_column_with_their_kinds() -> None:
    def fill(made: Workbook) -> None:
        sheet = made.add_worksheet("Answers")
        sheet.write_string(1, 1, "=1+1")
        sheet.write_number(1, 2, 2.5)
        sheet.write(2, 1, *[True])
        sheet.write_datetime(2, 2, datetime.date(2025, 1, 3), made.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_formula(3, 1, "=1+2", None, 3)
        made.add_worksheet("Empty")
        made.add_chartsheet("Chart").set_chart(_chart(made))

    assert read_sheets(workbook(fill)) == (
        Sheet(
            "Answers",
            (
                ("", "", ""),
                ("", "=1+1", 2.5),
                ("", True, datetime.date(2025, 1, 3)),
                ("", 3.0, ""),
            ),
            {},
        ),
        Sheet("Empty", (), {}),
    )


def _chart(made: Workbook) -> object:
    chart = made.add_chart({"type": "column"})
    chart.add_series({"values": "=Answers!$C$2:$C$3"})
    return chart


def test_errors_of_formulas_and_formulas_without_a_value_are_told_by_cell() -> None:
    def fill(made: Workbook) -> None:
        sheet = made.add_worksheet("Answers")
        sheet.write_formula(0, 0, "=NA()", None, "#N/A")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 0, '=""', None, "")
        sheet.write_string(3, 0, "#N/A")

    with zipfile.ZipFile(io.BytesIO(workbook(fill))) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    unworked = xml.replace("</sheetData>", '<row r="9"><c r="C9"><f>A1</f></c></row></sheetData>')
    (sheet,) = read_sheets(repacked(workbook(fill), **{"xl__worksheets__sheet1.xml": unworked}))
    assert sheet.faults == {(0, 0): "#N/A", (1, 1): "#DIV/0!", (8, 2): ""}
    assert sheet.rows[3] == ("#N/A", "")


def test_cells_without_an_address_follow_one_another() -> None:
    rows = (
        '<row><c t="inlineStr"><is><t>a</t></is></c><c><v>2</v></c></row><row><c t="e"><v>#N/A</v></c></row>'
    )
    (sheet,) = read_sheets(with_sheet(rows))
    assert (sheet.rows[0], sheet.faults) == (("a", 2.0), {(1, 0): "#N/A"})


def test_styled_blank_cells_far_out_are_no_content() -> None:
    def fill(made: Workbook) -> None:
        sheet = made.add_worksheet("One")
        sheet.write_string(0, 0, "x")
        sheet.write_blank(900_000, 9_000, None, made.add_format({"bold": True}))

    assert read_sheets(workbook(fill))[0].rows == (("x",),)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty. Choose the workbook that you filled in."),
        (b"code,answer\nlinked_data,3\n", NOT_A_WORKBOOK),
        (b"%PDF-1.7", NOT_A_WORKBOOK),
        ("עברית \U0001f600".encode(), NOT_A_WORKBOOK),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            OLD,
        ),
        (b"PK\x03\x04 and nothing more", DAMAGED),
        (
            b"PK\x03\x04" + b"\0" * MAX_BYTES,
            TOO_LARGE,
        ),
    ],
    ids=["empty", "csv", "pdf", "text", "xls", "cut", "large"],
)
def test_other_files_are_told_what_they_are(content: bytes, message: str) -> None:
    assert refusal(content) == message


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            {"xl__vbaProject.bin": b"x"},
            f"The workbook has macros, which are not accepted. {SAVE_AS}",
        ),
        (
            {"xl__macrosheets__sheet1.xml": b"x"},
            f"The workbook has macros, which are not accepted. {SAVE_AS}",
        ),
        ({"xl__workbook.bin": b"x"}, f"The file is a binary workbook (.xlsb). {SAVE_AS}"),
        (
            {"mimetype": b"x", "content.xml": b"x"},
            OPENDOCUMENT,
        ),
    ],
    ids=["macros", "old macros", "binary", "opendocument"],
)
def test_other_workbooks_are_told_how_to_be_saved(parts: dict[str, bytes], message: str) -> None:
    assert refusal(repacked(workbook(), **parts)) == message


def test_a_zip_file_without_a_workbook_is_none() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "x")
    assert refusal(buffer.getvalue()) == NOT_A_WORKBOOK


def test_a_locked_part_is_not_opened() -> None:
    content = bytearray(workbook())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark) + offset
        content[place] |= 1
    assert refusal(bytes(content)) == "The file has a password. Save it without one and upload it again."


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[:-40],
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"PK\x01\x02", b"PK\x01\x03", 1),
        lambda content: content[:300] + b"\xff" * 200 + content[500:],
        lambda content: repacked(content, **{"xl__workbook.xml": b"<workbook>"}),
        lambda content: repacked(content, **{"xl__workbook.xml": b"\xff\xfe\x00"}),
        lambda content: repacked(content, **{"xl__workbook.xml": "<a/>".encode("utf-16")}),
        lambda content: repacked(content, **{"xl__sharedStrings.xml": b"\0"}),
        lambda content: repacked(content, zipfile.ZIP_LZMA),
        lambda content: repacked(content, **{"XL__WORKBOOK.xml": b"<workbook/>"}),
        lambda content: repacked(
            content,
            **{
                "xl__workbook.xml": f"{XML}<workbook><sheets><sheet name='A' r:id='rId1'/>"
                "<sheet name='A' r:id='rId1'/></sheets></workbook>"
            },
        ),
    ],
    ids=[
        "end",
        "half",
        "directory",
        "middle",
        "unclosed",
        "binary",
        "utf-16",
        "nul",
        "lzma",
        "twice",
        "name",
    ],
)
def test_a_damaged_file_is_refused(change: Callable[[bytes], bytes]) -> None:
    message = refusal(change(workbook()))
    assert message == DAMAGED


def test_a_part_that_defines_names_is_refused_before_they_are_filled_in() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    head = f"{XML}<!DOCTYPE x [{laughs}]>"
    assert refusal(with_sheet('<row r="1"><c r="A1"><v>&l11;</v></c></row>', head)) == DAMAGED


def test_a_part_in_another_encoding_is_refused() -> None:
    assert refusal(with_sheet("<row/>", '<?xml version="1.0" encoding="ISO-8859-1"?>')) == DAMAGED


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="0"><c r="A1"><v>1</v></c></row>',
        '<row r="x"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="1A"><v>1</v></c></row>',
        '<row r="1"><c r="ABCD1"><v>1</v></c></row>',
        '<row r="1"><c r="a1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99999999999999999999</v></c></row>',
    ],
)
def test_addresses_that_cannot_be_are_refused(rows: str) -> None:
    assert refusal(with_sheet(rows)) == DAMAGED


def test_a_reference_to_a_text_that_is_not_there_is_refused() -> None:
    assert refusal(with_sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')) == DAMAGED


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    bomb = repacked(workbook(), **{"xl__worksheets__sheet1.xml": b"\0" * 300_000_000})
    assert len(bomb) < 400_000
    tracemalloc.start()
    assert refusal(bomb) == UNPACKS_TO_TOO_MUCH
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_directory_that_lies_about_sizes_gains_nothing() -> None:
    bomb = repacked(workbook(), **{"xl__worksheets__sheet1.xml": b"\0" * 100_000_000})
    liar = bomb.replace(struct.pack("<I", 100_000_000), struct.pack("<I", 1_000))
    tracemalloc.start()
    assert refusal(liar) == DAMAGED
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_too_many_parts_are_refused() -> None:
    parts = {f"xl__drawings__{number}.xml": b"<a/>" for number in range(500)}
    assert refusal(repacked(workbook(), **parts)) == DAMAGED


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZ1"><v>1</v></c></row><row r="9999999"><c r="A9999999"><v>1</v></c></row>',
        "<row>" + "<c><v>1</v></c>" * 70_000 + "</row>",
    ],
    ids=["far corner", "beyond the corner", "many cells"],
)
def test_a_sheet_that_would_be_filled_up_is_refused(rows: str) -> None:
    assert refusal(with_sheet(rows)) == TOO_MUCH


def test_many_large_sheets_count_together() -> None:
    def fill(made: Workbook) -> None:
        for number in range(10):
            made.add_worksheet(f"Sheet {number}").write_number(4_000, 9, 1)

    assert refusal(workbook(fill)) == TOO_MUCH


def test_one_long_text_in_many_cells_is_refused() -> None:
    def fill(made: Workbook) -> None:
        sheet = made.add_worksheet("One")
        for row in range(3_000):
            sheet.write_string(row, 0, "x" * 30_000)

    assert refusal(workbook(fill)) == TOO_MUCH


def test_too_many_sheets_are_refused() -> None:
    def fill(made: Workbook) -> None:
        for number in range(101):
            made.add_worksheet(f"Sheet {number}")

    assert refusal(workbook(fill)) == "The workbook has more than 100 sheets. Remove your own."


def test_only_parts_that_are_needed_reach_the_reader() -> None:
    content = repacked(workbook(), **{"xl__media__image1.png": b"x", "customXml__item1.xml": b"<a/>"})
    with zipfile.ZipFile(io.BytesIO(open_package(content).content)) as archive:
        names = set(archive.namelist())
    assert names == {
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/theme/theme1.xml",
    }
