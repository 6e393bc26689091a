"""Whom somebody can call into the conversation."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from surveys.queries.assessments import assessment_state
from surveys.queries.colleagues import Colleague, NamedInText, colleagues, named_in
from surveys.queries.instruments import instrument_of
from tests.factories import assign_question, make_membership
from tests.signed import submit
from tests.world import World

PEOPLE = tuple(
    Colleague(key, name, "", "Contributor", programme=False)
    for key, name in enumerate(["Ann Lee", "Ann Leeds", "ann lee", "Zoë O'Neil", "Straße Büro"], start=1)
)


@pytest.mark.django_db
def test_the_organisation_comes_first_and_nobody_twice(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_membership(world.lead, "contributor", world.own)
    make_membership(world.approver, "regional_analyst", world.north)
    submit(world.assessment, world.approver, {})
    state = assessment_state(world.lead, world.assessment.pk)
    key = question_id(world, "linked_data")

    with django_assert_num_queries(1):
        found = colleagues(state, key)

    assert [(each.name, each.role, each.programme) for each in found] == [
        ("April Approver", "Approver", False),
        ("Connie Contributor", "Contributor", False),
        ("Lena Lead", "ICS data lead", False),
        ("Ada Administrator", "Programme administrator", True),
        ("Nadia Nation", "National analyst", True),
        ("Reggie Region", "Regional analyst", True),
    ]


@pytest.mark.django_db
def test_a_contributor_is_called_only_to_what_is_theirs_until_it_is_submitted(world: World) -> None:
    def contributors(code: str) -> list[str]:
        state = assessment_state(world.lead, world.assessment.pk)
        found = colleagues(state, question_id(world, code))
        return [each.name for each in found if each.role == "Contributor"]

    assert [contributors("linked_data"), contributors("training")] == [["Connie Contributor"], []]
    assign_question(world.assessment, "training", world.contributor, by=world.lead)
    assert [contributors("training"), contributors("analysts")] == [["Connie Contributor"], []]
    submit(world.assessment, world.approver, {})
    assert contributors("analysts") == ["Connie Contributor"]


def question_id(world: World, code: str) -> int:
    return instrument_of(world.assessment.pk).question_ids[code]


@pytest.mark.parametrize(
    ("text", "called", "unknown"),
    [
        ("nothing", set(), ()),
        ("@Ann Lee", {1, 3}, ()),
        ("@ANN   lee, please", {1, 3}, ()),
        ("(@Ann Leeds)", {2}, ()),
        ("@Ann Leeds and @Ann Lee", {1, 2, 3}, ()),
        ("@Ann Leeder", set(), ("Ann",)),
        ("@Zoe\u0308 O'Neil", {4}, ()),
        ("@STRASSE BÜRO", {5}, ()),
        ("mail ann@ann lee", set(), ()),
        ("a.@Ann Lee", set(), ()),
        ("@", set(), ()),
        ("@ Ann Lee", set(), ()),
        ("@Bob and @Bob and @Eve's", set(), ("Bob", "Eve's")),
        ("@" * 5_000, set(), ()),
    ],
)
def test_a_name_behind_an_at_sign_calls(text: str, called: set[int], unknown: tuple[str, ...]) -> None:
    assert named_in(text, PEOPLE) == NamedInText(frozenset(called), unknown)
