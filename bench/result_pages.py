"""The pages of results beside the floor, as somebody of a system opens them, whole each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django.urls import reverse

from bench.country import Respondent
from bench.speed import Kind, floor_page, good
from bench.wire import Answered, Connection
from surveys.models import Assessment, Release, Result

FLOOR = "floor: the base page"


def result_pages(release: Release) -> tuple[Kind, ...]:
    """Return the floor and each view of a release, ready for `speed.measure`."""
    return (
        Kind(FLOOR, floor_page),
        *(Kind(name, _opening(address), floor=FLOOR) for name, address in addresses(release).items()),
    )


def newest_release() -> Release:
    """Return the newest published release of the round that closed last."""
    return Release.objects.filter(kind=Release.Kind.PUBLISHED, withdrawal=None).latest(
        "round__closes_at", "number"
    )


def addresses(release: Release) -> Mapping[str, str]:
    """Return the address of each view by name: its first dimension and question, and its first system."""
    system = Assessment.objects.filter(results__release=release).order_by("pk")[:1].get()
    scored = Result.objects.filter(release=release, measure=Result.Measure.DIMENSION)
    dimension = scored.order_by("pk").values_list("code", flat=True)[:1].get()
    content = release.round.questionnaire.content
    question = next(
        question.code
        for each in content.dimensions
        if each.code == dimension
        for question in each.all_questions
        if question.scored
    )
    return {
        "overview": reverse("results_overview", args=[release.pk]),
        "dimension": reverse("results_dimension", args=[release.pk, dimension]),
        "question": reverse("results_question", args=[release.pk, question]),
        "profile": reverse("results_system", args=[release.pk, system.pk]),
        "gap": reverse("results_gap", args=[release.pk]),
        "change": reverse("results_change", args=[release.pk]),
        "compare": reverse("results_compare", args=[release.pk], query={"near": system.pk}),
        "learn from": reverse("results_learn", args=[release.pk], query={"system": system.pk}),
    }


def _opening(address: str) -> Callable[[Respondent, Connection], Iterator[Answered]]:
    def open_it(_: Respondent, there: Connection) -> Iterator[Answered]:
        while True:
            yield good(there.get(address))

    return open_it
