"""Names of files as they may be shown, stored and given back."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST_NAME: Final = 120
_NAMELESS: Final = "file"
# The names of devices, which Windows takes for the device whatever their ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
# Controls, marks that turn the direction of writing, private and unassigned characters, line separators.
_UNSEEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def ending(name: str) -> str:
    """Return the last ending of a name in small letters with its full stop; empty when there is none."""
    stem, stop, last = name.rpartition(".")
    return f".{last.lower()}" if stem and stop and last else ""


def clean_name(name: str) -> str:
    """Return the name of a file without folders and without characters that could mislead or break a page.

    At most LONGEST_NAME characters; the ending stays. Never empty.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    spaced = "".join(" " if character in "\t\r\n" else character for character in last)
    seen = "".join(each for each in spaced if unicodedata.category(each) not in _UNSEEN_CATEGORIES)
    plain = " ".join(re.sub(r'[<>:"|?*]', "_", seen).split()).strip(". ")
    if not plain:
        return _NAMELESS
    if _DEVICES.fullmatch(plain):
        plain = f"_{plain}"
    return _shortened(plain)


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    last = ending(name)
    if len(last) > 10:
        return name[:LONGEST_NAME].rstrip()
    return name[: LONGEST_NAME - len(last)].rstrip(". ") + name[len(name) - len(last) :]
