"""Any set of systems side by side on each dimension."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
from surveys.queries.results.released import Released, ReleaseHead, System
from surveys.queries.results.saved_groups import SavedGroup
from surveys.queries.results.selection import Choice, region_code
from surveys.wording import counted


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
    """The chosen `systems` by region and name, none when nothing was chosen, on every dimension."""

    released: Released
    axis: ScoreAxis
    systems: tuple[System, ...]
    lines: tuple[ComparedLine, ...]
    centre: System | None
    nearest: Nearest
    group: SavedGroup | None = None

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


def system_choices(released: Released) -> tuple[Choice, ...]:
    """Return the systems that can be chosen, by region and name."""
    return tuple(Choice(str(system.assessment_id), system.name) for system in released.systems)


def compare(person: AnyPerson, released: Released, chosen: Chosen) -> Comparison:
    """Return the chosen systems side by side: one query where nearness counts.

    Whoever chooses nothing and has a system of their own gets it with those nearest to it.
    """
    if chosen == Chosen(weights=chosen.weights):
        chosen = Chosen(near=min(own_systems(person, released), default=None), weights=chosen.weights)
    keys = {system.assessment_id: system for system in released.systems}
    centre = keys.get(chosen.near) if chosen.near is not None else None
    near = (
        nearest(released, centre.assessment_id, chosen.weights or EQUAL_WEIGHTS)
        if centre is not None
        else NONE_NEAR
    )
    systems = tuple(system for system in released.systems if _is_chosen(system, chosen, centre, near.keys))
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
    )


def _is_chosen(system: System, chosen: Chosen, centre: System | None, near: Collection[int]) -> bool:
    return (
        system.assessment_id in chosen.systems
        or system.assessment_id in near
        or system == centre
        or (chosen.group is not None and system.organisation_id in chosen.group.organisation_ids)
        or (bool(chosen.region) and region_code(system) == chosen.region)
    )
