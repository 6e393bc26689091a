"""Which level each system of a release chose, question by question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from surveys.models import ReleasedAnswer
from surveys.queries.results.released import Released

Levels = Mapping[str, Mapping[int, int]]
"""The level by question code and assessment key."""


def chosen_levels(released: Released) -> Levels:
    """Return the levels of the systems that the person sees: one query, or none again where that is all."""
    if released.whole:
        return _every_level(released.head.id)
    return _levels(released.head.id, [system.assessment_id for system in released.systems])


@lru_cache(maxsize=16)
def _every_level(release_id: int) -> Levels:
    return MappingProxyType(_levels(release_id, None))


def _levels(release_id: int, assessment_ids: Iterable[int] | None) -> dict[str, dict[int, int]]:
    rows = ReleasedAnswer.objects.filter(release_id=release_id, level__isnull=False)
    if assessment_ids is not None:
        rows = rows.filter(assessment__in=list(assessment_ids))
    found: dict[str, dict[int, int]] = {}
    for code, assessment_id, level in rows.values_list("question__code", "assessment_id", "level"):
        if level is not None:
            found.setdefault(code, {})[assessment_id] = level
    return found
