"""The list of rounds, and one round with what may be done to it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from surveys.models import Assessment, Event, Extension, Questionnaire, Round
from surveys.models.round import MOVES
from surveys.permissions import AnyPerson, Permission, get_for, has_anywhere, require_anywhere, visible_to
from surveys.queries.deadlines import moment_in_words
from surveys.queries.events import EventLine, event_lines
from surveys.queries.organisations import date_in_words
from surveys.queries.round_setup import Setup, setup

Status = Round.Status

NOBODY: Final[Mapping[str, int]] = {"systems": 0, "submitted": 0}
"""The counts of a round in which nobody takes part."""


@dataclass(frozen=True)
class RoundLine:
    """A round in the list. `submitted` of `systems` counts what the reader may see and takes part."""

    id: int
    title: str
    status: str
    status_label: str
    questionnaire: str
    opens_at: datetime.datetime
    closes_at: datetime.datetime
    systems: int
    submitted: int
    synthetic: bool


@dataclass(frozen=True)
class RoundPage:
    """One round as its page shows it. Only a draft has a `setup`.

    `manages`: the reader may change it; `follows`: they may open its control room.
    """

    id: int
    title: str
    status: str
    status_label: str
    questionnaire_id: int
    questionnaire: str
    opens_at: datetime.datetime
    closes_at: datetime.datetime
    reference_date: datetime.date
    participants_as_at: datetime.date
    audience_label: str
    purpose: str
    declaration: str
    synthetic: bool
    created_by: str
    created_at: datetime.datetime
    manages: bool
    follows: bool
    answering_begun: bool
    answering_over: bool
    setup: Setup | None
    events: tuple[EventLine, ...]

    @property
    def moves(self) -> frozenset[str]:
        """The statuses that the round may move to."""
        return frozenset(status.value for status in MOVES[Status(self.status)])

    @property
    def has_results(self) -> bool:
        """Whether results were released."""
        return self.status in {Status.PROVISIONAL, Status.PUBLISHED}

    @property
    def opens_in_words(self) -> str:
        """When answering begins."""
        return moment_in_words(self.opens_at)

    @property
    def closes_in_words(self) -> str:
        """The closing time."""
        return moment_in_words(self.closes_at)

    @property
    def reference_in_words(self) -> str:
        """The day that answers describe."""
        return date_in_words(self.reference_date)

    @property
    def participants_in_words(self) -> str:
        """The day whose systems take part."""
        return date_in_words(self.participants_as_at)

    @property
    def stage_in_words(self) -> str:
        """What the stage of the round means now, in a sentence."""
        if self.status == Status.OPEN and not self.answering_begun:
            return f"The round is open to read. Answers are taken from {self.opens_in_words}, not before."
        if self.status == Status.OPEN and self.answering_over:
            return (
                f"The closing time was {self.closes_in_words}. Only systems with more time can still answer."
            )
        return {
            Status.DRAFT: "Only administrators see this round until it opens.",
            Status.OPEN: f"Systems answer until {self.closes_in_words}.",
            Status.CLOSED: "No answers are taken any more, and no results are released yet.",
            Status.PROVISIONAL: "Each system sees its own results, and analysts see those of every system.",
            Status.PUBLISHED: f"The results are published. Who may read them: {self.audience_label.lower()}.",
        }[Status(self.status)]


@dataclass(frozen=True)
class QuestionnaireChoice:
    """A published questionnaire that a round may use."""

    id: int
    label: str
    key: str


@dataclass(frozen=True)
class RunningExtension:
    """An extension that has not ended yet: a system that would lose time if the round closed now."""

    organisation_name: str
    until: datetime.datetime


@dataclass(frozen=True)
class ClosingPage:
    """What closing a round now would mean."""

    round: RoundPage
    submitted: int
    systems: int
    unsubmitted: tuple[str, ...]
    running: tuple[RunningExtension, ...]


@dataclass(frozen=True)
class ExtensionLine:
    """A later deadline that was given."""

    until: datetime.datetime
    reason: str
    granted_by: str
    granted_at: datetime.datetime


@dataclass(frozen=True)
class ExtensionPage:
    """One system's deadline in a round and the extensions given so far, newest first."""

    assessment_id: int
    round_id: int
    round_title: str
    round_status: str
    synthetic: bool
    organisation_name: str
    status_label: str
    can_extend: bool
    closes_at: datetime.datetime
    deadline: datetime.datetime
    extensions: tuple[ExtensionLine, ...]

    @property
    def closes_in_words(self) -> str:
        """The round's closing time."""
        return moment_in_words(self.closes_at)

    @property
    def deadline_in_words(self) -> str:
        """The deadline that holds for this system."""
        return moment_in_words(self.deadline)


def rounds_for(person: AnyPerson) -> tuple[RoundLine, ...]:
    """Return the rounds that the person may see, newest first. Raises Http404 without a membership."""
    require_anywhere(person, Permission.SEE_PROGRESS)
    seen = visible_to(person, Permission.SEE_PROGRESS, Assessment.objects.taking_part())
    done = Count("pk", filter=Q(status=Assessment.Status.SUBMITTED))
    counted = JSONObject(systems=Count("pk"), submitted=done)
    counts = seen.filter(round=OuterRef("pk")).order_by().values("round_id").annotate(counted=counted)
    rounds = visible_to(person, Permission.SEE_PROGRESS, Round.objects.all())
    listed = (
        rounds.select_related("questionnaire")
        .defer("questionnaire__document")
        .annotate(chosen=Count("participants"), counted=Subquery(counts.values("counted")))
    )
    return tuple(
        RoundLine(
            id=row.pk,
            title=row.title,
            status=row.status,
            status_label=row.get_status_display(),
            questionnaire=str(row.questionnaire),
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            systems=row.chosen if row.status == Status.DRAFT else (row.counted or NOBODY)["systems"],
            submitted=(row.counted or NOBODY)["submitted"],
            synthetic=row.synthetic,
        )
        for row in listed.order_by("-opens_at", "-pk")
    )


def round_for(person: AnyPerson, round_id: int, permission: Permission) -> Round:
    """Return the round. Raises Http404 unless the person holds the permission for it."""
    return get_for(person, _rounds(), round_id, permission)


def round_page(person: AnyPerson, round_id: int) -> RoundPage:
    """Return the round as its page shows it. Raises Http404 unless the person may see its progress."""
    return page_of(person, round_for(person, round_id, Permission.SEE_PROGRESS))


def page_of(person: AnyPerson, row: Round) -> RoundPage:
    """Return a round that was read already as its page shows it. Events are for those who manage rounds."""
    manages = has_anywhere(person, Permission.MANAGE)
    now = timezone.now()
    return RoundPage(
        id=row.pk,
        title=row.title,
        status=row.status,
        status_label=row.get_status_display(),
        questionnaire_id=row.questionnaire_id,
        questionnaire=str(row.questionnaire),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        reference_date=row.reference_date,
        participants_as_at=row.participants_as_at,
        audience_label=row.get_audience_display(),
        purpose=row.purpose,
        declaration=row.declaration,
        synthetic=row.synthetic,
        created_by=row.created_by.name if row.created_by else "",
        created_at=row.created_at,
        manages=manages,
        follows=has_anywhere(person, Permission.FOLLOW),
        answering_begun=row.opens_at <= now,
        answering_over=row.closes_at <= now,
        setup=setup(row) if manages and row.status == Status.DRAFT else None,
        events=event_lines(Event.objects.filter(round_id=row.pk)) if manages else (),
    )


def published_questionnaires() -> tuple[QuestionnaireChoice, ...]:
    """Return the published questionnaires, newest first."""
    rows = Questionnaire.objects.filter(published_at__isnull=False).order_by("-published_at", "-pk")
    return tuple(QuestionnaireChoice(row.pk, str(row), row.key) for row in rows.defer("document"))


def closing_page(person: AnyPerson, round_id: int) -> ClosingPage:
    """Return what closing the round now would mean. Raises Http404 unless the person manages rounds."""
    row = round_for(person, round_id, Permission.MANAGE)
    assessments = list(
        Assessment.objects.filter(round=row)
        .taking_part()
        .with_deadline()
        .order_by("region_name", "organisation_name")
    )
    unsubmitted = [found for found in assessments if found.status != Assessment.Status.SUBMITTED]
    threshold = max(row.closes_at, timezone.now())
    running = [found for found in unsubmitted if found.deadline > threshold]
    return ClosingPage(
        round=page_of(person, row),
        submitted=len(assessments) - len(unsubmitted),
        systems=len(assessments),
        unsubmitted=tuple(found.organisation_name for found in unsubmitted),
        running=tuple(RunningExtension(found.organisation_name, found.deadline) for found in running),
    )


def extension_page(person: AnyPerson, assessment_id: int) -> ExtensionPage:
    """Return one system's deadline. Raises Http404 unless the person manages rounds."""
    found = get_for(
        person,
        Assessment.objects.with_deadline().select_related("round"),
        assessment_id,
        Permission.MANAGE,
    )
    granted = Extension.objects.filter(assessment=found).select_related("granted_by")
    return ExtensionPage(
        assessment_id=found.pk,
        round_id=found.round_id,
        round_title=found.round.title,
        round_status=found.round.status,
        synthetic=found.round.synthetic,
        organisation_name=found.organisation_name,
        status_label=found.get_status_display(),
        can_extend=found.round.status == Round.Status.OPEN
        or (found.round.status != Round.Status.DRAFT and found.status != Assessment.Status.SUBMITTED),
        closes_at=found.round.closes_at,
        deadline=found.deadline,
        extensions=tuple(
            ExtensionLine(row.until, row.reason, row.granted_by.name, row.granted_at)
            for row in granted.order_by("-granted_at", "-pk")
        ),
    )


def _rounds() -> QuerySet[Round]:
    return Round.objects.select_related("questionnaire", "created_by").defer("questionnaire__document")
