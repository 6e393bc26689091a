"""Results: any set of systems side by side, and its download."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from surveys.exports.compare import compare_csv
from surveys.forms.result_choices import CompareFilter
from surveys.queries.results.compare import Comparison, compare, system_choices
from surveys.queries.results.released import read
from surveys.queries.results.saved_groups import saved_groups
from surveys.queries.results.selection import Choice, regions_of
from surveys.views.downloads import download
from surveys.views.figures import figure
from surveys.views.found_systems import found_systems
from surveys.views.release_switch import ReleaseRequest
from surveys.views.result_pages import frame, living_release_page, open_when_public, overview_crumb


@living_release_page
def results_compare(request: ReleaseRequest, release_id: int) -> HttpResponse:
    """Show the chosen systems side by side."""
    asked_for, page = _compare(request, release_id)
    csv_url = reverse("results_compare_csv", args=[release_id], query=request.GET)
    return render(
        request,
        "surveys/results/compare.html",
        {
            "page": page,
            "filter": asked_for,
            "found": found_systems(request, page.released, asked_for.chosen("find"), "near"),
            "figure": figure(page.chart, id_="compare", csv_url=csv_url, provisional=page.head.provisional)
            if page.systems
            else None,
            "save_url": reverse(
                "new_system_group",
                args=[release_id],
                query={"system": [system.assessment_id for system in page.systems]},
            ),
            **frame(request, page.head, overview_crumb(page.head)),
        },
    )


@open_when_public
def results_compare_csv(request: HttpRequest, release_id: int) -> HttpResponseBase:
    """Download the scores of the chosen systems."""
    _, page = _compare(request, release_id)
    return download(compare_csv(page))


def _compare(request: HttpRequest, release_id: int) -> tuple[CompareFilter, Comparison]:
    released = read(request.user, release_id)
    systems = system_choices(released, [*request.GET.getlist("near"), *request.GET.getlist("system")])
    groups = saved_groups(request.user)
    asked_for = CompareFilter(
        request.GET,
        {
            "near": (Choice("", "None"), *systems),
            "group": (Choice("", "None"), *(Choice(str(each.id), each.label) for each in groups)),
            "region": (Choice("", "None"), *regions_of(released.systems)),
            "system": systems,
        },
        searched=released.systems.many,
    )
    group = next((each for each in groups if str(each.id) == asked_for.chosen("group")), None)
    return asked_for, compare(request.user, released, replace(asked_for.selection, group=group))
