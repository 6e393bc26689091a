"""A section as our script on its page reads it: saving single questions, and what holds now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import Http404, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache

from surveys.actions.answers import Conflict, SaveOutcome, save_answers
from surveys.actions.refusals import Refused
from surveys.actions.section_work import note_work
from surveys.forms.answers import AnswerForm, SectionForm, disputed_form, typed_section
from surveys.queries.assessments import assessment_state
from surveys.queries.deadlines import moment_in_words
from surveys.queries.flags import Flag, flags_beside
from surveys.queries.instruments import instrument, instrument_of
from surveys.queries.section_page import QuestionEntry, answer_versions
from surveys.queries.section_work import present_in_words
from surveys.views.requests import PersonRequest

NOT_HANDED_TO_YOU: Final = (
    "This section, or a question of it, is not handed to you, or no longer, so nothing was saved. What you "
    "typed is below: copy what you want to keep, and ask the ICS data lead."
)


@never_cache
def section_in_json(request: PersonRequest, assessment_id: int, dimension_code: str) -> JsonResponse:
    """Save the questions that were posted, or say what holds now: the same address as the page's.

    The page asks what holds from time to time while somebody works on it, which is noted as work.
    """
    if request.method == "POST":
        return _saved(request, assessment_id, dimension_code)
    state = assessment_state(request.user, assessment_id)
    asked_by = instrument(state.questionnaire_id)
    refused = state.locked if state.powers.may_answer_in(dimension_code) else NOT_HANDED_TO_YOU
    present = () if refused else note_work(by=request.user, state=state, dimension_code=dimension_code)
    return JsonResponse(
        {
            "person": request.user.pk,
            "token": get_token(request),
            "versions": answer_versions(state, asked_by, asked_by.dimension(dimension_code)),
            "refused": refused,
            "present": present_in_words(present),
        }
    )


def _saved(request: PersonRequest, assessment_id: int, dimension_code: str) -> JsonResponse:
    """Save, and say of each question what became of it.

    Whoever signs in on a shared machine meanwhile never saves what somebody else has typed as their own.
    """
    if request.POST.get("person") != str(request.user.pk):
        return JsonResponse({"other_person": request.user.name}, status=409)
    dimension = instrument_of(assessment_id).dimension(dimension_code)
    typed = typed_section(dimension.all_questions, request.POST)
    try:
        outcome = save_answers(
            by=request.user,
            assessment_id=assessment_id,
            saves=typed.saves(),
            confirm=request.POST.get("confirm", ""),
        )
    except Http404:
        # For somebody who may not even read the assessment there is none.
        assessment_state(request.user, assessment_id)
        return JsonResponse({"refused": NOT_HANDED_TO_YOU}, status=404)
    except Refused as refused:
        return JsonResponse({"refused": refused.message}, status=409)
    return JsonResponse(_told(request, assessment_id, typed, outcome))


def _told(
    request: PersonRequest, assessment_id: int, typed: SectionForm, outcome: SaveOutcome
) -> dict[str, Any]:
    now = timezone.now()
    saved = {
        answer.question.code: answer.response
        for answer in typed.answers
        if answer.question.code in outcome.saved
    }
    flagged = flags_beside(assessment_id, instrument_of(assessment_id), saved, outcome.evidenced)
    questions: dict[str, Mapping[str, Any]] = {}
    for answer in typed.answers:
        code = answer.question.code
        if code in outcome.conflicts:
            questions[code] = _conflict(answer, outcome.conflicts[code])
        else:
            answer.report(outcome.invalid.get(code, ()))
            questions[code] = _settled(answer, outcome, flagged.get(code, ()))
    return {
        "saved_at": f"{timezone.localtime(now):%H:%M}",
        "last_saved": f"Last saved by {request.user.name} on {moment_in_words(now)}.",
        "questions": questions,
    }


def _settled(answer: AnswerForm, outcome: SaveOutcome, flagged: tuple[Flag, ...]) -> Mapping[str, Any]:
    code = answer.question.code
    if answer.errors:
        problems = {answer.add_prefix(field): list(told) for field, told in answer.errors.items()}
        return {"state": "invalid", "problems": problems}
    state = "saved" if code in outcome.saved else "unchanged"
    settled: dict[str, Any] = {"state": state, "version": outcome.versions.get(code, answer.seen)}
    if code in outcome.versions:
        settled["answered"] = code in outcome.answered
    return {**settled, "flags": [flag.words for flag in flagged]} if flagged else settled


def _conflict(answer: AnswerForm, conflict: Conflict) -> Mapping[str, Any]:
    """Return both answers, as the page without scripts shows them."""
    entry = QuestionEntry(
        answer.question, answer.number, conflict.theirs, asked=True, condition="", suggested_lead=""
    )
    both = {"entry": entry, "answer": disputed_form(answer, conflict.theirs)}
    return {
        "state": "conflict",
        "version": conflict.theirs.version,
        "both": render_to_string("surveys/assessments/_conflict.html", both),
    }
