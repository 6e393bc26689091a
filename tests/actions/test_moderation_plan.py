"""Who decides about a round's levels, and who reviews which system."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from surveys.actions.moderation_plan import assign_reviewer, end_review, plan_moderation
from surveys.models import Assessment, Event, Membership, ModerationPlan, Person, Succession
from surveys.permissions import Permission, visible_to
from tests.factories import make_membership, make_person
from tests.moderated import peer, planned
from tests.refusals import refusal
from tests.signed import set_status
from tests.world import World

DAY = datetime.timedelta(days=1)


def test_a_plan_says_who_decides_and_until_when_systems_answer(world: World) -> None:
    until = timezone.now() + 40 * DAY
    plan = planned(world, answers_until=until)

    stored = ModerationPlan.objects.get(round=world.round)
    assert (stored.lead_reviewer, stored.answers_until, stored.changed_by) == (
        world.national_analyst,
        until,
        world.administrator,
    )
    event = Event.objects.get(round_id=world.round.pk)
    assert (event.verb, event.subject, event.detail) == (
        "moderation.planned",
        "Spring round",
        {
            "lead_reviewer": "Nadia Nation",
            "answers_until": until.astimezone(datetime.UTC).isoformat(),
        },
    )

    planned(world, lead_reviewer_id=world.administrator.pk, seen=plan.changed_at)
    assert ModerationPlan.objects.get(round=world.round).lead_reviewer == world.administrator


def test_the_later_of_two_administrators_learns_of_the_earlier_one(world: World) -> None:
    planned(world)
    words = "Somebody else changed the plan since you opened this page. Look at it again."
    assert refusal(planned, world=world) == words


def test_the_lead_reviewer_may_moderate_every_system(world: World) -> None:
    words = "The lead reviewer is a national analyst or an administrator whose account is switched on."
    world.national_analyst.is_active = False
    world.national_analyst.save()
    for person in (world.regional_analyst, world.lead, world.national_analyst, Person(pk=0)):
        assert refusal(planned, world=world, lead_reviewer_id=person.pk) == words
    assert not ModerationPlan.objects.exists()


def test_systems_have_time_to_answer_after_the_closing(world: World) -> None:
    past = timezone.now() - DAY
    words = "The time until which systems may answer must be in the future."
    assert refusal(planned, world=world, answers_until=past) == words
    assert refusal(planned, world=world, answers_until=world.round.closes_at).startswith(
        "Levels are proposed after the closing of the round, so systems need time to answer after "
    )


def test_a_round_that_was_closed_early_needs_no_time_after_its_closing_time(world: World) -> None:
    set_status(world.round, "closed")
    tomorrow = timezone.now() + DAY
    assert tomorrow < world.round.closes_at
    assert planned(world, answers_until=tomorrow).answers_until == tomorrow


def test_a_published_round_is_not_moderated_any_more(world: World) -> None:
    set_status(world.round, "published")
    words = "“Spring round” is at the stage “Published”, so nothing is moderated any more."
    assert refusal(planned, world=world) == words


def test_administrators_plan(world: World) -> None:
    for person in (world.national_analyst, world.lead):
        with pytest.raises(Http404):
            planned(world, by=person)
        with pytest.raises(Http404):
            assign_reviewer(by=person, assessment_id=world.assessment.pk, email=world.far_lead.email)


def reviewable(person: Person) -> set[str]:
    """The systems that a person may review, as a new request would find them."""
    rows = visible_to(Person.objects.get(pk=person.pk), Permission.REVIEW, Assessment.objects.all())
    return {row.organisation_name for row in rows}


def test_a_peer_reviews_what_they_were_asked_to_until_it_ends(world: World) -> None:
    assert reviewable(world.far_lead) == set()
    review = peer(world)
    assert reviewable(world.far_lead) == {"Ambleshire"}
    rows = visible_to(world.far_lead, Permission.READ_ASSESSMENT, Assessment.objects.all())
    assert {row.organisation_name for row in rows} == {"Cliffshire"}

    ended = end_review(by=world.administrator, assessment_id=world.assessment.pk, review_id=review.pk)
    assert (reviewable(world.far_lead), ended.ended_by) == (set(), world.administrator)
    told = [
        (event.verb, event.subject, event.detail)
        for event in Event.objects.filter(round_id=world.round.pk).order_by("pk")
    ]
    assert told == [
        ("moderation.reviewer_assigned", "Ambleshire, Spring round", {"person": "Farah Far"}),
        ("moderation.review_ended", "Ambleshire, Spring round", {"person": "Farah Far"}),
    ]
    peer(world)
    assert reviewable(world.far_lead) == {"Ambleshire"}


def test_whose_last_role_ends_reviews_nothing_more(world: World) -> None:
    peer(world)
    Membership.objects.filter(person=world.far_lead).update(ended_at=timezone.now())
    assert reviewable(world.far_lead) == set()


def test_analysts_review_within_reach_without_being_asked(world: World) -> None:
    everything = {"Ambleshire", "Borderland", "Cliffshire"}
    assert {
        name: reviewable(getattr(world, name))
        for name in ("regional_analyst", "national_analyst", "administrator", "newcomer", "lead")
    } == {
        "regional_analyst": {"Ambleshire", "Borderland"},
        "national_analyst": everything,
        "administrator": everything,
        "newcomer": set(),
        "lead": set(),
    }


def test_nobody_reviews_their_own_system(world: World) -> None:
    """Whatever else they are, and also when they join it after they were asked."""
    peer(world)
    make_membership(world.far_lead, "contributor", world.own)
    assert reviewable(world.far_lead) == set()
    make_membership(world.national_analyst, "contributor", world.own)
    assert reviewable(world.national_analyst) == {"Borderland", "Cliffshire"}
    make_membership(world.regional_analyst, "contributor", world.own)
    assert reviewable(world.regional_analyst) == {"Borderland"}


def asked(world: World, email: str) -> dict[str, Any]:
    return {"by": world.administrator, "assessment_id": world.assessment.pk, "email": email}


def test_who_is_not_asked_to_review(world: World) -> None:
    make_membership(world.sister_lead, "contributor", world.own)
    inactive = make_person("Ines Inactive", role="lead", organisation=world.far)
    Person.objects.filter(pk=inactive.pk).update(is_active=False)
    peer(world)
    nobody = "Nobody with a role in the service has this e-mail address. Check it, or add the person first."
    elsewhere = (
        "Rosa Region is an analyst of another region. Choose an analyst who may see North, or somebody of "
        "another system."
    )
    own = "works for Ambleshire, and nobody reviews their own system."
    assert [
        refusal(assign_reviewer, **asked(world, email))
        for email in (
            "nobody@survey.example",
            inactive.email,
            world.newcomer.email,
            world.lead.email,
            world.sister_lead.email,
            world.far_regional_analyst.email,
            f" {world.far_lead.email.upper()} ",
        )
    ] == [
        nobody,
        nobody,
        nobody,
        f"Lena Lead {own}",
        f"Sandy Sister {own}",
        elsewhere,
        "Farah Far reviews Ambleshire already.",
    ]


def merge_into_far(world: World) -> None:
    """The own system becomes the far one today."""
    Succession.objects.create(
        predecessor=world.own,
        successor=world.far,
        kind=Succession.Kind.MERGER,
        extent=Succession.Extent.WHOLE,
        effective_on=timezone.localdate(),
        population_share=1,
    )


def test_a_review_is_over_when_the_system_becomes_the_peers_own(world: World) -> None:
    peer(world)
    merge_into_far(world)
    assert reviewable(world.far_lead) == set()
    make_membership(world.far_lead, "national_analyst", world.nation)
    assert reviewable(world.far_lead) == {"Borderland"}


def test_what_an_analyst_was_asked_to_review_ends_with_their_region(world: World) -> None:
    assign_reviewer(**asked(world, world.regional_analyst.email))
    Membership.objects.filter(person=world.regional_analyst).update(ended_at=timezone.now())
    make_membership(world.regional_analyst, "regional_analyst", world.south)
    assert reviewable(world.regional_analyst) == {"Cliffshire"}


def test_who_works_for_what_the_system_became_does_not_review_it(world: World) -> None:
    merge_into_far(world)
    assert refusal(assign_reviewer, **asked(world, world.far_lead.email)) == (
        "Farah Far works for Ambleshire, and nobody reviews their own system."
    )


def test_an_analyst_of_the_region_can_be_asked(world: World) -> None:
    assert assign_reviewer(**asked(world, world.regional_analyst.email)).reviewer == world.regional_analyst


def test_a_review_ends_once(world: World) -> None:
    where = {"by": world.administrator, "assessment_id": world.assessment.pk, "review_id": peer(world).pk}
    end_review(**where)
    assert refusal(end_review, **where) == "Farah Far does not review Ambleshire any more."
    for changes in ({"assessment_id": world.far_assessment.pk}, {"assessment_id": 0}, {"review_id": 0}):
        with pytest.raises(Http404):
            end_review(**(where | changes))


def test_an_unknown_round_has_no_plan(world: World) -> None:
    with pytest.raises(Http404):
        plan_moderation(
            by=world.administrator,
            round_id=0,
            lead_reviewer_id=world.national_analyst.pk,
            answers_until=timezone.now() + DAY,
            seen=None,
        )
