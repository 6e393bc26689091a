"""Whether a picture is a picture from its first byte to its last. Nothing is drawn or unpacked."""

from __future__ import annotations

import re
import struct
import zlib
from typing import Final, NoReturn

from surveys.files.kinds import UnsuitableFile

_MARKUP: Final = re.compile(rb"<\s*(?:!doctype|html|script|svg|iframe|object)", re.IGNORECASE)
_END: Final = 0xD9
_SCAN: Final = 0xDA
# Markers that stand alone, without a length: restarts, the start, and one for temporary use.
_ALONE: Final = frozenset({*range(0xD0, 0xD8), 0xD8, 0x01})


def check_png(content: bytes) -> None:
    """Look at every chunk of a PNG, from the signature on: lengths, check sums, the first and the last one.

    Raises UnsuitableFile when it is not whole, goes on after its end, or carries a web page in its texts.
    """
    place, names = 8, []
    while place < len(content):
        if place + 12 > len(content):
            _damaged()
        length, name = struct.unpack_from(">I4s", content, place)
        data_ends = place + 8 + length
        if data_ends + 4 > len(content):
            _damaged()
        body = memoryview(content)[place + 4 : data_ends]
        if zlib.crc32(body) != int.from_bytes(content[data_ends : data_ends + 4], "big"):
            _damaged()
        if name != b"IDAT" and _MARKUP.search(body):
            _more_than_a_picture()
        names.append(name)
        place = data_ends + 4
        if name == b"IEND" and place < len(content):
            _more_than_a_picture()
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or b"IDAT" not in names:
        _damaged()


def check_jpeg(content: bytes) -> None:
    """Follow the segments of a JPEG, from the start marker on, to the end of the picture.

    Further whole pictures may follow, as cameras write them, with noughts between. Raises UnsuitableFile when
    it is not whole, something else follows, or it carries a web page in its texts.
    """
    place = 0
    while place < len(content):
        if not content.startswith(b"\xff\xd8\xff", place):
            _more_than_a_picture()
        place = _end_of_jpeg(content, place + 2)
        place = len(content) - len(content[place:].lstrip(b"\0"))


def _end_of_jpeg(content: bytes, place: int) -> int:
    """Return the place behind the end marker of the picture whose first segment begins at `place`."""
    scanned = False
    while place + 2 <= len(content):
        if content[place] != 0xFF:
            _damaged()
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker == _END:
            if not scanned:
                _damaged()
            return place + 2
        elif marker in _ALONE:
            place += 2
        else:
            place = _end_of_segment(content, place + 2)
            if marker == _SCAN:
                scanned, place = True, _end_of_scan(content, place)
    return _damaged()


def _end_of_segment(content: bytes, place: int) -> int:
    length = int.from_bytes(content[place : place + 2], "big")
    if length < 2 or place + length > len(content):
        _damaged()
    if _MARKUP.search(memoryview(content)[place : place + length]):
        _more_than_a_picture()
    return place + length


def _end_of_scan(content: bytes, place: int) -> int:
    """Return where the next marker stands that is no part of the picture's data."""
    while (place := content.find(b"\xff", place)) >= 0 and place + 1 < len(content):
        # A nought after it means that the byte itself was meant; a restart goes on with the data.
        if content[place + 1] == 0 or 0xD0 <= content[place + 1] <= 0xD7:
            place += 2
        else:
            return place
    return _damaged()


def _damaged() -> NoReturn:
    raise UnsuitableFile("The picture is damaged or not whole. Save it again, and choose the new file.")


def _more_than_a_picture() -> NoReturn:
    raise UnsuitableFile(
        "Something else than a picture is in this file. Open the picture, save it as a new PNG or JPEG, "
        "and choose that file."
    )
