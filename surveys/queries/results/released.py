"""A release with the frozen scores that a person may read: what every page of results starts from."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from surveys.analysis.scores import Score
from surveys.models import Assessment, Release, Result, Round
from surveys.permissions import AnyPerson, Permission, results_visible_to, sees_every_result, visible_to
from surveys.queries.deadlines import day_in_words
from surveys.queries.instruments import Instrument, instrument

Measure = Result.Measure

NOTHING_TO_SCORE = Score(None, answered=0, of=0)
"""The score of a system that was asked no scored question."""

SELF_ASSESSED = "Self-assessed by each system, not moderated"
PROVISIONAL = "Provisional, not for publication"


class NoSuchRelease(Http404):
    """There is no such release, or none that the person may read."""


@dataclass(frozen=True)
class NewerRelease:
    """The newest release of the same round, where that is not the one at hand."""

    id: int
    name: str
    note: str


@dataclass(frozen=True)
class ReleaseHead:
    """What stands above every page and in every download of a release."""

    id: int
    round_id: int
    round_title: str
    kind: str
    number: int
    released_at: datetime.datetime
    note: str
    synthetic: bool
    public: bool
    reference_date: datetime.date
    closed_at: datetime.datetime
    questionnaire_id: int
    questionnaire: str
    newer: NewerRelease | None = None

    @property
    def provisional(self) -> bool:
        """Whether the results are not for publication."""
        return self.kind == Release.Kind.PROVISIONAL

    @property
    def name(self) -> str:
        """The release as people call it, such as "Published release 2"."""
        return release_name(self.kind, self.number)

    @property
    def released_on(self) -> str:
        """The day of the release, such as "Friday 27 June 2025"."""
        return day_in_words(self.released_at)

    @property
    def source(self) -> str:
        """All that a reader needs to place a figure, in one line: what, when, how firm and how real it is."""
        parts = [
            f"{SELF_ASSESSED}. {self.round_title}, {self.name.lower()} of {self.released_on}",
            f"Source: {self.questionnaire}",
        ]
        if self.provisional:
            parts.append(PROVISIONAL)
        if self.synthetic:
            parts.append("Synthetic data: no real system is described")
        return ". ".join(parts) + "."


@dataclass(frozen=True)
class Signature:
    """Who signed the submission that a system's results were made from."""

    submission: int
    name: str
    job_title: str
    signed_at: datetime.datetime

    @property
    def signed_on(self) -> str:
        """The day of signing."""
        return day_in_words(self.signed_at)


@dataclass(frozen=True)
class System:
    """One system of the round as it was called then. `signature` None: it did not respond."""

    assessment_id: int
    organisation_id: int
    name: str
    ods_code: str
    region_id: int
    region_name: str
    signature: Signature | None
    scores: Mapping[tuple[str, str], Score]

    @property
    def responded(self) -> bool:
        """Whether the release has results of the system."""
        return self.signature is not None

    def score(self, measure: str, code: str = "") -> Score | None:
        """Return a score, one without a value when nothing was there to score, None without a response."""
        if not self.responded:
            return None
        return self.scores.get((str(measure), code), NOTHING_TO_SCORE)


@dataclass(frozen=True)
class Released:
    """A release, and the systems whose results in it a person may read, by region and name.

    `of` counts the systems that took part. Unless `whole`, the person sees only some of them, and nothing may
    be said that is worked out from the others.
    """

    head: ReleaseHead
    instrument: Instrument
    systems: tuple[System, ...]
    of: int

    @property
    def whole(self) -> bool:
        """Whether the person sees every system that took part."""
        return len(self.systems) == self.of

    @property
    def responded(self) -> int:
        """How many of the systems that the person sees responded."""
        return sum(system.responded for system in self.systems)

    @property
    def absent(self) -> tuple[System, ...]:
        """The systems that the person sees and that did not respond."""
        return tuple(system for system in self.systems if not system.responded)

    def system(self, assessment_id: int) -> System:
        """Return one of the systems. Raises Http404 for one that the person does not see."""
        for system in self.systems:
            if system.assessment_id == assessment_id:
                return system
        raise Http404


def release_name(kind: str, number: int) -> str:
    """Return a release as people call it."""
    return f"{Release.Kind(kind).label} release {number}"


def head_of(release: Release, newest: Mapping[str, Any] | None = None) -> ReleaseHead:
    """Return the head of a release whose round and questionnaire are loaded.

    `newest` has id, kind, number and note of the newest release of the round.
    """
    survey_round = release.round
    newer = None
    if newest is not None and newest["id"] != release.pk:
        newer = NewerRelease(newest["id"], release_name(newest["kind"], newest["number"]), newest["note"])
    return ReleaseHead(
        id=release.pk,
        round_id=survey_round.pk,
        round_title=survey_round.title,
        kind=release.kind,
        number=release.number,
        released_at=release.released_at,
        note=release.note,
        synthetic=survey_round.synthetic,
        public=survey_round.audience == Round.Audience.PUBLIC,
        reference_date=survey_round.reference_date,
        closed_at=survey_round.closes_at,
        questionnaire_id=survey_round.questionnaire_id,
        questionnaire=str(survey_round.questionnaire),
        newer=newer,
    )


def readable_releases(person: AnyPerson) -> Any:
    """Return the releases that a person may read, with round and questionnaire but without its document."""
    releases = Release.objects.select_related("round__questionnaire").defer("round__questionnaire__document")
    return visible_to(person, Permission.SEE_RESULTS, releases)


def published_before(person: AnyPerson, released: Released) -> Any:
    """Return the published releases of earlier rounds that a person may read, as `readable_releases` does.

    A round is earlier when it closed before this one and has the same questionnaire, in this or another
    version. The last round to close comes first, and of each round its newest release.
    """
    head = released.head
    return (
        readable_releases(person)
        .filter(
            kind=Release.Kind.PUBLISHED,
            round__closes_at__lt=head.closed_at,
            round__questionnaire__key=released.instrument.content.key,
        )
        .exclude(round=head.round_id)
        .order_by("-round__closes_at", "-round_id", "-number")
    )


def read(person: AnyPerson, release_id: int) -> Released:
    """Return a release with every score that the person may read: three queries.

    One query where somebody who sees every system has read it before in this process, because what a release
    holds never changes. Raises NoSuchRelease when there is none that the person may read.
    """
    release = _release(person, release_id)
    whole = sees_every_result(person, release)
    return Released(
        head=head_of(release, release.newest),
        instrument=instrument(release.round.questionnaire_id),
        systems=_every_system(release.pk, release.round_id)
        if whole
        else _systems_within_reach(person, release),
        of=release.participants or 0,
    )


def _release(person: AnyPerson, release_id: int) -> Any:
    siblings = Release.objects.filter(round=OuterRef("round"), withdrawal=None)
    siblings = siblings.order_by("-released_at", "-pk")
    newest = siblings.values(json=JSONObject(id="pk", kind="kind", number="number", note="note"))
    participants = (
        Assessment.objects.filter(round=OuterRef("round"))
        .counted_in(OuterRef("pk"))
        .values("round")
        .annotate(systems=Count("pk"))
    )
    release = (
        readable_releases(person)
        .annotate(newest=Subquery(newest[:1]), participants=Subquery(participants.values("systems")))
        .filter(pk=release_id)
        .first()
    )
    if release is None:
        raise NoSuchRelease
    return release


@lru_cache(maxsize=16)
def _every_system(release_id: int, round_id: int) -> tuple[System, ...]:
    return _systems(release_id, Assessment.objects.filter(round_id=round_id).counted_in(release_id))


def _systems_within_reach(person: AnyPerson, release: Release) -> tuple[System, ...]:
    return _systems(release.pk, results_visible_to(person, release))


def _systems(release_id: int, assessments: QuerySet[Assessment]) -> tuple[System, ...]:
    rows = list(
        assessments.annotate(
            released=FilteredRelation(
                "released_submissions", condition=Q(released_submissions__release=release_id)
            ),
            submission=F("released__submission__number"),
            signed_by=F("released__submission__signed_by_name"),
            job_title=F("released__submission__signed_by_job_title"),
            signed_at=F("released__submission__signed_at"),
        ).values()
    )
    scores = _scores(release_id, [row["id"] for row in rows])
    systems = [_system(row, scores[row["id"]]) for row in rows]
    return tuple(sorted(systems, key=lambda each: (each.region_name.casefold(), each.name.casefold())))


def _system(row: Mapping[str, Any], scores: Mapping[tuple[str, str], Score]) -> System:
    signature = None
    if row["submission"] is not None:
        signature = Signature(row["submission"], row["signed_by"], row["job_title"], row["signed_at"])
    return System(
        assessment_id=row["id"],
        organisation_id=row["organisation_id"],
        name=row["organisation_name"],
        ods_code=row["ods_code"],
        region_id=row["region_id"],
        region_name=row["region_name"],
        signature=signature,
        scores=MappingProxyType(dict(scores)),
    )


def _scores(release_id: int, assessment_ids: list[int]) -> dict[int, dict[tuple[str, str], Score]]:
    found: dict[int, dict[tuple[str, str], Score]] = defaultdict(dict)
    for line in Result.objects.filter(release_id=release_id, assessment_id__in=assessment_ids):
        found[line.assessment_id][line.measure, line.code] = Score(
            value=line.score,
            answered=line.answered,
            of=line.asked,
            not_applicable=line.not_applicable,
            withheld=line.withheld,
            points=line.points,
            possible=line.possible,
        )
    return found
