"""What a file says about organisations, between the importer that reads it and the action that stores it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Figure:
    """A population: so many people in a year, by a Population.Measure, from a source."""

    measure: str
    year: int
    people: int
    source: str


@dataclass(frozen=True)
class State:
    """What holds of one organisation from the day `since`; blank or None says nothing.

    `ods_code` tells which one, or `kind` and `name` where there is no code. `parent` is an ODS code or a
    name. `closed_on` is its last day. `opens` True: it may be a new organisation.
    """

    row: int
    since: datetime.date
    ods_code: str = ""
    kind: str = ""
    name: str = ""
    official_name: str = ""
    ons_code: str = ""
    parent: str = ""
    opened_on: datetime.date | None = None
    closed_on: datetime.date | None = None
    populations: tuple[Figure, ...] = ()
    opens: bool = False


@dataclass(frozen=True)
class Step:
    """On `effective_on` the organisation `predecessor` passed, whole or in part, to `successor` (ODS codes).

    `kind` and `extent` are those of Succession. `share` of the predecessor's people is above 0 and at most 1.
    """

    row: int
    effective_on: datetime.date
    predecessor: str
    successor: str
    kind: str
    extent: str
    share: Decimal | None = None
    share_source: str = ""


@dataclass(frozen=True)
class Statements:
    """Everything that one file says; `source` is the file's name, for the audit trail."""

    source: str
    states: tuple[State, ...]
    steps: tuple[Step, ...] = ()
