"""A release with the frozen scores that a person may read: what every page of results starts from."""

from __future__ import annotations

import datetime
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Final

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from surveys.models import Assessment, Release, ReleasedModeration, Result, Round
from surveys.permissions import AnyPerson, Permission, results_visible_to, sees_every_result, visible_to
from surveys.queries.deadlines import day_in_words
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.results.reading_systems import read_systems
from surveys.queries.results.systems import System, Systems
from surveys.wording import counted

Measure = Result.Measure

SELF_ASSESSED = "Self-assessed by each system"
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
    """What stands above every page and in every download of a release.

    `moderated` is how many of its levels were moderated.
    """

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
    moderated: int = 0
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
    def moderation(self) -> str:
        """Whether levels were moderated; how many once everybody reads about every system."""
        if self.moderated and self.provisional:
            return "moderated in part"
        return f"{counted(self.moderated, 'level')} moderated" if self.moderated else "not moderated"

    @property
    def source(self) -> str:
        """All that a reader needs to place a figure, in one line: what, when, how firm and how real it is."""
        release = f"{self.round_title}, {self.name.lower()} of {self.released_on}"
        parts = [
            f"{SELF_ASSESSED}, {self.moderation}. {release}",
            f"Source: {self.questionnaire}",
        ]
        if self.provisional:
            parts.append(PROVISIONAL)
        if self.synthetic:
            parts.append("Synthetic data: no real system is described")
        return ". ".join(parts) + "."


@dataclass(frozen=True)
class Released:
    """A release, and the systems whose results in it a person may read, by region and name.

    `of` counts the systems that took part. Unless `whole`, the person sees only some of them, and nothing may
    be said that is worked out from the others.
    """

    head: ReleaseHead
    instrument: Instrument
    systems: Systems
    of: int

    @property
    def whole(self) -> bool:
        """Whether the person sees every system that took part."""
        return len(self.systems) == self.of

    @property
    def responded(self) -> int:
        """How many of the systems that the person sees responded."""
        return len(self.systems.responded)

    @property
    def absent(self) -> Systems:
        """The systems that the person sees and that did not respond."""
        return self.systems.absent

    def system(self, assessment_id: int) -> System:
        """Return one of the systems. Raises Http404 for one that the person does not see."""
        system = self.systems.find(assessment_id)
        if system is None:
            raise Http404
        return system


def release_name(kind: str, number: int) -> str:
    """Return a release as people call it."""
    return f"{Release.Kind(kind).label} release {number}"


def head_of(release: Any, newest: Mapping[str, Any] | None = None) -> ReleaseHead:
    """Return the head of a release that `readable_releases` has read.

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
        moderated=release.moderated or 0,
        newer=newer,
    )


def readable_releases(person: AnyPerson) -> Any:
    """Return the releases that a person may read, with round and questionnaire but without its document.

    `moderated` is how many levels of each were moderated; None for none.
    """
    levels = ReleasedModeration.objects.filter(release=OuterRef("pk")).order_by().values("release")
    releases = Release.objects.select_related("round__questionnaire").defer("round__questionnaire__document")
    counted_levels = Subquery(levels.annotate(levels=Count("pk")).values("levels"))
    return visible_to(person, Permission.SEE_RESULTS, releases.annotate(moderated=counted_levels))


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
    """Return a release with every score that the person may read: four queries at most.

    One query where somebody who sees every system has read it before in this process, because what a release
    holds never changes. Raises NoSuchRelease when there is none that the person may read.
    """
    release = _release(person, release_id)
    whole = sees_every_result(person, release)
    if whole:
        systems = _every_system(release.pk, release.round_id)
        of = len(systems)
    else:
        systems = _systems_within_reach(person, release)
        of = _participants(release.pk, release.round_id)
    return Released(
        head=head_of(release, release.newest),
        instrument=instrument(release.round.questionnaire_id),
        systems=systems,
        of=of,
    )


def _release(person: AnyPerson, release_id: int) -> Any:
    siblings = Release.objects.filter(round=OuterRef("round"), withdrawal=None)
    siblings = siblings.order_by("-released_at", "-pk")
    newest = siblings.values(json=JSONObject(id="pk", kind="kind", number="number", note="note"))
    release = readable_releases(person).annotate(newest=Subquery(newest[:1])).filter(pk=release_id).first()
    if release is None:
        raise NoSuchRelease
    return release


HOLD_AT_MOST: Final = 100_000
"""So many systems are held in a process, of the releases that were first asked for last; one always is."""

_HELD: OrderedDict[int, Systems] = OrderedDict()
_READING = Lock()


def _every_system(release_id: int, round_id: int) -> Systems:
    found = _HELD.get(release_id)
    if found is not None:
        return found
    with _READING:
        if release_id not in _HELD:
            assessments = Assessment.objects.filter(round_id=round_id).counted_in(release_id)
            _HELD[release_id] = read_systems(release_id, assessments, None)
            while len(_HELD) > 1 and sum(map(len, _HELD.values())) > HOLD_AT_MOST:
                _HELD.popitem(last=False)
        return _HELD[release_id]


@lru_cache(maxsize=1024)
def _participants(release_id: int, round_id: int) -> int:
    """Return how many systems a release counts, which never changes."""
    return Assessment.objects.filter(round=round_id).counted_in(release_id).count()


def _systems_within_reach(person: AnyPerson, release: Release) -> Systems:
    assessments = results_visible_to(person, release)
    return read_systems(release.pk, assessments, assessments.values("pk"))
