"""Moderating the levels of one assessment: reviewers propose, the system answers, the lead decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from surveys.actions import moderation as actions
from surveys.actions import moderation_plan
from surveys.actions.refusals import Refused
from surveys.forms.moderation import AnswerForm, DecisionForm, ProposalForm, ReviewerForm
from surveys.queries.assessment_moderation import (
    AssessmentModeration,
    ModeratedQuestion,
    Step,
    assessment_moderation,
    moderated_question,
)
from surveys.queries.moderation_plan import ReviewersPage, reviewers_page
from surveys.views.crumbs import Crumb
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent

DONE = {
    Step.PROPOSE: "The level is proposed. The system is asked to answer.",
    Step.ANSWER: "Your answer is kept.",
    Step.DECIDE: "The level is decided.",
}


@require_safe
def moderation(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Show the signed levels with what was proposed beside them; to the system what concerns it."""
    page = assessment_moderation(request.user, assessment_id)
    rows = [(section, [(level, page.next_step(level)) for level in section.levels]) for section in page.shown]
    context = {"page": page, "sections": rows, "synthetic": page.synthetic, "crumbs": _crumbs(page)}
    return render(request, "surveys/moderation/assessment.html", context)


@page_or_post
def moderated_level(request: PersonRequest, assessment_id: int, question_code: str) -> HttpResponse:
    """Show one level with its moderation, and take the step that the person can take."""
    found = moderated_question(request.user, assessment_id, question_code)
    posted = sent(request)
    step = _step(posted) if posted is not None else found.step
    if step is Step.NOTHING:
        return _show(request, found, step, None)
    form = _form(found, step, posted)
    done = attempt(form, _act(request, found, step, form))
    if done is not None:
        messages.success(request, DONE[step])
        address = reverse("assessment_moderation", args=[assessment_id])
        return redirect(f"{address}#question-{question_code}")
    if form.non_field_errors():
        found = moderated_question(request.user, assessment_id, question_code)
    return _show(request, found, step, form)


def _step(posted: QueryDict) -> Step:
    try:
        return Step(posted.get("step", ""))
    except ValueError as error:
        raise Http404 from error


def _form(found: ModeratedQuestion, step: Step, posted: QueryDict | None) -> forms.Form:
    line = found.signed.moderation
    proposal = line.id if line else None
    match step:
        case Step.PROPOSE:
            return ProposalForm(posted, levels=found.levels_to_propose, step=step, copy=found.page.copy)
        case Step.ANSWER:
            return AnswerForm(posted, evidence=found.signed.evidence, step=step, proposal=proposal)
        case _:
            return DecisionForm(posted, levels=found.levels_to_decide, step=step, proposal=proposal)


def _act(
    request: PersonRequest, found: ModeratedQuestion, step: Step, form: forms.Form
) -> Callable[[], object]:
    where: dict[str, Any] = {
        "by": request.user,
        "assessment_id": found.page.id,
        "site": request.build_absolute_uri("/"),
    }

    def propose() -> object:
        given = form.cleaned_data
        return actions.propose(
            question_code=found.signed.code,
            level=given["level"],
            reason=given["reason"],
            copy=given["copy"],
            **where,
        )

    def answer() -> object:
        given = form.cleaned_data
        return actions.answer_proposal(
            moderation_id=given["proposal"],
            kind=given["kind"],
            text=given["text"],
            evidence=given.get("evidence", ()),
            **where,
        )

    def decide() -> object:
        given = form.cleaned_data
        return actions.decide(
            moderation_id=given["proposal"], level=given["level"], reason=given["reason"], **where
        )

    return {Step.PROPOSE: propose, Step.ANSWER: answer, Step.DECIDE: decide}[step]


def _show(
    request: PersonRequest, found: ModeratedQuestion, step: Step, form: forms.Form | None
) -> HttpResponse:
    page = found.page
    listed = Crumb("Moderation", reverse("assessment_moderation", args=[page.id]))
    context = {
        "found": found,
        "page": page,
        "level": found.signed,
        "step": step,
        "form": form,
        "back": f"{listed.url}#question-{found.signed.code}",
        "synthetic": page.synthetic,
        "crumbs": (*_crumbs(page), listed),
    }
    refused = form is not None and bool(form.non_field_errors())
    return render(request, "surveys/moderation/level.html", context, status=409 if refused else 200)


@page_or_post
def reviewers(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """List who reviews a system by assignment, and ask somebody else to."""
    page = reviewers_page(request.user, assessment_id)
    form = ReviewerForm(sent(request))
    review = attempt(
        form,
        lambda: moderation_plan.assign_reviewer(
            by=request.user,
            assessment_id=assessment_id,
            site=request.build_absolute_uri("/"),
            **form.cleaned_data,
        ),
    )
    if review is not None:
        messages.success(request, f"{review.reviewer.name} is asked to review {page.organisation_name}.")
        return redirect("reviewers", assessment_id=assessment_id)
    return _reviewers(request, page, form)


@require_POST
def end_review(request: PersonRequest, assessment_id: int, review_id: int) -> HttpResponse:
    """End the review of somebody."""
    try:
        review = moderation_plan.end_review(by=request.user, assessment_id=assessment_id, review_id=review_id)
    except Refused as refused:
        form = ReviewerForm()
        page = reviewers_page(request.user, assessment_id)
        return _reviewers(request, page, form, refusal=refused.message)
    messages.success(request, f"{review.reviewer.name} does not review it any more.")
    return redirect("reviewers", assessment_id=assessment_id)


def _reviewers(
    request: PersonRequest, page: ReviewersPage, form: ReviewerForm, refusal: str = ""
) -> HttpResponse:
    crumbs = (
        Crumb("Home", reverse("home")),
        Crumb(page.round_title, reverse("round", args=[page.round_id])),
        Crumb("Moderation", reverse("round_moderation", args=[page.round_id])),
    )
    context = {
        "page": page,
        "form": form,
        "messages_of_form": (refusal,) if refusal else (),
        "synthetic": page.synthetic,
        "crumbs": crumbs,
    }
    status = 409 if refusal else 200
    return render(request, "surveys/moderation/reviewers.html", context, status=status)


def _crumbs(page: AssessmentModeration) -> tuple[Crumb, ...]:
    """Return the way to the page, as far as the person may go it."""
    crumbs = [Crumb("Home", reverse("home"))]
    if page.reads and page.reviews:
        crumbs.append(Crumb(page.round_title, reverse("round", args=[page.round_id])))
        crumbs.append(Crumb("Moderation", reverse("round_moderation", args=[page.round_id])))
    if page.reads:
        label = f"{page.organisation_name}, {page.round_title}"
        crumbs.append(Crumb(label, reverse("assessment", args=[page.id])))
    return tuple(crumbs)
