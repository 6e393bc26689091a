"""The history of answers as a file: one row for each field that changed, each with where it is from."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.text import slugify

from surveys.exports.csv_text import Cell, CsvFile
from surveys.queries.answer_history import FieldChange, recorded_changes
from surveys.queries.assessments import AssessmentState
from surveys.queries.instruments import Instrument

HEADER = (
    "round",
    "downloaded_at",
    "source",
    "synthetic",
    "ods_code",
    "organisation",
    "question_code",
    "question",
    "changed_at",
    "changed_by",
    "version",
    "first",
    "field",
    "field_label",
    "before",
    "after",
)
UNKNOWN = "not known: changed in the database, not on a page"
_NOTHING = (FieldChange("", "", "", ""),)


def answer_history_csv(
    state: AssessmentState, asked_by: Instrument, source: str, question_code: str = ""
) -> CsvFile:
    """Return every change of the answers of an assessment, or of one question, from the first to the last.

    Only of the answers that `state` lets its reader read now. `source` says which service it comes from. A
    writing that changed no field has a row without one.
    """
    synthetic = "synthetic-" if state.synthetic else ""
    name = f"{synthetic}{state.ods_code}-{slugify(state.round_title) or 'round'}-{question_code or 'answers'}"
    return CsvFile(f"{name}-history.csv", HEADER, _rows(state, asked_by, source, question_code))


def _rows(
    state: AssessmentState, asked_by: Instrument, source: str, question_code: str
) -> Iterator[tuple[Cell, ...]]:
    now = timezone.now()
    origin = (state.round_title, now, source, state.synthetic, state.ods_code, state.organisation_name)
    for change in recorded_changes(state.id, asked_by, question_code):
        if not state.powers.may_read(change.question_code):
            continue
        for field in change.fields or _NOTHING:
            yield (
                *origin,
                change.question_code,
                asked_by.content.question(change.question_code).text,
                change.at,
                change.by or UNKNOWN,
                change.version,
                change.first,
                field.field,
                field.label,
                field.before,
                field.after,
            )
