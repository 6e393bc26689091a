"""How far the systems of a round are."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Max

from surveys.models import Answer, Assessment
from surveys.models.assessment import VALUE_COLUMNS, response_in
from surveys.permissions import AnyPerson, Permission, visible_to
from surveys.queries.assessments import Participation, participation
from surveys.queries.completion import completion
from surveys.queries.deadlines import Window
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.rounds import RoundPage
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Questionnaire

Status = Assessment.Status


@dataclass(frozen=True)
class SystemProgress:
    """One system: `answered` of `asked` questions, and when somebody of the system last did something."""

    assessment_id: int
    organisation_id: int
    organisation_name: str
    ods_code: str
    region_name: str
    status: str
    status_label: str
    answered: int
    asked: int
    last_activity_at: datetime.datetime | None
    window: Window


@dataclass(frozen=True)
class StatusCount:
    """How many systems have a status."""

    status: str
    label: str
    systems: int


@dataclass(frozen=True)
class Withdrawn:
    """A system that takes no part in the round any more."""

    assessment_id: int
    organisation_name: str
    about: Participation


@dataclass(frozen=True)
class Progress:
    """The systems that take part in a round and that a person may see, by region and name.

    `withdrawn` are those that take no part in it any more; no count has them.
    """

    systems: tuple[SystemProgress, ...]
    withdrawn: tuple[Withdrawn, ...] = ()

    @property
    def counts(self) -> tuple[StatusCount, ...]:
        """How many systems have each status, in the order of an assessment's life, without empty ones."""
        found = Counter(system.status for system in self.systems)
        return tuple(
            StatusCount(status.value, str(status.label), found[status]) for status in Status if found[status]
        )

    @property
    def submitted(self) -> int:
        """How many systems have submitted."""
        return sum(system.status == Status.SUBMITTED for system in self.systems)


@dataclass
class Answered:
    """What one assessment holds so far, by question code, and when the newest of it was answered."""

    responses: dict[str, Response] = field(default_factory=dict)
    last_at: datetime.datetime | None = None


def progress(person: AnyPerson, round_: RoundPage) -> Progress:
    """Return how far the systems of a round are that the person may see, in two queries."""
    assessments = Assessment.objects.filter(round_id=round_.id).with_deadline()
    every = list(
        visible_to(person, Permission.SEE_PROGRESS, assessments)
        .select_related("withdrawn_by")
        .annotate(signed_at=Max("submissions__signed_at"))
        .order_by("region_name", "organisation_name", "pk")
    )
    rows = [row for row in every if row.withdrawn_at is None]
    withdrawn = tuple(_withdrawn(every))
    if not rows:
        return Progress((), withdrawn)
    known = instrument(round_.questionnaire_id)
    answered = answered_so_far([row.pk for row in rows], known)
    return Progress(
        tuple(_system(row, row.signed_at, round_, answered[row.pk], known.content) for row in rows),
        withdrawn,
    )


def _withdrawn(rows: Iterable[Assessment]) -> Iterator[Withdrawn]:
    for row in rows:
        about = participation(row.withdrawn_at, row.withdrawn_by, row.withdrawal_reason)
        if about is not None:
            yield Withdrawn(row.pk, row.organisation_name, about)


def answered_so_far(assessment_ids: list[int], known: Instrument) -> defaultdict[int, Answered]:
    """Return what each of these assessments of one questionnaire holds, by its key, in one query."""
    found: defaultdict[int, Answered] = defaultdict(Answered)
    answers = Answer.objects.filter(assessment_id__in=assessment_ids)
    for row in answers.values("assessment_id", "question_id", "answered_at", *VALUE_COLUMNS):
        held = found[row["assessment_id"]]
        held.responses[known.question_codes[row["question_id"]]] = response_in(row)
        held.last_at = _latest(held.last_at, row["answered_at"])
    return found


def _system(
    row: Assessment,
    signed_at: datetime.datetime | None,
    round_: RoundPage,
    held: Answered,
    content: Questionnaire,
) -> SystemProgress:
    done = completion(content, held.responses)
    return SystemProgress(
        assessment_id=row.pk,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation_name,
        ods_code=row.ods_code,
        region_name=row.region_name,
        status=row.status,
        status_label=row.get_status_display(),
        answered=done.answered,
        asked=done.asked,
        last_activity_at=_latest(held.last_at, row.sent_at, signed_at),
        window=Window(round_.status, round_.opens_at, round_.closes_at, row.deadline, row.reopened),
    )


def _latest(*moments: datetime.datetime | None) -> datetime.datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)
