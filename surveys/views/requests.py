"""Requests as views meet them: everything is closed by default, so somebody has signed in."""

from __future__ import annotations

from django.http import HttpRequest

from surveys.models import Person


class PersonRequest(HttpRequest):
    """A request of somebody who has signed in; a type for views that do not opt out of that."""

    user: Person
