"""Where in a questionnaire's workbook a problem of its document is."""

import re
from dataclasses import replace

from surveys.questionnaires.problems import Problem
from surveys.questionnaires.shape import dotted
from surveys.questionnaires.workbook.assembly import Assembly, Path
from surveys.questionnaires.workbook.layout import LAYOUT_OF, SheetName, in_words
from surveys.questionnaires.workbook.rows import GivenRow, Place

_ENTRIES = {"level": SheetName.LEVELS, "option": SheetName.OPTIONS, "part": SheetName.PARTS}
"""What a problem of a question may begin with, and where that stands."""
_WORD = re.compile(r"[\w.-]*\w")


def located(problem: Problem, assembly: Assembly) -> Problem:
    """Return a problem of the document with where it is in the workbook, in the workbook's words."""
    if not problem.path:
        place = _place_by_code(problem, assembly)
        return replace(problem, place=str(place)) if place else problem
    near = next(
        (assembly.cells[path] for path in _upwards(problem.path) if path in assembly.cells),
        Place(SheetName.QUESTIONNAIRE),
    )
    last = next((str(step) for step in reversed(problem.path) if isinstance(step, str)), "")
    label = assembly.labels.get(problem.path, in_words(last))
    message = problem.message.replace(f"`{dotted(problem.path)}`", f"“{label}”")
    return replace(problem, place=str(near), message=message)


def _place_by_code(problem: Problem, assembly: Assembly) -> Place | None:
    """Return where something with a problem is: its row, or the cell that the problem names first."""
    subject = problem.message.split(" ", 1)[0].strip("`")
    if subject == "asked_if" and problem.code in assembly.conditions:
        return assembly.conditions[problem.code].place
    entry = _entry_named(problem, assembly)
    if entry is not None:
        return entry.place
    if problem.code not in assembly.rows:
        # Of what there is once, the code is the key in the document.
        return assembly.cells.get((problem.code, "first"))
    sheet, row = assembly.rows[problem.code]
    keys = {column.key.partition(".")[0]: column.key for column in reversed(LAYOUT_OF[sheet].columns)}
    return row.at(keys[subject]) if subject in keys else row.place


def _entry_named(problem: Problem, assembly: Assembly) -> GivenRow | None:
    """Return the level, option or part of a question that its problem begins with; the last one named."""
    nouns = [word.casefold().removesuffix("s") for word in problem.message.split()[:2]]
    sheet = next((_ENTRIES[noun] for noun in nouns if noun in _ENTRIES), None)
    if sheet is None:
        return None
    rows = [row for row in assembly.given.found[sheet] if row.values.get("in_question") == problem.code]
    known = [row for row in rows if _is_named(row, problem.message)]
    return next(reversed(known or rows), None)


def _is_named(row: GivenRow, message: str) -> bool:
    """Whether a message has the value or the code of an entry as a word, or quotes what it is called."""
    words = set(_WORD.findall(message))
    quoted = {repr(row.values.get(key)) for key in ("label", "name") if key in row.values}
    return bool(words & {str(row.values.get("value")), row.values.get("code")}) or any(
        called in message for called in quoted
    )


def _upwards(path: Path) -> list[Path]:
    return [path[:length] for length in range(len(path), 0, -1)]
