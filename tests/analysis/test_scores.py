from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.scores import Item, Score, Scorer, gap_between, points_score, scale_score

SHARE = Decimal("0.6")
SCORERS = [scale_score, points_score]


def levels(*values: int | None) -> list[Item]:
    """Return one item a level, unanswered where None."""
    return [
        Item(f"q{number}", None if value is None else Decimal(value)) for number, value in enumerate(values)
    ]


def not_applicable(code: str, points: int | None = None, maximum: int | None = None) -> Item:
    return Item(
        code,
        None if points is None else Decimal(points),
        applicable=False,
        maximum=None if maximum is None else Decimal(maximum),
    )


def points(code: str, gained: str | None, maximum: str, weight: str = "1") -> Item:
    return Item(code, None if gained is None else Decimal(gained), Decimal(weight), maximum=Decimal(maximum))


level_values = st.integers(min_value=1, max_value=5).map(Decimal)
weights = st.decimals(min_value="0.1", max_value=10, places=1)


@st.composite
def scale_items(draw: st.DrawFn, *, unanswered: bool = True) -> list[Item]:
    values = st.none() | level_values if unanswered else level_values
    drawn = draw(st.lists(st.tuples(values, weights), min_size=1, max_size=12))
    return [Item(f"q{number}", value, weight) for number, (value, weight) in enumerate(drawn)]


@st.composite
def points_items(draw: st.DrawFn) -> list[Item]:
    items = []
    for number in range(draw(st.integers(min_value=1, max_value=12))):
        maximum = draw(st.decimals(min_value=0, max_value=20, places=1))
        gained = draw(st.none() | st.decimals(min_value=0, max_value=maximum, places=1))
        items.append(Item(f"q{number}", gained, draw(weights), draw(st.booleans()), maximum))
    return items


class TestScaleScore:
    def test_the_mean_of_the_levels_answered(self) -> None:
        assert scale_score(levels(3, 4, 2, 3, 4, 3)) == Score(Decimal("3.1667"), answered=6, of=6)

    def test_an_unanswered_question_is_left_out_never_counted_as_the_lowest_level(self) -> None:
        assert scale_score(levels(4, 4, 4, None)) == Score(Decimal(4), answered=3, of=4)

    def test_a_weight_of_two_counts_twice(self) -> None:
        items = [Item("a", Decimal(5), Decimal(2)), Item("b", Decimal(2))]
        assert scale_score(items).value == Decimal(4)

    def test_fixed_at_four_places_with_a_half_going_up(self) -> None:
        """The mean is 1.00005 exactly."""
        items = [Item("a", Decimal("1.0000")), Item("b", Decimal("1.0001"))]
        assert str(scale_score(items).value) == "1.0001"

    def test_not_applicable_stays_in_the_number_asked_but_is_not_answered(self) -> None:
        items = [*levels(4, 2, 3), not_applicable("n")]
        assert scale_score(items) == Score(Decimal(3), answered=3, of=4, not_applicable=1)

    def test_nobody_raises_a_score_by_declaring_most_questions_not_applicable(self) -> None:
        items = [*levels(5, 5), *(not_applicable(f"n{number}") for number in range(4))]
        assert scale_score(items) == Score(None, answered=2, of=6, not_applicable=4, withheld=True)

    def test_not_applicable_with_a_stated_value_counts_like_an_answer(self) -> None:
        items = [*levels(5, 4), not_applicable("n", points=3)]
        assert scale_score(items) == Score(Decimal(4), answered=3, of=3, not_applicable=1)

    def test_a_scale_score_has_no_points_and_no_percentage(self) -> None:
        result = scale_score(levels(3))
        assert (result.points, result.possible, result.percent) == (None, None, None)

    def test_one_of_a_long_repeating_decimal(self) -> None:
        assert scale_score(levels(1, 1, 2)).value == Decimal("1.3333")


class TestWithholding:
    @pytest.mark.parametrize("scorer", SCORERS)
    @pytest.mark.parametrize(
        ("answered", "of", "withheld"),
        [
            (3, 5, False),
            (2, 5, True),
            (6, 10, False),
            (5, 9, True),
            (6, 9, False),
            (0, 1, True),
            (1, 1, False),
        ],
    )
    def test_a_score_is_withheld_below_60_percent_and_given_at_exactly_60(
        self, scorer: Scorer, answered: int, of: int, withheld: bool
    ) -> None:
        items = [points(f"q{n}", "2" if n < answered else None, "4") for n in range(of)]
        result = scorer(items, SHARE)
        assert (result.withheld, result.value is None) == (withheld, withheld)
        assert (result.answered, result.of) == (answered, of)

    @pytest.mark.parametrize("scorer", SCORERS)
    def test_nothing_asked_is_no_score_but_not_a_withheld_one(self, scorer: Scorer) -> None:
        assert scorer([], SHARE) == Score(None, answered=0, of=0)

    def test_a_withheld_points_score_shows_no_points_either(self) -> None:
        result = points_score([points("a", "4", "4"), points("b", None, "4")])
        assert result == Score(None, answered=1, of=2, withheld=True)

    def test_the_share_can_be_set(self) -> None:
        assert scale_score(levels(4, None), Decimal("0.5")).value == Decimal(4)

    @pytest.mark.parametrize("scorer", SCORERS)
    def test_with_no_minimum_and_no_answers_there_is_still_no_value(self, scorer: Scorer) -> None:
        assert scorer(levels(None, None), Decimal(0)) == Score(None, answered=0, of=2)

    @pytest.mark.parametrize("share", ["-0.1", "1.1"])
    def test_a_share_outside_0_to_1_is_refused(self, share: str) -> None:
        with pytest.raises(ValueError, match="it must be from 0 to 1"):
            scale_score(levels(3), Decimal(share))


class TestPointsScore:
    def test_points_of_possible_points_and_the_percentage(self) -> None:
        result = points_score([points("a", "3", "4"), points("b", "0", "2"), points("c", "1.5", "1.5")])
        assert result == Score(Decimal(60), answered=3, of=3, points=Decimal("4.5"), possible=Decimal("7.5"))
        assert result.percent == Decimal(60)

    def test_weights_multiply_both_points_and_possible_points(self) -> None:
        result = points_score([points("a", "4", "4", weight="3"), points("b", "0", "4")])
        assert (result.points, result.possible, result.percent) == (Decimal(12), Decimal(16), Decimal(75))

    def test_an_unanswered_question_adds_no_possible_points(self) -> None:
        result = points_score([points("a", "3", "4"), points("b", "3", "4"), points("c", None, "100")])
        assert (result.points, result.possible, result.answered, result.of) == (Decimal(6), Decimal(8), 2, 3)

    def test_not_applicable_without_points_is_left_out_and_with_points_counts(self) -> None:
        result = points_score(
            [points("a", "3", "4"), not_applicable("b", points=1, maximum=4), not_applicable("c", maximum=4)]
        )
        assert result == Score(
            Decimal(50), answered=2, of=3, not_applicable=2, points=Decimal(4), possible=Decimal(8)
        )

    def test_questions_that_can_give_no_points_give_no_percentage(self) -> None:
        result = points_score([points("a", "0", "0")])
        assert result == Score(None, answered=1, of=1, points=Decimal(0), possible=Decimal(0))

    def test_the_percentage_comes_from_unrounded_points(self) -> None:
        assert points_score([points("a", "1", "3")]).percent == Decimal("33.3333")

    def test_points_without_a_maximum_are_refused(self) -> None:
        with pytest.raises(ValueError, match="Question q0: it has points but no maximum"):
            points_score(levels(3))

    @pytest.mark.parametrize("gained", ["-1", "4.1"])
    def test_points_outside_0_to_the_maximum_are_refused(self, gained: str) -> None:
        with pytest.raises(ValueError, match=f"Question a: {gained} points is outside 0 to 4"):
            points_score([points("a", gained, "4")])


class TestItem:
    @pytest.mark.parametrize("weight", ["0", "-1"])
    def test_a_weight_must_be_above_0(self, weight: str) -> None:
        with pytest.raises(ValueError, match=r"Question a: its weight is .*; a weight must be above 0"):
            Item("a", Decimal(3), Decimal(weight))

    def test_a_maximum_below_0_is_refused(self) -> None:
        with pytest.raises(ValueError, match="Question a: its maximum is -1; it must be 0 or more"):
            Item("a", None, maximum=Decimal(-1))

    @pytest.mark.parametrize(
        ("make", "named"),
        [
            (lambda: Item("a", Decimal("NaN")), "value"),
            (lambda: Item("a", None, Decimal("Infinity")), "weight"),
            (lambda: Item("a", None, maximum=Decimal("Infinity")), "maximum"),
        ],
    )
    def test_every_number_must_be_finite(self, make: Callable[[], Item], named: str) -> None:
        with pytest.raises(ValueError, match=f"Question a: its {named} is .*, not a finite number"):
            make()

    @pytest.mark.parametrize("scorer", SCORERS)
    def test_a_question_counts_once(self, scorer: Scorer) -> None:
        with pytest.raises(ValueError, match="Question a was passed twice"):
            scorer([Item("a", None), Item("a", None)], SHARE)


class TestGap:
    def test_the_first_minus_the_second(self) -> None:
        ahead, behind = Score(Decimal("3.1000"), 5, 5), Score(Decimal("2.6667"), 4, 4, not_applicable=1)
        assert gap_between(ahead, behind) == Score(Decimal("0.4333"), answered=9, of=9, not_applicable=1)
        assert gap_between(behind, ahead).value == Decimal("-0.4333")

    def test_withheld_when_either_side_is(self) -> None:
        given_score, withheld = Score(Decimal(3), 5, 5), Score(None, 1, 4, withheld=True)
        assert gap_between(given_score, withheld) == Score(None, answered=6, of=9, withheld=True)
        assert gap_between(withheld, given_score).withheld is True

    def test_no_gap_to_a_side_with_nothing_to_score(self) -> None:
        assert gap_between(Score(None, 0, 0), Score(Decimal(3), 5, 5)) == Score(None, answered=5, of=5)


class TestProperties:
    @given(scale_items())
    def test_a_scale_score_stays_between_the_lowest_and_highest_level_answered(
        self, items: list[Item]
    ) -> None:
        value = scale_score(items).value
        answers = [item.value for item in items if item.value is not None]
        assert value is None or min(answers) <= value <= max(answers)

    @given(points_items())
    def test_points_never_exceed_the_possible_points(self, items: list[Item]) -> None:
        result = points_score(items)
        assert result.percent is None or 0 <= result.percent <= 100
        assert result.points is None or 0 <= result.points <= (result.possible or 0)

    @given(scale_items())
    def test_order_and_names_of_questions_do_not_matter(self, items: list[Item]) -> None:
        relabelled = [replace(item, code=f"other {item.code}") for item in reversed(items)]
        assert scale_score(relabelled) == scale_score(items)

    @given(scale_items(unanswered=False), st.decimals(min_value=-4, max_value=4, places=2))
    def test_adding_a_constant_to_every_level_moves_the_score_by_it(
        self, items: list[Item], constant: Decimal
    ) -> None:
        moved = scale_score([replace(item, value=(item.value or 0) + constant) for item in items]).value
        value = scale_score(items).value
        assert moved is not None
        assert value is not None
        assert abs(moved - value - constant) <= Decimal("0.0001")

    @given(scale_items())
    def test_asking_everything_twice_changes_nothing_but_the_counts(self, items: list[Item]) -> None:
        once = scale_score(items)
        twice = scale_score([*items, *(replace(item, code=f"again {item.code}") for item in items)])
        assert twice == replace(once, answered=2 * once.answered, of=2 * once.of)

    @given(scale_items(), st.decimals(min_value="0.1", max_value=100, places=1))
    def test_only_the_proportion_of_the_weights_matters(self, items: list[Item], times: Decimal) -> None:
        heavier = [replace(item, weight=item.weight * times) for item in items]
        assert scale_score(heavier) == scale_score(items)

    @given(scale_items(), st.integers(min_value=0, max_value=11))
    def test_declaring_a_question_not_applicable_is_exactly_leaving_it_unanswered(
        self, items: list[Item], which: int
    ) -> None:
        chosen = items[which % len(items)]
        left = scale_score([replace(item, value=None) if item is chosen else item for item in items])
        declared = scale_score(
            [replace(item, value=None, applicable=False) if item is chosen else item for item in items]
        )
        assert declared == replace(left, not_applicable=1)

    @given(points_items())
    def test_not_applicable_never_lifts_a_score_above_the_maximum(self, items: list[Item]) -> None:
        declared = [
            replace(item, applicable=False, value=item.maximum if number % 2 else None)
            for number, item in enumerate(items)
        ]
        result = points_score(declared)
        assert result.percent is None or result.percent <= 100
        assert result.not_applicable == len(items)

    @given(st.integers(min_value=1, max_value=60), st.integers(min_value=0, max_value=60))
    def test_withheld_exactly_when_ten_times_the_answers_is_less_than_six_times_the_questions(
        self, of: int, answered: int
    ) -> None:
        answered = min(answered, of)
        items = levels(*(3 if number < answered else None for number in range(of)))
        assert scale_score(items).withheld is (10 * answered < 6 * of)
