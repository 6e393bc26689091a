"""Whose workbook it is: checked before any of its answers is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from surveys.imports.workbook_package import ASK_AGAIN, WorkbookRefused
from surveys.imports.workbook_sheets import Sheet
from surveys.queries.workbooks import AssessmentContent
from surveys.questionnaires.worksheet import FORMAT, Identity
from surveys.questionnaires.worksheet_reading import cell_text

_HEAD_ROWS: Final = 100
_LABELS: Final = {label.casefold(): label for label in Identity}


@dataclass(frozen=True)
class StartSheet:
    """The sheet that says whose workbook it is, and what it says of its download."""

    sheet: Sheet
    downloaded: str


def require_identity(sheets: Sequence[Sheet], content: AssessmentContent) -> StartSheet:
    """Return the sheet that says whose workbook it is. Raises WorkbookRefused unless it is this one's."""
    for sheet in sheets:
        said = _said(sheet)
        if Identity.FORMAT in said:
            _require_same(said, content)
            by, at = said.get(Identity.DOWNLOADED_BY, ""), said.get(Identity.DOWNLOADED_AT, "")
            return StartSheet(sheet, f"Downloaded by {by}, {at}." if by and at else "")
    raise WorkbookRefused(
        "This is not a workbook from this service, or its sheet “Start here” is missing. "
        "Download the workbook from this page and answer in it."
    )


def _said(sheet: Sheet) -> Mapping[Identity, str]:
    found: dict[Identity, str] = {}
    for row in sheet.rows[:_HEAD_ROWS]:
        label = _LABELS.get(cell_text(row[0]).casefold()) if len(row) > 1 else None
        if label is not None:
            found.setdefault(label, " ".join(cell_text(row[1]).split())[:200])
    return found


def _require_same(said: Mapping[Identity, str], content: AssessmentContent) -> None:
    state, questionnaire = content.state, content.instrument.content
    if said[Identity.FORMAT] != FORMAT:
        raise WorkbookRefused(f"This workbook was made by another version of the service. {ASK_AGAIN}")
    if said.get(Identity.ROUND_NUMBER) != str(state.round_id):
        raise WorkbookRefused(
            f"This workbook is from another round: “{said.get(Identity.ROUND, '')}”, for "
            f"{said.get(Identity.SYSTEM, '')}. This assessment belongs to “{state.round_title}”. "
            "Nothing has been changed."
        )
    if said.get(Identity.ASSESSMENT_NUMBER) != str(state.id):
        raise WorkbookRefused(
            f"This workbook belongs to another system: {said.get(Identity.SYSTEM, '')} "
            f"({said.get(Identity.ODS_CODE, '')}). This assessment is the one of {state.organisation_name} "
            f"({state.ods_code}). Nothing has been changed."
        )
    if said.get(Identity.DIGEST) != content.instrument.digest:
        raise WorkbookRefused(
            f"This workbook has other questions: {said.get(Identity.KEY, '')} version "
            f"{said.get(Identity.QUESTIONNAIRE_VERSION, '')}. This assessment answers {questionnaire.key} "
            f"version {questionnaire.version}. {ASK_AGAIN}"
        )
