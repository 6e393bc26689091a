"""One dimension: every system with its rank range, the spread, who is missing, agreement on its questions."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import Http404

from surveys.actions.questionnaires import publish
from surveys.models import Assessment, Release, Round
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


def test_the_chart_has_the_scores_of_the_table_for_all_and_by_region(world: World) -> None:
    """With the medians."""
    made = all_three(world)
    page = dimension_results(world.lead, made.pk, "skills")
    chart = page.chart
    assert chart is not None
    assert page.summary is not None
    assert page.summary.spread is not None
    assert [(row.name, [(dot.name, dot.value) for dot in row.systems]) for row in chart.rows] == [
        ("All systems", [(line.system.name, line.value) for line in page.lines]),
        ("North", [("Ambleshire", Decimal("2.5")), ("Borderland", Decimal("4.5"))]),
        ("South", [("Cliffshire", Decimal(1))]),
    ]
    assert chart.rows[0].spread == page.summary.spread
    assert chart.title == page.finding
    assert chart.subtitle == f"3 of 3 systems with a score. {page.head.source}"


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
    assert (page.chart, page.finding) == (None, "Skills")


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


@pytest.fixture
def two_rounds(world: World) -> Release:
    """Skills: own from 2.5 to 4, sister from 4.5 to 4; far was there only in the second, at 3."""
    year = datetime.timedelta(days=365)
    submit_north(world)
    release_for_good(world.round)
    Round.objects.filter(pk=world.round.pk).update(
        opens_at=world.round.opens_at - year, closes_at=world.round.closes_at - year
    )
    following = make_round(world.questionnaire, world.own, world.sister, world.far, title="Second round")
    for assessment in following.assessments.order_by("organisation_name"):
        training, recruitment = {"Ambleshire": (4, 4), "Borderland": (5, 3), "Cliffshire": (3, 3)}[
            assessment.organisation_name
        ]
        submit(assessment, world.approver, levels(training=training, recruitment=recruitment))
    return release_for_good(following)


def test_the_change_since_the_round_before_stands_beside_each_score(
    world: World, two_rounds: Release
) -> None:
    """Only for the same organisation, and only where it answered then."""
    page = dimension_results(world.far_lead, two_rounds.pk, "skills")
    assert page.before is not None
    assert page.before.round_title == "Spring round"
    assert [(line.system.name, line.changed, line.flags) for line in page.lines] == [
        ("Ambleshire", "+1.5 (2 of 2)", ("Large change",)),
        ("Borderland", "-0.5 (2 of 2)", ()),
        ("Cliffshire", "", ()),
    ]


def test_systems_without_a_change_come_last_when_ordered_by_it(world: World, two_rounds: Release) -> None:
    """Either way round."""
    page = dimension_results(world.lead, two_rounds.pk, "skills")
    orders = {
        descending: [
            line.system.name for line in page.arranged(Selection(order="change", descending=descending)).lines
        ]
        for descending in (False, True)
    }
    assert orders == {
        False: ["Borderland", "Ambleshire", "Cliffshire"],
        True: ["Ambleshire", "Borderland", "Cliffshire"],
    }


def test_a_questionnaire_of_which_nothing_can_be_compared_gives_no_change(world: World) -> None:
    """Another version without a map."""
    year = datetime.timedelta(days=365)
    submit_north(world)
    release_for_good(world.round)
    Round.objects.update(opens_at=world.round.opens_at - year, closes_at=world.round.closes_at - year)
    survey_round = make_round(publish_content(version="9.0"), world.own, title="New questions")
    submit(survey_round.assessments.get(), world.approver, levels(training=4, recruitment=4))
    page = dimension_results(world.lead, release_for_good(survey_round).pk, "skills")
    assert (page.before, [line.changed for line in page.lines]) == (None, [""])


def test_a_score_that_rests_on_fewer_questions_says_so(world: World) -> None:
    """An answer that is missing and one that does not apply."""
    submit_north(world)
    made = release_for_good(world.round)
    page = dimension_results(world.lead, made.pk, "skills")
    assert [line.flags for line in page.lines] == [(), (), ()]
    submit(world.assessment, world.approver, levels(training=4, linked_data=4))
    content = publish_content(version="7.0", minimum_share=Decimal("0.5"))
    survey_round = make_round(content, world.own, title="Half a round")
    submit(survey_round.assessments.get(), world.approver, levels(training=4))
    half = dimension_results(world.lead, release_for_good(survey_round).pk, "skills")
    assert [line.flags for line in half.lines] == [("1 question without a score",)]


def test_a_region_leaves_its_systems_and_the_figures_of_all(world: World) -> None:
    """Rank, median and bounds do not change with what is looked at."""
    made = all_three(world)
    page = dimension_results(world.lead, made.pk, "skills")
    south = page.arranged(Selection(region="south"))
    assert [(line.system.name, line.rank_in_words) for line in south.lines] == [("Cliffshire", "3 (3)")]
    assert (south.summary, south.bounds, south.sentences) == (page.summary, page.bounds, page.sentences)
    assert south.chart is not None
    assert [row.name for row in south.chart.rows] == ["All systems", "South"]


@pytest.mark.parametrize(
    ("scores", "finding"),
    [
        ((2, 4, 1), "Skills: the middle half of systems lies between 1.5 and 3.0, 1.5 levels apart"),
        ((3, 3, 3), "Skills: the middle half of systems scores 3.0"),
        ((3, None, None), "Skills: the one score is 3.0"),
        ((None, None, None), "Skills: no system has a score"),
    ],
)
def test_the_title_says_what_the_scores_say(
    world: World, scores: tuple[int | None, ...], finding: str
) -> None:
    """The same numbers as the table's."""
    assessments = (world.assessment, world.sister_assessment, world.far_assessment)
    for assessment, level in zip(assessments, scores, strict=True):
        if level is not None:
            submit(assessment, world.approver, levels(training=level, recruitment=level))
    made = release_for_good(world.round)
    assert dimension_results(world.lead, made.pk, "skills").finding == finding
