"""Writing the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from surveys.models import Event, Person

COMMAND_LINE = "command line"


@dataclass(frozen=True)
class Deed:
    """What is to be recorded of something that was done; the fields are those of `record`."""

    verb: str
    subject: str
    round_id: int | None = None
    assessment_id: int | None = None
    organisation_id: int | None = None
    reason: str = ""
    detail: dict[str, Any] | None = None


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
    _event(by, Deed(verb, subject, round_id, assessment_id, organisation_id, reason, detail)).save()


def record_all(*, by: Person | None, deeds: Iterable[Deed]) -> None:
    """Append an event for each of many deeds, in their order, as `record` does for one."""
    Event.objects.bulk_create((_event(by, deed) for deed in deeds), batch_size=1000)


def _event(by: Person | None, deed: Deed) -> Event:
    return Event(
        person_id=by.pk if by else None,
        person_name=by.name if by else COMMAND_LINE,
        verb=deed.verb,
        subject=deed.subject[:300],
        round_id=deed.round_id,
        assessment_id=deed.assessment_id,
        organisation_id=deed.organisation_id,
        reason=deed.reason,
        detail=deed.detail or {},
    )
