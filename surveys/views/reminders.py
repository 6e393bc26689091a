"""Reminders of a round: the plan, one that is sent now, and what became of each."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from surveys.actions import reminders as actions
from surveys.emails import Mail
from surveys.forms.reminders import PlannedReminderForm, SendReminderForm, planned_initial
from surveys.permissions import Permission
from surveys.queries.reminder_words import BEFORE, OPENING, PLACEHOLDERS, TO_SEND, when_in_words
from surveys.queries.reminders import PlannedPage, SendingPage, planned_page, reminders_page, sending_page
from surveys.queries.rounds import round_for
from surveys.views.crumbs import Crumb
from surveys.views.paging import neighbours
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent
from surveys.wording import counted


@require_safe
def reminders(request: PersonRequest, round_id: int) -> HttpResponse:
    """Show what is planned for a round, who has something left, and what was sent."""
    return _reminders(request, round_id, forms.Form())


@require_POST
def plan_usual(request: PersonRequest, round_id: int) -> HttpResponse:
    """Plan the usual reminders."""
    form = forms.Form(request.POST)
    planned = attempt(
        form, lambda: actions.plan_usual(by=request.user, round_id=round_id, site=_site(request))
    )
    if planned is None:
        return _reminders(request, round_id, form)
    messages.success(request, f"{planned} messages are planned. They go out by themselves.")
    return redirect("reminders", round_id=round_id)


@page_or_post
def plan_reminder(request: PersonRequest, round_id: int) -> HttpResponse:
    """Plan a reminder, or with `?wording=opening` the invitation."""
    row = round_for(request.user, round_id, Permission.MANAGE)
    inviting = request.GET.get("wording") == "opening"
    page = PlannedPage(
        None, row.pk, row.title, row.synthetic, None if inviting else 14, OPENING if inviting else BEFORE
    )
    return _planned(request, page)


@page_or_post
def change_reminder(request: PersonRequest, round_id: int, planned_id: int) -> HttpResponse:
    """Change a planned reminder. What was typed for one that was stopped meanwhile is kept for a new one."""
    page = planned_page(request.user, round_id, planned_id)
    if page.stopped and request.method != "POST":
        raise Http404
    return _planned(request, page)


@require_POST
def stop_reminder(request: PersonRequest, round_id: int, planned_id: int) -> HttpResponse:
    """Take a reminder out of the plan."""
    stopped = actions.stop_planned(by=request.user, round_id=round_id, planned_id=planned_id)
    what = "No reminder" if stopped.days_before is not None else "No invitation"
    messages.success(request, f"{what} goes out {when_in_words(stopped.days_before)} any more.")
    return redirect("reminders", round_id=round_id)


@page_or_post
def send_reminder(request: PersonRequest, round_id: int) -> HttpResponse:
    """Send a reminder now: look at it first, send it to oneself, then to everybody who has something left.

    `?region=` and `?status=` choose the systems to begin with, `?wording=` what it says.
    """
    page = sending_page(request.user, round_id)
    offered = {"region": page.regions, "status": page.statuses}
    form = SendReminderForm(sent(request), offered=offered, initial=_begins(request))
    asked: dict[str, Any] = {"by": request.user, "round_id": round_id, "site": _site(request)}
    if request.POST.get("do") == "send":
        number = attempt(form, lambda: _send(form, asked))
        if number is not None:
            messages.success(request, f"The reminder is on its way to {counted(number, 'recipient')}.")
            return redirect("reminders", round_id=round_id)
    if request.POST.get("do") == "test":
        message = attempt(form, lambda: actions.send_test(**asked, wording=form.wording))
        if message is not None:
            messages.success(request, f"A test is on its way to {message.address}, and to nobody else.")
    return _sending(request, page, form, asked)


def _begins(request: PersonRequest) -> dict[str, Any]:
    wording = TO_SEND.get(request.GET.get("wording", ""), BEFORE)
    chosen = {name: request.GET.get(name, "") for name in ("region", "status")}
    return {"key": uuid.uuid4(), "subject": wording.subject, "body": wording.body, **chosen}


def _sending(
    request: PersonRequest, page: SendingPage, form: SendReminderForm, asked: dict[str, Any]
) -> HttpResponse:
    shown: Mail | None = None
    chosen = form.initial
    if form.is_bound:
        shown = attempt(form, lambda: actions.example(**asked, wording=form.wording))
        chosen = form.cleaned_data
    waiting = page.chosen(chosen.get("region", ""), chosen.get("status", ""))
    context = {"page": page, "form": form, "example": shown, "waiting": waiting, "placeholders": PLACEHOLDERS}
    return render(request, "surveys/reminders/send.html", context | _frame(page, "Reminders"))


def _send(form: SendReminderForm, asked: dict[str, Any]) -> int:
    given = form.cleaned_data
    names = {choice.code: choice.name for choice in form.offered["region"]}
    return actions.send_reminder(
        **asked,
        wording=form.wording,
        key=given["key"],
        region=names[given["region"]] if given["region"] else "",
        status=given["status"],
    )


def _planned(request: PersonRequest, page: PlannedPage) -> HttpResponse:
    begins = planned_initial(page.days_before, page.wording) | {"seen": page.seen}
    form = PlannedReminderForm(sent(request), initial=begins)
    asked: dict[str, Any] = {"by": request.user, "round_id": page.round_id, "site": _site(request)}
    shown: Mail | None = None
    do = request.POST.get("do")
    if do in {"preview", "test"}:
        shown = attempt(form, lambda: actions.example(**asked, **_worded(form)))
        if shown is not None and do == "test":
            test = actions.send_test(**asked, **_worded(form))
            messages.success(request, f"A test is on its way to {test.address}, and to nobody else.")
    else:
        saved = attempt(form, lambda: _save(form, page, asked))
        if saved is not None:
            what = "A reminder" if saved.days_before is not None else "The invitation"
            messages.success(request, f"{what} goes out {when_in_words(saved.days_before)}.")
            return redirect("reminders", round_id=page.round_id)
    stored = page if form.non_field_errors() and page.id and not page.stopped else None
    if stored:
        form.data = request.POST.copy()
        form.data["seen"] = stored.seen
    if page.stopped:
        page = replace(page, id=None)
    context = {"page": page, "form": form, "example": shown, "stored": stored, "placeholders": PLACEHOLDERS}
    return render(request, "surveys/reminders/planned.html", context | _frame(page, "Reminders"))


def _worded(form: PlannedReminderForm) -> dict[str, Any]:
    return {"wording": form.wording, "invitation": form.days_before is None}


def _save(form: PlannedReminderForm, page: PlannedPage, asked: dict[str, Any]) -> Any:
    given = {**asked, "days_before": form.days_before, "wording": form.wording}
    if page.id is None:
        return actions.plan_reminder(**given)
    return actions.change_planned(**given, planned_id=page.id, seen=form.cleaned_data["seen"])


def _reminders(request: PersonRequest, round_id: int, form: forms.Form) -> HttpResponse:
    page = reminders_page(request.user, round_id, request.GET.get("page", "1"))
    context = {"page": page, "form": form} | _frame(page)
    return render(
        request, "surveys/reminders/reminders.html", context | neighbours(request, page.number, page.pages)
    )


def _frame(page: Any, *above: str) -> dict[str, Any]:
    crumbs = (
        Crumb("Home", reverse("home")),
        Crumb("Rounds", reverse("rounds")),
        Crumb(page.round_title, reverse("round", args=[page.round_id])),
        *(Crumb(each, reverse("reminders", args=[page.round_id])) for each in above),
    )
    return {"crumbs": crumbs, "synthetic": page.synthetic}


def _site(request: PersonRequest) -> str:
    return request.build_absolute_uri("/")
