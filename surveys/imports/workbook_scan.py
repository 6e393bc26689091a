"""Measuring the parts of a workbook before anything reads them: how many cells, how far out, how long."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW: Final = re.compile(r"[1-9][0-9]{0,6}")
_SHARED_TEXT: Final = "s"
_ERROR: Final = "e"

Address = tuple[int, int]
"""A cell by its row and column, both from 0."""


class UnreadablePartError(Exception):
    """A part is not the XML that a workbook is made of."""


@dataclass
class Scan:
    """What the parts of a workbook hold, added up part by part.

    `cells` counts the cells that hold anything, and `extents` says, by part, how many rows and columns reach
    to the outermost of them. `faults` says, by part, which cells hold an error value such as #N/A, or "" for
    a formula without a value.
    """

    cells: int = 0
    extents: dict[str, tuple[int, int]] = field(default_factory=dict)
    faults: dict[str, dict[Address, str]] = field(default_factory=dict)
    sheet_keys: list[tuple[str, str]] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    own_text: int = 0
    shared_texts: list[int] = field(default_factory=list)
    uses: Counter[int] = field(default_factory=Counter)

    @property
    def area(self) -> int:
        """Cells of all sheets together, with the blank ones in between."""
        return sum(rows * columns for rows, columns in self.extents.values())

    @property
    def text(self) -> int:
        """Characters in all cells together, when every cell has its own copy of its text."""
        known = len(self.shared_texts)
        return self.own_text + sum(
            self.shared_texts[place] * uses for place, uses in self.uses.items() if place < known
        )

    def faults_by_sheet(self) -> Mapping[str, Mapping[Address, str]]:
        """Return the faults by the name of the sheet."""
        return {name: self.faults.get(self.targets.get(key, ""), {}) for name, key in self.sheet_keys}

    def add(self, part: str, xml: bytes) -> None:
        """Measure one part, called by its path in the package. Raises UnreadablePartError."""
        _PartScan(self, part).parse(xml)


class _PartScan:
    """Walks through one part. Where a cell or a row gives no address, it follows the one before."""

    def __init__(self, scan: Scan, part: str) -> None:
        self._scan = scan
        self._part = part
        self._faults = scan.faults.setdefault(part, {})
        self._row = -1
        self._column = -1
        self._kind = ""
        self._in_cell = False
        self._unworked = False
        self._value = ""
        self._shared_length = 0
        self._text: list[str] | None = None

    def parse(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(xml, True)  # noqa: FBT003 - the C function takes no keywords
        except (expat.ExpatError, ValueError) as error:
            raise UnreadablePartError(str(error)) from error

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.upper() != "UTF-8":
            raise UnreadablePartError(f"it is in {encoding}")

    def _doctype(self, *_names: object) -> None:
        raise UnreadablePartError("it defines names of its own")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._row = self._row_of(attributes.get("r"))
                self._column = -1
            case "c":
                self._row, self._column = self._address_of(attributes.get("r"))
                self._kind = attributes.get("t", "n")
                self._in_cell, self._unworked, self._value = True, False, ""
            case "f":
                self._unworked = True
            case "v" | "t":
                self._text = []
                self._unworked = False
            case "si":
                self._shared_length = 0
            case "sheet":
                key = next((value for label, value in attributes.items() if label.endswith(":id")), "")
                self._scan.sheet_keys.append((attributes.get("name", ""), key))
            case "Relationship" if self._part.lower() == "xl/_rels/workbook.xml.rels":
                target = attributes.get("Target", "")
                path = target[1:] if target.startswith("/") else f"xl/{target}"
                self._scan.targets[attributes.get("Id", "")] = path

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v" | "t":
                text = "".join(self._text or ())
                self._text = None
                if self._in_cell:
                    self._value += text
                else:
                    self._shared_length += len(text)
            case "c":
                self._cell()
                self._in_cell = False
            case "si":
                self._scan.shared_texts.append(self._shared_length)

    def _cell(self) -> None:
        address = (self._row, self._column)
        if not self._value:
            if self._unworked:
                self._faults[address] = ""
            return
        scan = self._scan
        scan.cells += 1
        rows, columns = scan.extents.get(self._part, (0, 0))
        scan.extents[self._part] = (max(rows, self._row + 1), max(columns, self._column + 1))
        if self._kind == _SHARED_TEXT:
            scan.uses[self._place()] += 1
        elif self._kind == _ERROR:
            self._faults[address] = self._value[:20]
        else:
            scan.own_text += len(self._value)

    def _place(self) -> int:
        if not re.fullmatch(r"\s*[0-9]{1,7}\s*", self._value):
            raise UnreadablePartError("a cell refers to a text that cannot be")
        return int(self._value)

    def _row_of(self, given: str | None) -> int:
        if given is None:
            return self._row + 1
        if not _ROW.fullmatch(given):
            raise UnreadablePartError("a row has no number")
        return int(given) - 1

    def _address_of(self, given: str | None) -> Address:
        if given is None:
            return self._row, self._column + 1
        found = _ADDRESS.fullmatch(given)
        if found is None:
            raise UnreadablePartError("a cell has no address")
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        return int(found[2]) - 1, column - 1
