"""Answers that ask for a second look: a large change since the round before, a high level without proof.

A flag never stops anybody from saving, sending or signing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from surveys.models import Evidence
from surveys.queries.instruments import Instrument
from surveys.queries.last_round import Beside, last_round
from surveys.questionnaires.responses import EMPTY, Response, asked
from surveys.questionnaires.schema import Question, QuestionKind

LARGE_CHANGE: Final = 2
"""From how many levels on a change asks for a comment."""

HIGH_LEVELS: Final = 2
"""How many of the highest levels ask for something to show."""


class FlagCode(StrEnum):
    """What an answer is flagged for."""

    LARGE_CHANGE = "large_change"
    HIGH_LEVEL = "high_level"


@dataclass(frozen=True)
class Flag:
    """One reason to look at an answer again. `words` are for whoever answers or signs."""

    code: FlagCode
    words: str


def flags(
    assessment_id: int, asked_by: Instrument, responses: Mapping[str, Response]
) -> dict[str, tuple[Flag, ...]]:
    """Return the flags of the responses by question code, in question order; only of questions with some.

    Only questions that are asked are flagged: a maturity question without a comment, when its level is two or
    more away from a comparable one of the round before, or when it is one of the two highest and there is no
    evidence either. One query where a high level has no comment; what `last_round` reads besides.
    """
    on_view = asked(asked_by.content, responses)
    bare = [
        (question, responses[question.code].level or 0)
        for question in asked_by.content.questions
        if question.code in on_view and _is_bare(question, responses.get(question.code, EMPTY))
    ]
    if not bare:
        return {}
    before = last_round(assessment_id, asked_by)
    high = [question.code for question, level in bare if _is_high(question, level)]
    shown = _with_evidence(assessment_id, asked_by, high) if high else frozenset()
    found = {
        question.code: tuple(_flags(question, level, before.get(question.code), set(high) - shown))
        for question, level in bare
    }
    return {code: flagged for code, flagged in found.items() if flagged}


def _is_bare(question: Question, response: Response) -> bool:
    """Return whether a level is chosen and nothing is said about it, though something could be."""
    chosen = question.kind is QuestionKind.MATURITY and response.level is not None
    return chosen and question.comment_allowed and not response.comment.strip()


def _is_high(question: Question, level: int) -> bool:
    return level in [each.value for each in question.levels[-HIGH_LEVELS:]]


def _with_evidence(assessment_id: int, asked_by: Instrument, codes: list[str]) -> Set[str]:
    shown = Evidence.objects.filter(
        assessment_id=assessment_id,
        question_id__in=[asked_by.question_ids[code] for code in codes],
        removed_at=None,
    )
    return frozenset(asked_by.question_codes[key] for key in shown.values_list("question_id", flat=True))


def _flags(question: Question, level: int, beside: Beside | None, unproven: Set[str]) -> Iterator[Flag]:
    before = beside.confirmable.level if beside and beside.confirmable else None
    if before is not None and abs(level - before) >= LARGE_CHANGE:
        way = "higher" if level > before else "lower"
        yield Flag(
            FlagCode.LARGE_CHANGE,
            f"This is {abs(level - before)} levels {way} than in {beside.round_title if beside else ''}. "
            "Say in the comment what changed.",
        )
    if question.code in unproven:
        yield Flag(
            FlagCode.HIGH_LEVEL,
            f"Level {level} is one of the highest. Say in the comment what shows that it is true, or add "
            "evidence.",
        )
