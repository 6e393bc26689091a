"""Challenges of provisional results: until when, which there are, and what was answered."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.http import Http404
from django.utils.text import slugify

from surveys.models import Assessment, Challenge, Person, Round
from surveys.permissions import AnyPerson, Permission, can, get_for, has_anywhere, visible_to
from surveys.queries.challenge_time import ChallengeTime, challenge_time, in_latest_release
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.results.released import release_name
from surveys.queries.results.selection import Choice
from surveys.queries.rounds import round_for

State = Challenge.State

CHALLENGES_ON_A_PAGE: Final = 50


@dataclass(frozen=True)
class ChallengeLine:
    """One challenge with its answer. What concerns the answer is empty while there is none.

    `about` is the name of a dimension or the text of a question, and `code` the code of either;
    `status` is where the assessment of the system stands now.
    """

    id: int
    assessment_id: int
    organisation_name: str
    ods_code: str
    region_name: str
    status: str
    status_label: str
    kind: str
    code: str
    about: str
    dimension_code: str
    release: str
    release_id: int
    text: str
    raised_by: str
    raised_at: datetime.datetime
    state: str
    state_label: str
    answer: str
    answered_by: str
    answered_at: datetime.datetime | None

    @property
    def returnable(self) -> bool:
        """Whether it was upheld and its system cannot correct anything before a return."""
        return self.state == State.UPHELD and self.status == Assessment.Status.SUBMITTED


@dataclass(frozen=True)
class SystemChallenges:
    """The challenges of one system, newest first. `may_raise`: the reader may raise one now.

    `asked_by` has the dimensions and questions that a challenge can be about; `has_results` is whether the
    newest release of the round has results of the system.
    """

    assessment_id: int
    organisation_name: str
    round_id: int
    round_title: str
    synthetic: bool
    time: ChallengeTime
    has_results: bool
    challenger: bool
    manages: bool
    asked_by: Instrument
    lines: tuple[ChallengeLine, ...]

    @property
    def may_raise(self) -> bool:
        """Whether the reader may raise a challenge now."""
        return self.challenger and self.time.open and self.has_results


@dataclass(frozen=True)
class StateCount:
    """How many challenges are in a state."""

    state: str
    label: str
    challenges: int


@dataclass(frozen=True)
class RoundChallenges:
    """One page of the challenges of a round that the reader follows, newest first.

    `raised` and `counts` are of the region that was chosen, or of all; `found` are those in the state that
    was chosen. `number` counts pages from 1.
    """

    round_id: int
    round_title: str
    round_status: str
    synthetic: bool
    manages: bool
    time: ChallengeTime
    regions: tuple[Choice, ...]
    states: tuple[Choice, ...]
    counts: tuple[StateCount, ...]
    raised: int
    found: int
    lines: tuple[ChallengeLine, ...]
    number: int
    pages: int


@dataclass(frozen=True)
class OneChallenge:
    """A challenge on the page on which it is answered."""

    round_id: int
    round_title: str
    synthetic: bool
    line: ChallengeLine


def system_challenges(person: Person, assessment_id: int) -> SystemChallenges:
    """Return the challenges of one system: at most six queries.

    Raises Http404 for who may not see the results of the system before they are published.
    """
    rows = Assessment.objects.select_related("round")
    assessment = get_for(person, rows, assessment_id, Permission.SEE_RESULTS)
    survey_round = assessment.round
    return SystemChallenges(
        assessment_id=assessment.pk,
        organisation_name=assessment.organisation_name,
        round_id=survey_round.pk,
        round_title=survey_round.title,
        synthetic=survey_round.synthetic,
        time=challenge_time(survey_round),
        has_results=in_latest_release(assessment) is not None,
        challenger=can(person, Permission.CHALLENGE, assessment),
        manages=has_anywhere(person, Permission.MANAGE),
        asked_by=instrument(survey_round.questionnaire_id),
        lines=tuple(_lines(_newest_first(Challenge.objects.filter(assessment=assessment)))),
    )


def round_challenges(
    person: AnyPerson, round_id: int, *, region: str = "", state: str = "", number: str | int = 1
) -> RoundChallenges:
    """Return one page of the challenges that a person follows, of a region and a state, by their codes.

    At most five queries. What is not there, of region and state, shows everything. Raises Http404 unless the
    person follows a system of the round, or manages rounds.
    """
    survey_round = round_for(person, round_id, Permission.FOLLOW)
    within = _within_reach(person, survey_round)
    tally = list(
        within.values("assessment__region_name", "state").annotate(challenges=Count("pk")).order_by()
    )
    names = {slugify(row["assessment__region_name"]): row["assessment__region_name"] for row in tally}
    chosen = [row for row in tally if region not in names or row["assessment__region_name"] == names[region]]
    counts = {each: sum(row["challenges"] for row in chosen if row["state"] == each.value) for each in State}
    known = {row["state"] for row in tally}
    found = _chosen(within, names.get(region, ""), state if state in known else "")
    page = Paginator(_newest_first(found), CHALLENGES_ON_A_PAGE).get_page(number)
    return RoundChallenges(
        round_id=survey_round.pk,
        round_title=survey_round.title,
        round_status=survey_round.status,
        synthetic=survey_round.synthetic,
        manages=has_anywhere(person, Permission.MANAGE),
        time=challenge_time(survey_round),
        regions=tuple(Choice(code, name) for code, name in sorted(names.items(), key=lambda item: item[1])),
        states=tuple(Choice(each.value, str(each.label)) for each in State if each.value in known),
        counts=tuple(StateCount(each.value, str(each.label), counts[each]) for each in State if counts[each]),
        raised=sum(counts.values()),
        found=page.paginator.count,
        lines=tuple(_lines(page.object_list)),
        number=page.number,
        pages=page.paginator.num_pages,
    )


def every_challenge(
    person: AnyPerson, round_id: int, *, region: str = "", state: str = ""
) -> Iterator[ChallengeLine]:
    """Yield the challenges of all pages, newest first. Raises Http404 as `round_challenges` does."""
    within = _within_reach(person, round_for(person, round_id, Permission.FOLLOW))
    names = {slugify(name): name for name in within.values_list("assessment__region_name", flat=True)}
    found = _chosen(within, names.get(region, ""), state if state in State.values else "")
    return _lines(_newest_first(found).iterator(chunk_size=500))


def one_challenge(person: AnyPerson, challenge_id: int) -> OneChallenge:
    """Return a challenge to answer. Raises Http404 for who does not manage rounds, and for none."""
    managed = visible_to(person, Permission.MANAGE, Assessment.objects.all())
    rows = _newest_first(Challenge.objects.filter(pk=challenge_id, assessment__in=managed.values("pk")))
    row = rows.select_related("assessment__round").first()
    if row is None:
        raise Http404
    survey_round = row.assessment.round
    return OneChallenge(survey_round.pk, survey_round.title, survey_round.synthetic, next(_lines([row])))


def _within_reach(person: AnyPerson, survey_round: Round) -> QuerySet[Any]:
    followed = visible_to(person, Permission.FOLLOW, Assessment.objects.filter(round=survey_round))
    return Challenge.objects.filter(assessment__in=followed.values("pk")).annotate(
        state=Case(
            When(answer__isnull=True, then=Value(State.WAITING.value)),
            When(answer__upheld=True, then=Value(State.UPHELD.value)),
            default=Value(State.NOT_UPHELD.value),
            output_field=CharField(),
        )
    )


def _chosen(within: QuerySet[Any], region_name: str, state: str) -> QuerySet[Any]:
    wanted = Q(assessment__region_name=region_name) if region_name else Q()
    if state:
        wanted &= Q(state=state)
    return within.filter(wanted)


def _newest_first(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(
        "assessment", "release", "dimension", "question__dimension", "raised_by", "answer__answered_by"
    ).order_by("-raised_at", "-pk")


def _lines(rows: Iterable[Any]) -> Iterator[ChallengeLine]:
    for row in rows:
        answer = getattr(row, "answer", None)
        dimension = row.dimension or row.question.dimension
        state = State.WAITING if answer is None else State.UPHELD if answer.upheld else State.NOT_UPHELD
        yield ChallengeLine(
            id=row.pk,
            assessment_id=row.assessment_id,
            organisation_name=row.assessment.organisation_name,
            ods_code=row.assessment.ods_code,
            region_name=row.assessment.region_name,
            status=row.assessment.status,
            status_label=row.assessment.get_status_display(),
            kind="question" if row.question else "dimension",
            code=row.question.code if row.question else dimension.code,
            about=row.about,
            dimension_code=dimension.code,
            release=release_name(row.release.kind, row.release.number),
            release_id=row.release_id,
            text=row.text,
            raised_by=row.raised_by.name,
            raised_at=row.raised_at,
            state=state.value,
            state_label=str(state.label),
            answer=answer.text if answer else "",
            answered_by=answer.answered_by.name if answer else "",
            answered_at=answer.answered_at if answer else None,
        )
