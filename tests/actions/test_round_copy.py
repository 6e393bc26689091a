"""A new round begins like an earlier one, for its own dates, without anything that happened in that."""

from __future__ import annotations

import datetime
from collections.abc import Collection

import pytest
from django.http import Http404
from django.utils import timezone

from surveys.actions.moderation_plan import plan_moderation
from surveys.actions.participants import withdraw_participant
from surveys.actions.people import deactivate
from surveys.actions.refusals import Refused
from surveys.actions.reminders import plan_reminder, plan_usual, stop_planned
from surveys.actions.round_copy import create_round_like
from surveys.models import Event, ModerationPlan, Participant, PlannedReminder, Round
from surveys.queries.reminder_words import Wording
from surveys.queries.round_copy import EarlierRound, Part, earlier_round, moved
from tests.actions.test_rounds import details
from tests.factories import make_round, make_system
from tests.signed import set_status
from tests.world import World

SITE = "https://survey.example.org/"
DAY = datetime.timedelta(days=1)
EVERYTHING = tuple(Part)


def like(world: World, parts: Collection[str] = EVERYTHING, **changes: object) -> Round:
    return create_round_like(
        by=world.administrator,
        details=details(world, **changes),
        before_id=world.round.pk,
        parts=parts,
        site=SITE,
    )


def chosen(survey_round: Round) -> set[int]:
    rows = Participant.objects.filter(round=survey_round)
    return set(rows.values_list("organisation_id", flat=True))


def plan(world: World, days: int = 14) -> ModerationPlan:
    return plan_moderation(
        by=world.administrator,
        round_id=world.round.pk,
        lead_reviewer_id=world.national_analyst.pk,
        answers_until=world.round.closes_at + days * DAY,
        seen=None,
    )


def earlier(world: World, wanted: str = "") -> EarlierRound:
    found = earlier_round(world.administrator, wanted)
    assert found is not None
    return found


def test_a_round_of_everybody_is_followed_by_one_of_everybody(world: World) -> None:
    """A system that came since is in it, one that was withdrawn is too, and one that ended is not."""
    new = make_system(world.north, "Downland")
    new.opened_on = timezone.localdate() + DAY
    new.save()
    world.far.closed_on = timezone.localdate() + DAY
    world.far.save()
    withdraw_participant(by=world.administrator, assessment_id=world.assessment.pk, reason="Ill")
    made = like(world, participants_as_at=timezone.localdate() + 10 * DAY)
    assert chosen(made) == {world.own.pk, world.sister.pk, new.pk}
    assert chosen(world.round) == {world.own.pk, world.sister.pk, world.far.pk}


def test_a_round_of_some_is_followed_by_one_of_the_same_that_are_still_there(world: World) -> None:
    make_system(world.north, "Downland")
    world.far.closed_on = timezone.localdate() + DAY
    world.far.save()
    withdraw_participant(by=world.administrator, assessment_id=world.sister_assessment.pk, reason="Ill")
    made = like(world, participants_as_at=timezone.localdate() + 10 * DAY)
    assert chosen(made) == {world.own.pk}


def test_reminders_come_with_their_texts_and_without_what_they_sent(world: World) -> None:
    about = {"by": world.administrator, "round_id": world.round.pk, "site": "http://old.example/"}
    plan_usual(**about)
    words = Wording("Ours: {round}", "Only ours. {link}")
    plan_reminder(days_before=14, wording=words, **about)
    stopped = PlannedReminder.objects.get(round=world.round, days_before=30)
    stop_planned(by=world.administrator, round_id=world.round.pk, planned_id=stopped.pk)
    made = like(world)
    rows = PlannedReminder.objects.filter(round=made)
    assert {row.days_before for row in rows} == {14, 7, 1, -1}
    assert {(row.subject, row.body, row.site) for row in rows.filter(days_before=14)} == {
        ("Ours: {round}", "Only ours. {link}", SITE)
    }
    assert [row.sent.count() for row in rows] == [0] * 4


def test_the_moderation_plan_keeps_its_lead_and_its_distance_from_the_closing(world: World) -> None:
    plan(world)
    made = like(world)
    copied = ModerationPlan.objects.get(round=made)
    assert copied.lead_reviewer == world.national_analyst
    assert copied.answers_until == moved(
        world.round.closes_at + 14 * DAY, world.round.closes_at, made.closes_at
    )
    assert timezone.localdate(copied.answers_until) == timezone.localdate(made.closes_at) + 14 * DAY


def test_a_distance_is_kept_on_the_clock_across_a_change_of_the_clocks() -> None:
    zone = timezone.get_default_timezone()
    closed = datetime.datetime(2026, 6, 26, 17, tzinfo=zone)
    until = datetime.datetime(2026, 7, 10, 12, tzinfo=zone)
    closes = datetime.datetime(2027, 3, 26, 17, tzinfo=zone)
    assert moved(until, closed, closes) == datetime.datetime(2027, 4, 9, 12, tzinfo=zone)


def test_a_plan_that_nobody_could_lead_or_that_would_be_over_is_left_out(world: World) -> None:
    plan(world)
    now = timezone.now()
    past = like(world, title="Past round", opens_at=now - 90 * DAY, closes_at=now - 60 * DAY)
    deactivate(by=world.administrator, person_id=world.national_analyst.pk, reason="Left")
    assert [each.part for each in earlier(world, str(world.round.pk)).parts] == [Part.SYSTEMS]
    made = like(world)
    assert not ModerationPlan.objects.filter(round__in=[past, made]).exists()


def test_nothing_that_was_done_comes_with_it(world: World) -> None:
    set_status(world.round, Round.Status.PUBLISHED)
    made = like(world)
    assert (made.status, made.assessments.count(), made.releases.count()) == ("draft", 0, 0)
    assert [event.verb for event in Event.objects.filter(round_id=made.pk).order_by("pk")] == [
        "round.created",
        "round.participants_chosen",
    ]
    assert not Event.objects.filter(round_id=world.round.pk).exists()


def test_what_is_not_wanted_is_not_taken_over(world: World) -> None:
    plan_usual(by=world.administrator, round_id=world.round.pk, site=SITE)
    plan(world)
    made = like(world, parts=[])
    assert chosen(made) == set()
    assert not PlannedReminder.objects.filter(round=made).exists()
    assert not ModerationPlan.objects.filter(round=made).exists()


def test_a_refusal_leaves_nothing(world: World) -> None:
    plan_usual(by=world.administrator, round_id=world.round.pk, site=SITE)
    with pytest.raises(Refused, match="There is already a round called"):
        like(world, title="Spring round")
    assert Round.objects.count() == 1


@pytest.mark.parametrize("who", ["lead", "national_analyst", "newcomer"])
def test_only_administrators_begin_a_round(world: World, who: str) -> None:
    with pytest.raises(Http404):
        create_round_like(
            by=getattr(world, who), details=details(world), before_id=world.round.pk, parts=[], site=SITE
        )
    assert earlier_round(getattr(world, who)) is None


@pytest.mark.parametrize("wanted", ["", "0", "x", "²", "9" * 30])
def test_without_a_round_that_is_there_it_is_the_one_that_opened_last(world: World, wanted: str) -> None:
    make_round(world.questionnaire, title="Older", opens_at=timezone.now() - 90 * DAY)
    assert earlier(world, wanted).round == world.round


def test_the_parts_say_what_the_new_round_would_get(world: World) -> None:
    plan_usual(by=world.administrator, round_id=world.round.pk, site=SITE)
    plan(world)
    assert [(each.part.value, each.words) for each in earlier(world).parts] == [
        ("systems", "Every system of the new round's day."),
        (
            "reminders",
            (
                "With their texts: 30 days before the deadline; 7 days before the deadline; 1 day before the "
                "deadline; 1 day after the deadline."
            ),
        ),
        ("moderation", "Nadia Nation leads; systems may answer for 14 days after the closing."),
    ]
    make_system(world.north, "Downland")
    assert earlier(world).parts[0].words == "Those of its 3 systems that exist on the new round's day."
    bare = make_round(world.questionnaire, title="Bare round")
    assert earlier(world, str(bare.pk)).parts == ()
