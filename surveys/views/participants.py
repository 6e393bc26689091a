"""Who takes part in a round that has opened: the list, and a system added, withdrawn or back again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from surveys.actions import participants as actions
from surveys.forms.participants import AdditionForm, WithdrawalForm
from surveys.forms.reasons import ReasonForm
from surveys.queries.participants import (
    AdditionPage,
    ParticipantsPage,
    ParticipationPage,
    addition_page,
    participants_page,
    participation_page,
)
from surveys.views.crumbs import Crumb
from surveys.views.paging import neighbours
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent


def participants_of_an_opened_round(request: PersonRequest, round_id: int) -> HttpResponse:
    """Show the systems of a round that has opened, a page at a time."""
    page = participants_page(request.user, round_id, request.GET.get("page", "1"))
    context = _context(page) | neighbours(request, page.number, page.pages)
    return render(request, "surveys/participants/participants.html", context)


@page_or_post
def add_participant(request: PersonRequest, round_id: int) -> HttpResponse:
    """Add a system to a round that has opened."""
    page = addition_page(request.user, round_id)
    form = AdditionForm(sent(request), groups=page.groups)
    added = attempt(
        form, lambda: actions.add_participant(by=request.user, round_id=round_id, **form.cleaned_data)
    )
    if added is not None:
        messages.success(request, f"{added.organisation_name} takes part from now on.")
        return redirect("round_participants", round_id=round_id)
    return render(request, "surveys/participants/add.html", _context(page) | {"form": form})


@page_or_post
def withdraw_participant(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Take a system out of a round that has opened, after a look at what that means."""
    page = participation_page(request.user, assessment_id)
    form = WithdrawalForm(sent(request))
    withdrawn = attempt(
        form,
        lambda: actions.withdraw_participant(
            by=request.user, assessment_id=assessment_id, **form.cleaned_data
        ),
    )
    if withdrawn is not None:
        messages.success(request, f"{withdrawn.organisation_name} is withdrawn from the round.")
        return redirect("round_participants", round_id=page.round_id)
    return render(request, "surveys/participants/withdraw.html", _context(page) | {"form": form})


@page_or_post
def restore_participant(request: PersonRequest, assessment_id: int) -> HttpResponse:
    """Let a withdrawn system take part again."""
    page = participation_page(request.user, assessment_id)
    form = ReasonForm(sent(request))
    restored = attempt(
        form,
        lambda: actions.restore_participant(
            by=request.user, assessment_id=assessment_id, **form.cleaned_data
        ),
    )
    if restored is not None:
        messages.success(request, f"{restored.organisation_name} takes part again.")
        return redirect("round_participants", round_id=page.round_id)
    return render(request, "surveys/participants/restore.html", _context(page) | {"form": form})


def _context(page: ParticipantsPage | AdditionPage | ParticipationPage) -> dict[str, Any]:
    crumbs: tuple[Crumb, ...] = (
        Crumb("Home", reverse("home")),
        Crumb("Rounds", reverse("rounds")),
        Crumb(page.round_title, reverse("round", args=[page.round_id])),
    )
    if not isinstance(page, ParticipantsPage):
        systems = reverse("round_participants", args=[page.round_id])
        crumbs = (*crumbs, Crumb("Systems that take part", systems))
    return {"page": page, "synthetic": page.synthetic, "crumbs": crumbs}
