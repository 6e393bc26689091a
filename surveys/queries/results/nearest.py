"""The systems most like one system, by the published method on the populations that are held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from surveys.analysis.peers import closest_peers
from surveys.models import Population
from surveys.queries.results.released import Released, System

EQUAL_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {measure.value: 1.0 for measure in Population.Measure}
)


@dataclass(frozen=True)
class Held:
    """A variable with its label and the years that its values are of."""

    code: str
    label: str
    years: str


@dataclass(frozen=True)
class NearSystem:
    """A system with its distance. `shares`: what each variable makes up of its square, 0 to 1."""

    system: System
    distance: float
    shares: tuple[tuple[str, float], ...]
    people: tuple[tuple[str, int], ...]

    @property
    def distance_shown(self) -> str:
        """The distance at two decimal places."""
        return f"{self.distance:.2f}"

    @property
    def made_of(self) -> str:
        """What the distance is made of, in whole percent."""
        if not self.distance:
            return "alike in every variable"
        return ", ".join(f"{label} {share:.0%}" for label, share in self.shares)


@dataclass(frozen=True)
class Nearest:
    """The systems nearest to one, closest first; none where no variable is held for every system."""

    peers: tuple[NearSystem, ...]
    variables: tuple[Held, ...]
    left_out: tuple[str, ...]

    @property
    def keys(self) -> frozenset[int]:
        """The assessment keys of the systems."""
        return frozenset(peer.system.assessment_id for peer in self.peers)


NONE_NEAR = Nearest((), (), ())


def nearest(released: Released, assessment_id: int, weights: Mapping[str, float] = EQUAL_WEIGHTS) -> Nearest:
    """Return the five systems of the round nearest to one: one query.

    The variables are the newest populations held for each system; `weights` by their codes, 0 or more.
    """
    systems = {str(system.assessment_id): system for system in released.systems}
    if len(systems) < 2:
        return NONE_NEAR
    values, years = newest_populations({system.organisation_id: key for key, system in systems.items()})
    found = closest_peers(str(assessment_id), values, weights)
    labels = dict(Population.Measure.choices)
    return Nearest(
        peers=tuple(
            NearSystem(
                system=systems[peer.key],
                distance=peer.distance,
                shares=tuple(
                    (labels[code].lower(), part / peer.distance**2 if peer.distance else 0.0)
                    for code, part in peer.parts
                ),
                people=tuple(
                    (labels[code], int(held)) for code in found.variables if (held := values[code][peer.key])
                ),
            )
            for peer in found.peers
        ),
        variables=tuple(Held(code, labels[code], years[code]) for code in found.variables),
        left_out=tuple(labels[code] for code in found.left_out),
    )


def newest_populations(
    keys: Mapping[int, str],
) -> tuple[dict[str, dict[str, float | None]], dict[str, str]]:
    """Return the newest value of each variable by system, None where none is held, and the years.

    `keys` are what systems are called by, by the key of their organisation. One query.
    """
    values: dict[str, dict[str, float | None]] = {
        measure.value: dict.fromkeys(keys.values()) for measure in Population.Measure
    }
    years: dict[str, set[int]] = {measure.value: set() for measure in Population.Measure}
    newest: dict[tuple[str, str], int] = {}
    rows = Population.objects.filter(organisation__in=list(keys)).order_by("year")
    for organisation_id, measure, year, people in rows.values_list(
        "organisation_id", "measure", "year", "people"
    ):
        values[measure][keys[organisation_id]] = float(people)
        newest[measure, keys[organisation_id]] = year
    for (measure, _), year in newest.items():
        years[measure].add(year)
    return values, {measure: _span(found) for measure, found in years.items()}


def _span(years: set[int]) -> str:
    if not years:
        return ""
    return str(min(years)) if len(years) == 1 else f"{min(years)} to {max(years)}"
