"""Chance that is the same every time: each thing has a generator of its own, seeded by what it is called.

So what is drawn for one system does not depend on how many systems there are, or on their order.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from typing import Final, TypeVar

Thing = TypeVar("Thing")

SEED: Final = "ics-data-maturity-demonstration-1"


def chance(*names: object) -> random.Random:
    """Return the generator of the thing that these names name."""
    return random.Random("/".join([SEED, *map(str, names)]))  # noqa: S311 - made-up data, nothing to guess


def shuffled(things: Sequence[Thing], *names: object) -> list[Thing]:
    """Return the things in an order that the names, and each thing's own text, decide."""
    return sorted(things, key=lambda thing: chance("order", *names, thing).random())


def moment_between(start: datetime.datetime, end: datetime.datetime, *names: object) -> datetime.datetime:
    """Return a moment from `start` to `end`, to the second; `start` when `end` is not later."""
    seconds = max(0, int((end - start).total_seconds()))
    return start + datetime.timedelta(seconds=chance("moment", *names).randint(0, seconds))
