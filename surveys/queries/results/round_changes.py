"""How scores changed between two rounds, on the questions that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from surveys.analysis.change import Change
from surveys.analysis.rounding import half_up
from surveys.analysis.variation import Spread, spread
from surveys.charts.axis import SHOWN_PLACES, ScoreAxis
from surveys.charts.decile_history import DecileHistory
from surveys.charts.differences import signed
from surveys.charts.score_changes import ChangeRow, Origin, ScoreChanges
from surveys.permissions import AnyPerson
from surveys.queries.instruments import instrument
from surveys.queries.results.lineage import Lineage, lineage
from surveys.queries.results.measures import axis_of, difference_words, is_scored
from surveys.queries.results.own import YOUR_SYSTEM, own_systems
from surveys.queries.results.released import Released, ReleaseHead
from surveys.queries.results.round_pair import TOGETHER, Standings, compared, standings
from surveys.queries.results.score_history import score_history
from surveys.queries.results.selection import Choice
from surveys.queries.results.systems import Lines, System, Systems
from surveys.questionnaires.schema import Questionnaire
from surveys.wording import counted, listed

ALL_TOGETHER = "All comparable questions together"
LARGEST = 3
"""How many of the largest rises the page names."""


@dataclass(frozen=True)
class SystemChange:
    """One system in both rounds; `change` None where it is not compared, and `why_not` says why.

    `origins` are the systems that it was made from, with their scores then.
    """

    system: System
    change: Change | None
    why_not: str
    own: bool
    origins: tuple[Origin, ...] = ()

    @property
    def difference(self) -> Decimal | None:
        """The change; None where there is none to give."""
        return None if self.change is None or self.why_not else self.change.difference


@dataclass(frozen=True)
class DimensionChange:
    """How `compared` systems changed on a dimension, or all together; medians None for none.

    `rose` and `fell` count those that score higher and lower than before by the figure that is shown, and
    `spread` is that of the changes.
    """

    code: str
    name: str
    questions: int
    of: int
    spread: Spread | None
    rose: int
    fell: int
    before: Decimal | None
    after: Decimal | None

    @property
    def compared(self) -> int:
        """How many systems answered enough of the questions in both rounds."""
        return self.spread.n if self.spread else 0

    @property
    def median_change(self) -> Decimal | None:
        """The later median less the earlier, None for none; it need not be the median of the changes."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def count(self) -> str:
        """How many comparable questions there are, and how many systems answered enough of them twice."""
        return f"{self.questions} of {self.of}; {counted(self.compared, 'system')}"


@dataclass(frozen=True)
class RoundChanges:
    """What changed since an earlier round. `chosen` is the dimension to show system by system.

    Unless `released.whole` the person sees only some systems: `dimensions` is then empty. `changing` works
    out the change of systems. `shown` are the lines that the chart draws: all, unless there are many systems
    and it says which.
    """

    released: Released
    then: ReleaseHead
    axis: ScoreAxis
    dimensions: tuple[DimensionChange, ...]
    chosen: DimensionChange
    region: str
    changing: Changing
    history_chart: DecileHistory | None
    shown: tuple[SystemChange, ...] = ()

    @property
    def head(self) -> ReleaseHead:
        """The later release."""
        return self.released.head

    @property
    def every(self) -> Sequence[SystemChange]:
        """Every system that the person sees, by region and name."""
        return self.changing.lines(self.released.systems, self.chosen.code)

    @property
    def lines(self) -> Sequence[SystemChange]:
        """The systems of the region asked for, by region and name."""
        return self.changing.lines(self._systems, self.chosen.code)

    @property
    def _systems(self) -> Systems:
        return self.released.systems.in_region(self.region)

    @property
    def title(self) -> str:
        """What the view finds, in one line."""
        on = "" if self.chosen.code == TOGETHER else f" on “{self.chosen.name}”"
        if not self.dimensions or not self.chosen.compared:
            return f"Change{on} since {self.then.round_title}"
        of = counted(self.chosen.compared, "system")
        return f"{self.chosen.rose:,} of {of} scored higher{on} than in {self.then.round_title}"

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the numbers say, and what they are made of."""
        return (*self._change_sentences(), *self._largest_sentences(), self._questions_sentence())

    @cached_property
    def overview_chart(self) -> ScoreChanges | None:
        """The medians of both rounds on each dimension; None where some systems are not seen."""
        if not self.dimensions:
            return None
        return ScoreChanges(
            title=f"The median on each dimension, {self.then.round_title} and {self.head.round_title}",
            subtitle=f"Medians of the systems compared, on comparable questions. {self.head.source}",
            axis=self.axis,
            then=self.then.round_title,
            now=self.head.round_title,
            kind="Dimension",
            counted="Comparable questions and systems",
            rows=tuple(
                ChangeRow(
                    name=each.name,
                    group="",
                    before=each.before,
                    after=each.after,
                    count=each.count,
                    difference=each.median_change,
                )
                for each in self.dimensions
            ),
        )

    @cached_property
    def chart(self) -> ScoreChanges:
        """Each system in both rounds on what was chosen."""
        known = self._of_region.compared
        return ScoreChanges(
            title=self.title,
            subtitle=f"{known:,} of {counted(len(self._systems), 'system')} compared. {self.head.source}",
            axis=self.axis,
            then=self.then.round_title,
            now=self.head.round_title,
            kind="System",
            grouping="Region",
            rows=tuple(_row(line) for line in self.shown),
        )

    def _change_sentences(self) -> Iterable[str]:
        found = self.chosen.spread if self.dimensions else None
        if found is None:
            return
        unit = difference_words(self.axis)
        same = found.n - self.chosen.rose - self.chosen.fell
        yield (
            f"{self.chosen.rose:,} of {counted(found.n, 'system')} scored higher than in "
            f"{self.then.round_title}, {self.chosen.fell:,} lower and {same:,} the same to one decimal "
            "place. "
            f"The median change is {signed(found.median)} {unit}; the middle half lies between "
            f"{signed(found.q1)} and {signed(found.q3)}."
        )

    def _largest_sentences(self) -> Iterable[str]:
        rises = self.changing.rises(self._systems, self.chosen.code)
        if self._of_region.compared > 1 and rises:
            named = [f"{name} ({signed(value)})" for value, name in rises]
            yield f"The largest rises: {listed(named)}."

    @property
    def _of_region(self) -> Tally:
        return self.changing.tally(self._systems, self.chosen.code)

    def _questions_sentence(self) -> str:
        left = self.chosen.of - self.chosen.questions
        why = f"; {counted(left, 'question')} new or reworded since" if left else ""
        return (
            f"Compared are {self.chosen.questions} of {counted(self.chosen.of, 'scored question')}{why}. "
            "Each system counts with the questions that it answered in both rounds."
        )


def change_dimensions(released: Released) -> tuple[Choice, ...]:
    """Return what can be chosen: all comparable questions, or one dimension."""
    scored = [each for each in released.instrument.content.dimensions if is_scored(each)]
    return (Choice(TOGETHER, ALL_TOGETHER), *(Choice(each.code, each.name) for each in scored))


def round_changes(
    person: AnyPerson,
    released: Released,
    then: ReleaseHead,
    rounds: Iterable[ReleaseHead],
    *,
    dimension: str = TOGETHER,
    region: str = "",
) -> RoundChanges:
    """Return how scores changed since the release `then`: three queries the first time, then none.

    `rounds` are all earlier ones, for the scores over time; `dimension` is one of `change_dimensions`.
    """
    content = released.instrument.content
    found = standings(released, then)
    heads = (*reversed(tuple(rounds)), released.head)
    every_step = lineage(min(head.reference_date for head in (*heads, then)), released.head.reference_date)
    steps = every_step.between(then.reference_date, released.head.reference_date)
    codes = compared(content, instrument(then.questionnaire_id).content)
    own = own_systems(person, released)
    axis = axis_of(content)
    names = {choice.code: choice.name for choice in change_dimensions(released)}
    of = _scored_questions(content)

    changing = Changing(found, steps, then, own)
    changes = []
    for code, name in names.items():
        tally = changing.tally(released.systems, code)
        changes.append(DimensionChange(code, name, len(codes[code]), of[code], *tally))
    lines = changing.lines(released.systems.in_region(region), dimension)
    return RoundChanges(
        released=released,
        then=then,
        axis=axis,
        dimensions=tuple(changes) if released.whole else (),
        chosen=next(each for each in changes if each.code == dimension),
        region=region,
        changing=changing,
        shown=() if released.systems.many else tuple(lines),
        history_chart=score_history(
            heads, every_step, axis, dimension, "Overall" if dimension == TOGETHER else names[dimension]
        )
        if released.whole
        else None,
    )


class Tally(NamedTuple):
    """The figures of a DimensionChange that are worked out from systems."""

    spread: Spread | None
    rose: int
    fell: int
    before: Decimal | None
    after: Decimal | None

    @property
    def compared(self) -> int:
        """How many systems changed by a figure that is known."""
        return self.spread.n if self.spread else 0


@dataclass(frozen=True)
class Changing:
    """Works out how systems changed since the release `then`; `own` are the reader's."""

    found: Standings
    steps: Lineage
    then: ReleaseHead
    own: frozenset[int]

    def lines(self, systems: Systems, code: str) -> Lines[SystemChange]:
        """Return the change of each of the systems on a dimension, or on all together."""
        return Lines(systems, lambda some: (self._line(system, code) for system in some))

    def tally(self, systems: Systems, code: str) -> Tally:
        """Return how the systems changed together; it is worked out once for the same ones."""

        def count() -> Tally:
            lines = (line for line in self.lines(systems, code) if line.difference is not None)
            pairs = [line.change for line in lines if line.change is not None]
            known = [each.difference for each in pairs if each.difference is not None]
            return Tally(
                spread=spread(known, len(known)),
                rose=sum(_shown(each) > 0 for each in known),
                fell=sum(_shown(each) < 0 for each in known),
                before=_median(each.before.value for each in pairs),
                after=_median(each.after.value for each in pairs),
            )

        return systems.kept(("change", self.then.id, code, self.steps), count)

    def rises(self, systems: Systems, code: str) -> Sequence[tuple[Decimal, str]]:
        """Return the largest rises that can be seen, each with the name of the system."""

        def find() -> Sequence[tuple[Decimal, str]]:
            lines = ((line.difference, line.system.name) for line in self.lines(systems, code))
            seen = [(value, name) for value, name in lines if value is not None and _shown(value) > 0]
            return sorted(seen, key=lambda each: -each[0])[:LARGEST]

        return systems.kept(("rises", self.then.id, code, self.steps), find)

    def _line(self, system: System, code: str) -> SystemChange:
        standing = self.found.of(system.organisation_id)
        own = system.assessment_id in self.own
        if not system.responded or standing is None or not standing.answered_now:
            return SystemChange(system, None, "not submitted", own)
        if standing.then is not None:
            moved = self.steps.boundary_moved(system.organisation_id)
            change = standing.changes[code]
            return SystemChange(system, change, _break(change, moved=moved), own)
        merged = self.steps.merged_into(system.organisation_id)
        if merged:
            origins = tuple(self._origins(merged, code))
            return SystemChange(system, None, "new since, by merger", own, origins)
        parts = self.steps.parted_into(system.organisation_id)
        why_not = "new since, from parts of others" if parts else f"no results in {self.then.round_title}"
        return SystemChange(system, None, why_not, own)

    def _origins(self, merged: Iterable[int], code: str) -> Iterator[Origin]:
        for key in merged:
            before = self.found.origin(key)
            if before is not None and before.then is not None:
                value = before.then[code].value
                if value is not None:
                    yield Origin(before.name_then, value)


def _break(change: Change, *, moved: bool) -> str:
    if moved:
        return "boundary changed"
    if change.of == 0:
        return "no comparable question"
    if change.difference is None:
        return f"too few questions in both rounds, {change.questions} of {change.of}"
    return ""


def _median(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    found = spread(known, len(known))
    return None if found is None else found.median


def _scored_questions(content: Questionnaire) -> dict[str, int]:
    found = {each.code: sum(q.scored for q in each.all_questions) for each in content.dimensions}
    return {TOGETHER: sum(found.values()), **found}


def _row(line: SystemChange) -> ChangeRow:
    change = line.change
    return ChangeRow(
        name=line.system.name,
        group=line.system.region_name,
        before=change.before.value if change else None,
        after=change.after.value if change else None,
        count=f"{change.questions} of {change.of}" if change else "",
        difference=line.difference,
        why_not=line.why_not,
        mark=YOUR_SYSTEM if line.own else "",
        origins=line.origins,
    )


def _shown(value: Decimal) -> Decimal:
    return half_up(value, SHOWN_PLACES)
