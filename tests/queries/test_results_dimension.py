"""One dimension: every system with its rank range, the spread, who is missing, agreement on its questions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import Http404

from surveys.actions.questionnaires import publish
from surveys.models import Assessment, Release
from surveys.queries.results.dimension import Order, dimension_results
from surveys.queries.results.selection import Selection
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import AskedIf, Comparator, Condition, Match
from tests.factories import SMALL_CONTENT, make_round, make_system, publish_content
from tests.points import POINTS_ANSWERS, POINTS_CONTENT
from tests.signed import levels, release, release_for_good, submit, submit_north
from tests.world import World

FAR = levels(linked_data=2, shared_platform=2, training=1, recruitment=1)


def all_three(world: World) -> Release:
    """Skills: own 2.5, sister 4.5, far 1."""
    submit_north(world)
    submit(world.far_assessment, world.far_approver, FAR)
    return release_for_good(world.round)


def test_the_systems_stand_by_region_and_name_unless_asked_otherwise(world: World) -> None:
    """Each with its score, n of N and its rank with the range."""
    made = all_three(world)
    page = dimension_results(world.lead, made.pk, "skills")
    assert [(line.system.name, line.shown, line.count, line.rank_in_words) for line in page.lines] == [
        ("Ambleshire", "2.5", "2 of 2", "2 (2)"),
        ("Borderland", "4.5", "2 of 2", "1 (1)"),
        ("Cliffshire", "1.0", "2 of 2", "3 (3)"),
    ]


def test_a_rank_that_hangs_on_one_question_shows_its_range(world: World) -> None:
    """Without training the sister is first; without recruitment own is."""
    submit(world.assessment, world.approver, levels(training=5, recruitment=2))
    submit(world.sister_assessment, world.sister_approver, levels(training=2, recruitment=4))
    made = release_for_good(world.round)
    page = dimension_results(world.lead, made.pk, "skills")
    assert [(line.system.name, line.rank_in_words) for line in page.lines] == [
        ("Ambleshire", "1 (1 to 2)"),
        ("Borderland", "2 (1 to 2)"),
        ("Cliffshire", ""),
    ]


@pytest.mark.parametrize(
    ("order", "descending", "names"),
    [
        (Order.REGION, False, ["Borderland", "Zedland", "Cliffshire"]),
        (Order.REGION, True, ["Cliffshire", "Zedland", "Borderland"]),
        (Order.NAME, False, ["Borderland", "Cliffshire", "Zedland"]),
        (Order.NAME, True, ["Zedland", "Cliffshire", "Borderland"]),
        (Order.SCORE, False, ["Cliffshire", "Borderland", "Zedland"]),
        (Order.SCORE, True, ["Borderland", "Cliffshire", "Zedland"]),
    ],
)
def test_the_table_can_be_ordered(world: World, order: Order, descending: bool, names: list[str]) -> None:
    """A system without a score is last in either order of scores."""
    third = make_system(world.north, "Zedland")
    survey_round = make_round(world.questionnaire, third, world.sister, world.far, title="Order round")
    for assessment in Assessment.objects.filter(round=survey_round).exclude(organisation=third):
        submit(
            assessment,
            world.approver,
            FAR if assessment.organisation == world.far else levels(training=5, recruitment=5),
        )
    made = release_for_good(survey_round)
    page = dimension_results(world.lead, made.pk, "skills").arranged(
        Selection(order=order.value, descending=descending)
    )
    assert [line.system.name for line in page.lines] == names


def test_the_sentences_name_who_has_no_score_and_why(world: World) -> None:
    """And say where the median could lie if they had one."""
    submit_north(world)
    made = release_for_good(world.round)
    assert dimension_results(world.lead, made.pk, "data_platform").sentences == (
        "1 of 3 systems has a score: 3.5.",
        (
            "Whatever the systems without a score would have scored, the median of all 3 lies between 1.0 "
            "and 5.0."
        ),
        "Withheld because too few questions were answered: Borderland.",
        "Not submitted: Cliffshire.",
    )


def test_the_line_of_a_system_without_a_score_says_why(world: World) -> None:
    """Withheld with its counts, or not submitted."""
    submit_north(world)
    made = release_for_good(world.round)
    page = dimension_results(world.lead, made.pk, "data_platform")
    assert [(line.system.name, line.value, line.shown) for line in page.lines] == [
        ("Ambleshire", Decimal("3.5"), "3.5"),
        ("Borderland", None, "withheld, 1 of 2 questions answered"),
        ("Cliffshire", None, "not submitted"),
    ]


def test_the_chart_has_the_bars_of_the_table(world: World) -> None:
    """In its order, with its median."""
    made = all_three(world)
    page = dimension_results(world.lead, made.pk, "skills").arranged(Selection(order="score"))
    assert [(row.name, row.value) for row in page.chart.rows] == [
        (line.system.name, line.value) for line in page.lines
    ]
    assert page.summary is not None
    assert page.summary.spread is not None
    assert page.chart.median == page.summary.spread.median == Decimal("2.5")
    assert page.chart.subtitle == f"3 of 3 systems with a score. {page.head.source}"


def test_agreement_on_a_question_counts_the_systems_at_each_level(world: World) -> None:
    """Levels 2, 5 and 1 on training."""
    made = all_three(world)
    training, recruitment = dimension_results(world.lead, made.pk, "skills").questions
    assert (training.code, training.answered, training.of) == ("training", 3, 3)
    assert training.counts == (
        ("1 Ad hoc", 1),
        ("2 Patchy", 1),
        ("3 Established", 0),
        ("4 Embedded", 0),
        ("5 Leading", 1),
    )
    assert recruitment.code == "recruitment"


def test_sections_have_their_own_spread(world: World) -> None:
    """Only those that can have a score: the section of facts has none."""
    made = all_three(world)
    page = dimension_results(world.lead, made.pk, "skills")
    assert [(section.name.name, section.median, section.count) for section in page.sections] == [
        ("People", "2.5", "3 of 3")
    ]


def test_ranks_follow_sections_with_weights(world: World) -> None:
    """People count three times as much as recruitment alone would: the rank is that of the weighted score."""
    platform, skills = SMALL_CONTENT.dimensions
    people, facts = skills.sections
    first = replace(people, code="learning", questions=(people.questions[0],), weight=Decimal(3))
    second = replace(people, code="hiring", questions=(people.questions[1],), weight=Decimal(1))
    facts = replace(facts, weight=Decimal(1))
    content = publish_content(
        version="3.0", dimensions=(platform, replace(skills, sections=(first, second, facts)))
    )
    survey_round = make_round(content, world.own, world.sister, title="Weighted round")
    own, sister = Assessment.objects.filter(round=survey_round).order_by("organisation_name")
    submit(own, world.approver, levels(training=4, recruitment=1))
    submit(sister, world.sister_approver, levels(training=3, recruitment=5))
    made = release_for_good(survey_round)
    page = dimension_results(world.lead, made.pk, "skills")
    assert [(line.value, line.rank_in_words) for line in page.lines] == [
        (Decimal("3.25"), "2 (1 to 2)"),
        (Decimal("3.5"), "1 (1 to 2)"),
    ]


def test_a_system_that_rests_on_one_answer_keeps_its_place_when_that_is_left_out(world: World) -> None:
    """Without it there is nothing to rank, so that question says nothing of its range."""
    platform, skills = SMALL_CONTENT.dimensions
    people, facts = skills.sections
    sections = tuple(
        replace(people, code=question.code, questions=(question,), weight=Decimal(1))
        for question in people.questions
    )
    content = publish_content(
        version="5.0",
        minimum_share=Decimal("0.5"),
        dimensions=(platform, replace(skills, sections=(*sections, replace(facts, weight=Decimal(1))))),
    )
    survey_round = make_round(content, world.own, world.sister, title="Half a round")
    own, sister = Assessment.objects.filter(round=survey_round).order_by("organisation_name")
    submit(own, world.approver, levels(training=4))
    submit(sister, world.sister_approver, levels(training=3, recruitment=4))
    made = release_for_good(survey_round)
    page = dimension_results(world.lead, made.pk, "skills")
    assert [(line.shown, line.count, line.rank_in_words) for line in page.lines] == [
        ("4.0", "1 of 2", "1 (1)"),
        ("3.5", "2 of 2", "2 (1 to 2)"),
    ]


def test_a_question_that_was_not_asked_has_no_part_in_the_range_of_ranks(world: World) -> None:
    """Whether it is asked hangs on an answer in another dimension."""
    platform, skills = SMALL_CONTENT.dimensions
    people, facts = skills.sections
    rule = AskedIf(Match.ALL, (Condition("linked_data", Comparator.AT_LEAST, value=Decimal(3)),))
    asked_of_some = replace(people.questions[1], asked_if=rule)
    hidden = replace(
        skills, sections=(replace(people, questions=(people.questions[0], asked_of_some)), facts)
    )
    content = publish_content(version="4.0", dimensions=(platform, hidden))
    survey_round = make_round(content, world.own, world.sister, title="Conditional round")
    own, sister = Assessment.objects.filter(round=survey_round).order_by("organisation_name")
    submit(own, world.approver, levels(linked_data=2, shared_platform=2, training=4))
    submit(sister, world.sister_approver, levels(linked_data=3, shared_platform=3, training=3, recruitment=3))
    made = release_for_good(survey_round)
    page = dimension_results(world.lead, made.pk, "skills")
    assert [(line.system.name, line.count, line.rank_in_words) for line in page.lines] == [
        ("Ambleshire", "1 of 1", "1 (1)"),
        ("Borderland", "2 of 2", "2 (1 to 2)"),
    ]


def test_one_dimension_in_points(world: World) -> None:
    """Percent on the page, and widths in percentage points."""
    content = publish(by=None, content=POINTS_CONTENT).questionnaire
    survey_round = make_round(content, world.own, world.sister, title="Points round")
    own, sister = Assessment.objects.filter(round=survey_round).order_by("organisation_name")
    submit(own, world.approver, POINTS_ANSWERS)
    submit(sister, world.sister_approver, {code: Response(options=("yes",)) for code in POINTS_ANSWERS})
    made = release_for_good(survey_round)
    page = dimension_results(world.lead, made.pk, "security")
    assert [(line.shown, line.count) for line in page.lines] == [("40.0%", "2 of 2"), ("100.0%", "2 of 2")]
    assert page.sentences == (
        (
            "2 of 2 systems have a score. The median is 70.0%. The middle half lies between 55.0% and 85.0%, "
            "which spans 30.0 percentage points, and the middle 80% between 46.0% and 94.0%."
        ),
    )
    assert page.questions == ()


def test_without_a_single_score_there_is_nothing_to_compare(world: World) -> None:
    """And the page says so."""
    submit(world.assessment, world.approver, {"sectors": Response(options=("acute",))})
    made = release_for_good(world.round)
    assert dimension_results(world.lead, made.pk, "skills").sentences == (
        "No system has a score, so there is nothing to compare.",
        "Withheld because too few questions were answered: Ambleshire.",
        "Not submitted: Borderland and Cliffshire.",
    )


def test_before_publication_a_lead_sees_one_line_and_nothing_worked_out_from_others(world: World) -> None:
    """No rank, no median, no count of systems, no agreement."""
    submit_north(world)
    made = release(world.round)
    page = dimension_results(world.lead, made.pk, "skills")
    assert [(line.system.name, line.shown, line.rank_in_words) for line in page.lines] == [
        ("Ambleshire", "2.5", "")
    ]
    assert (page.summary, page.bounds, page.sections, page.questions, page.sentences) == (
        None,
        None,
        (),
        (),
        (),
    )
    assert (page.chart.median, page.chart.subtitle) == (None, page.head.source)


@pytest.mark.parametrize("code", ["nothing", "data-platform"])
def test_a_dimension_that_does_not_exist_is_not_found(world: World, code: str) -> None:
    """Whatever is typed into the address."""
    made = all_three(world)
    with pytest.raises(Http404):
        dimension_results(world.lead, made.pk, code)


def test_a_dimension_without_a_score_has_no_page_of_scores(world: World) -> None:
    """Its answers are shown system by system."""
    platform, skills = SMALL_CONTENT.dimensions
    facts = replace(skills, sections=(skills.sections[1],), gap_core=False)
    content = publish_content(version="2.0", dimensions=(replace(platform, gap_core=False), facts), gap=None)
    made = release_for_good(make_round(content, world.own, title="Facts round"))
    with pytest.raises(Http404):
        dimension_results(world.lead, made.pk, "skills")
