"""The download of who could help whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surveys.exports.csv_text import Cell, CsvFile
from surveys.exports.results import ORIGIN, SYSTEM, file_name, origin, system_cells
from surveys.queries.results.learn_from import LearnFrom


def offers_csv(found: LearnFrom) -> CsvFile:
    """Return one row for each system that could help the chosen one, with what it offers."""

    def rows() -> Iterator[Sequence[Cell]]:
        for offer in found.offers:
            yield (
                *system_cells(offer.system),
                found.centre.name if found.centre else "",
                found.about.name,
                offer.score,
                offer.above,
                offer.words,
                "; ".join(f"{contact.name}, {contact.email}" for contact in offer.contacts),
                *origin(found.head),
            )

    header = (*SYSTEM, "system_to_help", "about", "score", "above", "offer", "contacts", *ORIGIN)
    return CsvFile(file_name(found.head, "learn-from"), header, rows())


def balance_csv(found: LearnFrom) -> CsvFile:
    """Return one row for each dimension: who could use help, and who offers it."""

    def rows() -> Iterator[Sequence[Cell]]:
        for row in found.balance:
            yield (row.name, row.below, row.offer, row.of, *origin(found.head))

    header = ("dimension", "systems_below_the_middle", "systems_offering", "systems_with_a_score", *ORIGIN)
    return CsvFile(file_name(found.head, "offers"), header, rows())
