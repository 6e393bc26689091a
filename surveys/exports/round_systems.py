"""The columns with which every row about a system of a round begins: where it is from, and whose it is."""

from __future__ import annotations

import datetime
from typing import Protocol

from surveys.exports.csv_text import Cell

HEADER = ("round", "downloaded_at", "source", "synthetic", "ods_code", "system", "region", "status")


class _Round(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def synthetic(self) -> bool: ...


class _System(Protocol):
    @property
    def ods_code(self) -> str: ...
    @property
    def organisation_name(self) -> str: ...
    @property
    def region_name(self) -> str: ...
    @property
    def status_label(self) -> str: ...


def system_of_round(round_: _Round, system: _System, now: datetime.datetime, source: str) -> tuple[Cell, ...]:
    """Return the cells of HEADER. `source` says which service the file comes from."""
    return (
        round_.title,
        now,
        source,
        round_.synthetic,
        system.ods_code,
        system.organisation_name,
        system.region_name,
        system.status_label,
    )
