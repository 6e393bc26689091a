"""Who takes part in the bench: every system of the demonstration in a round of its own, and 300 people.

Past rounds are there as well, because what a page shows of last round is part of what it costs.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from django.conf import settings
from django.test import Client
from django.utils import timezone

from bench.wire import TOKEN
from surveys.actions.answers import AnswerSave, save_answers
from surveys.actions.handing_out import hand_out
from surveys.actions.rounds import RoundDetails, choose_all_systems, create_round, open_round
from surveys.models import Assessment, Membership, Person, Questionnaire, Round
from surveys.queries.instruments import instrument
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Dimension, QuestionKind

PEOPLE = 300
LEADS_OF_A_SYSTEM = 2
ANSWERED = 2
"""Of so many questions one has an answer when the bench begins."""

SITE = "http://127.0.0.1/"
SIGNED_IN_BY = "django.contrib.auth.backends.ModelBackend"
Role = Membership.Role


@dataclass(frozen=True)
class Respondent:
    """Somebody who answers: what their browser sends along, and the sections that are theirs."""

    person_id: int
    name: str
    cookies: str
    assessment_id: int
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True)
class Cast:
    """Everybody who takes part; `leads` are one of each system and may answer every section."""

    round_id: int
    respondents: tuple[Respondent, ...]

    @property
    def leads(self) -> tuple[Respondent, ...]:
        """The first lead of each system."""
        first = {respondent.assessment_id: respondent for respondent in reversed(self.respondents)}
        return tuple(reversed(first.values()))


def gather() -> Cast:
    """Open a round for every system, answer half of it, and sign 300 people in."""
    survey_round = _open_round()
    dimensions = instrument(survey_round.questionnaire_id).content.dimensions
    assessments = list(Assessment.objects.filter(round=survey_round).order_by("pk"))
    respondents: list[Respondent] = []
    for place, assessment in enumerate(assessments):
        size = len(range(place, PEOPLE, len(assessments)))
        respondents += _colleagues(assessment, dimensions, size)
    return Cast(survey_round.pk, tuple(respondents))


def national_analyst() -> Respondent:
    """Return a national analyst, signed in: nobody is shown more of the results."""
    who = (
        Person.objects.filter(memberships__role=Role.NATIONAL_ANALYST, is_active=True)
        .order_by("pk")[:1]
        .get()
    )
    return Respondent(who.pk, who.name, _cookies(who), assessment_id=0, dimensions=())


def _open_round() -> Round:
    now = timezone.now()
    questionnaire = Questionnaire.objects.filter(published_at__isnull=False).latest("published_at")
    details = RoundDetails(
        title=f"Bench {secrets.token_hex(4)}",
        questionnaire_id=questionnaire.pk,
        opens_at=now - datetime.timedelta(hours=1),
        closes_at=now + datetime.timedelta(days=1),
        reference_date=timezone.localdate(now),
        participants_as_at=timezone.localdate(now),
    )
    survey_round = create_round(by=None, details=details, synthetic=True)
    choose_all_systems(by=None, round_id=survey_round.pk)
    return open_round(by=None, round_id=survey_round.pk)


def _colleagues(assessment: Assessment, dimensions: tuple[Dimension, ...], size: int) -> Iterator[Respondent]:
    """Yield `size` people of one system: leads, and contributors to whom sections are handed in turn."""
    leads = [_person(assessment, number, Role.LEAD) for number in range(LEADS_OF_A_SYSTEM)]
    for lead in leads:
        yield _signed_in(lead, assessment, dimensions)
    _answer_half(assessment, dimensions, leads[0])
    handed = cycle(dimensions)
    for number in range(LEADS_OF_A_SYSTEM, size):
        contributor = _person(assessment, number, Role.CONTRIBUTOR)
        theirs = tuple(islice(handed, 2))
        for dimension in theirs:
            hand_out(
                by=leads[0],
                assessment_id=assessment.pk,
                dimension_code=dimension.code,
                person_id=contributor.pk,
                site=SITE,
            )
        yield _signed_in(contributor, assessment, theirs)


def _person(assessment: Assessment, number: int, role: str) -> Person:
    person = Person.objects.create(
        email=f"bench-{assessment.pk}-{number}@survey.example",
        name=f"{assessment.organisation_name} {Role(role).label.lower()} {number + 1} (bench)",
    )
    Membership.objects.create(person=person, organisation_id=assessment.organisation_id, role=role)
    return person


def _answer_half(assessment: Assessment, dimensions: tuple[Dimension, ...], lead: Person) -> None:
    questions = [question for dimension in dimensions for question in dimension.all_questions]
    save_answers(
        by=lead,
        assessment_id=assessment.pk,
        saves=[
            AnswerSave(question.code, 0, Response(level=3, comment="As last year, with one more provider."))
            for question in questions[::ANSWERED]
            if question.kind == QuestionKind.MATURITY
        ],
    )


def _signed_in(person: Person, assessment: Assessment, dimensions: tuple[Dimension, ...]) -> Respondent:
    return Respondent(person.pk, person.name, _cookies(person), assessment.pk, dimensions)


def _cookies(person: Person) -> str:
    client = Client()
    client.force_login(person, backend=SIGNED_IN_BY)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
