"""The final level is what scores and what is released; the others are kept with the release."""

from __future__ import annotations

from decimal import Decimal

from surveys.actions.assessments import return_assessment
from surveys.actions.releases import correct, publish, release_provisionally
from surveys.models import Release, ReleasedAnswer, ReleasedModeration, Result
from surveys.queries.moderations import undecided
from surveys.queries.releases import differences, held_by, prepare
from tests.moderated import accepted, begin, challenged, decided, proposed
from tests.refusals import refusal
from tests.signed import OWN, submit
from tests.world import World


def score(release: Release, world: World) -> Decimal | None:
    """The own system's score of the data platform."""
    lines = Result.objects.filter(release=release, measure="dimension", code="data_platform")
    return lines.get(assessment=world.assessment).score


def released(release: Release, world: World, code: str = "linked_data") -> int | None:
    """The own system's level of one question in a release."""
    rows = ReleasedAnswer.objects.filter(release=release, assessment=world.assessment)
    return rows.get(question__code=code).response.level


def kept(release: Release) -> list[tuple[str, str, int, int, int]]:
    """What a release says of moderated levels."""
    rows = ReleasedModeration.objects.filter(release=release).select_related("assessment", "question")
    return sorted(
        (row.assessment.organisation_name, row.question.code, row.self_assessed, row.proposed, row.final)
        for row in rows
    )


def provisional(world: World) -> Release:
    return release_provisionally(by=world.administrator, round_id=world.round.pk)


def test_an_accepted_level_scores_and_all_three_are_kept(world: World) -> None:
    """Linked data was put at 4 beside a 3; accepted at 2, the dimension scores 2.5 instead of 3.5."""
    begin(world)
    accepted(world, proposed(world))
    made = provisional(world)
    assert (released(made, world), score(made, world)) == (2, Decimal("2.5"))
    assert kept(made) == [("Ambleshire", "linked_data", 4, 2, 2)]
    assert held_by(made) == prepare(world.round).systems


def test_a_level_between_the_two_scores_as_decided(world: World) -> None:
    begin(world)
    moderation = proposed(world)
    challenged(world, moderation)
    decided(world, moderation, 3)
    made = provisional(world)
    assert (released(made, world), score(made, world)) == (3, Decimal(3))
    assert kept(made) == [("Ambleshire", "linked_data", 4, 2, 3)]


def test_a_confirmed_level_is_kept_as_moderated(world: World) -> None:
    """Nothing else changes, and still the release differs from one before the decision."""
    begin(world)
    moderation = proposed(world)
    before = provisional(world)
    assert (released(before, world), kept(before)) == (4, [])
    decided(world, moderation, 4)
    assert differences(prepare(world.round), before) == ("Ambleshire",)
    made = provisional(world)
    assert (released(made, world), score(made, world)) == (4, Decimal("3.5"))
    assert kept(made) == [("Ambleshire", "linked_data", 4, 2, 4)]


def test_a_comment_stays_beside_a_moderated_level(world: World) -> None:
    begin(world)
    accepted(world, proposed(world, question_code="training", level=3))
    made = provisional(world)
    rows = ReleasedAnswer.objects.filter(release=made, assessment=world.assessment)
    response = rows.get(question__code="training").response
    assert (response.level, response.comment) == (3, OWN["training"].comment)


def test_what_is_not_decided_stands_in_the_way_of_publishing_alone(world: World) -> None:
    begin(world)
    moderation, other = proposed(world), proposed(world, question_code="training", level=4)
    sister = proposed(world, assessment_id=world.sister_assessment.pk, question_code="training", level=4)
    challenged(world, moderation)
    assert undecided(world.round) == (
        "Ambleshire has 2 proposed levels without a decision.",
        "Borderland has 1 proposed level without a decision.",
    )
    made = provisional(world)
    assert (released(made, world), kept(made)) == (4, [])
    assert refusal(publish, by=world.administrator, round_id=world.round.pk) == (
        "Nothing was released, because moderation is not finished. "
        "Ambleshire has 2 proposed levels without a decision. "
        "Borderland has 1 proposed level without a decision. "
        "The lead reviewer of the round decides about them."
    )
    decided(world, moderation, 2)
    accepted(world, other)
    decided(world, sister, 5)
    published = publish(by=world.administrator, round_id=world.round.pk)
    assert kept(published) == [
        ("Ambleshire", "linked_data", 4, 2, 2),
        ("Ambleshire", "training", 2, 4, 4),
        ("Borderland", "training", 5, 4, 5),
    ]


def test_a_later_copy_is_released_as_it_was_signed(world: World) -> None:
    """What was moderated in the copy before counts no more, and holds nothing up."""
    begin(world)
    accepted(world, proposed(world))
    proposed(world, question_code="training", level=4)
    first = provisional(world)
    return_assessment(
        by=world.administrator,
        assessment_id=world.assessment.pk,
        reason="Look again.",
        until=world.round.closes_at,
    )
    assert undecided(world.round) == ()
    submit(world.assessment, world.approver, OWN)
    assert undecided(world.round) == ()
    second = publish(by=world.administrator, round_id=world.round.pk)
    assert (released(second, world), score(second, world), kept(second)) == (4, Decimal("3.5"), [])
    assert (released(first, world), kept(first)) == (2, [("Ambleshire", "linked_data", 4, 2, 2)])


def test_a_correction_keeps_what_was_moderated(world: World) -> None:
    begin(world)
    accepted(world, proposed(world))
    provisional(world)
    publish(by=world.administrator, round_id=world.round.pk)
    submit(world.sister_assessment, world.sister_approver, OWN)
    made = correct(by=world.administrator, round_id=world.round.pk, note="Borderland signed again.")
    assert kept(made) == [("Ambleshire", "linked_data", 4, 2, 2)]
