"""All systems on one dimension: each score with its rank range, the spread, the questions behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.http import Http404

from surveys.analysis.bounds import Bounds, median_bounds
from surveys.analysis.change import Change
from surveys.analysis.ranks import RankRange
from surveys.analysis.scores import Score
from surveys.charts.axis import ScoreAxis
from surveys.charts.differences import signed
from surveys.charts.system_strips import NamedValue, StripRow, SystemStrips
from surveys.charts.table import written_score
from surveys.permissions import AnyPerson
from surveys.queries.results.agreement import QuestionAgreement, measured, question_agreement
from surveys.queries.results.levels import counted_levels
from surveys.queries.results.measures import (
    Summary,
    axis_of,
    dimension_measure,
    is_scored,
    section_measures,
    summarise,
    value_of,
)
from surveys.queries.results.ranking import Ranked, rank_systems
from surveys.queries.results.released import Measure, Released, ReleaseHead, read
from surveys.queries.results.selection import EVERYTHING, Choice, Selection, regions_of
from surveys.queries.results.sentences import (
    missing_sentences,
    names_of,
    regions_sentence,
    spread_finding,
    spread_sentences,
)
from surveys.queries.results.since_last_round import SinceLastRound, since_last_round
from surveys.queries.results.systems import NO_VALUE, Lines, System, Systems
from surveys.questionnaires.schema import Dimension, Question
from surveys.wording import counted

ALL_SYSTEMS = "All systems"


class Order(StrEnum):
    """What the table of systems may be ordered by. `region` is by region, then name."""

    REGION = "region"
    NAME = "name"
    SCORE = "score"
    CHANGE = "change"


@dataclass(frozen=True)
class SystemLine:
    """A system's score on the dimension, None without a response; `rank` only where there is one to give.

    `change` since the round before is on comparable questions, None where there is none.
    """

    system: System
    axis: ScoreAxis
    score: Score | None
    rank: RankRange | None
    change: Change | None = None

    @property
    def difference(self) -> Decimal | None:
        """How far the score has moved on comparable questions, in the unit of the scores."""
        return self.change.difference if self.change else None

    @property
    def changed(self) -> str:
        """The change as people read it, with the number of questions behind it; empty for none."""
        if self.change is None:
            return ""
        shown = "not shown" if self.difference is None else signed(self.difference)
        return f"{shown} ({self.change.questions} of {self.change.of})"

    @property
    def flags(self) -> tuple[str, ...]:
        """What to know before using the score: what is not answered, and a large move."""
        found = []
        if self.score is not None and self.value is not None and self.score.answered < self.score.of:
            found.append(f"{counted(self.score.of - self.score.answered, 'question')} without a score")
        if self.difference is not None and abs(self.difference) >= self._large:
            found.append("Large change")
        return tuple(found)

    @property
    def _large(self) -> Decimal:
        """A quarter of the axis: one level of five, or 25 percentage points."""
        return (self.axis.highest - self.axis.lowest) / 4

    @property
    def value(self) -> Decimal | None:
        """The score's value."""
        return value_of(self.score)

    @property
    def shown(self) -> str:
        """The score as people read it, or why there is none, such as "not submitted"."""
        return written_score(self.score, self.axis)

    @property
    def count(self) -> str:
        """How many questions were answered of how many; empty without a response."""
        return f"{self.score.answered} of {self.score.of}" if self.score else ""

    @property
    def rank_in_words(self) -> str:
        """The rank with its range, such as "=2 (1 to 3)"; empty without a rank."""
        return f"{self.rank.rank.label} ({self.rank.label})" if self.rank else ""


@dataclass(frozen=True)
class DimensionResults:
    """One dimension of a release. `lines` are those asked for, in the order asked for; the rest is of all.

    `questions` are those with agreement, `other_questions` the rest of the dimension.

    Unless `released.whole` the person sees only some systems: there is then no `summary`, no rank and no
    agreement, because they are worked out from every system.
    """

    released: Released
    code: str
    name: str
    about: str
    axis: ScoreAxis
    selection: Selection
    ranked: Ranked | None
    since: SinceLastRound | None
    summary: Summary | None
    bounds: Bounds | None
    sections: tuple[Summary, ...]
    questions: tuple[QuestionAgreement, ...]
    other_questions: tuple[Question, ...]

    @property
    def head(self) -> ReleaseHead:
        """The release."""
        return self.released.head

    @property
    def before(self) -> ReleaseHead | None:
        """The release of the round before that changes are measured from; None for no changes."""
        return self.since.head if self.since else None

    @cached_property
    def lines(self) -> Sequence[SystemLine]:
        """The systems of the region asked for, in the order asked for."""
        return Lines(self._ordered(), self._lines)

    def _lines(self, systems: Sequence[System]) -> Iterator[SystemLine]:
        changes = self.since.changes(systems) if self.since else {}
        places = self.released.systems.columns.places
        for each in systems:
            yield SystemLine(
                system=each,
                axis=self.axis,
                score=each.score(Measure.DIMENSION, self.code),
                rank=self.ranked.of(places[each.assessment_id]) if self.ranked else None,
                change=changes.get(each.assessment_id),
            )

    def _ordered(self) -> Systems:
        """Return the systems in order; those without a score or a change come last when ordered by it."""
        systems = self.released.systems.in_region(self.selection.region)
        descending = self.selection.descending
        match Order(self.selection.order or Order.REGION):
            case Order.REGION:
                return systems.by_region(descending=descending)
            case Order.NAME:
                return systems.by_name(descending=descending)
            case Order.SCORE:
                return systems.by_score(Measure.DIMENSION, self.code, descending=descending)
            case Order.CHANGE:
                return self._by_change(systems, descending=descending)

    def _by_change(self, systems: Systems, *, descending: bool) -> Systems:
        if self.since is None:
            return systems
        differences = self.since.differences()

        def figure(place: int) -> int | None:
            return None if differences[place] == NO_VALUE else differences[place]

        name = ("change", self.since.head.id, self.code)
        return systems.ordered(name, figure, descending=descending)

    @property
    def missing(self) -> tuple[str, ...]:
        """Who has no score and why, by name."""
        systems = self.released.systems
        return missing_sentences(
            withheld=names_of(systems.withheld(Measure.DIMENSION, self.code).by_name()),
            absent=names_of(systems.absent.by_name()),
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the numbers say, and who is missing."""
        if self.summary is None:
            return ()
        medians = {
            region.name: found.median
            for region in regions_of(self.released.systems)
            if (found := self._systems_in(region).spread(Measure.DIMENSION, self.code)) is not None
        }
        return (
            *spread_sentences(self.summary, self.axis, self.bounds),
            *regions_sentence(medians, self.axis),
            *self.missing,
        )

    @property
    def finding(self) -> str:
        """What the scores say, in one sentence without its full stop."""
        if self.summary is None:
            return self.name
        return f"{self.name}: {spread_finding(self.summary, self.axis)}"

    @property
    def chart(self) -> SystemStrips | None:
        """Every system as a dot, in all and by region or in the one asked for; None without all systems."""
        if self.summary is None:
            return None
        return SystemStrips(
            title=self.finding,
            subtitle=f"{self.summary.scored} of {counted(self.summary.of, 'system')} with a score. "
            f"{self.head.source}",
            axis=self.axis,
            what="a score",
            rows=(
                self._strip(ALL_SYSTEMS, self.released.systems),
                *(
                    self._strip(region.name, self._systems_in(region))
                    for region in regions_of(self.released.systems)
                    if self.selection.region in {"", region.code}
                ),
            ),
            missing=self.missing,
            each=not self.released.systems.many,
        )

    def _systems_in(self, region: Choice) -> Systems:
        return self.released.systems.in_region(region.code)

    def _strip(self, name: str, systems: Systems) -> StripRow:
        dots: tuple[NamedValue, ...] = ()
        if not self.released.systems.many:
            known = ((each.name, value_of(each.score(Measure.DIMENSION, self.code))) for each in systems)
            dots = tuple(NamedValue(name, value) for name, value in known if value is not None)
        return StripRow(name, len(systems), dots, systems.spread(Measure.DIMENSION, self.code))

    def arranged(self, selection: Selection) -> DimensionResults:
        """Return the same with the lines of the region asked for, in the order asked for."""
        return replace(self, selection=selection)


def dimension_results(person: AnyPerson, release_id: int, code: str) -> DimensionResults:
    """Return one dimension of a release, its systems by region and name: six queries.

    Raises Http404 when the person may read no such release, or when it has no such dimension with a score.
    """
    released = read(person, release_id)
    dimension = released.instrument.dimension(code)
    if not is_scored(dimension):
        raise Http404
    content = released.instrument.content
    whole = released.whole
    axis = axis_of(content)
    return DimensionResults(
        released=released,
        code=code,
        name=dimension.name,
        about=dimension.about,
        axis=axis,
        selection=EVERYTHING,
        ranked=rank_systems(released, dimension) if whole else None,
        since=since_last_round(person, released, dimension),
        summary=summarise(dimension_measure(dimension), axis, released.systems) if whole else None,
        bounds=_bounds(released.systems, code, axis) if whole else None,
        sections=tuple(summarise(each, axis, released.systems) for each in section_measures(dimension))
        if whole
        else (),
        questions=_questions(dimension, released) if whole else (),
        other_questions=tuple(
            each for each in dimension.all_questions if not (whole and each in measured(dimension))
        ),
    )


def _bounds(systems: Systems, code: str, axis: ScoreAxis) -> Bounds | None:
    """Return between what the median of all lies, whatever the systems without a score would have scored."""

    def found() -> Bounds | None:
        values = systems.values(Measure.DIMENSION, code)
        return median_bounds(values, len(systems), axis.lowest, axis.highest)

    return systems.kept(("bounds", code), found)


def _questions(dimension: Dimension, released: Released) -> tuple[QuestionAgreement, ...]:
    counts = counted_levels(released)
    return tuple(question_agreement(question, counts, released.of) for question in measured(dimension))
