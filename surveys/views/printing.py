"""Questions on paper, for a workshop: the browser prints these pages as they are."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from surveys.queries.printed_questions import assessment_question_set, questionnaire_question_set
from surveys.views.assessments import frame
from surveys.views.crumbs import Crumb
from surveys.views.requests import PersonRequest


@require_safe
def print_questions(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Show every question of an assessment with room to answer it, or with ?answers=yes what is answered."""
    with_answers = request.GET.get("answers") == "yes"
    page = assessment_question_set(request.user, assessment_id, with_answers=with_answers)
    context = {"page": page, "set": page.set, "with_answers": with_answers, **frame(page.state)}
    return render(request, "surveys/printing/assessment.html", context)


@require_safe
def print_questionnaire(request: PersonRequest, questionnaire_id: int) -> HttpResponse:
    """Show every question of a questionnaire with room to answer it."""
    page = questionnaire_question_set(request.user, questionnaire_id)
    context = {"set": page, "crumbs": (Crumb("Home", reverse("home")),)}
    return render(request, "surveys/printing/questionnaire.html", context)
