"""A questionnaire as rows for the sheets of its workbook."""

from collections.abc import Iterator, Mapping
from typing import Any

from surveys.questionnaires.digest import to_document
from surveys.questionnaires.schema import Questionnaire
from surveys.questionnaires.workbook.layout import LAYOUT_OF, NO, YES, Column, Entry, SheetName, in_words

CellValue = str | int | float
"""What is written to a cell: text or a number."""
TableRow = Mapping[str, CellValue]
"""What stands in a row by the keys of its columns; a blank cell is left out."""

_LISTS: Mapping[SheetName, str] = {
    SheetName.GROUPS: "groups",
    SheetName.THEMES: "themes",
    SheetName.LEAD_ROLES: "lead_roles",
}
_OF_A_QUESTION: Mapping[SheetName, str] = {
    SheetName.LEVELS: "levels",
    SheetName.OPTIONS: "options",
    SheetName.PARTS: "parts",
}


def tables_of(questionnaire: Questionnaire) -> Mapping[SheetName, tuple[TableRow, ...]]:
    """Return the rows of every sheet in order; the first sheet has one.

    Raises ValueError for a number that no file could hold (see `document.is_exact`).
    """
    rows: dict[SheetName, list[TableRow]] = {sheet: [] for sheet in SheetName}
    for sheet, entry in _entries(to_document(questionnaire)):
        rows[sheet].append(_row(sheet, entry))
    return {sheet: tuple(found) for sheet, found in rows.items()}


def _entries(document: dict[str, Any]) -> Iterator[tuple[SheetName, dict[str, Any]]]:
    """Yield everything that has a row, with the sheet it stands on."""
    yield SheetName.QUESTIONNAIRE, document
    for level in document.get("scale", {}).get("levels", ()):
        yield SheetName.SCALE, level
    for sheet, key in _LISTS.items():
        for entry in document.get(key, ()):
            yield sheet, entry
    for dimension in document["dimensions"]:
        yield from _dimension(dimension)
    for contradiction in document.get("contradictions", ()):
        yield SheetName.CONTRADICTIONS, contradiction
        belongs = {"in_contradiction": contradiction["code"]}
        for condition in contradiction["all"]:
            yield SheetName.CONTRADICTING_ANSWERS, {**belongs, **_compared(condition)}
    for line in document.get("comparison", {}).get("questions", ()):
        yield SheetName.COMPARISON, line


def _dimension(dimension: dict[str, Any]) -> Iterator[tuple[SheetName, dict[str, Any]]]:
    yield SheetName.DIMENSIONS, dimension
    for section in dimension.get("sections", ()):
        yield SheetName.SECTIONS, {**section, "in_dimension": dimension["code"]}
    for part in dimension.get("sections", [dimension]):
        section_code = None if part is dimension else part["code"]
        for question in part["questions"]:
            yield from _question({**question, "in_dimension": dimension["code"], "in_section": section_code})


def _question(question: dict[str, Any]) -> Iterator[tuple[SheetName, dict[str, Any]]]:
    match, conditions = next(iter(question.get("asked_if", {}).items()), (None, ()))
    yield SheetName.QUESTIONS, {**question, "asked_if": match}
    belongs = {"in_question": question["code"]}
    for sheet, key in _OF_A_QUESTION.items():
        for entry in question.get(key, ()):
            yield sheet, {**entry, **belongs}
    for condition in conditions:
        yield SheetName.CONDITIONS, {**belongs, **_compared(condition)}


def _compared(condition: dict[str, Any]) -> dict[str, Any]:
    """Return a comparison with an answer by the keys of its columns."""
    (comparison, compared) = next(each for each in condition.items() if each[0] != "question")
    column = "options" if isinstance(compared, list) else "value"
    return {"question": condition["question"], "comparison": comparison, column: compared}


def _row(sheet: SheetName, entry: dict[str, Any]) -> TableRow:
    found = {column.key: _at(entry, column) for column in LAYOUT_OF[sheet].columns}
    return {
        column.key: _cell(column, found[column.key])
        for column in LAYOUT_OF[sheet].columns
        if found[column.key] is not None
    }


def _at(entry: dict[str, Any], column: Column) -> Any:
    node: Any = entry
    for step in column.steps:
        node = node.get(step) if node is not None else None
    return node


def _cell(column: Column, value: Any) -> CellValue:
    match column.entry:
        case Entry.YES_OR_NO:
            return YES if value else NO
        case Entry.CHOICE:
            return in_words(value)
        case Entry.CODES | Entry.WHOLE_NUMBERS:
            return ", ".join(str(each) for each in value)
        case _:
            cell: CellValue = value
            return cell
