"""Reading the answers out of a workbook that came back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from surveys.imports.workbook_identity import require_identity
from surveys.imports.workbook_package import ASK_AGAIN
from surveys.imports.workbook_rows import INPUTS, CellProblem, CellRef, QuestionRow, QuestionRows
from surveys.imports.workbook_sheets import read_sheets
from surveys.queries.workbooks import AssessmentContent
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Question
from surveys.questionnaires.worksheet import QUESTION_ROW, Heading, place_of, rows_of
from surveys.questionnaires.worksheet_reading import GivenCell, cell_text, is_blank, read_question

_LARGEST_VERSION: Final = 1_000_000


@dataclass(frozen=True)
class WorkbookAnswer:
    """The answer to a question as the workbook has it. `seen` is the version that went into the workbook."""

    question: Question
    seen: int
    response: Response
    cells: Mapping[tuple[str, Heading], CellRef]

    def cell(self, field: str) -> CellRef:
        """Return the cell of a field, as `responses.check` names it."""
        return self.cells[place_of(self.question, field)]


@dataclass(frozen=True)
class GivenWorkbook:
    """What a workbook says.

    `downloaded` is a sentence on who made it and when, `passed_over` are people's own sheets, `absent` are
    the codes of the questions without rows, and `of_others` those of the questions that have rows but are not
    the person's: what stands there is not looked at.
    """

    sha256: str
    downloaded: str
    answers: tuple[WorkbookAnswer, ...]
    problems: tuple[CellProblem, ...]
    passed_over: tuple[str, ...]
    absent: tuple[str, ...]
    of_others: tuple[str, ...]


def read_workbook(file: bytes, content: AssessmentContent) -> GivenWorkbook:
    """Read a workbook of this assessment. Raises WorkbookRefused for any other file."""
    sheets = read_sheets(file)
    start = require_identity(sheets, content)
    questions = content.instrument.content.questions_by_code
    rows = QuestionRows(questions)
    for place, sheet in enumerate(sheets):
        if sheet is not start.sheet:
            rows.take(place, sheet)
    problems = rows.problems.copy()
    may_answer = content.state.powers.may_answer
    answers = [
        answer
        for code, question in questions.items()
        if code in rows.found and may_answer(code) and code not in rows.unreadable
        for answer in _answers(question, rows.found[code], problems)
    ]
    return GivenWorkbook(
        sha256=hashlib.sha256(file).hexdigest(),
        downloaded=start.downloaded,
        answers=tuple(answers),
        problems=tuple(problems),
        passed_over=tuple(rows.passed_over),
        absent=tuple(code for code in questions if may_answer(code) and code not in rows.found),
        of_others=tuple(code for code in questions if code in rows.found and not may_answer(code)),
    )


def _answers(
    question: Question, rows: Mapping[str, QuestionRow], problems: list[CellProblem]
) -> Iterator[WorkbookAnswer]:
    """Yield the answer of a question unless something is wrong with it, which is put among the problems."""
    lacking = [f"“{row.label}”" for row in rows_of(question) if row.key not in rows]
    if lacking:
        at = next(iter(rows.values())).at(Heading.CODE)
        message = f"Rows of the question “{question.code}” are missing: {', '.join(lacking)}. {ASK_AGAIN}"
        problems.append(CellProblem(at, message))
        return
    found = list(_faults(rows))
    first = rows[QUESTION_ROW]
    reading = read_question(
        question,
        {key: row.cells[Heading.ANSWER] for key, row in rows.items()},
        comment=first.cells[Heading.COMMENT],
        reason=first.cells[Heading.REASON],
    )
    cells = {(key, heading): row.at(heading) for key, row in rows.items() for heading in INPUTS}
    found += (CellProblem(cells[place_of(question, each.field)], each.message) for each in reading.problems)
    problems += found
    seen = _version(first.cells[Heading.VERSION])
    if seen is not None and not found:
        yield WorkbookAnswer(question, seen, reading.response, cells)


def _faults(rows: Mapping[str, QuestionRow]) -> Iterator[CellProblem]:
    first = rows[QUESTION_ROW]
    if _version(first.cells[Heading.VERSION]) is None:
        yield CellProblem(first.at(Heading.VERSION), f"The version has been changed. {ASK_AGAIN}")
    for key, row in rows.items():
        for heading in (Heading.COMMENT, Heading.REASON):
            if key != QUESTION_ROW and not is_blank(row.cells[heading]):
                message = f"Move this to the first row of the question: {first.at(heading)}."
                yield CellProblem(row.at(heading), message)


def _version(cell: GivenCell) -> int | None:
    text = cell_text(cell)
    whole = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if whole and int(text) <= _LARGEST_VERSION else None
