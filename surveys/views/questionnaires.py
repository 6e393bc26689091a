"""Questionnaires: which there are, and one as respondents see it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from surveys.queries.questionnaires import DimensionPreview, questionnaire_page, questionnaires
from surveys.views.crumbs import Crumb
from surveys.views.question_cards import PartOfPage, QuestionCard
from surveys.views.requests import PersonRequest


@require_safe
def questionnaire_list(request: PersonRequest) -> HttpResponse:
    """List every version of every questionnaire."""
    context = {"questionnaires": questionnaires(request.user), "crumbs": (Crumb("Home", reverse("home")),)}
    return render(request, "surveys/questionnaires/list.html", context)


@require_safe
def questionnaire_preview(request: PersonRequest, questionnaire_id: int) -> HttpResponse:
    """Show every question as respondents see it. Nothing that is typed here is kept."""
    page = questionnaire_page(request.user, questionnaire_id)
    dimensions = [(dimension, _parts(dimension)) for dimension in page.dimensions]
    crumbs = (Crumb("Home", reverse("home")), Crumb("Questionnaires", reverse("questionnaires")))
    context = {"page": page, "dimensions": dimensions, "crumbs": crumbs}
    return render(request, "surveys/questionnaires/questionnaire.html", context)


def _parts(dimension: DimensionPreview) -> tuple[PartOfPage, ...]:
    return tuple(
        PartOfPage(
            part.name,
            part.about,
            tuple(QuestionCard(entry, heading=dimension.name) for entry in part.entries),
        )
        for part in dimension.parts
    )
