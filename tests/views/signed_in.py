"""Pages as a person who has signed in meets them."""

from __future__ import annotations

import html
from typing import Any

from django.http import HttpResponse
from django.test import Client

from surveys.models import Person
from surveys.templatetags.nhsuk_forms import error_links


def client_of(person: Person) -> Client:
    """A browser in which the person has signed in."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def visit(person: Person, url: str) -> Any:
    """The answer to asking for a page."""
    return client_of(person).get(url)


def post(person: Person, url: str, data: dict[str, Any] | None = None) -> Any:
    """The answer to sending a form."""
    return client_of(person).post(url, data or {})


def shown(response: HttpResponse) -> str:
    """The text of a page with its entities resolved."""
    return html.unescape(response.content.decode())


def summary(response: Any) -> list[str]:
    """The lines of the error summary of the form on the page."""
    form = response.context["form"]
    return [link.message for link in error_links(form)] if form else []
