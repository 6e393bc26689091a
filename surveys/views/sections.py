"""One section of an assessment: its questions and the answers to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from surveys.actions.answers import save_answers
from surveys.actions.refusals import Refused
from surveys.actions.section_work import note_work
from surveys.forms.answers import (
    SectionForm,
    kept_section,
    typed_section,
    unsaved_texts,
    unsettled_section,
)
from surveys.queries.instruments import instrument_of
from surveys.queries.section_page import Neighbour, SectionPage, section_page
from surveys.queries.section_work import present_in_words
from surveys.views.assessments import frame
from surveys.views.autosave import NOT_HANDED_TO_YOU, section_in_json
from surveys.views.crumbs import Crumb
from surveys.views.question_cards import PartOfPage, QuestionCard
from surveys.views.requests import PersonRequest, wants_json

TO_THE_CHECK = ":check"
TO_THE_LIST = ":list"
STAY = ":stay"
HAS_AN_ANSWER = "The question has an answer, so the one of the last round did not take its place."


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("Accept")
def section(request: PersonRequest, assessment_id: int, dimension_code: str) -> HttpResponse:
    """Show the questions of a section, and save the answers to them; in JSON where our script asks."""
    if wants_json(request):
        return section_in_json(request, assessment_id, dimension_code)
    if request.method == "POST":
        return _save(request, assessment_id, dimension_code)
    page = section_page(request.user, assessment_id, dimension_code)
    present = note_work(by=request.user, state=page.state, dimension_code=page.code) if _open(page) else ()
    return _answering(request, page, present=present_in_words(present))


def _save(request: PersonRequest, assessment_id: int, dimension_code: str) -> HttpResponse:
    dimension = instrument_of(assessment_id).dimension(dimension_code)
    typed = typed_section(dimension.all_questions, request.POST)
    confirm = request.POST.get("confirm", "")
    try:
        outcome = save_answers(
            by=request.user, assessment_id=assessment_id, saves=typed.saves(), confirm=confirm
        )
    except Http404:
        return _not_saved(request, assessment_id, dimension_code, typed, NOT_HANDED_TO_YOU, 404)
    except Refused as refused:
        return _not_saved(request, assessment_id, dimension_code, typed, refused.message, 409)
    if outcome.complete and not typed.errors:
        messages.success(request, f"“{dimension.name}” is saved.")
        if confirm in outcome.versions:
            if not outcome.confirmed:
                messages.info(request, HAS_AN_ANSWER)
            return _to_the_question(assessment_id, dimension_code, confirm)
        return _onwards(request, assessment_id, dimension_code)
    page = section_page(request.user, assessment_id, dimension_code)
    form = unsettled_section(typed, outcome, page.entries)
    return _answering(request, page, form, 409 if outcome.conflicts else 200, saved=len(outcome.saved))


def _to_the_question(assessment_id: int, dimension_code: str, question_code: str) -> HttpResponse:
    section = reverse("section", args=[assessment_id, dimension_code])
    return redirect(f"{section}#question-{question_code}")


def _onwards(request: PersonRequest, assessment_id: int, dimension_code: str) -> HttpResponse:
    """Go where the chosen button leads: a section, the check, the task list, or the same page."""
    then = request.POST.get("then", STAY)
    if then in {TO_THE_CHECK, TO_THE_LIST}:
        name = "check_answers" if then == TO_THE_CHECK else "assessment"
        return redirect(name, assessment_id=assessment_id)
    codes = [dimension.code for dimension in instrument_of(assessment_id).content.dimensions]
    code = then if then in codes else dimension_code
    return redirect("section", assessment_id=assessment_id, dimension_code=code)


def _not_saved(
    request: PersonRequest,
    assessment_id: int,
    dimension_code: str,
    typed: SectionForm,
    refusal: str,
    status: int,
) -> HttpResponse:
    """Say why nothing was saved, with everything typed: in the form, or to copy where there is none."""
    page = section_page(request.user, assessment_id, dimension_code, lost=True)
    return _answering(
        request,
        page,
        kept_section(typed, page.entries),
        status,
        messages_of_form=(refusal,),
        unsaved=unsaved_texts(typed, page.entries, in_form=_open(page)),
    )


def _open(page: SectionPage) -> bool:
    return page.may_answer and not page.state.locked


def _answering(
    request: PersonRequest,
    page: SectionPage,
    form: SectionForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    is_open = _open(page)
    context = {
        "page": page,
        "parts": tuple(_parts(page, form)),
        "form": form if is_open else None,
        "previous": _neighbour(page, page.previous),
        "next": _neighbour(page, page.next),
        "then_next": _after_this(page),
        "then_stay": STAY,
        **more,
        **frame(page.state),
    }
    template = "section.html" if is_open else "section_read_only.html"
    return render(request, f"surveys/assessments/{template}", context, status=status)


def _parts(page: SectionPage, form: SectionForm | None) -> Iterator[PartOfPage]:
    typed = {answer.question.code: answer for answer in form.answers if answer.is_bound} if form else {}
    for part in page.parts:
        cards = []
        for entry in part.entries:
            code = entry.question.code
            link = reverse("question", args=[page.state.id, code]) if page.state.powers.comment else ""
            before, flags = page.before.get(code), page.flags.get(code, ())
            cards.append(QuestionCard(entry, part.name, typed.get(code), before, flags, link))
        yield PartOfPage(part.name, part.about, tuple(cards))


def _after_this(page: SectionPage) -> str:
    """Return where "Save and continue" leads: the next section; after the last, the check or the list."""
    last = TO_THE_CHECK if page.state.powers.send else TO_THE_LIST
    return page.next.code if page.next else last


def _neighbour(page: SectionPage, neighbour: Neighbour | None) -> Crumb | None:
    if neighbour is None:
        return None
    return Crumb(neighbour.name, reverse("section", args=[page.state.id, neighbour.code]))
