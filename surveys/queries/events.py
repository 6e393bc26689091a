"""The audit trail as people read it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from surveys.models import Event

EVENTS_SHOWN: Final = 20


@dataclass(frozen=True)
class EventLine:
    """Something that was done, in words."""

    happened_at: datetime.datetime
    who: str
    what: str
    subject: str
    reason: str


def event_lines(events: QuerySet[Event]) -> tuple[EventLine, ...]:
    """Return the last of these events in words, EVENTS_SHOWN at most, newest first."""
    return tuple(
        EventLine(row.happened_at, row.person_name, verb_in_words(row.verb), row.subject, row.reason)
        for row in events.order_by("-happened_at", "-pk")[:EVENTS_SHOWN]
    )


def verb_in_words(verb: str) -> str:
    """Return the verb of an event as people say it: `round.opened` is “Round opened”."""
    words = verb.replace(".", " ").replace("_", " ").replace("signoff", "sign-off")
    return words[:1].upper() + words[1:]
