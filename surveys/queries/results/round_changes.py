"""How scores changed between two rounds, on the questions that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

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
from surveys.queries.results.round_pair import TOGETHER, Standing, compared, standings
from surveys.queries.results.score_history import score_history
from surveys.queries.results.selection import Choice, region_code
from surveys.queries.results.systems import System
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
    """How `compared` systems changed on a dimension, or all together; medians None for none."""

    code: str
    name: str
    questions: int
    of: int
    differences: tuple[Decimal, ...]
    before: Decimal | None
    after: Decimal | None

    @property
    def spread(self) -> Spread | None:
        """How the changes spread."""
        return spread(self.differences, len(self.differences))

    @property
    def median_change(self) -> Decimal | None:
        """The later median less the earlier, None for none; it need not be the median of the changes."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def rose(self) -> int:
        """How many systems score higher than before, by the figure that is shown."""
        return sum(_shown(each) > 0 for each in self.differences)

    @property
    def fell(self) -> int:
        """How many systems score lower than before, by the figure that is shown."""
        return sum(_shown(each) < 0 for each in self.differences)

    @property
    def count(self) -> str:
        """How many comparable questions there are, and how many systems answered enough of them twice."""
        return f"{self.questions} of {self.of}; {counted(len(self.differences), 'system')}"


@dataclass(frozen=True)
class RoundChanges:
    """What changed since an earlier round. `chosen` is the dimension to show system by system.

    Unless `released.whole` the person sees only some systems: `dimensions` is then empty.
    """

    released: Released
    then: ReleaseHead
    axis: ScoreAxis
    dimensions: tuple[DimensionChange, ...]
    chosen: DimensionChange
    region: str
    every: tuple[SystemChange, ...]
    history_chart: DecileHistory | None

    @property
    def head(self) -> ReleaseHead:
        """The later release."""
        return self.released.head

    @cached_property
    def lines(self) -> tuple[SystemChange, ...]:
        """The systems to show, by region and name."""
        return tuple(line for line in self.every if self.region in {"", region_code(line.system)})

    @property
    def title(self) -> str:
        """What the view finds, in one line."""
        on = "" if self.chosen.code == TOGETHER else f" on “{self.chosen.name}”"
        if not self.dimensions or not self.chosen.differences:
            return f"Change{on} since {self.then.round_title}"
        of = counted(len(self.chosen.differences), "system")
        return f"{self.chosen.rose} of {of} scored higher{on} than in {self.then.round_title}"

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
        known = sum(line.difference is not None for line in self.lines)
        return ScoreChanges(
            title=self.title,
            subtitle=f"{known} of {counted(len(self.lines), 'system')} compared. {self.head.source}",
            axis=self.axis,
            then=self.then.round_title,
            now=self.head.round_title,
            kind="System",
            grouping="Region",
            rows=tuple(_row(line) for line in self.lines),
        )

    def _change_sentences(self) -> Iterable[str]:
        found = self.chosen.spread if self.dimensions else None
        if found is None:
            return
        unit = difference_words(self.axis)
        same = found.n - self.chosen.rose - self.chosen.fell
        yield (
            f"{self.chosen.rose} of {counted(found.n, 'system')} scored higher than in "
            f"{self.then.round_title}, {self.chosen.fell} lower and {same} the same to one decimal place. "
            f"The median change is {signed(found.median)} {unit}; the middle half lies between "
            f"{signed(found.q1)} and {signed(found.q3)}."
        )

    def _largest_sentences(self) -> Iterable[str]:
        known = [(line.difference, line.system.name) for line in self.lines if line.difference is not None]
        rises = sorted(
            ((value, name) for value, name in known if _shown(value) > 0), key=lambda each: -each[0]
        )
        if len(known) > 1 and rises:
            named = [f"{name} ({signed(value)})" for value, name in rises[:LARGEST]]
            yield f"The largest rises: {listed(named)}."

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

    def every(code: str) -> tuple[SystemChange, ...]:
        return tuple(
            _system_change(system, code, found, steps, then, own=system.assessment_id in own)
            for system in released.systems
        )

    changes = [_summary(code, name, len(codes[code]), of[code], every(code)) for code, name in names.items()]
    return RoundChanges(
        released=released,
        then=then,
        axis=axis,
        dimensions=tuple(changes) if released.whole else (),
        chosen=next(each for each in changes if each.code == dimension),
        region=region,
        every=every(dimension),
        history_chart=score_history(
            heads, every_step, axis, dimension, "Overall" if dimension == TOGETHER else names[dimension]
        )
        if released.whole
        else None,
    )


def _system_change(
    system: System,
    code: str,
    found: Mapping[int, Standing],
    steps: Lineage,
    then: ReleaseHead,
    *,
    own: bool,
) -> SystemChange:
    standing = found.get(system.organisation_id)
    if not system.responded or standing is None or not standing.answered_now:
        return SystemChange(system, None, "not submitted", own)
    if standing.then is not None:
        moved = steps.boundary_moved(system.organisation_id)
        change = standing.changes[code]
        return SystemChange(system, change, _break(change, moved=moved), own)
    merged, parts = steps.merged_into(system.organisation_id), steps.parted_into(system.organisation_id)
    origins = tuple(
        Origin(before.name_then, value)
        for key in merged
        if (before := found.get(key)) is not None
        and before.then is not None
        and (value := before.then[code].value) is not None
    )
    if merged:
        return SystemChange(system, None, "new since, by merger", own, origins)
    return SystemChange(
        system, None, "new since, from parts of others" if parts else f"no results in {then.round_title}", own
    )


def _break(change: Change, *, moved: bool) -> str:
    if moved:
        return "boundary changed"
    if change.of == 0:
        return "no comparable question"
    if change.difference is None:
        return f"too few questions in both rounds, {change.questions} of {change.of}"
    return ""


def _summary(
    code: str, name: str, questions: int, of: int, lines: tuple[SystemChange, ...]
) -> DimensionChange:
    pairs = [line.change for line in lines if line.difference is not None and line.change is not None]
    return DimensionChange(
        code=code,
        name=name,
        questions=questions,
        of=of,
        differences=tuple(each.difference for each in pairs if each.difference is not None),
        before=_median(each.before.value for each in pairs),
        after=_median(each.after.value for each in pairs),
    )


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
