"""What goes over the wire: hashed and compressed files that are kept, headers, and cookies."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from http.client import HTTPConnection
from http.cookies import Morsel, SimpleCookie
from typing import Final
from urllib.parse import urlencode, urlsplit

import brotli
import pytest
from django.urls import reverse

from tests.factories import PASSWORD
from tests.world import build_world

POLICY: Final = {
    "base-uri 'none'",
    "default-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
}
ALWAYS: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
UNPACKED: Final[dict[str, Callable[[bytes], bytes]]] = {"br": brotli.decompress, "gzip": gzip.decompress}
A_HASH: Final = re.compile(r"\.[0-9a-f]{12}\.(css|js|svg)$")


class Answer:
    """What the server answered: its status, its headers and its bytes as they came."""

    def __init__(self, site: str, path: str, *, fields: dict[str, str] | None = None, **headers: str) -> None:
        there = HTTPConnection(urlsplit(site).netloc, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if fields is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        there.request("GET" if fields is None else "POST", path, fields and urlencode(fields), sent)
        came = there.getresponse()
        self.status, self.headers, self.body = came.status, came.headers, came.read()
        there.close()

    @property
    def cookies(self) -> dict[str, Morsel[str]]:
        """The cookies that it sets, by name."""
        found = SimpleCookie()
        for line in self.headers.get_all("Set-Cookie") or []:
            found.load(line)
        return dict(found)


def linked_files(page: Answer) -> list[str]:
    """The paths of the static files that a page links to."""
    return sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.body.decode())))


def test_static_files_are_hashed_compressed_and_kept_for_good(site: str) -> None:
    paths = linked_files(Answer(site, reverse("sign_in")))

    assert [path.rpartition("/")[2].partition(".")[0] for path in paths] == ["site", "site", "favicon"]
    for path in paths:
        assert A_HASH.search(path)
        plain = Answer(site, path)
        assert (plain.status, plain.headers["Content-Encoding"]) == (200, None)
        assert plain.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    for path in paths[:2]:
        plain = Answer(site, path)
        for encoding, unpack in UNPACKED.items():
            packed = Answer(site, path, Accept_Encoding=encoding)
            assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == (
                encoding,
                "Accept-Encoding",
            )
            assert unpack(packed.body) == plain.body
            assert len(packed.body) < len(plain.body) / 2


def test_a_page_is_compressed(site: str) -> None:
    plain, packed = (Answer(site, reverse("method"), Accept_Encoding=how) for how in ("identity", "gzip"))

    assert (plain.headers["Content-Encoding"], packed.headers["Content-Encoding"]) == (None, "gzip")
    assert len(packed.body) < len(plain.body) / 2


@pytest.mark.parametrize(
    ("path", "status"),
    [("/sign-in/", 200), ("/method/", 200), ("/", 302), ("/nowhere/", 404), ("/rounds/", 302)],
)
def test_every_answer_carries_what_protects_it(site: str, path: str, status: int) -> None:
    answer = Answer(site, path)

    assert answer.status == status
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert "public" not in answer.headers["Cache-Control"]


def test_cookies_are_kept_from_scripts_and_other_sites(site: str) -> None:
    world = build_world()
    token = Answer(site, reverse("sign_in")).cookies["csrftoken"]
    fields = {"username": world.lead.email, "password": PASSWORD, "csrfmiddlewaretoken": token.value}

    signed_in = Answer(site, reverse("sign_in"), fields=fields, Cookie=f"csrftoken={token.value}")

    session = signed_in.cookies["sessionid"]
    assert (signed_in.status, signed_in.headers["Location"]) == (302, "/")
    assert sorted(signed_in.cookies) == ["csrftoken", "sessionid"]
    assert (session["httponly"], session["samesite"], session["path"]) == (True, "Lax", "/")
    assert (token["samesite"], signed_in.cookies["csrftoken"].value == token.value) == ("Lax", False)
    assert Answer(site, "/", Cookie=f"sessionid={session.value}").status == 200
