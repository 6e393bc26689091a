"""What a reviewer looks at again in the signed copies of a round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from surveys.actions.assessments import return_assessment
from surveys.actions.evidence import add_link
from surveys.actions.participants import withdraw_participant
from surveys.models import Assessment, Organisation, Round
from surveys.queries.instruments import instrument, instrument_of
from surveys.queries.last_round import last_round_now
from surveys.queries.moderation_flags import (
    RULE_NAMES,
    ModerationFlag,
    Rule,
    moderation_flags,
    moderation_flags_for,
    round_flags,
)
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Comparator, Condition, Contradiction
from tests.country import make_country
from tests.earlier import earlier_round
from tests.factories import SMALL_CONTENT, make_round, make_system, publish_content
from tests.moderated import accepted, planned, proposed
from tests.queries.test_results_nearest import hold
from tests.signed import levels, release, release_for_good, set_status, submit, submit_north
from tests.world import World

CONTRADICTION = Contradiction(
    "linked_without_practices",
    (
        Condition("practice_share", Comparator.AT_MOST, value=Decimal(10)),
        Condition("linked_data", Comparator.AT_LEAST, value=Decimal(3)),
    ),
    "Data are said to be linked, but hardly any practice supplies them.",
)


def flagged(world: World, **given: Response) -> tuple[ModerationFlag, ...]:
    """The flags of the own system after it signed what is given."""
    submit(world.assessment, world.approver, given)
    return moderation_flags(world.round)[world.assessment.pk]


def flag(
    rule: Rule, level: int, words: str, *, question: str = "training", dimension: str = "skills"
) -> ModerationFlag:
    return ModerationFlag(rule, dimension, question, level, words)


UNPROVEN = flag(Rule.UNPROVEN_TOP, 5, "Level 5 is the highest, and there is no comment or evidence.")


def test_every_rule_has_a_name() -> None:
    assert set(RULE_NAMES) == set(Rule)
    assert UNPROVEN.rule_name == "Highest level without comment or evidence"


def test_a_system_that_was_withdrawn_is_not_flagged(world: World) -> None:
    assert flagged(world, **levels(training=5)) == (UNPROVEN,)
    withdraw_participant(by=world.administrator, assessment_id=world.assessment.pk, reason="Merged")
    assert moderation_flags(world.round) == {}
    assert list(round_flags(world.administrator, world.round.pk).systems) == []


def test_the_highest_level_wants_a_comment_or_evidence(world: World) -> None:
    assert flagged(world, **levels(training=5)) == (UNPROVEN,)
    assert flagged(world, **levels(training=4)) == ()
    assert flagged(world, training=Response(level=5, comment="All are trained.")) == ()
    assert flagged(world, training=Response(level=5, comment=" ")) == (UNPROVEN,)


def test_evidence_behind_the_highest_level_is_enough(world: World) -> None:
    add_link(
        by=world.lead,
        assessment_id=world.assessment.pk,
        question_code="training",
        address="https://www.example.org/plan",
        about="",
    )
    assert [found.question for found in flagged(world, **levels(training=5, recruitment=5))] == [
        "recruitment"
    ]


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (1, 3, "Level 3 is 2 levels higher than in Autumn round, where it was 1."),
        (4, 1, "Level 1 is 3 levels lower than in Autumn round, where it was 4."),
        (2, 3, ""),
    ],
)
def test_a_jump_is_flagged_with_or_without_a_comment(world: World, before: int, now: int, words: str) -> None:
    earlier_round(world, {world.own: levels(training=before)})
    expected = (flag(Rule.JUMP, now, words),) if words else ()
    assert flagged(world, training=Response(level=now, comment="We hired.")) == expected


def test_a_jump_is_measured_from_what_was_published(world: World) -> None:
    """Autumn's 4 was moderated to 2, and is claimed again."""
    made = earlier_round(world, {world.own: levels(training=4)})
    then = Assessment.objects.get(round=made, organisation=world.own)
    planned(world, round_id=made.pk)
    training = {"assessment_id": then.pk, "question_code": "training"}
    accepted(world, proposed(world, **training))
    release_for_good(made)
    words = "Level 4 is 2 levels higher than in Autumn round, where it was published as 2."
    said = Response(level=4, comment="We hired.")
    assert flagged(world, training=said) == (flag(Rule.JUMP, 4, words),)
    assert last_round_now(world.assessment.pk, instrument_of(world.assessment.pk))["training"].sentence == (
        "Last round: 4 Embedded, published as 2 Patchy."
    )


def test_equal_levels_are_flagged_once_there_are_three(world: World) -> None:
    """The small questionnaire has two levels in each dimension, so only the whole can be noticed."""
    whole = ModerationFlag(Rule.ALL_EQUAL, "", "", 2, "All 4 levels of the questionnaire are 2.")
    alike = levels(linked_data=2, shared_platform=2, training=2, recruitment=2)
    assert flagged(world, **alike) == (whole,)
    assert flagged(world, **alike | levels(training=3)) == ()
    unasked = {"shared_platform": Response(not_applicable=True, reason="No platform.")}
    three = replace(whole, words="All 3 levels of the questionnaire are 2.")
    assert flagged(world, **alike | unasked) == (three,)
    assert flagged(world, **levels(training=2, recruitment=2)) == ()


def test_equal_levels_of_a_dimension_are_flagged_where_the_whole_differs(db: None) -> None:
    made, _ = make_country(systems=3)
    own = Assessment.objects.filter(round=made, status="submitted").get()
    first, second, *_ = made.questionnaire.content.dimensions
    chosen = {each.code: 3 for each in first.all_questions if each.scored}
    submit(own, own.submissions.get().signed_by, levels(**chosen, **{second.questions[0].code: 2}))
    assert moderation_flags(made)[own.pk] == (
        ModerationFlag(Rule.ALL_EQUAL, first.code, "", 3, "All 5 levels of this dimension are 3."),
    )


@pytest.fixture
def contradicting(world: World) -> Round:
    """A round whose questionnaire says what does not fit."""
    content = replace(SMALL_CONTENT, version="1.1", contradictions=(CONTRADICTION,))
    return make_round(publish_content(content), world.own, title="Summer round")


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"linked_data": Response(level=3), "practice_share": Response(number=Decimal(10))}, True),
        ({"linked_data": Response(level=2), "practice_share": Response(number=Decimal(10))}, False),
        ({"linked_data": Response(level=3), "practice_share": Response(number=Decimal(11))}, False),
        ({"linked_data": Response(level=3)}, False),
    ],
)
def test_what_the_questionnaire_calls_a_contradiction_is_flagged_at_the_level(
    world: World, contradicting: Round, given: Mapping[str, Response], found: bool
) -> None:
    own = Assessment.objects.get(round=contradicting)
    submit(own, world.approver, given)
    expected = flag(
        Rule.CONTRADICTION, 3, CONTRADICTION.words, question="linked_data", dimension="data_platform"
    )
    assert moderation_flags(contradicting) == {own.pk: (expected,) if found else ()}


@pytest.fixture
def six(world: World) -> dict[str, Assessment]:
    """A round of six systems in the north and one in the south: all at level 2, own at level 4."""
    more = [make_system(world.north, f"{letter}shire") for letter in "CDEF"]
    made = make_round(world.questionnaire, world.own, world.sister, *more, world.far, title="Summer round")
    found = {row.organisation_name: row for row in Assessment.objects.filter(round=made)}
    for name, row in found.items():
        submit(row, world.approver, levels(training=4 if name == "Ambleshire" else 2))
    return found


def outlier(words: str) -> tuple[ModerationFlag, ...]:
    return (flag(Rule.OUTLIER, 4, words),)


def test_a_level_is_held_against_the_region_without_populations(
    world: World, six: dict[str, Assessment]
) -> None:
    own = six["Ambleshire"]
    flags = moderation_flags(own.round)
    words = "Level 4 is 2 levels above the median of the other systems of its region, which is 2."
    assert flags == {row.pk: outlier(words) if row == own else () for row in six.values()}


def test_a_level_is_held_against_the_nearest_systems_where_populations_are_held(
    world: World, six: dict[str, Assessment]
) -> None:
    for place, row in enumerate(six.values()):
        hold(row.organisation, "registered", 1_000_000 + 10_000 * place)
    own = six["Ambleshire"]
    words = "Level 4 is 2 levels above the median of the 5 systems nearest to it, which is 2."
    assert moderation_flags(own.round)[own.pk] == outlier(words)


def test_a_level_is_held_against_all_where_the_region_is_too_small(
    world: World, six: dict[str, Assessment]
) -> None:
    """The far system is alone in its region; what it says beside the six is now the odd one."""
    far = six["Cliffshire"]
    submit(far, world.far_approver, levels(training=5))
    submit(six["Ambleshire"], world.approver, levels(training=2))
    words = "Level 5 is 3 levels above the median of all other systems, which is 2."
    assert moderation_flags(far.round)[far.pk] == (
        UNPROVEN,
        replace(outlier(words)[0], level=5),
    )


def test_peers_that_did_not_sign_or_have_no_level_play_no_part(
    world: World, six: dict[str, Assessment]
) -> None:
    own = six["Ambleshire"]
    absent = {"training": Response(not_applicable=True, reason="No staff.")}
    for name in ("Cshire", "Dshire"):
        submit(six[name], world.approver, absent)
    assert moderation_flags(own.round)[own.pk] == ()
    set_status(six["Eshire"], Assessment.Status.IN_PROGRESS)
    assert sorted(moderation_flags(own.round)) == sorted(
        row.pk for name, row in six.items() if name != "Eshire"
    )


def test_only_signed_copies_that_stand_are_read(world: World) -> None:
    assert moderation_flags(world.round) == {}
    submit(world.assessment, world.approver, levels(training=5))
    submit(world.sister_assessment, world.sister_approver, levels(recruitment=3))
    assert moderation_flags(world.round) == {world.assessment.pk: (UNPROVEN,), world.sister_assessment.pk: ()}
    assert moderation_flags(world.round, [world.sister_assessment.pk]) == {world.sister_assessment.pk: ()}
    submit(world.assessment, world.approver, levels(training=3))
    assert moderation_flags(world.round)[world.assessment.pk] == ()
    return_assessment(by=world.national_analyst, assessment_id=world.assessment.pk, reason="Look again.")
    assert moderation_flags(world.round) == {world.sister_assessment.pk: ()}


def test_a_system_that_was_withdrawn_has_no_flags_and_is_nobodys_peer(
    world: World, six: dict[str, Assessment]
) -> None:
    own = six["Ambleshire"]
    gone = [six["Cshire"], six["Dshire"], six["Eshire"]]
    for row in gone:
        withdraw_participant(by=world.administrator, assessment_id=row.pk, reason="Merged")
    assert moderation_flags(own.round) == {row.pk: () for row in six.values() if row not in gone}


def test_an_answer_that_is_not_asked_for_is_not_flagged(world: World) -> None:
    hidden = {"why_no_sectors": Response(text="Nobody asked."), "sectors": Response(options=("acute",))}
    assert flagged(world, **hidden) == ()


def test_outliers_are_for_those_who_may_see_every_result(world: World, six: dict[str, Assessment]) -> None:
    own = six["Ambleshire"]
    own.round.refresh_from_db()

    def rules(person: object) -> list[Rule]:
        found = moderation_flags_for(person, own.round)[own.pk]  # type: ignore[arg-type] # Any of the world's.
        return [each.rule for each in found]

    assert rules(world.national_analyst) == rules(world.administrator) == [Rule.OUTLIER]
    assert rules(world.regional_analyst) == []
    release(own.round)
    own.round.refresh_from_db()
    assert rules(world.regional_analyst) == [Rule.OUTLIER]
    assert rules(world.lead) == []


def test_the_flags_of_a_round_are_those_of_the_systems_that_somebody_follows(world: World) -> None:
    submit_north(world)
    found = round_flags(world.regional_analyst, world.round.pk)
    assert (found.title, found.synthetic) == ("Spring round", False)
    assert (found.dimensions["skills"], found.questions["training"]) == (
        "Skills",
        world.questionnaire.content.question("training").text,
    )
    systems = list(found.systems)
    assert [(each.organisation_name, each.region_name, each.status_label) for each in systems] == [
        ("Ambleshire", "North", "Submitted"),
        ("Borderland", "North", "Submitted"),
    ]
    assert [each.flags for each in systems] == [(), (UNPROVEN,)]
    assert list(round_flags(world.far_regional_analyst, world.round.pk).systems) == []
    with pytest.raises(Http404):
        round_flags(world.lead, world.round.pk)


def test_it_takes_four_queries_for_a_country(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made, _ = make_country()
    for place, system in enumerate(Organisation.objects.filter(kind="ics")):
        hold(system, "registered", 1_000_000 + place * 7_919)
    # A process reads the questionnaire once.
    instrument(made.questionnaire_id)
    with django_assert_num_queries(4):
        found = moderation_flags(made)
    assert len(found) == 40
    with django_assert_num_queries(1):
        assert moderation_flags(made) == found
    assert {each.rule for flags in found.values() for each in flags} >= {Rule.UNPROVEN_TOP, Rule.OUTLIER}
    with django_assert_num_queries(3):
        moderation_flags(made, list(found)[:20], outliers=False)
