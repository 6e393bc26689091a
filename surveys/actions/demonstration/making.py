"""Making the demonstration once, and keeping it fresh: its open round open, its accounts usable."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from surveys.actions.answer_imports import IMPORTER_EMAIL
from surveys.actions.audit import record
from surveys.actions.demonstration import plan
from surveys.actions.demonstration.people import (
    DOMAIN,
    Account,
    Country,
    accounts,
    country,
    make_people,
    renew_passwords,
)
from surveys.actions.demonstration.returns import Setting
from surveys.actions.demonstration.round_rows import write_round
from surveys.actions.demonstration.times import DAY, RoundTimes, new_closing_time, rounds
from surveys.actions.refusals import Refused
from surveys.models import Person, Questionnaire, Round

SOON = 3 * DAY
"""The open round gets more time when less than this is left."""


@dataclass(frozen=True)
class Demonstration:
    """The accounts to sign in with, and whether this call made the rounds or found them."""

    accounts: tuple[Account, ...]
    made: bool


@transaction.atomic
def make_demonstration(*, password: str, say: Callable[[str], None] = lambda _: None) -> Demonstration:
    """Write the synthetic rounds, people and answers, unless they are there; give the accounts this password.

    `say` is told of each step in a sentence. Raises Refused where real data could be: when the setting DEMO
    is off, and when there is a round that is not synthetic or a person whose address could be real.
    """
    if not settings.DEMO:
        raise Refused(
            "Demo accounts all share one password, so they are made only where the setting DEMO is true. "
            "Use make demo, or set DEMO=true for a site that no real person uses."
        )
    if not password:
        raise Refused("Give the demo accounts a password.")
    now = timezone.now()
    places = country(timezone.localdate(now))
    if places is None:
        raise Refused(
            "There are no systems in two regions of a nation yet. Load them first: "
            "manage.py load_organisations reference/organisations/ics-2022.csv"
        )
    made = not Round.objects.filter(synthetic=True).exists()
    if made:
        require_no_real_data()
        _make(places, now, password, say)
    else:
        _refresh(places, now, password, say)
    return Demonstration(accounts(places), made)


def require_no_real_data() -> None:
    """Raise Refused when there is a round that is not synthetic, or a person whose address could be real."""
    real_round = Round.objects.filter(synthetic=False).first()
    if real_round is not None:
        raise Refused(
            f"This database has a round that is not synthetic: “{real_round.title}”. "
            "Use an empty database for the demonstration."
        )
    real_person = Person.objects.exclude(email__iendswith=DOMAIN).exclude(email=IMPORTER_EMAIL).first()
    if real_person is not None:
        raise Refused(
            f"This database has people who may be real ({real_person.email}). "
            "Use an empty database for the demonstration."
        )


def _make(places: Country, now: datetime.datetime, password: str, say: Callable[[str], None]) -> None:
    questionnaire = Questionnaire.objects.filter(published_at__isnull=False).order_by("published_at").last()
    if questionnaire is None:
        raise Refused(
            "No questionnaire is published yet. Publish one first: manage.py publish_questionnaire "
            "surveys/questionnaires/content/ics-data-maturity-1.1.yaml"
        )
    times = rounds(now)
    people = make_people(places, since=times[0].created_at - 30 * DAY, password=password)
    say(f"{len(people)} people, {len(accounts(places))} of them with an account to sign in with")
    for number, of_round in enumerate(times):
        setting = Setting(
            number=number,
            times=of_round,
            courses=_courses(number, of_round, places, questionnaire),
            country=places,
            people=people,
            questionnaire=questionnaire,
            now=now,
        )
        made = write_round(setting)
        say(f"{made.title}: {made.systems} systems, {made.answers:,} answers, {made.submitted} submitted")


def _courses(
    number: int, times: RoundTimes, places: Country, questionnaire: Questionnaire
) -> dict[str, plan.Course]:
    plan_round = plan.past_round if times.published_at else plan.open_round
    systems = [system.ods_code for system in places.systems]
    leading = [system.ods_code for system in places.leading]
    return plan_round(number, systems, leading, questionnaire.content)


def _refresh(places: Country, now: datetime.datetime, password: str, say: Callable[[str], None]) -> None:
    renew_passwords([account.email for account in accounts(places)], password)
    ending = Round.objects.select_for_update(no_key=True).filter(
        synthetic=True, status=Round.Status.OPEN, closes_at__lt=now + SOON
    )
    for survey_round in ending:
        survey_round.closes_at = new_closing_time(now)
        survey_round.save(update_fields=["closes_at"])
        record(
            by=None,
            verb="round.changed",
            subject=survey_round.title,
            round_id=survey_round.pk,
            reason="The demonstration keeps its open round open.",
        )
        say(f"{survey_round.title}: open until {timezone.localdate(survey_round.closes_at)}")
