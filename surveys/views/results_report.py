"""Results: the report of one system, to print."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from surveys.queries.results.profile import profile
from surveys.views.crumbs import Crumb
from surveys.views.figures import figure
from surveys.views.release_switch import ReleaseRequest
from surveys.views.result_pages import frame, overview_crumb, release_page


@release_page
def results_report(request: ReleaseRequest, release_id: int, assessment_id: int) -> HttpResponse:
    """Show one system's results as a paper of four pages."""
    page = profile(request.user, release_id, assessment_id)
    head = page.head
    csv_url = reverse("results_system_csv", args=[release_id, assessment_id])
    system = Crumb(page.system.name, reverse("results_system", args=[release_id, assessment_id]))
    return render(
        request,
        "surveys/results/report.html",
        {
            "page": page,
            "figure": figure(page.chart, id_="profile", csv_url=csv_url, provisional=head.provisional)
            if page.dimensions and page.system.responded
            else None,
            **frame(request, head, overview_crumb(head), system),
        },
    )
