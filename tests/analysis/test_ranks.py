from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.ranks import Rank, RankRange, rank_ranges, ranks
from surveys.analysis.scores import Item, points_score


def answers(*values: int | None) -> list[Item]:
    return [
        Item(f"q{number}", None if value is None else Decimal(value), maximum=Decimal(5))
        for number, value in enumerate(values)
    ]


FOUR_SYSTEMS = {
    "A": answers(4, 3, 3, 4),
    "B": answers(3, 4, 3, 3),
    "C": answers(2, 3, 3, 2),
    "D": answers(3, 3, 4, 3),
}

score_by_system = st.dictionaries(
    st.sampled_from("ABCDEFGHIJ"), st.decimals(min_value=1, max_value=5, places=1), min_size=1
)


@st.composite
def systems(draw: st.DrawFn) -> dict[str, list[Item]]:
    questions = draw(st.integers(min_value=1, max_value=5))
    answer = st.none() | st.integers(min_value=1, max_value=5)
    return {
        system: answers(*draw(st.lists(answer, min_size=questions, max_size=questions)))
        for system in "ABCD"[: draw(st.integers(min_value=1, max_value=4))]
    }


class TestRanks:
    def test_one_more_than_the_number_strictly_above(self) -> None:
        scores = {"A": Decimal("3.5"), "B": Decimal("3.25"), "C": Decimal("2.5"), "D": Decimal("3.25")}
        assert ranks(scores) == {
            "A": Rank(1, tied=False),
            "B": Rank(2, tied=True),
            "C": Rank(4, tied=False),
            "D": Rank(2, tied=True),
        }

    def test_a_shared_place_is_marked(self) -> None:
        assert (Rank(7, tied=True).label, Rank(7, tied=False).label) == ("=7", "7")

    def test_a_system_without_a_score_has_no_rank_and_takes_no_place(self) -> None:
        assert ranks({"A": None, "B": Decimal(2)}) == {"B": Rank(1, tied=False)}

    def test_nobody_to_rank(self) -> None:
        assert ranks({}) == {}

    @given(score_by_system)
    def test_the_order_of_systems_does_not_matter(self, scores: dict[str, Decimal]) -> None:
        assert ranks(dict(reversed(scores.items()))) == ranks(scores)

    @given(score_by_system, st.decimals(min_value=-5, max_value=5, places=2))
    def test_adding_a_constant_to_every_score_moves_nobody(
        self, scores: dict[str, Decimal], constant: Decimal
    ) -> None:
        assert ranks({system: score + constant for system, score in scores.items()}) == ranks(scores)

    @given(score_by_system)
    def test_a_higher_score_is_a_better_rank_and_equal_scores_share_one(
        self, scores: dict[str, Decimal]
    ) -> None:
        placed = ranks(scores)
        for one, score in scores.items():
            for other, other_score in scores.items():
                assert (score > other_score) is (placed[one].position < placed[other].position)

    @given(score_by_system)
    def test_somebody_is_first_and_nobody_is_beyond_last(self, scores: dict[str, Decimal]) -> None:
        positions = [rank.position for rank in ranks(scores).values()]
        assert min(positions) == 1
        assert max(positions) <= len(scores)


class TestRankRanges:
    def test_the_best_and_worst_place_with_one_question_left_out(self) -> None:
        assert rank_ranges(FOUR_SYSTEMS) == {
            "A": RankRange(Rank(1, tied=False), 1, 1),
            "B": RankRange(Rank(2, tied=True), 1, 3),
            "C": RankRange(Rank(4, tied=False), 4, 4),
            "D": RankRange(Rank(2, tied=True), 1, 3),
        }

    def test_points_are_ranked_by_percentage(self) -> None:
        by_points = rank_ranges(FOUR_SYSTEMS, scorer=points_score)
        assert by_points == rank_ranges(FOUR_SYSTEMS)

    def test_a_range_as_text(self) -> None:
        labels = [found.label for found in rank_ranges(FOUR_SYSTEMS).values()]
        assert labels == ["1", "1 to 3", "4", "1 to 3"]

    def test_with_one_question_nothing_can_be_left_out(self) -> None:
        assert rank_ranges({"A": answers(3), "B": answers(4)}) == {
            "A": RankRange(Rank(2, tied=False), None, None),
            "B": RankRange(Rank(1, tied=False), None, None),
        }
        assert RankRange(Rank(1, tied=False), None, None).label == "not known"

    def test_a_withheld_system_takes_no_part(self) -> None:
        with_a_silent_system = {**FOUR_SYSTEMS, "E": answers(5, None, None, None)}
        assert rank_ranges(with_a_silent_system) == rank_ranges(FOUR_SYSTEMS)

    def test_nobody_moves_up_because_another_falls_below_60_percent_when_a_question_goes(self) -> None:
        """Three of five answered is enough; two of the four left would not be, and still counts here."""
        found = rank_ranges({"A": answers(5, 5, 5, None, None), "B": answers(4, 4, 4, 4, 4)})
        assert (found["B"].best, found["B"].worst) == (2, 2)

    def test_a_system_left_with_no_answer_is_passed_over_for_that_question(self) -> None:
        found = rank_ranges({"A": answers(5, None), "B": answers(2, 2)}, minimum_share=Decimal("0.5"))
        assert found == {
            "A": RankRange(Rank(1, tied=False), 1, 1),
            "B": RankRange(Rank(2, tied=False), 1, 2),
        }

    def test_nobody_to_rank(self) -> None:
        assert rank_ranges({}) == {}

    def test_a_bad_share_is_refused(self) -> None:
        with pytest.raises(ValueError, match="it must be from 0 to 1"):
            rank_ranges(FOUR_SYSTEMS, minimum_share=Decimal(2))

    @given(systems())
    def test_a_rank_is_always_within_its_range(self, items: dict[str, list[Item]]) -> None:
        for found in rank_ranges(items).values():
            if found.best is not None and found.worst is not None:
                assert found.best <= found.rank.position <= found.worst

    @given(systems())
    def test_the_order_of_systems_does_not_matter(self, items: dict[str, list[Item]]) -> None:
        assert rank_ranges(dict(reversed(items.items()))) == rank_ranges(items)
