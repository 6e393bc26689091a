"""Reading what people put into the cells of a question, as forgiving as it can be without guessing."""

import datetime
import math
import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, TypeVar

from surveys.questionnaires.responses import FIELD_BY_KIND, Response, ResponseProblem
from surveys.questionnaires.schema import Level, Question, QuestionKind
from surveys.questionnaires.worksheet import (
    CONSENT_ROW,
    OTHER_ROW,
    QUESTION_ROW,
    TEXT_ROW,
    Heading,
    option_names,
    option_row,
    part_row,
)

Value = TypeVar("Value")
Named = TypeVar("Named", int, str)
GivenCell = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta | None
"""What a cell may hold. A whole number may come as a float, and a blank cell as "" or None."""

_WORDS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("yes", "y", "x", "true", "1", "✓", "✔"), True),
    **dict.fromkeys(("no", "n", "false", "0"), False),
}
_NUMBER: Final = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)?(\.[0-9]+)?")
_LONGEST_NUMBER: Final = 60
_NOT_APPLICABLE: Final = frozenset({"n/a", "na", "not applicable", "does not apply"})
_PLACES: Final = 9
"""Decimal places to which a number is read: what a formula leaves beyond them is not meant."""
_MANY: Final = 10**15
_SAY_WHY: Final = (
    f"If the question does not apply, leave the answer blank and say why under “{Heading.REASON}”."
)
_TEXT_FIELDS: Final = ("text", "other", "comment", "reason")
_ESCAPED: Final = re.compile("_x(fff[ef])_", re.IGNORECASE)
"""Characters that a workbook cannot hold, as they come back from one."""


@dataclass(frozen=True)
class Reading:
    """What the cells of a question say. What could not be read is empty and has a problem."""

    response: Response
    problems: tuple[ResponseProblem, ...]


class UnreadableCellError(Exception):
    """A cell does not hold an answer of its kind; the message is for whoever filled it in."""


def read_question(
    question: Question, answers: Mapping[str, GivenCell], *, comment: GivenCell, reason: GivenCell
) -> Reading:
    """Read a question from its cells: `answers` holds the answer cell of each row by the row's key.

    A reason marks the question as not applicable. Whether the answer is allowed, `responses.check` says.
    """
    reader = _Reader(question, answers)
    why = cell_text(reason)
    response = Response(
        **reader.value(),
        other=cell_text(answers.get(OTHER_ROW)),
        consent=reader.read("consent", CONSENT_ROW, _yes_or_no),
        comment=cell_text(comment),
        not_applicable=bool(why),
        reason=why,
    )
    return Reading(response, tuple(reader.problems))


def settled(given: Response, before: Response) -> Response:
    """Return `given` with each field as it was before that says the same.

    A workbook changes spaces at the ends of texts and line ends, and has options and parts in its own order.
    """
    texts = [
        field for field in _TEXT_FIELDS if _tidied(getattr(given, field)) == _tidied(getattr(before, field))
    ]
    sets = [field for field in ("options", "parts") if {*getattr(given, field)} == {*getattr(before, field)}]
    return replace(given, **{field: getattr(before, field) for field in (*texts, *sets)})


def is_blank(cell: GivenCell) -> bool:
    """Whether nothing stands in a cell but, at most, white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def cell_text(cell: GivenCell) -> str:
    """Return a cell as text without white space around it: 12.0 as "12", a date as "3 January 2025"."""
    match cell:
        case None:
            return ""
        case str():
            return cell.replace("\r\n", "\n").replace("\r", "\n").strip()
        case bool():
            return str(cell).upper()
        case int() | float():
            return _plain_number(cell)
        case datetime.datetime() if (cell.hour, cell.minute, cell.second) != (0, 0, 0):
            return f"{cell.day} {cell:%B %Y %H:%M}"
        case datetime.date():
            return f"{cell.day} {cell:%B %Y}"
        case _:
            return str(cell)


def unescaped(text: str) -> str:
    """Return a text with the characters that a workbook can hold only in another form."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _tidied(text: str) -> str:
    return unescaped(cell_text(text))


class _Reader:
    """Reads the answer cells of one question and collects what is wrong with them."""

    def __init__(self, question: Question, answers: Mapping[str, GivenCell]) -> None:
        self.problems: list[ResponseProblem] = []
        self._question = question
        self._answers = answers

    def read(self, field: str, row: str, how: Callable[[GivenCell], Value]) -> Value | None:
        """Return what the answer cell of a row holds; None when it is blank or cannot be read."""
        cell = self._answers.get(row)
        if is_blank(cell):
            return None
        try:
            return how(cell)
        except UnreadableCellError as error:
            may_not_apply = self._question.not_applicable is not None
            meant = may_not_apply and _word(cell_text(cell)) in _NOT_APPLICABLE
            self.problems.append(ResponseProblem(field, _SAY_WHY if meant else str(error)))
            return None

    def value(self) -> dict[str, Any]:
        """Return the field of the question's kind with what its cells hold; nothing when they are blank."""
        own = FIELD_BY_KIND[self._question.kind]
        found = self._value(own)
        return {} if found is None else {own: found}

    def _value(self, own: str) -> object:
        question = self._question
        match question.kind:
            case QuestionKind.MATURITY:
                return self.read(own, QUESTION_ROW, self._level)
            case QuestionKind.SINGLE_CHOICE:
                return self.read(own, QUESTION_ROW, self._option)
            case QuestionKind.NUMBER | QuestionKind.PERCENTAGE:
                return self.read(own, QUESTION_ROW, self._number)
        # The others are answered in rows of their own.
        self.read(own, QUESTION_ROW, _nothing)
        match question.kind:
            case QuestionKind.MULTI_CHOICE:
                return tuple(
                    option.code
                    for option in question.options
                    if self.read(f"options.{option.code}", option_row(option.code), _yes_or_no)
                )
            case QuestionKind.PERCENTAGE_SPLIT:
                read = {
                    part.code: self.read(f"parts.{part.code}", part_row(part.code), self._number)
                    for part in question.parts
                }
                return tuple((code, number) for code, number in read.items() if number is not None)
        return self.read(own, TEXT_ROW, cell_text)

    def _level(self, cell: GivenCell) -> int:
        names = {level.value: _level_names(level) for level in self._question.levels}
        found = _named(cell, names)
        if found is None:
            known = ", ".join(f"“{level.value} {level.name}”" for level in self._question.levels)
            raise UnreadableCellError(
                f"{_said(cell)} is not one of the levels. Choose from the list: {known}."
            )
        return found

    def _option(self, cell: GivenCell) -> tuple[str, ...]:
        shown = option_names(self._question)
        names = {
            option.code: {option.code, option.label, shown[option.code]} for option in self._question.options
        }
        found = _named(cell, names)
        if found is None:
            raise UnreadableCellError(f"{_said(cell)} is not one of the options. Choose one from the list.")
        return (found,)

    def _number(self, cell: GivenCell) -> Decimal:
        """Read a number, or a text such as "1,250.5" or "45 %" that can only be one."""
        if isinstance(cell, bool) or not isinstance(cell, str | int | float):
            raise UnreadableCellError(f"{_said(cell)} is not a number. Type the number alone.")
        percent = self._question.unit == "%"
        if not isinstance(cell, str):
            if percent and self._question.decimals == 0 and 0 < abs(cell) < 1:
                raise UnreadableCellError(
                    f"{_said(cell)} is not a whole percentage. "
                    "A spreadsheet turns 45% into 0.45, so type 45 alone."
                )
            return Decimal(_plain_number(cell))
        unit = "".join(self._question.unit.split()).casefold()
        bare = "".join(cell.split()).casefold().removesuffix(unit)
        if not _NUMBER.fullmatch(bare) or not bare.strip("+-") or len(bare) > _LONGEST_NUMBER:
            raise UnreadableCellError(
                f"{_said(cell)} is not a number. Type the number alone, such as 12 or 3.5."
            )
        return Decimal(bare.replace(",", ""))


def _nothing(cell: GivenCell) -> None:
    raise UnreadableCellError(f"{_said(cell)} cannot be taken here. Answer in the rows below.")


def _level_names(level: Level) -> set[str]:
    numbered = (f"{level.value}{mark}{level.name}" for mark in (" ", ": ", ". ", " - ", " \u2013 "))
    return {str(level.value), f"level {level.value}", level.name, level.code, *numbered}


def _named(cell: GivenCell, names: Mapping[Named, Set[str]]) -> Named | None:
    """Return the one thing that a cell names, whatever its capitals and spaces; None when there is none."""
    word = _word(cell_text(cell))
    found = [thing for thing, known in names.items() if word in set(map(_word, known))]
    return found[0] if len(found) == 1 else None


def _yes_or_no(cell: GivenCell) -> bool:
    word = _word(cell_text(cell))
    if word not in _WORDS:
        raise UnreadableCellError(
            f"{_said(cell)} is neither “Yes” nor “No”. Choose one, or leave the cell blank."
        )
    return _WORDS[word]


def _word(text: str) -> str:
    return " ".join(text.split()).casefold()


def _said(cell: GivenCell) -> str:
    """Return a cell as the beginning of a sentence about it."""
    text = cell_text(cell)
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        return f"A date or a time ({text})"
    return f"“{text[:60]}{'…' if len(text) > 60 else ''}”"


def _plain_number(number: float) -> str:
    """Return a number in figures without an exponent and without needless noughts."""
    exact = Decimal(repr(number))
    if not math.isfinite(number) or abs(number) >= _MANY:
        return f"{exact:f}"
    return f"{round(exact, _PLACES).normalize() + 0:f}"
