"""One assessment for its pages and actions: where it stands, until when, and what a person may do."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404
from django.utils import timezone

from surveys.models import Assessment, Person
from surveys.models.assessment import response_in
from surveys.permissions import Permission, held_in, may_comment
from surveys.queries.assessment_rows import (
    Rows,
    answer_rows,
    state_rows,
    state_rows_of_organisations,
    state_rows_with_answers,
)
from surveys.queries.deadlines import WITHDRAWN, Window, day_in_words, moment_in_words
from surveys.queries.instruments import Instrument, instrument
from surveys.questionnaires.responses import Response

Status = Assessment.Status
EDITABLE: Final = frozenset({Status.NOT_STARTED, Status.IN_PROGRESS, Status.RETURNED})
"""The statuses in which answers may be changed."""


@dataclass(frozen=True)
class Holding:
    """What of an assessment is handed to one person, as codes.

    `whole` are the dimensions that they hold as a whole, `questions` all questions that they hold, and
    `sections` the dimensions of those.
    """

    whole: frozenset[str] = frozenset()
    questions: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Powers:
    """What one person may do with one assessment.

    `read_all`: they may read every answer now; otherwise only what they may answer.
    """

    answer_all: bool
    held: Holding
    assign: bool
    send: bool
    sign: bool
    return_submitted: bool
    comment: bool = False
    read_all: bool = True

    def may_answer(self, question_code: str) -> bool:
        """Return whether the person may answer a question."""
        return self.answer_all or question_code in self.held.questions

    def may_answer_in(self, dimension_code: str) -> bool:
        """Return whether the person may answer some question of a dimension."""
        return self.answer_all or dimension_code in self.held.sections

    def may_answer_whole(self, dimension_code: str) -> bool:
        """Return whether the person may answer every question of a dimension."""
        return self.answer_all or dimension_code in self.held.whole

    def may_read(self, question_code: str) -> bool:
        """Return whether the person may read the answer to a question now."""
        return self.read_all or self.may_answer(question_code)

    def may_read_in(self, dimension_code: str) -> bool:
        """Return whether the person may read some answer of a dimension now."""
        return self.read_all or self.may_answer_in(dimension_code)

    @property
    def answers_anything(self) -> bool:
        """Whether the person may answer any question at all."""
        return self.answer_all or bool(self.held.questions)

    @property
    def reads_anything(self) -> bool:
        """Whether the person may read any answer now."""
        return self.read_all or self.answers_anything


@dataclass(frozen=True)
class Participation:
    """That a system was added to a round that had opened, or withdrawn from it: when, by whom and why."""

    at: datetime.datetime
    by: str
    reason: str

    @property
    def day(self) -> str:
        """The day of it."""
        return day_in_words(self.at)


@dataclass(frozen=True)
class AssessmentState:
    """Where an assessment stands now, and what the person who reads it may do.

    `extension_reason` is that of the latest extension and `extended_by` who granted it; empty without one.
    `added` None: it took part from the beginning; `withdrawn` None: it takes part now.
    """

    id: int
    organisation_id: int
    organisation_name: str
    ods_code: str
    region_name: str
    round_id: int
    round_title: str
    synthetic: bool
    declaration: str
    reference_date: datetime.date
    questionnaire_id: int
    status: Assessment.Status
    sent_at: datetime.datetime | None
    sent_by: str
    returned_at: datetime.datetime | None
    returned_by: str
    return_reason: str
    window: Window
    extension_reason: str
    extended_by: str
    powers: Powers
    now: datetime.datetime
    added: Participation | None = None
    withdrawn: Participation | None = None

    @property
    def status_label(self) -> str:
        """The status as people read it."""
        return str(self.status.label)

    @property
    def locked(self) -> str:
        """Why nobody may change an answer now, with what to do, in plain English; empty when one may."""
        if self.withdrawn:
            return WITHDRAWN
        if self.status == Status.AWAITING_SIGNOFF:
            return (
                "The assessment is waiting for sign-off, so answers cannot be changed. "
                "The approver can return it to the ICS data lead for changes."
            )
        if self.status == Status.SUBMITTED:
            return (
                "The assessment has been submitted, so answers cannot be changed. "
                "If something is wrong, ask the programme team to return it."
            )
        return self.window.shut(self.now)

    @property
    def over(self) -> bool:
        """Whether nothing is to be done any more unless the programme team returns it, reopens the round or
        lets the system take part again.
        """
        return self.status == Status.SUBMITTED or self.window.is_over

    @property
    def time_left(self) -> str:
        """How long is left to answer, such as "in 12 days"; empty when the time is over or has not come."""
        return self.window.left(self.now)

    @property
    def returned_in_words(self) -> str:
        """When it was last returned, with the day and time; empty when it never was."""
        return moment_in_words(self.returned_at) if self.returned_at else ""

    @property
    def show_return(self) -> bool:
        """Whether the last return still asks for changes."""
        return bool(self.return_reason) and self.status in EDITABLE


@dataclass(frozen=True)
class StoredAnswer:
    """An answer as it is stored: what, which save of it, by whom and when.

    `confirmed_from` is the title of the earlier round whose answer it confirms; empty for any other answer.
    `evidenced`: there is evidence behind it.
    """

    response: Response
    version: int
    by: str
    at: datetime.datetime
    confirmed_from: str = ""
    evidenced: bool = False

    @property
    def at_in_words(self) -> str:
        """When it was saved, with the day and time."""
        return moment_in_words(self.at)

    @property
    def credit(self) -> str:
        """How it came to be the answer, by whom and when, in a sentence."""
        how = f"Confirmed from {self.confirmed_from}" if self.confirmed_from else "Last saved"
        return f"{how} by {self.by} on {self.at_in_words}."


def _state(person: Person, row: Mapping[str, Any], now: datetime.datetime) -> AssessmentState:
    return AssessmentState(
        id=row["id"],
        organisation_id=row["organisation_id"],
        organisation_name=row["organisation_name"],
        ods_code=row["ods_code"],
        region_name=row["region_name"],
        round_id=row["round_id"],
        round_title=row["round_title"],
        synthetic=row["synthetic"],
        declaration=row["declaration"],
        reference_date=row["reference_date"],
        questionnaire_id=row["questionnaire_id"],
        status=Status(row["status"]),
        sent_at=row["sent_at"],
        sent_by=row["sent_by"] or "",
        returned_at=row["returned_at"],
        returned_by=row["returned_by"] or "",
        return_reason=row["return_reason"],
        window=Window(
            round_status=row["round_status"],
            opens_at=row["opens_at"],
            closes_at=row["closes_at"],
            deadline=row["deadline"],
            reopened=row["reopened"],
            withdrawn=row["withdrawn_at"] is not None,
        ),
        extension_reason=row["extension_reason"] or "",
        extended_by=row["extended_by"] or "",
        powers=_powers(person, row),
        now=now,
        added=participation(row["added_at"], row["added_by"], row["added_reason"]),
        withdrawn=participation(row["withdrawn_at"], row["withdrawn_by"], row["withdrawal_reason"]),
    )


def participation(at: datetime.datetime | None, by: Person | str | None, reason: str) -> Participation | None:
    """Return what the three columns of an assessment say of one change; None when there was none."""
    return None if at is None or by is None else Participation(at, str(by), reason)


def _powers(person: Person, row: Mapping[str, Any]) -> Powers:
    held = held_in(person, row["organisation_id"])
    answers = Permission.ANSWER_ALL in held or Permission.ANSWER_ASSIGNED in held
    handed = row["dimensions_handed"] or row["questions_handed"]
    return Powers(
        answer_all=Permission.ANSWER_ALL in held,
        # Nothing is theirs once they no longer answer for the organisation.
        held=_holding(row) if answers and handed else Holding(),
        assign=Permission.ASSIGN in held,
        send=Permission.SEND_FOR_SIGNOFF in held,
        sign=Permission.SIGN in held,
        return_submitted=Permission.RETURN_SUBMITTED in held,
        comment=may_comment(person, row["organisation_id"], submitted=row["submitted"]),
        read_all=Permission.READ_ALL_ANSWERS in held or row["status"] == Status.SUBMITTED,
    )


def _holding(row: Mapping[str, Any]) -> Holding:
    asked_by = instrument(row["questionnaire_id"])
    dimension_of = asked_by.content.dimension_codes
    whole = frozenset(code for code, key in asked_by.dimension_ids.items() if key in row["dimensions_handed"])
    single = frozenset(asked_by.question_codes[key] for key in row["questions_handed"])
    return Holding(
        whole=whole,
        questions=single.union(code for code, dimension in dimension_of.items() if dimension in whole),
        sections=whole.union(dimension_of[code] for code in single),
    )


def assessment_state(person: Person, assessment_id: int) -> AssessmentState:
    """Return one assessment as `person` may read it, in one query. Raises Http404 when they may not."""
    rows = state_rows(person, assessment_id)
    if not rows:
        raise Http404
    return _state(person, rows[0], timezone.now())


def assessment_states(person: Person, organisation_ids: Sequence[int]) -> tuple[AssessmentState, ...]:
    """Return the assessments of these organisations that `person` may read, in one query.

    Those of the round that opened last come first.
    """
    rows = state_rows_of_organisations(person, organisation_ids)
    now = timezone.now()
    return tuple(_state(person, row, now) for row in rows)


def state_with_answers(
    person: Person, assessment_id: int, instrument: Instrument, codes: Iterable[str]
) -> tuple[AssessmentState, dict[str, StoredAnswer]]:
    """Return one assessment as `assessment_state` does and the answers to some questions, in one query.

    Whether the person may read the answers is not asked.
    """
    questions = [instrument.question_ids[code] for code in codes]
    rows = state_rows_with_answers(person, assessment_id, questions)
    if not rows:
        raise Http404
    answered = [row for row in rows if row["question_id"] is not None]
    return _state(person, rows[0], timezone.now()), _stored(answered, instrument)


def stored_answers(assessment_id: int, instrument: Instrument) -> dict[str, StoredAnswer]:
    """Return the answers of an assessment by question code, in one query."""
    return _stored(answer_rows(assessment_id), instrument)


def _stored(rows: Rows, instrument: Instrument) -> dict[str, StoredAnswer]:
    return {
        instrument.question_codes[row["question_id"]]: StoredAnswer(
            response=response_in(row),
            version=row["version"],
            by=row["answered_by"],
            at=row["answered_at"],
            confirmed_from=row["confirmed_title"] or "",
            evidenced=row["evidenced"],
        )
        for row in rows
    }
