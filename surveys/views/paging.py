"""Pages of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpRequest

from surveys.queries.results.selection import Part, part_of
from surveys.views.crumbs import Crumb

Line = TypeVar("Line")


@dataclass(frozen=True)
class Turned(Generic[Line]):
    """A part of one of several lists on a page, with the way to the parts before and after it.

    `id` is where the list stands on the page, and the name of the parameter that turns it.
    """

    id: str
    part: Part[Line]
    previous: Crumb | None
    next: Crumb | None


def turned(request: HttpRequest, lines: Sequence[Line], name: str) -> Turned[Line]:
    """Return the part of a list that the address asks for by a parameter of this name."""
    part = part_of(lines, request.GET.get(name, ""))
    found = neighbours(request, part.number, part.pages, name)
    return Turned(name, part, found.get("previous"), found.get("next"))


def neighbours(request: HttpRequest, number: int, pages: int, name: str = "page") -> dict[str, Crumb]:
    """Return the links of the page before and the page after, where there is one, for pagination.html.

    `number` counts pages from 1; `name` is the parameter that asks for one. What else is in the address stays
    in it.
    """

    def page(other: int) -> Crumb:
        query = request.GET.copy()
        query[name] = str(other)
        place = "" if name == "page" else f"#{name}"
        return Crumb(f"Page {other:,} of {pages:,}", f"?{query.urlencode()}{place}")

    found = {}
    if number > 1:
        found["previous"] = page(number - 1)
    if number < pages:
        found["next"] = page(number + 1)
    return found
