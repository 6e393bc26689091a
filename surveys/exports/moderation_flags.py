"""The flags of a round as a file for reviewers. Every row says where it is from."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from surveys.exports import round_systems
from surveys.exports.csv_text import Cell, CsvFile, round_file_name
from surveys.queries.moderation_flags import RoundFlags

HEADER = (
    *round_systems.HEADER,
    *("rule", "rule_name", "dimension_code", "dimension", "question_code", "question", "level", "words"),
)


def flags_file(found: RoundFlags, source: str) -> CsvFile:
    """Return one row for each flag. `source` says which service it comes from."""
    name = round_file_name(found.title, "flags", synthetic=found.synthetic)
    return CsvFile(name, HEADER, _rows(found, source))


def _rows(found: RoundFlags, source: str) -> Iterator[tuple[Cell, ...]]:
    now = timezone.now()
    for system in found.systems:
        for flag in system.flags:
            yield (
                *round_systems.system_of_round(found, system, now, source),
                flag.rule.value,
                flag.rule_name,
                flag.dimension,
                found.dimensions.get(flag.dimension, ""),
                flag.question,
                found.questions.get(flag.question, ""),
                flag.level,
                flag.words,
            )
