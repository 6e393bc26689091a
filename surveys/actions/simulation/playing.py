"""A simulated round from its set-up to the correction of its results."""

from __future__ import annotations

import datetime
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.conf import settings
from django.utils import timezone

from surveys.actions.demonstration.answering import Respondent
from surveys.actions.demonstration.chance import shuffled
from surveys.actions.demonstration.making import require_no_real_data
from surveys.actions.demonstration.people import Country, Place, country
from surveys.actions.extensions import extend
from surveys.actions.participants import add_participant, withdraw_participant
from surveys.actions.refusals import Refused
from surveys.actions.reminders import plan_usual, send_due, send_reminder
from surveys.actions.rounds import (
    RoundDetails,
    choose_participants,
    close_round,
    create_round,
    open_round,
    reopen_round,
)
from surveys.actions.simulation.cast import SITE, Cast, gather
from surveys.actions.simulation.courses import FEWEST, NEVER_SIGNED, Course, courses
from surveys.actions.simulation.earlier import bring_in_earlier_round
from surveys.actions.simulation.failure import must_hold, must_refuse
from surveys.actions.simulation.moderating import moderate
from surveys.actions.simulation.releasing import release_and_correct
from surveys.actions.simulation.signing import (
    ENOUGH,
    add_words,
    correct_and_sign,
    return_it,
    send,
    send_and_sign,
)
from surveys.actions.simulation.work import (
    AT_ONCE,
    Work,
    answer_at_once,
    disagree,
    finish,
    hand_out_work,
    talk,
    works_of,
)
from surveys.models import Assessment, Questionnaire, Release, Round
from surveys.queries.instruments import instrument
from surveys.queries.reminder_words import BEFORE, OPENING, Wording

Say = Callable[[str], None]

FIRST_CLOSING: Final = datetime.timedelta(days=1)
"""How far off the closing time is when the round opens."""

LAST_MOMENTS: Final = datetime.timedelta(seconds=3)
"""How far off it is once the round is opened again, so that it can be waited for."""

PURPOSE: Final = (
    "A simulated round: the organisations are real; every person, answer, comment and score is made up, and "
    "everything happened within minutes."
)


@dataclass(frozen=True)
class Played:
    """A simulated round that is over, with its people, and its releases in the order of their making."""

    round: Round
    cast: Cast
    works: tuple[Work, ...]
    releases: tuple[Release, ...]


def simulate_round(*, systems: int | None = None, seed: int = 1, say: Say = lambda _: None) -> Played:
    """Play a whole round with so many systems, or all; the same `seed` has everybody do and answer the same.

    `say` is told of each step in a sentence. It is no single transaction: as in life, each action is one.

    Raises Refused where real data could be, and when there are too few systems or no published questionnaire;
    SimulationError when something did not go as it must.
    """
    places, questionnaire = _stage(systems)
    chosen = _chosen(places, systems, seed)
    cast = gather(places, chosen)
    say(f"{len(chosen)} systems; everything that follows happens now, and by the actions of the pages")
    bring_in_earlier_round(cast, questionnaire, seed, say)
    survey_round = _opened(cast, questionnaire, say)
    works = _works(survey_round, cast, seed)
    with ThreadPoolExecutor(AT_ONCE) as people:
        _answered(works, people, say)
    _sent_in_time(works, cast, say)
    _closed(survey_round, works, cast, say)
    moderate(survey_round, works, cast, say)
    releases = release_and_correct(survey_round, works, cast, say)
    survey_round.refresh_from_db()
    return Played(survey_round, cast, tuple(works), releases)


def _stage(systems: int | None) -> tuple[Country, Questionnaire]:
    if not settings.DEMO:
        raise Refused(
            "A simulated round fills the database with made-up people, so it is played only where the "
            "setting DEMO is true."
        )
    require_no_real_data()
    places = country(timezone.localdate())
    if places is None or min(len(places.systems), systems or FEWEST) < FEWEST:
        raise Refused(
            f"A simulated round needs a nation with at least {FEWEST} systems in two regions. "
            "Load them first: manage.py load_organisations reference/organisations/ics-2022.csv"
        )
    questionnaire = Questionnaire.objects.filter(published_at__isnull=False).order_by("published_at").last()
    if questionnaire is None:
        raise Refused(
            "No questionnaire is published yet. Publish one first: manage.py publish_questionnaire "
            "surveys/questionnaires/content/ics-data-maturity-1.0.yaml"
        )
    return places, questionnaire


def _chosen(places: Country, systems: int | None, seed: int) -> list[Place]:
    by_code = {system.ods_code: system for system in places.systems}
    wanted = shuffled(list(by_code), "simulated systems", seed)[:systems]
    return [system for code, system in by_code.items() if code in wanted]


def _opened(cast: Cast, questionnaire: Questionnaire, say: Say) -> Round:
    by, now = cast.administrator, timezone.now()
    played = Round.objects.filter(title__startswith="Simulated round ").count()
    details = RoundDetails(
        title=f"Simulated round {played + 1}",
        questionnaire_id=questionnaire.pk,
        opens_at=now,
        closes_at=now + FIRST_CLOSING,
        reference_date=timezone.localdate(),
        participants_as_at=timezone.localdate(),
        audience=Round.Audience.PUBLIC,
        purpose=PURPOSE,
    )
    survey_round = create_round(by=by, details=details, synthetic=True)
    must_refuse("a round without systems opens", lambda: open_round(by=by, round_id=survey_round.pk))
    *chosen, forgotten = [team.place for team in cast.teams]
    ids = [place.id for place in chosen]
    choose_participants(by=by, round_id=survey_round.pk, organisation_ids=ids)
    plan_usual(by=by, round_id=survey_round.pk, site=SITE)
    open_round(by=by, round_id=survey_round.pk)
    must_refuse("a round opens twice", lambda: open_round(by=by, round_id=survey_round.pk))
    reason = "It was forgotten. (made up)"
    add_participant(by=by, round_id=survey_round.pk, organisation_id=forgotten.id, reason=reason)
    told = _remind(survey_round, cast, OPENING)
    say(
        f"{survey_round.title}: set up and opened by {by.name}, {forgotten.name} added after that; "
        f"{told} people told that it is open"
    )
    return survey_round


def _remind(survey_round: Round, cast: Cast, wording: Wording) -> int:
    """Send a message to all who have something left, by a double click; return how many there are."""
    key = uuid.uuid4()
    first, second = (
        send_reminder(by=cast.administrator, round_id=survey_round.pk, wording=wording, key=key, site=SITE)
        for _ in range(2)
    )
    must_hold("a double click reminds nobody twice", held=first == second)
    return first


def _works(survey_round: Round, cast: Cast, seed: int) -> list[Work]:
    asked_by = instrument(survey_round.questionnaire_id)
    going = courses([team.place.ods_code for team in cast.teams], seed)
    keys = dict(Assessment.objects.filter(round=survey_round).values_list("organisation_id", "pk"))
    return [
        Work(
            assessment_id=keys[team.place.id],
            round_title=survey_round.title,
            instrument=asked_by,
            team=team,
            course=going[team.place.ods_code],
            answers=Respondent(f"{seed} {team.place.ods_code}", 1, asked_by.content).answers(),
        )
        for team in cast.teams
    ]


def _answered(works: Sequence[Work], people: ThreadPoolExecutor, say: Say) -> None:
    answers = 0
    for work in works:
        if work.course is Course.ABSENT:
            continue
        owners = hand_out_work(work)
        if work.course in NEVER_SIGNED:
            answers += answer_at_once(work, owners, people, share=0.5)
            continue
        answers += answer_at_once(work, owners, people)
        disagree(work, owners)
        talk(work, owners)
        finish(work, owners)
    say(f"{answers:,} answers by up to {AT_ONCE} people of a system at once, with comments and evidence")


def _sent_in_time(works: Sequence[Work], cast: Cast, say: Say) -> None:
    for work in works_of(works, Course.SENT_BACK):
        send(work)
        return_it(work, work.team.approver, "Say more about the first question.")
        add_words(work, "More than half. (made up)")
        send_and_sign(work)
    in_time = works_of(works, Course.ON_TIME, Course.RETURNED, Course.QUERIED, Course.CORRECTED)
    for work in in_time:
        send_and_sign(work)
    for work in works_of(works, Course.RETURNED):
        analyst = cast.regional_analysts[work.team.place.parent_id or 0]
        return_it(work, analyst, "The first answer and its comment do not fit.")
        correct_and_sign(work, "Looked at again. (made up)")
    back = len(works_of(works, Course.SENT_BACK))
    again = len(works_of(works, Course.RETURNED))
    say(
        f"{len(in_time) + back} submissions in time; {back} came back from an approver and {again} from an "
        "analyst, and were signed after that"
    )


def _closed(survey_round: Round, works: Sequence[Work], cast: Cast, say: Say) -> None:
    by, key = cast.administrator, survey_round.pk
    reminded = _remind(survey_round, cast, BEFORE)
    planned = send_due()
    for work in works_of(works, Course.WITHDRAWN):
        reason = "It became part of another system. (made up)"
        withdraw_participant(by=by, assessment_id=work.assessment_id, reason=reason)
        must_refuse(f"{work.name} answers on", partial(add_words, work, "Still here."))
    close_round(by=by, round_id=key)
    for work in works_of(works, Course.LATE):
        must_refuse(f"{work.name} is sent after the closing", partial(send, work))
    closes_at = timezone.now() + LAST_MOMENTS
    reopen_round(by=by, round_id=key, closes_at=closes_at, reason="A made-up fault of the service.")
    for work in works_of(works, Course.LATE):
        _give_time(work, cast, closes_at + ENOUGH)
    while timezone.now() < closes_at:
        time.sleep(0.1)
    for work in works_of(works, Course.LATE):
        send_and_sign(work)
    for work in works_of(works, Course.UNFINISHED):
        must_refuse(f"{work.name} saves after its deadline", partial(add_words, work, "Late."))
    close_round(by=by, round_id=key)
    for work in works_of(works, Course.REOPENED):
        must_refuse(f"{work.name} is sent after the closing", partial(send, work))
        _give_time(work, cast, timezone.now() + ENOUGH)
        send_and_sign(work)
    say(
        f"{reminded} people reminded by hand and {planned} by plan; closed, opened again, and closed; "
        f"{len(works_of(works, Course.LATE, Course.REOPENED))} late submissions with more time"
    )


def _give_time(work: Work, cast: Cast, until: datetime.datetime) -> None:
    reason = "Its data team was away. (made up)"
    must_refuse(
        f"{work.team.lead.name} gives more time to {work.name}",
        lambda: extend(by=work.team.lead, assessment_id=work.assessment_id, until=until, reason=reason),
    )
    extend(by=cast.administrator, assessment_id=work.assessment_id, until=until, reason=reason)
