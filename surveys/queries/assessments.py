"""One assessment for its pages and actions: where it stands, until when, and what a person may do."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils import timezone

from surveys.models import Answer, Assessment, Evidence, Person, SectionAssignment, Submission
from surveys.models.assessment import columns
from surveys.permissions import Permission, held_in, may_comment, visible_to
from surveys.queries.deadlines import Window, moment_in_words
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
class AssessmentState:
    """Where an assessment stands now, and what the person who reads it may do."""

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
    powers: Powers
    now: datetime.datetime

    @property
    def status_label(self) -> str:
        """The status as people read it."""
        return str(self.status.label)

    @property
    def locked(self) -> str:
        """Why nobody may change an answer now, with what to do, in plain English; empty when one may."""
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


VALUE_COLUMNS: Final = tuple(columns(Response()))
"""The columns that hold what was answered."""

_STATE_COLUMNS: Final = (
    "id",
    "organisation_id",
    "organisation_name",
    "ods_code",
    "region_name",
    "round_id",
    "round__title",
    "round__synthetic",
    "round__declaration",
    "round__reference_date",
    "round__questionnaire_id",
    "round__status",
    "round__opens_at",
    "round__closes_at",
    "status",
    "sent_at",
    "sent_by__name",
    "returned_at",
    "returned_by__name",
    "return_reason",
    "deadline",
    "submitted",
    "handed",
)


def state_rows(person: Person, *also: str, **annotations: Any) -> QuerySet[Any, dict[str, Any]]:
    """Return the assessments that a person may read, each as a mapping for `state_of`, in one query.

    `annotations` are added to the query, and the columns named by `also` to the mapping.
    """
    mine = SectionAssignment.objects.filter(assessment=OuterRef("pk"), person_id=person.pk)
    codes = JSONObject(dimension="dimension__code", question="question__code")
    readable = visible_to(person, Permission.READ_ASSESSMENT, Assessment.objects.with_deadline())
    rows: QuerySet[Any, dict[str, Any]] = readable.annotate(
        submitted=Exists(Submission.objects.filter(assessment=OuterRef("pk"))),
        handed=ArraySubquery(mine.values_list(codes)),
        **annotations,
    ).values(*_STATE_COLUMNS, *also)
    return rows


def state_of(person: Person, row: Mapping[str, Any], now: datetime.datetime) -> AssessmentState:
    """Return the state of an assessment from a row of `state_rows` for the same person, as it is at `now`."""
    return AssessmentState(
        id=row["id"],
        organisation_id=row["organisation_id"],
        organisation_name=row["organisation_name"],
        ods_code=row["ods_code"],
        region_name=row["region_name"],
        round_id=row["round_id"],
        round_title=row["round__title"],
        synthetic=row["round__synthetic"],
        declaration=row["round__declaration"],
        reference_date=row["round__reference_date"],
        questionnaire_id=row["round__questionnaire_id"],
        status=Status(row["status"]),
        sent_at=row["sent_at"],
        sent_by=row["sent_by__name"] or "",
        returned_at=row["returned_at"],
        returned_by=row["returned_by__name"] or "",
        return_reason=row["return_reason"],
        window=Window(
            round_status=row["round__status"],
            opens_at=row["round__opens_at"],
            closes_at=row["round__closes_at"],
            deadline=row["deadline"],
        ),
        powers=_powers(person, row),
        now=now,
    )


def _powers(person: Person, row: Mapping[str, Any]) -> Powers:
    held = held_in(person, row["organisation_id"])
    answers = Permission.ANSWER_ALL in held or Permission.ANSWER_ASSIGNED in held
    return Powers(
        answer_all=Permission.ANSWER_ALL in held,
        # Nothing is theirs once they no longer answer for the organisation.
        held=_holding(row) if answers and row["handed"] else Holding(),
        assign=Permission.ASSIGN in held,
        send=Permission.SEND_FOR_SIGNOFF in held,
        sign=Permission.SIGN in held,
        return_submitted=Permission.RETURN_SUBMITTED in held,
        comment=may_comment(person, row["organisation_id"], submitted=row["submitted"]),
        read_all=Permission.READ_ALL_ANSWERS in held or row["status"] == Status.SUBMITTED,
    )


def _holding(row: Mapping[str, Any]) -> Holding:
    handed = row["handed"]
    content = instrument(row["round__questionnaire_id"]).content
    whole = frozenset(each["dimension"] for each in handed if each["question"] is None)
    return Holding(
        whole=whole,
        questions=frozenset(
            code for code, dimension in content.dimension_codes.items() if dimension in whole
        ).union(each["question"] for each in handed if each["question"] is not None),
        sections=frozenset(each["dimension"] for each in handed),
    )


def assessment_state(person: Person, assessment_id: int) -> AssessmentState:
    """Return one assessment as `person` may read it, in one query. Raises Http404 when they may not."""
    row = state_rows(person).filter(pk=assessment_id).first()
    if row is None:
        raise Http404
    return state_of(person, row, timezone.now())


def response_in(row: Mapping[str, Any], prefix: str = "") -> Response:
    """Return the response in a mapping that has VALUE_COLUMNS, each with `prefix` before its name."""
    return Answer(**{column: row[prefix + column] for column in VALUE_COLUMNS}).response


def stored_answers(assessment_id: int, instrument: Instrument) -> dict[str, StoredAnswer]:
    """Return the answers of an assessment by question code, in one query."""
    rows = (
        Answer.objects.filter(assessment_id=assessment_id)
        .select_related("answered_by")
        .annotate(
            confirmed_title=F("confirmed_from__title"),
            evidenced=Exists(
                Evidence.objects.filter(
                    assessment_id=assessment_id, question_id=OuterRef("question_id"), removed_at=None
                )
            ),
        )
    )
    return {
        instrument.question_codes[answer.question_id]: StoredAnswer(
            response=answer.response,
            version=answer.version,
            by=answer.answered_by.name,
            at=answer.answered_at,
            confirmed_from=answer.confirmed_title or "",
            evidenced=answer.evidenced,
        )
        for answer in rows
    }
