"""Results: who could help whom, and its downloads."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from surveys.exports.learn_from import balance_csv, offers_csv
from surveys.forms.result_choices import LearnFilter
from surveys.queries.results.compare import system_choices
from surveys.queries.results.learn_from import LearnFrom, about_choices, learn_from
from surveys.queries.results.released import read
from surveys.queries.results.selection import ALL_REGIONS, Choice, part_of, regions_of
from surveys.views.downloads import download
from surveys.views.figures import figure
from surveys.views.found_systems import found_systems
from surveys.views.paging import neighbours
from surveys.views.release_switch import ReleaseRequest
from surveys.views.result_pages import frame, living_release_page, open_when_public, overview_crumb


@living_release_page
def results_learn(request: ReleaseRequest, release_id: int) -> HttpResponse:
    """Show which systems could help one, and where offers are missing."""
    asked_for, found = _learn(request, release_id)
    part = part_of(found.offers, request.GET.get("page", ""))
    page = replace(found, shown=part.lines)
    head = page.head
    offers_url = reverse("results_learn_csv", args=[release_id], query=request.GET)
    balance_url = reverse("results_offers_csv", args=[release_id])
    charts = (("offers", page.chart, offers_url), ("balance", page.balance_chart, balance_url))
    return render(
        request,
        "surveys/results/learn_from.html",
        {
            "page": page,
            "filter": asked_for,
            "found": found_systems(request, page.released, asked_for.chosen("find"), "system"),
            "part": part,
            **neighbours(request, part.number, part.pages),
            "figures": [
                figure(chart, id_=name, csv_url=url, provisional=head.provisional)
                for name, chart, url in charts
                if chart is not None
            ],
            **frame(request, head, overview_crumb(head)),
        },
    )


@open_when_public
def results_learn_csv(request: HttpRequest, release_id: int) -> HttpResponseBase:
    """Download the offers for the chosen system."""
    _, page = _learn(request, release_id)
    return download(offers_csv(page))


@open_when_public
def results_offers_csv(request: HttpRequest, release_id: int) -> HttpResponseBase:
    """Download where offers are missing."""
    _, page = _learn(request, release_id)
    if not page.balance:
        raise Http404
    return download(balance_csv(page))


def _learn(request: HttpRequest, release_id: int) -> tuple[LearnFilter, LearnFrom]:
    released = read(request.user, release_id)
    systems = system_choices(released, request.GET.getlist("system"))
    asked_for = LearnFilter(
        request.GET,
        {
            "system": (Choice("", "None, or your own"), *systems),
            "about": about_choices(released.instrument.content),
            "region": (Choice("", ALL_REGIONS), *regions_of(released.systems)),
        },
        searched=released.systems.many,
    )
    system = asked_for.chosen("system")
    return asked_for, learn_from(
        request.user,
        released,
        asked_for.chosen("about"),
        int(system) if system else None,
        asked_for.chosen("region"),
    )
