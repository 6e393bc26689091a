"""Which organisations are most alike, by the method the Model Health System publishes for ICB peers.

Source: Model Health System, Integrated care board peers,
https://feedback.model.nhs.uk/knowledgebase/articles/1992697-integrated-care-board-peers
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
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
    return closest_peers_of_each([key], variables, weights, count)[key]


def closest_peers_of_each(
    keys: Collection[str],
    variables: Mapping[str, Mapping[str, float | None]],
    weights: Mapping[str, float],
    count: int = CLOSEST,
) -> dict[str, PeerGroup]:
    """Return what ``closest_peers`` gives for each of the ``keys``, working the z-scores out once.

    Raises ValueError as ``closest_peers`` does.
    """
    organisations = sorted({organisation for values in variables.values() for organisation in values})
    for key in keys:
        if key not in organisations:
            raise ValueError(f"{key} has no values to find peers by.")
    _check_weights(weights)
    wanted = [name for name in variables if weights.get(name, 0) > 0]
    used = tuple(
        name for name in wanted if all(variables[name].get(each) is not None for each in organisations)
    )
    left_out = tuple(name for name in wanted if name not in used)
    z_scores = {name: _z_scores(name, variables[name]) for name in used}
    found = {}
    for key in keys:
        peers = [_peer(key, other, z_scores, weights) for other in organisations if other != key and used]
        nearest = sorted(peers, key=lambda peer: (peer.distance, peer.key))[:count]
        found[key] = PeerGroup(tuple(nearest), used, left_out)
    return found


def _peer(
    key: str, other: str, z_scores: Mapping[str, Mapping[str, float]], weights: Mapping[str, float]
) -> Peer:
    parts = tuple((name, weights[name] * (z[key] - z[other]) ** 2) for name, z in z_scores.items())
    return Peer(other, sqrt(sum(part for _, part in parts)), parts)


def _z_scores(name: str, values: Mapping[str, float | None]) -> dict[str, float]:
    known = {key: float(value) for key, value in values.items() if value is not None}
    for key, value in known.items():
        if not isfinite(value) or value < 0:
            raise ValueError(f"Variable {name} of {key} is {value}; it must be a number of 0 or more.")
    cap = fmean(known.values()) + CAP_IN_STANDARD_DEVIATIONS * pstdev(known.values())
    roots = {key: sqrt(min(value, cap)) for key, value in known.items()}
    centre, deviation = fmean(roots.values()), pstdev(roots.values())
    return {key: (root - centre) / deviation if deviation else 0.0 for key, root in roots.items()}


def _check_weights(weights: Mapping[str, float]) -> None:
    for name, weight in weights.items():
        if not isfinite(weight) or weight < 0:
            raise ValueError(f"The weight of variable {name} is {weight}; it must be a number of 0 or more.")
