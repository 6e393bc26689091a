"""An assessment: its task list, the check of its answers, and sending it for sign-off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from surveys.actions.assessments import send_for_signoff
from surveys.actions.refusals import Refused
from surveys.queries.answers_check import answers_check
from surveys.queries.assessments import AssessmentState
from surveys.queries.task_list import task_list
from surveys.views.crumbs import Crumb
from surveys.views.requests import PersonRequest


def frame(state: AssessmentState, *, below: bool = True) -> dict[str, Any]:
    """Return the context that every page of an assessment needs; `below` its task list or the list itself.

    Whoever follows the round comes from its page, and is led back to it.
    """
    crumbs = [Crumb("Home", reverse("home"))]
    if state.powers.return_submitted:
        crumbs.append(Crumb(state.round_title, reverse("round", args=[state.round_id])))
    if below:
        label = f"{state.organisation_name}, {state.round_title}"
        crumbs.append(Crumb(label, reverse("assessment", args=[state.id])))
    return {"synthetic": state.synthetic, "crumbs": tuple(crumbs), "state": state}


@require_safe
def assessment(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Show the task list."""
    page = task_list(request.user, assessment_id)
    context = {"page": page, **frame(page.state, below=False)}
    return render(request, "surveys/assessments/task_list.html", context)


@require_safe
def check_answers(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """List every gap and every answer that needs another look."""
    return _check(request, assessment_id)


@require_POST
def send(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Send the assessment for sign-off."""
    try:
        site = request.build_absolute_uri("/")
        send_for_signoff(by=request.user, assessment_id=assessment_id, site=site)
    except Refused as refused:
        return _check(request, assessment_id, refusal=refused.message)
    messages.success(request, "The assessment is sent for sign-off.")
    return redirect("assessment", assessment_id=assessment_id)


def _check(request: PersonRequest, assessment_id: int, refusal: str = "") -> HttpResponse:
    page = answers_check(request.user, assessment_id)
    context = {"page": page, "messages_of_form": (refusal,) if refusal else (), **frame(page.state)}
    status = 409 if refusal else 200
    return render(request, "surveys/assessments/check_answers.html", context, status=status)
