"""The overview says only what its numbers say, and only to those who may see them all."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from surveys.actions.questionnaires import publish
from surveys.actions.releases import correct
from surveys.actions.releases import publish as publish_round
from surveys.models import Assessment, Release, Result, Round
from surveys.queries.results.listing import rounds_with_results
from surveys.queries.results.measures import all_measures
from surveys.queries.results.overview import overview
from surveys.queries.results.released import read
from surveys.queries.results.selection import Selection
from surveys.queries.results.tiles import Position, placed, positions
from tests.factories import SMALL_CONTENT, make_round, make_system, publish_content
from tests.points import POINTS_ANSWERS, POINTS_CONTENT
from tests.signed import levels, release, release_for_good, submit, submit_north
from tests.world import World

FAR = levels(linked_data=2, shared_platform=2, training=1, recruitment=1)


def shape(world: World, made: Release) -> list[tuple[str, str, str, str, str]]:
    """Name, count, median, middle half and width of every dimension, as people read them."""
    return [
        (
            line.name,
            line.summary.count,
            line.summary.median,
            line.summary.middle_half,
            line.summary.iqr,
        )
        for line in overview(world.national_analyst, made.pk).dimensions
    ]


def test_each_dimension_has_its_spread_over_the_systems(world: World) -> None:
    """Own, sister and far: 3.5 and 2 and withheld on one, 2.5, 4.5 and 1 on the other."""
    submit_north(world)
    submit(world.far_assessment, world.far_approver, FAR)
    made = release_for_good(world.round)
    assert shape(world, made) == [
        ("Data platform", "2 of 3", "2.8", "2.4 to 3.1", "0.8"),
        ("Skills", "3 of 3", "2.5", "1.8 to 3.5", "1.8"),
    ]


def test_the_sentences_are_made_of_the_same_numbers(world: World) -> None:
    """Response, who is missing, what is withheld, where systems differ, where the median stands."""
    submit_north(world)
    submit(world.far_assessment, world.far_approver, FAR)
    made = release_for_good(world.round)
    assert overview(world.national_analyst, made.pk).sentences == (
        "3 of 3 systems submitted (100%).",
        "Withheld because too few questions were answered: 1 dimension score.",
        (
            "Systems differ most on “Skills”, where the middle half of them spans 1.8 levels, "
            "and least on “Data platform” (0.8 levels)."
        ),
        "The median score is highest on “Data platform” (2.8) and lowest on “Skills” (2.5).",
    )


def test_systems_that_did_not_submit_are_named(world: World) -> None:
    """They are in N."""
    submit_north(world)
    made = release_for_good(world.round)
    page = overview(world.national_analyst, made.pk)
    assert page.sentences[:2] == ("2 of 3 systems submitted (67%).", "Not submitted: Cliffshire.")
    assert [(line.summary.count, line.summary.withheld, line.summary.absent) for line in page.dimensions] == [
        ("1 of 3", 1, 1),
        ("2 of 3", 0, 1),
    ]


def test_systems_stand_by_region_and_then_name(world: World) -> None:
    """Never by score."""
    made = release_for_good(world.round)
    assert [
        (system.region_name, system.name)
        for system in overview(world.national_analyst, made.pk).released.systems
    ] == [("North", "Ambleshire"), ("North", "Borderland"), ("South", "Cliffshire")]


def test_agreement_on_a_dimension_is_the_middle_of_that_on_its_questions(world: World) -> None:
    """Linked data: levels 4 and 2 of two systems; shared platform: only one chose a level."""
    submit_north(world)
    made = release_for_good(world.round)
    first, second = overview(world.national_analyst, made.pk).dimensions
    # Half at level 2 and half at level 4 is A = 1/6; one answer alone agrees with itself, A = 1.
    assert first.agreement.a == pytest.approx(7 / 12)
    assert (first.agreement.shown, first.agreement.words) == ("0.58", "moderate agreement")
    assert first.agreement.questions == 2
    assert second.agreement.questions == 2


def test_overall_groups_and_gaps_are_summarised_apart(world: World) -> None:
    """A difference shows its sign."""
    submit_north(world)
    made = release_for_good(world.round)
    assert [
        (summary.name.name, summary.count, summary.median)
        for summary in overview(world.national_analyst, made.pk).combined
    ] == [
        ("Overall", "1 of 3", "3.0"),
        ("Infrastructure", "1 of 3", "3.5"),
        ("Culture", "2 of 3", "3.5"),
        ("Infrastructure minus Culture", "1 of 3", "+1.0"),
        ("Infrastructure minus Culture, core dimensions", "1 of 3", "+1.0"),
    ]


def test_the_chart_draws_the_spreads_of_the_table(world: World) -> None:
    """The same objects, so they cannot differ."""
    submit_north(world)
    made = release_for_good(world.round)
    page = overview(world.national_analyst, made.pk)
    assert [row.spread for row in page.chart.rows] == [line.summary.spread for line in page.ranked]
    assert page.chart.subtitle == f"2 of 3 systems submitted (67%). {page.head.source}"


def test_every_score_is_the_frozen_row(world: World) -> None:
    """Nothing is worked out again."""
    submit_north(world)
    made = release_for_good(world.round)
    shown = {
        (system.assessment_id, name.measure, name.code): (
            score.value,
            score.answered,
            score.of,
            score.withheld,
        )
        for system in read(world.national_analyst, made.pk).systems
        for name in all_measures(SMALL_CONTENT)
        if (score := system.score(name.measure, name.code)) is not None
    }
    frozen = {
        (row.assessment_id, row.measure, row.code): (row.score, row.answered, row.asked, row.withheld)
        for row in Result.objects.filter(release=made)
    }
    assert shown == frozen


def test_without_any_submission_there_is_a_page_that_says_so(world: World) -> None:
    """No spread, no sentence about differences, nobody left out."""
    made = release_for_good(world.round)
    page = overview(world.national_analyst, made.pk)
    assert page.sentences == (
        "0 of 3 systems submitted (0%).",
        "Not submitted: Ambleshire, Borderland and Cliffshire.",
    )
    assert [line.summary.spread for line in page.dimensions] == [None, None]
    assert [line.agreement.words for line in page.dimensions] == ["not measured", "not measured"]


def test_with_one_score_nothing_is_said_of_differences(world: World) -> None:
    """One system does not differ from itself."""
    submit(world.assessment, world.approver, FAR)
    made = release_for_good(world.round)
    assert overview(world.national_analyst, made.pk).sentences == (
        "1 of 3 systems submitted (33%).",
        "Not submitted: Borderland and Cliffshire.",
    )


def test_when_every_score_is_withheld_the_page_says_how_many(world: World) -> None:
    """One answer of two on both dimensions."""
    submit(world.assessment, world.approver, levels(linked_data=2, training=1))
    made = release_for_good(world.round)
    page = overview(world.national_analyst, made.pk)
    assert page.sentences[2:] == ("Withheld because too few questions were answered: 2 dimension scores.",)
    assert page.chart.notes == ("Data platform: no system has a score.", "Skills: no system has a score.")


def test_equal_widths_and_medians_are_said_once(world: World) -> None:
    """No dimension is made out to differ most when none does."""
    for assessment, person in (
        (world.assessment, world.approver),
        (world.sister_assessment, world.sister_approver),
    ):
        submit(assessment, person, levels(linked_data=3, shared_platform=3, training=3, recruitment=3))
    made = release_for_good(world.round)
    assert overview(world.national_analyst, made.pk).sentences[2:] == (
        "The middle half of systems spans 0.0 levels on every dimension.",
        "The median score is 3.0 on every dimension.",
    )


def test_a_points_questionnaire_is_shown_in_percent(world: World) -> None:
    """On an axis from 0 to 100, with the points of the possible points beside the percentage."""
    content = publish(by=None, content=POINTS_CONTENT).questionnaire
    survey_round = make_round(content, world.own, world.sister, title="Points round")
    own = Assessment.objects.get(round=survey_round, organisation=world.own)
    submit(own, world.approver, POINTS_ANSWERS)
    made = release_for_good(survey_round)
    page = overview(world.national_analyst, made.pk)
    assert (page.axis.lowest, page.axis.highest, page.axis.unit) == (Decimal(0), Decimal(100), "%")
    (line,) = page.dimensions
    assert (line.summary.median, line.summary.count) == ("40.0%", "1 of 2")
    score = page.released.system(own.pk).score("dimension", "security")
    assert score is not None
    assert (score.points, score.possible, score.value) == (Decimal(4), Decimal(10), Decimal(40))


def test_a_dimension_without_a_scored_question_has_no_column(world: World) -> None:
    """It is named, because its answers are elsewhere."""
    platform, skills = SMALL_CONTENT.dimensions
    facts = replace(skills, sections=(skills.sections[1],), gap_core=False)
    content = publish_content(version="2.0", dimensions=(replace(platform, gap_core=False), facts), gap=None)
    made = release_for_good(make_round(content, world.own, title="Facts round"))
    page = overview(world.national_analyst, made.pk)
    assert [measure.code for measure in page.measures] == ["data_platform"]
    assert [dimension.name for dimension in page.unscored] == ["Skills"]


# Who sees what before publication


def test_before_publication_a_lead_sees_only_its_own_system(world: World) -> None:
    """No count, no spread, no chart: each would say something of the others."""
    submit_north(world)
    made = release(world.round)
    page = overview(world.lead, made.pk)
    assert [system.name for system in page.released.systems] == ["Ambleshire"]
    assert (page.sentences, page.dimensions, page.combined, page.released.whole) == ((), (), (), False)


def test_before_publication_an_analyst_of_the_nation_sees_all(world: World) -> None:
    """With the national figures."""
    submit_north(world)
    made = release(world.round)
    page = overview(world.national_analyst, made.pk)
    assert ([system.name for system in page.released.systems], page.released.whole) == (
        ["Ambleshire", "Borderland", "Cliffshire"],
        True,
    )


@pytest.mark.parametrize("who", ["lead", "far_lead", "regional_analyst", "national_analyst"])
def test_after_publication_every_member_sees_every_system(world: World, who: str) -> None:
    """Sister and other region included."""
    submit_north(world)
    made = release_for_good(world.round)
    page = overview(getattr(world, who), made.pk)
    assert ([system.name for system in page.released.systems], page.released.whole) == (
        ["Ambleshire", "Borderland", "Cliffshire"],
        True,
    )


def test_who_has_no_membership_sees_only_public_results(world: World) -> None:
    """The newcomer has an account and nothing else."""
    submit_north(world)
    made = release_for_good(world.round)
    for person in (world.newcomer, AnonymousUser()):
        with pytest.raises(Http404):
            overview(person, made.pk)
        assert rounds_with_results(person) == ()
    Round.objects.update(audience=Round.Audience.PUBLIC)
    for person in (world.newcomer, AnonymousUser()):
        assert overview(person, made.pk).released.whole
        assert [line.newest.id for line in rounds_with_results(person)] == [made.pk]


def test_public_does_not_mean_before_publication(world: World) -> None:
    """A provisional release of a public round stays inside."""
    submit_north(world)
    Round.objects.update(audience=Round.Audience.PUBLIC)
    world.round.refresh_from_db()
    made = release(world.round)
    with pytest.raises(Http404):
        overview(AnonymousUser(), made.pk)


def test_the_list_has_the_round_that_closed_last_first_and_its_releases_newest_first(world: World) -> None:
    """Earlier releases are kept in sight."""
    submit_north(world)
    provisional = release(world.round)
    first = publish_round(by=None, round_id=world.round.pk)
    submit(world.assessment, world.approver, levels(training=5, recruitment=5))
    second = correct(by=None, round_id=world.round.pk, note="Signed again.")
    later = make_round(
        world.questionnaire,
        make_system(world.south, "Dalesland"),
        title="Later round",
        closes_at=world.round.closes_at.replace(year=world.round.closes_at.year + 1),
    )
    newest = release_for_good(later)
    listed = rounds_with_results(world.lead)
    assert [(line.title, line.newest.id, [each.id for each in line.earlier]) for line in listed] == [
        ("Later round", newest.pk, []),
        ("Spring round", second.pk, [first.pk, provisional.pk]),
    ]


def test_an_old_release_names_the_newer_one_with_its_note(world: World) -> None:
    """And the newest names none."""
    submit_north(world)
    first = release_for_good(world.round)
    submit(world.assessment, world.approver, levels(training=5, recruitment=5))
    second = correct(by=None, round_id=world.round.pk, note="Signed again.")
    newer = overview(world.lead, first.pk).head.newer
    assert newer is not None
    assert (newer.id, newer.name, newer.note) == (second.pk, "Published release 2", "Signed again.")
    assert overview(world.lead, second.pk).head.newer is None


def ordered_names(made: Release, world: World, **chosen: Any) -> list[str]:
    """The systems of the table as they stand."""
    page = overview(world.national_analyst, made.pk).arranged(Selection(**chosen))
    return [line.system.name for line in page.systems]


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ({}, ["Ambleshire", "Borderland", "Cliffshire"]),
        ({"descending": True}, ["Cliffshire", "Borderland", "Ambleshire"]),
        ({"order": "name", "descending": True}, ["Cliffshire", "Borderland", "Ambleshire"]),
        ({"order": "median"}, ["Cliffshire", "Ambleshire", "Borderland"]),
        ({"order": "score-skills", "descending": True}, ["Borderland", "Ambleshire", "Cliffshire"]),
        ({"order": "score-data_platform"}, ["Cliffshire", "Ambleshire", "Borderland"]),
        ({"order": "score-data_platform", "descending": True}, ["Ambleshire", "Cliffshire", "Borderland"]),
        ({"region": "north", "order": "median", "descending": True}, ["Borderland", "Ambleshire"]),
    ],
)
def test_the_table_can_be_ordered_by_region_name_median_and_dimension(
    world: World, chosen: dict[str, Any], names: list[str]
) -> None:
    """A withheld score is last, whichever way round."""
    submit_north(world)
    submit(world.far_assessment, world.far_approver, FAR)
    assert ordered_names(release_for_good(world.round), world, **chosen) == names


def test_the_dimensions_on_which_systems_differ_most_come_first(world: World) -> None:
    """In the panel, in the chart and on the map."""
    submit_north(world)
    submit(world.far_assessment, world.far_approver, FAR)
    page = overview(world.national_analyst, release_for_good(world.round).pk)
    assert [line.name for line in page.ranked] == ["Skills", "Data platform"]
    assert [row.name for row in page.chart.rows] == ["Skills", "Data platform"]
    assert page.mapped == page.ranked[0]
    assert page.arranged(Selection(dimension="data_platform")).mapped == page.ranked[1]
    assert (page.ranked[0].summary.p90_p10, page.ranked[0].summary.range) == ("2.8", "1.0 to 4.5")
    assert page.finding == "Systems differ most on “Skills”: the middle half spans 1.8 levels"
    assert page.chart.title == page.finding


def test_a_region_is_set_against_all_systems(world: World) -> None:
    """Where its median lies furthest below, and furthest above."""
    submit_north(world)
    submit(world.far_assessment, world.far_approver, FAR)
    page = overview(world.national_analyst, release_for_good(world.round).pk)
    south = page.arranged(Selection(region="south")).sentences
    north = page.arranged(Selection(region="north")).sentences
    assert (south[:-1], north[:-1]) == (page.sentences, page.sentences)
    assert (
        south[-1]
        == "The median of South lies furthest below that of all systems on “Skills”: 1.0 against 2.5."
    )
    assert (
        north[-1]
        == "The median of North lies furthest above that of all systems on “Skills”: 3.5 against 2.5."
    )


def test_where_systems_do_not_differ_nothing_is_said_to_differ_most(world: World) -> None:
    """Neither with nobody there, nor with equal widths."""
    page = overview(world.national_analyst, release_for_good(world.round).pk)
    assert (page.finding, page.chart.title) == ("", "The spread of systems' scores on each dimension")


def test_tiles_are_read_line_by_line(world: World) -> None:
    """Systems without a position are left out."""
    systems = overview(world.national_analyst, release_for_good(world.round).pk).released.systems
    own, _, far = systems
    where = {own.ods_code: Position("A", 5, 2), far.ods_code: Position("C", 1, 2)}
    assert [each.system.name for each in placed(systems, where)] == ["Cliffshire", "Ambleshire"]


def test_every_system_of_the_reference_data_has_a_tile_of_its_own() -> None:
    """Those of 2022, and those that there are since April 2026."""
    folder = settings.BASE_DIR / "reference" / "organisations"
    began = [row for row in read_rows(folder / "ics-2022.csv") if row["kind"] == "ics" and row["name"]]
    changes = read_rows(folder / "icb-changes-2026-04-01.csv")
    first = {row["ods_code"] for row in began}
    ended = {row["ods_code"] for row in changes if row["change"] == "ends"}
    later = first - ended | {row["ods_code"] for row in changes if row["change"] == "opens"}
    for codes in (first, later):
        places = [(positions()[code].column, positions()[code].row) for code in codes]
        assert len(set(places)) == len(places) == len(codes)
    assert set(positions()) == first | later


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a file of the reference data."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
