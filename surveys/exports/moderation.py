"""The moderation of a round as files. Every row says where it is from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils import timezone

from surveys.exports import round_systems
from surveys.exports.csv_text import Cell, CsvFile, round_file_name
from surveys.queries.moderation_agreement import DimensionAgreement
from surveys.queries.round_moderation import ModeratedRow, RoundModerationHead

HEADER = (
    *round_systems.HEADER,
    "dimension",
    "question_code",
    "question",
    "copy",
    "moderation",
    "self_assessed_level",
    "proposed_level",
    "final_level",
    "proposed_by",
    "proposed_at",
    "proposal_reason",
    "system_answer",
    "system_answer_text",
    "system_answered_by",
    "system_answered_at",
    "evidence",
    "decision_reason",
    "decided_by",
    "decided_at",
)
AGREEMENT_HEADER = (
    *("round", "downloaded_at", "source", "synthetic", "dimension", "levels", "moderated"),
    *("moderated_equal", "percent_equal_of_levels", "percent_equal_of_moderated", "mean_difference"),
)


def moderation_file(head: RoundModerationHead, rows: Iterable[ModeratedRow], source: str) -> CsvFile:
    """Return a row for each proposed level. `source` says which service the file comes from."""
    name = round_file_name(head.title, "moderation", synthetic=head.synthetic)
    return CsvFile(name, HEADER, _rows(head, rows, source))


def _rows(head: RoundModerationHead, rows: Iterable[ModeratedRow], source: str) -> Iterator[tuple[Cell, ...]]:
    now = timezone.now()
    for row in rows:
        line = row.line
        yield (
            *round_systems.system_of_round(head, row, now, source),
            row.dimension,
            line.question_code,
            row.question,
            line.copy,
            line.state_label,
            line.self_assessed,
            line.proposed,
            line.final,
            line.proposed_by,
            row.proposed_at,
            line.reason,
            line.answer,
            line.answer_text,
            line.answered_by,
            row.answered_at,
            "; ".join(line.evidence),
            line.decision_reason,
            line.decided_by,
            row.decided_at,
        )


def agreement_file(head: RoundModerationHead, lines: Iterable[DimensionAgreement], source: str) -> CsvFile:
    """Return a row for each dimension and one for all of them, as the page shows them."""
    now = timezone.now()
    rows = (
        (
            head.title,
            now,
            source,
            head.synthetic,
            line.name,
            line.agreement.levels,
            line.agreement.moderated,
            line.agreement.equal,
            line.agreement.equal_share,
            line.agreement.equal_share_of_moderated,
            line.agreement.mean_difference,
        )
        for line in lines
    )
    name = round_file_name(head.title, "moderation-agreement", synthetic=head.synthetic)
    return CsvFile(name, AGREEMENT_HEADER, rows)
