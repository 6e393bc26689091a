"""A deadline evening: 300 people of every system answer at once, and every answer is looked for afterwards.

Each opens a section and answers its questions one after the other with the pauses of somebody who reads and
thinks; their page saves each answer, and says twice a minute that they are there. People of one system share
its sections, so some meet in one question: then they are shown both answers and keep their own.
"""

from __future__ import annotations

import itertools
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from bench.country import Respondent
from bench.wire import Answered, Connection
from surveys.models import Answer
from surveys.queries.instruments import instrument_of
from surveys.questionnaires.schema import Dimension, Question, QuestionKind

SECONDS = 60.0
SHORTEST_PAUSE, LONGEST_PAUSE = 3.0, 9.0
"""Between two answers of one person, in seconds."""

HEARTBEAT = 30.0


@dataclass(frozen=True)
class Saved:
    """An answer that the site has said it saved."""

    assessment_id: int
    code: str
    version: int
    person_id: int
    level: int
    comment: str

    @property
    def key(self) -> tuple[int, str, int]:
        """Which save of which answer it is."""
        return self.assessment_id, self.code, self.version


@dataclass
class Notes:
    """What became of the requests: how long each kind took, in seconds, what failed, and what was saved."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    saved: list[Saved] = field(default_factory=list)
    conflicts: int = 0

    def add(self, other: Notes) -> None:
        """Take in what somebody else has noted."""
        for kind, waits in other.waits.items():
            self.waits.setdefault(kind, []).extend(waits)
        self.failures += other.failures
        self.saved += other.saved
        self.conflicts += other.conflicts

    def percentile(self, kind: str, percent: int) -> float:
        """The waiting time in milliseconds that so many percent of the requests did not exceed."""
        return statistics.quantiles(self.waits[kind], n=100)[percent - 1] * 1000


@dataclass(frozen=True)
class Proof:
    """What was said to be saved, held against the database."""

    acknowledged: int
    missing: tuple[Saved, ...]
    twice: tuple[tuple[int, str, int], ...]

    @property
    def holds(self) -> bool:
        """Whether every acknowledged answer is there, and no version was given to two people."""
        return not self.missing and not self.twice


def spend(port: int, people: Sequence[Respondent], seconds: float = SECONDS) -> Notes:
    """Let everybody answer until the time is over; what became of it."""
    until = time.monotonic() + seconds
    sittings = [Sitting(who, port, until, number) for number, who in enumerate(people)]
    threads = [threading.Thread(target=sitting.spend, name=sitting.who.name) for sitting in sittings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    notes = Notes()
    for sitting in sittings:
        notes.add(sitting.notes)
    return notes


class Sitting:
    """One person at their screen for the evening."""

    def __init__(self, who: Respondent, port: int, until: float, number: int) -> None:
        self.who = who
        self.notes = Notes()
        self._there = Connection(port, who.cookies, keep=False)
        self._until = until
        # The same pauses and answers every time, so that two runs can be compared.
        self._chance = random.Random(number)  # noqa: S311 - pauses and answers, not secrets

    def spend(self) -> None:
        """Answer one section after the other."""
        self._pause(0, LONGEST_PAUSE)
        own = list(self.who.dimensions)
        self._chance.shuffle(own)
        for dimension in itertools.cycle(own):
            if self._over():
                return
            self._answer(dimension)

    def _over(self) -> bool:
        return time.monotonic() >= self._until

    def _pause(self, shortest: float, longest: float) -> None:
        left = self._until - time.monotonic()
        time.sleep(max(0.0, min(self._chance.uniform(shortest, longest), left)))

    def _answer(self, dimension: Dimension) -> None:
        address = f"/assessments/{self.who.assessment_id}/sections/{dimension.code}/"
        page = self._ask("section page", lambda: self._there.get(address))
        stand = self._ask("heartbeat", lambda: self._there.get(address, accept="application/json"))
        beaten = time.monotonic()
        if page is None or stand is None:
            self._pause(SHORTEST_PAUSE, LONGEST_PAUSE)
            return
        versions: dict[str, int] = stand.told["versions"]
        for question in answerable(dimension):
            self._pause(SHORTEST_PAUSE, LONGEST_PAUSE)
            if self._over():
                return
            self._save(address, question, versions.get(question.code, 0))
            if time.monotonic() - beaten > HEARTBEAT:
                beaten = time.monotonic()
                self._ask("heartbeat", lambda: self._there.get(address, accept="application/json"))

    def _save(self, address: str, question: Question, seen: int) -> None:
        level = self._chance.choice(question.levels).value
        comment = f"{self.who.name}: {self._chance.getrandbits(64):x}"
        settled: Mapping[str, str] = {}
        told: Mapping[str, Any] = {}
        while not self._over():
            told = self._told(
                address, question, {"version": str(seen), "level": str(level), "comment": comment, **settled}
            )
            if told.get("state") != "conflict":
                break
            self.notes.conflicts += 1
            seen, settled = told["version"], {"disputed": "yes", "keep": "mine"}
            self._pause(SHORTEST_PAUSE, LONGEST_PAUSE)
        else:
            return
        if told.get("state") == "saved":
            saved = Saved(
                self.who.assessment_id, question.code, told["version"], self.who.person_id, level, comment
            )
            self.notes.saved.append(saved)
        elif told:
            self.notes.failures.append(f"A save was answered with {told}.")

    def _told(self, address: str, question: Question, fields: Mapping[str, str]) -> Mapping[str, Any]:
        """Save an answer; what the site says became of it, or nothing when it did not answer well."""
        posted = {f"{question.code}:{name}": value for name, value in fields.items()}
        posted["person"] = str(self.who.person_id)
        answered = self._ask("save", lambda: self._there.post(address, posted))
        told: Mapping[str, Any] = answered.told["questions"][question.code] if answered else {}
        return told

    def _ask(self, kind: str, request: Callable[[], Answered]) -> Answered | None:
        """Make a request; None, with a note, when it was not answered well."""
        began = time.perf_counter()
        try:
            answered = request()
        except OSError as failure:
            self.notes.failures.append(f"A {kind} was not answered: {failure!r}")
            return None
        self.notes.waits.setdefault(kind, []).append(time.perf_counter() - began)
        if answered.status != 200:
            self.notes.failures.append(f"A {kind} was answered with {answered.status}: {answered.text[:200]}")
            return None
        return answered


def answerable(dimension: Dimension) -> tuple[Question, ...]:
    """The questions of a dimension whose answer is a level."""
    return tuple(question for question in dimension.all_questions if question.kind == QuestionKind.MATURITY)


def prove(saved: Iterable[Saved]) -> Proof:
    """Look for every acknowledged answer in the database, by its value and by who gave it.

    The history has every version of an answer; the last one must also be the answer that stands.
    """
    said = list(saved)
    times = Counter(each.key for each in said)
    history = _versions(apps.get_model("surveys", "AnswerEvent"), said)
    standing = _versions(Answer, said)
    last: dict[tuple[int, str], int] = {}
    for assessment_id, code, version in standing:
        last[assessment_id, code] = version
    missing = [
        each
        for each in said
        if history.get(each.key) != (each.person_id, each.level, each.comment)
        or last.get((each.assessment_id, each.code), 0) < each.version
        or standing.get(each.key, history[each.key]) != history[each.key]
    ]
    return Proof(len(said), tuple(missing), tuple(key for key, count in times.items() if count > 1))


def _versions(
    model: type[Answer], said: Sequence[Saved]
) -> dict[tuple[int, str, int], tuple[int, int | None, str]]:
    assessments = {each.assessment_id for each in said}
    codes = {pk: instrument_of(pk).question_codes for pk in assessments}
    rows = model.objects.filter(assessment_id__in=assessments)
    return {
        (assessment_id, codes[assessment_id][question_id], version): (person_id, level, comment)
        for assessment_id, question_id, version, person_id, level, comment in rows.values_list(
            "assessment_id", "question_id", "version", "answered_by_id", "level", "comment"
        )
    }
