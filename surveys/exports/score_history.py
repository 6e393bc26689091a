"""The download of the deciles of scores round by round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surveys.charts.decile_history import NAMES, DecileHistory
from surveys.exports.csv_text import Cell, CsvFile
from surveys.exports.results import ORIGIN, file_name, origin
from surveys.queries.results.released import ReleaseHead


def score_history_csv(head: ReleaseHead, dimension: str, found: DecileHistory) -> CsvFile:
    """Return one row for each round, the oldest first: the nine deciles, n of N, and why the lines break."""

    def rows() -> Iterator[Sequence[Cell]]:
        for each in found.rounds:
            yield (
                dimension,
                each.name,
                each.n,
                each.of,
                *(each.deciles or [None] * len(NAMES)),
                each.broken,
                *origin(head),
            )

    marks = [name.casefold() for name in NAMES]
    header = ("dimension", "of_round", "systems_with_a_score", "systems", *marks, "break_before", *ORIGIN)
    return CsvFile(file_name(head, "deciles"), header, rows())
