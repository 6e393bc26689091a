"""Deciles over the rounds: what they are, and where they may not be read on."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

from surveys.charts.axis import level_axis
from surveys.models import Round, Succession
from surveys.queries.results.lineage import Lineage
from surveys.queries.results.released import read
from surveys.queries.results.score_history import score_history
from surveys.questionnaires.schema import ComparedQuestion, Comparison, ComparisonStatus
from tests.factories import SMALL_CONTENT, make_round, make_system, publish_content
from tests.queries.test_results_round_changes import NOW, THEN, before, found, now
from tests.signed import release_for_good, submit
from tests.world import World

YEAR = datetime.timedelta(days=365)


def breaks(world: World, dimension: str = "skills") -> list[tuple[str, str]]:
    """The rounds, and what is broken before each."""
    page = found(world.lead, now(world), dimension)
    assert page.history_chart is not None
    return [(each.name, each.broken) for each in page.history_chart.rounds]


def date_back(world: World) -> None:
    """Give the earlier rounds the reference dates of their years."""
    for title, years in (("Middle round", 1), ("Oldest round", 2)):
        Round.objects.filter(title=title).update(reference_date=world.round.reference_date - YEAR * years)


def test_a_reworded_question_breaks_its_dimension_and_not_the_others(world: World) -> None:
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
                    other if question.code == "training" else same,
                    "More.",
                )
                for question in SMALL_CONTENT.questions
            ),
        ),
    )
    before(world, {world.own: THEN}, title="Oldest round", years=2)
    before(world, {world.own: THEN}, title="Middle round", years=1)
    survey_round = make_round(publish_content(content), world.own, title="Next questionnaire")
    submit(survey_round.assessments.get(), world.approver, NOW)
    made = release_for_good(survey_round)
    told = {}
    for code in ("skills", "data_platform"):
        drawn = found(world.lead, made, code).history_chart
        assert drawn is not None
        told[code] = [each.broken for each in drawn.rounds]
    assert told == {
        "skills": ["", "", "1 question not comparable with the round before"],
        "data_platform": ["", "", ""],
    }


def test_a_question_that_is_no_longer_asked_breaks_too(world: World) -> None:
    """Without a map of what is comparable nothing is, so both questions of the dimension count."""
    skills = SMALL_CONTENT.dimensions[1]
    people = replace(skills.sections[0], questions=skills.sections[0].questions[:1])
    fewer = publish_content(
        replace(
            SMALL_CONTENT,
            version="0.9",
            dimensions=(
                SMALL_CONTENT.dimensions[0],
                replace(skills, sections=(people, *skills.sections[1:])),
            ),
        )
    )
    trained = {code: answer for code, answer in THEN.items() if code != "recruitment"}
    before(world, {world.own: NOW}, title="Oldest round", years=2)
    before(world, {world.own: trained}, title="Middle round", years=1, questionnaire=fewer)
    told = "2 questions not comparable with the round before"
    assert breaks(world) == [("Oldest round", ""), ("Middle round", told), ("Spring round", told)]


def test_a_merger_and_a_moved_boundary_break_the_lines_in_their_year(world: World) -> None:
    gone = make_system(world.north, "Dalesland")
    before(world, {world.own: THEN, gone: THEN}, title="Oldest round", years=2)
    before(world, {world.own: THEN}, title="Middle round", years=1)
    date_back(world)
    Succession.objects.create(
        predecessor=gone,
        successor=world.own,
        effective_on=world.round.reference_date - YEAR,
        kind="merger",
        extent="whole",
        population_share=Decimal(1),
    )
    assert breaks(world) == [
        ("Oldest round", ""),
        ("Middle round", "1 system merged, split or with another boundary"),
        ("Spring round", ""),
    ]


def test_a_part_that_moves_touches_both_sides(world: World) -> None:
    before(world, {world.own: THEN}, title="Oldest round", years=2)
    before(world, {world.own: THEN}, title="Middle round", years=1)
    date_back(world)
    Succession.objects.create(
        predecessor=world.own,
        successor=world.sister,
        effective_on=world.round.reference_date,
        kind="boundary_transfer",
        extent="part",
        population_share=Decimal("0.1"),
    )
    assert breaks(world)[2] == ("Spring round", "2 systems merged, split or with another boundary")


def test_what_has_no_score_in_any_round_has_no_history(world: World) -> None:
    head = read(world.lead, now(world).pk).head
    axis = level_axis([(1, "Ad hoc"), (5, "Leading")])
    assert score_history([head] * 3, Lineage(()), axis, "moon", "Moon") is None
