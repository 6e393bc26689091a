"""Every figure in which a release differs from the one before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from surveys.analysis.scores import Score
from surveys.charts.axis import ScoreAxis
from surveys.permissions import AnyPerson
from surveys.queries.results.listing import RoundReleases
from surveys.queries.results.measures import (
    MeasureName,
    Summary,
    all_measures,
    axis_of,
    in_full,
    summarise,
)
from surveys.queries.results.released import NoSuchRelease, Released, ReleaseHead, read
from surveys.queries.results.systems import System
from surveys.wording import counted


@dataclass(frozen=True)
class ChangedScore:
    """A score of a system in the release before and in this one; None where it had not responded."""

    system: System
    name: MeasureName
    axis: ScoreAxis
    before: Score | None
    after: Score | None

    @property
    def before_in_words(self) -> str:
        """The score before as people read it, with how many questions it is made from."""
        return _in_words(self.name, self.before, self.axis)

    @property
    def after_in_words(self) -> str:
        """The score now, in the same way."""
        return _in_words(self.name, self.after, self.axis)


@dataclass(frozen=True)
class ChangedSpread:
    """How the systems spread on one measure, before and now."""

    before: Summary
    after: Summary

    @property
    def name(self) -> MeasureName:
        """What is measured."""
        return self.after.name


@dataclass(frozen=True)
class Correction:
    """What differs between the release `before` and the one at hand, in figures that the person may read.

    `joined` have results now and had none; `left` had some and have none. `spreads` are empty for somebody
    who does not see every system.
    """

    released: Released
    before: ReleaseHead
    joined: tuple[System, ...]
    left: tuple[System, ...]
    spreads: tuple[ChangedSpread, ...]
    scores: tuple[ChangedScore, ...]

    @property
    def head(self) -> ReleaseHead:
        """The release at hand."""
        return self.released.head

    @property
    def systems(self) -> int:
        """How many systems have a score that differs."""
        return len({line.system.assessment_id for line in self.scores})

    @property
    def finding(self) -> str:
        """What the correction changed, as a title."""
        if not self.scores:
            return f"No score differs from {self.before.name.lower()}"
        scores, systems = counted(len(self.scores), "score"), counted(self.systems, "system")
        differ = "differs" if len(self.scores) == 1 else "differ"
        return f"{scores} of {systems} {differ} from {self.before.name.lower()}"


def release_before(rounds: Collection[RoundReleases], head: ReleaseHead) -> ReleaseHead | None:
    """Return the last release before this one of the same round and kind that stands; None for the first."""
    before = [
        other
        for each in rounds
        for other in each.releases
        if (other.round_id, other.kind) == (head.round_id, head.kind) and other.number < head.number
    ]
    return max(before, key=lambda other: other.number, default=None)


def correction(person: AnyPerson, release_id: int, before_id: int) -> Correction:
    """Return what differs between two releases of one round: at most six queries.

    Raises NoSuchRelease when one of them is not there or may not be read.
    """
    now, then = read(person, release_id), read(person, before_id)
    if now.head.round_id != then.head.round_id:
        raise NoSuchRelease
    earlier = {system.assessment_id: system for system in then.systems}
    later = {system.assessment_id: system for system in now.systems}
    pairs = [
        (earlier.get(key) or _not_in(later[key]), later.get(key) or _not_in(earlier[key]))
        for key in {**later, **earlier}
    ]
    return Correction(
        released=now,
        before=then.head,
        joined=tuple(after for before, after in pairs if after.responded and not before.responded),
        left=tuple(after for before, after in pairs if before.responded and not after.responded),
        spreads=tuple(_spreads(then, now)) if now.whole and then.whole else (),
        scores=tuple(_scores(now, pairs)),
    )


def _not_in(system: System) -> System:
    """Return a system as it stands in a release that does not count it."""
    return replace(system, signature=None)


def _scores(now: Released, pairs: Collection[tuple[System, System]]) -> Iterator[ChangedScore]:
    content = now.instrument.content
    axis, measures = axis_of(content), all_measures(content)
    for before, after in pairs:
        for name in measures:
            was, is_now = before.score(name.measure, name.code), after.score(name.measure, name.code)
            if was != is_now:
                yield ChangedScore(after, name, axis, was, is_now)


def _spreads(then: Released, now: Released) -> Iterator[ChangedSpread]:
    content = now.instrument.content
    axis = axis_of(content)
    for name in all_measures(content):
        before, after = (summarise(name, axis, released.systems) for released in (then, now))
        if before != after:
            yield ChangedSpread(before, after)


def _in_words(name: MeasureName, score: Score | None, axis: ScoreAxis) -> str:
    if score is None:
        return "Not submitted"
    shown = in_full(score, axis)
    if name.difference:
        return shown if score.value is None else name.write(score.value, axis)
    return f"{shown}, {score.answered} of {score.of} answered"
