"""Sentences from numbers: right for one, for many, for names with commas, for ties."""

from __future__ import annotations

from decimal import Decimal

import pytest

from surveys.analysis.bounds import Bounds
from surveys.analysis.variation import spread
from surveys.charts.axis import ScoreAxis, level_axis, percent_axis
from surveys.queries.results.measures import MeasureName, Summary
from surveys.queries.results.sentences import (
    missing_sentences,
    regions_sentence,
    response_sentence,
    spread_sentences,
    variation_sentences,
)

LEVELS = level_axis([(1, "Ad hoc"), (5, "Leading")])


def summary(name: str, *scores: str, of: int = 4, axis: ScoreAxis = LEVELS) -> Summary:
    """A dimension with these scores of `of` systems."""
    found = spread([Decimal(score) for score in scores], of)
    return Summary(
        MeasureName("dimension", name, name), axis, found, withheld=0, absent=of - len(scores), of=of
    )


@pytest.mark.parametrize(
    ("responded", "of", "sentence"),
    [
        (0, 0, "No system took part in this round."),
        (0, 1, "0 of 1 system submitted (0%)."),
        (41, 42, "41 of 42 systems submitted (98%)."),
        (1, 8, "1 of 8 systems submitted (13%)."),
    ],
)
def test_the_response_says_how_many_of_how_many(responded: int, of: int, sentence: str) -> None:
    """With the share, a half rounded up."""
    assert response_sentence(responded, of) == sentence


def test_dimensions_that_show_the_same_figure_share_their_place() -> None:
    """Up to three are named; more are counted."""
    narrow = [summary(name, "3", "3") for name in ("A", "B", "C", "D")]
    wide = summary("E", "1", "5")
    widths, medians = variation_sentences([*narrow, wide], LEVELS)
    assert widths == (
        "Systems differ most on “E”, where the middle half of them spans 2.0 levels, "
        "and least on 4 dimensions (0.0 levels)."
    )
    assert medians == "The median score is 3.0 on every dimension."
    assert variation_sentences([*narrow[:2], wide], LEVELS)[0] == (
        "Systems differ most on “E”, where the middle half of them spans 2.0 levels, "
        "and least on “A” and “B” (0.0 levels)."
    )


def test_a_dimension_with_fewer_than_two_scores_is_not_said_to_vary() -> None:
    """Nor is a single dimension compared with itself."""
    assert variation_sentences([summary("A", "3"), summary("B"), summary("C", "1", "5")], LEVELS) == ()


def test_widths_of_percentages_are_percentage_points() -> None:
    """A difference of two percentages is not a percentage."""
    found = [summary("A", "10", "90", axis=percent_axis()), summary("B", "50", "60", axis=percent_axis())]
    widths, medians = variation_sentences(found, percent_axis())
    assert widths == (
        "Systems differ most on “A”, where the middle half of them spans 40.0 percentage points, "
        "and least on “B” (5.0 percentage points)."
    )
    assert medians == "The median score is highest on “B” (55.0%) and lowest on “A” (50.0%)."


@pytest.mark.parametrize(
    ("upper", "words"),
    [("3.04", "is 3.0"), ("4", "lies between 3.0 and 4.0")],
)
def test_missing_scores_bound_the_median(upper: str, words: str) -> None:
    """Nothing is assumed of who did not answer."""
    sentences = spread_sentences(summary("A", "3", "3", "3"), LEVELS, Bounds(Decimal(3), Decimal(upper)))
    assert sentences[1] == (
        f"Whatever the systems without a score would have scored, the median of all 4 {words}."
    )


def test_when_nobody_is_missing_there_is_nothing_to_bound() -> None:
    """One sentence is enough."""
    found = summary("A", "1", "2", "3", "4")
    (sentence,) = spread_sentences(found, LEVELS, Bounds(Decimal("2.5"), Decimal("2.5")))
    assert sentence == (
        "4 of 4 systems have a score. The median is 2.5. The middle half lies between 1.8 and 3.3, "
        "which spans 1.5 levels, and the middle 80% between 1.3 and 3.7."
    )


def test_who_is_missing_is_said_by_reason() -> None:
    """And not at all when nobody is."""
    assert missing_sentences(withheld=[], absent=[]) == ()
    assert missing_sentences(withheld=["Devon"], absent=["Kent", "Surrey"]) == (
        "Withheld because too few questions were answered: Devon.",
        "Not submitted: Kent and Surrey.",
    )


def test_regions_are_told_by_their_medians_as_they_are_shown() -> None:
    medians = {"East": Decimal("2.04"), "North": Decimal("3.5"), "South": Decimal("1.96")}
    assert regions_sentence(medians, LEVELS) == (
        "By region, the median is lowest in East and South (2.0) and highest in North (3.5).",
    )


@pytest.mark.parametrize("medians", [{}, {"East": Decimal(2)}, {"East": Decimal(2), "West": Decimal("2.01")}])
def test_regions_alike_are_not_told_apart(medians: dict[str, Decimal]) -> None:
    assert regions_sentence(medians, LEVELS) == ()
