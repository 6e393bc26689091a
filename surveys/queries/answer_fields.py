"""The fields of an answer one by one, in words, for those who compare two of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from surveys.queries.answer_words import number_in_words, with_unit
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Question

FIELD_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "level": "Level",
        "options": "Choices",
        "number": "Number",
        "parts": "Parts",
        "text": "Text",
        "other": "Own words for a choice",
        "consent": "May be shown",
        "comment": "Comment",
        "not_applicable": "Not applicable",
        "reason": "Why it is not applicable",
    }
)
"""What people call the fields of a response, by the names of the fields."""


def response_fields(question: Question, response: Response) -> dict[str, str]:
    """Return every field of FIELD_LABELS in words; empty for one that is not filled in.

    Codes that the question no longer has are shown as they are.
    """
    options = {option.code: option.label for option in question.options}
    labels = {part.code: part.label for part in question.parts}
    levels = {level.value: level.name for level in question.levels}
    level, number = response.level, response.number
    return {
        "level": "" if level is None else f"{level} {levels.get(level, '')}".strip(),
        "options": "\n".join(options.get(code, code) for code in response.options),
        "number": "" if number is None else with_unit(number, question.unit),
        "parts": "\n".join(
            f"{labels.get(code, code)}: {number_in_words(value)}" for code, value in response.parts
        ),
        "text": response.text,
        "other": response.other,
        "consent": {None: "", True: "Yes", False: "No"}[response.consent],
        "comment": response.comment,
        "not_applicable": "Yes" if response.not_applicable else "No",
        "reason": response.reason,
    }
