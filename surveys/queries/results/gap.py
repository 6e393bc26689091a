"""Where systems are ahead in one thing and behind in another: the gap between two scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from surveys.analysis.variation import Spread
from surveys.charts.axis import ScoreAxis
from surveys.charts.difference_strip import DifferenceStrip, StripDot, StripLane
from surveys.charts.differences import difference_axis, signed
from surveys.charts.paired_scores import PairedDot, PairedScores
from surveys.models import Result
from surveys.permissions import AnyPerson
from surveys.queries.releases import CORE
from surveys.queries.results.gap_tally import Tally, tally
from surveys.queries.results.measures import (
    MeasureName,
    Summary,
    axis_of,
    combined_measures,
    difference_words,
    summarise,
)
from surveys.queries.results.own import YOUR_SYSTEM, own_systems
from surveys.queries.results.pairs import Both, Pair, PairKind, both_scores, pair_axis, pairs
from surveys.queries.results.ranking import read_answers
from surveys.queries.results.released import Released, ReleaseHead
from surveys.queries.results.selection import Choice, regions_of
from surveys.queries.results.systems import Lines, System, Systems
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Questionnaire
from surveys.wording import counted

PERCENT_STEP, LEVEL_STEP = Decimal(10), Decimal(1)


@dataclass(frozen=True)
class GapLine:
    """One system with both scores, or why it has not both. `own`: it is the reader's."""

    system: System
    both: Both
    own: bool

    @property
    def mark(self) -> str:
        """The words that set the reader's own system apart."""
        return YOUR_SYSTEM if self.own else ""


@dataclass(frozen=True)
class GapResults:
    """Two scores of each system against each other. `lines` are those of the chosen region, or all.

    Unless `released.whole` the person sees only some systems: there is then no `spread` and no `medians`.
    `own` are the assessments of the reader's own systems.
    `core` is the questionnaire's gap over its core dimensions, only beside the gap itself.
    """

    released: Released
    pair: Pair
    region: str
    axis: ScoreAxis
    own: frozenset[int]
    core: Summary | None

    @property
    def head(self) -> ReleaseHead:
        """The release."""
        return self.released.head

    @property
    def lines(self) -> Sequence[GapLine]:
        """The systems to show, by region and name."""
        return self._lines(self._systems)

    def _lines(self, systems: Systems) -> Sequence[GapLine]:
        return Lines(systems, self._make)

    def _make(self, systems: Sequence[System]) -> Iterator[GapLine]:
        for each, both in zip(systems, self._scores(systems), strict=True):
            yield GapLine(each, both, each.assessment_id in self.own)

    def _scores(self, systems: Sequence[System]) -> Sequence[Both]:
        """Return both scores of the systems, which are kept where there are few in all."""
        every = self.released.systems
        if every.many:
            return self._worked_out(systems)
        places = every.columns.places
        found = every.kept(("gap", self.pair.code), lambda: self._worked_out(every))
        return [found[places[each.assessment_id]] for each in systems]

    def _worked_out(self, systems: Sequence[System]) -> Sequence[Both]:
        content = self.released.instrument.content
        answers = _answers(self.released, self.pair, systems)
        return [
            both_scores(content, self.pair, each, answers.get(each.assessment_id, {})) for each in systems
        ]

    @property
    def _systems(self) -> Systems:
        return self.released.systems.in_region(self.region)

    def _tally(self, systems: Systems) -> Tally:
        def counted_once() -> Tally:
            return tally(
                [line.both for line in Lines(systems, self._make)], self.axis, in_squares=self._in_squares
            )

        return systems.kept(("gap tally", self.pair.code), counted_once)

    @property
    def _in_squares(self) -> bool:
        return self.released.systems.many

    @property
    def spread(self) -> Spread | None:
        """How the differences of all systems spread; None where some are not seen."""
        return self._tally(self.released.systems).spread if self.released.whole else None

    @property
    def medians(self) -> tuple[Decimal, Decimal] | None:
        """The medians of both scores of all systems, across and up; None where some are not seen."""
        return self._tally(self.released.systems).medians if self.released.whole else None

    @property
    def title(self) -> str:
        """What the view finds, in one line."""
        first, second = self.pair.first, self.pair.second
        if self.spread is None:
            return f"“{first}” against “{second}”"
        found = self._tally(self.released.systems)
        word, number = ("higher", found.above) if found.above >= found.below else ("lower", found.below)
        return f"“{first}” is {word} than “{second}” in {number:,} of {counted(found.known, 'system')}"

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the numbers say, and who is missing."""
        return (*self._spread_sentences(), *self._core_sentences(), *self._missing_sentences())

    @cached_property
    def chart(self) -> PairedScores:
        """Both scores of each system, as chart and table take them."""
        return PairedScores(
            title=self.title,
            subtitle=self._subtitle,
            axis=self.axis,
            across=self.pair.second,
            up=self.pair.first,
            dots=tuple(
                PairedDot(
                    line.system.name, line.system.region_name, line.both.second, line.both.first, line.mark
                )
                for line in self._drawn(self._systems)
                if line.both.first is not None and line.both.second is not None
            ),
            medians=self.medians,
            missing=self._missing,
            squares=self._tally(self._systems).squares,
        )

    @property
    def _missing(self) -> tuple[str, ...]:
        systems = self._systems
        if systems.many:
            missing = len(systems) - self._tally(systems).known
            return (f"{missing:,} systems, which the download names",) if missing else ()
        return tuple(f"{line.system.name} ({line.both.why_not})" for line in self.lines if line.both.why_not)

    def _drawn(self, systems: Systems) -> Sequence[GapLine]:
        """Return the systems that are drawn one by one: the reader's own alone where there are too many."""
        return self._lines(systems.only(self.own) if self._in_squares else systems)

    @cached_property
    def strip(self) -> DifferenceStrip | None:
        """The differences, of all systems and region by region; None where some systems are not seen."""
        if self.spread is None:
            return None
        systems = self.released.systems
        lanes = [self._lane("All systems", systems)]
        lanes += (
            self._lane(choice.name, systems.in_region(choice.code))
            for choice in regions_of(systems)
            if self.region in {"", choice.code}
        )
        return DifferenceStrip(
            title=f"The gap: “{self.pair.first}” minus “{self.pair.second}”, by region",
            subtitle=self._subtitle,
            axis=difference_axis(
                (self.spread.minimum, self.spread.maximum),
                f"Difference in {self.unit}",
                PERCENT_STEP if self.axis.unit else LEVEL_STEP,
            ),
            lanes=tuple(lanes),
            each=not self._in_squares,
        )

    def _lane(self, name: str, systems: Systems) -> StripLane:
        found = self._tally(systems)
        counts = (found.known, found.above, found.below) if self._in_squares else None
        return StripLane(name, _dots(self._drawn(systems)), found.spread, counts)

    @property
    def unit(self) -> str:
        """The unit of the difference."""
        return difference_words(self.axis)

    @property
    def _subtitle(self) -> str:
        known = self._tally(self._systems).known
        return f"{known:,} of {counted(len(self._systems), 'system')} with both. {self.head.source}"

    def _spread_sentences(self) -> Iterable[str]:
        found = self.spread
        if found is None:
            return
        yield (
            f"The gap is “{self.pair.first}” minus “{self.pair.second}”. Its median over "
            f"{counted(found.n, 'system')} is {signed(found.median)} {self.unit}; the middle half lies "
            f"between {signed(found.q1)} and {signed(found.q3)}."
        )
        of_all = self._tally(self.released.systems)
        yield (
            f"The gap lies above zero in {of_all.above:,} of {counted(found.n, 'system')} and below it in "
            f"{of_all.below:,}."
        )

    def _core_sentences(self) -> Iterable[str]:
        if self.core is not None and self.core.spread is not None:
            yield (
                f"Over the core dimensions alone the median gap is {signed(self.core.spread.median)} "
                f"{self.unit} ({self.core.count} systems)."
            )

    def _missing_sentences(self) -> Iterable[str]:
        missing = len(self.released.systems) - self._tally(self.released.systems).known
        if missing and self.released.whole:
            of = f"{counted(missing, 'system')} of {self.released.of:,}"
            yield f"{of} cannot be placed: see below the chart."


def gap_choices(released: Released) -> tuple[Choice, ...]:
    """Return what can be set against each other in the release."""
    return tuple(Choice(pair.code, pair.name) for pair in pairs(released.instrument.content))


def gap_results(person: AnyPerson, released: Released, pair_code: str, region: str = "") -> GapResults | None:
    """Return the systems by the two scores of a pair: one query for a split, else none.

    `pair_code` empty or unknown: the first pair, which is the questionnaire's gap where it has one. None when
    the questionnaire has nothing to set against each other.
    """
    content = released.instrument.content
    offered = pairs(content)
    if not offered:
        return None
    pair = next((each for each in offered if each.code == pair_code), offered[0])
    return GapResults(
        released=released,
        pair=pair,
        region=region,
        axis=pair_axis(content, pair),
        own=own_systems(person, released),
        core=_core(released, content) if released.whole and pair.kind is PairKind.GROUPS else None,
    )


def _answers(
    released: Released, pair: Pair, systems: Sequence[System]
) -> Mapping[int, Mapping[str, Response]]:
    if pair.kind is not PairKind.PARTS:
        return {}
    return read_answers(
        released.head.id, [system.assessment_id for system in systems], [pair.question]
    ).by_system


def _core(released: Released, content: Questionnaire) -> Summary | None:
    name = next(
        (
            each
            for each in combined_measures(content)
            if (each.measure, each.code) == (Result.Measure.GAP, CORE)
        ),
        None,
    )
    return None if name is None else _summary(name, released)


def _summary(name: MeasureName, released: Released) -> Summary:
    return summarise(name, axis_of(released.instrument.content), released.systems)


def _dots(lines: Iterable[GapLine]) -> tuple[StripDot, ...]:
    return tuple(
        StripDot(line.system.name, line.both.difference, line.mark)
        for line in lines
        if line.both.difference is not None
    )
