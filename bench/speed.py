"""Requests a second and waiting times of one kind of request at a time, each in turn, several times over.

In turn, because a machine is never equally busy for long: what is compared is measured side by side.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle

from bench import floor
from bench.country import Respondent
from bench.wire import Answered, Connection
from surveys.questionnaires.schema import QuestionKind

TURNS = 5
SECONDS = 1.5
"""How long each kind of request is made in each turn."""

SECONDS_BEFORE = 3.0
"""For how long each is made before anything is measured, so that every worker has read what it keeps: a site
in use has been running for days.
"""

Act = Callable[[], Answered]


@dataclass(frozen=True)
class Kind:
    """One kind of request: the next one for somebody with a connection, and whether it was answered well."""

    name: str
    acts: Callable[[Respondent, Connection], Iterator[Answered]]
    floor: str = ""


@dataclass
class Measured:
    """What was measured of one kind of request: how long each took, and how long all of it went on."""

    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.waits) / self.seconds

    def percentile(self, percent: int) -> float:
        """The waiting time in milliseconds that so many percent of the requests did not exceed."""
        return statistics.quantiles(self.waits, n=100)[percent - 1] * 1000


class FailedRequestError(Exception):
    """The site answered something else than it should, so there is nothing to measure."""


def floor_page(_: Respondent, there: Connection) -> Iterator[Answered]:
    """Ask for the base page again and again."""
    while True:
        yield good(there.get(floor.PAGE))


def section_page(who: Respondent, there: Connection) -> Iterator[Answered]:
    """Open one section after the other."""
    for dimension in cycle(who.dimensions):
        yield good(there.get(f"/assessments/{who.assessment_id}/sections/{dimension.code}/"))


def floor_save(_: Respondent, there: Connection) -> Iterator[Answered]:
    """Change one row again and again."""
    for number in count():
        yield good(there.post(floor.SAVE, {"title": f"Analyst {number}"}))


def save(who: Respondent, there: Connection) -> Iterator[Answered]:
    """Save one level after the other, each as our script on the page does."""
    for dimension in cycle(who.dimensions):
        address = f"/assessments/{who.assessment_id}/sections/{dimension.code}/"
        versions = good(there.get(address, accept="application/json")).told["versions"]
        for question in dimension.all_questions:
            if question.kind != QuestionKind.MATURITY:
                continue
            code = question.code
            for change in range(4):
                fields = {
                    "person": str(who.person_id),
                    f"{code}:version": str(versions[code]),
                    f"{code}:level": str(1 + (versions[code] + change) % 5),
                    f"{code}:comment": f"Said {change}",
                }
                answered = good(there.post(address, fields))
                told = answered.told["questions"][code]
                if told["state"] != "saved":
                    raise FailedRequestError(f"A save was answered with {told}.")
                versions[code] = told["version"]
                yield answered


KINDS = (
    Kind("floor: the base page", floor_page),
    Kind("section page", section_page, floor="floor: the base page"),
    Kind("floor: one UPDATE", floor_save),
    Kind("save", save, floor="floor: one UPDATE"),
)


def measure(port: int, people: Sequence[Respondent], kinds: Sequence[Kind] = KINDS) -> dict[str, Measured]:
    """Make each kind of request in turn, everybody at once and as fast as they are answered.

    Raises FailedRequestError and OSError.
    """
    found = {kind.name: Measured() for kind in kinds}
    connections = [Connection(port, who.cookies, keep=True) for who in people]
    makers = {
        kind.name: [kind.acts(who, there) for who, there in zip(people, connections, strict=True)]
        for kind in kinds
    }
    for kind in kinds:
        _all_at_once(makers[kind.name], SECONDS_BEFORE)
    for _ in range(TURNS):
        for kind in kinds:
            began = time.perf_counter()
            found[kind.name].waits += _all_at_once(makers[kind.name], SECONDS)
            found[kind.name].seconds += time.perf_counter() - began
    for there in connections:
        there.close()
    return found


def _all_at_once(makers: Sequence[Iterator[Answered]], seconds: float) -> list[float]:
    """Let everybody ask until the time is over; how long each of the requests took, in seconds."""
    waits: list[list[float]] = [[] for _ in makers]
    failures: list[Exception] = []
    until = time.perf_counter() + seconds

    def go_on(place: int) -> None:
        try:
            while (began := time.perf_counter()) < until:
                next(makers[place])
                waits[place].append(time.perf_counter() - began)
        except (OSError, FailedRequestError) as failure:
            failures.append(failure)

    threads = [threading.Thread(target=go_on, args=(place,)) for place in range(len(makers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return [wait for of_one in waits for wait in of_one]


def good(answered: Answered) -> Answered:
    """Return what was answered. Raises FailedRequestError unless it was answered well."""
    if answered.status != 200:
        raise FailedRequestError(f"The site answered {answered.status}: {answered.text[:500]}")
    return answered
