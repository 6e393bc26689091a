"""The challenges of a round as a file. Every row says where it is from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils import timezone

from surveys.exports import round_systems
from surveys.exports.csv_text import Cell, CsvFile, round_file_name
from surveys.models import Round
from surveys.queries.challenges import ChallengeLine

HEADER = (
    *round_systems.HEADER,
    *("release", "challenged", "dimension_code", "question_code", "about", "challenge"),
    *("raised_by", "raised_at", "challenge_state", "challenge_answer", "challenge_answered_by"),
    "challenge_answered_at",
)


def challenges_file(round_: Round, lines: Iterable[ChallengeLine], source: str) -> CsvFile:
    """Return one row for a challenge. `source` says which service it comes from."""
    name = round_file_name(round_.title, "challenges", synthetic=round_.synthetic)
    return CsvFile(name, HEADER, _rows(round_, lines, source))


def _rows(round_: Round, lines: Iterable[ChallengeLine], source: str) -> Iterator[tuple[Cell, ...]]:
    now = timezone.now()
    for line in lines:
        yield (
            *round_systems.system_of_round(round_, line, now, source),
            *(line.release, line.kind, line.dimension_code),
            line.code if line.kind == "question" else "",
            *(line.about, line.text, line.raised_by, line.raised_at),
            *(line.state_label, line.answer, line.answered_by, line.answered_at),
        )
