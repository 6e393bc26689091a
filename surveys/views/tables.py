"""What pages share that take a table: what is wrong with it, and what they carry to the next step."""

from __future__ import annotations

from typing import Final

from surveys.actions.row_problems import RowProblem
from surveys.forms.tables import CARRIED, CarriedTable, unsealed
from surveys.views.requests import PersonRequest
from surveys.wording import counted

TOO_OLD: Final = "What you looked at is no longer valid, so nothing was changed. Upload the file again."


def carried_table(request: PersonRequest, purpose: str) -> CarriedTable | None:
    """Return the table that the page carried; None when it is not theirs, altered or too old."""
    return unsealed(request.POST.get(CARRIED, ""), purpose=purpose, person_id=request.user.pk)


def refusal_of(problems: tuple[RowProblem, ...]) -> str:
    """Return in a sentence that a file has problems; empty when it has none."""
    if not problems:
        return ""
    return f"Nothing was changed: the file has {counted(len(problems), 'problem')}, listed below."
