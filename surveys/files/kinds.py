"""The kinds of file that are taken, and how a file is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

LARGEST: Final = 10 * 1024 * 1024
"""The most bytes that one file may have."""


class FileKind(StrEnum):
    """What the content of a file is."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    CSV = "csv"
    TEXT = "text"
    EXCEL = "excel"
    WORD = "word"
    POWERPOINT = "powerpoint"


@dataclass(frozen=True)
class FileType:
    """A kind in words with its article, its media type, and the endings that a name of it may have."""

    words: str
    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"

FILE_TYPES: Final[Mapping[FileKind, FileType]] = MappingProxyType(
    {
        FileKind.PDF: FileType("a PDF", "application/pdf", (".pdf",)),
        FileKind.PNG: FileType("a PNG picture", "image/png", (".png",)),
        FileKind.JPEG: FileType("a JPEG picture", "image/jpeg", (".jpeg", ".jpg")),
        FileKind.CSV: FileType("a CSV file", "text/csv", (".csv",)),
        FileKind.TEXT: FileType("a text file", "text/plain", (".txt",)),
        FileKind.EXCEL: FileType("an Excel workbook", f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",)),
        FileKind.WORD: FileType("a Word document", f"{_OFFICE}.wordprocessingml.document", (".docx",)),
        FileKind.POWERPOINT: FileType(
            "a PowerPoint presentation", f"{_OFFICE}.presentationml.presentation", (".pptx",)
        ),
    }
)

TAKEN_IN_WORDS: Final = (
    "PDF, PNG and JPEG pictures, CSV and text files, and Word, Excel and PowerPoint files without macros"
)


class UnsuitableFile(Exception):
    """A file that is not taken. `message` says in plain English why, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def size_in_words(size: int) -> str:
    """Return a number of bytes, 0 or more, as people read it: "812 bytes", "34 KB", "2.5 MB".

    A KB is 1,024 bytes. What is not whole is rounded up, so that nothing looks smaller than it is.
    """
    if size < 1024:
        return f"{size} byte{'' if size == 1 else 's'}"
    if size < 1024 * 1024:
        return f"{-(-size // 1024)} KB"
    tenths = -(-size * 10 // (1024 * 1024))
    return f"{tenths // 10}.{tenths % 10} MB".replace(".0 ", " ")
