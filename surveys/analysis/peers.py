"""Which organisations are most alike, by the method the Model Health System publishes for ICB peers.

Source: Model Health System, Integrated care board peers,
https://feedback.model.nhs.uk/knowledgebase/articles/1992697-integrated-care-board-peers
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest
from math import isfinite, sqrt
from statistics import fmean, pstdev

CLOSEST = 5
"""How many peers the published method gives."""

CAP_IN_STANDARD_DEVIATIONS = 5


@dataclass(frozen=True, slots=True)
class Peer:
    """An organisation and its ``distance``: 0 is alike in every variable; it has no unit and no upper end.

    ``parts`` says what the distance is made of: each variable's weighted squared difference. They add up to
    the square of the distance.
    """

    key: str
    distance: float
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """The closest organisations, nearest first, with the variables behind them.

    ``left_out`` names the variables that were not held for every organisation, so could not be used.
    """

    peers: tuple[Peer, ...]
    variables: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Likeness:
    """Organisations, by key, in the z-scores of the variables held for all of them, in the order of the keys.

    ``left_out`` names the other variables.
    """

    keys: tuple[str, ...]
    z_scores: Mapping[str, Sequence[float]]
    left_out: tuple[str, ...]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each organisation stands."""
        return {key: place for place, key in enumerate(self.keys)}


def closest_peers(
    key: str,
    variables: Mapping[str, Mapping[str, float | None]],
    weights: Mapping[str, float],
    count: int = CLOSEST,
) -> PeerGroup:
    """Return the ``count`` organisations most like ``key``, or all the others when there are fewer.

    ``variables``: for each variable its value by organisation, in any unit, 0 or more, None when not held.
    ``weights``: the weight of each variable, 0 or more; a variable without one is not used.

    Each variable is capped at its mean plus 5 standard deviations, its square root is taken, and it is
    turned into a z-score. The distance between two organisations is the square root of the weighted sum of
    squared differences. Standard deviations are of the whole population; the published method does not say
    which, and the order of distances depends on it only through the cap. A variable that is the same
    everywhere adds nothing. Equal distances are put in the order of their keys.

    Raises ValueError when ``key`` has no values, a used value is below 0 or not finite, or a weight is below
    0 or not finite. With no usable variable there are no peers.
    """
    _check_weights(weights)
    wanted = {name: values for name, values in variables.items() if weights.get(name, 0) > 0}
    # Whether anybody is held at all does not depend on the weights.
    everybody = {organisation for values in variables.values() for organisation in values}
    return closest(likeness(wanted, everybody), key, weights, count)


def likeness(variables: Mapping[str, Mapping[str, float | None]], organisations: Iterable[str]) -> Likeness:
    """Return organisations in the z-scores of the variables that are held for all of them, as
    `closest_peers` takes and makes them. Raises ValueError as it does.
    """
    keys = tuple(sorted(organisations))
    held = {name: [values.get(key) for key in keys] for name, values in variables.items()}
    used = {name: [value for value in found if value is not None] for name, found in held.items()}
    return Likeness(
        keys=keys,
        z_scores={
            name: _z_scores(name, dict(zip(keys, found, strict=True)))
            for name, found in used.items()
            if len(found) == len(keys)
        },
        left_out=tuple(name for name, found in used.items() if len(found) < len(keys)),
    )


def closest(among: Likeness, key: str, weights: Mapping[str, float], count: int = CLOSEST) -> PeerGroup:
    """Return the organisations most like ``key`` as `closest_peers` does. ``among`` may be made once for all.

    Raises ValueError when ``key`` is not among them, or for a weight below 0 or not finite.
    """
    _check_weights(weights)
    if key not in among.places:
        raise ValueError(f"{key} has no values to find peers by.")
    used = [name for name in among.z_scores if weights.get(name, 0) > 0]
    left_out = tuple(name for name in among.left_out if weights.get(name, 0) > 0)
    if not used:
        return PeerGroup((), (), left_out)
    place = among.places[key]
    squares = [0.0] * len(among.keys)
    for name in used:
        weight, z_scores = weights[name], among.z_scores[name]
        own = z_scores[place]
        squares = [square + weight * (own - z) ** 2 for square, z in zip(squares, z_scores, strict=True)]
    furthest = nsmallest(count + 1, squares)[-1]
    near = [other for other, square in enumerate(squares) if square <= furthest and other != place]
    peers = [_peer(among, place, other, used, weights) for other in near]
    nearest = sorted(peers, key=lambda peer: (peer.distance, peer.key))[:count]
    return PeerGroup(tuple(nearest), tuple(used), left_out)


def _peer(among: Likeness, place: int, other: int, used: Iterable[str], weights: Mapping[str, float]) -> Peer:
    z_scores = among.z_scores
    parts = tuple(
        (name, weights[name] * (z_scores[name][place] - z_scores[name][other]) ** 2) for name in used
    )
    return Peer(among.keys[other], sqrt(sum(part for _, part in parts)), parts)


def _z_scores(name: str, known: Mapping[str, float]) -> list[float]:
    for key, value in known.items():
        if not isfinite(value) or value < 0:
            raise ValueError(f"Variable {name} of {key} is {value}; it must be a number of 0 or more.")
    cap = fmean(known.values()) + CAP_IN_STANDARD_DEVIATIONS * pstdev(known.values())
    roots = [sqrt(min(value, cap)) for value in known.values()]
    centre, deviation = fmean(roots), pstdev(roots)
    return [(root - centre) / deviation if deviation else 0.0 for root in roots]


def _check_weights(weights: Mapping[str, float]) -> None:
    for name, weight in weights.items():
        if not isfinite(weight) or weight < 0:
            raise ValueError(f"The weight of variable {name} is {weight}; it must be a number of 0 or more.")
