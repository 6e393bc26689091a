from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.scores import Score
from surveys.questionnaires.digest import from_document
from surveys.questionnaires.loading import CONTENT, load
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Gap, QuestionKind, ScoringMethod
from surveys.questionnaires.scoring import score
from surveys.questionnaires.worth import most_points
from tests.questionnaires.examples import document, example

NOT_HERE = Response(not_applicable=True, reason="We have none.")


def chose(*options: str) -> Response:
    return Response(options=options)


def level(value: int) -> Response:
    return Response(level=value)


def scaled(value: str | None, answered: int, of: int, not_applicable: int = 0) -> Score:
    return Score(
        None if value is None else Decimal(value), answered, of, not_applicable, withheld=value is None
    )


def pointed(
    percent: str, points: str, possible: str, answered: int, of: int, not_applicable: int = 0
) -> Score:
    return Score(
        Decimal(percent), answered, of, not_applicable, points=Decimal(points), possible=Decimal(possible)
    )


def test_a_dimension_is_the_weighted_mean_of_its_answered_scored_questions() -> None:
    card = score(
        example("every_kind"),
        {
            "catalogue": level(3),
            "owner": chose("partly"),
            "sources": chose("wards"),
            "training": level(4),
            "analysts": Response(number=Decimal(12)),
        },
    )

    assert card.method is ScoringMethod.SCALE
    # stores: (1 x 3 + 2 x 2.5) / 3; the unscored questions are in no count.
    assert card.dimensions == {"stores": scaled("2.6667", 2, 2), "people": scaled("4.0000", 1, 1)}
    assert card.themes == {"use": scaled("3.0000", 1, 1), "care": scaled("2.5000", 1, 1)}
    assert card.groups == {"tools": scaled("2.6667", 1, 1), "people": scaled("4.0000", 1, 1)}
    assert card.overall == scaled("3.3334", 2, 2)
    assert card.gap == card.gap_core == scaled("-1.3333", 2, 2)
    assert card.sections == {}


def test_without_enough_answers_a_score_is_withheld_and_so_is_what_stands_on_it() -> None:
    card = score(example("every_kind"), {"catalogue": level(3), "training": level(2)})

    assert card.dimensions == {"stores": scaled(None, 1, 2), "people": scaled("2.0000", 1, 1)}
    assert card.overall == scaled(None, 1, 2)
    assert card.gap == scaled(None, 1, 2)


def test_not_applicable_counts_among_the_questions_but_not_among_the_answers() -> None:
    card = score(
        example("every_kind"), {"catalogue": NOT_HERE, "owner": chose("shared"), "training": level(2)}
    )

    assert card.dimensions["stores"] == scaled(None, 0, 2, not_applicable=2)


def test_weights_of_dimensions_count_in_the_overall_score() -> None:
    questionnaire = from_document(document(dimensions__1__weight=3))
    card = score(questionnaire, {"catalogue": level(1), "owner": chose("no"), "training": level(4)})

    assert card.overall == scaled("3.2500", 2, 2)


def test_stated_points_for_not_applicable_count_like_an_answer_on_a_scale() -> None:
    questionnaire = from_document(
        document(dimensions__0__questions__0__not_applicable={"effect": "points", "points": 2})
    )
    card = score(questionnaire, {"catalogue": NOT_HERE, "owner": chose("yes")})

    assert card.dimensions["stores"] == scaled("3.3333", 2, 2, not_applicable=1)


def test_a_points_questionnaire_sums_points_of_possible_points() -> None:
    """1: 5 of 10. 2: not applicable. 3: stated 2 of 8. 4: 4 + 3 capped at 6 of 6. 6: 7 of 7."""
    card = score(
        example("yes_no_partly"),
        {
            "1": chose("partly"),
            "2": NOT_HERE,
            "3": chose("no_board"),
            "4": chose("data", "code"),
            "5": Response(text="https://example.org"),
            "6": level(2),
        },
    )

    assert card.method is ScoringMethod.POINTS
    assert card.sections == {
        "1.1": scaled(None, 1, 2, not_applicable=1),
        "1.2": pointed("25.0000", "2.0000", "8.0000", 1, 1, not_applicable=1),
        "2.1": pointed("100.0000", "13.0000", "13.0000", 2, 2),
    }
    assert card.dimensions == {
        "1": pointed("38.8889", "7.0000", "18.0000", 2, 3, not_applicable=2),
        "2": pointed("100.0000", "13.0000", "13.0000", 2, 2),
    }
    assert card.overall == pointed("64.5161", "20.0000", "31.0000", 4, 5, not_applicable=2)
    assert (card.gap, card.gap_core, card.groups) == (None, None, {})


def test_groups_of_a_points_questionnaire_sum_points_and_the_gap_is_in_percentage_points() -> None:
    content = document("yes_no_partly", gap={"first": "words", "second": "deeds"})
    content["groups"] = [{"code": code, "name": code.title()} for code in ("words", "deeds")]
    content["dimensions"][0]["group"], content["dimensions"][1]["group"] = "words", "deeds"
    card = score(
        from_document(content),
        {"1": chose("yes"), "2": chose("no"), "3": chose("never"), "4": chose("nothing"), "6": level(2)},
    )

    assert card.groups == {
        "words": pointed("43.4783", "10.0000", "23.0000", 3, 3),
        "deeds": pointed("53.8462", "7.0000", "13.0000", 2, 2),
    }
    assert card.gap == scaled("-10.3679", 5, 5)
    assert card.gap_core is None


def test_section_weights_make_a_dimension_the_weighted_mean_of_its_sections() -> None:
    """A1: (2 + 0) / 2 = 1, weight 3. A2: 2 alone, weight 1."""
    card = score(
        example("three_outcomes"),
        {"A1.a": level(2), "A1.b": level(0), "A2.a": level(2), "A2.b": NOT_HERE},
    )

    assert card.sections == {"A1": scaled("1.0000", 2, 2), "A2": scaled("2.0000", 1, 2, not_applicable=1)}
    assert card.dimensions == {"A": scaled("1.2500", 3, 4, not_applicable=1)}
    assert card.overall is None


def test_without_section_weights_a_dimension_is_a_mean_over_its_questions() -> None:
    content = document("three_outcomes")
    for section in content["dimensions"][0]["sections"]:
        del section["weight"]
    card = score(from_document(content), {"A1.a": level(2), "A1.b": level(0), "A2.a": level(2)})

    assert card.dimensions == {"A": scaled("1.3333", 3, 4)}


def test_a_section_without_a_score_is_left_out_of_the_weighted_mean() -> None:
    questionnaire = replace(example("three_outcomes"), minimum_share=Decimal("0.25"))
    card = score(questionnaire, {"A2.a": level(2)})

    assert card.sections["A1"] == scaled(None, 0, 2)
    assert card.dimensions == {"A": scaled("2.0000", 1, 4)}


def test_the_lowest_outcome_may_be_nought_and_still_counts() -> None:
    card = score(example("three_outcomes"), {code: level(0) for code in ("A1.a", "A1.b", "A2.a", "A2.b")})

    assert card.dimensions == {"A": scaled("0.0000", 4, 4)}


def test_a_matrix_is_scored_by_topic_and_by_theme() -> None:
    card = score(
        example("topic_by_theme"),
        {
            "finding_culture": level(1),
            "finding_tools": level(3),
            "sharing_culture": level(2),
            "sharing_tools": level(3),
        },
    )

    assert card.dimensions == {"finding": scaled("2.0000", 2, 2), "sharing": scaled("2.5000", 2, 2)}
    assert card.themes == {"culture": scaled("1.5000", 2, 2), "tools": scaled("3.0000", 2, 2)}
    assert card.overall is None


def test_a_hidden_question_is_not_scored_even_when_it_was_answered_before() -> None:
    answered = {"has_platform": chose("yes"), "quality": level(3), "praise": level(1)}
    hidden = {**answered, "has_platform": chose("planned"), "quality": level(1)}

    assert score(example("conditions"), answered).dimensions == {"platform": scaled("2.0000", 2, 2)}
    assert score(example("conditions"), hidden).dimensions == {"platform": scaled("1.0000", 1, 1)}


def test_a_dimension_of_which_nothing_is_asked_has_no_line_and_is_not_counted() -> None:
    card = score(example("conditions"), {"has_platform": chose("no")})

    assert card.dimensions == {}
    assert card.overall == Score(None, 0, 0)


def test_what_has_no_scored_question_has_no_line() -> None:
    content = document("three_outcomes", themes=[{"code": "spare", "name": "Spare"}])
    for question in content["dimensions"][0]["sections"][1]["questions"]:
        question["scored"] = False
    card = score(from_document(content), {"A1.a": level(1), "A1.b": level(2)})

    assert (list(card.sections), list(card.themes)) == (["A1"], [])
    assert card.dimensions == {"A": scaled("1.5000", 2, 2)}


def test_a_gap_between_groups_of_which_nothing_is_asked_has_no_value() -> None:
    conditions = example("conditions")
    dimension = replace(conditions.dimensions[0], group="first")
    card = score(replace(conditions, dimensions=(dimension,), gap=Gap("first", "second")), {})

    assert card.gap == Score(None, 0, 0)


@pytest.mark.parametrize(
    ("code", "response", "message"),
    [
        ("catalogue", level(9), "Question catalogue: it has no 9 to choose."),
        ("owner", chose("maybe"), "Question owner: it has no 'maybe' to choose."),
        ("owner", chose("yes", "no"), "Question owner: it takes one option, not 2."),
        ("owner", NOT_HERE, "Question owner: it cannot be not applicable."),
    ],
)
def test_a_response_that_was_never_checked_is_refused(code: str, response: Response, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        score(example("every_kind"), {code: response})


@pytest.mark.parametrize(("code", "most"), [("1", "10"), ("2", "5"), ("3", "8"), ("4", "6"), ("6", "7")])
def test_the_most_a_question_can_give_is_its_best_possible_answer(code: str, most: str) -> None:
    assert most_points(example("yes_no_partly").question(code)) == Decimal(most)


def test_max_choices_limits_what_a_question_can_give() -> None:
    question = replace(example("yes_no_partly").question("4"), max_choices=1, points_cap=None)

    assert most_points(question) == Decimal(4)


OURS = load(CONTENT / "ics-data-maturity-1.0.yaml")
SCORED = [question.code for question in OURS.questions if question.kind is QuestionKind.MATURITY]


@given(st.dictionaries(st.sampled_from(SCORED), st.integers(1, 5).map(level)))
def test_every_score_of_ours_lies_on_the_scale_and_counts_every_question(
    responses: dict[str, Response],
) -> None:
    card = score(OURS, responses)
    values = [each.value for each in (*card.dimensions.values(), *card.groups.values(), card.overall) if each]

    assert all(1 <= value <= 5 for value in values if value is not None)
    assert sum(each.of for each in card.dimensions.values()) == len(SCORED)
    assert sum(each.answered for each in card.dimensions.values()) == len(responses)
    assert all(
        each.withheld == (each.answered < Decimal("0.6") * each.of) for each in card.dimensions.values()
    )


@given(st.dictionaries(st.sampled_from(SCORED), st.integers(1, 4).map(level), min_size=1))
def test_a_higher_level_never_lowers_a_score(responses: dict[str, Response]) -> None:
    raised = {code: level((response.level or 0) + 1) for code, response in responses.items()}
    before, after = score(OURS, responses).dimensions, score(OURS, raised).dimensions

    for code, earlier in before.items():
        later = after[code]
        if earlier.value is not None and later.value is not None:
            assert later.value == earlier.value + 1
        else:
            assert (earlier.value, later.value) == (None, None)
