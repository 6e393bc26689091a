from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.change import Change, change
from surveys.analysis.scores import Item, Score, points_score

SAME = {"q1": "q1", "q2": "q2", "q3": "q3"}

answer = st.none() | st.integers(min_value=1, max_value=5).map(Decimal)
round_of_answers = st.lists(answer, min_size=1, max_size=8)


def answers(**levels: int | None) -> list[Item]:
    return [Item(code, None if level is None else Decimal(level)) for code, level in levels.items()]


def test_the_difference_on_questions_answered_in_both_rounds() -> None:
    result = change(answers(q1=2, q2=3, q3=2), answers(q1=3, q2=3, q3=4), SAME)
    assert result == Change(
        before=Score(Decimal("2.3333"), 3, 3),
        after=Score(Decimal("3.3333"), 3, 3),
        difference=Decimal("1.0000"),
        questions=3,
        of=3,
    )


def test_new_retired_and_reworded_questions_take_no_part() -> None:
    before = answers(q1=2, q2=2, retired=5, reworded=1)
    after = answers(q1=3, q2=3, new=5, reworded=5)
    result = change(before, after, {"q1": "q1", "q2": "q2"})
    assert (result.difference, result.questions, result.of) == (Decimal(1), 2, 2)


def test_a_renamed_question_is_followed_by_its_earlier_code() -> None:
    result = change(answers(old_name=2), answers(new_name=4), {"new_name": "old_name"})
    assert (result.difference, result.questions) == (Decimal(2), 1)


def test_a_question_answered_in_one_round_only_is_not_used_on_either_side() -> None:
    before, after = answers(q1=1, q2=2, q3=2), answers(q1=None, q2=3, q3=3)
    result = change(before, after, SAME)
    assert (result.before.value, result.after.value) == (Decimal(2), Decimal(3))
    assert (result.questions, result.of) == (2, 3)


def test_not_applicable_is_not_an_answer_to_compare_even_with_stated_points() -> None:
    before = answers(q1=2, q2=2, q3=2)
    after = [*answers(q1=3, q2=3), Item("q3", Decimal(5), applicable=False)]
    assert (change(before, after, SAME).difference, change(before, after, SAME).questions) == (Decimal(1), 2)


def test_a_change_is_withheld_when_too_few_questions_were_answered_in_both() -> None:
    result = change(answers(q1=2, q2=2, q3=None), answers(q1=3, q2=None, q3=3), SAME)
    assert (result.difference, result.questions, result.of) == (None, 1, 3)
    assert (result.before.withheld, result.after.withheld) == (True, True)


def test_with_nothing_comparable_there_is_no_change_to_report() -> None:
    result = change(answers(q1=2), answers(q1=3), {})
    assert result == Change(Score(None, 0, 0), Score(None, 0, 0), None, 0, 0)


def test_a_question_that_was_not_asked_in_one_round_is_not_counted() -> None:
    result = change(answers(q1=2), answers(q1=3, q2=4), SAME)
    assert (result.questions, result.of) == (1, 1)


def test_a_new_weighting_does_not_look_like_change() -> None:
    before = answers(q1=1, q2=5)
    after = [replace(item, weight=Decimal(weight)) for item, weight in zip(before, (1, 9), strict=True)]
    assert change(before, after, SAME).difference == 0


def test_points_are_compared_as_percentages() -> None:
    before = [Item("q1", Decimal(1), maximum=Decimal(2))]
    after = [Item("q1", Decimal(3), maximum=Decimal(4))]
    assert change(before, after, SAME, scorer=points_score).difference == Decimal(25)


def test_a_question_counts_once_in_a_round() -> None:
    with pytest.raises(ValueError, match="Question q1 was passed twice for one round"):
        change([*answers(q1=1), *answers(q1=2)], [], SAME)


@given(round_of_answers)
def test_the_same_answers_again_are_no_change(levels: list[Decimal | None]) -> None:
    items = [Item(f"q{number}", level) for number, level in enumerate(levels)]
    assert change(items, items, {item.code: item.code for item in items}).difference in {None, Decimal(0)}


@given(st.lists(st.tuples(answer, answer), min_size=1, max_size=8))
def test_looking_back_is_the_opposite_of_looking_forward(pairs: list[tuple[Decimal, Decimal]]) -> None:
    before = [Item(f"q{number}", level) for number, (level, _) in enumerate(pairs)]
    after = [Item(f"q{number}", level) for number, (_, level) in enumerate(pairs)]
    codes = {item.code: item.code for item in before}
    forward, back = change(before, after, codes), change(after, before, codes)
    assert forward.difference == (None if back.difference is None else -back.difference)
    assert forward.questions == back.questions
