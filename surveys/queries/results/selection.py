"""What a reader asks to see of a release: a region, a dimension, an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from surveys.queries.results.systems import System, Systems, code_of_region

ALL_REGIONS = "All regions"

ROWS_A_PAGE: Final = 50
"""How many systems a table shows at once. A country of systems is one page; more are told to turn over."""

Line = TypeVar("Line")


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen: its code, as it stands in an address, and what people call it."""

    code: str
    name: str


@dataclass(frozen=True)
class Selection:
    """What was chosen, by code; empty for all regions, for the usual dimension and for the usual order."""

    region: str = ""
    dimension: str = ""
    order: str = ""
    descending: bool = False


EVERYTHING = Selection()


def region_code(system: System) -> str:
    """Return the code of a system's region, made of its name in the round: "north-west"."""
    return code_of_region(system.region_id, system.region_name)


def regions_of(systems: Systems) -> tuple[Choice, ...]:
    """Return the regions of the systems by name."""
    found = systems.regions.items()
    return tuple(Choice(code, name) for code, name in sorted(found, key=lambda item: item[1]))


@dataclass(frozen=True)
class Part(Generic[Line]):
    """The lines of one page of a table of `of` lines; `number` counts the `pages` from 1."""

    lines: tuple[Line, ...]
    number: int
    pages: int
    of: int

    @property
    def first(self) -> int:
        """The number of the first line, from 1."""
        return (self.number - 1) * ROWS_A_PAGE + 1

    @property
    def last(self) -> int:
        """The number of the last line."""
        return self.first + len(self.lines) - 1


def part_of(lines: Sequence[Line], number: str) -> Part[Line]:
    """Return page `number` of a table, as it stands in an address; the first for one that makes no sense, and
    the last for one beyond the end.
    """
    pages = max(1, -(-len(lines) // ROWS_A_PAGE))
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < len("1000000") else 1
    here = min(max(wanted, 1), pages)
    return Part(tuple(lines[(here - 1) * ROWS_A_PAGE : here * ROWS_A_PAGE]), here, pages, len(lines))
