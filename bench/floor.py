"""The floor: the least that a page and a save of a signed-in person cost in this site on this machine.

They pass through the same middleware as the product's own pages and live at addresses that only the bench
has.
"""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.http import require_GET, require_POST

from surveys.models import Person
from surveys.views.requests import PersonRequest

PAGE = "/floor/page/"
SAVE = "/floor/save/"


@require_GET
def page(request: PersonRequest) -> HttpResponse:
    """Render the base page, with nothing in it."""
    return render(request, "base.html")


@require_POST
def save(request: PersonRequest) -> JsonResponse:
    """Update one row by its key."""
    Person.objects.filter(pk=request.user.pk).update(job_title=request.POST["title"])
    return JsonResponse({"saved": True})


urlpatterns = [
    path(PAGE.lstrip("/"), page),
    path(SAVE.lstrip("/"), save),
    path("", include("maturity.urls")),
]
