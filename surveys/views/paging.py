"""Pages of a long list."""

from __future__ import annotations

from django.http import HttpRequest

from surveys.views.crumbs import Crumb


def neighbours(request: HttpRequest, number: int, pages: int) -> dict[str, Crumb]:
    """Return the links of the page before and the page after, where there is one, for pagination.html.

    `number` counts pages from 1. What else is in the address stays in it.
    """

    def page(other: int) -> Crumb:
        query = request.GET.copy()
        query["page"] = str(other)
        return Crumb(f"Page {other} of {pages}", f"?{query.urlencode()}")

    found = {}
    if number > 1:
        found["previous"] = page(number - 1)
    if number < pages:
        found["next"] = page(number + 1)
    return found
