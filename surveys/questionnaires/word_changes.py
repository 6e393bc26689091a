"""Two versions of a text word by word: what stayed, what went and what came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\s+|[^\s]+")


class Fate(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Words:
    """Words that stand together and share a fate, with the spaces between them."""

    text: str
    fate: Fate


def word_changes(before: str, after: str) -> tuple[Words, ...]:
    """Return the later text with what was removed in its place; joined, kept and added words are `after`.

    Kept and removed words, joined, are `before`.
    """
    return tuple(words for words in _pieces(before, after) if words.text)


def _pieces(before: str, after: str) -> Iterator[Words]:
    then, now = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(a=then, b=now, autojunk=False)
    for operation, then_from, then_to, now_from, now_to in matcher.get_opcodes():
        if operation == "equal":
            yield Words("".join(now[now_from:now_to]), Fate.KEPT)
        else:
            yield Words("".join(then[then_from:then_to]), Fate.REMOVED)
            yield Words("".join(now[now_from:now_to]), Fate.ADDED)
