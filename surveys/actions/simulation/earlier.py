"""The round before a simulated one, whose answers people can confirm: brought in as from a file."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Final

from django.utils import timezone

from surveys.actions.answer_imports import AnswerFile, GivenAnswer, import_answers
from surveys.actions.demonstration.answering import Respondent
from surveys.actions.releases import publish, release_provisionally
from surveys.actions.rounds import RoundDetails, choose_participants, create_round
from surveys.actions.simulation.cast import Cast
from surveys.models import Questionnaire, Round
from surveys.questionnaires.canonical import sha256

TITLE: Final = "Round before the simulation"
YEAR: Final = datetime.timedelta(days=365)


def bring_in_earlier_round(
    cast: Cast, questionnaire: Questionnaire, seed: int, say: Callable[[str], None]
) -> None:
    """Import and publish a round of a year ago, unless there is a published round of the questionnaire."""
    published = Round.objects.filter(questionnaire__key=questionnaire.key, status=Round.Status.PUBLISHED)
    if published.exists():
        return
    now = timezone.now() - YEAR
    details = RoundDetails(
        title=TITLE,
        questionnaire_id=questionnaire.pk,
        opens_at=now,
        closes_at=now + datetime.timedelta(days=30),
        reference_date=timezone.localdate(now),
        participants_as_at=timezone.localdate(),
        audience=Round.Audience.PUBLIC,
        purpose="Made up: a round from another place, for the simulated round to look back at.",
    )
    by = cast.administrator
    survey_round = create_round(by=by, details=details, synthetic=True)
    ids = [team.place.id for team in cast.teams]
    choose_participants(by=by, round_id=survey_round.pk, organisation_ids=ids)
    answers = _answers(cast, questionnaire, seed)
    file = AnswerFile("simulated-answers.csv", sha256(repr(answers)), answers)
    done = import_answers(by=by, round_id=survey_round.pk, file=file)
    release_provisionally(by=by, round_id=survey_round.pk)
    publish(by=by, round_id=survey_round.pk)
    say(f"{TITLE}: {done.created:,} answers of {done.submitted} systems imported and published")


def _answers(cast: Cast, questionnaire: Questionnaire, seed: int) -> tuple[GivenAnswer, ...]:
    given = [
        (team.place.ods_code, code, response)
        for team in cast.teams
        for code, response in Respondent(f"{seed} {team.place.ods_code}", 0, questionnaire.content)
        .answers()
        .items()
    ]
    return tuple(GivenAnswer(row, *each) for row, each in enumerate(given, start=2))
