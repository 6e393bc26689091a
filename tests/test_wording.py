"""Counts and lists read as a person would say them."""

from __future__ import annotations

import pytest

from surveys.wording import counted, listed, quoted


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 systems"), (1, "1 system"), (2, "2 systems"), (4200, "4,200 systems")]
)
def test_a_count_goes_with_its_noun(number: int, text: str) -> None:
    """Only one of them has no s."""
    assert counted(number, "system") == text


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["Devon"], "Devon"),
        (["Devon", "Dorset"], "Devon and Dorset"),
        (["Devon", "Dorset", "Kent"], "Devon, Dorset and Kent"),
        (["Cambridgeshire and Peterborough", "Devon"], "Cambridgeshire and Peterborough; Devon"),
        (["Devon", "Bath, Swindon"], "Devon; Bath, Swindon"),
    ],
)
def test_a_list_of_names_can_be_taken_apart_again(names: list[str], text: str) -> None:
    """Names of systems have commas and "and" in them."""
    assert listed(names) == text


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["Data"], "“Data”"),
        (["Data", "People and skills"], "“Data” and “People and skills”"),
        (["Data", "People, skills", "Tools"], "“Data”, “People, skills” and “Tools”"),
    ],
)
def test_what_stands_in_quotation_marks_needs_no_other_separator(names: list[str], text: str) -> None:
    """The marks say already where each begins and ends."""
    assert quoted(names) == text
