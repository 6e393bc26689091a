"""Every score in which a release differs from the one before it, as a file."""

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
from surveys.queries.results.correction import Correction


def correction_csv(found: Correction) -> CsvFile:
    """Return one row for each score that differs, with everything that is said of it before and now."""

    def rows() -> Iterator[Sequence[Cell]]:
        for line in found.scores:
            yield (
                *system_cells(line.system),
                *measure_cells(line.name),
                found.before.name,
                *score_cells(line.before),
                *score_cells(line.after),
                *origin(found.head),
            )

    before = tuple(f"{name}_before" for name in SCORE)
    header = (*SYSTEM, *MEASURE, "release_before", *before, *SCORE, *ORIGIN)
    return CsvFile(file_name(found.head, "what the correction changed"), header, rows())
