"""Change between two rounds: on comparable questions, for the same organisation, never across a merger."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from surveys.actions.questionnaires import publish
from surveys.models import Organisation, Person, Questionnaire, Release, Succession
from surveys.queries.results.released import read
from surveys.queries.results.round_changes import RoundChanges, change_dimensions, round_changes
from surveys.queries.results.round_pair import earlier_rounds
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import ComparedQuestion, Comparison, ComparisonStatus
from tests.earlier import earlier_round
from tests.factories import SMALL_CONTENT, make_round, make_system
from tests.signed import levels, release, release_for_good, submit
from tests.world import World

THEN = levels(linked_data=3, shared_platform=3, training=2, recruitment=2)
NOW = levels(linked_data=4, shared_platform=3, training=2, recruitment=1)
Given = Mapping[Organisation, Mapping[str, Response]]


def before(world: World, given: Given, **options: object) -> Release:
    """An earlier round, published."""
    return release_for_good(earlier_round(world, given, **options))  # type: ignore[arg-type]  # as it takes them


def now(world: World) -> Release:
    """Own and far submit in the world's round, sister does not."""
    submit(world.assessment, world.approver, NOW)
    submit(world.far_assessment, world.far_approver, THEN)
    return release_for_good(world.round)


def found(person: Person, made: Release, dimension: str = "", region: str = "") -> RoundChanges:
    """What the page shows since the last round before."""
    released = read(person, made.pk)
    rounds = earlier_rounds(person, released)
    return round_changes(person, released, rounds[0], rounds, dimension=dimension, region=region)


def lines(page: RoundChanges) -> list[tuple[str, str]]:
    """Each system with its change, or why there is none."""
    return [(row.name, row.change) for row in page.chart.rows]


def test_each_system_is_compared_with_itself(world: World) -> None:
    """Own went from 3 to 3.5 on the platform; far stayed; sister did not submit."""
    before(world, {world.own: THEN, world.sister: THEN, world.far: THEN})
    page = found(world.lead, now(world), "data_platform")
    assert lines(page) == [("Ambleshire", "+0.5"), ("Borderland", "not submitted"), ("Cliffshire", "0.0")]
    assert page.title == "1 of 2 systems scored higher on “Data platform” than in Autumn round"
    assert page.sentences == (
        (
            "1 of 2 systems scored higher than in Autumn round, 0 lower and 1 the same to one decimal place. "
            "The median change is +0.3 levels; the middle half lies between +0.1 and +0.4."
        ),
        "The largest rises: Ambleshire (+0.5).",
        (
            "Compared are 2 of 2 scored questions. Each system counts with the questions that it answered in "
            "both rounds."
        ),
    )


def test_the_chart_and_its_table_hold_the_same_numbers(world: World) -> None:
    before(world, {world.own: THEN, world.sister: THEN, world.far: THEN})
    page = found(world.lead, now(world), "skills")
    assert page.chart.table.rows == (
        ("Ambleshire (your system)", "North", "2.0", "1.5", "-0.5", "2 of 2"),
        ("Borderland", "North", "", "", "not submitted", ""),
        ("Cliffshire", "South", "2.0", "2.0", "0.0", "2 of 2"),
    )
    assert page.overview_chart is not None
    assert page.overview_chart.table.rows == (
        ("All comparable questions together", "2.5", "2.5", "0.0", "4 of 4; 2 systems"),
        ("Data platform", "3.0", "3.3", "+0.3", "2 of 2; 2 systems"),
        ("Skills", "2.0", "1.8", "-0.3", "2 of 2; 2 systems"),
    )


def test_a_reworded_question_breaks_the_comparison_and_is_counted(world: World) -> None:
    """Only linked data is comparable, so the platform rests on one of its two questions."""
    same, other = ComparisonStatus.SAME, ComparisonStatus.REWORDED_NOT_COMPARABLE
    content = replace(
        SMALL_CONTENT,
        version="2.0",
        comparison=Comparison(
            previous_version="1.0",
            questions=tuple(
                ComparedQuestion(
                    question.code,
                    question.code,
                    other if question.code in {"shared_platform", "training", "recruitment"} else same,
                    "It now asks for more.",
                )
                for question in SMALL_CONTENT.questions
            ),
        ),
    )
    second: Questionnaire = publish(by=None, content=content).questionnaire
    before(world, {world.own: THEN})
    survey_round = make_round(second, world.own, title="Next questionnaire")
    submit(survey_round.assessments.get(), world.approver, NOW)
    made = release_for_good(survey_round)
    page = found(world.lead, made, "data_platform")
    assert lines(page) == [("Ambleshire", "+1.0")]
    assert page.sentences[-1].startswith(
        "Compared are 1 of 2 scored questions; 1 question new or reworded since."
    )
    assert lines(found(world.lead, made, "skills")) == [("Ambleshire", "no comparable question")]


def test_a_merged_system_starts_a_new_line_with_its_origins_beside_it(world: World) -> None:
    first, second = make_system(world.south, "Dale"), make_system(world.south, "Eastvale")
    before(world, {first: THEN, second: NOW})
    for predecessor in (first, second):
        Succession.objects.create(
            predecessor=predecessor,
            successor=world.far,
            effective_on=world.round.reference_date,
            kind="merger",
            extent="whole",
            population_share=1,
        )
    earlier_day = world.round.reference_date - datetime.timedelta(days=365)
    type(world.round).objects.filter(title="Autumn round").update(reference_date=earlier_day)
    page = found(world.far_lead, now(world), "data_platform")
    line = page.every[-1]
    assert (line.system.name, line.why_not, line.difference) == ("Cliffshire", "new since, by merger", None)
    assert [(each.name, each.score) for each in line.origins] == [
        ("Dale", Decimal("3.0000")),
        ("Eastvale", Decimal("3.5000")),
    ]
    assert page.chart.notes == (
        "Cliffshire starts a new line. Made from: Dale (Autumn round: 3.0); Eastvale (Autumn round: 3.5).",
    )


def test_a_part_of_a_split_system_is_never_its_predecessor(world: World) -> None:
    parent = make_system(world.south, "Wholeshire")
    before(world, {parent: THEN})
    for successor, share in ((world.far, "0.4"), (world.sister, "0.6")):
        Succession.objects.create(
            predecessor=parent,
            successor=successor,
            effective_on=world.round.reference_date,
            kind="split",
            extent="part",
            population_share=Decimal(share),
        )
    earlier_day = world.round.reference_date - datetime.timedelta(days=365)
    type(world.round).objects.filter(title="Autumn round").update(reference_date=earlier_day)
    line = found(world.far_lead, now(world)).every[-1]
    assert (line.why_not, line.origins) == ("new since, from parts of others", ())


def test_a_moved_boundary_is_drawn_as_a_break(world: World) -> None:
    """Both scores are shown, and there is no change between them."""
    before(world, {world.own: THEN, world.far: THEN})
    Succession.objects.create(
        predecessor=world.own,
        successor=world.sister,
        effective_on=world.round.reference_date,
        kind="boundary_transfer",
        extent="part",
        population_share=Decimal("0.1"),
    )
    earlier_day = world.round.reference_date - datetime.timedelta(days=365)
    type(world.round).objects.filter(title="Autumn round").update(reference_date=earlier_day)
    page = found(world.lead, now(world), "data_platform")
    row = page.chart.rows[0]
    assert (row.before, row.after, row.difference, row.change) == (
        Decimal("3.0000"),
        Decimal("3.5000"),
        None,
        "boundary changed",
    )
    assert page.chosen.count == "2 of 2; 1 system"


def test_scores_over_time_from_three_rounds_on(world: World) -> None:
    before(world, {world.own: THEN}, title="Oldest round", years=2)
    before(world, {world.own: NOW}, title="Middle round", years=1)
    page = found(world.lead, now(world), "skills")
    assert page.history_chart is not None
    assert [(each.name, each.deciles[4], each.n, each.of) for each in page.history_chart.rounds] == [
        ("Oldest round", Decimal("2.0000"), 1, 1),
        ("Middle round", Decimal("1.5000"), 1, 1),
        ("Spring round", Decimal("1.7500"), 2, 2),
    ]
    assert [each.broken for each in page.history_chart.rounds] == ["", "", ""]


def test_two_rounds_have_no_history_yet(world: World) -> None:
    before(world, {world.own: THEN})
    assert found(world.lead, now(world)).history_chart is None


def test_before_publication_a_system_sees_only_its_own_change(world: World) -> None:
    before(world, {world.own: THEN, world.far: THEN})
    submit(world.assessment, world.approver, NOW)
    submit(world.far_assessment, world.far_approver, NOW)
    page = found(world.lead, release(world.round), "data_platform")
    assert lines(page) == [("Ambleshire", "+0.5")]
    assert (page.dimensions, page.overview_chart, page.history_chart) == ((), None, None)
    assert page.title == "Change on “Data platform” since Autumn round"
    assert len(page.sentences) == 1


def test_a_system_that_answered_too_little_twice_is_not_compared(world: World) -> None:
    before(world, {world.own: levels(linked_data=3, shared_platform=3, training=2)})
    page = found(world.lead, now(world), "skills")
    assert lines(page)[0] == ("Ambleshire", "too few questions in both rounds, 1 of 2")


def test_what_can_be_chosen(world: World) -> None:
    released = read(world.lead, now(world).pk)
    assert [choice.code for choice in change_dimensions(released)] == ["", "data_platform", "skills"]


def test_a_region_narrows_the_lines_and_not_the_medians(world: World) -> None:
    before(world, {world.own: THEN, world.far: THEN})
    page = found(world.lead, now(world), "data_platform", "south")
    assert [name for name, _ in lines(page)] == ["Cliffshire"]
    assert page.chosen.count == "2 of 2; 2 systems"
