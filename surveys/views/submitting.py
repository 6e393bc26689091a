"""From a form that was sent to the action that does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import HttpRequest, QueryDict

from surveys.actions.refusals import Refused

Done = TypeVar("Done")


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, for a form; None when the page was only asked for."""
    return request.POST if request.method == "POST" else None


def attempt(form: forms.Form, act: Callable[[], Done]) -> Done | None:
    """Do it if the form was sent and is valid, and return what the action returns.

    None means that it was not done; when the action refused, the form says why.
    """
    if not form.is_valid():
        return None
    try:
        return act()
    except Refused as refused:
        form.add_error(None, refused.message)
        return None
