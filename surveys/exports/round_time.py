"""The time that each system took for each section, as a file; every row says where it is from."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from surveys.exports import round_systems
from surveys.exports.csv_text import Cell, CsvFile, round_file_name
from surveys.queries.round_time import RoundTime
from surveys.queries.rounds import RoundPage

HEADER = (
    *round_systems.HEADER,
    "dimension_code",
    "dimension",
    "estimated_minutes",
    "minutes_taken",
)


def round_time_csv(round_: RoundPage, time: RoundTime, source: str) -> CsvFile:
    """Return a row for each system and section; `minutes_taken` is empty where no work was noted."""
    name = round_file_name(round_.title, "time", synthetic=round_.synthetic)
    return CsvFile(name, HEADER, _rows(round_, time, source))


def _rows(round_: RoundPage, time: RoundTime, source: str) -> Iterator[tuple[Cell, ...]]:
    now = timezone.now()
    for each in time.systems:
        system = each.system
        for section in time.sections:
            yield (
                *round_systems.system_of_round(round_, system, now, source),
                section.code,
                section.name,
                section.estimated_minutes,
                each.minutes.get(section.code),
            )
