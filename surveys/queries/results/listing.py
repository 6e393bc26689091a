"""The rounds that have results, for the list of results."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from surveys.permissions import AnyPerson
from surveys.queries.results.released import ReleaseHead, head_of, readable_releases


@dataclass(frozen=True)
class RoundReleases:
    """A round with its newest release that a person may read, and the ones before it, newest first."""

    title: str
    synthetic: bool
    newest: ReleaseHead
    earlier: tuple[ReleaseHead, ...]


def rounds_with_results(person: AnyPerson) -> tuple[RoundReleases, ...]:
    """Return the rounds of which the person may read a release, the last to close first: one query."""
    releases = readable_releases(person).order_by("-round__closes_at", "-round_id", "-released_at", "-pk")
    heads = [head_of(release) for release in releases]
    return tuple(
        RoundReleases(found[0].round_title, found[0].synthetic, found[0], tuple(found[1:]))
        for found in (list(same) for _, same in groupby(heads, key=lambda head: head.round_id))
    )
