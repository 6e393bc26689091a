"""Results: what changed since an earlier round, and its download."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from surveys.exports.round_changes import dimension_changes_csv, round_changes_csv
from surveys.exports.score_history import score_history_csv
from surveys.forms.result_choices import ChangeFilter
from surveys.queries.results.released import Released, read
from surveys.queries.results.round_changes import RoundChanges, change_dimensions, round_changes
from surveys.queries.results.round_pair import earlier_rounds
from surveys.queries.results.selection import ALL_REGIONS, Choice, part_of, regions_of
from surveys.views.downloads import download
from surveys.views.figures import figure
from surveys.views.paging import neighbours
from surveys.views.release_switch import ReleaseRequest
from surveys.views.result_pages import frame, open_when_public, overview_crumb, release_page


@release_page
def results_change(request: ReleaseRequest, release_id: int) -> HttpResponse:
    """Show who scored higher or lower than before, on comparable questions."""
    released, asked_for, page = _change(request, release_id)
    head = released.head
    context = {
        "page": page,
        "filter": asked_for,
        "released": released,
        **frame(request, head, overview_crumb(head)),
    }
    if page is not None:
        part = part_of(page.lines, request.GET.get("page", ""))
        if released.systems.many:
            page = context["page"] = replace(page, shown=part.lines)
            context |= {"part": part, **neighbours(request, part.number, part.pages)}
        dimensions_url = reverse("results_change_dimensions_csv", args=[release_id], query=request.GET)
        csv_url = reverse("results_change_csv", args=[release_id], query=request.GET)
        history_url = reverse("results_deciles_csv", args=[release_id], query=request.GET)
        charts = (
            ("dimensions", page.overview_chart, dimensions_url),
            ("systems", page.chart, csv_url),
            ("history", page.history_chart, history_url),
        )
        context["figures"] = [
            figure(chart, id_=name, csv_url=url, provisional=head.provisional)
            for name, chart, url in charts
            if chart is not None
        ]
    return render(request, "surveys/results/change.html", context)


@open_when_public
def results_change_csv(request: HttpRequest, release_id: int) -> HttpResponseBase:
    """Download the change of every system on the page."""
    _, _, page = _change(request, release_id)
    if page is None:
        raise Http404
    return download(round_changes_csv(page))


@open_when_public
def results_change_dimensions_csv(request: HttpRequest, release_id: int) -> HttpResponseBase:
    """Download the medians of both rounds on every dimension."""
    _, _, page = _change(request, release_id)
    if page is None or page.overview_chart is None:
        raise Http404
    return download(dimension_changes_csv(page))


@open_when_public
def results_deciles_csv(request: HttpRequest, release_id: int) -> HttpResponseBase:
    """Download the deciles of every round of the page."""
    released, _, page = _change(request, release_id)
    if page is None or page.history_chart is None:
        raise Http404
    return download(score_history_csv(released.head, page.chosen.name, page.history_chart))


def _change(request: HttpRequest, release_id: int) -> tuple[Released, ChangeFilter, RoundChanges | None]:
    released = read(request.user, release_id)
    rounds = earlier_rounds(request.user, released)
    asked_for = ChangeFilter(
        request.GET,
        {
            "since": [Choice(str(head.id), head.round_title) for head in rounds],
            "dimension": change_dimensions(released),
            "region": (Choice("", ALL_REGIONS), *regions_of(released.systems)),
        },
    )
    if not rounds:
        return released, asked_for, None
    then = next((head for head in rounds if str(head.id) == asked_for.chosen("since")), rounds[0])
    return (
        released,
        asked_for,
        round_changes(
            request.user,
            released,
            then,
            rounds,
            dimension=asked_for.chosen("dimension"),
            region=asked_for.chosen("region"),
        ),
    )
