"""How an answer is written in a cell, by kind of question; docs/data-dictionary.md says it for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from surveys.imports.cells import read_number
from surveys.questionnaires.responses import FIELD_BY_KIND
from surveys.questionnaires.schema import Option, Part, Question, QuestionKind

SEPARATOR: Final = ";"
Fields = dict[str, Any]
"""Fields of a Response."""


class UnreadableAnswerError(Exception):
    """A cell does not hold an answer of the question's kind; the message and `mend` are sentences."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


def read_answer(question: Question, text: str) -> Fields:
    """Read the answer in a cell that is not blank, with options and parts in the question's order.

    Raises UnreadableAnswerError. Whether the answer is allowed, `responses.check` says.
    """
    return {FIELD_BY_KIND[question.kind]: _READERS[question.kind](question, text)}


def _level(question: Question, text: str) -> int:
    for level in question.levels:
        if text.lower() in {str(level.value), level.code.lower()}:
            return level.value
    known = ", ".join(str(level.value) for level in question.levels)
    raise UnreadableAnswerError(
        f"“{text[:40]}” is not one of its levels.", f"Write the level's number: {known}."
    )


def _options(question: Question, text: str) -> tuple[str, ...]:
    chosen = [code.strip() for code in text.split(SEPARATOR) if code.strip()]
    _require_known(chosen, question.options, "option")
    return _in_order(chosen, question.options)


def _parts(question: Question, text: str) -> tuple[tuple[str, Decimal], ...]:
    given: dict[str, Decimal] = {}
    for piece in filter(None, (piece.strip() for piece in text.split(SEPARATOR))):
        code, equals, value = (side.strip() for side in piece.partition("="))
        if not equals:
            raise UnreadableAnswerError(
                f"“{piece[:40]}” is not a part and its number.",
                "Write each part as code=number, with ; between.",
            )
        if code in given:
            raise UnreadableAnswerError(f"The part “{code[:40]}” stands there twice.", "Keep one of them.")
        given[code] = _number(question, value)
    _require_known(list(given), question.parts, "part")
    return tuple((code, given[code]) for code in _in_order(list(given), question.parts))


def _number(question: Question, text: str) -> Decimal:
    plain = text[:-1].rstrip() if question.unit == "%" and text.endswith("%") else text
    number = read_number(plain)
    if number is None:
        raise UnreadableAnswerError(
            f"“{text[:40]}” is not a number that we can read.",
            "Write it in figures, with a point before the decimals and no commas.",
        )
    return number


def _text(_question: Question, text: str) -> str:
    return text


_READERS: Final[Mapping[QuestionKind, Callable[[Question, str], Any]]] = {
    QuestionKind.MATURITY: _level,
    QuestionKind.SINGLE_CHOICE: _options,
    QuestionKind.MULTI_CHOICE: _options,
    QuestionKind.NUMBER: _number,
    QuestionKind.PERCENTAGE: _number,
    QuestionKind.PERCENTAGE_SPLIT: _parts,
    QuestionKind.LONG_TEXT: _text,
}


def _require_known(codes: Sequence[str], choices: Sequence[Option | Part], noun: str) -> None:
    known = [choice.code for choice in choices]
    for code in codes:
        if code not in known:
            raise UnreadableAnswerError(
                f"“{code[:40]}” is not one of its {noun}s.", f"Use these codes: {', '.join(known)}."
            )
        if codes.count(code) > 1:
            raise UnreadableAnswerError(f"The {noun} “{code}” stands there twice.", "Keep one of them.")


def _in_order(codes: Sequence[str], choices: Sequence[Option | Part]) -> tuple[str, ...]:
    return tuple(choice.code for choice in choices if choice.code in codes)
