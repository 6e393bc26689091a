"""Two texts word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaires.word_changes import Fate, word_changes

TEXTS = st.text(alphabet="ab \n", max_size=40)


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(words.fate.value, words.text) for words in word_changes(before, after)]


def test_only_the_words_that_differ_are_marked() -> None:
    assert told("How many analysts are there?", "How many data analysts are employed?") == [
        ("kept", "How many"),
        ("added", " data"),
        ("kept", " analysts are "),
        ("removed", "there?"),
        ("added", "employed?"),
    ]


def test_the_same_text_is_kept_and_nothing_is_nothing() -> None:
    assert told("As it was.", "As it was.") == [("kept", "As it was.")]
    assert told("", "New.") == [("added", "New.")]
    assert told("Old.", "") == [("removed", "Old.")]
    assert told("", "") == []


@given(before=TEXTS, after=TEXTS)
def test_both_texts_can_be_read_off(before: str, after: str) -> None:
    words = word_changes(before, after)
    assert "".join(each.text for each in words if each.fate is not Fate.ADDED) == before
    assert "".join(each.text for each in words if each.fate is not Fate.REMOVED) == after
