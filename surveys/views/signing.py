"""Signing an assessment, and returning it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from surveys.actions import assessments as actions
from surveys.forms.signoff import ReturnForm, SignForm
from surveys.queries.deadlines import moment_in_words
from surveys.queries.return_page import return_page
from surveys.queries.signoff_page import signoff_page
from surveys.views.assessments import frame
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent


@page_or_post
def signoff(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Show everything that is signed on one page, and sign it."""
    page = signoff_page(request.user, assessment_id)
    known = {"name": request.user.name, "job_title": request.user.job_title}
    form = SignForm(sent(request), initial=known)
    submission = attempt(
        form,
        lambda: actions.submit(
            by=request.user,
            assessment_id=assessment_id,
            name=form.cleaned_data["name"],
            job_title=form.cleaned_data["job_title"],
            sent_at=form.cleaned_data["sent_at"],
            site=request.build_absolute_uri("/"),
        ),
    )
    if submission is not None:
        messages.success(request, f"The assessment is signed and submitted as copy {submission.number}.")
        return redirect("submission", assessment_id=assessment_id, number=submission.number)
    refused = bool(form.non_field_errors())
    page = signoff_page(request.user, assessment_id) if refused else page
    context = {"page": page, "form": form, **frame(page.state)}
    return render(request, "surveys/assessments/signoff.html", context, status=409 if refused else 200)


@page_or_post
def return_assessment(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Give an assessment back with a reason: the approver to the lead, or the programme to the system."""
    page = return_page(request.user, assessment_id)
    form = ReturnForm(sent(request), time=page.time)
    done = attempt(
        form,
        lambda: actions.return_assessment(
            by=request.user,
            assessment_id=assessment_id,
            reason=form.cleaned_data["reason"],
            until=form.cleaned_data.get("until"),
            site=request.build_absolute_uri("/"),
        ),
    )
    if done is not None:
        given = form.cleaned_data.get("until")
        follows = "The ICS data lead can change it again."
        if given:
            follows = f"The system can correct it until {moment_in_words(given)}."
        elif shut := page.state.window.shut(page.state.now):
            follows = f"The system cannot change anything as things are. {shut}"
        messages.success(request, f"The assessment is returned. {follows}")
        return redirect("assessment", assessment_id=assessment_id)
    refused = bool(form.non_field_errors())
    context = {"page": page, "form": form, **frame(page.state)}
    return render(request, "surveys/assessments/return.html", context, status=409 if refused else 200)
