"""What a reader asks to see of a release: a region, a dimension, an order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import slugify

from surveys.queries.results.released import System

ALL_REGIONS = "All regions"


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
    return slugify(system.region_name) or str(system.region_id)


def regions_of(systems: Iterable[System]) -> tuple[Choice, ...]:
    """Return the regions of the systems by name."""
    found = {region_code(system): system.region_name for system in systems}
    return tuple(Choice(code, name) for code, name in sorted(found.items(), key=lambda item: item[1]))


def in_region(system: System, selection: Selection) -> bool:
    """Return whether the system is in the region that was chosen, or none was."""
    return selection.region in {"", region_code(system)}
