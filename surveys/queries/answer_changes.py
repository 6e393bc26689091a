"""What differs between two sets of answers to one questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.queries.answer_words import AnswerWords, answer_in_words
from surveys.questionnaires.responses import EMPTY, Response
from surveys.questionnaires.schema import Questionnaire


@dataclass(frozen=True)
class AnswerChange:
    """One question whose answer or comment differs, with both as people read them."""

    code: str
    dimension_code: str
    text: str
    before: AnswerWords
    after: AnswerWords


def answer_changes(
    content: Questionnaire, before: Mapping[str, Response], after: Mapping[str, Response]
) -> tuple[AnswerChange, ...]:
    """Return the changes from one set of responses (by question code) to another, in question order."""
    return tuple(
        AnswerChange(
            code=question.code,
            dimension_code=content.dimension_codes[question.code],
            text=question.text,
            before=answer_in_words(question, before.get(question.code, EMPTY)),
            after=answer_in_words(question, after.get(question.code, EMPTY)),
        )
        for question in content.questions
        if before.get(question.code, EMPTY) != after.get(question.code, EMPTY)
    )
