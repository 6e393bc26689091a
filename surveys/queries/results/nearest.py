"""The systems most like one system, by the published method on the populations that are held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.db.models import Count, F, Sum

from surveys.analysis.peers import Likeness, closest, likeness
from surveys.models import Population
from surveys.queries.results.released import Released
from surveys.queries.results.systems import MANY, System, Systems

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
    systems: Systems | None = None

    @property
    def keys(self) -> frozenset[int]:
        """The assessment keys of the systems."""
        return frozenset(peer.system.assessment_id for peer in self.peers)


NONE_NEAR = Nearest((), (), ())


def nearest(released: Released, assessment_id: int, weights: Mapping[str, float] = EQUAL_WEIGHTS) -> Nearest:
    """Return the five systems of the round nearest to one: two queries, one once they are known.

    The variables are the newest populations held for each system; `weights` by their codes, 0 or more.
    """
    systems = released.systems
    if len(systems) < 2:
        return NONE_NEAR
    held = _held(systems)
    found = closest(held.likeness, str(assessment_id), weights)
    labels = dict(Population.Measure.choices)
    peers = tuple(
        NearSystem(
            system=released.system(int(peer.key)),
            distance=peer.distance,
            shares=tuple(
                (labels[code].lower(), part / peer.distance**2 if peer.distance else 0.0)
                for code, part in peer.parts
            ),
            people=tuple(
                (labels[code], int(people))
                for code in found.variables
                if (people := held.values[code][peer.key])
            ),
        )
        for peer in found.peers
    )
    return Nearest(
        peers=peers,
        variables=tuple(Held(code, labels[code], held.years[code]) for code in found.variables),
        left_out=tuple(labels[code] for code in found.left_out),
        systems=systems.only(peer.system.assessment_id for peer in peers),
    )


@dataclass(frozen=True)
class _HeldNow:
    """The newest value of each variable by assessment key, None where none is held, and the years."""

    values: Mapping[str, Mapping[str, float | None]]
    years: Mapping[str, str]
    likeness: Likeness


def _held(systems: Systems) -> _HeldNow:
    """Return what is held of the systems; it is worked out again once any population has changed."""
    people = F("people") * 1.0
    state = Population.objects.aggregate(
        Count("pk"), Sum("people"), weighed=Sum(people * F("pk") * F("year"))
    )
    known: dict[str, _HeldNow] = systems.kept("populations", dict)
    fingerprint = repr(state)
    if fingerprint not in known:
        known.clear()
        known[fingerprint] = _populations(systems)
    return known[fingerprint]


def _populations(systems: Systems) -> _HeldNow:
    columns = systems.columns
    keys = {columns.organisations[place]: str(columns.assessments[place]) for place in systems.places}
    values, years = newest_populations(keys)
    return _HeldNow(values, years, likeness(values, keys.values()))


def newest_populations(
    keys: Mapping[int, str],
) -> tuple[dict[str, dict[str, float | None]], dict[str, str]]:
    """Return the newest value of each variable by system, None where none is held, and the years.

    `keys` are what systems are called by, by the key of their organisation. One query.
    """
    values: dict[str, dict[str, float | None]] = {
        measure.value: dict.fromkeys(keys.values()) for measure in Population.Measure
    }
    newest: dict[tuple[str, str], int] = {}
    rows = Population.objects.order_by("year")
    if len(keys) <= MANY:
        rows = rows.filter(organisation__in=list(keys))
    for organisation_id, measure, year, people in rows.values_list(
        "organisation_id", "measure", "year", "people"
    ):
        key = keys.get(organisation_id)
        if key is not None:
            values[measure][key] = float(people)
            newest[measure, key] = year
    years: dict[str, set[int]] = {measure.value: set() for measure in Population.Measure}
    for (measure, _), year in newest.items():
        years[measure].add(year)
    return values, {measure: _span(found) for measure, found in years.items()}


def _span(years: set[int]) -> str:
    if not years:
        return ""
    return str(min(years)) if len(years) == 1 else f"{min(years)} to {max(years)}"
