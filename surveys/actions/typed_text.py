"""Text as people type or paste it, without what cannot be shown."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# They turn the direction of everything after them; what right-to-left writing needs is none of these.
_OVERRIDES: Final = frozenset("\u202d\u202e")
_BREAKS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNSEEN: Final = frozenset({"Cc", "Cs"})


def plain_text(typed: str) -> str:
    """Return a text of one or more lines without control characters and without spaces around it.

    Every kind of line end becomes a line feed. Emoji, and the marks that scripts need, stay; such marks
    alone, which nobody can see, are no text.
    """
    lines = _BREAKS.sub("\n", typed)
    text = "".join(each for each in lines if each in "\n\t" or _is_seen(each)).strip()
    return text if any(unicodedata.category(each)[0] not in "CZ" for each in text) else ""


def one_line(typed: str) -> str:
    """Return a text as `plain_text` does, in one line with single spaces."""
    return " ".join(plain_text(typed).split())


def lost_characters(typed: str) -> bool:
    """Return whether `plain_text` leaves more out than spaces and line ends."""
    return any(not _is_seen(each) for each in _BREAKS.sub("\n", typed) if each not in "\n\t")


def _is_seen(character: str) -> bool:
    return character not in _OVERRIDES and unicodedata.category(character) not in _UNSEEN
