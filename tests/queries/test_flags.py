"""Answers that ask for a second look."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from surveys.actions.evidence import add_link, remove_evidence
from surveys.queries.flags import Flag, FlagCode, flags, flags_of_each
from surveys.queries.instruments import instrument_of
from surveys.questionnaires.responses import Response
from tests.earlier import earlier_round
from tests.signed import levels
from tests.world import World


def flagged(world: World, **given: Response) -> dict[str, tuple[Flag, ...]]:
    return flags(world.assessment.pk, instrument_of(world.assessment.pk), given)


def high(level: int) -> Flag:
    return Flag(
        FlagCode.HIGH_LEVEL,
        f"Level {level} is one of the highest. "
        "Say in the comment what shows that it is true, or add evidence.",
    )


@pytest.mark.parametrize(
    ("level", "found"), [(3, {}), (4, {"training": (high(4),)}), (5, {"training": (high(5),)})]
)
def test_a_high_level_asks_for_something_to_show(world: World, level: int, found: object) -> None:
    assert flagged(world, training=Response(level=level)) == found
    assert flagged(world, training=Response(level=level, comment="All are trained.")) == {}


def test_evidence_is_something_to_show_until_it_is_removed(world: World) -> None:
    question = {"by": world.lead, "assessment_id": world.assessment.pk, "question_code": "training"}
    assert list(flagged(world, **levels(training=5))) == ["training"]
    link = add_link(**question, address="https://www.example.org/plan", about="")
    assert flagged(world, **levels(training=5)) == {}
    assert list(flagged(world, **levels(training=5, linked_data=5))) == ["linked_data"]
    remove_evidence(**question, evidence_id=link.pk)
    assert list(flagged(world, **levels(training=5))) == ["training"]


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (1, 3, "This is 2 levels higher than in Autumn round. Say in the comment what changed."),
        (5, 2, "This is 3 levels lower than in Autumn round. Say in the comment what changed."),
        (2, 3, ""),
        (2, 2, ""),
    ],
)
def test_a_change_of_two_levels_asks_for_a_comment(world: World, before: int, now: int, words: str) -> None:
    earlier_round(world, {world.own: levels(training=before)})

    expected = {"training": (Flag(FlagCode.LARGE_CHANGE, words),)} if words else {}
    assert flagged(world, training=Response(level=now)) == expected
    assert flagged(world, training=Response(level=now, comment="We hired a team.")) == {}


def test_both_flags_stand_side_by_side(world: World) -> None:
    earlier_round(world, {world.own: levels(training=1)})

    found = flagged(world, **levels(training=5))
    assert [flag.code for flag in found["training"]] == [FlagCode.LARGE_CHANGE, FlagCode.HIGH_LEVEL]


def test_what_is_not_answered_or_is_no_level_has_no_flag(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked_by = instrument_of(world.assessment.pk)
    given = {
        "sectors": Response(options=("acute",)),
        "training": Response(not_applicable=True, reason="None."),
    }
    with django_assert_num_queries(0):
        assert flags(world.assessment.pk, asked_by, given) == {}
        assert flags(world.assessment.pk, asked_by, {}) == {}


def test_the_flags_of_several_systems_are_those_of_each(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Each beside its own round before: the far system had none, and the sister's answer is proved."""
    earlier_round(world, {world.own: levels(training=1), world.sister: levels(training=3, recruitment=1)})
    asked_by = instrument_of(world.assessment.pk)
    own, sister, far = (row.pk for row in (world.assessment, world.sister_assessment, world.far_assessment))
    given = {
        own: levels(training=5),
        sister: levels(training=5, recruitment=3),
        far: {**levels(training=2), "why_no_sectors": Response(text="Not asked.")},
    }
    add_link(
        by=world.sister_lead,
        assessment_id=sister,
        question_code="training",
        address="https://www.example.org/plan",
        about="",
    )
    with django_assert_num_queries(1):
        found = flags_of_each(asked_by, given, {sister: frozenset({"training"})})
    assert found == {
        own: flags(own, asked_by, given[own]),
        sister: flags(sister, asked_by, given[sister]),
    }
    codes = {
        key: {code: [flag.code for flag in each] for code, each in of.items()} for key, of in found.items()
    }
    assert codes == {
        own: {"training": [FlagCode.LARGE_CHANGE, FlagCode.HIGH_LEVEL]},
        sister: {"training": [FlagCode.LARGE_CHANGE], "recruitment": [FlagCode.LARGE_CHANGE]},
    }
    assert flags_of_each(asked_by, {far: {}}, {}) == {}
