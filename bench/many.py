"""Rounds of hundreds to tens of thousands of made-up systems, released, for measuring what their pages cost.

What a system answers to a question is what some system of a real-sized release answered to it, drawn at
random for each question, so that the systems differ as widely as those do.
"""

from __future__ import annotations

import datetime
import itertools
import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from surveys.actions.copying import copy_rows
from surveys.actions.releases import freeze
from surveys.models import (
    Assessment,
    Organisation,
    Person,
    Population,
    Release,
    ReleasedAnswer,
    ReleasedSubmission,
    Result,
    Round,
    Submission,
)
from surveys.models.assessment import VALUE_COLUMNS
from surveys.queries.releases import SCORE_COLUMNS, FrozenSystem, PreparedRelease, frozen_system, held_by
from surveys.questionnaires.responses import EMPTY, Response
from surveys.questionnaires.schema import Questionnaire

DRAWN = 4_200
"""So many systems have answers of their own; beyond that, each set of answers is given again in turn."""

AT_ONCE = 500
"""So many systems are held in memory while their answers are drawn."""

ABSENT = 10
"""One in so many systems did not submit."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Region:
    """A region as an assessment names it."""

    id: int
    name: str


@transaction.atomic
def release_many(model: Release, systems: int, seed: int = 1) -> Release:
    """Return a published release of a round of `systems`, made like `model` and with a round before it.

    In the round before, each system answered what the next one answers now.
    """
    regions = [
        Region(key, name)
        for key, name in Assessment.objects.filter(round=model.round)
        .order_by("region_name")
        .values_list("region_id", "region_name")
        .distinct()
    ]
    organisations = _organisations(systems)
    then, now = (
        _round(model.round, f"{systems:,} systems, {when}", ago) for when, ago in (("before", 2), ("now", 1))
    )
    assessments_then, assessments_now = (_assessments(each, organisations, regions) for each in (then, now))
    released = _release(now)
    _draw(released, assessments_now[:DRAWN], list(held_by(model).values()), random.Random(seed))  # noqa: S311 - made-up answers, not secrets
    drawn = [key for place, key in enumerate(assessments_now[:DRAWN]) if _responds(place)]
    _repeat(released, released, _again(assessments_now, drawn))
    _repeat(_release(then), released, _shifted(assessments_then, assessments_now))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return released


def _organisations(systems: int) -> Sequence[int]:
    first = (Organisation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    keys = range(first, first + systems)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('surveys_organisation', 'id'), %s)", [keys[-1]])
    opened = datetime.date(2022, 7, 1)
    copy_rows(Organisation, ("id", "kind", "opened_on"), ((key, "ics", opened) for key in keys))
    copy_rows(
        Population,
        ("organisation_id", "measure", "year", "people", "source"),
        (
            (key, measure.value, 2025, 100_000 + 7_919 * key % 1_900_000 + 1_000 * place, "Made up")
            for key in keys
            for place, measure in enumerate(Population.Measure)
        ),
    )
    return keys


def _round(model: Round, title: str, ago: int) -> Round:
    """Write a round that closed so many seconds ago, so that no other made before lies between the two."""
    closed = timezone.now() - datetime.timedelta(seconds=ago)
    return Round.objects.create(
        title=f"{title} {secrets.token_hex(4)}",
        questionnaire=model.questionnaire,
        status=Round.Status.PUBLISHED,
        opens_at=closed - datetime.timedelta(days=5),
        closes_at=closed,
        reference_date=closed.date(),
        participants_as_at=closed.date(),
        declaration=model.declaration,
        synthetic=True,
    )


def _assessments(survey_round: Round, organisations: Sequence[int], regions: Sequence[Region]) -> list[int]:
    """Write an assessment for each organisation, and its submission for those that submitted; the keys."""

    def rows() -> Iterator[tuple[object, ...]]:
        for place, key in enumerate(organisations):
            region = regions[place % len(regions)]
            status = "submitted" if _responds(place) else "in_progress"
            name = f"Made-up system {place + 1:05d}"
            yield survey_round.pk, key, name, _code(place), region.id, region.name, status, ""

    columns = ("round_id", "organisation_id", "organisation_name", "ods_code", "region_id", "region_name")
    copy_rows(Assessment, (*columns, "status", "return_reason"), rows())
    keys = list(Assessment.objects.filter(round=survey_round).order_by("pk").values_list("pk", flat=True))
    signer = Person.objects.order_by("pk").first()
    if signer is None:
        raise ValueError("There is nobody who could have signed.")
    signed = (
        (key, 1, "{}", "0" * 64, "Made up", signer.pk, "A made-up officer", "Chief officer", timezone.now())
        for place, key in enumerate(keys)
        if _responds(place)
    )
    who = ("signed_by_id", "signed_by_name", "signed_by_job_title", "signed_at")
    copy_rows(Submission, ("assessment_id", "number", "content", "sha256", "declaration", *who), signed)
    return keys


def _responds(place: int) -> bool:
    return place % ABSENT != ABSENT - 1


def _code(place: int) -> str:
    letters = ""
    for _ in range(4):
        place, digit = divmod(place, len(ALPHABET))
        letters = ALPHABET[digit] + letters
    return f"Z{letters}"


def _release(survey_round: Round) -> Release:
    return Release.objects.create(
        round=survey_round, kind=Release.Kind.PUBLISHED, number=1, released_at=survey_round.closes_at
    )


def _draw(
    release: Release, assessments: Sequence[int], models: Sequence[FrozenSystem], chance: random.Random
) -> None:
    """Freeze answers drawn from the models for each assessment that was submitted, and their scores."""
    content = release.round.questionnaire.content
    submissions = dict(
        Submission.objects.filter(assessment__round=release.round).values_list("assessment_id", "pk")
    )
    submitted = [key for key in assessments if key in submissions]
    for first in range(0, len(submitted), AT_ONCE):
        systems = {
            key: frozen_system(submissions[key], content, _answers(content, models, chance))
            for key in submitted[first : first + AT_ONCE]
        }
        freeze(
            release, PreparedRelease(systems, names={}, withdrawn={}, absent=(), problems=(), fingerprint="")
        )


def _answers(
    content: Questionnaire, models: Sequence[FrozenSystem], chance: random.Random
) -> dict[str, Response]:
    return {code: chance.choice(models).answers.get(code, EMPTY) for code in content.questions_by_code}


def _again(assessments: Sequence[int], drawn: Sequence[int]) -> dict[int, int]:
    """Return which assessment each one beyond the drawn ones repeats."""
    beyond = [key for place, key in enumerate(assessments) if place >= DRAWN and _responds(place)]
    return dict(zip(beyond, itertools.cycle(drawn), strict=False))


def _shifted(then: Sequence[int], now: Sequence[int]) -> dict[int, int]:
    """Return for each assessment of the round before that of the next system now, if both were submitted."""
    return {
        key: now[place + 1]
        for place, key in enumerate(then[:-1])
        if _responds(place) and _responds(place + 1)
    }


def _repeat(release: Release, source: Release, repeats: dict[int, int]) -> None:
    """Write for each assessment what the source has of the one that it repeats."""
    if not repeats:
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE repeated (target bigint, source bigint)")
        with cursor.copy("COPY repeated FROM STDIN") as copy:
            for pair in repeats.items():
                copy.write_row(pair)
        for table, columns in (
            (Result, SCORE_COLUMNS),
            (ReleasedAnswer, ("question_id", *VALUE_COLUMNS)),
        ):
            names = ", ".join(connection.ops.quote_name(column) for column in columns)
            cursor.execute(
                f"INSERT INTO {table._meta.db_table} (release_id, assessment_id, {names}) "  # noqa: S608 - names of ours
                f"SELECT %s, repeated.target, {names} FROM {table._meta.db_table} "
                "JOIN repeated ON repeated.source = assessment_id WHERE release_id = %s",
                [release.pk, source.pk],
            )
        cursor.execute(
            f"INSERT INTO {ReleasedSubmission._meta.db_table} (release_id, assessment_id, submission_id) "  # noqa: S608 - a name of ours
            "SELECT DISTINCT %s, target, signed.id FROM repeated "
            f"JOIN {Submission._meta.db_table} signed ON signed.assessment_id = target "
            f"JOIN {ReleasedSubmission._meta.db_table} held ON held.assessment_id = repeated.source "
            "AND held.release_id = %s",
            [release.pk, source.pk],
        )
        cursor.execute("DROP TABLE repeated")
