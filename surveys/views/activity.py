"""Activity: the audit trail, looked through and downloaded."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from surveys.exports.activity import activity_csv
from surveys.forms.activity import ActivityForm
from surveys.queries.activity import activity_choices, activity_page, recorded_events
from surveys.views.crumbs import Crumb
from surveys.views.downloads import download
from surveys.views.paging import neighbours
from surveys.views.requests import PersonRequest


@require_safe
def activity(request: PersonRequest) -> HttpResponse:
    """Show what was done, by whom and why: what the address asks for, a page at a time."""
    form = ActivityForm(request.GET, activity_choices(request.user))
    page = activity_page(request.user, form.wanted, request.GET.get("page", "1"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "narrowed": any(query.values()),
        "csv_url": reverse("activity_csv", query=query),
        "crumbs": (Crumb("Home", reverse("home")),),
    }
    around = neighbours(request, page.number, page.pages)
    return render(request, "surveys/activity/activity.html", context | around)


@require_safe
def activity_file(request: PersonRequest) -> StreamingHttpResponse:
    """Download everything that the address asks for."""
    form = ActivityForm(request.GET, activity_choices(request.user))
    return download(activity_csv(recorded_events(request.user, form.wanted), settings.SERVICE_NAME))
