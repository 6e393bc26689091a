"""Any set of systems side by side on each dimension."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from surveys.analysis.scores import Score
from surveys.charts.axis import ScoreAxis
from surveys.charts.compared_systems import ComparedRow, ComparedSystems
from surveys.permissions import AnyPerson
from surveys.queries.results.measures import (
    Kind,
    MeasureName,
    Summary,
    axis_of,
    combined_measures,
    dimension_measure,
    is_scored,
    summarise,
)
from surveys.queries.results.nearest import EQUAL_WEIGHTS, NONE_NEAR, Nearest, nearest
from surveys.queries.results.own import own_systems
from surveys.queries.results.released import Released, ReleaseHead
from surveys.queries.results.saved_groups import SavedGroup
from surveys.queries.results.selection import Choice
from surveys.queries.results.systems import System, Systems
from surveys.wording import counted

LONGEST_KEY = 18
"""So many digits are more than any key of the database has."""

SIDE_BY_SIDE = 50
"""The most systems that are compared at once."""


@dataclass(frozen=True)
class Chosen:
    """What to put side by side: systems by key, a group, all of a region, and one with those nearest to it.

    Everything that is chosen counts. `weights` of the variables behind nearness, by code.
    """

    systems: frozenset[int] = frozenset()
    region: str = ""
    near: int | None = None
    group: SavedGroup | None = None
    weights: Mapping[str, float] | None = None


@dataclass(frozen=True)
class ComparedLine:
    """One measure: the scores of the chosen systems, in their order, and how all systems spread."""

    name: MeasureName
    axis: ScoreAxis
    scores: tuple[Score | None, ...]
    national: Summary | None

    @property
    def values(self) -> tuple[Decimal, ...]:
        """The scores that there are."""
        return tuple(score.value for score in self.scores if score is not None and score.value is not None)

    @property
    def apart(self) -> Decimal:
        """How far apart the chosen systems lie; 0 for fewer than two scores."""
        return max(self.values) - min(self.values) if len(self.values) > 1 else Decimal(0)


@dataclass(frozen=True)
class Comparison:
    """The chosen `systems` by region and name, none when nothing was chosen, on every dimension.

    `left_out` counts those that were chosen beyond as many as can be compared.
    """

    released: Released
    axis: ScoreAxis
    systems: tuple[System, ...]
    lines: tuple[ComparedLine, ...]
    centre: System | None
    nearest: Nearest
    group: SavedGroup | None = None
    left_out: int = 0

    @property
    def head(self) -> ReleaseHead:
        """The release."""
        return self.released.head

    @property
    def title(self) -> str:
        """What the view finds, in one line."""
        if not self.systems:
            return "Choose systems to compare"
        many = counted(len(self.systems), "system")
        widest = max(self.lines, key=lambda line: line.apart, default=None)
        if widest is None or not widest.apart:
            return f"{many} side by side"
        low, high = (self.axis.write(each) for each in (min(widest.values), max(widest.values)))
        return f"{many} side by side: furthest apart on “{widest.name.name}”, from {low} to {high}"

    @property
    def left_out_sentence(self) -> str:
        """How many of the chosen systems are not compared; empty for none."""
        if not self.left_out:
            return ""
        return (
            f"You chose {len(self.systems) + self.left_out:,} systems. The first {len(self.systems)}, "
            "by region and name, are compared; choose fewer to see others."
        )

    @property
    def group_sentence(self) -> str:
        """Whose group it is, and how many of its systems are shown; empty where none was chosen."""
        if self.group is None:
            return ""
        here = sum(system.organisation_id in self.group.organisation_ids for system in self.systems)
        of = counted(len(self.group.organisation_ids), "system")
        return f"{here} of {of} of the group “{self.group.name}” of {self.group.owner} are shown."

    @cached_property
    def chart(self) -> ComparedSystems:
        """The chosen systems on each dimension, as chart and table take them."""
        responded = sum(system.responded for system in self.systems)
        chosen = counted(len(self.systems), "chosen system")
        return ComparedSystems(
            title=self.title,
            subtitle=f"{responded} of {chosen} submitted. {self.head.source}",
            axis=self.axis,
            systems=tuple(system.name for system in self.systems),
            rows=tuple(
                ComparedRow(line.name.name, line.national.spread if line.national else None, line.scores)
                for line in self.lines
            ),
        )


def system_choices(released: Released, chosen: Iterable[str]) -> tuple[Choice, ...]:
    """Return the systems that can be chosen, by region and name.

    Where there are too many for a list, those that are `chosen` already, by their codes as in an address.
    """
    systems = released.systems
    if systems.many:
        systems = systems.only(int(code) for code in chosen if is_key(code))
    return tuple(Choice(str(system.assessment_id), system.name) for system in systems)


def is_key(code: str) -> bool:
    """Return whether something in an address can be the key of an assessment."""
    return code.isascii() and code.isdigit() and len(code) <= LONGEST_KEY


def systems_called(released: Released, words: str) -> Systems:
    """Return the systems with these words in their name, or with this ODS code; none for no words."""
    wanted = words.strip().casefold()
    columns = released.systems.columns
    return released.systems.where(
        lambda place: (
            bool(wanted)
            and (wanted in columns.names[place].casefold() or wanted == columns.codes[place].casefold())
        )
    )


def compare(person: AnyPerson, released: Released, chosen: Chosen) -> Comparison:
    """Return the chosen systems side by side: one query where nearness counts.

    Whoever chooses nothing and has a system of their own gets it with those nearest to it.
    """
    if chosen == Chosen(weights=chosen.weights):
        chosen = Chosen(near=min(own_systems(person, released), default=None), weights=chosen.weights)
    centre = released.systems.find(chosen.near) if chosen.near is not None else None
    near = (
        nearest(released, centre.assessment_id, chosen.weights or EQUAL_WEIGHTS)
        if centre is not None
        else NONE_NEAR
    )
    every = _chosen(released.systems, chosen, centre, near)
    systems = tuple(every[:SIDE_BY_SIDE])
    content = released.instrument.content
    axis = axis_of(content)
    names = [dimension_measure(each) for each in content.dimensions if is_scored(each)]
    names += [name for name in combined_measures(content) if name.measure in {Kind.OVERALL, Kind.GROUP}]
    return Comparison(
        released=released,
        axis=axis,
        systems=systems,
        lines=tuple(
            ComparedLine(
                name,
                axis,
                tuple(system.score(name.measure, name.code) for system in systems),
                summarise(name, axis, released.systems) if released.whole else None,
            )
            for name in names
        ),
        centre=centre,
        nearest=near,
        group=chosen.group,
        left_out=len(every) - len(systems),
    )


def _chosen(systems: Systems, chosen: Chosen, centre: System | None, near: Nearest) -> Systems:
    """Return the systems that are chosen in any way, in the order of all."""
    keys = {*chosen.systems, *near.keys, *([centre.assessment_id] if centre is not None else [])}
    found = {*systems.only(keys).places}
    if chosen.group is not None:
        found |= {*systems.of_organisations(chosen.group.organisation_ids).places}
    if chosen.region:
        found |= {*systems.in_region(chosen.region).places}
    return Systems(systems.columns, sorted(found))
