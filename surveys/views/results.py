"""Results of a round: the list, the overview, one dimension, one system, the answers, and their downloads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from surveys.exports.results import dimension_csv, overview_csv, scores_csv, system_csv
from surveys.forms.results import Choices, ResultsFilter, address
from surveys.permissions import AnyPerson, Permission, held_in
from surveys.queries.results.answers import answers_behind
from surveys.queries.results.dimension import DimensionResults, Order, dimension_results
from surveys.queries.results.listing import rounds_with_results
from surveys.queries.results.overview import overview
from surveys.queries.results.profile import profile
from surveys.queries.results.released import NoSuchRelease, ReleaseHead, read
from surveys.queries.results.selection import Choice, part_of, regions_of
from surveys.queries.results.systems import System
from surveys.queries.results.withdrawn import withdrawn_from
from surveys.views.crumbs import Crumb
from surveys.views.downloads import download
from surveys.views.figures import figure
from surveys.views.heat_table import heat_table
from surveys.views.paging import neighbours
from surveys.views.release_switch import ReleaseRequest
from surveys.views.result_pages import frame, open_when_public, overview_crumb, release_page
from surveys.views.systems_table import systems_table
from surveys.views.tile_map import tile_map


@open_when_public
def results(request: HttpRequest) -> HttpResponseBase:
    """List the rounds of which the person may read results, newest first."""
    rounds = rounds_with_results(request.user)
    if not rounds and not request.user.is_authenticated:
        raise NoSuchRelease
    context = {"rounds": rounds, "withdrawn": withdrawn_from(request.user)}
    return render(request, "surveys/results/list.html", context)


@release_page
def results_overview(request: ReleaseRequest, release_id: int) -> HttpResponse:
    """Show who responded, where systems differ, and every score."""
    found = overview(request.user, release_id)
    choices = Choices(regions_of(found.released.systems), dimensions=found.maps, orders=found.orders)
    asked_for = ResultsFilter(request.GET, choices)
    page = found.arranged(asked_for.selection)
    csv_url = reverse("results_overview_csv", args=[release_id])
    part = part_of(page.systems, request.GET.get("page", ""))
    return render(
        request,
        "surveys/results/overview.html",
        {
            "page": page,
            "filter": asked_for,
            "groups": heat_table(page, part.lines),
            "part": part,
            **neighbours(request, part.number, part.pages),
            "map": tile_map(page),
            "figure": figure(page.chart, id_="spread", csv_url=csv_url, provisional=page.head.provisional)
            if page.dimensions
            else None,
            **frame(request, page.head),
        },
    )


@release_page
def results_dimension(request: ReleaseRequest, release_id: int, dimension_code: str) -> HttpResponse:
    """Show every system on one dimension, or those of a region, in the order asked for."""
    asked_for, page = _dimension(request, release_id, dimension_code)
    part = part_of(page.lines, request.GET.get("page", ""))
    csv_url = address(
        reverse("results_dimension_csv", args=[release_id, dimension_code]), asked_for.selection
    )
    return render(
        request,
        "surveys/results/dimension.html",
        {
            "page": page,
            "filter": asked_for,
            "bars": systems_table(page, part.lines),
            "part": part,
            **neighbours(request, part.number, part.pages),
            "figure": figure(page.chart, id_="strips", csv_url=csv_url, provisional=page.head.provisional)
            if page.chart
            else None,
            "csv_url": csv_url,
            **frame(request, page.head, overview_crumb(page.head)),
        },
    )


@release_page
def results_system(request: ReleaseRequest, release_id: int, assessment_id: int) -> HttpResponse:
    """Show one system against all systems, its region and its own earlier round."""
    page = profile(request.user, release_id, assessment_id)
    csv_url = reverse("results_system_csv", args=[release_id, assessment_id])
    return render(
        request,
        "surveys/results/system.html",
        {
            "page": page,
            "figure": figure(page.chart, id_="profile", csv_url=csv_url, provisional=page.head.provisional)
            if page.dimensions
            else None,
            "challenges_url": _challenges_url(request.user, page.head, page.system),
            **frame(request, page.head, overview_crumb(page.head)),
        },
    )


@release_page
def results_answers(
    request: ReleaseRequest, release_id: int, assessment_id: int, dimension_code: str
) -> HttpResponse:
    """Show what one system answered on one dimension."""
    page = answers_behind(request.user, release_id, assessment_id, dimension_code)
    system = reverse("results_system", args=[release_id, assessment_id])
    return render(
        request,
        "surveys/results/answers.html",
        {
            "page": page,
            "challenges_url": _challenges_url(request.user, page.head, page.system),
            **frame(request, page.head, overview_crumb(page.head), Crumb(page.system.name, system)),
        },
    )


@release_page
def results_overview_csv(request: HttpRequest, release_id: int) -> HttpResponseBase:
    """Download the spread of the systems' scores on every measure."""
    return download(overview_csv(overview(request.user, release_id)))


@release_page
def results_dimension_csv(request: HttpRequest, release_id: int, dimension_code: str) -> HttpResponseBase:
    """Download every system's score on one dimension, or those of a region, in the order asked for."""
    _, page = _dimension(request, release_id, dimension_code)
    return download(dimension_csv(page))


@release_page
def results_system_csv(request: HttpRequest, release_id: int, assessment_id: int) -> HttpResponseBase:
    """Download one system's scores."""
    return download(system_csv(profile(request.user, release_id, assessment_id)))


@release_page
def results_scores_csv(request: HttpRequest, release_id: int) -> HttpResponseBase:
    """Download every score that the person may read, one row each."""
    return download(scores_csv(read(request.user, release_id)))


def _challenges_url(person: AnyPerson, head: ReleaseHead, system: System) -> str:
    """Return where a reader finds the challenges of a system; empty where they have no part in them."""
    concerned = Permission.SEE_RESULTS in held_in(person, system.organisation_id)
    return reverse("system_challenges", args=[system.assessment_id]) if head.provisional and concerned else ""


def _dimension(
    request: HttpRequest, release_id: int, dimension_code: str
) -> tuple[ResultsFilter, DimensionResults]:
    found = dimension_results(request.user, release_id, dimension_code)
    asked_for = ResultsFilter(request.GET, Choices(regions_of(found.released.systems), orders=_ORDERS))
    return asked_for, found.arranged(asked_for.selection)


_ORDERS = (
    Choice(Order.REGION.value, "Region, then system"),
    Choice(Order.NAME.value, "System"),
    Choice(Order.SCORE.value, "Score"),
    Choice(Order.CHANGE.value, "Change since the round before"),
)
