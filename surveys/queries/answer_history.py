"""Every change of an answer, from the rows that a trigger writes, so that nothing escapes it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.apps import apps

from surveys.models import Answer, Person
from surveys.models.assessment import response_in
from surveys.queries.answer_fields import FIELD_LABELS, response_fields
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import Instrument
from surveys.questionnaires.schema import Question

# What an event says of itself or of whose answer it is, and not of what was answered.
_ABOUT_THE_ROW: Final = frozenset({"id", "assessment", "question", "version", "answered_by", "answered_at"})
_COLUMNS: Final = MappingProxyType(
    {field.name: field for field in Answer._meta.concrete_fields if field.name not in _ABOUT_THE_ROW}
)
_BLANK: Final = MappingProxyType({name: field.get_default() for name, field in _COLUMNS.items()})
_ROUND_TITLE: Final = "confirmed_from__title"
_PARTS: Final = frozenset({"part_codes", "part_values"})
_CONFIRMED: Final = "Confirmed as still true, from"


@dataclass(frozen=True)
class FieldChange:
    """One field of an answer before and after, as people read them. `field` is the name of its column."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class RecordedChange:
    """One writing of an answer: the first, or a later one with what it changed.

    `by` is empty when the row was changed in the database past the pages, and nobody knows by whom.
    """

    question_code: str
    version: int
    first: bool
    at: datetime.datetime
    by: str
    fields: tuple[FieldChange, ...]

    @property
    def at_in_words(self) -> str:
        """When it was written, with the day and time."""
        return moment_in_words(self.at)


def recorded_changes(
    assessment_id: int, instrument: Instrument, question_code: str = ""
) -> Iterator[RecordedChange]:
    """Yield every change of the answers of an assessment, or of one question, from the first to the last.

    Read in one query as they are taken, and one more where somebody changed a row without a new version.
    """
    events = apps.get_model("surveys", "AnswerEvent").objects.filter(assessment_id=assessment_id)
    if question_code:
        events = events.filter(question_id=instrument.question_ids[question_code])
    about = ["question_id", "version", "answered_by__name", "pgh_created_at", "pgh_context__metadata"]
    rows = events.order_by("pgh_id").values(*_COLUMNS, *about, _ROUND_TITLE)
    before: dict[int, Mapping[str, Any]] = {}
    for row in rows.iterator(chunk_size=500):
        known = before.get(row["question_id"])
        before[row["question_id"]] = row
        code = instrument.question_codes[row["question_id"]]
        yield RecordedChange(
            question_code=code,
            version=row["version"],
            first=known is None,
            at=row["pgh_created_at"],
            by=_by(row, known),
            fields=_changed(instrument.content.question(code), known, row),
        )


def _by(row: Mapping[str, Any], known: Mapping[str, Any] | None) -> str:
    """Return who wrote a row. A save counts the version up; what does not has left who answered as it was."""
    if known is None or row["version"] != known["version"]:
        return str(row["answered_by__name"])
    # What a request did is told by the middleware of django-pghistory.
    signed_in = (row["pgh_context__metadata"] or {}).get("user")
    person = Person.objects.filter(pk=signed_in).first() if signed_in else None
    return person.name if person else ""


def _changed(
    question: Question, known: Mapping[str, Any] | None, row: Mapping[str, Any]
) -> tuple[FieldChange, ...]:
    before = _fields(question, known or _BLANK)
    after = _fields(question, row)
    return tuple(
        FieldChange(name, _label(name), before[name], after[name])
        for name in after
        if before[name] != after[name]
    )


def _label(name: str) -> str:
    if name == "confirmed_from":
        return _CONFIRMED
    return FIELD_LABELS.get(name) or str(_COLUMNS[name].verbose_name).capitalize()


def _fields(question: Question, row: Mapping[str, Any]) -> dict[str, str]:
    """Return every field of an answer in words, also those that this module knows nothing of."""
    known = response_fields(question, response_in(row)) | {"confirmed_from": row.get(_ROUND_TITLE) or ""}
    others = [name for name in _COLUMNS if name not in known.keys() | _PARTS]
    return known | {name: _plain(row[name]) for name in others}


def _plain(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case datetime.datetime():
            return moment_in_words(value)
        case _:
            return str(value)
