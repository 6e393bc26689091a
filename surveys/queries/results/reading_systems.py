"""Reading the systems of a release, and their scores, from the database into columns."""

from __future__ import annotations

from array import array
from typing import Any

from django.db.models import BigIntegerField, F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Cast

from surveys.analysis.scores import SCORE_PLACES
from surveys.models import Assessment, Result
from surveys.queries.results.systems import Columns, ScoreColumn, Systems

AT_ONCE = 5_000
"""So many rows are held while they are put into columns."""


def read_systems(release_id: int, assessments: QuerySet[Assessment], within: Any) -> Systems:
    """Return the systems of these assessments by region and name, with their scores: two queries.

    `within` are the keys of the assessments whose scores to read; None for all of the release.
    """
    rows = sorted(
        assessments.annotate(
            released=FilteredRelation(
                "released_submissions", condition=Q(released_submissions__release=release_id)
            )
        ).values_list(
            "pk",
            "organisation_id",
            "organisation_name",
            "ods_code",
            "region_id",
            "region_name",
            "released__submission__number",
            "released__submission__signed_by_name",
            "released__submission__signed_by_job_title",
            "released__submission__signed_at",
        ),
        key=lambda row: (row[5].casefold(), row[2].casefold()),
    )
    regions = {row[4:6]: row[4:6] for row in rows}
    places = {row[0]: place for place, row in enumerate(rows)}
    columns = Columns(
        assessments=array("q", [row[0] for row in rows]),
        organisations=array("q", [row[1] for row in rows]),
        names=[row[2] for row in rows],
        codes=[row[3] for row in rows],
        regions=[regions[row[4:6]] for row in rows],
        signatures=[None if row[6] is None else row[6:] for row in rows],
        scores=_scores(release_id, places, within),
        places=places,
    )
    return Systems(columns, range(len(rows)))


def _scores(release_id: int, places: dict[int, int], within: Any) -> dict[tuple[str, str], ScoreColumn]:
    lines = Result.objects.filter(release_id=release_id)
    if within is not None:
        lines = lines.filter(assessment_id__in=within)
    found: dict[tuple[str, str], ScoreColumn] = {}
    read = lines.order_by().values_list(
        "measure",
        "code",
        "assessment_id",
        _whole("score"),
        "answered",
        "asked",
        "not_applicable",
        "withheld",
        _whole("points"),
        _whole("possible"),
    )
    for measure, code, key, value, *counts, withheld, points, possible in read.iterator(AT_ONCE):
        column = found.get((measure, code))
        if column is None:
            column = found[measure, code] = ScoreColumn(len(places))
        column.put(places[key], value, counts, withheld=withheld)
        if points is not None:
            column.points[places[key]] = (points, possible)
    return found


def _whole(name: str) -> Cast:
    """Return a column as a whole number of the last place that a score has: all its places are kept."""
    return Cast(F(name) * 10**SCORE_PLACES, BigIntegerField())
