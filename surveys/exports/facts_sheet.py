"""The first sheet of a workbook: what it is, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from xlsxwriter import Workbook

from surveys.exports.growing_sheet import GrowingSheet
from surveys.exports.workbook_styles import Styles
from surveys.exports.xlsx import A4, clipped
from surveys.queries.assessments import AssessmentState
from surveys.queries.instruments import Instrument
from surveys.questionnaires.worksheet import Identity

_WIDTHS: Final = (32, 76)
_DATA: Final = {
    True: "Synthetic: made for demonstration. It describes no real system.",
    False: "As answered in the service.",
}


class FactsSheet:
    """A locked sheet of two columns, a label and what it stands for, under headings."""

    def __init__(self, workbook: Workbook, name: str, looks: Styles) -> None:
        self._sheet = workbook.add_worksheet(name, GrowingSheet)
        self._looks = looks
        self._row = 0
        for column, width in enumerate(_WIDTHS):
            self._sheet.set_column(column, column, width)
        self._sheet.protect("", {"format_columns": True, "format_rows": True})
        self._sheet.set_paper(A4)
        self._sheet.fit_to_pages(1, 0)

    def title(self, text: str) -> None:
        """Write the title of the workbook."""
        self._sheet.write_string(self._row, 0, text, self._looks.title)
        self._row += 1

    def heading(self, text: str) -> None:
        """Write a heading with some room above it."""
        self._row += 1
        for column in range(len(_WIDTHS)):
            self._sheet.write_string(self._row, column, "" if column else text, self._looks.section)
        self._row += 1

    def line(self, label: str, value: str) -> None:
        """Write one line. Both are text, whatever they look like."""
        self._sheet.write_string(self._row, 0, label, self._looks.question)
        self._sheet.write_string(self._row, 1, clipped(value), self._looks.how)
        self._sheet.grow(self._row, zip((label, value), _WIDTHS, strict=True))
        self._row += 1

    def lines(self, lines: Mapping[Identity, str]) -> None:
        """Write a line for each label."""
        for label, value in lines.items():
            self.line(label, value)


def assessment_facts(state: AssessmentState, instrument: Instrument) -> dict[Identity, str]:
    """Return, by label, which assessment of which questionnaire a workbook is of."""
    day = state.reference_date
    return {
        Identity.SYSTEM: state.organisation_name,
        Identity.ODS_CODE: state.ods_code,
        Identity.REGION: state.region_name,
        Identity.ROUND: state.round_title,
        Identity.REFERENCE_DATE: f"{day.day} {day:%B %Y}",
        Identity.QUESTIONNAIRE: instrument.content.title,
        Identity.KEY: instrument.content.key,
        Identity.QUESTIONNAIRE_VERSION: instrument.content.version,
        Identity.DIGEST: instrument.digest,
        Identity.ROUND_NUMBER: str(state.round_id),
        Identity.ASSESSMENT_NUMBER: str(state.id),
        Identity.DATA: _DATA[state.synthetic],
    }
