"""The audit trail as a file: one row for each event, with where the file is from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from django.utils import timezone

from surveys.exports.csv_text import Cell, CsvFile
from surveys.queries.activity import RecordedEvent

HEADER = (
    "downloaded_at",
    "source",
    "happened_at",
    "who",
    "what",
    "reason",
    "verb",
    "subject",
    "person_id",
    "round_id",
    "assessment_id",
    "organisation_id",
    "detail",
)


def activity_csv(events: Iterable[RecordedEvent], source: str) -> CsvFile:
    """Return the events as a file. `source` says which service it comes from."""
    return CsvFile("activity.csv", HEADER, _rows(events, source))


def _rows(events: Iterable[RecordedEvent], source: str) -> Iterator[tuple[Cell, ...]]:
    now = timezone.now()
    for event in events:
        yield (
            now,
            source,
            event.line.happened_at,
            event.line.who,
            event.line.deed,
            event.line.reason,
            event.verb,
            event.subject,
            event.person_id,
            event.round_id,
            event.assessment_id,
            event.organisation_id,
            json.dumps(event.detail, ensure_ascii=False, sort_keys=True),
        )
