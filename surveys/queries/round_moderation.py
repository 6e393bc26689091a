"""The moderation of a round: how far each system is, and how far final levels agree with its own ones."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet

from surveys.models import (
    Assessment,
    Evidence,
    Moderation,
    ModerationPlan,
    Person,
    ReviewAssignment,
    Round,
)
from surveys.models.moderation import MODERATED_STAGES, OPEN_STATES, ModerationQuerySet
from surveys.permissions import AnyPerson, Permission, get_for, has_anywhere, visible_to
from surveys.queries.assessment_moderation import ModerationLine, moderation_line, with_everything
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import instrument
from surveys.queries.moderation_flags import moderation_flags_for
from surveys.queries.results.selection import Choice

State = Moderation.State
Status = Assessment.Status

SYSTEMS_ON_A_PAGE: Final = 50

STAGES: Final[Mapping[str, str]] = {
    "none": "Nothing proposed",
    "waiting": "Waits for the system",
    "challenged": "Waits for the lead reviewer",
    "settled": "Everything decided",
}
"""How far the moderation of a system is, by code. One that waits for both is at the stage of the system."""


@dataclass(frozen=True)
class RoundModerationHead:
    """The round, and the plan of its moderation; what the plan says is empty without one.

    `manages`: the reader may change the plan; `plannable`: it may still be changed.
    """

    id: int
    title: str
    status: str
    status_label: str
    synthetic: bool
    manages: bool
    plannable: bool
    under_way: bool
    lead_reviewer: str
    answers_until: datetime.datetime | None

    @property
    def answers_until_in_words(self) -> str:
        """Until when systems may answer; empty without a plan."""
        return moment_in_words(self.answers_until) if self.answers_until else ""


@dataclass(frozen=True)
class ModeratedSystem:
    """One system with a signed copy: how many proposals are where, and who was asked to review it.

    `flags` is how many reasons there are to look at its levels again.
    """

    assessment_id: int
    organisation_name: str
    ods_code: str
    region_name: str
    waiting: int
    challenged: int
    settled: int
    flags: int
    reviewers: tuple[str, ...]

    @property
    def proposed(self) -> int:
        """How many levels were proposed beside the latest copy."""
        return self.waiting + self.challenged + self.settled

    @property
    def stage_label(self) -> str:
        """How far it is, in words."""
        return STAGES[_stage(self.waiting, self.challenged, self.settled)]


@dataclass(frozen=True)
class Standing:
    """A proposal that counts now: of which system, where it stands, its levels. `final` as in the model."""

    assessment_id: int
    region_id: int
    question_id: int
    state: str
    self_assessed: int
    final: int | None


@dataclass(frozen=True)
class Region:
    """A region with how many of its systems within reach stand as submitted, of how many."""

    id: int
    name: str
    signed: int
    systems: int


@dataclass(frozen=True)
class ModerationFrame:
    """What is read before anything is chosen: the round, the systems within reach, and their proposals."""

    person: Person
    round: Round
    plan: ModerationPlan | None
    places: tuple[Region, ...]
    proposals: tuple[Standing, ...]

    @property
    def head(self) -> RoundModerationHead:
        """What the page says of the round."""
        manages = has_anywhere(self.person, Permission.MANAGE)
        return RoundModerationHead(
            id=self.round.pk,
            title=self.round.title,
            status=self.round.status,
            status_label=self.round.get_status_display(),
            synthetic=self.round.synthetic,
            manages=manages,
            plannable=manages and self.round.status != Round.Status.PUBLISHED,
            under_way=self.round.status in MODERATED_STAGES,
            lead_reviewer=self.plan.lead_reviewer.name if self.plan else "",
            answers_until=self.plan.answers_until if self.plan else None,
        )

    @property
    def regions(self) -> tuple[Choice, ...]:
        """The regions that the page can be narrowed to."""
        return tuple(Choice(str(each.id), each.name) for each in self.places)

    @property
    def stages(self) -> tuple[Choice, ...]:
        """The stages that it can be narrowed to."""
        return tuple(Choice(code, name) for code, name in STAGES.items())

    @cached_property
    def counts(self) -> Mapping[int, Counter[str]]:
        """How many proposals of each system are in which state, by assessment."""
        found: dict[int, Counter[str]] = defaultdict(Counter)
        for each in self.proposals:
            found[each.assessment_id][each.state] += 1
        return dict(found)

    @property
    def open(self) -> int:
        """How many proposals have no final level yet."""
        return sum(each.state in OPEN_STATES for each in self.proposals)

    @property
    def systems(self) -> int:
        """How many systems there are within reach."""
        return sum(each.systems for each in self.places)

    @property
    def signed(self) -> int:
        """How many of them stand as submitted."""
        return sum(each.signed for each in self.places)

    def at(self, region: str, stage: str) -> tuple[int, ...]:
        """Return the assessments of a region, or of all, with proposals at a stage."""
        regions = {each.assessment_id: str(each.region_id) for each in self.proposals}
        return tuple(
            key
            for key, count in self.counts.items()
            if region in {"", regions[key]} and (not stage or _of(count) == stage)
        )

    def found(self, region: str, stage: str) -> int:
        """Return how many systems that stand as submitted are in a region and at a stage; empty for all."""
        signed = sum(each.signed for each in self.places if region in {"", str(each.id)})
        if stage == "none":
            return signed - len(self.at(region, ""))
        return len(self.at(region, stage)) if stage else signed


@dataclass(frozen=True)
class RoundModeration:
    """One page of the systems with a signed copy, by region and name. `number` counts pages from 1.

    `found` is how many there are in the region and at the stage that were chosen.
    """

    frame: ModerationFrame
    systems: tuple[ModeratedSystem, ...]
    found: int
    number: int
    pages: int


@dataclass(frozen=True)
class ModeratedRow:
    """One proposal with its system and question, for the file."""

    organisation_name: str
    ods_code: str
    region_name: str
    status_label: str
    dimension: str
    question: str
    line: ModerationLine
    proposed_at: datetime.datetime
    answered_at: datetime.datetime | None
    decided_at: datetime.datetime | None


def moderation_frame(person: Person, round_id: int) -> ModerationFrame:
    """Return the round and its proposals within reach, in three queries.

    Raises Http404 unless the person may moderate a system of the round.
    """
    rounds = Round.objects.select_related("moderation_plan__lead_reviewer")
    survey_round = get_for(person, rounds, round_id, Permission.MODERATE)
    places = reviewed(person, survey_round).values_list("region_id", "region_name")
    counted = places.annotate(signed=Count("pk", filter=Q(status=Status.SUBMITTED)), systems=Count("pk"))
    standing = [state for state in State if state is not State.REPLACED]
    return ModerationFrame(
        person=person,
        round=survey_round,
        plan=getattr(survey_round, "moderation_plan", None),
        places=tuple(Region(*row) for row in counted.order_by("region_name", "region_id")),
        proposals=tuple(
            Standing(*row)
            for row in _proposals(person, survey_round)
            .standing(*standing)
            .values_list(
                *("submission__assessment_id", "submission__assessment__region_id", "question_id"),
                *("state", "self_assessed", "final"),
            )
        ),
    )


def round_moderation(
    frame: ModerationFrame, *, region: str = "", stage: str = "", number: str | int = 1
) -> RoundModeration:
    """Return one page of the systems of a region and at a stage, by their codes; of all for empty ones.

    Two queries, and three more where the process has not read the flags of these copies in the last minutes.
    A `number` that is no page is the first or the last one.
    """
    reviews = ReviewAssignment.objects.filter(assessment=OuterRef("pk"), ended_at=None)
    rows = reviewed(frame.person, frame.round).filter(status=Status.SUBMITTED)
    if region:
        rows = rows.filter(region_id=int(region))
    if stage == "none":
        rows = rows.exclude(pk__in=frame.at(region, ""))
    elif stage:
        rows = rows.filter(pk__in=frame.at(region, stage))
    rows = rows.annotate(reviewers=ArraySubquery(reviews.order_by("reviewer__name").values("reviewer__name")))
    paginator = Paginator(rows.order_by("region_name", "organisation_name", "pk"), SYSTEMS_ON_A_PAGE)
    # What was read of the round has counted them already.
    paginator.__dict__["count"] = frame.found(region, stage)
    page = paginator.get_page(number)
    systems = list(page.object_list)
    flags = moderation_flags_for(frame.person, frame.round, [row.pk for row in systems])
    return RoundModeration(
        frame=frame,
        systems=tuple(_system(frame, row, len(flags.get(row.pk, ()))) for row in systems),
        found=paginator.count,
        number=page.number,
        pages=paginator.num_pages,
    )


def moderated_rows(frame: ModerationFrame) -> Iterator[ModeratedRow]:
    """Yield every proposal within reach, also those that were replaced, by region, system and question."""
    content = instrument(frame.round.questionnaire_id).content
    dimensions = {each.code: each.name for each in content.dimensions}
    rows = with_everything(_proposals(frame.person, frame.round)).select_related("submission__assessment")
    ordered = rows.order_by(
        "submission__assessment__region_name",
        "submission__assessment__organisation_name",
        "question_id",
        "submission__number",
    )
    evidence = Evidence.objects.filter(
        assessment__in=reviewed(frame.person, frame.round), challenges__isnull=False
    )
    names = {each.pk: str(each) for each in evidence}
    for row in ordered:
        line = moderation_line(row, names)
        assessment = row.submission.assessment
        yield ModeratedRow(
            organisation_name=assessment.organisation_name,
            ods_code=assessment.ods_code,
            region_name=assessment.region_name,
            status_label=assessment.get_status_display(),
            dimension=dimensions[content.dimension_codes[line.question_code]],
            question=content.question(line.question_code).text,
            line=line,
            proposed_at=row.proposed_at,
            answered_at=row.answer.answered_at if line.answer else None,
            decided_at=row.decision.decided_at if line.decided_by else None,
        )


def reviewed(person: AnyPerson, survey_round: Round) -> QuerySet[Assessment]:
    """Return the assessments that take part in a round and that the person may moderate."""
    rows = Assessment.objects.taking_part().filter(round=survey_round)
    return visible_to(person, Permission.MODERATE, rows)


def _proposals(person: AnyPerson, survey_round: Round) -> ModerationQuerySet:
    return Moderation.objects.filter(submission__assessment__in=reviewed(person, survey_round))


def _of(count: Counter[str]) -> str:
    return _stage(count[State.WAITING], count[State.CHALLENGED], count[State.ACCEPTED] + count[State.DECIDED])


def _stage(waiting: int, challenged: int, settled: int) -> str:
    if waiting:
        return "waiting"
    if challenged:
        return "challenged"
    return "settled" if settled else "none"


def _system(frame: ModerationFrame, row: Any, flags: int) -> ModeratedSystem:
    count = frame.counts.get(row.pk, Counter())
    return ModeratedSystem(
        assessment_id=row.pk,
        organisation_name=row.organisation_name,
        ods_code=row.ods_code,
        region_name=row.region_name,
        waiting=count[State.WAITING],
        challenged=count[State.CHALLENGED],
        settled=count[State.ACCEPTED] + count[State.DECIDED],
        flags=flags,
        reviewers=tuple(row.reviewers),
    )
