"""Rounds: the list, setting one up, its control room, and the steps of its life up to its closing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from surveys.actions import extensions
from surveys.actions import rounds as actions
from surveys.actions.round_copy import create_round_like
from surveys.exports.progress import progress_csv
from surveys.exports.round_time import round_time_csv
from surveys.forms.rounds import (
    ExtensionForm,
    NewRoundForm,
    ParticipantsForm,
    ReopenForm,
    RoundForm,
    round_initial,
)
from surveys.models import Round
from surveys.permissions import Permission, has_anywhere, require_anywhere
from surveys.queries.deadlines import moment_in_words
from surveys.queries.progress import progress
from surveys.queries.round_copy import earlier_round
from surveys.queries.round_setup import participant_choice
from surveys.queries.round_time import round_time
from surveys.queries.rounds import (
    RoundPage,
    closing_page,
    extension_page,
    page_of,
    published_questionnaires,
    round_for,
    round_page,
    rounds_for,
)
from surveys.views.crumbs import Crumb
from surveys.views.downloads import download
from surveys.views.participants import participants_of_an_opened_round
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent


@require_safe
def round_list(request: PersonRequest) -> HttpResponse:
    """List the rounds that the person may see."""
    rounds = rounds_for(request.user)
    context = {
        "rounds": rounds,
        "manages": has_anywhere(request.user, Permission.MANAGE),
        "synthetic": any(line.synthetic for line in rounds),
    }
    return render(request, "surveys/rounds/list.html", context)


@page_or_post
def new_round(request: PersonRequest) -> HttpResponse:
    """Create a draft round."""
    require_anywhere(request.user, Permission.MANAGE)
    questionnaires = published_questionnaires()
    earlier = earlier_round(request.user, request.POST.get("before", ""))
    form = NewRoundForm(sent(request), questionnaires=questionnaires, earlier=earlier)

    def create() -> Round:
        parts = form.cleaned_data.get("parts", [])
        about: dict[str, Any] = {"by": request.user, "details": form.details, "synthetic": settings.DEMO}
        if earlier is None or not parts:
            return actions.create_round(**about)
        site = request.build_absolute_uri("/")
        return create_round_like(before_id=earlier.round.pk, parts=parts, site=site, **about)

    made = attempt(form, create)
    if made is not None:
        messages.success(request, f"“{made.title}” is created as a draft.")
        return redirect("round", round_id=made.pk)
    context = {
        "form": form,
        "questionnaires": questionnaires,
        "before": earlier.round.title if earlier else "",
        "crumbs": _crumbs(),
    }
    return render(request, "surveys/rounds/new.html", context)


@require_safe
def round_room(request: PersonRequest, round_id: int) -> HttpResponse:
    """Show a round: what it still needs while it is a draft, then how far its systems are."""
    page = round_page(request.user, round_id)
    found = progress(request.user, page)
    context = _context(page) | {"progress": found, "crumbs": _crumbs()}
    if page.manages and page.setup is None:
        context["time"] = round_time(page, found)
    return render(request, "surveys/rounds/round.html", context)


@require_safe
def progress_file(request: PersonRequest, round_id: int) -> StreamingHttpResponse:
    """Download how far the systems of a round are."""
    page = round_page(request.user, round_id)
    return download(progress_csv(page, progress(request.user, page), settings.SERVICE_NAME))


@require_safe
def time_file(request: PersonRequest, round_id: int) -> StreamingHttpResponse:
    """Download how long each system took for each section."""
    page = round_page(request.user, round_id)
    time = round_time(page, progress(request.user, page))
    return download(round_time_csv(page, time, settings.SERVICE_NAME))


@page_or_post
def edit_round(request: PersonRequest, round_id: int) -> HttpResponse:
    """Change what is said about a draft round."""
    stored = round_for(request.user, round_id, Permission.MANAGE)
    begins = round_initial(stored)
    form = RoundForm(sent(request), questionnaires=published_questionnaires(), initial=begins)
    changed = attempt(
        form,
        lambda: actions.change_round(
            by=request.user, round_id=round_id, details=form.details, seen=form.cleaned_data["seen"]
        ),
    )
    if changed is not None:
        messages.success(request, "The round is saved.")
        return redirect("round", round_id=round_id)
    if form.non_field_errors():
        form.data = request.POST.copy()
        form.data["seen"] = begins["seen"]
    page = page_of(request.user, stored)
    return render(request, "surveys/rounds/edit.html", _context(page) | {"form": form})


@page_or_post
def round_participants(request: PersonRequest, round_id: int) -> HttpResponse:
    """Choose the systems that take part in a draft round; show those of a round that has opened."""
    opened = round_for(request.user, round_id, Permission.MANAGE).status != Round.Status.DRAFT
    if opened and request.method != "POST":
        return participants_of_an_opened_round(request, round_id)
    choice = participant_choice(request.user, round_id)
    everyone = "everyone" in request.POST
    # Whoever wants every system need not have ticked any, nor ticked the right ones.
    data = QueryDict(urlencode({"seen": request.POST.get("seen", "")})) if everyone else sent(request)
    form = ParticipantsForm(data, choice=choice)

    def choose() -> int:
        about = {"by": request.user, "round_id": round_id, "seen": form.cleaned_data["seen"]}
        if everyone:
            return actions.choose_all_systems(**about)
        return actions.choose_participants(organisation_ids=form.organisation_ids, **about)

    chosen = attempt(form, choose)
    if chosen is not None:
        messages.success(
            request, f"{chosen} system{'' if chosen == 1 else 's'} take{'s' if chosen == 1 else ''} part."
        )
        return redirect("round", round_id=round_id)
    if form.non_field_errors():
        form.data = request.POST.copy()
        form.data["seen"] = choice.fingerprint
    context = {"choice": choice, "form": form, "synthetic": choice.synthetic}
    crumbs = _crumbs(Crumb(choice.title, reverse("round", args=[round_id])))
    return render(request, "surveys/rounds/participants.html", context | {"crumbs": crumbs})


@page_or_post
def open_round(request: PersonRequest, round_id: int) -> HttpResponse:
    """Open a draft round, after a look at what is still missing."""
    round_for(request.user, round_id, Permission.MANAGE)
    form = forms.Form(sent(request))
    opened = attempt(form, lambda: actions.open_round(by=request.user, round_id=round_id))
    if opened is not None:
        messages.success(request, f"“{opened.title}” is open.")
        return redirect("round", round_id=round_id)
    page = round_page(request.user, round_id)
    return render(request, "surveys/rounds/open.html", _context(page) | {"form": form})


@page_or_post
def close_round(request: PersonRequest, round_id: int) -> HttpResponse:
    """Close an open round, after a look at who has not submitted."""
    round_for(request.user, round_id, Permission.MANAGE)
    form = forms.Form(sent(request))
    closed = attempt(form, lambda: actions.close_round(by=request.user, round_id=round_id))
    if closed is not None:
        messages.success(request, f"“{closed.title}” is closed. No answers are taken any more.")
        return redirect("round", round_id=round_id)
    closing = closing_page(request.user, round_id)
    return render(
        request, "surveys/rounds/close.html", _context(closing.round) | {"closing": closing, "form": form}
    )


@page_or_post
def reopen_round(request: PersonRequest, round_id: int) -> HttpResponse:
    """Open a closed round again, with a reason and a new closing time."""
    round_for(request.user, round_id, Permission.MANAGE)
    form = ReopenForm(sent(request))
    reopened = attempt(
        form, lambda: actions.reopen_round(by=request.user, round_id=round_id, **form.cleaned_data)
    )
    if reopened is not None:
        messages.success(
            request, f"“{reopened.title}” is open again until {moment_in_words(reopened.closes_at)}."
        )
        return redirect("round", round_id=round_id)
    page = round_page(request.user, round_id)
    return render(request, "surveys/rounds/reopen.html", _context(page) | {"form": form})


@page_or_post
def extend(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Give one system more time."""
    page = extension_page(request.user, assessment_id)
    form = ExtensionForm(sent(request))
    extension = attempt(
        form, lambda: extensions.extend(by=request.user, assessment_id=assessment_id, **form.cleaned_data)
    )
    if extension is not None:
        until = moment_in_words(extension.until)
        messages.success(request, f"{page.organisation_name} can answer and submit until {until}.")
        return redirect("round", round_id=page.round_id)
    crumbs = _crumbs(Crumb(page.round_title, reverse("round", args=[page.round_id])))
    context = {"page": page, "form": form, "synthetic": page.synthetic, "crumbs": crumbs}
    return render(request, "surveys/rounds/extend.html", context)


def _crumbs(*further: Crumb) -> tuple[Crumb, ...]:
    return (Crumb("Home", reverse("home")), Crumb("Rounds", reverse("rounds")), *further)


def _context(page: RoundPage) -> dict[str, Any]:
    crumbs = _crumbs(Crumb(page.title, reverse("round", args=[page.id])))
    return {"round": page, "synthetic": page.synthetic, "crumbs": crumbs}
