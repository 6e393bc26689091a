"""The last things that were done to something, as people read them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from surveys.models import Event
from surveys.queries.event_words import deed_in_words, who_in_words

EVENTS_SHOWN: Final = 20


@dataclass(frozen=True)
class EventLine:
    """Something that was done: `deed` follows `who` in a sentence. `reason` is empty where none was given."""

    happened_at: datetime.datetime
    who: str
    deed: str
    reason: str


def event_line(row: Event) -> EventLine:
    """Return an event in words."""
    return EventLine(
        row.happened_at,
        who_in_words(row.person_id, row.person_name),
        deed_in_words(row.verb, row.subject, row.detail),
        row.reason,
    )


def event_lines(events: QuerySet[Event]) -> tuple[EventLine, ...]:
    """Return the last of these events in words, EVENTS_SHOWN at most, newest first."""
    return tuple(event_line(row) for row in events.order_by("-happened_at", "-pk")[:EVENTS_SHOWN])
