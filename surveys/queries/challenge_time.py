"""Until when provisional results may be challenged, and what stands in the way of publishing them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from surveys.models import Assessment, Challenge, Release, ReleasedSubmission, Round
from surveys.queries.bank_holidays import day_off_in_words
from surveys.queries.deadlines import moment_in_words
from surveys.queries.releases import latest_release
from surveys.wording import counted

USUAL_WORKING_DAYS: Final = 10
USUAL_HOUR: Final = 17


@dataclass(frozen=True)
class ChallengeTime:
    """Until when the results of a round may be challenged; `until` None: no time was ever set."""

    round_status: str
    until: datetime.datetime | None
    now: datetime.datetime

    @property
    def open(self) -> bool:
        """Whether a challenge may be raised now."""
        return (
            self.round_status == Round.Status.PROVISIONAL and self.until is not None and self.now < self.until
        )

    @property
    def ends(self) -> str:
        """The end of the time with its day and time; empty where none was set."""
        return moment_in_words(self.until) if self.until else ""

    @property
    def shut(self) -> str:
        """Why no challenge may be raised now, in plain English; empty when one may."""
        if self.open:
            return ""
        if self.round_status == Round.Status.PUBLISHED:
            return "The results are published, so they can no longer be challenged."
        if self.round_status != Round.Status.PROVISIONAL:
            return "There are no provisional results to challenge yet."
        if self.until is None:
            return "No time has been set for challenges."
        return f"The time for challenges ended on {self.ends}."

    @property
    def words(self) -> str:
        """Whether the results may be challenged, and until when, in a sentence."""
        return f"Systems may challenge these results until {self.ends}." if self.open else self.shut


@dataclass(frozen=True)
class Standing:
    """Where the challenges of a round stand: until when, how many were raised, how many have no answer."""

    time: ChallengeTime
    raised: int
    unanswered: int

    @property
    def stops(self) -> str:
        """Why the results cannot be published, in a sentence; empty when every challenge is answered."""
        if not self.unanswered:
            return ""
        waits = "waits" if self.unanswered == 1 else "wait"
        return f"{counted(self.unanswered, 'challenge')} {waits} for an answer: answer every one first."


def usual_end(now: datetime.datetime) -> datetime.datetime:
    """Return the end that is proposed for challenges: 5pm on the tenth working day after today, in London.

    Weekends and the bank holidays that are held are no working days.
    """
    day, left = timezone.localdate(now), USUAL_WORKING_DAYS
    while left:
        day += datetime.timedelta(days=1)
        left -= not day_off_in_words(day)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(USUAL_HOUR)))


def challenge_time(survey_round: Round) -> ChallengeTime:
    """Return until when the results of a round may be challenged: one query."""
    latest = survey_round.challenge_windows.order_by("-set_at", "-pk").values_list("until", flat=True).first()
    return ChallengeTime(survey_round.status, latest, timezone.now())


def unanswered(survey_round: Round) -> int:
    """Return how many challenges of a round have no answer: one query."""
    return Challenge.objects.filter(assessment__round=survey_round, answer=None).count()


def standing(survey_round: Round) -> Standing:
    """Return where the challenges of a round stand: three queries."""
    raised = Challenge.objects.filter(assessment__round=survey_round).count()
    return Standing(challenge_time(survey_round), raised, unanswered(survey_round))


def in_latest_release(assessment: Assessment) -> Release | None:
    """Return the newest standing release of the round, where it has results of this system; else None.

    None also for a system that takes no part in the round any more.
    """
    release = latest_release(assessment.round)
    if release is None or assessment.withdrawn_at is not None:
        return None
    held = ReleasedSubmission.objects.filter(release=release, assessment=assessment)
    return release if held.exists() else None
