"""Only UTF-8 reaches Django, which decodes a query in whatever encoding its request names.

Some that Python knows are no text at all (hex, zip), and a header can be spelled so that it cannot be read.
The server would answer 500 to what is no error of ours.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

REFUSED = b"This request could not be read, so nothing was changed. The service takes UTF-8 only.\n"


def utf8_only(application: Application) -> Application:
    """Return the WSGI application with an answer of 400 to requests that name another encoding."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if is_utf8(environ.get("CONTENT_TYPE", "")):
            return application(environ, start_response)
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(REFUSED)))]
        start_response("400 Bad Request", headers)
        return [REFUSED]

    return answer


def is_utf8(content_type: str) -> bool:
    """Return whether a Content-Type header can be read, and names UTF-8 or no encoding."""
    try:
        _, parameters = parse_header_parameters(content_type)
        return codecs.lookup(parameters.get("charset", "utf-8")).name == "utf-8"
    except (LookupError, ValueError):
        return False
