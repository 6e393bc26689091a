"""Putting the rows of a questionnaire's workbook together to a document."""

from dataclasses import dataclass, field, replace
from typing import Any

from surveys.questionnaires.schema import Comparator, Match
from surveys.questionnaires.workbook.layout import LAYOUT_OF, SheetName, in_words
from surveys.questionnaires.workbook.rows import GivenRow, GivenRows, Place

Path = tuple[str | int, ...]
Node = dict[str, Any]

_TOP: dict[SheetName, Path] = {
    SheetName.SCALE: ("scale", "levels"),
    SheetName.GROUPS: ("groups",),
    SheetName.THEMES: ("themes",),
    SheetName.LEAD_ROLES: ("lead_roles",),
    SheetName.DIMENSIONS: ("dimensions",),
    SheetName.CONTRADICTIONS: ("contradictions",),
    SheetName.COMPARISON: ("comparison", "questions"),
}
"""The sheets whose rows belong to the questionnaire itself, and where they go."""
_OF_A_QUESTION = {SheetName.LEVELS: "levels", SheetName.OPTIONS: "options", SheetName.PARTS: "parts"}
_WITH_OPTIONS = frozenset({Comparator.CHOSEN, Comparator.NOT_CHOSEN})


@dataclass
class Assembly:
    """Puts the rows together to a document and remembers where everything came from.

    `cells` and `labels` say where each path stands and what it is called there; `rows` are those of
    questions, dimensions and so on by their codes.
    """

    given: GivenRows
    content: Node = field(default_factory=dict)
    cells: dict[Path, Place] = field(default_factory=dict)
    labels: dict[Path, str] = field(default_factory=dict)
    rows: dict[str, tuple[SheetName, GivenRow]] = field(default_factory=dict)
    conditions: dict[str, GivenRow] = field(default_factory=dict)
    nodes: dict[tuple[SheetName, str], tuple[Node, Path]] = field(default_factory=dict)
    matches: dict[str, Match] = field(default_factory=dict)

    def assemble(self) -> None:
        """Make the document. What cannot be placed is put among the problems."""
        self._top()
        self._dimensions()
        self._conditions()
        self._tell_of_lone_matches()

    def _top(self) -> None:
        for row in self.given.found[SheetName.QUESTIONNAIRE]:
            self._fill(self.content, (), SheetName.QUESTIONNAIRE, row)
        for sheet, path in _TOP.items():
            for row in self.given.found[sheet]:
                *way, last = path
                node = self.content
                for step in way:
                    node = node.setdefault(str(step), {})
                self._add(node, tuple(way), str(last), sheet, row)
            self.cells.setdefault(path, Place(sheet))

    def _dimensions(self) -> None:
        for row in self.given.found[SheetName.SECTIONS]:
            dimension = self._owner(row, "in_dimension", SheetName.DIMENSIONS)
            if dimension is not None:
                self._add(*dimension, "sections", SheetName.SECTIONS, row)
        for row in self.given.found[SheetName.QUESTIONS]:
            self._question(row)
        for sheet, key in _OF_A_QUESTION.items():
            for row in self.given.found[sheet]:
                question = self._owner(row, "in_question", SheetName.QUESTIONS)
                if question is not None:
                    self._add(*question, key, sheet, row)

    def _fill(self, node: Node, path: Path, sheet: SheetName, row: GivenRow) -> None:
        """Put the cells of a row into a node that stands at `path`."""
        for column in LAYOUT_OF[sheet].columns:
            if column.belongs:
                continue
            at = (*path, *column.steps)
            self.labels[at] = column.heading
            self.cells[at] = row.at(column.key)
            if column.key in row.values:
                inner = node
                for step in column.steps[:-1]:
                    inner = inner.setdefault(step, {})
                inner[column.steps[-1]] = row.values[column.key]

    def _add(self, owner: Node, path: Path, key: str, sheet: SheetName, row: GivenRow) -> None:
        """Add a row to the list `key` of its owner, which stands at `path`."""
        entries = owner.setdefault(key, [])
        at = (*path, key, len(entries))
        entry: Node = {}
        self._fill(entry, at, sheet, row)
        entries.append(entry)
        self.cells.setdefault(at[:-1], row.place)
        self.cells[at] = row.place
        if sheet is SheetName.CONTRADICTIONS:
            self.labels[*at, Match.ALL.value] = str(SheetName.CONTRADICTING_ANSWERS)
        code = row.values.get("code")
        if code is not None:
            self.nodes.setdefault((sheet, code), (entry, at))
            if "in_question" not in row.cells:
                # Faults are told of questions more than of anything else that may share their code.
                known = self.rows.get(code)
                if known is None or (sheet is SheetName.QUESTIONS and known[0] is not sheet):
                    self.rows[code] = (sheet, row)

    def _owner(self, row: GivenRow, key: str, sheet: SheetName) -> tuple[Node, Path] | None:
        """Return what a row belongs to, with its path; None when it is not there, which is a problem."""
        code = row.values.get(key)
        found = self.nodes.get((sheet, code)) if code is not None else None
        if found is None:
            heading = in_words(key.removeprefix("in_"))
            wrong = "blank" if code is None else f"{code[:60]}, which is not there"
            mend = f"Give a code from the sheet “{sheet}”."
            self.given.problem(row.at(key), row.code, f"“{heading}” is {wrong}.", mend)
        return found

    def _question(self, row: GivenRow) -> None:
        dimension = self._owner(row, "in_dimension", SheetName.DIMENSIONS)
        if dimension is None:
            return
        owner = dimension
        if "in_section" in row.values:
            section = self._owner(row, "in_section", SheetName.SECTIONS)
            if section is None:
                return
            if section[1][: len(dimension[1])] != dimension[1]:
                message = f"“Section” is {row.values['in_section'][:60]}, which is in another dimension."
                mend = "Correct the section or the dimension."
                self.given.problem(row.at("in_section"), row.code, message, mend)
                return
            owner = section
        if "asked_if" in row.values:
            self.matches[row.code] = Match(row.values["asked_if"])
        values = {key: value for key, value in row.values.items() if key != "asked_if"}
        self._add(*owner, "questions", SheetName.QUESTIONS, replace(row, values=values))

    def _conditions(self) -> None:
        for row in self.given.found[SheetName.CONDITIONS]:
            question = self._owner(row, "in_question", SheetName.QUESTIONS)
            if question is not None and not self._is_half(row):
                node, path = question
                match = self.matches.get(row.code, Match.ALL).value
                self._compare(node.setdefault("asked_if", {}), (*path, "asked_if"), match, row)
                self.conditions.setdefault(row.code, row)
        for row in self.given.found[SheetName.CONTRADICTING_ANSWERS]:
            contradiction = self._owner(row, "in_contradiction", SheetName.CONTRADICTIONS)
            if contradiction is not None and not self._is_half(row):
                self._compare(*contradiction, Match.ALL.value, row)

    def _compare(self, owner: Node, path: Path, key: str, row: GivenRow) -> None:
        """Add a comparison to the list `key` of its owner, which stands at `path`."""
        conditions = owner.setdefault(key, [])
        at = (*path, key, len(conditions))
        comparison = row.values["comparison"]
        compared = "options" if "options" in row.values else "value"
        conditions.append({"question": row.values["question"], comparison: row.values[compared]})
        self.cells[at] = row.place
        for step, column in (("question", "question"), (comparison, compared)):
            self.cells[*at, step] = row.at(column)
            self.labels[*at, step] = LAYOUT_OF[SheetName.CONDITIONS].column(column).heading

    def _is_half(self, row: GivenRow) -> bool:
        """Whether a condition lacks something or has too much, which is a problem."""
        comparison = row.values.get("comparison")
        wanted, other = ("options", "value") if comparison in _WITH_OPTIONS else ("value", "options")
        layout = LAYOUT_OF[SheetName.CONDITIONS]
        before = len(self.given.problems)
        for key in ("question", "comparison", wanted):
            if key not in row.values and (comparison or key != wanted):
                message = f"“{layout.column(key).heading}” is blank."
                self.given.problem(row.at(key), row.code, message, layout.column(key).about)
        if comparison and other in row.values:
            message = f"“{layout.column(other).heading}” does not go with “{in_words(comparison)}”."
            self.given.problem(
                row.at(other), row.code, message, "Empty the cell, or choose another comparison."
            )
        return comparison is None or len(self.given.problems) > before

    def _tell_of_lone_matches(self) -> None:
        for row in self.given.found[SheetName.QUESTIONS]:
            node = self.nodes.get((SheetName.QUESTIONS, row.code))
            if row.code in self.matches and node and "asked_if" not in node[0]:
                message = "“Asked if” is filled in, but the question has no conditions."
                mend = f"Add rows on the sheet “{SheetName.CONDITIONS}”, or empty the cell."
                self.given.problem(row.at("asked_if"), row.code, message, mend)
