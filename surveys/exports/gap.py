"""The download of the gap between two scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surveys.exports.csv_text import Cell, CsvFile
from surveys.exports.results import ORIGIN, SYSTEM, file_name, origin, system_cells
from surveys.queries.results.gap import GapResults


def gap_csv(found: GapResults) -> CsvFile:
    """Return one row for each system of the page: both scores and the first less the second."""

    def rows() -> Iterator[Sequence[Cell]]:
        for line in found.lines:
            yield (
                *system_cells(line.system),
                found.pair.first,
                line.both.first,
                found.pair.second,
                line.both.second,
                line.both.difference,
                found.unit,
                line.both.why_not,
                *origin(found.head),
            )

    header = (
        *SYSTEM,
        "first",
        "first_score",
        "second",
        "second_score",
        "difference",
        "unit",
        "why_not",
        *ORIGIN,
    )
    return CsvFile(file_name(found.head, f"gap-{found.pair.code}"), header, rows())
