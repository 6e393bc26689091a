"""Word, Excel and PowerPoint files: packages of parts, opened with care.

The rules of such packages are those of ECMA-376, part 2 (Open Packaging Conventions).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

from surveys.files.kinds import FileKind, UnsuitableFile

MOST_PARTS: Final = 5_000
MOST_UNPACKED: Final = 200 * 1024 * 1024
"""The most bytes that all parts may have together when they are unpacked."""

_LARGEST_DIRECTORY: Final = 1024 * 1024
_LARGEST_LIST: Final = 4 * 1024 * 1024
_END_RECORD: Final = struct.Struct("<4s4H2IH")
_CHUNK: Final = 256 * 1024
_TYPES: Final = "[Content_Types].xml"
_RELATIONS: Final = "_rels/.rels"
_MAIN: Final[Mapping[str, FileKind]] = {
    f"application/vnd.openxmlformats-officedocument.{part}.main+xml": kind
    for part, kind in (
        ("spreadsheetml.sheet", FileKind.EXCEL),
        ("wordprocessingml.document", FileKind.WORD),
        ("presentationml.presentation", FileKind.POWERPOINT),
    )
}
_NESTED: Final = frozenset({".docx", ".pptx", ".xlsx"})
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
_ENDINGS: Final = _NESTED | {
    *(".xml", ".rels", ".vml", ".fntdata", ".odttf", ".sigs", ".txt"),
    *(
        ".png",
        ".jpg",
        ".jpeg",
        ".jfif",
        ".gif",
        ".bmp",
        ".tif",
        ".tiff",
        ".emf",
        ".wmf",
        ".wdp",
        ".svg",
        ".webp",
    ),
    *(".mp3", ".m4a", ".wav", ".mp4", ".m4v", ".mov", ".wmv", ".avi"),
}
# Settings of printers are in most workbooks, and data models in many; both are binary and run nothing.
_BINARY: Final = frozenset({("printersettings", ".bin"), ("customproperty", ".bin"), ("model", ".data")})
_FETCHED: Final = frozenset({"http", "https", "ftp", "mhtml", "x-usc", "ms-msdt"})
_FETCHING: Final = frozenset({"attachedtemplate", "oleobject", "frame", "subdocument", "aimldata"})
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)


def office_kind(content: bytes, *, inside: bool = False) -> FileKind:
    """Return which kind of Office file `content` is. `inside` another one, it may hold no further file.

    Every part is unpacked once, in pieces, to see that it is whole and as long as the directory says.
    Raises UnsuitableFile for anything else: a package that is damaged, locked or too large when unpacked, or
    that has macros, another file inside, or a part that is to be fetched from elsewhere.
    """
    _check_end(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = _parts(package)
            kind = _main_kind(package, parts)
            for part in parts.values():
                _check_part(package, part, inside=inside)
    except _BROKEN as error:
        raise _damaged() from error
    return kind


def _check_end(content: bytes) -> None:
    """Check the record at the very end: how many parts there are, before any of them is read."""
    if len(content) < _END_RECORD.size:
        raise _damaged()
    mark, _, _, here, in_all, size, start, comment = _END_RECORD.unpack(content[-_END_RECORD.size :])
    # A larger number than fits stands in a second record, which no Office file of this size needs.
    elsewhere = in_all == 0xFFFF or 0xFFFFFFFF in (size, start)
    if mark != b"PK\x05\x06" or comment or here != in_all or elsewhere:
        raise _damaged()
    if in_all > MOST_PARTS or size > _LARGEST_DIRECTORY:
        raise _too_much()


def _parts(package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the parts by their names, which may differ from one another in more than capitals."""
    found: dict[str, zipfile.ZipInfo] = {}
    for part in package.infolist():
        path = PurePosixPath(part.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in part.filename:
            raise _damaged()
        if part.flag_bits & 1:
            raise UnsuitableFile(
                "The file is locked with a password, so we cannot look inside. Take the password off, save "
                "it again, and choose that file."
            )
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged()
        if part.filename.lower() in found:
            raise _damaged()
        found[part.filename.lower()] = part
    if len(found) > MOST_PARTS or sum(part.file_size for part in found.values()) > MOST_UNPACKED:
        raise _too_much()
    if not found or min(part.header_offset for part in found.values()) != 0:
        raise _damaged()
    return found


def _main_kind(package: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo]) -> FileKind:
    """Return the kind by the content type of the main part, which must be there."""
    if _TYPES.lower() not in parts or _RELATIONS not in parts:
        raise UnsuitableFile(
            "This is an archive of files, or an Office file of another kind. Add the files one by one, as "
            ".docx, .xlsx, .pptx or PDF."
        )
    types = [
        (element.get("ContentType", ""), element.get("PartName", "").lower().lstrip("/"))
        for element in _elements(package, parts[_TYPES.lower()])
    ]
    if any("macro" in given.lower() or "vba" in given.lower() for given, _ in types):
        raise _macros()
    kinds = {_MAIN[given] for given, name in types if given in _MAIN and name in parts}
    if len(kinds) != 1:
        raise UnsuitableFile(
            "This is not a Word document, an Excel workbook or a PowerPoint presentation. Templates and "
            "slide shows are not taken: save it as .docx, .xlsx or .pptx, and choose that file."
        )
    return kinds.pop()


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, *, inside: bool) -> None:
    if part.is_dir():
        return
    path = PurePosixPath(part.filename.lower())
    if path.name.startswith(("vbaproject", "vbadata")):
        raise _macros()
    last = path.suffix or path.name
    known = last in _ENDINGS or (path.parent.name, last) in _BINARY
    start = _read_through(package, part)
    if not known or start.startswith(_PROGRAMS) or (inside and last in _NESTED):
        raise UnsuitableFile(
            f"Another file is inside this one (“{path.name[:80]}”), and we cannot tell what it does. Take it "
            "out and save again, or save it all as a PDF, and choose that file."
        )
    if last in _NESTED:
        office_kind(package.read(part), inside=True)
    if last == ".rels":
        _check_relations(package, part)


def _read_through(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Unpack a part piece by piece, which checks its sum, and return how it begins."""
    with package.open(part) as stream:
        start = piece = stream.read(_CHUNK)
        while piece:
            piece = stream.read(_CHUNK)
    return start


def _check_relations(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    for element in _elements(package, part):
        if element.get("TargetMode", "").lower() != "external":
            continue
        relation = element.get("Type", "").rpartition("/")[2].lower()
        if relation in _FETCHING and urlsplit(element.get("Target", "")).scheme.lower() in _FETCHED:
            raise UnsuitableFile(
                "When this file is opened it fetches something from elsewhere and may run it. Save it as a "
                "PDF, and choose that file."
            )


def _elements(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[ElementTree.Element]:
    """Return the children of the root of a part that is a list in XML. It may define nothing of its own."""
    if part.file_size > _LARGEST_LIST:
        raise _too_much()
    text = package.read(part).decode("utf-8-sig")
    if "<!" in text.replace("<!--", ""):
        raise _damaged()
    try:
        return iter(ElementTree.fromstring(text))  # noqa: S314 - it defines no entities: that is refused above
    except ElementTree.ParseError as error:
        raise _damaged() from error


def _damaged() -> UnsuitableFile:
    return UnsuitableFile(
        "The Office file is damaged, or it was made in a way that we cannot check. Open it, save it again, "
        "and choose the new file."
    )


def _too_much() -> UnsuitableFile:
    return UnsuitableFile(
        "The Office file is far larger when it is unpacked than it looks, so we do not take it. Save the "
        "part that matters as a PDF, and choose that file."
    )


def _macros() -> UnsuitableFile:
    return UnsuitableFile(
        "The file has macros, and those are not taken. Save it without them, as .docx, .xlsx or .pptx, and "
        "choose that file."
    )
