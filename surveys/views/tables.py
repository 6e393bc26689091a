"""What pages share that take a table: what is wrong with it, and what they carry to the next step."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render

from surveys.actions.row_problems import RowProblem
from surveys.forms.tables import CARRIED, CarriedTable, TableForm, unsealed
from surveys.views.crumbs import Crumb
from surveys.views.requests import PersonRequest
from surveys.wording import counted

TOO_OLD: Final = "What you looked at is no longer valid, so nothing was changed. Upload the file again."


def carried_table(request: PersonRequest, purpose: str) -> CarriedTable | None:
    """Return the table that the page carried; None when it is not theirs, altered or too old."""
    return unsealed(request.POST.get(CARRIED, ""), purpose=purpose, person_id=request.user.pk)


def upload_page(
    request: PersonRequest,
    template: str,
    form: TableForm,
    crumbs: tuple[Crumb, ...],
    *,
    refusal: str = "",
    problems: tuple[RowProblem, ...] = (),
) -> HttpResponse:
    """Answer with the page that takes a table, which says why nothing came of the one before."""
    if problems and not refusal:
        refusal = f"Nothing was changed: the file has {counted(len(problems), 'problem')}, listed below."
    context = {
        "form": form,
        "problems": problems,
        "messages_of_form": (refusal,) if refusal else (),
        "crumbs": crumbs,
    }
    return render(request, template, context, status=409 if refusal else 200)
