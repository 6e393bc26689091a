from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.agreement import agreement_words, van_der_eijk
from tests.analysis.cross_checks import blair_lacy, consensus, leik

Measure = Callable[[Sequence[int]], float | None]

DOCUMENTED_BY_AGRMT = (30, 40, 210, 130, 530, 50, 10)
MEASURES = [van_der_eijk, consensus, leik, blair_lacy]

counts_of_answers = st.lists(st.integers(min_value=0, max_value=60), min_size=3, max_size=7).filter(any)


def measured(measure: Measure, counts: Sequence[int]) -> float:
    result = measure(counts)
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("counts", "a", "agreement", "dispersion"),
    [
        (DOCUMENTED_BY_AGRMT, 0.6113333, 0.7256876, 0.2866667),
        ((2, 6, 20, 11, 3), 0.523810, 0.694642, 0.321429),
        ((0, 21, 0, 21, 0), 0.166667, 0.584963, 0.5),
        ((8, 8, 9, 9, 8), 0.035714, 0.449426, 0.583333),
    ],
)
def test_published_and_worked_values(
    counts: tuple[int, ...], a: float, agreement: float, dispersion: float
) -> None:
    assert measured(van_der_eijk, counts) == pytest.approx(a, abs=5e-7)
    assert measured(consensus, counts) == pytest.approx(agreement, abs=5e-7)
    assert measured(leik, counts) == pytest.approx(dispersion, abs=5e-7)


@pytest.mark.parametrize("counts", [(42, 0, 0, 0, 0), (0, 0, 42, 0, 0), (0, 0, 0, 0, 1)])
def test_all_in_one_level_is_complete_agreement(counts: tuple[int, ...]) -> None:
    assert [measure(counts) for measure in MEASURES] == [1, 1, 0, 1]


def test_half_at_each_end_is_complete_disagreement() -> None:
    assert [measure((21, 0, 0, 0, 21)) for measure in MEASURES] == [-1, 0, 1, 0]


def test_answers_spread_evenly_have_no_agreement() -> None:
    assert van_der_eijk((8, 8, 8, 8, 8)) == 0


def test_blair_and_lacy_by_hand() -> None:
    """(1, 2, 1): shares at or below are 1/4 and 3/4, each 1/4 from one half; 2/16 over 2/4 is 1/4."""
    assert blair_lacy((1, 2, 1)) == 0.25


@pytest.mark.parametrize("measure", MEASURES)
def test_without_answers_there_is_nothing_to_measure(measure: Measure) -> None:
    assert (measure((0, 0, 0, 0, 0)), measure(())) == (None, None)


def test_two_levels_are_too_few_for_a_but_not_for_the_others() -> None:
    assert [measure((3, 3)) for measure in MEASURES] == [None, 0, 1, 0]


@pytest.mark.parametrize("measure", MEASURES)
def test_one_level_is_too_few_for_every_measure(measure: Measure) -> None:
    assert measure((3,)) is None


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match=r"cannot be negative: \[1, -1, 2\]"):
        van_der_eijk((1, -1, 2))


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 0, 42, 0, 0), "strong agreement"),
        ((0, 21, 21, 0, 0), "strong agreement"),
        ((0, 14, 14, 14, 0), "moderate agreement"),
        ((2, 6, 20, 11, 3), "moderate agreement"),
        ((10, 10, 10, 10, 0), "weak agreement"),
        ((0, 21, 0, 21, 0), "no clear agreement"),
        ((8, 8, 8, 8, 8), "no clear agreement"),
        ((9, 8, 8, 8, 9), "no clear agreement"),
        ((16, 4, 2, 4, 16), "divided"),
        ((21, 0, 0, 0, 21), "divided"),
    ],
)
def test_words_for_answers_one_can_picture(counts: tuple[int, ...], words: str) -> None:
    assert agreement_words(van_der_eijk(counts)) == words


@pytest.mark.parametrize(
    ("a", "words"),
    [
        (1.0, "strong agreement"),
        (0.75, "strong agreement"),
        (0.7499, "moderate agreement"),
        (0.5, "moderate agreement"),
        (0.4999, "weak agreement"),
        (0.25, "weak agreement"),
        (0.2499, "no clear agreement"),
        (-0.2499, "no clear agreement"),
        (-0.25, "divided"),
        (-1.0, "divided"),
        (None, "not measured"),
    ],
)
def test_words_change_exactly_at_the_cut_points(a: float | None, words: str) -> None:
    assert agreement_words(a) == words


def test_words_for_an_impossible_agreement_are_refused() -> None:
    with pytest.raises(ValueError, match=r"Agreement is 1\.01; it must be from -1 to 1"):
        agreement_words(1.01)


@pytest.mark.parametrize(
    ("first", "neighbours"), [(first, count) for first in range(5) for count in range(1, 6 - first)]
)
def test_sharing_equally_between_neighbouring_levels_gives_the_cut_points(
    first: int, neighbours: int
) -> None:
    counts = [7 if first <= level < first + neighbours else 0 for level in range(5)]
    assert van_der_eijk(counts) == 1 - (neighbours - 1) / 4


@given(counts_of_answers)
def test_every_measure_stays_on_its_scale(counts: list[int]) -> None:
    assert -1 <= measured(van_der_eijk, counts) <= 1
    assert -1e-12 <= measured(consensus, counts) <= 1 + 1e-12
    assert 0 <= measured(leik, counts) <= 1
    assert 0 <= measured(blair_lacy, counts) <= 1


@pytest.mark.parametrize("measure", MEASURES)
@given(counts=counts_of_answers)
def test_reading_the_scale_from_the_other_end_changes_nothing(measure: Measure, counts: list[int]) -> None:
    assert measured(measure, counts[::-1]) == pytest.approx(measured(measure, counts), abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
@given(counts=counts_of_answers, times=st.integers(min_value=2, max_value=9))
def test_only_shares_matter_not_how_many_answered(measure: Measure, counts: list[int], times: int) -> None:
    repeated = [count * times for count in counts]
    assert measured(measure, repeated) == pytest.approx(measured(measure, counts), abs=1e-12)


@given(st.permutations([1, 2, 2, 3, 3, 3, 4, 4, 5]))
def test_which_system_gave_which_answer_does_not_matter(answers: list[int]) -> None:
    counts = [answers.count(level) for level in range(1, 6)]
    assert van_der_eijk(counts) == van_der_eijk([1, 2, 3, 2, 1])
