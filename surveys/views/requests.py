"""Requests as views meet them: everything is closed by default, so somebody has signed in."""

from __future__ import annotations

from django.http import HttpRequest
from django.views.decorators.http import require_http_methods

from surveys.models import Person

page_or_post = require_http_methods(["GET", "HEAD", "POST"])
"""Lets a view be asked for its page, or be sent the form on it."""


class PersonRequest(HttpRequest):
    """A request of somebody who has signed in; a type for views that do not opt out of that."""

    user: Person


def wants_json(request: HttpRequest) -> bool:
    """Return whether our own script asks, which reads JSON, and not a browser that shows a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
