"""One question: its distribution, how far systems agree, and whose words are in it for whom."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from surveys.actions.participants import withdraw_participant
from surveys.actions.releases import correct
from surveys.charts.level_counts import LevelCounts
from surveys.charts.option_counts import OptionCounts
from surveys.charts.split_parts import SplitParts
from surveys.charts.system_strips import SystemStrips
from surveys.models import Release, Round
from surveys.queries.results.question import QuestionResults, question_results
from surveys.queries.results.question_charts import question_chart
from surveys.queries.results.selection import Selection
from surveys.questionnaires.responses import Response
from tests.signed import levels, release, release_for_good, submit, submit_north
from tests.world import World


def all_three(world: World, **answers: tuple[Response, Response, Response]) -> Release:
    """What own, sister and far answered, by question; published."""
    for place, (assessment, signer) in enumerate(
        (
            (world.assessment, world.approver),
            (world.sister_assessment, world.sister_approver),
            (world.far_assessment, world.far_approver),
        )
    ):
        submit(assessment, signer, {code: given[place] for code, given in answers.items()})
    return release_for_good(world.round)


def numbers(*values: str) -> Any:
    return tuple(Response(number=Decimal(value)) for value in values)


def test_levels_are_counted_for_all_systems_and_for_each_region(world: World) -> None:
    made = all_three(world, training=tuple(levels(x=level)["x"] for level in (2, 2, 5)))
    page = question_results(world.lead, made.pk, "training")
    assert [(name, [count for _, count in found.counts]) for name, found in page.agreements] == [
        ("All systems", [0, 2, 0, 0, 1]),
        ("North", [0, 2, 0, 0, 0]),
        ("South", [0, 0, 0, 0, 1]),
    ]
    assert page.finding == "No clear agreement (A = 0.06): 2 Patchy was chosen most often, by 2 of 3 systems"
    assert page.sentences == ("3 of 3 systems answered.",)


def test_the_chart_of_levels_has_the_counts_and_the_agreement(world: World) -> None:
    made = all_three(world, training=tuple(levels(x=level)["x"] for level in (2, 2, 5)))
    page = question_results(world.lead, made.pk, "training")
    chart = question_chart(page)
    assert isinstance(chart, LevelCounts)
    assert chart.title == page.finding
    assert chart.table.rows[0] == (
        "All systems", "0", "2", "0", "0", "1", "3 of 3", "No clear agreement (A = 0.06)",
    )  # fmt: skip
    assert [lane.name for lane in chart.lanes] == ["All systems", "North", "South"]


def test_a_region_leaves_the_nation_and_itself(world: World) -> None:
    made = all_three(world, training=tuple(levels(x=level)["x"] for level in (2, 3, 5)))
    page = question_results(world.national_analyst, made.pk, "training").arranged(Selection(region="south"))
    assert [name for name, _ in page.agreements] == ["All systems", "South"]
    assert [(line.level, [each.name for each in line.systems]) for line in page.chosen] == [
        ("5 Leading", ["Cliffshire"]),
        ("4 Embedded", []),
        ("3 Established", []),
        ("2 Patchy", []),
        ("1 Ad hoc", []),
    ]


def test_who_chose_which_level_is_for_programme_staff(world: World) -> None:
    made = all_three(world, training=tuple(levels(x=level)["x"] for level in (2, 3, 5)))
    seen = {
        person.name: bool(question_results(person, made.pk, "training").chosen)
        for person in (world.lead, world.approver, world.regional_analyst, world.administrator)
    }
    assert seen == {
        "Lena Lead": False,
        "April Approver": False,
        "Reggie Region": True,
        "Ada Administrator": True,
    }


def test_levels_chosen_equally_often_share_the_sentence(world: World) -> None:
    made = all_three(world, training=tuple(levels(x=level)["x"] for level in (1, 3, 5)))
    page = question_results(world.lead, made.pk, "training")
    assert page.finding.endswith(
        "1 Ad hoc, 3 Established and 5 Leading were chosen equally often, each by 1 of 3 systems"
    )


def test_options_are_ranked_by_how_many_chose_them(world: World) -> None:
    made = all_three(
        world,
        sectors=(
            Response(options=("primary_care", "acute")),
            Response(options=("primary_care",)),
            Response(options=("primary_care", "other"), other="Prisons"),
        ),
    )
    page = question_results(world.lead, made.pk, "sectors")
    assert [(each.label, each.count, each.by_region) for each in page.options] == [
        ("Primary care", 3, (2, 1)),
        ("Acute hospitals", 1, (1, 0)),
        ("Another sector", 1, (0, 1)),
        ("None", 0, (0, 0)),
    ]
    assert page.finding == "“Primary care” was chosen most often, by 3 of 3 systems"
    chart = question_chart(page)
    assert isinstance(chart, OptionCounts)
    assert chart.table.rows[0] == ("Primary care", "3 of 3", "2", "1")


def test_numbers_are_a_strip_with_every_system_named(world: World) -> None:
    made = all_three(world, analysts=numbers("10", "14", "60"))
    page = question_results(world.lead, made.pk, "analysts")
    chart = question_chart(page)
    assert (
        page.finding == "The median is 14 WTE, and the middle half of systems lies between 12 WTE and 37 WTE"
    )
    assert isinstance(chart, SystemStrips)
    assert (chart.axis.lowest, chart.axis.highest) == (0, 100)
    assert [row[-1] for row in chart.table.rows] == [
        "Ambleshire 10.0 WTE; Borderland 14.0 WTE; Cliffshire 60.0 WTE",
        "Ambleshire 10.0 WTE; Borderland 14.0 WTE",
        "Cliffshire 60.0 WTE",
    ]


def test_a_percentage_lies_on_the_whole_of_its_axis(world: World) -> None:
    made = all_three(world, practice_share=numbers("10", "14", "60"))
    chart = question_chart(question_results(world.lead, made.pk, "practice_share"))
    assert isinstance(chart, SystemStrips)
    assert (chart.axis.lowest, chart.axis.highest, chart.axis.unit) == (0, 100, "%")


def test_a_split_shows_each_system_under_the_median_of_each_part(world: World) -> None:
    made = all_three(
        world,
        time_split=tuple(
            Response(parts=(("reporting", Decimal(value)), ("strategy", Decimal(100 - value))))
            for value in (80, 60, 30)
        ),
    )
    page = question_results(world.lead, made.pk, "time_split")
    chart = question_chart(page)
    assert page.finding == "The largest median is that of “Reporting”: 60%"
    assert isinstance(chart, SplitParts)
    assert chart.table.rows == (
        ("Median of all systems", "60.0%", "40.0%"),
        ("Ambleshire", "80.0%", "20.0%"),
        ("Borderland", "60.0%", "40.0%"),
        ("Cliffshire", "30.0%", "70.0%"),
    )


def test_texts_are_shown_to_those_who_may_read_them(world: World) -> None:
    """The owner's own words; another member's only with consent; the public's none."""
    submit_north(world)
    Round.objects.update(audience=Round.Audience.PUBLIC)
    made = release_for_good(Round.objects.get(pk=world.round.pk))

    def read(person: Any) -> list[str]:
        page = question_results(person, made.pk, "peer_offer")
        assert page.finding == "2 of 3 systems answered in words"
        assert question_chart(page) is None
        return [each.response.text for each in page.texts]

    assert read(world.national_analyst) == ["Our tested pipelines.", "Borderland says no."]
    assert read(world.lead) == ["Our tested pipelines."]
    assert read(world.sister_lead) == ["Our tested pipelines.", "Borderland says no."]
    assert read(world.far_lead) == ["Our tested pipelines."]
    assert read(AnonymousUser()) == []


def test_words_stay_where_they_belong_when_a_system_was_withdrawn(world: World) -> None:
    """The analyst of the north reads as many assessments as the release has systems, but other ones."""
    first = all_three(
        world, training=tuple(Response(level=3, comment=f"Words {place}") for place in (1, 2, 3))
    )
    withdraw_participant(by=world.administrator, assessment_id=world.assessment.pk, reason="Merged")
    second = correct(by=world.administrator, round_id=world.round.pk, note="Ambleshire merged.")

    def comments(made: Release) -> list[str]:
        return [
            each.comment for each in question_results(world.regional_analyst, made.pk, "training").comments
        ]

    assert comments(first) == ["Words 1", "Words 2"]
    assert comments(second) == ["Words 2"]


def test_comments_reasons_and_other_texts_stay_with_those_who_may_read_the_assessment(world: World) -> None:
    submit_north(world)
    made = release_for_good(world.round)

    def words(person: Any, code: str) -> list[str]:
        page = question_results(person, made.pk, code)
        return [part for each in page.answers for part in (each.words, each.comment) if part]

    assert words(world.lead, "training") == ["2 Patchy", "Cuts in Ambleshire.", "5 Leading"]
    assert words(world.far_lead, "training") == ["2 Patchy", "5 Leading"]
    assert words(world.lead, "sectors") == ["Acute hospitals\nAnother sector: Hospices in Ambleshire"]
    assert words(world.far_lead, "sectors") == ["Acute hospitals\nAnother sector"]
    assert words(world.regional_analyst, "training")[1] == "Cuts in Ambleshire."
    assert [each.comment for each in question_results(world.lead, made.pk, "training").comments] == [
        "Cuts in Ambleshire."
    ]


def test_before_publication_a_system_sees_its_own_answer_and_nothing_of_the_others(world: World) -> None:
    submit_north(world)
    made = release(world.round)
    page = question_results(world.lead, made.pk, "training")
    assert [(each.system.name, each.shown) for each in page.answers] == [("Ambleshire", "2 Patchy")]
    assert (page.groups, page.agreements, page.options, page.numbers, page.finding, page.sentences) == (
        (), (), (), (), "", (),
    )  # fmt: skip
    assert question_chart(page) is None


def test_who_has_no_answer_is_named_with_the_reason(world: World) -> None:
    submit_north(world)
    made = release_for_good(world.round)
    assert question_results(world.lead, made.pk, "shared_platform").sentences == (
        "1 of 3 systems answered.",
        "Not applicable: Borderland.",
        "Not submitted: Cliffshire.",
    )
    assert question_results(world.lead, made.pk, "why_no_sectors").sentences == (
        "0 of 3 systems answered.",
        "Not asked: Ambleshire and Borderland.",
        "Not submitted: Cliffshire.",
    )
    assert question_results(world.lead, made.pk, "analysts").sentences[1] == (
        "Not answered: Ambleshire and Borderland."
    )


@pytest.mark.parametrize(
    ("code", "finding"),
    [
        ("clarity", "No system chose an option"),
        ("analysts", "No system gave a number"),
        ("time_split", "No system split the total"),
        ("why_no_sectors", "0 of 3 systems answered in words"),
    ],
)
def test_a_question_that_nobody_answered_says_so(world: World, code: str, finding: str) -> None:
    submit_north(world)
    made = release_for_good(world.round)
    page = question_results(world.lead, made.pk, code)
    assert (page.finding, question_chart(page)) == (finding, None)


def test_a_single_number_is_no_spread(world: World) -> None:
    submit(world.assessment, world.approver, {"analysts": Response(number=Decimal("12.5"))})
    made = release_for_good(world.round)
    page = question_results(world.lead, made.pk, "analysts")
    assert page.finding == "The one system that answered gave 12.5 WTE"


def test_no_level_chosen_is_said_so(world: World) -> None:
    submit(world.assessment, world.approver, {"analysts": Response(number=Decimal("12.5"))})
    made = release_for_good(world.round)
    page = question_results(world.lead, made.pk, "training")
    assert page.finding == "No system chose a level"


def test_a_question_has_its_neighbours_of_the_dimension(world: World) -> None:
    made = release_for_good(world.round)

    def beside(code: str) -> list[str]:
        page: QuestionResults = question_results(world.lead, made.pk, code)
        return [each.code if each else "" for each in page.neighbours]

    assert [beside("training"), beside("analysts"), beside("peer_offer")] == [
        ["", "recruitment"],
        ["recruitment", "time_split"],
        ["clarity", ""],
    ]


@pytest.mark.parametrize("code", ["nothing", "", "skills", "x" * 500])
def test_a_question_that_there_is_not_is_not_found(world: World, code: str) -> None:
    made = release_for_good(world.round)
    with pytest.raises(Http404):
        question_results(world.lead, made.pk, code)
