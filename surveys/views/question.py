"""One question of an assessment: its evidence, what is said about it, and its history."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from surveys.actions import conversation, evidence
from surveys.exports.answer_history import answer_history_csv
from surveys.forms.question import CommentForm, FileForm, LinkForm
from surveys.queries.evidence_files import evidence_file
from surveys.queries.question_page import (
    QuestionPage,
    Thread,
    conversation_state,
    question_page,
)
from surveys.views.assessments import frame
from surveys.views.crumbs import Crumb
from surveys.views.downloads import download
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent
from surveys.wording import listed, quoted

logger = logging.getLogger(__name__)

LOST = "Some characters cannot be shown, so they were left out."
# Whatever a file turns out to be, a browser may run nothing of it.
OF_A_FILE = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class ThreadCard:
    """A thread with the form of a reply to it."""

    thread: Thread
    form: CommentForm


@require_safe
def question(request: PersonRequest, assessment_id: int, question_code: str) -> HttpResponse:
    """Show the question with everything beside its answer."""
    whole = request.GET.get("history") == "all"
    page = question_page(request.user, assessment_id, question_code, whole_history=whole)
    return _show(request, page)


@require_safe
def question_history(request: PersonRequest, assessment_id: int, question_code: str) -> StreamingHttpResponse:
    """Download the history of the answer to the question."""
    state, asked_by = conversation_state(request.user, assessment_id, question_code)
    return download(answer_history_csv(state, asked_by, settings.SERVICE_NAME, question_code))


@require_safe
def assessment_history(request: PersonRequest, assessment_id: int) -> StreamingHttpResponse:
    """Download the history of every answer of the assessment."""
    state, asked_by = conversation_state(request.user, assessment_id)
    return download(answer_history_csv(state, asked_by, settings.SERVICE_NAME))


@page_or_post
def add_comment(request: PersonRequest, assessment_id: int, question_code: str) -> HttpResponse:
    """Say something: a comment that opens a thread, or a reply in one."""
    page = question_page(request.user, assessment_id, question_code)
    posted = sent(request)
    if posted is None:
        return _show(request, page)
    thread = _thread(page, posted.get("reply_to", ""))
    form = _comment_form(page, thread, posted)
    said = attempt(
        form,
        lambda: conversation.add_comment(
            by=request.user,
            assessment_id=assessment_id,
            question_code=question_code,
            body=form.cleaned_data["body"],
            key=form.cleaned_data["key"],
            reply_to=form.opening,
            called=frozenset(form.cleaned_data.get("called", ())),
            site=request.build_absolute_uri("/"),
        ),
    )
    if said is None:
        return _show(request, page, comment=form)
    messages.success(request, _said_in_words(said, lost=form.lost_characters))
    return _back(page, f"comment-{said.comment_id}")


def _said_in_words(said: conversation.Said, *, lost: bool) -> str:
    words = ["Your comment is added."]
    if said.called:
        words.append(f"An e-mail goes to {listed(said.called)}.")
    if said.unknown:
        names = quoted([f"@{name}" for name in said.unknown])
        words.append(f"Nobody who can read it is called {names}, so they get no e-mail.")
    return " ".join([*words, LOST] if lost else words)


def _thread(page: QuestionPage, opening: str) -> Thread | None:
    """Return the thread that is replied to; None for no reply. Raises Http404 when there is none such."""
    if not opening:
        return None
    for thread in page.threads:
        if str(thread.opening.id) == opening:
            return thread
    raise Http404


def _comment_form(page: QuestionPage, thread: Thread | None, data: Any = None) -> CommentForm:
    if thread is None:
        return CommentForm(data, people=page.colleagues)
    return CommentForm(data, people=thread.around, opening=thread.opening.id)


@page_or_post
def resolve_thread(
    request: PersonRequest, assessment_id: int, question_code: str, comment_id: int
) -> HttpResponse:
    """Mark a thread as resolved."""
    page = question_page(request.user, assessment_id, question_code)
    return _settle(request, page, comment_id, conversation.resolve_thread, "The thread is resolved.")


@page_or_post
def reopen_thread(
    request: PersonRequest, assessment_id: int, question_code: str, comment_id: int
) -> HttpResponse:
    """Open a resolved thread again."""
    page = question_page(request.user, assessment_id, question_code)
    return _settle(request, page, comment_id, conversation.reopen_thread, "The thread is open again.")


def _settle(
    request: PersonRequest, page: QuestionPage, comment_id: int, act: Callable[..., None], said: str
) -> HttpResponse:
    """Resolve or reopen the thread that a comment opened; whoever only asks for the address sees the page."""
    _thread(page, str(comment_id))
    if request.method != "POST":
        return _show(request, page)
    act(
        by=request.user,
        assessment_id=page.state.id,
        question_code=page.question.code,
        comment_id=comment_id,
    )
    messages.success(request, said)
    return _back(page, f"comment-{comment_id}")


@page_or_post
def withdraw_comment(
    request: PersonRequest, assessment_id: int, question_code: str, comment_id: int
) -> HttpResponse:
    """Take a comment of one's own back, after a look at it."""
    page = question_page(request.user, assessment_id, question_code)
    lines = (line for thread in page.threads for line in (thread.opening, *thread.replies))
    comment = next((line for line in lines if line.id == comment_id and line.own), None)
    if comment is None:
        raise Http404
    if request.method == "POST":
        conversation.withdraw_comment(
            by=request.user, assessment_id=assessment_id, question_code=question_code, comment_id=comment_id
        )
        messages.success(request, "Your comment is withdrawn.")
        return _back(page, f"comment-{comment_id}")
    return render(request, "surveys/questions/withdraw.html", _context(page) | {"comment": comment})


@page_or_post
def add_link(request: PersonRequest, assessment_id: int, question_code: str) -> HttpResponse:
    """Put a link behind the answer."""
    page = _answered_by(request, assessment_id, question_code)
    form = LinkForm(sent(request))
    added = attempt(
        form,
        lambda: evidence.add_link(
            by=request.user, assessment_id=assessment_id, question_code=question_code, **form.cleaned_data
        ),
    )
    return _after_adding(request, page, added, link=form)


@page_or_post
def add_file(request: PersonRequest, assessment_id: int, question_code: str) -> HttpResponse:
    """Put a file behind the answer."""
    page = _answered_by(request, assessment_id, question_code)
    form = FileForm(sent(request), request.FILES if request.method == "POST" else None)
    added = attempt(
        form,
        lambda: evidence.add_file(
            by=request.user,
            assessment_id=assessment_id,
            question_code=question_code,
            file=form.cleaned_data["file"],
            name=form.cleaned_data["file"].name,
            about=form.cleaned_data["about"],
        ),
    )
    return _after_adding(request, page, added, file=form)


def _answered_by(request: PersonRequest, assessment_id: int, question_code: str) -> QuestionPage:
    """Return the page for somebody who may answer the question, which evidence belongs to; else Http404."""
    page = question_page(request.user, assessment_id, question_code)
    if not page.may_answer:
        raise Http404
    return page


def _after_adding(
    request: PersonRequest, page: QuestionPage, added: object, **failed: forms.Form
) -> HttpResponse:
    if added is None:
        return _show(request, page, **failed)
    messages.success(request, f"“{added}” is added as evidence.")
    return _back(page, "evidence")


@page_or_post
def remove_evidence(
    request: PersonRequest, assessment_id: int, question_code: str, evidence_id: int
) -> HttpResponse:
    """Take evidence away, after a look at it."""
    page = _answered_by(request, assessment_id, question_code)
    line = next((line for line in (*page.evidence, *page.removed) if line.id == evidence_id), None)
    if line is None:
        raise Http404
    form = forms.Form(sent(request))
    removed = attempt(
        form,
        lambda: evidence.remove_evidence(
            by=request.user, assessment_id=assessment_id, question_code=question_code, evidence_id=evidence_id
        ),
    )
    if removed is not None:
        messages.success(request, f"“{removed}” is removed.")
        return _back(page, "evidence")
    context = _context(page) | {"line": line, "form": form}
    return render(request, "surveys/questions/remove_evidence.html", context)


@require_safe
@never_cache
def file(
    request: PersonRequest, assessment_id: int, question_code: str, evidence_id: int
) -> HttpResponseBase:
    """Hand out a file of evidence, to be saved and never shown by the browser."""
    found = evidence_file(request.user, assessment_id, question_code, evidence_id)
    try:
        content = found.path.open("rb")
    except OSError:
        logger.exception("The file %s of evidence cannot be read from EVIDENCE_DIR", found.path.name)
        messages.error(
            request,
            f"“{found.name}” cannot be read just now, because of a fault on our side. Try again later.",
        )
        return redirect("question", assessment_id=assessment_id, question_code=question_code)
    return FileResponse(
        content, as_attachment=True, filename=found.name, content_type=found.media_type, headers=OF_A_FILE
    )


def _back(page: QuestionPage, part: str = "") -> HttpResponse:
    address = reverse("question", args=[page.state.id, page.question.code])
    return redirect(f"{address}#{part}" if part else address)


def _context(page: QuestionPage) -> dict[str, Any]:
    section = reverse("section", args=[page.state.id, page.dimension_code])
    context = frame(page.state)
    crumbs = (*context["crumbs"], Crumb(page.dimension_name, f"{section}#question-{page.question.code}"))
    return context | {"page": page, "crumbs": crumbs}


def _show(request: PersonRequest, page: QuestionPage, **failed: forms.Form) -> HttpResponse:
    """Show the page; `failed` is the form whose words could not be stored, which stand in it still."""
    form = next(iter(failed.values()), None)
    said = {form.opening: form} if isinstance(form, CommentForm) else {}
    openings = {thread.opening.id: thread for thread in page.threads}
    context = {
        **_context(page),
        "form": form,
        "cards": tuple(
            ThreadCard(thread, said.get(opening) or _comment_form(page, thread))
            for opening, thread in openings.items()
        ),
        "comment_form": said.get(None) or _comment_form(page, None),
        "link_form": failed.get("link") or LinkForm(),
        "file_form": failed.get("file") or FileForm(),
        "replying_to": next(iter(said), None),
    }
    return render(request, "surveys/questions/question.html", context)
