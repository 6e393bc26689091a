"""What is said of the work on a section: that it is done, or what should be changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from surveys.actions.section_marks import mark_done, request_changes
from surveys.forms.handing_out import ChangesForm, DoneForm
from surveys.models import SectionMark
from surveys.queries.section_marks import section_marks as marks_of
from surveys.views.assessments import frame
from surveys.views.crumbs import Crumb
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent

DONE = "done"
CHANGES = "changes"
FORMS: Final[Mapping[str, type[DoneForm | ChangesForm]]] = {DONE: DoneForm, CHANGES: ChangesForm}
ACTIONS: Final[Mapping[str, Callable[..., SectionMark]]] = {DONE: mark_done, CHANGES: request_changes}


@page_or_post
def section_marks(request: PersonRequest, assessment_id: int, dimension_code: str) -> HttpResponse:
    """Show what was said of a section, and say that it is done or ask for changes."""
    page = marks_of(request.user, assessment_id, dimension_code)
    posted = sent(request)
    if posted is not None and not (page.state.powers.may_answer_whole(page.code) or page.state.powers.assign):
        raise Http404
    said = posted.get("say", "") if posted is not None else ""
    forms = {each: form(posted if said == each else None) for each, form in FORMS.items()}
    form = forms.get(said, forms[DONE])
    mark = attempt(
        form,
        lambda: ACTIONS[said](
            by=request.user,
            assessment_id=assessment_id,
            dimension_code=dimension_code,
            note=form.cleaned_data["note"],
            site=request.build_absolute_uri("/"),
        ),
    )
    if mark is not None:
        messages.success(request, f"“{page.name}”: {mark.get_kind_display().lower()}.")
        return redirect("section_marks", assessment_id=assessment_id, dimension_code=dimension_code)
    context = frame(page.state)
    section = Crumb(page.name, reverse("section", args=[assessment_id, dimension_code]))
    context |= {
        "page": page,
        "form": form,
        "done_form": forms[DONE],
        "changes_form": forms[CHANGES],
        "crumbs": (*context["crumbs"], section),
        "say_done": DONE,
        "say_changes": CHANGES,
    }
    return render(request, "surveys/assessments/section_marks.html", context)
