"""Two actions that need what the other holds: they take turns, and neither is thrown out by PostgreSQL."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from surveys.actions.challenges import raise_challenge
from surveys.actions.colleagues import remove_colleague
from surveys.actions.conversation import Said, add_comment
from surveys.actions.handing_out import hand_out
from surveys.actions.locking import lock_assessment
from surveys.actions.participants import withdraw_participant
from surveys.actions.people import change_person, create_person, invite
from surveys.actions.people_imports import PersonRow, import_people
from surveys.actions.refusals import Refused
from surveys.actions.rounds import close_round
from surveys.models import Assessment, Challenge, Message, Person, Round, SectionAssignment
from surveys.permissions import Role
from tests.factories import make_person, make_round
from tests.signed import release, submit_north
from tests.world import World, build_world

SITE = "https://survey.example/"
SECONDS = 30


@pytest.fixture
def country(transactional_db: None) -> World:
    """The country, in committed rows."""
    return build_world()


class Meanwhile:
    """An act on a connection of its own, which is done, or has come to wait for what this thread holds."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self._result: Any = None
        self._thread = threading.Thread(target=self._run, args=(act,))
        self._thread.start()
        deadline = time.monotonic() + SECONDS
        while self._thread.is_alive() and not _somebody_waits() and time.monotonic() < deadline:
            time.sleep(0.02)

    def _run(self, act: Callable[[], Any]) -> None:
        try:
            self._result = act()
        except Exception as error:  # noqa: BLE001 - the test looks at whatever was raised
            self._result = error
        finally:
            connection.close()

    def result(self) -> Any:
        """What the act returned or raised in the end."""
        self._thread.join(SECONDS)
        return self._result


def _somebody_waits() -> bool:
    """Whether a lock that somebody wants in this database is held by somebody else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE NOT granted AND datname = current_database()"
        )
        waiting: int = cursor.fetchone()[0]
    return waiting > 0


def test_a_comment_with_an_e_mail_while_the_round_is_being_closed(country: World) -> None:
    """The comment holds its assessment, and its message refers to the round that the closing holds."""
    with transaction.atomic():
        lock_assessment(country.assessment.pk)
        closing = Meanwhile(lambda: close_round(by=country.administrator, round_id=country.round.pk))
        said = add_comment(
            by=country.lead,
            assessment_id=country.assessment.pk,
            question_code="linked_data",
            body="Is this still so?",
            key=uuid.uuid4(),
            site=SITE,
            called={country.contributor.pk},
        )

    assert closing.result() == country.round
    assert said == Said(said.comment_id, ("Connie Contributor",), ())
    country.round.refresh_from_db()
    assert (country.round.status, Message.objects.count()) == (Round.Status.CLOSED, 1)


def test_a_challenge_while_the_system_is_being_withdrawn_from_the_round(country: World) -> None:
    submit_north(country)
    release(country.round, challenges=True)
    with transaction.atomic():
        withdraw_participant(by=country.administrator, assessment_id=country.assessment.pk, reason="Merged.")
        challenge = Meanwhile(
            lambda: raise_challenge(
                by=country.lead,
                assessment_id=country.assessment.pk,
                text="We answered for Ambleshire alone.",
                dimension_code="data_platform",
            )
        )

    refused = challenge.result()
    assert isinstance(refused, Refused)
    assert refused.message == "There are no results of Ambleshire to challenge."
    assert Challenge.objects.count() == 0


def test_two_administrators_who_invite_each_other(country: World) -> None:
    """Each holds the other's account, and each message refers to the account of who sends it."""
    ada = country.administrator
    olu = make_person("Olu Administrator", role=Role.ADMINISTRATOR, organisation=country.nation)
    same = {"email": olu.email, "name": olu.name, "job_title": olu.job_title}
    with transaction.atomic():
        change_person(by=ada, person_id=olu.pk, **same)
        other = Meanwhile(lambda: invite(by=olu, person_id=ada.pk, site=SITE))
        assert invite(by=ada, person_id=olu.pk, site=SITE) == olu

    assert other.result() == ada
    invited = Person.objects.filter(messages__kind=Message.Kind.INVITATION).order_by("pk")
    assert list(invited) == [ada, olu]


def test_work_is_not_handed_to_somebody_who_is_being_removed_in_another_round(country: World) -> None:
    """The two rounds are held apart, so what they take turns on is the colleague."""
    later = make_round(country.questionnaire, country.own, title="Later round")
    assessment = Assessment.objects.get(round=later)
    who = {"by": country.lead, "person_id": country.contributor.pk}
    with transaction.atomic():
        remove_colleague(assessment_id=country.assessment.pk, **who)
        handing_out = Meanwhile(
            lambda: hand_out(assessment_id=assessment.pk, dimension_code="skills", site=SITE, **who)
        )

    refused = handing_out.result()
    assert isinstance(refused, Refused)
    assert refused.message.startswith("Choose somebody who is a contributor or lead of the organisation.")
    assert not SectionAssignment.objects.filter(person=country.contributor).exists()


def test_people_from_a_file_while_one_of_them_is_being_added(country: World) -> None:
    """The file was read when nobody had the address; the database then keeps the second account out."""
    nora: Any = {"email": "nora@survey.example", "name": "Nora New", "job_title": ""}
    row = PersonRow(2, role="lead", organisation="Ambleshire", **nora)
    by = country.administrator
    with transaction.atomic():
        create_person(by=by, role="lead", organisation_id=country.own.pk, site="", **nora)
        taking_in = Meanwhile(lambda: import_people(by=by, rows=[row]))
    refused = taking_in.result()
    assert isinstance(refused, Refused)
    assert refused.message.startswith("People were changed since you looked at this file")
    assert Person.objects.filter(email="nora@survey.example").count() == 1
