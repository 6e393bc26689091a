"""The download of systems side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surveys.exports.csv_text import Cell, CsvFile
from surveys.exports.results import (
    MEASURE,
    ORIGIN,
    SCORE,
    SYSTEM,
    file_name,
    measure_cells,
    origin,
    score_cells,
    system_cells,
)
from surveys.queries.results.compare import Comparison


def compare_csv(found: Comparison) -> CsvFile:
    """Return one row for each chosen system and measure."""
    distances = {peer.system.assessment_id: peer.distance for peer in found.nearest.peers}

    def rows() -> Iterator[Sequence[Cell]]:
        for place, system in enumerate(found.systems):
            for line in found.lines:
                national = line.national.spread if line.national else None
                yield (
                    *system_cells(system),
                    *measure_cells(line.name),
                    *score_cells(line.scores[place]),
                    national.median if national else None,
                    found.centre.name if found.centre else "",
                    distances.get(system.assessment_id),
                    *origin(found.head),
                )

    more = ("median_of_all_systems", "nearest_to", "distance")
    return CsvFile(file_name(found.head, "compare"), (*SYSTEM, *MEASURE, *SCORE, *more, *ORIGIN), rows())
