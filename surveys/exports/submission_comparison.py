"""Two submitted copies as a file: every field of every question, with whether it changed."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.text import slugify

from surveys.exports.csv_text import Cell, CsvFile
from surveys.queries.submission_comparison import SubmissionComparison

HEADER = (
    "round",
    "downloaded_at",
    "source",
    "synthetic",
    "ods_code",
    "organisation",
    "from_copy",
    "from_sha256",
    "to_copy",
    "to_sha256",
    "dimension",
    "question_code",
    "question",
    "field",
    "field_label",
    "before",
    "after",
    "changed",
    "answered_by",
)


def submission_comparison_csv(found: SubmissionComparison, source: str) -> CsvFile:
    """Return both copies side by side. `source` says which service they come from."""
    state = found.state
    synthetic = "synthetic-" if state.synthetic else ""
    name = f"{synthetic}{state.ods_code}-{slugify(state.round_title) or 'round'}"
    numbers = f"{found.before.number}-and-{found.after.number}"
    return CsvFile(f"{name}-submissions-{numbers}.csv", HEADER, _rows(found, source))


def _rows(found: SubmissionComparison, source: str) -> Iterator[tuple[Cell, ...]]:
    state = found.state
    origin: tuple[Cell, ...] = (
        state.round_title,
        timezone.now(),
        source,
        state.synthetic,
        state.ods_code,
        state.organisation_name,
        found.before.number,
        found.before.sha256,
        found.after.number,
        found.after.sha256,
    )
    for section in found.sections:
        for question in section.questions:
            for field in question.fields:
                yield (
                    *origin,
                    section.name,
                    question.code,
                    question.text,
                    field.field,
                    field.label,
                    field.before,
                    field.after,
                    field.changed,
                    question.answered_by,
                )
