"""Handing out the work of an assessment: sections and questions to colleagues, and who these are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from surveys.actions import colleagues as actions
from surveys.actions.handing_out import hand_out, take_back
from surveys.forms.handing_out import HandOverForm, InvitationForm, TakeBackForm
from surveys.queries.assessment_people import AssessmentPeople, assessment_people
from surveys.queries.my_questions import my_questions as questions_of
from surveys.queries.section_people import SectionPeople
from surveys.queries.section_people import section_people as people_of_section
from surveys.views.assessments import frame
from surveys.views.crumbs import Crumb
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent
from surveys.wording import counted


@require_safe
def my_questions(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Show what is handed to the person, and what comes next."""
    page = questions_of(request.user, assessment_id)
    context = {"page": page, **frame(page.state)}
    return render(request, "surveys/assessments/my_questions.html", context)


@page_or_post
def section_people(request: PersonRequest, assessment_id: int, dimension_code: str) -> HttpResponse:
    """Hand a section, or single questions of it, to colleagues, and take it back."""
    page = people_of_section(request.user, assessment_id, dimension_code)
    site = request.build_absolute_uri("/")
    place: Any = {"by": request.user, "assessment_id": assessment_id, "dimension_code": dimension_code}
    taking = "remove" in request.POST
    hand_over = HandOverForm(
        None if taking else sent(request), candidates=page.candidates, pieces=page.questions
    )
    form: forms.Form = TakeBackForm(request.POST) if taking else hand_over

    def change() -> bool:
        given = form.cleaned_data
        if taking:
            return take_back(**place, person_id=given["person"], question_code=given["question"])
        codes = frozenset(given["questions"])
        return hand_out(**place, person_id=given["person"], question_codes=codes, site=site)

    done = attempt(form, change)
    if done is not None:
        messages.success(request, _handed_in_words(page, form.cleaned_data, taking=taking, changed=done))
        return redirect("section_people", assessment_id=assessment_id, dimension_code=dimension_code)
    context = {"page": page, "form": form, "hand_over": hand_over, **frame(page.state)}
    return render(request, "surveys/assessments/section_people.html", context)


def _handed_in_words(page: SectionPeople, given: dict[str, Any], *, taking: bool, changed: bool) -> str:
    """Return what became of handing over or taking back, as the page was before it."""
    names = {each.person_id: each.name for each in page.candidates}
    names |= {holder.person_id: holder.name for holder in page.holders}
    who = names.get(given["person"], "The colleague")
    if taking:
        return (
            f"{who} no longer holds this part of “{page.name}”. Their answers stay."
            if changed
            else "Nothing was changed: it had been taken back already."
        )
    count = len(given["questions"])
    what = f"{counted(count, 'question')} of “{page.name}”" if count else f"“{page.name}”"
    if not changed:
        return f"Nothing was changed: {who} held {what} already."
    return f"{what} {'are' if count > 1 else 'is'} handed to {who}."


@require_safe
def people(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Show who answers the assessment, and what each holds."""
    return _people_page(request, assessment_people(request.user, assessment_id))


@page_or_post
def invite(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Invite a colleague; `?section=` ticks a section."""
    page = assessment_people(request.user, assessment_id)
    form = InvitationForm(
        sent(request),
        sections=[(line.code, line.name) for line in page.sections],
        initial={"sections": request.GET.getlist("section")},
    )
    invited = attempt(
        form,
        lambda: actions.invite_colleague(
            by=request.user,
            assessment_id=assessment_id,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            job_title=form.cleaned_data["job_title"],
            dimension_codes=frozenset(form.cleaned_data["sections"]),
            site=request.build_absolute_uri("/"),
        ),
    )
    if invited is not None:
        messages.success(request, _invited_in_words(invited))
        return redirect("assessment_people", assessment_id=assessment_id)
    return render(request, "surveys/assessments/invite.html", _context(page) | {"form": form})


def _invited_in_words(invited: actions.Invited) -> str:
    if invited.known:
        return f"{invited.name} had an account already, so it stays as it is. They can answer for you now."
    return f"{invited.name} is invited. The link in the e-mail works once, for a day; you can send it again."


@require_POST
def invite_again(request: PersonRequest, assessment_id: int, person_id: int) -> HttpResponse:
    """Send a colleague who has not chosen a password yet the invitation again."""
    page = assessment_people(request.user, assessment_id)
    form = forms.Form(request.POST)
    invited = attempt(
        form,
        lambda: actions.invite_colleague_again(
            by=request.user,
            assessment_id=assessment_id,
            person_id=person_id,
            site=request.build_absolute_uri("/"),
        ),
    )
    if invited is None:
        return _people_page(request, page, form)
    messages.success(request, f"{invited.name} is invited again.")
    return redirect("assessment_people", assessment_id=assessment_id)


@page_or_post
def remove(request: PersonRequest, assessment_id: int, person_id: int) -> HttpResponse:
    """Remove a colleague who leaves, after a look at what they hold."""
    page = assessment_people(request.user, assessment_id)
    colleague = page.leaving(person_id)
    form = forms.Form(sent(request))
    removed = attempt(
        form,
        lambda: actions.remove_colleague(by=request.user, assessment_id=assessment_id, person_id=person_id),
    )
    if removed is not None:
        messages.success(request, f"{removed.name} is removed. Their answers stay, with their name.")
        return redirect("assessment_people", assessment_id=assessment_id)
    context = _context(page) | {"form": form, "colleague": colleague}
    return render(request, "surveys/assessments/remove_colleague.html", context)


def _people_page(
    request: PersonRequest, page: AssessmentPeople, form: forms.Form | None = None
) -> HttpResponse:
    context = {"page": page, "form": form, **frame(page.state)}
    return render(request, "surveys/assessments/people.html", context)


def _context(page: AssessmentPeople) -> dict[str, Any]:
    context = frame(page.state)
    where = Crumb("Who answers", reverse("assessment_people", args=[page.state.id]))
    return context | {"page": page, "crumbs": (*context["crumbs"], where)}
