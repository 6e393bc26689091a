"""Opening a workbook that anybody may have sent: nothing is unpacked before its size is known.

A workbook is a zip file of XML parts. A few kilobytes can unpack to gigabytes: by the zip, by a cell at the
far corner of a sheet, up to which a reader fills in blank cells, or by one long text in a million cells. So
every part is measured first, and the reader gets a new package with just the parts that it needs.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from surveys.imports.workbook_scan import Address, Scan, UnreadablePartError

MAX_BYTES: Final = 2_000_000
MAX_PARTS: Final = 400
MAX_UNPACKED: Final = 12_000_000
MAX_AREA: Final = 300_000
MAX_CELLS: Final = 60_000
MAX_CHARACTERS: Final = 8_000_000

SAVE_AS: Final = "Open it in Excel, choose “Save as” and “Excel workbook (.xlsx)”, and upload that file."
ASK_AGAIN: Final = "Download the workbook again and copy your answers into it."
TOO_LARGE: Final = (
    f"The file is larger than {MAX_BYTES // 1_000_000} MB, which no workbook of this service is. "
    "Remove pictures and sheets of your own, and upload it again."
)
DAMAGED: Final = f"The file is damaged, so it cannot be read. {SAVE_AS}"
_MAGIC: Final = b"PK\x03\x04"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = 0x1
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_NEEDED: Final = re.compile(r"\[content_types\]\.xml|_rels/\.rels|xl/.*\.(?:xml|rels)")
_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class WorkbookRefused(Exception):
    """A file cannot be used at all. `message` says in plain English why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Package:
    """A workbook that is safe to read: a zip file of the parts that matter.

    `faults` says by sheet which cells hold an error value such as #N/A, or "" for a formula without a value.
    """

    content: bytes
    faults: Mapping[str, Mapping[Address, str]]


def open_package(content: bytes) -> Package:
    """Return a workbook that is safe to read. Raises WorkbookRefused for anything else."""
    _require_workbook(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = dict(_parts(archive))
    except _DAMAGE as error:
        raise WorkbookRefused(DAMAGED) from error
    scan = Scan()
    try:
        for name, xml in parts.items():
            scan.add(name, xml)
    except UnreadablePartError as error:
        raise WorkbookRefused(DAMAGED) from error
    _require_measure(scan)
    return Package(_packed(parts), scan.faults_by_sheet())


def _require_workbook(content: bytes) -> None:
    if not content:
        raise WorkbookRefused("The file is empty. Choose the workbook that you filled in.")
    if len(content) > MAX_BYTES:
        raise WorkbookRefused(TOO_LARGE)
    if content.startswith(_OLD_OFFICE):
        raise WorkbookRefused(
            f"The file is an old Excel workbook (.xls), or it has a password. {SAVE_AS} "
            "Save it without a password."
        )
    if not content.startswith(_MAGIC):
        raise WorkbookRefused(f"The file is not an Excel workbook (.xlsx), whatever its name. {SAVE_AS}")


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield the parts that a reader needs, after a look at the directory of the zip file alone."""
    entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    _require_kind(names)
    strange = any(entry.compress_type not in _METHODS for entry in entries)
    if strange or len(entries) > MAX_PARTS or len(set(names)) < len(names):
        raise WorkbookRefused(DAMAGED)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise WorkbookRefused("The file has a password. Save it without one and upload it again.")
    needed = [entry for entry in entries if _NEEDED.fullmatch(entry.filename.lower())]
    if sum(entry.file_size for entry in needed) > MAX_UNPACKED:
        raise WorkbookRefused(
            "The workbook holds far more than it should, so it has not been opened. "
            "Remove what you added to it, and upload it again."
        )
    for entry in needed:
        with archive.open(entry) as part:
            # The directory may lie. Asked for so many bytes, and no more, it unpacks no more than those.
            yield entry.filename, part.read(entry.file_size)


def _require_kind(names: list[str]) -> None:
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise WorkbookRefused(f"The workbook has macros, which are not accepted. {SAVE_AS}")
    if "xl/workbook.bin" in names:
        raise WorkbookRefused(f"The file is a binary workbook (.xlsb). {SAVE_AS}")
    if "mimetype" in names and "content.xml" in names:
        raise WorkbookRefused(
            "The file is an OpenDocument file. Choose “Save as” and “Excel 2007-365 (.xlsx)”, "
            "and upload that file."
        )
    if "xl/workbook.xml" not in names:
        raise WorkbookRefused(f"The file is not an Excel workbook (.xlsx), whatever its name. {SAVE_AS}")


def _require_measure(scan: Scan) -> None:
    if scan.area > MAX_AREA or scan.cells > MAX_CELLS or scan.text > MAX_CHARACTERS:
        raise WorkbookRefused(
            "The workbook holds far more than it should, or something far out on a sheet, so it has not been "
            "read. Remove what you added to it, and upload it again."
        )
    names = [name for name, _ in scan.sheet_keys]
    if len(set(names)) < len(names):
        raise WorkbookRefused(DAMAGED)


def _packed(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, xml in parts.items():
            archive.writestr(name, xml)
    return buffer.getvalue()
