"""What is taken as evidence is what it says it is, whole, and nothing else beside."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from surveys.files.kinds import FILE_TYPES, LARGEST, FileKind, UnsuitableFile, size_in_words
from surveys.files.names import ending
from surveys.files.recognition import recognise
from tests.files.samples import (
    PDF,
    content_types,
    jpeg,
    office,
    office_parts,
    png,
    png_chunk,
    relations,
    segment,
    workbook,
    zipped,
)

UNKNOWN = (
    "This is not a file that can be taken, or it is damaged. You can add PDF, PNG and JPEG pictures, CSV and "
    "text files, and Word, Excel and PowerPoint files without macros. What counts is what is in the file, "
    "not what its name ends in."
)
MACROS = (
    "The file has macros, and those are not taken. Save it without them, as .docx, .xlsx or .pptx, and "
    "choose that file."
)
DAMAGED_OFFICE = (
    "The Office file is damaged, or it was made in a way that we cannot check. Open it, save it again, and "
    "choose the new file."
)
TOO_MUCH = (
    "The Office file is far larger when it is unpacked than it looks, so we do not take it. Save the part "
    "that matters as a PDF, and choose that file."
)
DAMAGED_PICTURE = "The picture is damaged or not whole. Save it again, and choose the new file."
MORE_THAN_A_PICTURE = (
    "Something else than a picture is in this file. Open the picture, save it as a new PNG or JPEG, and "
    "choose that file."
)
NOT_WHOLE_PDF = (
    "The PDF is not whole, or something else is attached to its end. Print or save it as a new PDF, and "
    "choose that file."
)
ARCHIVE = (
    "This is an archive of files, or an Office file of another kind. Add the files one by one, as .docx, "
    ".xlsx, .pptx or PDF."
)
OTHER_OFFICE = (
    "This is not a Word document, an Excel workbook or a PowerPoint presentation. Templates and slide shows "
    "are not taken: save it as .docx, .xlsx or .pptx, and choose that file."
)
FETCHES = (
    "When this file is opened it fetches something from elsewhere and may run it. Save it as a PDF, and "
    "choose that file."
)
OLD_OFFICE = (
    "This file is from an old version of Office, or it is locked with a password, so we cannot look inside. "
    "Save it as .docx, .xlsx or .pptx without a password, and choose that file."
)
PROGRAM = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def inside(name: str) -> str:
    return (
        f"Another file is inside this one (“{name}”), and we cannot tell what it does. Take it out and save "
        "again, or save it all as a PDF, and choose that file."
    )


def kind_of(content: bytes, name: str) -> FileKind:
    return recognise(io.BytesIO(content), name)


def why_not(content: bytes, name: str) -> str:
    with pytest.raises(UnsuitableFile) as refused:
        kind_of(content, name)
    return refused.value.message


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "Coverage.PDF", FileKind.PDF),
        (png(), "chart.png", FileKind.PNG),
        (jpeg(), "board.jpg", FileKind.JPEG),
        (jpeg(), "board.jpeg", FileKind.JPEG),
        (jpeg() + b"\0\0" + jpeg() + b"\0", "two pictures of one camera.jpg", FileKind.JPEG),
        (jpeg(b"\xff" + segment(0xFE, b"a comment"), b"\xff\x01"), "padded.jpg", FileKind.JPEG),
        (b"practice,share\r\nA,40\r\n", "shares.csv", FileKind.CSV),
        (b"\xef\xbb\xbfZo\xc3\xab", "utf-8.txt", FileKind.TEXT),
        ("Zoë".encode("utf-16"), "utf-16.txt", FileKind.TEXT),
        ("Zoë €5 £5".encode("cp1252"), "windows.csv", FileKind.CSV),
        ("👩‍⚕️ كلمة".encode(), "words.txt", FileKind.TEXT),
        (workbook(), "real.xlsx", FileKind.EXCEL),
        (office("docx"), "minutes.docx", FileKind.WORD),
        (office("pptx", {"ppt/media/image1.png": png()}), "slides.pptx", FileKind.POWERPOINT),
        (office("xlsx", {"xl/printerSettings/printerSettings1.bin": b"\1"}), "print.xlsx", FileKind.EXCEL),
        (office("xlsx", {"xl/model/item.data": b"\1"}), "data model.xlsx", FileKind.EXCEL),
        (office("docx", {"word/embeddings/Sheet.xlsx": office("xlsx")}), "chart.docx", FileKind.WORD),
        (office("docx", {"word/media/": b""}), "with a folder.docx", FileKind.WORD),
        (
            office(
                "docx",
                {
                    "word/_rels/document.xml.rels": relations(
                        ("hyperlink", "https://example.org/"), ("attachedTemplate", "file:///C:/Normal.dotm")
                    )
                },
            ),
            "with links.docx",
            FileKind.WORD,
        ),
    ],
)
def test_what_is_taken(content: bytes, name: str, kind: FileKind) -> None:
    assert kind_of(content, name) == kind


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "empty.pdf", "The file is empty. Choose another one."),
        (PROGRAM, "report.pdf", UNKNOWN),
        (PROGRAM, "report.txt", UNKNOWN),
        (SVG, "drawing.svg", UNKNOWN),
        (b"<html><script>alert(1)</script></html>", "page.html", UNKNOWN),
        (b"GIF89a", "moving.gif", UNKNOWN),
        (b"just words", "no ending", UNKNOWN),
        (b"\xff\xfeodd", "half a character.txt", UNKNOWN),
        (b"\x81\x8d", "no encoding.txt", UNKNOWN),
        ("next\x85line \x9b31m".encode(), "terminal.txt", UNKNOWN),
        (b"bell\x07", "bell.csv", UNKNOWN),
        (PDF[:-7], "cut.pdf", NOT_WHOLE_PDF),
        (PDF + zipped({"a.txt": "hidden"}), "archive behind.pdf", NOT_WHOLE_PDF),
        (PDF + b"<script>alert(1)</script>", "page behind.pdf", NOT_WHOLE_PDF),
    ],
)
def test_what_is_not_taken(content: bytes, name: str, message: str) -> None:
    assert why_not(content, name) == message


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (png()[:-1], "cut.png", DAMAGED_PICTURE),
        (png()[:30], "cut inside.png", DAMAGED_PICTURE),
        (png().replace(b"IDAT", b"IDAX"), "wrong sum.png", DAMAGED_PICTURE),
        (png(png_chunk(b"tEXt", b"a" * 9))[:-30], "cut in a chunk.png", DAMAGED_PICTURE),
        (b"\x89PNG\r\n\x1a\n" + png_chunk(b"IEND"), "no picture.png", DAMAGED_PICTURE),
        (b"\x89PNG\r\n\x1a\n", "nothing.png", DAMAGED_PICTURE),
        (png() + b"<script>alert(1)</script>", "polyglot.png", MORE_THAN_A_PICTURE),
        (png() + zipped({"a": "b"}), "archive behind.png", MORE_THAN_A_PICTURE),
        (png(png_chunk(b"tEXt", b"Comment\0<HTML><body>")), "page inside.png", MORE_THAN_A_PICTURE),
        (jpeg()[:-2], "cut.jpg", DAMAGED_PICTURE),
        (jpeg()[:20], "cut early.jpg", DAMAGED_PICTURE),
        (jpeg()[:12], "cut in a segment.jpg", DAMAGED_PICTURE),
        (b"\xff\xd8\xff\xe0\0\1", "too short a segment.jpg", DAMAGED_PICTURE),
        (b"\xff\xd8\xff\xd9", "no scan.jpg", DAMAGED_PICTURE),
        (b"\xff\xd8\xff\xff", "nothing.jpg", DAMAGED_PICTURE),
        (jpeg(b"\x41\x41"), "no marker.jpg", DAMAGED_PICTURE),
        (jpeg() + b"<script>alert(1)</script>", "polyglot.jpg", MORE_THAN_A_PICTURE),
        (jpeg() + zipped({"a": "b"}), "archive behind.jpg", MORE_THAN_A_PICTURE),
        (jpeg(segment(0xFE, b"< script >alert(1)")), "page inside.jpg", MORE_THAN_A_PICTURE),
    ],
)
def test_a_picture_is_whole_and_nothing_but_a_picture(content: bytes, name: str, message: str) -> None:
    assert why_not(content, name) == message


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("macros.docm", office("docx", {"word/vbaProject.bin": b"\1"}), MACROS),
        ("renamed.docx", office("docx", {"word/vbaProject.bin": b"\1"}), MACROS),
        ("renamed.docx", office("docx", {"word/VBADATA.xml": b"<a/>"}), MACROS),
        (
            "renamed.docx",
            office(
                "docx",
                {
                    "[Content_Types].xml": content_types(
                        "word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml"
                    )
                },
            ),
            MACROS,
        ),
        ("renamed.xlsx", office("xlsx", {"xl/macros.bin": b"\1"}), inside("macros.bin")),
        ("program.docx", office("docx", {"word/embeddings/setup.exe": PROGRAM}), inside("setup.exe")),
        ("program.docx", office("docx", {"word/media/image1.png": PROGRAM}), inside("image1.png")),
        ("object.xlsx", office("xlsx", {"xl/embeddings/oleObject1.bin": b"\1"}), inside("oleobject1.bin")),
        ("control.docx", office("docx", {"word/activeX/activeX1.bin": b"\1"}), inside("activex1.bin")),
        ("nested.docx", office("docx", {"word/embeddings/a.xlsm": office("xlsx")}), inside("a.xlsm")),
        (
            "nested twice.docx",
            office("docx", {"word/a.xlsx": office("xlsx", {"xl/b.docx": office("docx")})}),
            inside("b.docx"),
        ),
        (
            "nested macros.docx",
            office("docx", {"word/a.xlsx": office("xlsx", {"xl/vbaProject.bin": b"\1"})}),
            MACROS,
        ),
        ("archive.docx", zipped({"a.docx": office("docx")}), ARCHIVE),
        ("no parts.xlsx", zipped({}), UNKNOWN),
        (
            "template.docx",
            office(
                "docx", {"[Content_Types].xml": content_types("word/document.xml", "application/x.template")}
            ),
            OTHER_OFFICE,
        ),
        (
            "no main part.docx",
            zipped(
                {name: part for name, part in office_parts("docx").items() if name != "word/document.xml"}
            ),
            OTHER_OFFICE,
        ),
        (
            "remote template.docx",
            office(
                "docx",
                {
                    "word/_rels/settings.xml.rels": relations(
                        ("attachedTemplate", "https://example.org/a.dotm")
                    )
                },
            ),
            FETCHES,
        ),
        (
            "entities.docx",
            office("docx", {"_rels/.rels": '<!DOCTYPE a [<!ENTITY b "c">]><Relationships/>'}),
            DAMAGED_OFFICE,
        ),
        ("not xml.docx", office("docx", {"_rels/.rels": "<Relationships>"}), DAMAGED_OFFICE),
        ("utf-16.docx", office("docx", {"_rels/.rels": "<Relationships/>".encode("utf-16")}), DAMAGED_OFFICE),
        ("climbs.docx", office("docx", {"../up.xml": "<a/>"}), DAMAGED_OFFICE),
        ("climbs.docx", office("docx", {"/etc/a.xml": "<a/>"}), DAMAGED_OFFICE),
        ("climbs.docx", office("docx", {"..\\up.xml": "<a/>"}), DAMAGED_OFFICE),
        ("capitals.docx", office("docx", {"WORD/Document.xml": "<a/>"}), DAMAGED_OFFICE),
        ("program in front.docx", PROGRAM + office("docx"), UNKNOWN),
        ("archive in front.docx", b"PK\3\4" + office("docx"), DAMAGED_OFFICE),
        ("behind.docx", office("docx") + b"<script>", DAMAGED_OFFICE),
        ("cut.docx", office("docx")[:-30], DAMAGED_OFFICE),
        ("short.docx", b"PK\3\4", DAMAGED_OFFICE),
        (
            "old.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old",
            OLD_OFFICE,
        ),
        ("long list.docx", office("docx", {"_rels/.rels": " " * (4 * 1024 * 1024 + 1)}), TOO_MUCH),
        ("bomb.xlsx", office("xlsx", {"xl/sheet1.xml": bytes(201 * 1024 * 1024)}), TOO_MUCH),
        ("parts.xlsx", office("xlsx", {f"xl/{number}.xml": "" for number in range(5_000)}), TOO_MUCH),
    ],
)
def test_an_office_file_holds_only_what_it_should(name: str, content: bytes, message: str) -> None:
    assert why_not(content, name) == message


def _with_locked_flag(content: bytes) -> bytes:
    """Say in the directory that the first part is locked."""
    place = content.index(b"PK\1\2") + 8
    return content[:place] + struct.pack("<H", 1) + content[place + 2 :]


def test_a_locked_archive_is_told_apart() -> None:
    assert why_not(_with_locked_flag(office("docx")), "locked.docx") == (
        "The file is locked with a password, so we cannot look inside. Take the password off, save it again, "
        "and choose that file."
    )


def test_a_bomb_that_lies_about_its_size_is_found_when_it_is_unpacked() -> None:
    bomb = office("xlsx", {"xl/sheet1.xml": bytes(50_000_000)})
    lie = bomb.replace(struct.pack("<I", 50_000_000), struct.pack("<I", 1_000))

    assert lie != bomb
    assert why_not(lie, "lies.xlsx") == DAMAGED_OFFICE


def test_a_bomb_of_overlapping_parts_is_refused() -> None:
    buffer = io.BytesIO(office("xlsx", {"xl/sheet1.xml": bytes(1_000_000)}))
    with zipfile.ZipFile(buffer, "a") as package:
        first = package.getinfo("xl/sheet1.xml")
        for number in range(300):
            twin = zipfile.ZipInfo(f"xl/twin{number}.xml")
            for name in ("header_offset", "file_size", "compress_size", "CRC", "compress_type"):
                setattr(twin, name, getattr(first, name))
            package.filelist.append(twin)
        package._didModify = True

    assert why_not(buffer.getvalue(), "overlap.xlsx") == TOO_MUCH


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_parts_are_packed_as_office_packs_them(how: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as package:
        for name, content in office_parts("docx").items():
            package.writestr(name, content)

    assert why_not(buffer.getvalue(), "packed.docx") == DAMAGED_OFFICE


def test_the_name_has_to_agree_with_the_content() -> None:
    assert why_not(png(), "report.pdf") == (
        "The name of the file ends in .pdf, but its content is a PNG picture. If that is what you mean to "
        "add, let its name end in .png and choose it again."
    )
    assert why_not(PDF, "report") == (
        "The name of the file has no ending, but its content is a PDF. If that is what you mean to add, let "
        "its name end in .pdf and choose it again."
    )


def test_ten_megabytes_are_the_most() -> None:
    content = PDF[:-6] + b"\n" * (LARGEST - len(PDF)) + b"%%EOF\n"

    assert (len(content), kind_of(content, "large.pdf")) == (LARGEST, FileKind.PDF)
    assert why_not(content + b"\n", "larger.pdf") == (
        "The file is larger than 10 MB, the most that can be taken. Make it smaller, or add a link to where "
        "it is kept."
    )


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 KB"),
        (1025, "2 KB"),
        (1024 * 1024, "1 MB"),
        (2_500_000, "2.4 MB"),
        (LARGEST, "10 MB"),
    ],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert size_in_words(size) == words


def test_every_kind_is_described() -> None:
    assert set(FILE_TYPES) == set(FileKind)


STARTS = (PDF, png(), jpeg(), office("docx"), workbook(), b"\xff\xfe", b"a,b\n")


@settings(max_examples=200, deadline=None)
@given(
    start=st.sampled_from(STARTS),
    cut=st.integers(0, 3000),
    more=st.binary(max_size=200),
    place=st.integers(0, 3000),
    changed=st.binary(max_size=4),
    name=st.sampled_from(["a.pdf", "a.png", "a.jpg", "a.docx", "a.xlsx", "a.csv"]),
)
@example(start=office("docx"), cut=3000, more=b"", place=40, changed=b"\xff\xff", name="a.docx")
def test_whatever_comes_is_taken_or_refused_in_words(
    start: bytes, cut: int, more: bytes, place: int, changed: bytes, name: str
) -> None:
    content = bytearray(start[:cut] + more)
    content[place : place + len(changed)] = changed
    # Anything that is raised but a refusal in words fails the test.
    with suppress(UnsuitableFile):
        assert ending(name) in FILE_TYPES[kind_of(bytes(content), name)].endings
