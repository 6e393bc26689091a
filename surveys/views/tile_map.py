"""The map of tiles: each system's score on one dimension, roughly where the system is."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.queries.results.overview import Overview
from surveys.queries.results.tiles import placed, positions
from surveys.views.heat_table import HeatCell, heat_cell


@dataclass(frozen=True)
class Tile:
    """One system: the letters on its tile, where it stands, and its score."""

    label: str
    name: str
    column: int
    row: int
    cell: HeatCell


@dataclass(frozen=True)
class TileMap:
    """The tiles as they are read, of the dimension called `name`; `unplaced` have no tile, by name."""

    name: str
    tiles: tuple[Tile, ...]
    unplaced: tuple[str, ...]


def tile_map(page: Overview) -> TileMap | None:
    """Return the map of the region asked for; None where not all systems are seen or none has a place."""
    mapped = page.mapped
    if mapped is None:
        return None
    lines = {line.system.assessment_id: line for line in page.systems}
    place = page.measures.index(mapped.summary.name)
    found = placed([line.system for line in page.systems], positions())
    if not found:
        return None
    on_map = {each.system.assessment_id for each in found}
    return TileMap(
        name=mapped.name,
        tiles=tuple(
            Tile(
                each.position.label,
                each.system.name,
                each.position.column,
                each.position.row,
                heat_cell(
                    page,
                    lines[each.system.assessment_id],
                    page.measures[place],
                    lines[each.system.assessment_id].scores[place],
                ),
            )
            for each in found
        ),
        unplaced=tuple(
            sorted(line.system.name for line in page.systems if line.system.assessment_id not in on_map)
        ),
    )
