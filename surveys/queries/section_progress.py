"""How far the work on each section is: who holds it, whether it is done, and what changed since."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection
from django.utils.text import Truncator

from surveys.models import SectionMark
from surveys.queries.assessments import AssessmentState, StoredAnswer
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import Instrument
from surveys.wording import counted, listed

Kind = SectionMark.Kind

LONGEST_IN_SHORT: Final = 140
"""The most characters of a note in a list."""


@dataclass(frozen=True)
class MarkLine:
    """What was said of a section. `note` is empty when there was none, or the reader may not read it."""

    kind: SectionMark.Kind
    note: str
    by: str
    at: datetime.datetime

    @property
    def words(self) -> str:
        """What was said, by whom and when, as a sentence."""
        said = "Marked as done" if self.kind == Kind.DONE else "Changes requested"
        return f"{said} by {self.by} on {moment_in_words(self.at)}."


@dataclass(frozen=True)
class SectionProgress:
    """The work on one dimension.

    `holders` are the names of those who hold it as a whole, `question_holders` of those who hold single
    questions, by question code. `mark` is the last thing said of it, and `changed`: an answer changed since.
    """

    holders: tuple[str, ...] = ()
    question_holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mark: MarkLine | None = None
    changed: bool = False

    @property
    def done(self) -> bool:
        """Whether the section is said to be done."""
        return self.mark is not None and self.mark.kind == Kind.DONE

    @property
    def changes_requested(self) -> bool:
        """Whether changes are requested and the section has not been said to be done again."""
        return self.mark is not None and self.mark.kind == Kind.CHANGES_REQUESTED

    @property
    def stage(self) -> str:
        """How far the work is: done, changes_requested, handed_out or not_handed_out."""
        if self.mark is not None:
            return self.mark.kind.value
        return "handed_out" if self.holders or self.question_holders else "not_handed_out"

    @property
    def stage_label(self) -> str:
        """How far the work is, as people read it."""
        handed = {"handed_out": "Handed out", "not_handed_out": "Not handed out"}
        return str(self.mark.kind.label) if self.mark is not None else handed[self.stage]

    @property
    def held_in_words(self) -> str:
        """Who holds it, as one or two sentences."""
        whole = f"Held by {listed(self.holders)}." if self.holders else ""
        count = len(self.question_holders)
        names = sorted({name for held in self.question_holders.values() for name in held})
        single = f"{counted(count, 'question')} handed to {listed(names)}." if count else ""
        return " ".join(filter(None, (whole, single))) or "Not handed to anybody."

    @property
    def said_in_words(self) -> str:
        """What was last said of it, and whether it changed since; empty when nothing was said."""
        if self.mark is None:
            return ""
        changed = " Changed since it was marked as done." if self.done and self.changed else ""
        return f"{self.mark.words}{changed}"

    @property
    def note_in_short(self) -> str:
        """The beginning of the note in one line, in quotation marks; empty without one."""
        note = " ".join(self.mark.note.split()) if self.mark is not None else ""
        return f"“{Truncator(note).chars(LONGEST_IN_SHORT)}”" if note else ""


# SQL of our own, because every page of a section makes it: see `assessment_rows`.
_WORK = """
SELECT
    dimension.code,
    ARRAY(
        SELECT holder.name
        FROM surveys_sectionassignment AS handed JOIN surveys_person AS holder ON holder.id = handed.person_id
        WHERE handed.assessment_id = %(assessment)s
            AND handed.dimension_id = dimension.id AND handed.question_id IS NULL
        ORDER BY holder.name, handed.id
    ),
    ARRAY(
        SELECT ARRAY[question.code, holder.name]
        FROM surveys_sectionassignment AS handed
        JOIN surveys_person AS holder ON holder.id = handed.person_id
        JOIN surveys_question AS question ON question.id = handed.question_id
        WHERE handed.assessment_id = %(assessment)s AND handed.dimension_id = dimension.id
        ORDER BY holder.name, handed.id
    ),
    mark.kind, mark.note, mark.made_by, mark.made_at
FROM surveys_dimension AS dimension
LEFT JOIN LATERAL (
    SELECT said.kind, said.note, maker.name AS made_by, said.made_at
    FROM surveys_sectionmark AS said JOIN surveys_person AS maker ON maker.id = said.made_by_id
    WHERE said.assessment_id = %(assessment)s AND said.dimension_id = dimension.id
    ORDER BY said.made_at DESC, said.id DESC LIMIT 1
) AS mark ON TRUE
WHERE dimension.questionnaire_id = %(questionnaire)s AND (%(code)s = '' OR dimension.code = %(code)s)
"""


def section_progress(
    state: AssessmentState, asked_by: Instrument, answers: Mapping[str, StoredAnswer], code: str = ""
) -> dict[str, SectionProgress]:
    """Return how far the work on each dimension is, by its code, or only on the one `code`, in one query.

    `answers` are all of the assessment. Notes are for those who may read answers of the dimension and take
    part in the conversation about them.
    """
    changed_at: dict[str, datetime.datetime] = {}
    for question_code, answer in answers.items():
        dimension = asked_by.content.dimension_codes[question_code]
        changed_at[dimension] = max(answer.at, changed_at.get(dimension, answer.at))
    parameters: dict[str, Any] = {"assessment": state.id, "questionnaire": asked_by.id, "code": code}
    with connection.cursor() as cursor:
        cursor.execute(_WORK, parameters)
        return {row[0]: _progress(state, changed_at.get(row[0]), *row) for row in cursor.fetchall()}


def _progress(
    state: AssessmentState,
    changed_at: datetime.datetime | None,
    code: str,
    holders: list[str],
    handed: list[list[str]],
    *said: Any,
) -> SectionProgress:
    single: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for question_code, name in handed:
        single[question_code] += (name,)
    mark = _mark(*said, reads_note=state.powers.comment and state.powers.may_read_in(code))
    return SectionProgress(
        holders=tuple(holders),
        question_holders=dict(single),
        mark=mark,
        changed=mark is not None and changed_at is not None and changed_at > mark.at,
    )


def _mark(
    kind: str | None, note: str, by: str, at: datetime.datetime, *, reads_note: bool
) -> MarkLine | None:
    return None if kind is None else MarkLine(Kind(kind), note if reads_note else "", by, at)
