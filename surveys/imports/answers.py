"""A file of answers kept elsewhere: each row is one organisation's answer to one question of a round."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from surveys.actions.answer_imports import AnswerFile, AnswerImport, GivenAnswer, import_answers
from surveys.actions.row_problems import RowProblem, RowsRefused
from surveys.imports.answer_text import Fields, UnreadableAnswerError, read_answer
from surveys.imports.cells import Cells
from surveys.imports.csv_table import Layout, read_table
from surveys.models import Person, Round
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Question, Questionnaire

ANSWERS: Final = Layout(
    "answers",
    required=("organisation_code", "question_code", "answer"),
    optional=("comment", "not_applicable_reason", "other", "consent"),
)
YES_OR_NO: Final = {"yes": True, "no": False}


def import_answer_file(
    path: Path, survey_round: Round, *, by: Person | None, dry_run: bool = False
) -> AnswerImport:
    """Read a file of answers and store all of it in the round or nothing.

    Raises RowsRefused with every problem by row, and Refused when the round takes no imported answers now.
    """
    file = read_answers(path, survey_round.questionnaire.content)
    return import_answers(by=by, round_id=survey_round.pk, file=file, dry_run=dry_run)


def read_answers(path: Path, questionnaire: Questionnaire) -> AnswerFile:
    """Read a file of answers to a questionnaire. Raises RowsRefused with every problem by row."""
    table = read_table(path, ANSWERS)
    problems: list[RowProblem] = []
    given = [answer for row in table.rows for answer in _given(Cells(row, problems), questionnaire)]
    if problems:
        raise RowsRefused(problems)
    return AnswerFile(path.name, table.sha256, tuple(given))


def _given(cells: Cells, questionnaire: Questionnaire) -> Iterator[GivenAnswer]:
    cells.need("organisation_code", "whose answer it is")
    cells.need("question_code", "which question it answers")
    organisation, code = cells.line("organisation_code", 200), cells.line("question_code", 80)
    question = questionnaire.questions_by_code.get(code)
    if question is not None:
        yield GivenAnswer(cells.number, organisation, code, _response(cells, question))
    elif code:
        near = difflib.get_close_matches(code, questionnaire.questions_by_code, n=1)
        mend = f"Did you mean {near[0]}?" if near else "Look the code up in the questionnaire."
        cells.problem("question_code", f"The round's questionnaire has no question “{code}”.", mend)


def _response(cells: Cells, question: Question) -> Response:
    reason = cells.text("not_applicable_reason")
    return Response(
        **_answer(cells, question),
        other=cells.text("other"),
        consent=cells.word("consent", YES_OR_NO),
        comment=cells.text("comment"),
        not_applicable=bool(reason),
        reason=reason,
    )


def _answer(cells: Cells, question: Question) -> Fields:
    text = cells.text("answer")
    try:
        return read_answer(question, text) if text else {}
    except UnreadableAnswerError as error:
        cells.problem("answer", error.message, error.mend)
        return {}
