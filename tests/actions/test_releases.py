"""Results are frozen from what was signed, once, completely, and never change."""

from __future__ import annotations

import json
from decimal import Decimal

import pgtrigger
import pytest
from django.db import ProgrammingError, connection, transaction
from django.http import Http404

from surveys.actions.refusals import Refused
from surveys.actions.releases import correct, publish, release_provisionally
from surveys.models import (
    Assessment,
    Event,
    Participant,
    Release,
    ReleasedAnswer,
    ReleasedSubmission,
    Result,
    Round,
    Submission,
)
from surveys.queries.releases import prepare
from surveys.questionnaires.responses import Response
from tests.factories import make_answer, make_system
from tests.refusals import refusal
from tests.signed import (
    OWN,
    SISTER,
    close,
    levels,
    release,
    release_for_good,
    set_status,
    submit,
    submit_north,
)
from tests.together import together
from tests.world import World, build_world

Kind = Release.Kind
Status = Round.Status


def scores(of: Release, assessment: Assessment) -> dict[tuple[str, str], tuple[Decimal | None, int, int]]:
    """Score, answered and asked by measure and code."""
    return {
        (line.measure, line.code): (line.score, line.answered, line.asked)
        for line in Result.objects.filter(release=of, assessment=assessment)
    }


def test_a_check_that_fails_stops_the_publication(world: World) -> None:
    """Somebody has changed a figure of the provisional release in the database; nothing is frozen over it."""
    submit_north(world)
    made = release(world.round)
    with pgtrigger.ignore():
        Result.objects.filter(release=made, assessment=world.assessment, code="skills").update(score=4)
    assert refusal(publish, by=world.administrator, round_id=world.round.pk) == (
        "Nothing was released, because a check failed. Stored figures: Ambleshire: 1 score not as signed."
    )
    assert Release.objects.count() == 1


def test_a_release_is_checked_before_it_is_frozen(world: World) -> None:
    """A system that was chosen has no assessment, so it is neither with results nor without."""
    submit_north(world)
    Participant.objects.create(round=world.round, organisation=make_system(world.north, "Doverdale"))
    close(world.round)
    assert refusal(release_provisionally, by=None, round_id=world.round.pk) == (
        "Nothing was released, because a check failed. Counts: 4 systems were chosen, but 2 with results, "
        "1 without come to 3."
    )


def test_a_provisional_release_freezes_every_score_of_what_was_signed(world: World) -> None:
    """Dimension, section, group, overall and both gaps, each with its n of N."""
    submit_north(world)
    made = release(world.round)

    world.round.refresh_from_db()
    assert (world.round.status, made.kind, made.number, made.note) == (
        Status.PROVISIONAL,
        Kind.PROVISIONAL,
        1,
        "",
    )
    assert scores(made, world.assessment) == {
        ("dimension", "data_platform"): (Decimal("3.5"), 2, 2),
        ("dimension", "skills"): (Decimal("2.5"), 2, 2),
        ("section", "people"): (Decimal("2.5"), 2, 2),
        ("group", "infrastructure"): (Decimal("3.5"), 1, 1),
        ("group", "culture"): (Decimal("2.5"), 1, 1),
        ("overall", ""): (Decimal(3), 2, 2),
        ("gap", ""): (Decimal(1), 2, 2),
        ("gap", "core"): (Decimal(1), 2, 2),
    }


def test_a_score_on_too_few_answers_is_withheld_with_its_counts(world: World) -> None:
    """One of two answered is below 60 %: no number, and the reason can be worked out from the row."""
    submit_north(world)
    made = release(world.round)
    line = Result.objects.get(
        release=made, assessment=world.sister_assessment, measure="dimension", code="data_platform"
    )
    assert (line.score, line.withheld, line.answered, line.asked, line.not_applicable) == (
        None,
        True,
        1,
        2,
        1,
    )


def test_an_assessment_that_is_not_submitted_has_no_result(world: World) -> None:
    """It did not respond; nothing of it is in the release."""
    make_answer(world.far_assessment, "training", world.far_lead, Response(level=5))
    submit_north(world)
    made = release(world.round)
    responded = {world.assessment.pk, world.sister_assessment.pk}
    assert set(made.submissions.values_list("assessment_id", flat=True)) == responded
    assert set(made.results.values_list("assessment_id", flat=True)) == responded
    assert set(made.answers.values_list("assessment_id", flat=True)) == responded


def test_a_returned_assessment_did_not_respond_although_it_was_signed_once(world: World) -> None:
    """What was sent back to be corrected is not shown until it is signed again."""
    submit_north(world)
    world.assessment.returned_at = world.round.opens_at
    world.assessment.returned_by = world.national_analyst
    world.assessment.return_reason = "Section two contradicts section one."
    world.assessment.status = Assessment.Status.RETURNED
    world.assessment.save()
    made = release(world.round)
    assert list(made.submissions.values_list("assessment_id", flat=True)) == [world.sister_assessment.pk]


def test_an_edit_after_signing_is_not_released(world: World) -> None:
    """The latest submission counts, not the one before and not the working answers."""
    submit(world.assessment, world.approver, levels(linked_data=1, shared_platform=1))
    latest = submit(world.assessment, world.approver, levels(linked_data=4, shared_platform=4))
    make_answer(world.assessment, "linked_data", world.lead, Response(level=5))
    made = release(world.round)
    assert scores(made, world.assessment)["dimension", "data_platform"] == (Decimal(4), 2, 2)
    assert made.submissions.get().submission == latest


def test_the_answers_are_frozen_as_they_were_signed(world: World) -> None:
    """Every kind, with comments and reasons; what was left empty has no row."""
    submit_north(world)
    made = release(world.round)
    frozen = {
        row.question.code: row.response
        for row in ReleasedAnswer.objects.filter(release=made, assessment=world.assessment)
    }
    assert frozen == OWN
    sister = ReleasedAnswer.objects.get(
        release=made, assessment=world.sister_assessment, question__code="shared_platform"
    )
    assert sister.response == SISTER["shared_platform"]


def test_an_answer_to_a_question_that_is_not_asked_is_not_frozen(world: World) -> None:
    """The reason for having no sectors was typed before a sector was chosen."""
    submit(
        world.assessment,
        world.approver,
        {"sectors": Response(options=("acute",)), "why_no_sectors": Response(text="We have none.")},
    )
    made = release(world.round)
    assert list(made.answers.values_list("question__code", flat=True)) == ["sectors"]


def test_a_round_without_a_single_submission_can_be_released(world: World) -> None:
    """There is nothing to show, and that is the result."""
    made = release_for_good(world.round)
    assert (made.submissions.count(), made.results.count(), made.answers.count()) == (0, 0, 0)


def test_publishing_makes_published_release_one(world: World) -> None:
    """It holds the same figures as the provisional release, which stays."""
    submit_north(world)
    provisional = release(world.round)
    made = publish(by=world.administrator, round_id=world.round.pk)
    world.round.refresh_from_db()
    assert (world.round.status, made.kind, made.number, made.released_by) == (
        Status.PUBLISHED,
        Kind.PUBLISHED,
        1,
        world.administrator,
    )
    for assessment in (world.assessment, world.sister_assessment):
        assert scores(made, assessment) == scores(provisional, assessment)


def test_publishing_takes_in_what_was_signed_again_since_the_provisional_release(world: World) -> None:
    """That is what the provisional stage is for."""
    submit_north(world)
    provisional = release(world.round)
    submit(world.assessment, world.approver, levels(training=5, recruitment=5))
    made = publish(by=None, round_id=world.round.pk)
    assert scores(made, world.assessment)["dimension", "skills"] == (Decimal(5), 2, 2)
    assert scores(provisional, world.assessment)["dimension", "skills"] == (Decimal("2.5"), 2, 2)


def test_a_provisional_release_can_be_made_again_when_something_changed(world: World) -> None:
    """The second is numbered 2 and needs no note."""
    submit_north(world)
    release(world.round)
    submit(world.assessment, world.approver, levels(training=5, recruitment=5))
    again = release_provisionally(by=None, round_id=world.round.pk)
    assert (again.kind, again.number) == (Kind.PROVISIONAL, 2)


def test_a_correction_is_the_next_published_release_with_its_note(world: World) -> None:
    """Release 1 keeps its figures for good."""
    submit_north(world)
    first = release_for_good(world.round)
    submit(world.assessment, world.approver, levels(training=5, recruitment=5))
    second = correct(by=world.administrator, round_id=world.round.pk, note="  Ambleshire signed again. ")
    assert (second.kind, second.number, second.note) == (Kind.PUBLISHED, 2, "Ambleshire signed again.")
    assert scores(second, world.assessment)["dimension", "skills"] == (Decimal(5), 2, 2)
    assert scores(first, world.assessment)["dimension", "skills"] == (Decimal("2.5"), 2, 2)


def test_the_event_says_who_what_and_how_much(world: World) -> None:
    """The audit trail has one line for each of the three steps."""
    submit_north(world)
    close(world.round)
    release_provisionally(by=world.administrator, round_id=world.round.pk)
    publish(by=world.administrator, round_id=world.round.pk)
    submit(world.assessment, world.approver, levels(training=5, recruitment=5))
    third = correct(by=None, round_id=world.round.pk, note="Signed again.")
    events = Event.objects.filter(round_id=world.round.pk).order_by("pk")
    assert [(event.verb, event.person_name, event.reason) for event in events] == [
        ("round.released_provisionally", "Ada Administrator", ""),
        ("round.published", "Ada Administrator", ""),
        ("round.corrected", "command line", "Signed again."),
    ]
    assert events[2].detail == {
        "release": third.pk,
        "kind": "published",
        "number": 2,
        "systems": 2,
        "of": 3,
        "results": third.results.count(),
        "answers": third.answers.count(),
    }


@pytest.mark.parametrize("status", [Status.DRAFT, Status.OPEN, Status.PUBLISHED])
def test_only_a_closed_or_provisional_round_is_released_provisionally(world: World, status: str) -> None:
    """The refusal names the stage the round is at; nothing is written."""
    set_status(world.round, status)
    with pytest.raises(Refused) as refused:
        release_provisionally(by=None, round_id=world.round.pk)
    assert refused.value.message == (
        f"“Spring round” is at the stage “{Status(status).label}”. Results are released provisionally once a "
        "round is closed, and published after that."
    )
    assert Release.objects.count() == Event.objects.filter(round_id=world.round.pk).count() == 0


@pytest.mark.parametrize("status", [Status.DRAFT, Status.OPEN, Status.CLOSED, Status.PUBLISHED])
def test_only_a_provisional_round_is_published(world: World, status: str) -> None:
    """A published round is corrected instead."""
    set_status(world.round, status)
    with pytest.raises(Refused):
        publish(by=None, round_id=world.round.pk)
    assert Release.objects.count() == 0


@pytest.mark.parametrize("status", [Status.DRAFT, Status.OPEN, Status.CLOSED, Status.PROVISIONAL])
def test_only_a_published_round_is_corrected(world: World, status: str) -> None:
    """Before that a new provisional release will do."""
    set_status(world.round, status)
    with pytest.raises(Refused) as refused:
        correct(by=None, round_id=world.round.pk, note="A correction.")
    assert refused.value.message == "“Spring round” is not published, so there is nothing to correct yet."


def test_a_correction_without_a_note_is_refused(world: World) -> None:
    """Readers must learn why figures changed."""
    submit_north(world)
    release_for_good(world.round)
    submit(world.assessment, world.approver, levels(training=5, recruitment=5))
    with pytest.raises(Refused) as refused:
        correct(by=None, round_id=world.round.pk, note=" \n\u200b")
    assert refused.value.message == (
        "Say in the note what changed and why: everybody who reads the results sees it."
    )


def test_a_release_that_would_say_the_same_again_is_refused(world: World) -> None:
    """Signing the same answers once more changes nothing that a reader can see."""
    submit_north(world)
    release_for_good(world.round)
    submit(world.assessment, world.approver, OWN)
    with pytest.raises(Refused) as refused:
        correct(by=None, round_id=world.round.pk, note="Nothing, really.")
    assert refused.value.message == (
        "No score and no answer differs from Published release 1. There is nothing to release again."
    )


def test_figures_that_changed_since_they_were_looked_at_are_not_released(world: World) -> None:
    """The fingerprint on the page is that of the figures which the administrator saw."""
    submit_north(world)
    close(world.round)
    seen = prepare(world.round).fingerprint
    submit(world.far_assessment, world.far_approver, levels(training=1))
    with pytest.raises(Refused) as refused:
        release_provisionally(by=world.administrator, round_id=world.round.pk, seen=seen)
    assert refused.value.message.startswith("The figures have changed since you opened this page")
    assert Release.objects.count() == 0
    fresh = prepare(world.round).fingerprint
    assert release_provisionally(by=world.administrator, round_id=world.round.pk, seen=fresh).number == 1


def test_a_submission_that_was_tampered_with_stops_the_release(world: World) -> None:
    """The SHA-256 taken when it was signed must fit; the sentence names the system."""
    close(world.round)
    Submission.objects.create(
        assessment=world.assessment,
        number=1,
        content='{"answers":{}}',
        sha256="0" * 64,
        declaration="I confirm.",
        signed_by=world.approver,
        signed_by_name="April Approver",
        signed_at=world.round.opens_at,
    )
    set_status(world.assessment, Assessment.Status.SUBMITTED)
    with pytest.raises(Refused) as refused:
        release_provisionally(by=None, round_id=world.round.pk)
    assert refused.value.message == (
        "Nothing was released. Submission 1 of Ambleshire is not as it was signed: its SHA-256 does not fit."
    )


@pytest.mark.parametrize(
    ("responses", "why"),
    [
        ({"shared_platforms": Response(level=3)}, "the questionnaire has no question shared_platforms"),
        ({"linked_data": Response(level=9)}, "Question linked_data: it has no 9 to choose."),
    ],
)
def test_a_submission_that_cannot_be_scored_stops_the_release(
    world: World, responses: dict[str, Response], why: str
) -> None:
    """Nobody's figures are released while one system's cannot be worked out."""
    submit(world.assessment, world.approver, responses)
    submit(world.sister_assessment, world.sister_approver, SISTER)
    close(world.round)
    with pytest.raises(Refused) as refused:
        release_provisionally(by=None, round_id=world.round.pk)
    assert refused.value.message == (
        f"Nothing was released. Submission 1 of Ambleshire cannot be scored ({why}). Return it."
    )


def test_submitted_without_a_submission_stops_the_release(world: World) -> None:
    """A status without a signature is no response."""
    close(world.round)
    set_status(world.assessment, Assessment.Status.SUBMITTED)
    with pytest.raises(Refused) as refused:
        release_provisionally(by=None, round_id=world.round.pk)
    assert refused.value.message == (
        "Nothing was released. Ambleshire is marked as submitted but has no signed submission. Return it so "
        "that it is signed."
    )


@pytest.mark.parametrize("who", ["lead", "approver", "national_analyst", "regional_analyst", "newcomer"])
def test_nobody_but_an_administrator_releases(world: World, who: str) -> None:
    """For everybody else there is no such page."""
    close(world.round)
    for act in (release_provisionally, publish):
        with pytest.raises(Http404):
            act(by=getattr(world, who), round_id=world.round.pk)
    with pytest.raises(Http404):
        correct(by=getattr(world, who), round_id=world.round.pk, note="A correction.")
    assert Release.objects.count() == 0


def test_a_round_that_does_not_exist_is_not_found(world: World) -> None:
    """For administrators too."""
    with pytest.raises(Http404):
        publish(by=world.administrator, round_id=0)


def test_what_is_released_cannot_be_changed(world: World) -> None:
    """Not even by somebody who writes SQL."""
    submit_north(world)
    made = release(world.round)
    for rows in (
        Release.objects.filter(pk=made.pk),
        Result.objects.filter(release=made),
        ReleasedAnswer.objects.filter(release=made),
        ReleasedSubmission.objects.filter(release=made),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            rows._raw_delete("default")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Result.objects.filter(release=made).update(score=5)


def test_a_release_that_is_not_written_in_full_is_not_made(world: World) -> None:
    """Here the database loses comments on their way in; the release reads them back and misses them."""
    submit_north(world)
    close(world.round)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.lose() RETURNS trigger LANGUAGE plpgsql "
            "AS 'BEGIN NEW.comment := $$$$; RETURN NEW; END'"
        )
        cursor.execute(
            "CREATE TRIGGER lose BEFORE INSERT ON surveys_releasedanswer FOR EACH ROW "
            "WHEN (NEW.comment <> '') EXECUTE FUNCTION pg_temp.lose()"
        )
    with pytest.raises(RuntimeError, match="does not hold what was worked out"):
        release_provisionally(by=None, round_id=world.round.pk)
    assert Release.objects.count() == 0
    world.round.refresh_from_db()
    assert world.round.status == Status.CLOSED


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_the_second_is_refused() -> None:
    """The round is locked: there is one published release, not two."""
    world = build_world()
    submit_north(world)
    release(world.round)

    def act() -> str:
        return str(publish(by=world.administrator, round_id=world.round.pk))

    outcomes = together(act, act)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert [outcome for outcome in outcomes if outcome not in refused] == ["Published release 1"]
    assert len(refused) == 1
    assert Release.objects.filter(kind=Kind.PUBLISHED).count() == 1


def test_the_submission_released_is_the_document_that_was_signed(world: World) -> None:
    """Anybody can score the signed copy again."""
    submit_north(world)
    made = release(world.round)
    submission = made.submissions.get(assessment=world.assessment).submission
    assert json.loads(submission.content)["answers"]["training"] == {
        "level": 2,
        "comment": "Cuts in Ambleshire.",
    }
