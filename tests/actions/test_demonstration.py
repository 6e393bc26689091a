"""The demonstration: synthetic rounds that look like real ones and cannot be taken for them."""

from __future__ import annotations

import datetime
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import F
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings
from time_machine import TimeMachineFixture

from surveys.actions.demonstration import times
from surveys.actions.demonstration.making import Demonstration, make_demonstration
from surveys.actions.refusals import Refused
from surveys.imports.organisations import load_organisations
from surveys.imports.questionnaires import publish_file
from surveys.models import (
    Affiliation,
    Answer,
    Assessment,
    Event,
    Extension,
    Membership,
    Organisation,
    Person,
    Release,
    ReleasedAnswer,
    Result,
    Round,
    SectionMark,
    Submission,
)
from surveys.queries.releases import held_by, prepare
from surveys.queries.round_setup import setup
from surveys.queries.submission_copy import read_copy
from surveys.questionnaires.canonical import sha256
from surveys.questionnaires.loading import CONTENT
from surveys.questionnaires.responses import Response, asked, check
from tests.factories import make_nation, make_person, make_region, make_round, make_system, publish_content

pytestmark = pytest.mark.django_db

PASSWORD = "plenty-of-syllables"
SYSTEMS = Path(settings.BASE_DIR) / "reference" / "organisations" / "ics-2022.csv"
Status = Assessment.Status


@pytest.fixture(scope="class")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Demonstration]:
    """The demonstration on the systems of England, taken back when the class that asked for it is done."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        load_organisations(SYSTEMS, by=None)
        publish_file(CONTENT / "ics-data-maturity-1.1.yaml", by=None)
        yield make_demonstration(password=PASSWORD)
        transaction.set_rollback(True)


@pytest.mark.usefixtures("made")
class TestOnTheSystemsOfEngland:
    """Made once for all of these tests, which only look at it."""

    def test_two_rounds_are_published_and_one_is_open(self) -> None:
        found = Round.objects.order_by("opens_at")
        year = found[2].opens_at.year

        assert [(row.title, row.status, row.synthetic) for row in found] == [
            (f"ICS data maturity {year - 2}", "published", True),
            (f"ICS data maturity {year - 1}", "published", True),
            (f"ICS data maturity {year}", "open", True),
        ]
        last = found[2]
        assert last.opens_at < timezone.now() < last.closes_at
        assert [row.opens_at.year for row in found] == [year - 2, year - 1, year]

    def test_every_system_takes_part_in_every_round(self) -> None:
        systems = Organisation.objects.filter(kind="ics").count()

        for row in Round.objects.all():
            assert row.participants.count() == systems
            assert row.assessments.count() == systems

    def test_the_open_round_has_systems_at_every_stage(self) -> None:
        statuses = Counter(Assessment.objects.filter(round__status="open").values_list("status", flat=True))

        assert statuses == {
            Status.NOT_STARTED: 8,
            Status.IN_PROGRESS: 18,
            Status.RETURNED: 3,
            Status.AWAITING_SIGNOFF: 5,
            Status.SUBMITTED: 8,
        }

    def test_nearly_every_system_submitted_before(self) -> None:
        submitted = Assessment.objects.filter(round__status="published", status=Status.SUBMITTED)

        assert Counter(submitted.values_list("round__title", flat=True)) == {
            row.title: 40 + place
            for place, row in enumerate(Round.objects.filter(status="published").order_by("opens_at"))
        }

    def test_every_answer_could_have_been_given_on_the_page(self) -> None:
        content = Round.objects.all()[0].questionnaire.content
        responses: dict[int, dict[str, Response]] = defaultdict(dict)
        for answer in Answer.objects.select_related("question"):
            responses[answer.assessment_id][answer.question.code] = answer.response

        wrong = [
            (code, check(content.question(code), response))
            for of_one in responses.values()
            for code, response in of_one.items()
            if check(content.question(code), response) or code not in asked(content, of_one)
        ]
        assert wrong == []

    def test_some_answers_are_missing_do_not_apply_or_have_a_comment(self) -> None:
        submitted = Answer.objects.filter(assessment__status=Status.SUBMITTED)
        possible = Assessment.objects.filter(status=Status.SUBMITTED).count() * 54

        assert 0.95 < submitted.count() / possible < 1
        assert 0.001 < submitted.filter(not_applicable=True).count() / possible < 0.01
        assert 0.1 < submitted.exclude(comment="").count() / possible < 0.3
        assert Result.objects.filter(withheld=True, measure="dimension").exists()

    def test_things_happened_one_after_another_and_none_in_the_future(self) -> None:
        now = timezone.now()
        assert not Event.objects.filter(happened_at__gt=now).exists()
        assert not Answer.objects.filter(answered_at__gt=now).exists()
        assert not Answer.objects.filter(answered_at__lt=F("assessment__round__opens_at")).exists()
        assert not Answer.objects.filter(answered_at__gt=F("assessment__sent_at")).exists()
        assert not Release.objects.filter(released_at__gt=now).exists()
        for assessment in Assessment.objects.with_deadline().filter(status=Status.SUBMITTED):
            copy = assessment.submissions.order_by("number").last()
            assert copy is not None
            assert assessment.sent_at is not None
            assert assessment.sent_at < copy.signed_at < assessment.deadline

    def test_people_work_on_weekdays_by_day(self) -> None:
        moments = [
            *SectionMark.objects.values_list("made_at", flat=True),
            # Questionnaires and organisations are real, and came in when this test began, at whatever hour.
            *Event.objects.exclude(verb__regex="^(questionnaire|organisation)[.]").values_list(
                "happened_at", flat=True
            ),
            *Answer.objects.values_list("answered_at", flat=True),
            *Submission.objects.values_list("signed_at", flat=True),
            *Extension.objects.values_list("granted_at", flat=True),
            *Round.objects.values_list("closes_at", flat=True),
        ]
        local = [timezone.localtime(moment) for moment in moments]

        assert {moment.strftime("%A") for moment in local} == {
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
        }
        assert {moment.hour for moment in local} <= set(range(8, 18))

    def test_some_systems_were_late_and_had_more_time(self) -> None:
        late = Submission.objects.filter(signed_at__gt=F("assessment__round__closes_at"))

        assert late.count() == 6
        assert set(late.values_list("assessment_id", flat=True)) < set(
            Extension.objects.values_list("assessment_id", flat=True)
        )

    def test_a_signed_copy_holds_the_answers_and_its_own_fingerprint(self) -> None:
        for copy in Submission.objects.select_related("assessment__round"):
            assert sha256(copy.content) == copy.sha256
            assert copy.signed_by_name == copy.signed_by.name
        latest = {copy.assessment_id: copy for copy in Submission.objects.order_by("number")}
        assessment = Assessment.objects.filter(submissions__number=2).first()
        assert assessment is not None
        stored = {
            answer.question.code: answer.response for answer in assessment.answers.select_related("question")
        }
        assert read_copy(latest[assessment.pk].content).responses == stored

    def test_a_returned_assessment_was_changed_before_it_was_signed_again(self) -> None:
        twice = Assessment.objects.filter(submissions__number=2)

        assert twice.count() == 4
        for assessment in twice:
            first, second = (read_copy(copy.content).responses for copy in assessment.submissions.all())
            assert sum(first[code] != second[code] for code in second) == 3
            assert assessment.return_reason != ""

    def test_results_are_those_of_the_signed_copies(self) -> None:
        releases = Release.objects.select_related("round__questionnaire")

        assert Counter(releases.values_list("kind", flat=True)) == {"provisional": 2, "published": 2}
        for release in releases:
            assert held_by(release) == prepare(release.round).systems

    def test_infrastructure_is_ahead_of_culture_and_systems_improve(self) -> None:
        medians = []
        for release in Release.objects.filter(kind="published").order_by("released_at"):
            results = Result.objects.filter(release=release)
            gaps = results.filter(measure="gap", code="").values_list("score", flat=True)
            overall = results.filter(measure="overall").values_list("score", flat=True)
            assert 0.3 < statistics.median(gaps) < 1
            medians.append(statistics.median(overall))

        assert medians[0] < medians[1]
        assert all(2 < median < 3.5 for median in medians)

    def test_the_dimensions_of_a_system_go_together(self) -> None:
        release = Release.objects.filter(kind="published").latest("released_at")
        scores: dict[str, dict[int, float]] = defaultdict(dict)
        for line in Result.objects.filter(release=release, measure="dimension").exclude(score=None):
            scores[line.code][line.assessment_id] = float(line.score or 0)
        both = scores["data_infrastructure"].keys() & scores["leadership_direction"].keys()

        correlation = statistics.correlation(
            [scores["data_infrastructure"][key] for key in both],
            [scores["leadership_direction"][key] for key in both],
        )
        assert 0.2 < correlation < 0.8

    def test_systems_agree_on_some_questions_and_not_on_others(self) -> None:
        release = Release.objects.filter(kind="published").latest("released_at")
        levels: dict[str, list[int]] = defaultdict(list)
        for answer in ReleasedAnswer.objects.filter(release=release).select_related("question"):
            if answer.level is not None:
                levels[answer.question.code].append(answer.level)
        spreads = [statistics.pstdev(of_one) for of_one in levels.values()]

        assert min(spreads) < 0.7
        assert max(spreads) > 0.95

    def test_the_accounts_given_out(self, made: Demonstration) -> None:
        assert [(account.email, account.role, account.organisation) for account in made.accounts] == [
            ("contributor@devon.example", "Contributor", "Devon"),
            ("lead@devon.example", "ICS data lead", "Devon"),
            ("approver@devon.example", "Approver", "Devon"),
            ("contributor@sussex.example", "Contributor", "Sussex"),
            ("lead@sussex.example", "ICS data lead", "Sussex"),
            ("approver@sussex.example", "Approver", "Sussex"),
            ("analyst@south-west.example", "Regional analyst", "South West"),
            ("analyst@england.example", "National analyst", "England"),
            ("administrator@england.example", "Programme administrator", "England"),
        ]
        given_out = Person.objects.filter(email__in=[account.email for account in made.accounts])
        assert {
            check_password(PASSWORD, stored) for stored in given_out.values_list("password", flat=True)
        } == {True}
        held = Membership.objects.filter(person__in=given_out).values_list("person__email", "role")
        assert len(held) == 9

    def test_nobody_else_can_sign_in(self, made: Demonstration) -> None:
        others = Person.objects.exclude(email__in=[account.email for account in made.accounts])

        assert others.count() == 126
        assert [person for person in others if person.has_usable_password()] == []

    def test_the_two_systems_to_sign_in_with_are_in_different_regions(self, made: Demonstration) -> None:
        leads = Membership.objects.filter(role="lead", person__email__in=[row.email for row in made.accounts])
        regions = Affiliation.objects.filter(organisation__in=leads.values("organisation"))

        assert regions.values("parent").distinct().count() == 2

    def test_one_of_them_is_being_answered_and_the_other_awaits_its_approver(self) -> None:
        own = Assessment.objects.filter(round__status="open", organisation_name__in=["Devon", "Sussex"])

        assert dict(own.values_list("organisation_name", "status")) == {
            "Devon": Status.IN_PROGRESS,
            "Sussex": Status.AWAITING_SIGNOFF,
        }
        contributor = Person.objects.get(email="contributor@devon.example")
        held = contributor.section_assignments.filter(assessment__round__status="open")
        assert Counter(held.values_list("question", flat=True))[None] == 2
        assert held.exclude(question=None).count() == 2
        assert held.exclude(question=None).filter(question__answers__isnull=True).count() == 0
        said = SectionMark.objects.filter(assessment__in=own.filter(organisation_name="Devon"))
        assert list(said.values_list("kind", "made_by")) == [("done", contributor.pk)]
        before = Assessment.objects.filter(
            round__status="published", organisation_name__in=["Devon", "Sussex"]
        )
        assert set(before.values_list("status", flat=True)) == {Status.SUBMITTED}

    def test_sections_are_said_to_be_done_after_their_last_answer(self) -> None:
        marks = SectionMark.objects.order_by("made_at")
        done = [mark for mark in marks if mark.kind == "done"]
        wanted = [mark for mark in marks if mark.kind == "changes_requested"]

        assert len(done) > 80
        assert 0 < len(wanted) < 10
        assert {mark.assessment.status for mark in wanted} == {Status.IN_PROGRESS}
        assert {mark.note != "" for mark in wanted} == {True}
        for mark in done:
            answers = Answer.objects.filter(
                assessment=mark.assessment_id, question__dimension=mark.dimension_id, version=1
            )
            assert max(answers.values_list("answered_at", flat=True)) <= mark.made_at
            if mark.assessment.sent_at is not None:
                assert mark.made_at <= mark.assessment.sent_at
        handed_out = Event.objects.filter(verb="assessment.section_assigned")
        assert handed_out.count() == 3 * Assessment.objects.filter(answers__isnull=False).distinct().count()
        assert Event.objects.filter(verb="assessment.section_done").count() == len(done)

    def test_nobody_is_named_like_a_real_person_and_no_mail_can_reach_anybody(self) -> None:
        people = Person.objects.all()

        assert {person.email.rsplit(".", 1)[1] for person in people} == {"example"}
        assert {person.name.endswith(" (demo)") for person in people} == {True}

    def test_everybody_is_in_place_whom_the_open_round_needs(self) -> None:
        assert setup(Round.objects.get(status="open")).lacks == ()

    def test_the_audit_trail_tells_the_story_of_each_round(self) -> None:
        first = Round.objects.order_by("opens_at")[0]
        told = Event.objects.filter(round_id=first.pk, assessment_id=None).order_by("happened_at")

        assert list(told.values_list("verb", "person_name")) == [
            (verb, "England programme administrator (demo)")
            for verb in (
                "round.created",
                "round.participants_chosen",
                "round.opened",
                "round.closed",
                "round.released_provisionally",
                "round.published",
            )
        ]
        assert Event.objects.filter(verb="assessment.submitted").count() == Submission.objects.count()

    def test_made_again_it_stays_as_it_is(self, made: Demonstration) -> None:
        before = (Answer.objects.count(), Event.objects.count(), Person.objects.count())

        assert make_demonstration(password=PASSWORD) == Demonstration(made.accounts, made=False)
        assert (Answer.objects.count(), Event.objects.count(), Person.objects.count()) == before


@pytest.fixture
def demo(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def small_country(demo: None) -> None:
    """Three systems in two regions, and a questionnaire with every kind of question."""
    nation = make_nation("Ruritania")
    north, south = make_region(nation, "North"), make_region(nation, "South")
    for region, name in ((north, "Ambleshire"), (north, "Borderland"), (south, "Cliffshire")):
        make_system(region, name)
    publish_content()


def stored_answers() -> dict[tuple[str, str, str], Response]:
    found = Answer.objects.select_related("assessment__round", "question")
    return {
        (
            answer.assessment.round.title,
            answer.assessment.organisation_name,
            answer.question.code,
        ): answer.response
        for answer in found
    }


def refusal(password: str = PASSWORD) -> str:
    with pytest.raises(Refused) as refused:
        make_demonstration(password=password)
    assert not Round.objects.filter(synthetic=True).exists()
    return refused.value.message


class TestWhereItMayBeMade:
    """Accounts that share a known password must never appear beside real data."""

    def test_not_without_the_setting(self, small_country: None, settings: Settings) -> None:
        settings.DEMO = False

        assert refusal() == (
            "Demo accounts all share one password, so they are made only where the setting DEMO is true. "
            "Use make demo, or set DEMO=true for a site that no real person uses."
        )

    def test_not_without_a_password(self, small_country: None) -> None:
        assert refusal(password="") == "Give the demo accounts a password."

    def test_not_beside_a_real_round(self, small_country: None) -> None:
        make_round(publish_content(), title="Spring round")

        assert refusal() == (
            "This database has a round that is not synthetic: “Spring round”. "
            "Use an empty database for the demonstration."
        )

    def test_not_beside_a_real_person(self, small_country: None) -> None:
        Person.objects.create(email="real@nhs.example.org", name="Real Person")

        assert refusal() == (
            "This database has people who may be real (real@nhs.example.org). "
            "Use an empty database for the demonstration."
        )

    def test_not_without_organisations(self, demo: None) -> None:
        assert refusal() == (
            "There are no systems in two regions of a nation yet. Load them first: "
            "manage.py load_organisations reference/organisations/ics-2022.csv"
        )

    def test_not_with_a_single_region(self, demo: None) -> None:
        make_system(make_region(make_nation()), "Ambleshire")

        assert refusal().startswith("There are no systems in two regions of a nation yet.")

    def test_not_without_a_questionnaire(self, demo: None) -> None:
        nation = make_nation()
        for name in ("North", "South"):
            make_system(make_region(nation, name), f"{name}shire")

        assert refusal() == (
            "No questionnaire is published yet. Publish one first: manage.py publish_questionnaire "
            "surveys/questionnaires/content/ics-data-maturity-1.1.yaml"
        )


class TestInASmallCountry:
    """With any questionnaire and any organisations."""

    def test_it_is_the_same_every_time(self, small_country: None) -> None:
        with transaction.atomic():
            make_demonstration(password=PASSWORD)
            first = stored_answers()
            transaction.set_rollback(True)

        make_demonstration(password=PASSWORD)

        assert len(first) > 50
        assert stored_answers() == first

    def test_each_step_is_told(self, small_country: None, time_machine: TimeMachineFixture) -> None:
        time_machine.move_to(datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC))
        told: list[str] = []

        make_demonstration(password=PASSWORD, say=told.append)

        assert told[0] == "13 people, 9 of them with an account to sign in with"
        assert [line.split(",")[0] for line in told[1:]] == [
            "ICS data maturity 2024: 3 systems",
            "ICS data maturity 2025: 3 systems",
            "ICS data maturity 2026: 3 systems",
        ]

    def test_the_open_round_is_kept_open(self, small_country: None, time_machine: TimeMachineFixture) -> None:
        made_on = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
        time_machine.move_to(made_on)
        make_demonstration(password=PASSWORD)
        time_machine.move_to(made_on + datetime.timedelta(days=100))
        told: list[str] = []

        make_demonstration(password=PASSWORD, say=told.append)

        survey_round = Round.objects.get(status="open")
        assert survey_round.closes_at == datetime.datetime(2027, 3, 24, 17, tzinfo=datetime.UTC)
        assert told == ["ICS data maturity 2026: open until 2027-03-24"]
        event = Event.objects.get(verb="round.changed")
        assert (event.person_name, event.reason) == (
            "command line",
            "The demonstration keeps its open round open.",
        )

    def test_the_accounts_get_the_password_of_today(self, small_country: None) -> None:
        make_demonstration(password=PASSWORD)
        stranger = make_person("Nell Newcomer")

        make_demonstration(password="another-long-password")

        people = Person.objects.exclude(pk=stranger.pk)
        usable = [person for person in people if person.has_usable_password()]
        assert len(usable) == 9
        assert {person.check_password("another-long-password") for person in usable} == {True}
        stranger.refresh_from_db()
        assert stranger.check_password("another-long-password") is False


@pytest.mark.parametrize(
    ("now", "openings"),
    [
        (
            datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC),
            ["2024-11-04", "2025-11-03", "2026-11-02"],
        ),
        (datetime.datetime(2027, 1, 5, 12, tzinfo=datetime.UTC), ["2024-12-16", "2025-12-15", "2026-12-15"]),
        (datetime.datetime(2028, 3, 21, 12, tzinfo=datetime.UTC), ["2026-03-02", "2027-03-01", "2028-02-29"]),
    ],
)
def test_rounds_begin_a_year_apart_whatever_the_day(now: datetime.datetime, openings: list[str]) -> None:
    found = times.rounds(now)

    assert [timezone.localdate(row.opens_at).isoformat() for row in found] == openings
    assert [row.year for row in found] == [int(opening[:4]) for opening in openings]
    assert [row.published_at is None for row in found] == [False, False, True]
    assert found[1].published_at is not None
    assert found[1].published_at < now
