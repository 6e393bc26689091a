"""The command that plays a whole round and compares what it says everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pgtrigger
import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from surveys.actions.simulation.courses import FEWEST
from surveys.actions.simulation.failure import SimulationError, must_hold, must_refuse
from surveys.actions.simulation.playing import simulate_round
from surveys.management.agreement import figures
from surveys.models import Answer, Assessment, Event, Extension, Person, Result, Round, Submission
from tests.commands.running import refused_by, said_by
from tests.country import REGIONS
from tests.factories import make_nation, make_person, make_region, make_round, make_system, publish_content

Status = Assessment.Status


@pytest.fixture
def demo(settings: Settings) -> None:
    settings.DEMO = True


def make_systems(number: int) -> None:
    nation = make_nation()
    regions = [make_region(nation, name) for name in REGIONS[:2]]
    for place in range(number):
        make_system(regions[place % 2], f"Coast and Vale {place:02d}")


@pytest.fixture
def forgetful_trail(transactional_db: None) -> Iterator[None]:
    """A database that writes down another deed than somebody did, until the test is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN NEW.verb = 'comment.resolved'; RETURN NEW; END $$;
            CREATE TRIGGER forgetful BEFORE INSERT ON surveys_event
            FOR EACH ROW WHEN (NEW.verb = 'comment.added') EXECUTE FUNCTION forget();
            """
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER forgetful ON surveys_event; DROP FUNCTION forget()")


@pytest.mark.django_db(transaction=True)
def test_a_whole_round_is_played_and_says_the_same_everywhere(demo: None) -> None:
    make_systems(FEWEST + 1)
    publish_content()

    said = [line.strip() for line in said_by("simulate_round", "--systems", FEWEST).splitlines()]

    survey_round = Round.objects.get(title="Simulated round 1")
    assert said[0] == "10 systems; everything that follows happens now, and by the actions of the pages"
    assert said[2] == (
        "Simulated round 1: set up and opened by England administrator (simulated), Coast and Vale 10 added "
        "after that; 10 people told that it is open"
    )
    assert said[-2].endswith("pages and files are those that PostgreSQL counts from the signed copies")
    assert (survey_round.status, survey_round.synthetic) == ("published", True)
    assert Person.objects.exclude(email__endswith=".example").count() == 1  # the account of imports
    assert Counter(survey_round.assessments.values_list("status", flat=True)) == {
        Status.SUBMITTED: 7,
        Status.IN_PROGRESS: 2,
        Status.NOT_STARTED: 1,
    }
    assert [str(release) for release in survey_round.releases.order_by("pk")] == [
        "Provisional release 1",
        "Provisional release 2",
        "Published release 1",
        "Published release 2",
    ]
    assert Submission.objects.filter(assessment__round=survey_round).count() == 10
    assert Extension.objects.filter(assessment__round=survey_round).count() == 4
    assert Answer.objects.filter(assessment__round=survey_round, confirmed_from__isnull=False).count() > 5
    confirmed = Answer.objects.filter(confirmed_from__title="Round before the simulation")
    assert set(confirmed.values_list("assessment__round", flat=True)) == {survey_round.pk}
    verbs = Counter(Event.objects.filter(round_id=survey_round.pk).values_list("verb", flat=True))
    assert (verbs["assessment.submitted"], verbs["assessment.returned"]) == (10, 4)
    assert (verbs["round.closed"], verbs["round.reopened"]) == (2, 1)
    assert (verbs["assessment.added"], verbs["assessment.withdrawn"]) == (1, 1)
    assert (verbs["moderation.proposed"], verbs["moderation.accepted"], verbs["moderation.decided"]) == (
        3,
        1,
        1,
    )
    assert (verbs["challenge.raised"], verbs["challenge.answered"]) == (2, 2)
    last = survey_round.releases.order_by("pk")[3]
    assert (last.submissions.count(), last.moderations.count(), last.left_out.count()) == (7, 2, 1)
    # The plan sends by day only, and not at the hour of every test run.
    by_nobody = Event.objects.filter(round_id=survey_round.pk, person_id=None)
    assert set(by_nobody.values_list("verb", flat=True)) <= {"reminder.invited", "reminder.sent"}


@pytest.mark.django_db(transaction=True)
def test_what_differs_is_named_and_ends_with_code_1(
    demo: None, forgetful_trail: None, client: Client
) -> None:
    make_systems(FEWEST)
    publish_content()

    assert refused_by("simulate_round") == (
        "Figures differ:\nevents comment.added: 0 in the audit trail, but counted 21"
    )

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE surveys_event DISABLE TRIGGER forgetful")
    played = simulate_round(seed=2)
    assert played.round.title == "Simulated round 2"
    release = played.releases[-1]
    damaged = Result.objects.filter(release=release, measure="dimension", score__isnull=False)[0]
    with pgtrigger.ignore():
        Result.objects.filter(pk=damaged.pk).update(score=(damaged.score or 0) + 1)
    client.force_login(played.cast.administrator)

    found = figures(played.round, [release], lambda address: client.get(address).getvalue().decode())

    places = Counter(figure.place for figure in found if not figure.agrees)
    assert places["the table of results"] == 1
    assert places["scores.csv"] == 1
    assert places["the overview"] >= 1
    assert places["overview.csv"] >= 1


@pytest.mark.django_db
def test_it_is_played_only_where_nothing_is_real(settings: Settings) -> None:
    assert refused_by("simulate_round") == (
        "A simulated round fills the database with made-up people, so it is played only where the setting "
        "DEMO is true."
    )
    settings.DEMO = True
    make_person("Rita Real")
    Person.objects.update(email="rita.real@nhs.net")
    assert refused_by("simulate_round") == (
        "This database has people who may be real (rita.real@nhs.net). "
        "Use an empty database for the demonstration."
    )
    Person.objects.all().delete()
    make_systems(FEWEST - 1)
    make_round(publish_content(), title="A real round")
    assert refused_by("simulate_round") == (
        "This database has a round that is not synthetic: “A real round”. "
        "Use an empty database for the demonstration."
    )
    Round.objects.all().delete()
    too_few = (
        "A simulated round needs a nation with at least 10 systems in two regions. "
        "Load them first: manage.py load_organisations reference/organisations/ics-2022.csv"
    )
    assert refused_by("simulate_round") == too_few


@pytest.mark.django_db
def test_it_needs_a_questionnaire_and_enough_systems(demo: None) -> None:
    assert "at least 10 systems" in refused_by("simulate_round")
    make_systems(FEWEST)
    assert "at least 10 systems" in refused_by("simulate_round", "--systems", FEWEST - 1)
    assert refused_by("simulate_round").startswith("No questionnaire is published yet.")


def test_what_should_have_been_refused_stops_the_simulation() -> None:
    with pytest.raises(SimulationError, match="should have been refused, and was not: a stranger signs"):
        must_refuse("a stranger signs", lambda: None)
    with pytest.raises(SimulationError, match="should be so, and is not: it is signed"):
        must_hold("it is signed", held=False)
