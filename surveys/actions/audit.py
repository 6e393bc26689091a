"""Writing the audit trail."""

from __future__ import annotations

from typing import Any

from surveys.models import Event, Person

COMMAND_LINE = "command line"


def record(
    *,
    by: Person | None,
    verb: str,
    subject: str,
    round_id: int | None = None,
    assessment_id: int | None = None,
    organisation_id: int | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Append an event to the audit trail, inside the transaction of the action that it records.

    `by` None stands for a command that an operator ran. `verb` is `subject.what_was_done`; `subject` names
    in words what it was done to; `detail` takes only JSON types.
    """
    Event.objects.create(
        person_id=by.pk if by else None,
        person_name=by.name if by else COMMAND_LINE,
        verb=verb,
        subject=subject[:300],
        round_id=round_id,
        assessment_id=assessment_id,
        organisation_id=organisation_id,
        reason=reason,
        detail=detail or {},
    )
