"""Small files for tests, each with every part that its kind must have."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import xlsxwriter

MAIN_PARTS = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
}
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def png_chunk(name: bytes, data: bytes = b"") -> bytes:
    """One chunk with its check sum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*more: bytes) -> bytes:
    """A picture of one black point, with more chunks before its end."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    data = png_chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + header + data + b"".join(more) + png_chunk(b"IEND")


def segment(marker: int, data: bytes) -> bytes:
    """One segment of a JPEG with its length."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def jpeg(*more: bytes, scan: bytes = b"\x12\xff\x00\x34\xff\xd0\x56") -> bytes:
    """The frame of a picture, with more segments before its scan, which has a stuffed byte and a restart."""
    opening = b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    return opening + b"".join(more) + segment(0xDA, b"\1\1\0\0\x3f\0") + scan + b"\xff\xd9"


def content_types(main: str, content_type: str, *more: str) -> str:
    """The list of the types of the parts of an Office file."""
    parts = "".join(
        f'<Override PartName="/part{place}" ContentType="{each}"/>' for place, each in enumerate(more)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{main}" ContentType="{content_type}"/>{parts}</Types>'
    )


def relations(*external: tuple[str, str]) -> str:
    """A list of relations to things outside the file: what they are, and their addresses."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    lines = "".join(
        f'<Relationship Id="r{place}" Type="{base}/{kind}" Target="{target}" TargetMode="External"/>'
        for place, (kind, target) in enumerate(external)
    )
    return (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{base}/officeDocument" Target="main.xml"/>{lines}</Relationships>'
    )


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """An archive of parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def office_parts(kind: str) -> dict[str, bytes | str]:
    """The parts that an Office file must have; `kind` is docx, pptx or xlsx."""
    main, content_type = MAIN_PARTS[kind]
    whole = f"application/vnd.openxmlformats-officedocument.{content_type}.main+xml"
    return {
        "[Content_Types].xml": content_types(main, whole),
        "_rels/.rels": relations(),
        main: "<document/>",
    }


def office(kind: str, more: Mapping[str, bytes | str] | None = None) -> bytes:
    """An Office file with further parts, or with others in the place of its own."""
    return zipped(office_parts(kind) | dict(more or {}))


def workbook() -> bytes:
    """A workbook as a program writes it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet().write("A1", "Linked data: 40 of 42 practices")
    return buffer.getvalue()
