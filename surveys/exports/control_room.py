"""The control room and its burn-up as files. Every row says where it is from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.text import slugify

from surveys.charts.burn_up import BurnUp
from surveys.exports import round_systems
from surveys.exports.csv_text import Cell, CsvFile, round_file_name
from surveys.queries.control_room import RoomHead, SystemLine

HEADER = (
    *round_systems.HEADER,
    "answered",
    "asked",
    "last_activity_at",
    "leads",
    "approvers",
    "flags",
    "deadline",
    "extension_reason",
    "extension_granted_by",
    "returned",
    "late",
    "reminders",
    "last_reminder_at",
    "undelivered_messages",
)


def control_room_file(head: RoomHead, lines: Iterable[SystemLine], source: str) -> CsvFile:
    """Return the table with two columns for each dimension. `source` says which service it comes from."""
    dimensions = tuple(
        f"{slugify(name).replace('-', '_')}_{what}"
        for name in head.dimensions
        for what in ("answered", "asked")
    )
    return CsvFile(
        round_file_name(head.title, "control-room", synthetic=head.synthetic),
        (*HEADER, *dimensions),
        _rows(head, lines, source),
    )


def _rows(head: RoomHead, lines: Iterable[SystemLine], source: str) -> Iterator[tuple[Cell, ...]]:
    now = timezone.now()
    for line in lines:
        yield (
            *round_systems.system_of_round(head, line, now, source),
            line.answered,
            line.asked,
            line.last_activity_at,
            "; ".join(line.leads),
            "; ".join(line.approvers),
            line.flags,
            line.window.deadline,
            line.more_time.reason if line.more_time else "",
            line.more_time.granted_by if line.more_time else "",
            line.returned,
            line.late,
            line.reminders,
            line.reminded_at,
            line.undelivered,
            *(count for each in line.dimensions for count in (each.answered, each.asked)),
        )


def burn_up_file(head: RoomHead, chart: BurnUp | None, source: str) -> CsvFile:
    """Return how many systems of each round had submitted by each day, one row for a round and a day."""
    header = (
        *("round", "downloaded_at", "source", "synthetic"),
        *("day_from_closing", "submitted", "systems", "percent"),
    )
    now = timezone.now()
    end = chart.last if chart else 0
    rows = (
        (line.name, now, source, head.synthetic, day, line.submitted(day), line.systems, line.share(day))
        for line in (chart.lines if chart else ())
        for day in range(line.first, min(line.last, end) + 1)
    )
    return CsvFile(round_file_name(head.title, "burn-up", synthetic=head.synthetic), header, rows)
