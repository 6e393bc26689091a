"""What each system does in a simulated round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import Final

from surveys.actions.demonstration.chance import shuffled


class Course(Enum):
    """How the assessment of one system goes."""

    ON_TIME = "submits in time"
    SENT_BACK = "is sent back by its approver, and signed after that"
    RETURNED = "is returned by its region's analyst while the round is open, and signed again"
    LATE = "is given more time, and submits after the closing time"
    REOPENED = "submits after the round has closed, with time given to it alone"
    QUERIED = "is returned after the provisional results, and signed again"
    CORRECTED = "is returned after publication, and signed again"
    UNFINISHED = "is still being answered when the round closes"
    WITHDRAWN = "is withdrawn from the round while it answers"
    ABSENT = "never begins"


SHARES: Final[Mapping[Course, float]] = MappingProxyType(
    {
        Course.SENT_BACK: 0.1,
        Course.RETURNED: 0.05,
        Course.LATE: 0.07,
        Course.REOPENED: 0.03,
        Course.QUERIED: 0.03,
        Course.CORRECTED: 0.03,
        Course.UNFINISHED: 0.03,
        Course.WITHDRAWN: 0.02,
        Course.ABSENT: 0.03,
    }
)
"""How many of the systems go which way, at least one each; the others submit in time."""

FEWEST: Final = len(Course)
"""The fewest systems with which every course is taken."""

NEVER_SIGNED: Final = frozenset({Course.UNFINISHED, Course.WITHDRAWN, Course.ABSENT})
"""The courses on which nothing is submitted."""


def courses(systems: Sequence[str], seed: int) -> Mapping[str, Course]:
    """Return the course of each system, by ODS code. There are at least FEWEST systems."""
    special = [course for course, share in SHARES.items() for _ in range(max(1, round(share * len(systems))))]
    others = [Course.ON_TIME] * (len(systems) - len(special))
    order = shuffled(systems, "simulated courses", seed)
    return dict(zip(order, [*special, *others], strict=True))
