"""The progress of a round as a file. Every row says where it is from, so that a row cut out still does."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from surveys.exports import round_systems
from surveys.exports.csv_text import Cell, CsvFile, round_file_name
from surveys.queries.progress import Progress
from surveys.queries.rounds import RoundPage

HEADER = (
    *round_systems.HEADER,
    "answered",
    "asked",
    "last_activity_at",
    "deadline",
    "extended",
)


def progress_csv(round_: RoundPage, progress: Progress, source: str) -> CsvFile:
    """Return the table of the round's page as a file. `source` says which service it comes from."""
    name = round_file_name(round_.title, "progress", synthetic=round_.synthetic)
    return CsvFile(name, HEADER, _rows(round_, progress, source))


def _rows(round_: RoundPage, progress: Progress, source: str) -> Iterator[tuple[Cell, ...]]:
    now = timezone.now()
    for system in progress.systems:
        yield (
            *round_systems.system_of_round(round_, system, now, source),
            system.answered,
            system.asked,
            system.last_activity_at,
            system.window.deadline,
            system.window.extended,
        )
