"""Results of a round: the list, the overview, one dimension, one system, the answers, and their downloads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from surveys.exports.results import dimension_csv, overview_csv, scores_csv, system_csv
from surveys.forms.results import OrderForm
from surveys.permissions import AnyPerson
from surveys.queries.results.answers import answers_behind
from surveys.queries.results.dimension import Order, dimension_results
from surveys.queries.results.listing import rounds_with_results
from surveys.queries.results.overview import overview
from surveys.queries.results.profile import profile
from surveys.queries.results.released import NoSuchRelease, ReleaseHead, read
from surveys.views.crumbs import Crumb
from surveys.views.downloads import download
from surveys.views.figures import figure
from surveys.views.heat_table import heat_table

View = Callable[..., HttpResponseBase]


def open_when_public(view: View) -> View:
    """Let everybody read what is public, and ask whoever has not signed in to do so for the rest.

    A release that is not public and one that does not exist look the same from outside.
    """

    @login_not_required
    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NoSuchRelease:
            if request.user.is_authenticated:
                raise
            return redirect_to_login(request.get_full_path())

    return answer


@open_when_public
def results(request: HttpRequest) -> HttpResponseBase:
    """List the rounds of which the person may read results, newest first."""
    rounds = rounds_with_results(_reader(request))
    if not rounds and not request.user.is_authenticated:
        raise NoSuchRelease
    return render(request, "surveys/results/list.html", {"rounds": rounds})


@open_when_public
def results_overview(request: HttpRequest, release_id: int) -> HttpResponse:
    """Show who responded, where systems differ, and every score."""
    page = overview(_reader(request), release_id)
    csv_url = reverse("results_overview_csv", args=[release_id])
    return render(
        request,
        "surveys/results/overview.html",
        {
            "page": page,
            "regions": heat_table(page),
            "figure": figure(page.chart, id_="spread", csv_url=csv_url) if page.dimensions else None,
            **_frame(page.head),
        },
    )


@open_when_public
def results_dimension(request: HttpRequest, release_id: int, dimension_code: str) -> HttpResponse:
    """Show every system on one dimension, in the order asked for."""
    asked_for = OrderForm(request.GET)
    if asked_for.not_understood:
        messages.info(request, asked_for.not_understood)
    page = dimension_results(
        _reader(request),
        release_id,
        dimension_code,
        order=asked_for.order,
        descending=asked_for.descending,
    )
    csv_url = reverse("results_dimension_csv", args=[release_id, dimension_code])
    return render(
        request,
        "surveys/results/dimension.html",
        {
            "page": page,
            "headers": _sort_headers(page.order, descending=page.descending),
            "figure": figure(page.chart, id_="systems", csv_url=csv_url),
            **_frame(page.head, _overview_crumb(page.head)),
        },
    )


@open_when_public
def results_system(request: HttpRequest, release_id: int, assessment_id: int) -> HttpResponse:
    """Show one system against all systems, its region and its own earlier round."""
    page = profile(_reader(request), release_id, assessment_id)
    csv_url = reverse("results_system_csv", args=[release_id, assessment_id])
    return render(
        request,
        "surveys/results/system.html",
        {
            "page": page,
            "figure": figure(page.chart, id_="profile", csv_url=csv_url) if page.dimensions else None,
            **_frame(page.head, _overview_crumb(page.head)),
        },
    )


@open_when_public
def results_answers(
    request: HttpRequest, release_id: int, assessment_id: int, dimension_code: str
) -> HttpResponse:
    """Show what one system answered on one dimension."""
    page = answers_behind(_reader(request), release_id, assessment_id, dimension_code)
    system = reverse("results_system", args=[release_id, assessment_id])
    return render(
        request,
        "surveys/results/answers.html",
        {
            "page": page,
            **_frame(page.head, _overview_crumb(page.head), Crumb(page.system.name, system)),
        },
    )


@open_when_public
def results_overview_csv(request: HttpRequest, release_id: int) -> HttpResponseBase:
    """Download the spread of the systems' scores on every measure."""
    return download(overview_csv(overview(_reader(request), release_id)))


@open_when_public
def results_dimension_csv(request: HttpRequest, release_id: int, dimension_code: str) -> HttpResponseBase:
    """Download every system's score on one dimension."""
    return download(dimension_csv(dimension_results(_reader(request), release_id, dimension_code)))


@open_when_public
def results_system_csv(request: HttpRequest, release_id: int, assessment_id: int) -> HttpResponseBase:
    """Download one system's scores."""
    return download(system_csv(profile(_reader(request), release_id, assessment_id)))


@open_when_public
def results_scores_csv(request: HttpRequest, release_id: int) -> HttpResponseBase:
    """Download every score that the person may read, one row each."""
    return download(scores_csv(read(_reader(request), release_id)))


def _reader(request: HttpRequest) -> AnyPerson:
    return request.user


def _frame(head: ReleaseHead, *crumbs: Crumb) -> dict[str, Any]:
    return {
        "head": head,
        "synthetic": head.synthetic,
        "crumbs": (Crumb("Results", reverse("results")), *crumbs),
    }


def _overview_crumb(head: ReleaseHead) -> Crumb:
    return Crumb(head.round_title, reverse("results_overview", args=[head.id]))


@dataclass(frozen=True)
class SortHeader:
    """A column's header as the component sort_header.html takes it."""

    label: str
    url: str
    sort: str


_LABELS = {Order.REGION: "Region", Order.NAME: "System", Order.SCORE: "Score"}


def _sort_headers(current: Order, *, descending: bool) -> dict[str, SortHeader]:
    """Return the header of every column that can be sorted: another click turns the order round."""
    return {
        order.value: SortHeader(
            label=_LABELS[order],
            url=f"?sort={order.value}&direction={_direction(descending=order is current and not descending)}",
            sort=_direction(descending=descending) if order is current else "",
        )
        for order in Order
    }


def _direction(*, descending: bool) -> str:
    return "descending" if descending else "ascending"
