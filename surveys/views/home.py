"""The home page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from surveys.queries.home import home
from surveys.views.requests import PersonRequest


@require_safe
def home_page(request: PersonRequest) -> HttpResponse:
    """Show what waits for the person, by the roles they hold."""
    page = home(request.user)
    return render(request, "surveys/home.html", {"page": page, "synthetic": page.synthetic})
