"""The tile map: a square of the same size for each system, roughly where the system is."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from surveys.queries.results.systems import System, Systems

POSITIONS = Path("reference") / "organisations" / "tiles.csv"


@dataclass(frozen=True)
class Position:
    """Where a system stands, counted from 1 at the top left, and the few letters written on its tile."""

    label: str
    column: int
    row: int


@dataclass(frozen=True)
class Placed:
    """A system on the map."""

    system: System
    position: Position


@lru_cache(maxsize=1)
def positions() -> Mapping[str, Position]:
    """Return the positions by ODS code, from the file beside the organisations."""
    with (settings.BASE_DIR / POSITIONS).open(encoding="utf-8", newline="") as file:
        return {
            row["ods_code"]: Position(row["label"], int(row["column"]), int(row["row"]))
            for row in csv.DictReader(file)
        }


def placed(systems: Systems, where: Mapping[str, Position]) -> tuple[Placed, ...]:
    """Return the systems that have a position as they are read: line by line, from left to right."""
    found = [Placed(each, where[each.ods_code]) for each in systems.coded(where)]
    return tuple(sorted(found, key=lambda each: (each.position.row, each.position.column)))
