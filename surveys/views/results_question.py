"""Results of one question: how its answers are distributed, and the download of the same figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from surveys.exports.question_results import question_csv
from surveys.forms.results import Choices, ResultsFilter, address
from surveys.queries.results.question import LevelChosen, QuestionResults, question_results
from surveys.queries.results.question_charts import question_chart
from surveys.queries.results.systems import System
from surveys.questionnaires.schema import Question
from surveys.views.crumbs import Crumb
from surveys.views.downloads import download
from surveys.views.figures import figure
from surveys.views.paging import Turned, turned
from surveys.views.release_switch import ReleaseRequest
from surveys.views.result_pages import frame, overview_crumb, release_page


@release_page
def results_question(request: ReleaseRequest, release_id: int, question_code: str) -> HttpResponse:
    """Show how the systems answered one question."""
    asked_for, page = _question(request, release_id, question_code)
    chart = question_chart(page)
    csv_url = address(reverse("results_question_csv", args=[release_id, question_code]), page.selection)
    drawn = (
        figure(chart, id_="answers", csv_url=csv_url, provisional=page.head.provisional) if chart else None
    )
    dimension = Crumb(
        page.dimension.name, reverse("results_dimension", args=[release_id, page.dimension.code])
    )
    above = (overview_crumb(page.head), dimension) if page.dimension_scored else (overview_crumb(page.head),)
    return render(
        request,
        "surveys/results/question.html",
        {
            "page": page,
            "filter": asked_for,
            "figure": drawn,
            "csv_url": csv_url,
            "levels": [_level(request, each) for each in page.chosen],
            "comments": turned(request, page.comments, "comments"),
            "texts": turned(request, page.texts, "texts"),
            "previous": _crumb(release_id, page.neighbours[0]),
            "next": _crumb(release_id, page.neighbours[1]),
            **frame(request, page.head, *above),
        },
    )


@release_page
def results_question_csv(request: HttpRequest, release_id: int, question_code: str) -> HttpResponseBase:
    """Download the figures of a question, and what each system answered."""
    _, page = _question(request, release_id, question_code)
    return download(question_csv(page))


def _question(
    request: HttpRequest, release_id: int, question_code: str
) -> tuple[ResultsFilter, QuestionResults]:
    found = question_results(request.user, release_id, question_code)
    asked_for = ResultsFilter(request.GET, Choices(found.regions))
    return asked_for, found.arranged(asked_for.selection)


def _level(request: HttpRequest, chosen: LevelChosen) -> tuple[str, Turned[System]]:
    return chosen.level, turned(request, chosen.systems, f"level-{chosen.value}")


def _crumb(release_id: int, question: Question | None) -> Crumb | None:
    if question is None:
        return None
    return Crumb(question.text, reverse("results_question", args=[release_id, question.code]))
