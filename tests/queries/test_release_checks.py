"""What is checked of a release: each check passes on what was signed, and fails on what was damaged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.db import connection

from surveys.models import (
    Assessment,
    Participant,
    Release,
    ReleasedAnswer,
    ReleasedSubmission,
    Result,
    Submission,
)
from surveys.queries.figures_in_words import figures_in, without_a_place
from surveys.queries.release_check import publication_checks
from surveys.queries.release_checks import (
    MOST_FAULTS,
    Check,
    MedianLine,
    bounds_check,
    counts_check,
    frozen_checks,
    median_lines,
)
from surveys.queries.releases import FrozenScore, FrozenSystem, prepare
from surveys.queries.results.overview import overview
from surveys.queries.results.shown_checks import sentences_check, shown_checks, views_of
from tests.country import make_country
from tests.earlier import earlier_round
from tests.factories import SMALL_CONTENT, make_round, make_system, publish_content
from tests.points import POINTS_ANSWERS, POINTS_CONTENT
from tests.signed import levels, release, release_for_good, submit, submit_north
from tests.world import World

SCORED = FrozenScore("dimension", "skills", Decimal("2.5"), None, None, 2, 2, 0, withheld=False)
GAP = FrozenScore("gap", "", Decimal("-3.9"), None, None, 2, 2, 0, withheld=False)


@pytest.fixture
def provisional(world: World) -> Release:
    """Own and sister have provisional results; some of the sister's scores are withheld."""
    submit_north(world)
    made = release(world.round)
    world.round.refresh_from_db()
    return made


@contextmanager
def damaged() -> Iterator[None]:
    """Let the block change what never changes, as somebody could who may write to the database."""
    with pgtrigger.ignore():
        yield


def failing(checks: tuple[Check, ...]) -> dict[str, tuple[str, ...]]:
    """The faults of the checks that failed, by their names."""
    return {check.name: check.faults for check in checks if not check.passed}


def stored(release_: Release) -> dict[str, tuple[str, ...]]:
    return failing(frozen_checks(Release.objects.get(pk=release_.pk), {}))


def shown(world: World, release_: Release) -> dict[str, tuple[str, ...]]:
    return failing(shown_checks(views_of(world.administrator, release_.pk)))


def test_what_was_signed_passes_every_check(world: World, provisional: Release) -> None:
    checks = publication_checks(world.administrator, world.round, prepare(world.round))
    assert [(check.name, check.found, check.faults) for check in checks] == [
        ("Counts", "3 systems: 2 with results, 1 without. Submitted: 2.", ()),
        ("Bounds", "16 scores between 1 and 5, n within N, withheld by rule.", ()),
        (
            "Stored figures",
            "16 scores and 11 answers of provisional release 1, worked out again from 2 signed submissions.",
            (),
        ),
        ("Stored bounds", "16 scores between 1 and 5, n within N, withheld by rule.", ()),
        ("Tables", "The spreads of 7 measures beside those that the database works out anew.", ()),
        ("Sentences", "53 figures in 21 sentences of 7 views.", ()),
        ("Withheld scores", "5 withheld scores without a figure on any page, chart or download.", ()),
    ]


@pytest.mark.django_db
def test_a_round_of_42_systems_passes_in_a_fixed_number_of_queries(
    django_assert_max_num_queries: Any,
) -> None:
    """Its systems are called by a number, which is no figure of a sentence."""
    survey_round, analyst = make_country()
    release(survey_round)
    survey_round.refresh_from_db()
    with django_assert_max_num_queries(60):
        checks = publication_checks(analyst, survey_round, prepare(survey_round))
    assert failing(checks) == {}


@pytest.mark.django_db
def test_more_missing_systems_than_a_sentence_names_are_counted_in_it() -> None:
    survey_round, analyst = make_country(60)
    late = Assessment.objects.filter(round=survey_round).order_by("pk")[:55]
    Assessment.objects.filter(pk__in=late.values("pk")).update(status=Assessment.Status.IN_PROGRESS)
    made = release(survey_round)
    views = views_of(analyst, made.pk)
    assert "Not submitted: 57 systems, which the download names." in views.overview.sentences
    assert failing(shown_checks(views)) == {}


def test_a_round_in_points_passes_too(world: World) -> None:
    """Its scores (of the dimension, of both sections and overall) are percentages with points behind them."""
    survey_round = make_round(publish_content(POINTS_CONTENT), world.own, world.sister, title="Points round")
    submit(Assessment.objects.get(round=survey_round, organisation=world.own), world.approver, POINTS_ANSWERS)
    release(survey_round)
    survey_round.refresh_from_db()
    checks = publication_checks(world.administrator, survey_round, prepare(survey_round))
    assert failing(checks) == {}
    assert checks[1].found == "4 scores between 0 and 100, n within N, withheld by rule."


def test_change_since_an_earlier_round_is_checked_too(world: World) -> None:
    given = levels(linked_data=3, shared_platform=2, training=4, recruitment=1)
    release_for_good(earlier_round(world, {world.own: given, world.sister: given}))
    submit_north(world)
    made = release(world.round)
    views = views_of(world.administrator, made.pk)
    assert views.changes is not None
    assert failing(shown_checks(views)) == {}


def test_a_command_has_no_pages_to_check(world: World, provisional: Release) -> None:
    names = [check.name for check in publication_checks(None, world.round, prepare(world.round))]
    assert names == ["Counts", "Bounds", "Stored figures", "Stored bounds"]


def test_before_a_provisional_release_only_what_would_be_released_is_checked(world: World) -> None:
    submit_north(world)
    checks = publication_checks(world.administrator, world.round, prepare(world.round))
    assert [check.name for check in checks] == ["Counts", "Bounds"]


def test_a_participant_without_an_assessment_is_missed(world: World, provisional: Release) -> None:
    Participant.objects.create(round=world.round, organisation=make_system(world.north, "Doverdale"))
    assert counts_check(world.round, prepare(world.round)).faults == (
        "4 systems were chosen, but 2 with results, 1 without come to 3.",
    )


def test_a_submitted_system_without_results_is_missed(world: World, provisional: Release) -> None:
    prepared = prepare(world.round)
    fewer = replace(prepared, systems={world.assessment.pk: prepared.systems[world.assessment.pk]})
    assert counts_check(world.round, fewer).faults == (
        "3 systems were chosen, but 1 with results, 1 without come to 2.",
        "2 are submitted, but 1 have results.",
    )


def test_a_system_that_left_the_round_is_counted_as_withdrawn(world: World) -> None:
    submit_north(world)
    Assessment.objects.filter(pk=world.far_assessment.pk).update(
        withdrawn_at=world.round.opens_at, withdrawn_by=world.administrator, withdrawal_reason="Merged."
    )
    check = counts_check(world.round, prepare(world.round))
    assert (check.found, check.passed) == (
        "3 systems: 2 with results, 0 without, 1 withdrawn from the round. Submitted: 2.",
        True,
    )


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (replace(SCORED, score=Decimal("5.1")), "Skills: 5.1 does not lie between 1 and 5."),
        (replace(SCORED, score=Decimal("0.9")), "Skills: 0.9 does not lie between 1 and 5."),
        (
            replace(GAP, score=Decimal("-4.1")),
            "Infrastructure minus Culture: -4.1 does not lie between -4 and 4.",
        ),
        (replace(SCORED, answered=3), "Skills: 3 answered of 2."),
        (
            replace(SCORED, answered=1, asked=1, not_applicable=1),
            "Skills: 1 answered and 1 not applicable of 1.",
        ),
        (
            replace(SCORED, withheld=True, answered=1),
            "Skills: withheld, and yet it has a figure.",
        ),
        (
            replace(SCORED, score=None, possible=Decimal(2), withheld=True, answered=1),
            "Skills: withheld, and yet it has a figure.",
        ),
        (replace(SCORED, answered=1), "Skills: 1 of 2 answered, and it is not withheld."),
        (replace(SCORED, score=None, withheld=True), "Skills: 2 of 2 answered, and it is withheld."),
        (replace(SCORED, code="plumbing"), "plumbing: the questionnaire has no such score."),
    ],
)
def test_a_score_that_cannot_be_is_told(line: FrozenScore, fault: str) -> None:
    systems = {1: FrozenSystem(1, frozenset({line}), {})}
    found = bounds_check("Bounds", SMALL_CONTENT, systems, {1: "Ambleshire"}).faults
    assert f"Ambleshire, {fault}" in found
    assert len(found) == (2 if "3 answered of 2" in fault else 1)


def test_a_gap_may_lie_below_zero_and_a_score_on_the_edge() -> None:
    edge = replace(SCORED, score=Decimal(5))
    nothing_asked = replace(SCORED, code="data_platform", score=None, answered=0, asked=0)
    systems = {1: FrozenSystem(1, frozenset({GAP, edge, nothing_asked}), {})}
    assert bounds_check("Bounds", SMALL_CONTENT, systems, {1: "Ambleshire"}).faults == ()


def test_many_faults_are_counted_after_the_first_ones() -> None:
    check = Check("Counts", "", tuple(str(number) for number in range(MOST_FAULTS + 3)))
    assert check.named[-2:] == (str(MOST_FAULTS - 1), "And 3 more.")
    assert check.words.startswith("Counts: 0 1 2 ")


def test_a_stored_score_that_was_changed_is_found(world: World, provisional: Release) -> None:
    rows = Result.objects.filter(release=provisional, assessment=world.assessment)
    with damaged():
        rows.filter(measure="dimension", code="skills").update(score=Decimal("4.5"))
    assert stored(provisional) == {"Stored figures": ("Ambleshire: 1 score not as signed.",)}


def test_a_stored_answer_that_was_changed_is_found(world: World, provisional: Release) -> None:
    rows = ReleasedAnswer.objects.filter(release=provisional, assessment=world.sister_assessment)
    with damaged():
        rows.filter(question__code="training").update(level=1)
        rows.filter(question__code="recruitment").delete()
    assert stored(provisional) == {"Stored figures": ("Borderland: 2 answers not as signed.",)}


def test_a_submission_that_was_changed_is_found(world: World, provisional: Release) -> None:
    with damaged():
        Submission.objects.filter(assessment=world.assessment).update(content='{"answers":{}}')
    assert stored(provisional) == {
        "Stored figures": ("Submission 1 of Ambleshire is not as it was signed: its SHA-256 does not fit.",)
    }


def test_figures_without_a_submission_are_found(world: World, provisional: Release) -> None:
    with damaged():
        ReleasedSubmission.objects.filter(assessment=world.sister_assessment).delete()
    assert stored(provisional) == {"Stored figures": ("Borderland has figures but no submission.",)}


def test_a_stored_score_off_the_scale_is_found(world: World, provisional: Release) -> None:
    rows = Result.objects.filter(release=provisional, assessment=world.assessment)
    with damaged():
        rows.filter(measure="dimension", code="skills").update(score=Decimal(7))
    assert stored(provisional) == {
        "Stored figures": ("Ambleshire: 1 score not as signed.",),
        "Stored bounds": ("Ambleshire, Skills: 7.0000 does not lie between 1 and 5.",),
    }


def test_a_page_that_shows_other_figures_than_the_database_is_found(
    world: World, provisional: Release
) -> None:
    """A process keeps what it has read, and somebody changes the database behind it."""
    overview(world.administrator, provisional.pk)
    rows = Result.objects.filter(release=provisional, assessment=world.assessment)
    with damaged():
        rows.filter(measure="dimension", code="skills").update(score=Decimal("4.5"))
    assert shown(world, provisional) == {
        "Tables": (
            f"Skills: the page shows 2 of 3 with the median 3.5, the database gives 2 scores at {[4.5] * 7}.",
        )
    }


def test_a_sentence_with_a_figure_of_another_table_is_found(world: World, provisional: Release) -> None:
    views = views_of(world.administrator, provisional.pk)
    platform, skills = views.dimensions
    mixed = replace(platform, summary=skills.summary)
    faults = sentences_check(replace(views, dimensions=(mixed, skills))).faults
    assert faults[0].startswith("3.0 in “2 of 3 systems have a score. The median is 3.5.")


def test_a_withheld_score_with_a_figure_is_found(world: World, provisional: Release) -> None:
    """The database itself refuses it, until its constraint is dropped."""
    rows = Result.objects.filter(release=provisional, assessment=world.assessment)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE surveys_result DROP CONSTRAINT result_withheld_has_no_score")
    with damaged():
        rows.filter(measure="dimension", code="skills").update(withheld=True)
    assert shown(world, provisional) == {
        "Withheld scores": (
            "Ambleshire: a withheld score is shown as 2.5000.",
            "Ambleshire: a withheld score has a place on the page of Skills.",
        )
    }


def test_medians_are_bounded_by_what_the_missing_could_have_scored(
    world: World, provisional: Release
) -> None:
    """Own has 3.5 and 2.5, sister nothing and 4.5; the far system did not submit."""
    assert median_lines(SMALL_CONTENT, prepare(world.round)) == (
        MedianLine("Data platform", 1, 3, "3.5", "1.0", "5.0"),
        MedianLine("Skills", 2, 3, "3.5", "2.5", "4.5"),
    )


def test_without_a_score_there_is_no_median(world: World) -> None:
    assert median_lines(SMALL_CONTENT, prepare(world.round))[0] == MedianLine(
        "Data platform", 0, 3, "", "", ""
    )


def test_a_median_of_scores_off_the_scale_has_no_bounds(world: World, provisional: Release) -> None:
    prepared = prepare(world.round)
    line = replace(SCORED, score=Decimal(7))
    off = replace(prepared, systems={1: FrozenSystem(1, frozenset({line}), {})})
    assert median_lines(SMALL_CONTENT, off)[1] == MedianLine("Skills", 1, 3, "7.0", "", "")


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("40 of 42 systems submitted (95%).", ("40", "42", "95")),
        ("The median change is +0.3 levels, between -1.0 and +1.2.", ("0.3", "-1.0", "1.2")),
        ("4,200 systems.", ("4200",)),
        ("The middle 80% lies between 3.1 and 3.5.", ("3.1", "3.5")),
        ("Northside 07 has 2.5 and Northside 071 nothing.", ("2.5",)),
        ("No system has a score.", ()),
        ("Questions a1 and 1b.", ()),
    ],
)
def test_the_figures_of_a_sentence(text: str, figures: tuple[str, ...]) -> None:
    assert figures_in(text, ("Northside 07", "Northside 071")) == figures


def test_a_figure_without_a_place_is_told_with_its_sentence() -> None:
    said = ("The median is 3.5.", "Two dots at 2.0 and 2.1.")
    assert without_a_place(said, ["2 of 3", "3.5", "2.0 to 2.2"]) == (
        "2.1 in “Two dots at 2.0 and 2.1.” does not stand in its table.",
    )
