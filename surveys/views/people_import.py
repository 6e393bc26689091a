"""Adding many people by a file: uploaded, looked at, taken in or not."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys.actions.people_imports import UNCHANGED, PeopleImport
from surveys.actions.refusals import Refused
from surveys.actions.row_problems import RowProblem, RowsRefused
from surveys.exports.people import people_template
from surveys.forms.people import ImportPeopleForm
from surveys.forms.tables import CarriedTable, TableForm, sealed
from surveys.imports.people import import_people_file
from surveys.permissions import Permission, require_anywhere
from surveys.views.crumbs import Crumb
from surveys.views.downloads import download
from surveys.views.requests import PersonRequest
from surveys.views.submitting import sent
from surveys.views.tables import TOO_OLD, carried_table, upload_page
from surveys.wording import counted

PURPOSE: Final = "people"
ROWS_SHOWN: Final = 200


@require_safe
def template_file(request: PersonRequest) -> StreamingHttpResponse:
    """Download the file to fill in."""
    require_anywhere(request.user, Permission.MANAGE)
    return download(people_template())


@require_http_methods(["GET", "HEAD", "POST"])
def upload_people(request: PersonRequest) -> HttpResponse:
    """Take a file and show who would be added; nobody is added yet."""
    require_anywhere(request.user, Permission.MANAGE)
    form = TableForm(sent(request), request.FILES if request.method == "POST" else None)
    if not form.is_valid():
        return _upload_page(request, form)
    return _review(request, *form.uploaded)


@require_POST
def take_in_people(request: PersonRequest) -> HttpResponse:
    """Add everybody of a file that was looked at, or show again what it would do by now."""
    require_anywhere(request.user, Permission.MANAGE)
    carried = carried_table(request, PURPOSE)
    if carried is None:
        return _upload_page(request, TableForm(), refusal=TOO_OLD)
    form = ImportPeopleForm(request.POST)
    form.is_valid()
    site = request.build_absolute_uri("/") if form.cleaned_data["invite"] else ""
    try:
        done = import_people_file(carried.content, by=request.user, seen=carried.seen, site=site)
    except RowsRefused as refused:
        return _upload_page(request, TableForm(), problems=refused.problems)
    except Refused as refused:
        return _review(request, carried.name, carried.content, refusal=refused.message)
    messages.success(request, f"{_in_words(done)}.{' Invitations are on their way.' if site else ''}")
    return redirect("people")


def _review(request: PersonRequest, name: str, content: bytes, refusal: str = "") -> HttpResponse:
    try:
        would_do = import_people_file(content, by=request.user, dry_run=True)
    except RowsRefused as refused:
        return _upload_page(request, TableForm(), problems=refused.problems)
    changing = [outcome for outcome in would_do.outcomes if outcome.status != UNCHANGED]
    table = CarriedTable(name, content, would_do.fingerprint)
    context = {
        "name": name,
        "summary": _in_words(would_do),
        "changing": changing[:ROWS_SHOWN],
        "further": max(len(changing) - ROWS_SHOWN, 0),
        "unchanged": len(would_do.outcomes) - len(changing),
        "new_people": would_do.new_people,
        "form": ImportPeopleForm(),
        "carried": sealed(table, purpose=PURPOSE, person_id=request.user.pk),
        "messages_of_form": (refusal,) if refusal else (),
        "crumbs": (*_crumbs(), Crumb("Add people from a file", reverse("import_people"))),
    }
    return render(request, "surveys/people/review_import.html", context, status=409 if refusal else 200)


def _upload_page(
    request: PersonRequest, form: TableForm, refusal: str = "", problems: tuple[RowProblem, ...] = ()
) -> HttpResponse:
    return upload_page(
        request, "surveys/people/upload_import.html", form, _crumbs(), refusal=refusal, problems=problems
    )


def _in_words(done: PeopleImport) -> str:
    return f"{counted(done.new_people, 'new account')} and {counted(done.roles, 'new role')}"


def _crumbs() -> tuple[Crumb, ...]:
    return (Crumb("Home", reverse("home")), Crumb("People", reverse("people")))
