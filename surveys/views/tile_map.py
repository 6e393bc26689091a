"""The map of tiles: each system's score on one dimension, roughly where the system is."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.queries.results.overview import Overview
from surveys.queries.results.sentences import named, names_of
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
    """The tiles as they are read, of the dimension called `name`; `unplaced` names who has no tile."""

    name: str
    tiles: tuple[Tile, ...]
    unplaced: str


def tile_map(page: Overview) -> TileMap | None:
    """Return the map of the region asked for; None where not all systems are seen or none has a place."""
    mapped = page.mapped
    if mapped is None:
        return None
    systems = page.released.systems.in_region(page.selection.region)
    place = page.measures.index(mapped.summary.name)
    found = placed(systems, positions())
    if not found:
        return None
    off_map = systems.without(each.system.assessment_id for each in found)
    return TileMap(
        name=mapped.name,
        tiles=tuple(
            Tile(
                each.position.label,
                each.system.name,
                each.position.column,
                each.position.row,
                heat_cell(page, line, page.measures[place], line.scores[place]),
            )
            for each in found
            for line in (page.line(each.system),)
        ),
        unplaced=named(names_of(off_map.by_name())) if off_map else "",
    )
