"""Organisations: who there is on a day, and one organisation's life."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from surveys.forms.organisations import AsAtForm
from surveys.queries.organisations import directory_for, organisation_page
from surveys.views.crumbs import Crumb
from surveys.views.requests import PersonRequest


@require_safe
def organisation_list(request: PersonRequest) -> HttpResponse:
    """List the nation, the regions and the systems as on a day: today, or the day of `?on=`."""
    today = timezone.localdate()
    form = AsAtForm(request.GET if "on" in request.GET else None, initial={"on": today})
    day = form.cleaned_data["on"] if form.is_valid() else None
    directory = directory_for(request.user, day or today)
    context = {"form": form, "directory": directory, "crumbs": (Crumb("Home", reverse("home")),)}
    return render(request, "surveys/organisations/list.html", context)


@require_safe
def organisation_life(request: PersonRequest, organisation_id: int) -> HttpResponse:
    """Show one organisation with everything that changed over time."""
    page = organisation_page(request.user, organisation_id)
    crumbs = (Crumb("Home", reverse("home")), Crumb("Organisations", reverse("organisations")))
    return render(request, "surveys/organisations/organisation.html", {"page": page, "crumbs": crumbs})
