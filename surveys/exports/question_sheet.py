"""The sheet of one dimension in a workbook that people fill in: cells for answers open, the rest locked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from xlsxwriter import Workbook

from surveys.exports.choice_lists import Lists
from surveys.exports.growing_sheet import GrowingSheet, height_of
from surveys.exports.workbook_styles import Styles
from surveys.exports.xlsx import A4, clipped
from surveys.queries.answer_words import condition_in_words
from surveys.queries.assessments import StoredAnswer
from surveys.queries.question_words import answer_wanted
from surveys.questionnaires.responses import EMPTY
from surveys.questionnaires.schema import Dimension, Question, Questionnaire, Section
from surveys.questionnaires.worksheet import (
    LONGEST_TEXTS,
    NO,
    OTHER_ROW,
    QUESTION_ROW,
    TEXT_ROW,
    YES,
    CellText,
    Entry,
    Heading,
    SheetRow,
    answer_cells,
    option_row,
    part_row,
    rows_of,
)

WIDTHS: Final[Mapping[Heading, int]] = {
    Heading.CODE: 13,
    Heading.QUESTION: 32,
    Heading.HOW: 56,
    Heading.ANSWER: 20,
    Heading.COMMENT: 34,
    Heading.REASON: 20,
    Heading.ROW: 14,
    Heading.VERSION: 8,
}
"""How wide each column is, in characters."""

COLUMNS: Final = {heading: number for number, heading in enumerate(Heading)}
_FIRST_PRINTED: Final = COLUMNS[Heading.QUESTION]
_LAST_PRINTED: Final = COLUMNS[Heading.REASON]
NOT_YOURS: Final = (
    "You can read this section but not answer it: its cells are locked, and changes are refused."
)
_BOX: Final = sum(WIDTHS[each] for each in (Heading.ANSWER, Heading.COMMENT, Heading.REASON))
_ACROSS: Final = sum(list(WIDTHS.values())[_FIRST_PRINTED : _LAST_PRINTED + 1])
_ROOM_TO_WRITE: Final = "\n" * 6


@dataclass(frozen=True)
class SheetContent:
    """What one sheet holds: the questions of the dimension that are `readable`.

    `may_answer`: whether whoever downloads it may answer them.
    """

    name: str
    questionnaire: Questionnaire
    dimension: Dimension
    answers: Mapping[str, StoredAnswer]
    readable: frozenset[str]
    may_answer: bool
    footer: str


class QuestionSheet:
    """Writes the sheet of one dimension."""

    def __init__(self, workbook: Workbook, content: SheetContent, looks: Styles) -> None:
        self._sheet = workbook.add_worksheet(content.name, GrowingSheet)
        self._content = content
        self._looks = looks
        self._row = 0

    def write(self, lists: Lists) -> None:
        """Write the sheet: its head, its questions, and how it is shown, protected and printed."""
        self._lists = lists
        for heading, width in WIDTHS.items():
            self._sheet.set_column(COLUMNS[heading], COLUMNS[heading], width)
        self._head()
        head = self._row
        for heading, column in COLUMNS.items():
            self._sheet.write_string(head, column, heading, self._looks.heading)
        self._row += 1
        dimension = self._content.dimension
        for section in dimension.sections or (Section("", "", dimension.questions),):
            questions = [each for each in section.questions if each.code in self._content.readable]
            if section.name and questions:
                self._section(section)
            for question in questions:
                self._question(question)
        self._finish(head)

    def _head(self) -> None:
        dimension, scale = self._content.dimension, self._content.questionnaire.scale
        self._sheet.write_string(self._row, _FIRST_PRINTED, dimension.name, self._looks.title)
        self._row += 1
        mine = "" if self._content.may_answer else NOT_YOURS
        rule = f"How to choose a level: {scale.rule}" if scale else ""
        for text in filter(None, (dimension.about, rule, mine)):
            self._across(text, self._looks.note)

    def _section(self, section: Section) -> None:
        self._across("\n".join(filter(None, (section.name, section.about))), self._looks.section)

    def _across(self, text: str, look: Any) -> None:
        """Write a text over all columns that are printed, in a row that is tall enough for it."""
        self._sheet.merge_range(self._row, _FIRST_PRINTED, self._row, _LAST_PRINTED, "", look)
        self._sheet.write_string(self._row, _FIRST_PRINTED, clipped(text), look)
        self._sheet.set_row(self._row, height_of([(text, _ACROSS)]))
        self._row += 1

    def _question(self, question: Question) -> None:
        stored = self._content.answers.get(question.code)
        response = stored.response if stored else EMPTY
        cells = answer_cells(question, response)
        for row in rows_of(question):
            is_first = row.key == QUESTION_ROW
            texts = {
                Heading.QUESTION: row.label,
                Heading.HOW: "\n".join(self._how(question, row)),
                Heading.COMMENT: response.comment if is_first else "",
                Heading.REASON: response.reason if is_first else "",
            }
            self._cell(Heading.CODE, question.code, self._looks.code)
            self._cell(Heading.QUESTION, row.label, self._looks.question if is_first else self._looks.part)
            self._cell(Heading.HOW, texts[Heading.HOW], self._looks.how)
            self._cell(Heading.ROW, row.key, self._looks.code)
            version = Decimal(stored.version if stored else 0) if is_first else None
            self._cell(Heading.VERSION, version, self._looks.code)
            if row.key == TEXT_ROW:
                self._box(row, cells[row.key])
            else:
                self._answer(row, cells[row.key])
                self._remark(
                    Heading.COMMENT, texts[Heading.COMMENT], open_=is_first and question.comment_allowed
                )
                may_not_apply = is_first and question.not_applicable is not None
                self._remark(Heading.REASON, texts[Heading.REASON], open_=may_not_apply)
                texts[Heading.ANSWER] = str(cells[row.key] or "")
                self._sheet.grow(self._row, [(text, WIDTHS[each]) for each, text in texts.items()])
            self._row += 1

    def _answer(self, row: SheetRow, value: CellText) -> None:
        if row.entry is Entry.NOTHING:
            self._cell(Heading.ANSWER, None, self._looks.barred)
            return
        is_number = row.entry is Entry.NUMBER
        look = self._looks.answer(number=is_number, may_answer=self._content.may_answer)
        self._cell(Heading.ANSWER, value, look)
        self._validate(Heading.ANSWER, self._validation(row))

    def _box(self, row: SheetRow, value: CellText) -> None:
        """Write a long text over three columns. Merged cells do not grow, so there is room for more."""
        look = self._looks.answer(number=False, may_answer=self._content.may_answer)
        column = COLUMNS[Heading.ANSWER]
        self._sheet.merge_range(self._row, column, self._row, _LAST_PRINTED, "", look)
        self._cell(Heading.ANSWER, value, look)
        self._sheet.set_row(self._row, height_of([(f"{value or ''}{_ROOM_TO_WRITE}", _BOX)]))
        self._validate(Heading.ANSWER, self._validation(row))

    def _remark(self, heading: Heading, text: str, *, open_: bool) -> None:
        if not open_:
            self._cell(heading, text, self._looks.barred)
            return
        self._cell(heading, text, self._looks.answer(number=False, may_answer=self._content.may_answer))
        self._validate(heading, _length(LONGEST_TEXTS[heading]))

    def _validate(self, heading: Heading, validation: dict[str, Any]) -> None:
        column = COLUMNS[heading]
        self._sheet.data_validation(self._row, column, self._row, column, validation)

    def _validation(self, row: SheetRow) -> dict[str, Any]:
        if row.entry is Entry.CHOICE:
            return {
                "validate": "list",
                "source": self._lists.source(row.choices),
                "error_title": "Not in the list",
                "error_message": "Choose from the list in this cell, or leave the cell blank.",
            }
        if row.entry is Entry.YES_OR_NO:
            return {
                "validate": "list",
                "source": [YES, NO],
                "error_title": "Yes or No",
                "error_message": "Choose Yes or No, or leave the cell blank.",
            }
        if row.limits is not None:
            low, high = row.limits.minimum, row.limits.maximum
            return {
                "validate": "decimal" if row.limits.decimals else "integer",
                "criteria": "between",
                "minimum": _plain(low),
                "maximum": _plain(high),
                "error_title": "Not such a number",
                "error_message": f"Type a number from {low:,f} to {high:,f}, alone and without a unit.",
            }
        return _length(row.longest)

    def _how(self, question: Question, row: SheetRow) -> Iterator[str]:
        if row.key == QUESTION_ROW:
            yield from self._how_to_answer(question)
        elif row.key == OTHER_ROW:
            yield "Leave this blank unless you chose that option."
        for option in question.options:
            if row.key == option_row(option.code):
                yield from filter(
                    None, (option.hint, "Choose this one alone." if option.stands_alone else "")
                )
        for part in question.parts:
            if row.key == part_row(part.code):
                yield from filter(None, (part.hint, question.unit))

    def _how_to_answer(self, question: Question) -> Iterator[str]:
        condition = condition_in_words(self._content.questionnaire, question)
        if condition:
            yield f"Answer this only if {condition}."
        if not question.required:
            yield "Optional."
        yield from filter(None, (question.help,))
        yield answer_wanted(question)
        for level in question.levels:
            yield f"{level.value} {level.name}: {level.text}"
        leads = {role.code: role.name for role in self._content.questionnaire.lead_roles}
        if question.evidence:
            yield f"Evidence that may help: {question.evidence}"
        if question.suggested_lead:
            yield f"Suggested lead: {leads[question.suggested_lead]}"

    def _cell(self, heading: Heading, value: CellText, look: Any) -> None:
        """Write text as text and never as a formula, and a number as a number."""
        column = COLUMNS[heading]
        if isinstance(value, Decimal):
            self._sheet.write_number(self._row, column, float(value), look)
        elif value:
            self._sheet.write_string(self._row, column, clipped(value), look)
        else:
            self._sheet.write_blank(self._row, column, None, look)

    def _finish(self, head: int) -> None:
        sheet = self._sheet
        sheet.freeze_panes(head + 1, COLUMNS[Heading.HOW])
        sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head)
        sheet.print_area(0, _FIRST_PRINTED, self._row - 1, _LAST_PRINTED)
        sheet.set_footer(f"&L{self._content.footer.replace('&', '&&')[:200]}&RPage &P of &N")


def _length(most: int) -> dict[str, Any]:
    return {
        "validate": "length",
        "criteria": "<=",
        "value": most,
        "error_title": "Too long",
        "error_message": f"Use {most:,} characters or fewer.",
    }


def _plain(number: Decimal) -> int | float:
    """Return a limit as a spreadsheet writes it: 0 and not 0.0."""
    return int(number) if number == int(number) else float(number)
