"""Which levels the systems of a release chose."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet

from surveys.models import ReleasedAnswer
from surveys.queries.results.released import Released

LevelCounts = Mapping[str, Mapping[int, int]]
"""How many systems chose each level, by question code and level."""

NO_LEVEL = -1


def chosen_levels(released: Released, assessment_id: int) -> Mapping[str, int]:
    """Return the levels that one system chose, by question code: one query.

    None again where there are so few systems that those of all are kept.
    """
    if released.systems.many:
        return _by_system(_seen(released).filter(assessment_id=assessment_id)).get(assessment_id, {})
    every = released.systems.kept("every level", lambda: _by_system(_seen(released)))
    return every.get(assessment_id, {})


def _by_system(rows: QuerySet[ReleasedAnswer]) -> Mapping[int, Mapping[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for key, code, level in rows.values_list("assessment_id", "question__code", "level"):
        if level is not None:
            found.setdefault(key, {})[code] = level
    return found


def counted_levels(released: Released) -> LevelCounts:
    """Return how many of the systems that the person sees chose each level of each question.

    One query, or none again where that is every system.
    """
    return released.systems.kept("level counts", lambda: _counted(_seen(released)))


def levels_of(released: Released, code: str) -> array[int]:
    """Return the level that each system chose on a question, by place; NO_LEVEL for none. One query, or none.

    Levels of systems that the person does not see are not in it.
    """

    def read() -> array[int]:
        places = released.systems.columns.places
        found = array("h", [NO_LEVEL]) * len(places)
        rows = _seen(released).filter(question__code=code).values_list("assessment_id", "level")
        for key, level in rows:
            if level is not None:
                found[places[key]] = level
        return found

    return released.systems.kept(("levels", code), read)


def _seen(released: Released) -> QuerySet[ReleasedAnswer]:
    rows = ReleasedAnswer.objects.filter(release_id=released.head.id, level__isnull=False)
    if released.whole:
        return rows
    return rows.filter(assessment_id__in=list(released.systems.columns.places))


def _counted(rows: QuerySet[ReleasedAnswer]) -> LevelCounts:
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    read: Any = rows.order_by().values_list("question__code", "level").annotate(systems=Count("pk"))
    for code, level, systems in read:
        counts[code][level] = systems
    return dict(counts)
