"""The numbered copies of an assessment that were signed, and what differs between two of them."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from surveys.exports.submission_comparison import submission_comparison_csv
from surveys.queries.submission_comparison import SubmissionComparison, submission_comparison
from surveys.queries.submission_page import copy_file, submission_page
from surveys.views.assessments import frame
from surveys.views.downloads import download
from surveys.views.requests import PersonRequest


@require_safe
def submission(request: PersonRequest, assessment_id: int, number: int) -> HttpResponse:
    """Show a signed copy, what changed since the one before, and how to verify it."""
    page = submission_page(request.user, assessment_id, number)
    context = {"page": page, **frame(page.state)}
    return render(request, "surveys/assessments/submission.html", context)


@require_safe
def submission_json(request: PersonRequest, assessment_id: int, number: int) -> HttpResponse:
    """Download exactly the bytes that were hashed."""
    file = copy_file(request.user, assessment_id, number)
    return HttpResponse(
        file.content,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


@require_safe
def compare_submissions(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Show two copies side by side: the fields that differ, or with ?fields=all every one."""
    page = _comparison(request, assessment_id)
    context = {"page": page, "whole": request.GET.get("fields") == "all", **frame(page.state)}
    return render(request, "surveys/assessments/compare_submissions.html", context)


@require_safe
def compare_submissions_csv(request: PersonRequest, assessment_id: int) -> StreamingHttpResponse:
    """Download every field of both copies."""
    return download(submission_comparison_csv(_comparison(request, assessment_id), settings.SERVICE_NAME))


def _comparison(request: PersonRequest, assessment_id: int) -> SubmissionComparison:
    before, after = (_number(request.GET.get(name, "")) for name in ("from", "to"))
    return submission_comparison(request.user, assessment_id, before, after)


def _number(text: str) -> int | None:
    """Return the number of a copy in an address, None when none is named."""
    if not text:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise Http404 from error
