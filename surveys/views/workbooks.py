"""Answering away from the service: a workbook out, its answers back in, and signed copies as workbooks."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from surveys.actions.refusals import Refused
from surveys.exports.submission_workbook import submission_workbook
from surveys.exports.workbook import assessment_workbook
from surveys.forms.workbooks import CHANGES, DecisionForm, WorkbookForm, sealed, unsealed
from surveys.imports.workbook_package import WorkbookRefused
from surveys.imports.workbook_review import PendingChanges, Review, review_again, review_workbook, take_in
from surveys.queries.assessments import AssessmentState
from surveys.queries.submitted_answers import submitted_answers
from surveys.queries.workbooks import answerable, assessment_content
from surveys.views.assessments import frame
from surveys.views.downloads import download_workbook
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent

TOO_OLD = "What you checked is no longer valid, so nothing was changed. Upload the workbook again."


@require_safe
def workbook(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Download the assessment as a workbook, with what is answered so far."""
    content = assessment_content(request.user, assessment_id)
    address = request.build_absolute_uri(reverse("upload_workbook", args=[assessment_id]))
    return download_workbook(assessment_workbook(content, address))


@require_safe
def submission_xlsx(request: PersonRequest, assessment_id: int, number: int) -> HttpResponse:
    """Download a signed copy as a workbook."""
    return download_workbook(submission_workbook(submitted_answers(request.user, assessment_id, number)))


@page_or_post
def upload_workbook(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Take a workbook and show what it would change; nothing is changed yet."""
    state = answerable(request.user, assessment_id)
    form = WorkbookForm(sent(request), request.FILES if request.method == "POST" else None)
    try:
        review = attempt(form, lambda: _reviewed(request, assessment_id, form.cleaned_data["workbook"]))
    except WorkbookRefused as refused:
        form.add_error("workbook", refused.message)
        review = None
    return _upload_page(request, state, form) if review is None else _review_page(request, review)


@require_POST
def take_in_workbook(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Store what a checked workbook changes, all or nothing; or show again what stands in the way."""
    state = answerable(request.user, assessment_id)
    carried = request.POST.get(CHANGES, "")
    pending = unsealed(carried, person_id=request.user.pk, assessment_id=assessment_id)
    if pending is None:
        return _upload_page(request, state, WorkbookForm(), refusal=TOO_OLD)
    form = DecisionForm(request.POST, {code: code for code in pending.shown})
    outcome = attempt(form, lambda: take_in(request.user, assessment_id, pending, form.from_workbook))
    if outcome is not None and outcome.complete:
        messages.success(request, _taken_in(len(outcome.saved)))
        return redirect("assessment", assessment_id=assessment_id)
    try:
        review = review_again(request.user, assessment_id, pending)
    except Refused as refused:
        return _upload_page(request, state, WorkbookForm(), refusal=refused.message)
    return _review_page(request, review, before=pending, sent_form=form)


def _reviewed(request: PersonRequest, assessment_id: int, file: UploadedFile[bytes]) -> Review:
    return review_workbook(request.user, assessment_id, file.name or "workbook.xlsx", file.read())


def _upload_page(
    request: PersonRequest, state: AssessmentState, form: WorkbookForm, refusal: str = ""
) -> HttpResponse:
    context = {"form": form, "messages_of_form": (refusal,) if refusal else (), **frame(state)}
    refused = bool(refusal) or bool(form.is_bound and form.non_field_errors())
    return render(request, "surveys/workbooks/upload.html", context, status=409 if refused else 200)


def _review_page(
    request: PersonRequest,
    review: Review,
    before: PendingChanges | None = None,
    sent_form: DecisionForm | None = None,
) -> HttpResponse:
    """Show a review. After a try in vain, choices stay where the answers are still the same."""
    shown = review.pending.shown
    chosen = {
        code: choice
        for code, choice in (sent_form.choices if sent_form else {}).items()
        if before and before.shown.get(code) == shown.get(code)
    }
    unfinished = sent_form is not None and not sent_form.is_valid()
    labels = {dispute.code: dispute.text for dispute in review.disputes}
    form = DecisionForm(request.POST if unfinished else None, labels, chosen)
    context = {
        "review": review,
        "form": form,
        "disputes": [(dispute, form[f"keep:{dispute.code}"]) for dispute in review.disputes],
        "changes": sealed(review.pending, person_id=request.user.pk, assessment_id=review.state.id),
        "overtaken": sent_form is not None and not unfinished,
        **frame(review.state),
    }
    return render(request, "surveys/workbooks/review.html", context)


def _taken_in(answers: int) -> str:
    if not answers:
        return "Nothing had to be changed: the answers are as you wanted them."
    return f"{answers} answer{' is' if answers == 1 else 's are'} taken in from the workbook."
