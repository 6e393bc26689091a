"""What the home page says about challenges of provisional results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery
from django.utils import timezone

from surveys.models import Assessment, Challenge, ChallengeWindow, Release, Round
from surveys.permissions import AnyPerson, Permission, has_anywhere
from surveys.queries.assessments import AssessmentState
from surveys.queries.deadlines import moment_in_words
from surveys.queries.rounds import RoundLine
from surveys.wording import counted


@dataclass(frozen=True)
class ChallengeNotice:
    """What the home page says about challenges: a sentence, and the key of where it leads.

    `own`: the key is that of an assessment; otherwise that of a round.
    """

    words: str
    key: int
    own: bool
    synthetic: bool


def own_notices(states: Iterable[AssessmentState]) -> tuple[ChallengeNotice, ...]:
    """Return until when provisional results of these assessments may be challenged: one query, or none."""
    provisional = [state.id for state in states if state.window.round_status == Round.Status.PROVISIONAL]
    return tuple(_own_notices(provisional)) if provisional else ()


def waiting_notices(person: AnyPerson, rounds: Iterable[RoundLine]) -> tuple[ChallengeNotice, ...]:
    """Return what of these rounds waits for an administrator's answer: one query, or none."""
    provisional = [line.id for line in rounds if line.status == Round.Status.PROVISIONAL]
    if not provisional or not has_anywhere(person, Permission.MANAGE):
        return ()
    waiting = Challenge.objects.filter(answer=None, assessment__round__in=provisional)
    by_round = waiting.values_list(
        "assessment__round", "assessment__round__title", "assessment__round__synthetic"
    )
    return tuple(
        ChallengeNotice(_waiting(challenges, title), key, own=False, synthetic=synthetic)
        for key, title, synthetic, challenges in by_round.annotate(Count("pk")).order_by("assessment__round")
    )


def _waiting(challenges: int, title: str) -> str:
    wait = "waits" if challenges == 1 else "wait"
    return f"{counted(challenges, 'challenge')} of “{title}” {wait} for an answer"


def _own_notices(assessment_ids: Iterable[int]) -> Iterator[ChallengeNotice]:
    windows = ChallengeWindow.objects.filter(round=OuterRef("round")).order_by("-set_at", "-pk")
    newest = Release.objects.filter(round=OuterRef("round"), withdrawal=None).order_by("-released_at", "-pk")
    rows = (
        Assessment.objects.taking_part()
        .filter(pk__in=assessment_ids)
        .annotate(until=Subquery(windows.values("until")[:1]), newest=Subquery(newest.values("pk")[:1]))
        .filter(until__gt=timezone.now(), released_submissions__release=F("newest"))
        .select_related("round")
        .order_by("organisation_name", "pk")
    )
    row: Any
    for row in rows:
        yield ChallengeNotice(
            f"Check the provisional results of {row.organisation_name}, {row.round.title}. They can be "
            f"challenged until {moment_in_words(row.until)}",
            row.pk,
            own=True,
            synthetic=row.round.synthetic,
        )
