"""Which kind of file something is. Its content decides; its name only has to agree."""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from surveys.files.kinds import FILE_TYPES, LARGEST, TAKEN_IN_WORDS, FileKind, UnsuitableFile, size_in_words
from surveys.files.names import ending
from surveys.files.office import office_kind
from surveys.files.pictures import check_jpeg, check_png

TOO_LARGE: Final = (
    f"The file is larger than {size_in_words(LARGEST)}, the most that can be taken. Make it smaller, or add "
    "a link to where it is kept."
)

_PDF: Final = b"%PDF-"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_ZIP: Final = b"PK\x03\x04"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_UNKNOWN: Final = (
    f"This is not a file that can be taken, or it is damaged. You can add {TAKEN_IN_WORDS}. "
    "What counts is what is in the file, not what its name ends in."
)
_TEXT_ENDINGS: Final = {".csv": FileKind.CSV, ".txt": FileKind.TEXT}
# A text may have tabs, line ends and page ends, and no other control characters.
_CONTROLS: Final = re.compile(r"[^\t\n\f\r\x20-\x7e\x80-\U0010ffff]|[\x80-\x84\x86-\x9f]")


def recognise(file: BinaryIO, name: str) -> FileKind:
    """Return what `file` is, read from its beginning to its end. `name` is as the person gave it.

    Raises UnsuitableFile when it is empty, larger than LARGEST bytes, of no kind that is taken or not whole,
    when something is hidden in it (behind a picture, macros, another file), or when the end of its name says
    something else than its content.
    """
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise UnsuitableFile("The file is empty. Choose another one.")
    if size > LARGEST:
        raise UnsuitableFile(TOO_LARGE)
    kind = _kind(file, ending(name))
    endings = FILE_TYPES[kind].endings
    if ending(name) not in endings:
        said = f"ends in {ending(name)}" if ending(name) else "has no ending"
        raise UnsuitableFile(
            f"The name of the file {said}, but its content is {FILE_TYPES[kind].words}. "
            f"If that is what you mean to add, let its name end in {endings[0]} and choose it again."
        )
    return kind


def _kind(file: BinaryIO, last: str) -> FileKind:
    content = file.read(LARGEST)
    if content.startswith(_PDF):
        return _pdf(content)
    if content.startswith(_PNG):
        check_png(content)
        return FileKind.PNG
    if content.startswith(_JPEG):
        check_jpeg(content)
        return FileKind.JPEG
    if content.startswith(_ZIP):
        return office_kind(content)
    if content.startswith(_OLD_OFFICE):
        raise UnsuitableFile(
            "This file is from an old version of Office, or it is locked with a password, so we cannot look "
            "inside. Save it as .docx, .xlsx or .pptx without a password, and choose that file."
        )
    if last not in _TEXT_ENDINGS or not _is_text(content):
        raise UnsuitableFile(_UNKNOWN)
    return _TEXT_ENDINGS[last]


def _pdf(content: bytes) -> FileKind:
    """A PDF ends with its end mark, so that nothing stands behind it."""
    _, mark, behind = content[-2048:].rpartition(b"%%EOF")
    if not mark or behind.strip(b"\0\t\n\f\r \x1a"):
        raise UnsuitableFile(
            "The PDF is not whole, or something else is attached to its end. "
            "Print or save it as a new PDF, and choose that file."
        )
    return FileKind.PDF


def _is_text(content: bytes) -> bool:
    """Return whether it is text: in UTF-8, in UTF-16 with its mark, or as Windows writes it in Britain."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _CONTROLS.search(text) is None
    return False
