"""How an assessment stands in a workbook: the headings, the rows of each question and what their cells hold.

A question has a row for itself and one for each thing that needs a cell of its own: an option of a multiple
choice, a part of a split, a long text, the text beside "other", the agreement beside a text. A row is known
by the code of its question and its key, so that it is found again wherever it was moved.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from surveys.questionnaires.responses import (
    COMMENT_LENGTH,
    OTHER_LENGTH,
    REASON_LENGTH,
    TEXT_LENGTH,
    TOO_LARGE,
    Response,
)
from surveys.questionnaires.schema import Question, QuestionKind

FORMAT: Final = "ICS data maturity survey workbook 1"
LISTS: Final = "Lists"
"""The name of the hidden sheet that holds the lists of choices."""
LONGEST_CELL: Final = 32_767
"""Characters that a cell of a spreadsheet can hold."""


class Heading(StrEnum):
    """The columns of a sheet of questions, in order."""

    CODE = "Code"
    QUESTION = "Question"
    HOW = "How to answer"
    ANSWER = "Your answer"
    COMMENT = "Comment"
    REASON = "Why not applicable"
    ROW = "Row"
    VERSION = "Version"


class Identity(StrEnum):
    """The labels of what says whose workbook it is."""

    FORMAT = "Workbook format"
    SYSTEM = "System"
    ODS_CODE = "ODS code"
    REGION = "Region"
    ROUND = "Round"
    REFERENCE_DATE = "Answers describe"
    QUESTIONNAIRE = "Questionnaire"
    KEY = "Questionnaire key"
    QUESTIONNAIRE_VERSION = "Questionnaire version"
    DIGEST = "Questionnaire SHA-256"
    ROUND_NUMBER = "Round number"
    ASSESSMENT_NUMBER = "Assessment number"
    DOWNLOADED_BY = "Downloaded by"
    DOWNLOADED_AT = "Downloaded at"
    DATA = "Data"


class Entry(StrEnum):
    """What the answer cell of a row takes."""

    NOTHING = "nothing"
    CHOICE = "choice"
    YES_OR_NO = "yes or no"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True)
class Limits:
    """What a number may be: from `minimum` to `maximum`, with at most `decimals` decimal places."""

    minimum: Decimal
    maximum: Decimal
    decimals: int


@dataclass(frozen=True)
class SheetRow:
    """One row of a question. `field` is the field of a response that its answer cell gives, as problems name
    it; "" when it takes none.

    `choices` go with CHOICE, `limits` with NUMBER and `longest` (characters) with TEXT.
    """

    key: str
    label: str
    entry: Entry
    field: str
    choices: tuple[str, ...] = ()
    limits: Limits | None = None
    longest: int = 0


CellText = str | Decimal | None
"""What is written to a cell: text, a number or nothing."""

YES: Final = "Yes"
NO: Final = "No"
QUESTION_ROW: Final = "question"
TEXT_ROW: Final = "text"
OTHER_ROW: Final = "other"
CONSENT_ROW: Final = "consent"
LONGEST_TEXTS: Final[Mapping[Heading, int]] = {
    Heading.COMMENT: COMMENT_LENGTH,
    Heading.REASON: REASON_LENGTH,
}
"""How many characters a comment and a reason may have."""


def option_row(code: str) -> str:
    """Return the key of the row of an option."""
    return f"option {code}"


def part_row(code: str) -> str:
    """Return the key of the row of a part."""
    return f"part {code}"


def rows_of(question: Question) -> tuple[SheetRow, ...]:
    """Return the rows of a question, the one for the question itself first."""
    return tuple(_rows(question))


def _rows(question: Question) -> Iterator[SheetRow]:
    yield _question_row(question)
    if question.kind is QuestionKind.MULTI_CHOICE:
        for option in question.options:
            yield SheetRow(option_row(option.code), option.label, Entry.YES_OR_NO, f"options.{option.code}")
    if question.kind is QuestionKind.LONG_TEXT:
        yield SheetRow(TEXT_ROW, "Your text", Entry.TEXT, "text", longest=TEXT_LENGTH)
    total = question.total or Decimal(0)
    for part in question.parts:
        limits = Limits(Decimal(0), total, question.decimals)
        yield SheetRow(part_row(part.code), part.label, Entry.NUMBER, f"parts.{part.code}", limits=limits)
    for option in question.options:
        if option.other:
            label = f"If “{option.label}”: say what"
            yield SheetRow(OTHER_ROW, label, Entry.TEXT, "other", longest=OTHER_LENGTH)
    if question.consent:
        yield SheetRow(CONSENT_ROW, question.consent, Entry.YES_OR_NO, "consent")


def _question_row(question: Question) -> SheetRow:
    match question.kind:
        case QuestionKind.MATURITY:
            return SheetRow(QUESTION_ROW, question.text, Entry.CHOICE, "level", level_names(question))
        case QuestionKind.SINGLE_CHOICE:
            names = tuple(option_names(question).values())
            return SheetRow(QUESTION_ROW, question.text, Entry.CHOICE, "options", names)
        case QuestionKind.NUMBER | QuestionKind.PERCENTAGE:
            limits = Limits(
                1 - TOO_LARGE if question.minimum is None else question.minimum,
                TOO_LARGE - 1 if question.maximum is None else question.maximum,
                question.decimals,
            )
            return SheetRow(QUESTION_ROW, question.text, Entry.NUMBER, "number", limits=limits)
        case QuestionKind.MULTI_CHOICE | QuestionKind.PERCENTAGE_SPLIT | QuestionKind.LONG_TEXT:
            return SheetRow(QUESTION_ROW, question.text, Entry.NOTHING, "")


def level_names(question: Question) -> tuple[str, ...]:
    """Return the levels as they are chosen from a list, such as "3 Established"."""
    return tuple(f"{level.value} {level.name}" for level in question.levels)


def option_names(question: Question) -> dict[str, str]:
    """Return the options as they are chosen from a list, by code: the label, with the code where two options
    have the same label.
    """
    labels = Counter(option.label.casefold() for option in question.options)
    return {
        option.code: option.label
        if labels[option.label.casefold()] == 1
        else f"{option.label} ({option.code})"
        for option in question.options
    }


def answer_cells(question: Question, response: Response) -> dict[str, CellText]:
    """Return what stands in the answer cell of each row, by the key of the row."""
    cells: dict[str, CellText] = {row.key: None for row in rows_of(question)}
    if question.consent and response.consent is not None:
        cells[CONSENT_ROW] = YES if response.consent else NO
    if OTHER_ROW in cells:
        cells[OTHER_ROW] = response.other or None
    match question.kind:
        case QuestionKind.MATURITY:
            names = {level.value: f"{level.value} {level.name}" for level in question.levels}
            cells[QUESTION_ROW] = None if response.level is None else names[response.level]
        case QuestionKind.SINGLE_CHOICE:
            cells[QUESTION_ROW] = next((option_names(question)[code] for code in response.options), None)
        case QuestionKind.MULTI_CHOICE:
            cells |= {option_row(code): YES for code in response.options}
        case QuestionKind.NUMBER | QuestionKind.PERCENTAGE:
            cells[QUESTION_ROW] = response.number
        case QuestionKind.PERCENTAGE_SPLIT:
            cells |= {part_row(code): value for code, value in response.parts}
        case QuestionKind.LONG_TEXT:
            cells[TEXT_ROW] = response.text or None
    return cells


def place_of(question: Question, field: str) -> tuple[str, Heading]:
    """Return the row (its key) and the column of a field, as `responses.check` names it."""
    if field == "comment":
        return QUESTION_ROW, Heading.COMMENT
    if field in {"reason", "not_applicable"}:
        return QUESTION_ROW, Heading.REASON
    found = next((row.key for row in rows_of(question) if row.field == field), QUESTION_ROW)
    return found, Heading.ANSWER
