"""Results: what a release changed in the one before it, and its download."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from surveys.exports.correction import correction_csv
from surveys.queries.results.correction import correction, release_before
from surveys.queries.results.listing import release_among
from surveys.views.downloads import download
from surveys.views.release_switch import ReleaseRequest
from surveys.views.result_pages import frame, overview_crumb, release_page


@release_page
def results_correction(request: ReleaseRequest, release_id: int) -> HttpResponse:
    """Show every figure that differs from the release before."""
    head = release_among(request.rounds, release_id)
    before = release_before(request.rounds, head)
    page = correction(request.user, release_id, before.id) if before else None
    context = {"page": page, **frame(request, head, overview_crumb(head))}
    return render(request, "surveys/results/correction.html", context)


@release_page
def results_correction_csv(request: ReleaseRequest, release_id: int) -> HttpResponseBase:
    """Download every score that differs from the release before."""
    before = release_before(request.rounds, release_among(request.rounds, release_id))
    if before is None:
        raise Http404
    return download(correction_csv(correction(request.user, release_id, before.id)))
