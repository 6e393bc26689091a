"""Keeping what a person was shown from whoever sits at the same computer, or behind the same proxy, next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import has_vary_header, patch_cache_control


class PrivatePages:
    """Lets nobody but the browser keep a page that depends on who asks, and has the browser ask each time.

    A page that says itself how it may be kept stays as it is. Not `no-store`: browsers then drop what was
    typed into a form when its page is left, and going back would lose it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, with a word on keeping the answer."""
        response = self.get_response(request)
        if has_vary_header(response, "Cookie") and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response


class SignOut(LogoutView):
    """Ends the session, and has the browser forget the pages that it kept for the Back button."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out and lead to the sign-in page."""
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response
