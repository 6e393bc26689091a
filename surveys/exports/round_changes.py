"""The download of change between two rounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surveys.exports.csv_text import Cell, CsvFile
from surveys.exports.results import ORIGIN, SYSTEM, file_name, origin, system_cells
from surveys.queries.results.round_changes import RoundChanges


def round_changes_csv(found: RoundChanges) -> CsvFile:
    """Return one row for each system of the page: its scores in both rounds on comparable questions."""

    def rows() -> Iterator[Sequence[Cell]]:
        for line in found.lines:
            change = line.change
            yield (
                *system_cells(line.system),
                found.chosen.name,
                found.then.round_title,
                change.before.value if change else None,
                change.after.value if change else None,
                line.difference,
                change.questions if change else None,
                change.of if change else None,
                line.why_not,
                "; ".join(f"{each.name} {each.score:f}" for each in line.origins),
                *origin(found.head),
            )

    change = (
        "dimension",
        "earlier_round",
        "earlier_score_on_comparable_questions",
        "score_on_comparable_questions",
        "change",
        "comparable_questions_answered",
        "comparable_questions",
        "why_not",
        "made_from",
    )
    return CsvFile(file_name(found.head, "change"), (*SYSTEM, *change, *ORIGIN), rows())


def dimension_changes_csv(found: RoundChanges) -> CsvFile:
    """Return one row for all comparable questions together and one for each dimension: both medians."""

    def rows() -> Iterator[Sequence[Cell]]:
        for each in found.dimensions:
            yield (
                each.name,
                found.then.round_title,
                each.before,
                each.after,
                each.median_change,
                each.compared,
                each.questions,
                each.of,
                *origin(found.head),
            )

    change = (
        "dimension",
        "earlier_round",
        "earlier_median_on_comparable_questions",
        "median_on_comparable_questions",
        "change_of_median",
        "systems_compared",
        "comparable_questions",
        "scored_questions",
    )
    return CsvFile(file_name(found.head, "change-by-dimension"), (*change, *ORIGIN), rows())
