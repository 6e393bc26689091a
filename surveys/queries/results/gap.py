"""Where systems are ahead in one thing and behind in another: the gap between two scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from surveys.analysis.variation import Spread, spread
from surveys.charts.axis import ScoreAxis
from surveys.charts.difference_strip import DifferenceStrip, StripDot, StripLane
from surveys.charts.differences import difference_axis, signed
from surveys.charts.paired_scores import PairedDot, PairedScores
from surveys.models import Result
from surveys.permissions import AnyPerson
from surveys.queries.releases import CORE
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
from surveys.queries.results.released import Released, ReleaseHead, System
from surveys.queries.results.selection import Choice, region_code, regions_of
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
    `core` is the questionnaire's gap over its core dimensions, only beside the gap itself.
    """

    released: Released
    pair: Pair
    region: str
    axis: ScoreAxis
    every: tuple[GapLine, ...]
    spread: Spread | None
    medians: tuple[Decimal, Decimal] | None
    core: Summary | None

    @property
    def head(self) -> ReleaseHead:
        """The release."""
        return self.released.head

    @cached_property
    def lines(self) -> tuple[GapLine, ...]:
        """The systems to show, by region and name."""
        return tuple(line for line in self.every if self.region in {"", region_code(line.system)})

    @property
    def title(self) -> str:
        """What the view finds, in one line."""
        first, second = self.pair.first, self.pair.second
        known = self._differences
        if self.spread is None or not known:
            return f"“{first}” against “{second}”"
        higher, lower = sum(each > 0 for each in known), sum(each < 0 for each in known)
        word, number = ("higher", higher) if higher >= lower else ("lower", lower)
        return f"“{first}” is {word} than “{second}” in {number} of {counted(len(known), 'system')}"

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
                for line in self.lines
                if line.both.first is not None and line.both.second is not None
            ),
            medians=self.medians,
            missing=tuple(
                f"{line.system.name} ({line.both.why_not})" for line in self.lines if line.both.why_not
            ),
        )

    @cached_property
    def strip(self) -> DifferenceStrip | None:
        """The differences, of all systems and region by region; None where some systems are not seen."""
        if self.spread is None:
            return None
        lanes = [StripLane("All systems", _dots(self.every), self.spread)]
        for choice in regions_of(line.system for line in self.every):
            if self.region in {"", choice.code}:
                found = _dots(line for line in self.every if region_code(line.system) == choice.code)
                lanes.append(StripLane(choice.name, found, spread([dot.value for dot in found], len(found))))
        return DifferenceStrip(
            title=f"The gap: “{self.pair.first}” minus “{self.pair.second}”, by region",
            subtitle=self._subtitle,
            axis=difference_axis(
                self._differences,
                f"Difference in {self.unit}",
                PERCENT_STEP if self.axis.unit else LEVEL_STEP,
            ),
            lanes=tuple(lanes),
        )

    @property
    def unit(self) -> str:
        """The unit of the difference."""
        return difference_words(self.axis)

    @property
    def _subtitle(self) -> str:
        known = sum(line.both.difference is not None for line in self.lines)
        return f"{known} of {counted(len(self.lines), 'system')} with both. {self.head.source}"

    @cached_property
    def _differences(self) -> tuple[Decimal, ...]:
        return tuple(line.both.difference for line in self.every if line.both.difference is not None)

    def _spread_sentences(self) -> Iterable[str]:
        found = self.spread
        if found is None:
            return
        yield (
            f"The gap is “{self.pair.first}” minus “{self.pair.second}”. Its median over "
            f"{counted(found.n, 'system')} is {signed(found.median)} {self.unit}; the middle half lies "
            f"between {signed(found.q1)} and {signed(found.q3)}."
        )
        above, below = (
            sum(each > 0 for each in self._differences),
            sum(each < 0 for each in self._differences),
        )
        yield f"The gap lies above zero in {above} of {counted(found.n, 'system')} and below it in {below}."

    def _core_sentences(self) -> Iterable[str]:
        if self.core is not None and self.core.spread is not None:
            yield (
                f"Over the core dimensions alone the median gap is {signed(self.core.spread.median)} "
                f"{self.unit} ({self.core.count} systems)."
            )

    def _missing_sentences(self) -> Iterable[str]:
        missing = sum(line.both.difference is None for line in self.every)
        if missing and self.released.whole:
            yield f"{counted(missing, 'system')} of {self.released.of} cannot be placed: see below the chart."


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
    answers = _answers(released, pair)
    own = own_systems(person, released)
    lines = tuple(
        GapLine(
            system,
            both_scores(content, pair, system, answers.get(system.assessment_id, {})),
            system.assessment_id in own,
        )
        for system in released.systems
    )
    whole = released.whole
    return GapResults(
        released=released,
        pair=pair,
        region=region,
        axis=pair_axis(content, pair),
        every=lines,
        spread=_spread(line.both.difference for line in lines) if whole else None,
        medians=_medians(lines) if whole else None,
        core=_core(released, content) if whole and pair.kind is PairKind.GROUPS else None,
    )


def _answers(released: Released, pair: Pair) -> Mapping[int, Mapping[str, Response]]:
    if pair.kind is not PairKind.PARTS:
        return {}
    systems = [system.assessment_id for system in released.systems]
    return read_answers(released.head.id, systems, [pair.question]).by_system


def _spread(values: Iterable[Decimal | None]) -> Spread | None:
    given = list(values)
    return spread([value for value in given if value is not None], len(given))


def _medians(lines: tuple[GapLine, ...]) -> tuple[Decimal, Decimal] | None:
    across, up = _spread(line.both.second for line in lines), _spread(line.both.first for line in lines)
    if across is None or up is None:
        return None
    return across.median, up.median


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
