"""What a request says of its encoding, as far as the WSGI application lets it through to Django."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application

from maturity.utf8 import REFUSED, utf8_only


def _answer(content_type: str | None, query: str = "next=%ff", body: bytes = b"") -> tuple[str, bytes]:
    """The status line and body of the sign-in page's answer."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": "/sign-in/",
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    if content_type is not None:
        environ["CONTENT_TYPE"] = content_type
    said: list[str] = []
    body_ = b"".join(utf8_only(get_wsgi_application())(environ, lambda status, _headers: said.append(status)))
    return said[0], body_


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html; charset=hex",
        "text/html; charset=idna",
        "text/html; charset=undefined",
        "text/html; charset=utf-16",
        "text/html; charset=no-such-encoding",
        "text/html; charset=a\0b",
        "text/html; name*=no-such-encoding''a",
        "application/x-www-form-urlencoded; charset=latin-1",
    ],
)
@pytest.mark.parametrize("body", [b"", b"username=a"])
def test_another_encoding_or_a_header_that_cannot_be_read_is_refused(content_type: str, body: bytes) -> None:
    assert _answer(content_type, body=body) == ("400 Bad Request", REFUSED)


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/html", "text/html; charset=utf-8", 'text/html; charset="UTF8"', ";;;=", "x*='"],
)
@pytest.mark.django_db
def test_ours_under_any_of_its_names_goes_through(content_type: str | None) -> None:
    status, body = _answer(content_type)
    assert (status, b"<h1" in body) == ("200 OK", True)
