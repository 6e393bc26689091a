"""Addresses of web pages that people give."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

from surveys.actions.refusals import Refused
from surveys.models.evidence import LONGEST_ADDRESS

_HOST: Final = re.compile(r"[\w.-]+|[0-9a-f:.]+", re.IGNORECASE)


def web_address(typed: str) -> str:
    """Return an http or https address that is safe to follow, as it was typed.

    Raises Refused when it is no such address, is too long, has a character that cannot be seen, or has a user
    name before its host, which makes an address look like another.
    """
    address = typed.strip()
    if len(address) > LONGEST_ADDRESS:
        raise Refused(f"The address is longer than {LONGEST_ADDRESS:,} characters. Use a shorter one.")
    if any(each.isspace() or unicodedata.category(each).startswith("C") for each in address):
        raise Refused(
            "The address has spaces or characters that cannot be seen. Copy it again from the browser."
        )
    if not _leads_to_a_page(address):
        raise Refused("Enter a web address that begins with https://, such as https://www.example.org/plan")
    scheme, rest = address.split(":", 1)
    return f"{scheme.lower()}:{rest}"


def _leads_to_a_page(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    of_the_web = parts.scheme in {"http", "https"} and _HOST.fullmatch(parts.hostname or "") is not None
    return of_the_web and "@" not in parts.netloc and port != 0
