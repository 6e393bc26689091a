"""The page on which an administrator checks what a release would hold before it is made."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.models import Release, Round
from surveys.permissions import AnyPerson, Permission, get_for
from surveys.queries.challenge_time import Standing, standing
from surveys.queries.moderations import undecided
from surveys.queries.release_checks import (
    Check,
    MedianLine,
    frozen_checks,
    median_lines,
    prepared_checks,
)
from surveys.queries.releases import PreparedRelease, differences, lapsed, latest_release, prepare
from surveys.queries.results.shown_checks import shown_checks, views_of


@dataclass(frozen=True)
class ReleaseCheck:
    """What an administrator looks at before results are released.

    `changed` names the systems whose figures or answers differ from the newest release, which is called
    `before` and is of `before_kind`; `lapsed` says in sentences where a level that was moderated in it counts
    as self-assessed now; all are empty before the first. `status` is the stage of the round, and
    `challenges` where its challenges stand. `medians` say how far each depends on systems without a score.
    `stops` are sentences about what has to be answered or decided before the results can be published.
    """

    round_id: int
    round_title: str
    synthetic: bool
    public: bool
    status: Round.Status
    prepared: PreparedRelease
    before: str
    before_id: int | None
    before_kind: str
    changed: tuple[str, ...]
    lapsed: tuple[str, ...]
    challenges: Standing
    checks: tuple[Check, ...]
    medians: tuple[MedianLine, ...]
    stops: tuple[str, ...]

    @property
    def failed(self) -> bool:
        """Whether a check failed, so that nothing may be released."""
        return not all(check.passed for check in self.checks)

    @property
    def hindered(self) -> bool:
        """Whether anything stands in the way of a release."""
        return bool(self.failed or self.prepared.problems or self.stops)

    def repeats(self, kind: str) -> bool:
        """Return whether a release of this kind would only say again what the newest one says."""
        return self.before_kind == kind and not self.changed

    @property
    def responded(self) -> int:
        """How many systems have results."""
        return len(self.prepared.systems)

    @property
    def of(self) -> int:
        """How many systems take part."""
        return len(self.prepared.names)

    @property
    def responded_in_words(self) -> str:
        """How many systems have results of how many."""
        return f"{self.responded} of {self.of}"

    @property
    def scores_in_words(self) -> str:
        """How many scores there are, and how many of them are withheld."""
        withheld = self.prepared.withheld
        return f"{self.prepared.results}, {withheld} of them withheld for too few answers"

    @property
    def status_label(self) -> str:
        """The stage of the round in words."""
        return str(self.status.label)


def publication_checks(
    person: AnyPerson | None, survey_round: Round, prepared: PreparedRelease
) -> tuple[Check, ...]:
    """Return what is checked before the results of a provisional round are published.

    Beside what would be published, that is what is stored of the newest release, if it is provisional, and
    what its pages show to `person`, who sees every system; None, as of a command, has no pages.
    """
    found = prepared_checks(survey_round, prepared)
    before = latest_release(survey_round)
    if before is None or before.kind != Release.Kind.PROVISIONAL:
        return found
    found += frozen_checks(before, prepared.systems)
    return found if person is None else found + shown_checks(views_of(person, before.pk))


def release_check(person: AnyPerson, round_id: int, *, publishing: bool = False) -> ReleaseCheck:
    """Return what a release made now would hold and how it differs from the newest one.

    `publishing` asks for everything that is checked before results are published.

    Raises Http404 when there is no such round or the person does not manage rounds.
    """
    rounds = Round.objects.select_related("questionnaire")
    survey_round = get_for(person, rounds, round_id, Permission.MANAGE)
    prepared = prepare(survey_round)
    before = latest_release(survey_round)
    challenges = standing(survey_round)
    published_next = publishing and survey_round.status == Round.Status.PROVISIONAL
    return ReleaseCheck(
        round_id=survey_round.pk,
        round_title=survey_round.title,
        synthetic=survey_round.synthetic,
        public=survey_round.audience == Round.Audience.PUBLIC,
        status=Round.Status(survey_round.status),
        prepared=prepared,
        before=str(before) if before else "",
        before_id=before.pk if before else None,
        before_kind=before.kind if before else "",
        changed=differences(prepared, before) if before else (),
        lapsed=lapsed(prepared, before) if before else (),
        challenges=challenges,
        checks=publication_checks(person, survey_round, prepared)
        if published_next
        else prepared_checks(survey_round, prepared),
        medians=median_lines(survey_round.questionnaire.content, prepared),
        stops=_stops(survey_round, challenges) if published_next else (),
    )


def _stops(survey_round: Round, challenges: Standing) -> tuple[str, ...]:
    return (*undecided(survey_round), *([challenges.stops] if challenges.stops else []))
