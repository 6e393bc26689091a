"""An assessment as a workbook: to answer it away from the service, and to bring the answers back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils import timezone
from xlsxwriter import Workbook

from surveys.exports.choice_lists import Lists
from surveys.exports.facts_sheet import FactsSheet, assessment_facts
from surveys.exports.question_sheet import QuestionSheet, SheetContent
from surveys.exports.workbook_styles import styles
from surveys.exports.xlsx import XlsxFile, file_name, sheet_name, written
from surveys.queries.completion import completion
from surveys.queries.deadlines import moment_in_words
from surveys.queries.workbooks import AssessmentContent
from surveys.questionnaires.worksheet import FORMAT, Heading, Identity

START: Final = "Start here"


def assessment_workbook(content: AssessmentContent, upload_address: str) -> XlsxFile:
    """Return the workbook: a sheet that says how and whose it is, and one for each dimension.

    `upload_address` is where it is brought back. The same content gives the same bytes.
    """
    state = content.state
    day = timezone.localtime(state.now).date().isoformat()
    return XlsxFile(
        name=file_name(state, "answers", day),
        content=written(
            lambda workbook: _fill(workbook, content, upload_address),
            title=f"{state.organisation_name}, {state.round_title}",
            moment=state.now,
        ),
    )


def _fill(workbook: Workbook, content: AssessmentContent, upload_address: str) -> None:
    looks = styles(workbook)
    start = FactsSheet(workbook, START, looks)
    sheets = [QuestionSheet(workbook, sheet, looks) for sheet in _sheets(content)]
    lists = Lists(workbook)
    _write_start(start, content, upload_address)
    for sheet in sheets:
        sheet.write(lists)


def _sheets(content: AssessmentContent) -> Iterator[SheetContent]:
    state, questionnaire = content.state, content.instrument.content
    readable = content.readable
    said = (state.organisation_name, state.round_title, "synthetic data" if state.synthetic else "")
    for number, dimension in enumerate(questionnaire.dimensions, start=1):
        if not state.powers.may_read_in(dimension.code):
            continue
        yield SheetContent(
            name=sheet_name(number, dimension.name),
            questionnaire=questionnaire,
            dimension=dimension,
            answers=content.answers,
            readable=readable,
            may_answer=state.powers.may_answer_in(dimension.code),
            footer=", ".join(filter(None, said)),
        )


def _write_start(start: FactsSheet, content: AssessmentContent, upload_address: str) -> None:
    state = content.state
    start.title(f"{state.organisation_name}: {state.round_title}")
    start.heading("How to use this workbook")
    for number, step in enumerate(_steps(content, upload_address), start=1):
        start.line(f"Step {number}", step)
    start.heading("Sections")
    responses = {code: answer.response for code, answer in content.answers.items()}
    questionnaire, readable = content.instrument.content, content.readable
    for dimension in questionnaire.dimensions:
        shown = readable.intersection(each.code for each in dimension.all_questions)
        if not shown:
            continue
        done = completion(questionnaire, responses, shown)
        yours = "" if state.powers.may_answer_in(dimension.code) else " You can read it but not answer it."
        start.line(dimension.name, f"{done.answered} of {done.asked} questions answered.{yours}")
    start.heading("Whose workbook this is")
    start.lines(assessment_facts(state, content.instrument))
    start.line(Identity.DOWNLOADED_BY, content.reader)
    start.line(Identity.DOWNLOADED_AT, moment_in_words(state.now))
    start.line(Identity.FORMAT, FORMAT)


def _steps(content: AssessmentContent, upload_address: str) -> Iterator[str]:
    if not content.state.powers.answers_anything:
        yield "You can read this assessment but not answer it, so the workbook is for reading only."
        return
    yield (
        "Answer in the yellow cells. Everything else is locked, so that the service knows the workbook "
        "again. Where a cell has a list, choose from it. There is one sheet for each section."
    )
    yield (
        f"If a question does not apply, leave its answer blank and say why under “{Heading.REASON}”. "
        "A grey cell takes nothing. To clear an answer, empty its cell."
    )
    yield f"Save the file as an Excel workbook (.xlsx) and bring it back at {upload_address}"
    yield (
        "Nothing is saved until you have seen what would change. Where somebody has changed an answer "
        "since you downloaded this, you see both and choose."
    )
