"""Changing the register of organisations by a file: uploaded, looked at, applied or not."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from surveys.actions.organisations import CHANGED, CREATED, Load
from surveys.actions.refusals import Refused
from surveys.actions.row_problems import RowProblem, RowsRefused
from surveys.forms.tables import CarriedTable, TableForm, sealed
from surveys.imports.organisations import load_uploaded
from surveys.permissions import Permission, require_anywhere
from surveys.queries.organisation_effects import ending_effects
from surveys.views.crumbs import Crumb
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import sent
from surveys.views.tables import TOO_OLD, carried_table, upload_page
from surveys.wording import counted, listed

PURPOSE: Final = "changes of organisations"


@page_or_post
def upload_changes(request: PersonRequest) -> HttpResponse:
    """Take a file and show what it would change; nothing is changed yet."""
    require_anywhere(request.user, Permission.MANAGE)
    form = TableForm(sent(request), request.FILES if request.method == "POST" else None)
    if not form.is_valid():
        return _upload_page(request, form)
    return _review(request, form, *form.uploaded)


@require_POST
def apply_changes(request: PersonRequest) -> HttpResponse:
    """Apply a file that was looked at, all or nothing; or show again what it would do by now."""
    require_anywhere(request.user, Permission.MANAGE)
    carried = carried_table(request, PURPOSE)
    if carried is None:
        return _upload_page(request, TableForm(), refusal=TOO_OLD)
    try:
        done = load_uploaded(carried.name, carried.content, by=request.user, seen=carried.seen)
    except RowsRefused as refused:
        return _upload_page(request, TableForm(), problems=refused.problems)
    except Refused as refused:
        return _review(request, TableForm(), carried.name, carried.content, refusal=refused.message)
    messages.success(request, f"{carried.name} is applied: {_in_words(done)}.")
    return redirect("organisations")


def _review(
    request: PersonRequest, form: TableForm, name: str, content: bytes, refusal: str = ""
) -> HttpResponse:
    try:
        would_do = load_uploaded(name, content, by=request.user, dry_run=True)
    except RowsRefused as refused:
        return _upload_page(request, form, problems=refused.problems)
    table = CarriedTable(name, content, would_do.fingerprint)
    effects = ending_effects(
        {each.organisation_id: each.last_day for each in would_do.closing},
        {each.organisation_id: each.name for each in would_do.closing},
    )
    without_people = [effect.name for effect in effects if not effect.people]
    context = {
        "name": name,
        "load": would_do,
        "summary": _in_words(would_do),
        "effects": effects,
        "without_people": listed(without_people) if without_people else "",
        "carried": sealed(table, purpose=PURPOSE, person_id=request.user.pk),
        "messages_of_form": (refusal,) if refusal else (),
        "crumbs": (*_crumbs(), Crumb("Apply a file", reverse("organisation_changes"))),
    }
    return render(
        request, "surveys/organisations/review_changes.html", context, status=409 if refusal else 200
    )


def _upload_page(
    request: PersonRequest, form: TableForm, refusal: str = "", problems: tuple[RowProblem, ...] = ()
) -> HttpResponse:
    return upload_page(
        request,
        "surveys/organisations/upload_changes.html",
        form,
        _crumbs(),
        refusal=refusal,
        problems=problems,
    )


def _in_words(load: Load) -> str:
    created = [outcome for outcome in load.organisations if outcome.status == CREATED]
    changed = [outcome for outcome in load.organisations if outcome.status == CHANGED]
    steps = [outcome for outcome in load.successions if outcome.status == CREATED]
    return (
        f"{counted(len(created), 'organisation')} added, {counted(len(changed), 'organisation')} changed, "
        f"{counted(len(steps), 'succession')} added"
    )


def _crumbs() -> tuple[Crumb, ...]:
    return (Crumb("Home", reverse("home")), Crumb("Organisations", reverse("organisations")))
