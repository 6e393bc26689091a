"""What somebody had typed when the server could not take it: carried in the page until it can be saved."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

KEPT_FIELD = "kept_fields"
ADDRESS_FIELD = "kept_address"
_NOT_KEPT = frozenset({"csrfmiddlewaretoken", KEPT_FIELD, ADDRESS_FIELD})
_SECRETS = ("password",)
_LONGEST_WORD = 200


@dataclass(frozen=True)
class Kept:
    """Fields of a form, in order, and the address on this site that they were meant for."""

    address: str
    fields: tuple[tuple[str, str], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The longer texts among the fields, for people to see that nothing is lost.

        What a page carries for itself, in one long word, is kept too but means nothing to them.
        """
        typed = (value for _, value in self.fields if len(value) > 3 and not value.isdigit())
        return tuple(value for value in typed if len(value) <= _LONGEST_WORD or len(value.split()) > 1)

    def as_json(self) -> str:
        """The fields as text for one hidden field."""
        return json.dumps(self.fields)


def kept_from(request: HttpRequest) -> Kept | None:
    """Return what a refused POST had carried; None when there is nothing to keep or it holds a password."""
    fields = tuple(
        (name, value) for name, values in request.POST.lists() if name not in _NOT_KEPT for value in values
    )
    if not fields or any(secret in name for name, _ in fields for secret in _SECRETS):
        return None
    return Kept(request.get_full_path(), fields)


def kept_in(data: QueryDict) -> Kept | None:
    """Return what a page carries for a person, or None when it carries nothing that can be read.

    Its address is on this site, as a browser reads it, which takes a backslash for a slash and skips tabs.
    """
    address = data.get(ADDRESS_FIELD, "")
    try:
        pairs = json.loads(data.get(KEPT_FIELD, ""))
        fields = tuple((_written(name), _written(value)) for name, value in pairs)
    except (ValueError, TypeError, RecursionError):
        return None
    if not fields or not address.startswith("/") or not url_has_allowed_host_and_scheme(address, None):
        return None
    return Kept(address, fields)


def _written(value: object) -> str:
    """Return the text of a value. Raises UnicodeError, a ValueError, for text that cannot be sent."""
    text = str(value)
    text.encode()
    return text
