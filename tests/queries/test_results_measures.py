"""The axis of a questionnaire's scores, and everything that it scores."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from surveys.analysis.scores import Score
from surveys.charts.axis import level_axis, percent_axis
from surveys.queries.results.measures import NO_AXIS, all_measures, axis_of, in_full
from surveys.questionnaires.schema import Dimension, Option, Question, QuestionKind, Questionnaire
from tests.factories import SMALL_CONTENT
from tests.points import POINTS_CONTENT


def choices(*points: int) -> Question:
    """A scored question with one option for each number of points."""
    return Question(
        code="choice",
        kind=QuestionKind.SINGLE_CHOICE,
        text="Which one?",
        scored=True,
        options=tuple(Option(f"option_{each}", f"Option {each}", points=Decimal(each)) for each in points),
    )


def questionnaire(*questions: Question) -> Questionnaire:
    """A questionnaire without a scale of its own."""
    return Questionnaire("bare", "1", "Bare", (Dimension("only", "Only", questions),))


def test_the_axis_is_the_whole_scale() -> None:
    """Whatever part of it is in use."""
    names = ("Ad hoc", "Patchy", "Established", "Embedded", "Leading")
    assert axis_of(SMALL_CONTENT) == level_axis(list(enumerate(names, start=1)))
    assert axis_of(POINTS_CONTENT) == percent_axis()


def test_a_questionnaire_that_scores_nothing_has_an_axis_all_the_same() -> None:
    """Its pages can be asked for."""
    assert axis_of(questionnaire()) == NO_AXIS


def test_everything_scored_is_listed_once_in_the_order_of_the_questionnaire() -> None:
    """Sections after their dimension; what lies across dimensions at the end."""
    assert [(name.measure, name.code) for name in all_measures(SMALL_CONTENT)] == [
        ("dimension", "data_platform"),
        ("dimension", "skills"),
        ("section", "people"),
        ("overall", ""),
        ("group", "infrastructure"),
        ("group", "culture"),
        ("gap", ""),
        ("gap", "core"),
    ]


def test_without_overall_groups_and_core_there_are_only_dimensions() -> None:
    """Nothing is made up."""
    platform, skills = (replace(each, gap_core=False) for each in SMALL_CONTENT.dimensions)
    content = replace(SMALL_CONTENT, overall=False, dimensions=(platform, skills))
    assert [name.code for name in all_measures(content) if name.measure == "gap"] == [""]
    assert all_measures(questionnaire(choices(1)))[0].name == "Only"
    bare = replace(questionnaire(choices(1)), overall=False)
    assert [name.code for name in all_measures(bare)] == ["only"]


def test_points_stand_beside_their_percentage() -> None:
    """In as few digits as they have."""
    axis = percent_axis()
    score = Score(Decimal("37.5"), 2, 2, points=Decimal("4.5000"), possible=Decimal("12.0000"))
    assert in_full(score, axis) == "37.5% (4.5 of 12 points)"
    assert in_full(Score(None, 1, 2, withheld=True), axis) == "withheld, 1 of 2 questions answered"
    assert in_full(None, axis) == "not submitted"
