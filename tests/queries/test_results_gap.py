"""Two scores of each system against each other, from the frozen results."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from surveys.models import Person, Release
from surveys.queries.results.gap import GapResults, gap_choices, gap_results
from surveys.queries.results.released import read
from surveys.questionnaires.responses import Response
from tests.factories import SMALL_CONTENT, make_round, publish_content
from tests.signed import levels, release, release_for_good, submit, submit_north
from tests.world import World

HIGH = levels(linked_data=4, shared_platform=3, training=2, recruitment=3)
LOW = levels(linked_data=2, shared_platform=2, training=4, recruitment=3)
SPLIT = "parts-time_split-strategy"


def found(person: Person, made: Release, pair: str = "", region: str = "") -> GapResults:
    """What the page shows."""
    page = gap_results(person, read(person, made.pk), pair, region)
    assert page is not None
    return page


def values(page: GapResults) -> list[tuple[str, str, str, str]]:
    """Every line as text: name, first, second and difference, or why there are none."""
    return [
        (line.system.name, str(line.both.first), str(line.both.second), str(line.both.difference))
        if line.both.difference is not None
        else (line.system.name, line.both.why_not, "", "")
        for line in page.lines
    ]


def two_rounds_answers(world: World) -> Release:
    """Own is ahead in infrastructure by 1, far behind by 1.5, sister did not submit."""
    split = {"time_split": Response(parts=(("reporting", Decimal(70)), ("strategy", Decimal(30))))}
    submit(world.assessment, world.approver, {**HIGH, **split})
    submit(world.far_assessment, world.far_approver, LOW)
    return release_for_good(world.round)


def test_what_can_be_compared_follows_from_the_questionnaire(world: World) -> None:
    """The gap first, then each dimension against the others, then the parts of a split."""
    made = two_rounds_answers(world)
    assert [(choice.code, choice.name) for choice in gap_choices(read(world.lead, made.pk))] == [
        ("groups", "Infrastructure against culture"),
        ("dimension-data_platform", "Data platform against the mean of the other dimensions"),
        ("dimension-skills", "Skills against the mean of the other dimensions"),
        (SPLIT, "Reporting against strategy"),
    ]


def test_the_gap_is_the_frozen_one(world: World) -> None:
    page = found(world.lead, two_rounds_answers(world))
    assert values(page) == [
        ("Ambleshire", "3.5000", "2.5000", "1.0000"),
        ("Borderland", "not submitted", "", ""),
        ("Cliffshire", "2.0000", "3.5000", "-1.5000"),
    ]
    assert page.title == "“Infrastructure” is higher than “Culture” in 1 of 2 systems"
    assert page.sentences == (
        (
            "The gap is “Infrastructure” minus “Culture”. Its median over 2 systems is -0.3 levels; the "
            "middle half lies between -0.9 and +0.4."
        ),
        "The gap lies above zero in 1 of 2 systems and below it in 1.",
        "Over the core dimensions alone the median gap is -0.3 levels (2 of 3 systems).",
        "1 system of 3 cannot be placed: see below the chart.",
    )


def test_chart_strip_and_lines_hold_the_same_numbers(world: World) -> None:
    page = found(world.lead, two_rounds_answers(world))
    assert [(dot.name, dot.up, dot.across, dot.mark) for dot in page.chart.dots] == [
        ("Ambleshire", Decimal("3.5"), Decimal("2.5"), "your system"),
        ("Cliffshire", Decimal("2.0"), Decimal("3.5"), ""),
    ]
    assert page.chart.medians == (Decimal("3.0000"), Decimal("2.7500"))
    assert page.chart.missing == ("Borderland (not submitted)",)
    assert page.strip is not None
    assert [(lane.name, [dot.value for dot in lane.dots]) for lane in page.strip.lanes] == [
        ("All systems", [Decimal("1.0"), Decimal("-1.5")]),
        ("North", [Decimal("1.0")]),
        ("South", [Decimal("-1.5")]),
    ]


def test_a_median_is_rounded_once_and_so_reads_as_on_every_other_page(world: World) -> None:
    """2.24995 is 2.2; by way of 2.2500 it would be 2.3."""
    released = read(world.lead, two_rounds_answers(world).pk)
    column = released.systems.columns.scores["group", "infrastructure"]
    for place, value in zip(released.systems.responded.places, (22_499, 22_500), strict=True):
        column.values[place] = value
    page = gap_results(world.lead, released, "groups")
    assert page is not None
    assert page.medians == (Decimal("3.0000"), Decimal("2.24995"))
    assert page.chart.table.rows[-1] == ("Median", "All regions", "2.2", "3.0", "")


def test_a_dimension_stands_against_the_mean_of_the_others(world: World) -> None:
    dimensions = (
        *SMALL_CONTENT.dimensions,
        replace(
            SMALL_CONTENT.dimensions[1],
            code="trust",
            name="Trust",
            weight=Decimal(3),
            sections=(),
            questions=(replace(SMALL_CONTENT.question("training"), code="openness"),),
        ),
    )
    asked = publish_content(key="three", dimensions=dimensions)
    survey_round = make_round(asked, world.own, title="Three dimensions")
    assessment = survey_round.assessments.get()
    submit(assessment, world.approver, {**HIGH, **levels(openness=5)})
    page = found(world.lead, release_for_good(survey_round), "dimension-data_platform")
    assert values(page) == [("Ambleshire", "3.5000", "4.3750", "-0.8750")]
    assert page.core is None


def test_the_parts_of_a_split_are_percentages(world: World) -> None:
    """Whoever left the question out has no dot."""
    page = found(world.lead, two_rounds_answers(world), SPLIT)
    assert values(page) == [
        ("Ambleshire", "70.0000", "30.0000", "40.0000"),
        ("Borderland", "not submitted", "", ""),
        ("Cliffshire", "not answered", "", ""),
    ]
    assert (page.axis.highest, page.unit) == (100, "percentage points")
    assert page.title == "“Reporting” is higher than “Strategy” in 1 of 1 system"


def test_a_region_narrows_the_lines_and_not_the_national_figures(world: World) -> None:
    page = found(world.lead, two_rounds_answers(world), region="south")
    assert [line.system.name for line in page.lines] == ["Cliffshire"]
    assert page.spread is not None
    assert (page.spread.n, page.spread.of) == (2, 3)
    assert page.chart.subtitle.startswith("1 of 1 system with both. Self-assessed")
    assert page.strip is not None
    assert [lane.name for lane in page.strip.lanes] == ["All systems", "South"]


def test_before_publication_a_system_sees_only_its_own_scores(world: World) -> None:
    """No median, no strip, no sentence that is worked out from others."""
    submit_north(world)
    made = release(world.round)
    page = found(world.lead, made)
    assert [line.system.name for line in page.lines] == ["Ambleshire"]
    assert (page.spread, page.medians, page.strip, page.core, page.sentences) == (None, None, None, None, ())
    assert page.title == "“Infrastructure” against “Culture”"
    assert len(found(world.national_analyst, made).lines) == 3


def test_a_questionnaire_may_have_nothing_to_set_against_each_other(world: World) -> None:
    alone = replace(SMALL_CONTENT.dimensions[0], group="", gap_core=False)
    asked = publish_content(key="alone", dimensions=(alone,), groups=(), gap=None)
    survey_round = make_round(asked, world.own, title="One dimension")
    made = release_for_good(survey_round)
    assert gap_results(world.lead, read(world.lead, made.pk), "") is None
