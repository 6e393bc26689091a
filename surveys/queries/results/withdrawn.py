"""Releases that were withdrawn: what stands in their place."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from surveys.models import Release
from surveys.permissions import AnyPerson, withdrawn_releases
from surveys.queries.deadlines import moment_in_words
from surveys.queries.results.released import release_name


@dataclass(frozen=True)
class WithdrawnRelease:
    """A release that can no longer be read, with why and since when."""

    id: int
    round_title: str
    name: str
    reason: str
    withdrawn_on: str
    synthetic: bool


def withdrawn_from(person: AnyPerson) -> tuple[WithdrawnRelease, ...]:
    """Return the releases that the person could read until they were withdrawn, the last one first."""
    return tuple(_notice(row) for row in _rows(person).order_by("-withdrawal__withdrawn_at", "-pk"))


def withdrawal_of(person: AnyPerson, release_id: int) -> WithdrawnRelease | None:
    """Return the notice in place of a release; None when it is not withdrawn, or was not for this person."""
    row = _rows(person).filter(pk=release_id).first()
    return _notice(row) if row else None


def _rows(person: AnyPerson) -> QuerySet[Release]:
    return withdrawn_releases(person).select_related("round", "withdrawal")


def _notice(row: Release) -> WithdrawnRelease:
    return WithdrawnRelease(
        id=row.pk,
        round_title=row.round.title,
        name=release_name(row.kind, row.number),
        reason=row.withdrawal.reason,
        withdrawn_on=moment_in_words(row.withdrawal.withdrawn_at),
        synthetic=row.round.synthetic,
    )
