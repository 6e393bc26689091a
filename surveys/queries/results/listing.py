"""The rounds that have results, and where to find a system in each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from surveys.models import Assessment, LeftOut
from surveys.permissions import AnyPerson, Permission, has_anywhere
from surveys.queries.results.released import (
    NewerRelease,
    NoSuchRelease,
    ReleaseHead,
    head_of,
    readable_releases,
)


@dataclass(frozen=True)
class RoundReleases:
    """A round with its newest release that a person may read, and the ones before it, newest first."""

    title: str
    synthetic: bool
    newest: ReleaseHead
    earlier: tuple[ReleaseHead, ...]

    @property
    def releases(self) -> tuple[ReleaseHead, ...]:
        """All releases of the round that the person may read, newest first."""
        return (self.newest, *self.earlier)


def rounds_with_results(person: AnyPerson) -> tuple[RoundReleases, ...]:
    """Return the rounds of which the person may read a release, the last to close first: one query."""
    releases = readable_releases(person).order_by("-round__closes_at", "-round_id", "-released_at", "-pk")
    heads = [head_of(release) for release in releases]
    return tuple(
        RoundReleases(found[0].round_title, found[0].synthetic, found[0], tuple(found[1:]))
        for found in (list(same) for _, same in groupby(heads, key=lambda head: head.round_id))
    )


def release_among(rounds: Collection[RoundReleases], release_id: int) -> ReleaseHead:
    """Return the head of a release, with the newer one that replaced it.

    Raises NoSuchRelease when it is not among those that the person may read.
    """
    for each in rounds:
        for head in each.releases:
            if head.id == release_id:
                newest = each.newest
                newer = NewerRelease(newest.id, newest.name, newest.note) if newest != head else None
                return replace(head, newer=newer)
    raise NoSuchRelease


def same_systems(
    person: AnyPerson, assessment_ids: Collection[int], heads: Collection[ReleaseHead]
) -> Mapping[tuple[int, int], int]:
    """Return the assessment of the same organisation by release and assessment: one query, and none again.

    Left out are provisional releases of which the person may see only a part, and rounds in which the
    organisation did not take part.
    """
    everything = has_anywhere(person, Permission.SEE_ALL_RESULTS)
    seen = [head for head in heads if everything or not head.provisional]
    found = _in_rounds(frozenset(assessment_ids), frozenset(head.round_id for head in seen))
    left_out = _left_out(frozenset(head.id for head in seen))
    return {
        (head.id, known): key
        for (round_id, known), key in found.items()
        for head in seen
        if head.round_id == round_id and (head.id, key) not in left_out
    }


@lru_cache(maxsize=1024)
def _left_out(release_ids: frozenset[int]) -> frozenset[tuple[int, int]]:
    """Return the pairs of release and assessment that the release does not count. They never change."""
    rows = LeftOut.objects.filter(release__in=release_ids)
    return frozenset(rows.values_list("release_id", "assessment_id"))


@lru_cache(maxsize=1024)
def _in_rounds(assessment_ids: frozenset[int], round_ids: frozenset[int]) -> Mapping[tuple[int, int], int]:
    """Return the assessment of the same organisation by round and assessment. Who took part never changes."""
    rows = Assessment.objects.filter(round__in=round_ids, organisation__assessments__in=assessment_ids)
    return {
        (round_id, known): key
        for key, round_id, known in rows.values_list("pk", "round_id", "organisation__assessments")
    }
