"""Results: the gap between two scores of each system, and its download."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from surveys.exports.gap import gap_csv
from surveys.forms.result_choices import GapFilter
from surveys.queries.results.gap import GapResults, gap_choices, gap_results
from surveys.queries.results.released import Released, read
from surveys.queries.results.selection import ALL_REGIONS, Choice, regions_of
from surveys.views.downloads import download
from surveys.views.figures import figure
from surveys.views.release_switch import ReleaseRequest
from surveys.views.result_pages import frame, open_when_public, overview_crumb, release_page


@release_page
def results_gap(request: ReleaseRequest, release_id: int) -> HttpResponse:
    """Show where systems are ahead in one thing and behind in another."""
    released, asked_for, page = _gap(request, release_id)
    head = released.head
    if page is None:
        return render(request, "surveys/results/no_gap.html", frame(request, head, overview_crumb(head)))
    csv_url = reverse("results_gap_csv", args=[release_id], query=request.GET)
    charts = (("gap", page.chart), ("strip", page.strip))
    return render(
        request,
        "surveys/results/gap.html",
        {
            "page": page,
            "filter": asked_for,
            "figures": [
                figure(chart, id_=name, csv_url=csv_url, provisional=head.provisional)
                for name, chart in charts
                if chart is not None
            ],
            **frame(request, head, overview_crumb(head)),
        },
    )


@open_when_public
def results_gap_csv(request: HttpRequest, release_id: int) -> HttpResponseBase:
    """Download both scores of every system on the page."""
    _, _, page = _gap(request, release_id)
    if page is None:
        raise Http404
    return download(gap_csv(page))


def _gap(request: HttpRequest, release_id: int) -> tuple[Released, GapFilter, GapResults | None]:
    released = read(request.user, release_id)
    regions = (Choice("", ALL_REGIONS), *regions_of(released.systems))
    asked_for = GapFilter(request.GET, {"pair": gap_choices(released), "region": regions})
    page = gap_results(request.user, released, asked_for.chosen("pair"), asked_for.chosen("region"))
    return released, asked_for, page
