"""The systems of a release with their scores, held in columns so that many thousands fit in a process.

What is worked out from all of them, such as how they spread on a dimension, is kept with them, because what a
release holds never changes. A system by itself is put together when it is asked for.
"""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from threading import RLock
from typing import Any, Final, TypeVar, overload

from django.utils.text import slugify

from surveys.analysis.scores import SCORE_PLACES, Score
from surveys.analysis.variation import Spread, spread
from surveys.queries.deadlines import day_in_words

NOTHING_TO_SCORE = Score(None, answered=0, of=0)
"""The score of a system that was asked no scored question."""

MANY: Final = 150
"""More systems than these are not drawn one by one, nor offered in one list to choose from."""

NO_VALUE: Final = -(2**63)
"""Stands in a column for a score without a value."""

Kept = TypeVar("Kept")
Line = TypeVar("Line")


@dataclass(frozen=True)
class Signature:
    """Who signed the submission that a system's results were made from."""

    submission: int
    name: str
    job_title: str
    signed_at: datetime.datetime

    @property
    def signed_on(self) -> str:
        """The day of signing."""
        return day_in_words(self.signed_at)


@dataclass(frozen=True)
class System:
    """One system of the round as it was called then. `signature` None: it did not respond."""

    assessment_id: int
    organisation_id: int
    name: str
    ods_code: str
    region_id: int
    region_name: str
    signature: Signature | None
    scores: Callable[[str, str], Score] = field(compare=False, repr=False)

    @property
    def responded(self) -> bool:
        """Whether the release has results of the system."""
        return self.signature is not None

    def score(self, measure: str, code: str = "") -> Score | None:
        """Return a score, one without a value when nothing was there to score, None without a response."""
        return self.scores(str(measure), code) if self.responded else None


class ScoreColumn:
    """One score of every system by place. Values are whole numbers of the last place that a score has."""

    def __init__(self, size: int) -> None:
        self.values = array("q", [NO_VALUE]) * size
        self.answered = array("H", [0]) * size
        self.asked = array("H", [0]) * size
        self.not_applicable = array("H", [0]) * size
        self.withheld = bytearray(size)
        self.points: dict[int, tuple[int, int]] = {}

    def put(self, place: int, value: int | None, counts: Sequence[int], *, withheld: bool) -> None:
        """Write the score at a place; `counts` are answered, asked and not applicable."""
        self.values[place] = NO_VALUE if value is None else value
        self.answered[place], self.asked[place], self.not_applicable[place] = counts
        self.withheld[place] = withheld

    def score(self, place: int) -> Score:
        """Return the score at a place."""
        points, possible = self.points.get(place, (NO_VALUE, NO_VALUE))
        return Score(
            value=as_decimal(self.values[place]),
            answered=self.answered[place],
            of=self.asked[place],
            not_applicable=self.not_applicable[place],
            withheld=bool(self.withheld[place]),
            points=as_decimal(points),
            possible=as_decimal(possible),
        )


@dataclass(frozen=True)
class Columns:
    """All systems of a release by region and name: a place in one list is the same system's in the others."""

    assessments: array[int]
    organisations: array[int]
    names: Sequence[str]
    codes: Sequence[str]
    regions: Sequence[tuple[int, str]]
    signatures: Sequence[tuple[int, str, str, datetime.datetime] | None]
    scores: Mapping[tuple[str, str], ScoreColumn]
    places: Mapping[int, int]

    def system(self, place: int) -> System:
        """Return the system at a place."""
        signature = self.signatures[place]
        region_id, region_name = self.regions[place]
        return System(
            assessment_id=self.assessments[place],
            organisation_id=self.organisations[place],
            name=self.names[place],
            ods_code=self.codes[place],
            region_id=region_id,
            region_name=region_name,
            signature=None if signature is None else Signature(*signature),
            scores=lambda measure, code: self.score(place, measure, code),
        )

    def score(self, place: int, measure: str, code: str) -> Score:
        """Return a score of the system at a place."""
        column = self.scores.get((measure, code))
        return NOTHING_TO_SCORE if column is None else column.score(place)


class Systems(Sequence[System]):
    """Systems in an order, with what was worked out from them."""

    def __init__(self, columns: Columns, places: Sequence[int]) -> None:
        self.columns = columns
        self.places = places
        self._kept: dict[Hashable, Any] = {}
        self._lock = RLock()

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, key: int) -> System: ...
    @overload
    def __getitem__(self, key: slice) -> Systems: ...
    def __getitem__(self, key: int | slice) -> System | Systems:
        if isinstance(key, slice):
            return Systems(self.columns, self.places[key])
        return self.columns.system(self.places[key])

    def __iter__(self) -> Iterator[System]:
        return map(self.columns.system, self.places)

    def kept(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return what `make` returned the first time that it was asked for by this key."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = make()
            found: Kept = self._kept[key]
        return found

    @property
    def many(self) -> bool:
        """Whether there are too many to draw one by one."""
        return len(self) > MANY

    def find(self, assessment_id: int) -> System | None:
        """Return the system of an assessment; None when it is not among these."""
        place = self.columns.places.get(assessment_id)
        if place is None or place not in self._own_places:
            return None
        return self.columns.system(place)

    @property
    def _own_places(self) -> Sequence[int] | frozenset[int]:
        if isinstance(self.places, range):
            return self.places
        return self.kept("own places", lambda: frozenset(self.places))

    def where(self, holds: Callable[[int], bool]) -> Systems:
        """Return the systems at whose places something holds, in the same order."""
        return Systems(self.columns, array("l", filter(holds, self.places)))

    @property
    def responded(self) -> Systems:
        """Those that have results."""
        signatures = self.columns.signatures
        return self.kept("responded", lambda: self.where(lambda place: signatures[place] is not None))

    @property
    def absent(self) -> Systems:
        """Those that did not respond."""
        signatures = self.columns.signatures
        return self.kept("absent", lambda: self.where(lambda place: signatures[place] is None))

    @property
    def regions(self) -> Mapping[str, str]:
        """The names of the regions by their codes."""

        def found() -> dict[str, str]:
            regions = {self.columns.regions[place] for place in self.places}
            return {code_of_region(key, name): name for key, name in regions}

        return self.kept("regions", found)

    def in_region(self, code: str) -> Systems:
        """Return the systems of a region by its code; all of them for an empty one."""
        if not code:
            return self

        def found() -> Systems:
            wanted = {region for region in {*self.columns.regions} if code_of_region(*region) == code}
            return self.where(lambda place: self.columns.regions[place] in wanted)

        return self.kept(("region", code), found) if code in self.regions else self.where(lambda _: False)

    def coded(self, codes: Iterable[str]) -> Systems:
        """Return the systems with one of these ODS codes."""
        wanted = frozenset(codes)
        return self.kept(
            ("codes", wanted), lambda: self.where(lambda place: self.columns.codes[place] in wanted)
        )

    def without(self, assessment_ids: Iterable[int]) -> Systems:
        """Return the systems but for those of these assessments."""
        left_out = frozenset(assessment_ids)
        return self.kept(
            ("without", left_out),
            lambda: self.where(lambda place: self.columns.assessments[place] not in left_out),
        )

    def only(self, assessment_ids: Iterable[int]) -> Systems:
        """Return the systems of these assessments, in the order of all."""
        places = (self.columns.places[key] for key in assessment_ids if self.find(key) is not None)
        return Systems(self.columns, sorted(places))

    def of_organisations(self, organisation_ids: Iterable[int]) -> Systems:
        """Return the systems that are one of these organisations."""
        wanted = frozenset(organisation_ids)
        places = self.kept("organisations", self._places_by_organisation)
        return Systems(self.columns, sorted(places[key] for key in wanted if key in places))

    def place_of(self, organisation_id: int) -> int | None:
        """Return the place of the system that is this organisation; None for none."""
        return self.kept("organisations", self._places_by_organisation).get(organisation_id)

    def _places_by_organisation(self) -> dict[int, int]:
        return {self.columns.organisations[place]: place for place in self.places}

    def values(self, measure: str, code: str) -> tuple[Decimal, ...]:
        """Return the scores that there are on a measure, in the order of the systems."""
        column = self.columns.scores.get((str(measure), code))
        if column is None:
            return ()
        found = (column.values[place] for place in self.responded.places)
        return tuple(Decimal(value).scaleb(-SCORE_PLACES) for value in found if value != NO_VALUE)

    def spread(self, measure: str, code: str) -> Spread | None:
        """Return how the scores on a measure spread."""
        return self.kept(
            ("spread", str(measure), code), lambda: spread(self.values(measure, code), len(self))
        )

    def withheld(self, measure: str, code: str) -> Systems:
        """Return the systems whose score on a measure is withheld."""
        column = self.columns.scores.get((str(measure), code))
        return self.kept(
            ("withheld", str(measure), code),
            lambda: self.responded.where(lambda place: column is not None and bool(column.withheld[place])),
        )

    def ordered(self, name: Hashable, figure: Callable[[int], Any], *, descending: bool = False) -> Systems:
        """Return the systems ordered by a figure of each place; those without one, None, come last.

        `name` is what the order is kept by. Equal ones stay in the order that they are in, either way.
        """

        def places() -> array[int]:
            figures = {place: found for place in self.places if (found := figure(place)) is not None}
            known = sorted(figures, key=figures.__getitem__, reverse=descending)
            return array("l", [*known, *(place for place in self.places if place not in figures)])

        return self.kept(("ordered", name, descending), lambda: Systems(self.columns, places()))

    def by_region(self, *, descending: bool = False) -> Systems:
        """Return the systems by region, then name."""
        columns = self.columns
        return self.ordered(
            "region",
            lambda place: (columns.regions[place][1].casefold(), columns.names[place].casefold()),
            descending=descending,
        )

    def by_name(self, *, descending: bool = False) -> Systems:
        """Return the systems by name."""
        names = self.columns.names
        return self.ordered("name", lambda place: names[place].casefold(), descending=descending)

    def by_score(self, measure: str, code: str, *, descending: bool = False) -> Systems:
        """Return the systems by their score on a measure."""
        return self.ordered(
            ("score", str(measure), code),
            lambda place: self.value(place, measure, code),
            descending=descending,
        )

    def value(self, place: int, measure: str, code: str) -> int | None:
        """Return the value of the score of the system at a place, in the unit of its last place."""
        column = self.columns.scores.get((str(measure), code))
        if column is None or self.columns.signatures[place] is None or column.values[place] == NO_VALUE:
            return None
        return column.values[place]


class Lines(Sequence[Line]):
    """Lines of a table that are made when they are looked at, some systems at a time."""

    AT_ONCE = 500

    def __init__(self, systems: Sequence[System], make: Callable[[Sequence[System]], Iterable[Line]]) -> None:
        self._systems = systems
        self._make = make

    def __len__(self) -> int:
        return len(self._systems)

    @overload
    def __getitem__(self, key: int) -> Line: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Line, ...]: ...
    def __getitem__(self, key: int | slice) -> Line | tuple[Line, ...]:
        if isinstance(key, slice):
            return tuple(self._make(self._systems[key]))
        (line,) = self._make((self._systems[key],))
        return line

    def __iter__(self) -> Iterator[Line]:
        for first in range(0, len(self), self.AT_ONCE):
            yield from self[first : first + self.AT_ONCE]


def as_decimal(value: int) -> Decimal | None:
    """Return a value of a column as a score has it; None for NO_VALUE."""
    return None if value == NO_VALUE else Decimal(value).scaleb(-SCORE_PLACES)


def code_of_region(region_id: int, name: str) -> str:
    """Return the code of a region, made of its name in the round: "north-west"."""
    return slugify(name) or str(region_id)
