"""Bringing answers kept elsewhere into a round."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest
from django.http import Http404
from django.utils import timezone

from surveys.actions.answer_imports import (
    IMPORTER_EMAIL,
    AnswerFile,
    AnswerImport,
    GivenAnswer,
    import_answers,
)
from surveys.actions.participants import withdraw_participant
from surveys.actions.refusals import Refused
from surveys.actions.releases import publish, release_provisionally
from surveys.actions.row_problems import RowsRefused
from surveys.models import Answer, Assessment, Event, Person, Result, Round, Submission
from surveys.queries.submission_copy import read_copy
from surveys.questionnaires.canonical import sha256
from surveys.questionnaires.responses import Response
from tests.factories import make_answer, make_round
from tests.world import World

pytestmark = pytest.mark.django_db


def past_round(world: World, **fields: object) -> Round:
    """A draft round of three years ago."""
    closed = timezone.now() - datetime.timedelta(days=1000)
    values = {"opens_at": closed - datetime.timedelta(days=30), "closes_at": closed} | fields
    return make_round(world.questionnaire, title="Long ago", status=Round.Status.DRAFT, **values)


def rows(*given: tuple[str, str, Response]) -> tuple[GivenAnswer, ...]:
    return tuple(GivenAnswer(number, *answer) for number, answer in enumerate(given, start=2))


LEVELS = (("linked_data", 3), ("shared_platform", 2), ("training", 4), ("recruitment", 1))


def whole(*organisations: str) -> tuple[GivenAnswer, ...]:
    """Every scored question answered, by each of the organisations."""
    return rows(*((name, code, Response(level=level)) for name in organisations for code, level in LEVELS))


def bring_in(
    survey_round: Round, answers: Sequence[GivenAnswer], *, by: Person | None = None, dry_run: bool = False
) -> AnswerImport:
    file = AnswerFile("answers.csv", "ab" * 32, tuple(answers))
    return import_answers(by=by, round_id=survey_round.pk, file=file, dry_run=dry_run)


def problems(survey_round: Round, answers: Sequence[GivenAnswer]) -> list[str]:
    before = (Answer.objects.count(), Assessment.objects.count(), Submission.objects.count())
    with pytest.raises(RowsRefused) as refused:
        bring_in(survey_round, answers)
    assert (Answer.objects.count(), Assessment.objects.count(), Submission.objects.count()) == before
    return [str(problem) for problem in refused.value.problems]


def stored(survey_round: Round) -> dict[tuple[str, str], Response]:
    found = Answer.objects.filter(assessment__round=survey_round).select_related("assessment", "question")
    return {(answer.assessment.organisation_name, answer.question.code): answer.response for answer in found}


def test_a_past_round_is_brought_in_and_its_results_are_published(world: World) -> None:
    survey_round = past_round(world)

    report = bring_in(survey_round, whole("Ambleshire", "Cliffshire"))

    assert report == AnswerImport(
        title="Long ago",
        status="closed",
        created=8,
        changed=0,
        unchanged=0,
        blank=0,
        submitted=2,
        without=("Borderland",),
    )
    assert dict(Assessment.objects.filter(round=survey_round).values_list("organisation_name", "status")) == {
        "Ambleshire": "submitted",
        "Borderland": "not_started",
        "Cliffshire": "submitted",
    }
    release_provisionally(by=world.administrator, round_id=survey_round.pk)
    release = publish(by=world.administrator, round_id=survey_round.pk)
    overall = Result.objects.filter(release=release, measure="overall").select_related("assessment")
    assert {line.assessment.organisation_name: str(line.score) for line in overall} == {
        "Ambleshire": "2.5000",
        "Cliffshire": "2.5000",
    }


def test_an_imported_submission_says_that_nobody_signed_it_here(world: World) -> None:
    survey_round = past_round(world)
    bring_in(survey_round, whole("Ambleshire"))

    copy = Submission.objects.get()
    today = timezone.localdate()
    assert copy.signed_by_name == "nobody here (imported from a file)"
    assert copy.declaration == (
        f"These answers were brought in from the file “answers.csv” (SHA-256 {'ab' * 32}) on "
        f"{today:%A} {today.day} {today:%B} {today.year}. They were not signed in this service."
    )
    assert copy.sha256 == sha256(copy.content)
    assert read_copy(copy.content).responses["training"] == Response(level=4)
    assert read_copy(copy.content).answered_by["training"].name == "Imported from a file"
    importer = Person.objects.get(email=IMPORTER_EMAIL)
    assert (importer.is_active, importer.has_usable_password(), copy.signed_by) == (False, False, importer)


def test_the_same_answers_again_change_nothing(world: World) -> None:
    survey_round = past_round(world)
    bring_in(survey_round, whole("Ambleshire"))
    before = (Submission.objects.count(), Event.objects.count(), Person.objects.count())

    report = bring_in(survey_round, whole("Ambleshire"))

    assert (report.created, report.changed, report.unchanged, report.submitted) == (0, 0, 4, 0)
    assert (Submission.objects.count(), Event.objects.count(), Person.objects.count()) == before
    assert set(Answer.objects.values_list("version", flat=True)) == {1}


def test_a_correction_makes_a_new_numbered_copy_and_leaves_the_results_as_released(world: World) -> None:
    survey_round = past_round(world)
    bring_in(survey_round, whole("Ambleshire", "Cliffshire"))
    release = release_provisionally(by=None, round_id=survey_round.pk)

    report = bring_in(survey_round, rows(("Ambleshire", "training", Response(level=5))))

    assert (report.status, report.changed, report.submitted) == ("provisional", 1, 1)
    copies = Submission.objects.filter(assessment__organisation=world.own)
    assert [(copy.number, read_copy(copy.content).responses["training"].level) for copy in copies] == [
        (1, 4),
        (2, 5),
    ]
    skills = Result.objects.get(release=release, assessment__organisation=world.own, code="skills")
    assert str(skills.score) == "2.5000"


def test_a_dry_run_stores_nothing(world: World) -> None:
    survey_round = past_round(world)

    report = bring_in(survey_round, whole("Ambleshire"), dry_run=True)

    assert (report.created, report.submitted) == (4, 1)
    survey_round.refresh_from_db()
    assert survey_round.status == "draft"
    assert stored(survey_round) == {}
    assert not Person.objects.filter(email=IMPORTER_EMAIL).exists()


def test_systems_that_were_chosen_stay_the_only_participants(world: World) -> None:
    survey_round = past_round(world)
    survey_round.participants.create(organisation=world.own)

    assert problems(survey_round, whole("Cliffshire")[:1]) == [
        (
            "row 2, column organisation_code: “Cliffshire” is no system of this round. "
            "Give the ODS code or the name of a system that takes part, as it is or as it was."
        )
    ]
    assert bring_in(survey_round, whole("Ambleshire")).without == ()


def test_a_system_is_found_by_its_code_or_its_name(world: World) -> None:
    code = world.own.codes.get().code
    survey_round = past_round(world)

    bring_in(
        survey_round,
        rows(
            (code.lower(), "linked_data", Response(level=1)),
            ("NHS Borderland", "linked_data", Response(level=2)),
            ("cliffshire", "linked_data", Response(level=3)),
        ),
    )

    assert stored(survey_round) == {
        ("Ambleshire", "linked_data"): Response(level=1),
        ("Borderland", "linked_data"): Response(level=2),
        ("Cliffshire", "linked_data"): Response(level=3),
    }


def test_a_name_that_two_systems_have_had_is_not_guessed(world: World) -> None:
    world.sister.names.update(official_name="NHS Ambleshire")

    assert problems(past_round(world), rows(("NHS Ambleshire", "training", Response(level=3)))) == [
        (
            "row 2, column organisation_code: More than one system of the round is called “NHS Ambleshire”. "
            "Give its ODS code."
        )
    ]


def test_blank_rows_say_nothing(world: World) -> None:
    survey_round = past_round(world)
    bring_in(survey_round, rows(("Ambleshire", "training", Response(level=3))))

    report = bring_in(
        survey_round,
        rows(("Ambleshire", "training", Response()), ("Borderland", "training", Response())),
    )

    assert (report.blank, report.submitted, report.without) == (2, 0, ("Borderland", "Cliffshire"))
    assert stored(survey_round) == {("Ambleshire", "training"): Response(level=3)}


def test_every_problem_is_told_with_its_row_and_nothing_is_stored(world: World) -> None:
    assert problems(
        past_round(world),
        rows(
            ("Ambleshire", "linked_data", Response(level=3, not_applicable=True, reason="No")),
            ("Ambleshire", "training", Response(level=3)),
            ("Ambleshire", "training", Response(level=4)),
            ("Ambleshire", "sectors", Response(options=("other",))),
            ("Ambleshire", "clarity", Response(comment="x" * 5001)),
            ("Cliffshire", "why_no_sectors", Response(text="We have some")),
        ),
    ) == [
        "row 2, column not_applicable_reason: Give an answer or choose “not applicable”, not both.",
        "row 2, column not_applicable_reason: This question cannot be marked “not applicable”.",
        (
            "row 4, column question_code: Row 3 answers the same question for the same organisation. "
            "Keep one of them."
        ),
        "row 5, column other: Say what you mean by “Another sector”.",
        "row 6, column comment: Use 5,000 characters or fewer. You used 5,001.",
        (
            "row 7, column question_code: why_no_sectors is not asked, given the other answers of "
            "Cliffshire. Remove the row, or correct the answer on which the question depends."
        ),
    ]


def test_a_question_that_an_earlier_import_made_asked_may_be_answered(world: World) -> None:
    survey_round = past_round(world)
    bring_in(survey_round, rows(("Ambleshire", "sectors", Response(options=("none",)))))

    report = bring_in(survey_round, rows(("Ambleshire", "why_no_sectors", Response(text="No money"))))

    assert (report.created, report.submitted) == (1, 1)


def test_only_people_who_manage_rounds_may_import(world: World) -> None:
    survey_round = past_round(world)

    with pytest.raises(Http404):
        bring_in(survey_round, whole("Ambleshire"), by=world.national_analyst)
    with pytest.raises(Http404):
        import_answers(by=None, round_id=0, file=AnswerFile("answers.csv", "", ()))

    bring_in(survey_round, whole("Ambleshire"), by=world.administrator)
    events = Event.objects.filter(round_id=survey_round.pk).order_by("pk")
    assert [(event.person_name, event.verb) for event in events] == [
        ("Ada Administrator", "round.participants_chosen"),
        ("Ada Administrator", "round.opened"),
        ("Ada Administrator", "assessment.answers_imported"),
        ("Ada Administrator", "round.closed"),
    ]
    imported = events.get(verb="assessment.answers_imported")
    assert imported.subject == "Ambleshire, Long ago"
    assert imported.detail == {"file": "answers.csv", "sha256": "ab" * 32, "created": 4}


def test_a_draft_that_still_lies_ahead_takes_no_answers(world: World) -> None:
    closes = datetime.datetime(2100, 7, 1, 16, tzinfo=datetime.UTC)
    survey_round = past_round(world, closes_at=closes)

    with pytest.raises(Refused) as refused:
        bring_in(survey_round, whole("Ambleshire"))

    assert refused.value.message == (
        "“Long ago” is a draft that closes on Thursday 1 July 2100 at 5pm. To fill it while people "
        "answer, open "
        "it first. To bring in a past round, give it the dates that it had."
    )


def test_an_open_round_takes_no_answers_before_its_time(world: World) -> None:
    opens = datetime.datetime(2100, 6, 1, 8, tzinfo=datetime.UTC)
    closes = opens + datetime.timedelta(days=30)
    Round.objects.filter(pk=world.round.pk).update(opens_at=opens, closes_at=closes)

    with pytest.raises(Refused) as refused:
        bring_in(world.round, whole("Ambleshire"))

    assert refused.value.message == (
        "“Spring round” opens on Tuesday 1 June 2100 at 9am. Nothing can be answered before then."
    )


class TestWhilePeopleAnswer:
    """An import into a round that is open."""

    def test_its_people_go_on_from_the_imported_answers(self, world: World) -> None:
        report = bring_in(world.round, whole("Ambleshire")[:2])

        assert (report.status, report.created, report.submitted) == ("open", 2, 0)
        world.assessment.refresh_from_db()
        assert world.assessment.status == "in_progress"
        assert Submission.objects.count() == 0

    def test_an_import_corrects_an_earlier_one(self, world: World) -> None:
        bring_in(world.round, rows(("Ambleshire", "training", Response(level=2))))
        report = bring_in(world.round, rows(("Ambleshire", "training", Response(level=3))))

        assert report.changed == 1
        assert stored(world.round) == {("Ambleshire", "training"): Response(level=3)}

    def test_what_a_person_answered_is_never_overwritten(self, world: World) -> None:
        answer = make_answer(world.assessment, "training", world.lead, Response(level=2))
        day = timezone.localtime(answer.answered_at)

        assert problems(world.round, whole("Ambleshire")) == [
            (
                f"row 4, column answer: Lena Lead answered this question differently on {day:%A} {day.day} "
                f"{day:%B} {day.year}. Nothing is overwritten: remove the row."
            )
        ]
        report = bring_in(world.round, rows(("Ambleshire", "training", Response(level=2))))
        assert report.unchanged == 1

    @pytest.mark.parametrize(
        ("status", "words"),
        [("awaiting_signoff", "awaiting sign-off"), ("submitted", "submitted")],
    )
    def test_what_is_with_the_approver_or_signed_stays(self, world: World, status: str, words: str) -> None:
        Assessment.objects.filter(pk=world.assessment.pk).update(
            status=status, sent_at=timezone.now(), sent_by=world.lead
        )

        assert problems(world.round, whole("Ambleshire")) == [
            (
                f"row 2, column organisation_code: The assessment of Ambleshire is {words}, so its answers "
                f"cannot be "
                "changed. Have it returned first, or remove its rows."
            )
        ]

    def test_a_system_that_was_withdrawn_takes_no_rows(self, world: World) -> None:
        withdraw_participant(by=world.administrator, assessment_id=world.assessment.pk, reason="Merged")

        assert problems(world.round, whole("Ambleshire")) == [
            (
                "row 2, column organisation_code: Ambleshire was withdrawn from this round. "
                "Remove its rows, or let it take part again first."
            )
        ]
        report = bring_in(world.round, whole("Borderland")[:2])
        assert report.without == ("Cliffshire",)


class TestAfterTheClosingTime:
    """An import into a round in which people answered here."""

    def test_what_people_answered_or_signed_stays(self, world: World) -> None:
        make_answer(world.assessment, "training", world.lead, Response(level=2))
        now = timezone.now()
        Submission.objects.create(
            assessment=world.assessment,
            number=1,
            content="{}",
            sha256=sha256("{}"),
            declaration="I confirm.",
            signed_by=world.approver,
            signed_by_name="A. Approver",
            signed_at=now,
        )
        Round.objects.filter(pk=world.round.pk).update(status="closed", closes_at=now)

        assert problems(world.round, whole("Ambleshire")) == [
            (
                "row 2, column organisation_code: People have answered or signed for Ambleshire here "
                "(A. Approver, Lena Lead). After the closing time an import changes only what was imported. "
                "Remove its rows."
            )
        ]

    def test_a_return_on_paper_can_still_be_brought_in(self, world: World) -> None:
        Round.objects.filter(pk=world.round.pk).update(closes_at=timezone.now())

        report = bring_in(world.round, whole("Borderland"))

        assert (report.status, report.submitted) == ("open", 1)
        world.sister_assessment.refresh_from_db()
        assert world.sister_assessment.status == "submitted"

    @pytest.mark.parametrize("status", ["open", "closed"])
    def test_what_others_left_unsigned_is_not_submitted_with_it(self, world: World, status: str) -> None:
        """Nobody signed it, and the file says nothing of it."""
        make_answer(world.assessment, "training", world.lead, Response(level=2))
        Assessment.objects.filter(pk=world.assessment.pk).update(status="in_progress")
        Round.objects.filter(pk=world.round.pk).update(status=status, closes_at=timezone.now())

        report = bring_in(world.round, whole("Borderland"))

        assert report.submitted == 1
        assert dict(
            Assessment.objects.filter(round=world.round).values_list("organisation_name", "status")
        ) == {"Ambleshire": "in_progress", "Borderland": "submitted", "Cliffshire": "not_started"}
        assert [copy.assessment for copy in Submission.objects.all()] == [world.sister_assessment]

    def test_an_imported_assessment_that_was_returned_is_kept_again(self, world: World) -> None:
        survey_round = past_round(world)
        bring_in(survey_round, whole("Ambleshire"))
        Assessment.objects.filter(round=survey_round, organisation=world.own).update(
            status="returned",
            returned_at=timezone.now(),
            returned_by=world.administrator,
            return_reason="Why?",
        )

        assert bring_in(survey_round, whole("Ambleshire")).submitted == 1
        assert list(Submission.objects.values_list("number", flat=True)) == [1, 2]
