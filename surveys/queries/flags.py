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
from surveys.queries.last_round import Beside, last_round, last_rounds
from surveys.questionnaires.responses import Response, asked
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
    assessment_id: int,
    asked_by: Instrument,
    responses: Mapping[str, Response],
    evidenced: Set[str] | None = None,
) -> dict[str, tuple[Flag, ...]]:
    """Return the flags of the responses by question code, in question order; only of questions with some.

    Only questions that are asked are flagged: a maturity question without a comment, when its level is two or
    more away from a comparable one of the round before, or when it is one of the two highest and there is no
    evidence either. `evidenced` are the codes of questions with evidence behind their answers; without them
    that is one query, where a high level has no comment.
    """
    on_view = asked(asked_by.content, responses)
    given = {code: response for code, response in responses.items() if code in on_view}
    if evidenced is None:
        evidenced = _with_evidence(assessment_id, asked_by) if _high(asked_by, given) else frozenset()
    return flags_beside(assessment_id, asked_by, given, evidenced)


def flags_beside(
    assessment_id: int, asked_by: Instrument, responses: Mapping[str, Response], evidenced: Set[str]
) -> dict[str, tuple[Flag, ...]]:
    """Return the flags of some responses as `flags` does, whether or not their questions are asked."""
    if not _bare(asked_by, responses):
        return {}
    return _flagged(asked_by, responses, evidenced, last_round(assessment_id, asked_by))


def flags_of_each(
    asked_by: Instrument, responses: Mapping[int, Mapping[str, Response]], evidenced: Mapping[int, Set[str]]
) -> dict[int, dict[str, tuple[Flag, ...]]]:
    """Return the flags of several assessments as `flags` does, by assessment; only of those with some.

    `evidenced` has for each assessment the codes of the questions with evidence. At most one query.
    """
    on_view = {key: asked(asked_by.content, given) for key, given in responses.items()}
    given = {
        key: {code: response for code, response in found.items() if code in on_view[key]}
        for key, found in responses.items()
    }
    bare = {key: found for key, found in given.items() if _bare(asked_by, found)}
    before = last_rounds(bare, asked_by) if bare else {}
    flagged = {
        key: _flagged(asked_by, found, evidenced.get(key, frozenset()), before[key])
        for key, found in bare.items()
    }
    return {key: found for key, found in flagged.items() if found}


def _flagged(
    asked_by: Instrument,
    responses: Mapping[str, Response],
    evidenced: Set[str],
    before: Mapping[str, Beside],
) -> dict[str, tuple[Flag, ...]]:
    unproven = _high(asked_by, responses) - evidenced
    found = {
        question.code: tuple(_flags(question, level, before.get(question.code), unproven))
        for question, level in _bare(asked_by, responses)
    }
    return {code: flagged for code, flagged in found.items() if flagged}


def _bare(asked_by: Instrument, responses: Mapping[str, Response]) -> list[tuple[Question, int]]:
    """Return the questions with a level of which nothing is said, though something could be, in order."""
    return [
        (question, level)
        for question in asked_by.content.questions
        if question.code in responses
        and question.kind is QuestionKind.MATURITY
        and question.comment_allowed
        and (level := responses[question.code].level) is not None
        and not responses[question.code].comment.strip()
    ]


def _high(asked_by: Instrument, responses: Mapping[str, Response]) -> Set[str]:
    return frozenset(
        question.code
        for question, level in _bare(asked_by, responses)
        if level in [each.value for each in question.levels[-HIGH_LEVELS:]]
    )


def _with_evidence(assessment_id: int, asked_by: Instrument) -> Set[str]:
    shown = Evidence.objects.filter(assessment_id=assessment_id, removed_at=None)
    return frozenset(asked_by.question_codes[key] for key in shown.values_list("question_id", flat=True))


def _flags(question: Question, level: int, beside: Beside | None, unproven: Set[str]) -> Iterator[Flag]:
    before = beside.confirmable.level if beside and beside.confirmable else None
    if beside and before is not None and abs(level - before) >= LARGE_CHANGE:
        way = "higher" if level > before else "lower"
        yield Flag(
            FlagCode.LARGE_CHANGE,
            f"This is {abs(level - before)} levels {way} than in {beside.round_title}. "
            "Say in the comment what changed.",
        )
    if question.code in unproven:
        yield Flag(
            FlagCode.HIGH_LEVEL,
            f"Level {level} is one of the highest. Say in the comment what shows that it is true, or add "
            "evidence.",
        )
