"""Cookies that no browser sends of itself, dropped before anything reads them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class ReadableCookies:
    """Drops cookies with characters that cannot be shown.

    A cookie in quotation marks can spell a NUL, and PostgreSQL takes no such text for the key of a session:
    the server would answer 500 to what is no error of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request with the cookies that can be read."""
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if value.isprintable()}
        return self.get_response(request)
