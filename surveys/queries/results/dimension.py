"""All systems on one dimension: each score with its rank range, the spread, the questions behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from django.http import Http404

from surveys.analysis.bounds import Bounds, median_bounds
from surveys.analysis.change import Change
from surveys.analysis.ranks import RankRange
from surveys.analysis.scores import Score
from surveys.analysis.variation import spread
from surveys.charts.axis import ScoreAxis
from surveys.charts.differences import signed
from surveys.charts.system_strips import NamedValue, StripRow, SystemStrips
from surveys.charts.table import written_score
from surveys.permissions import AnyPerson
from surveys.queries.results.agreement import QuestionAgreement, measured, question_agreement
from surveys.queries.results.measures import (
    Summary,
    axis_of,
    dimension_measure,
    is_scored,
    section_measures,
    summarise,
    value_of,
)
from surveys.queries.results.ranking import Answers, answers_to, codes_behind, rank_systems
from surveys.queries.results.released import Measure, Released, ReleaseHead, System, read
from surveys.queries.results.selection import EVERYTHING, Choice, Selection, in_region, regions_of
from surveys.queries.results.sentences import (
    missing_sentences,
    regions_sentence,
    spread_finding,
    spread_sentences,
)
from surveys.queries.results.since_last_round import since_last_round
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
    lines: tuple[SystemLine, ...]
    every_line: tuple[SystemLine, ...]
    selection: Selection
    summary: Summary | None
    bounds: Bounds | None
    sections: tuple[Summary, ...]
    questions: tuple[QuestionAgreement, ...]
    other_questions: tuple[Question, ...]
    before: ReleaseHead | None = None

    @property
    def head(self) -> ReleaseHead:
        """The release."""
        return self.released.head

    @property
    def missing(self) -> tuple[str, ...]:
        """Who has no score and why, by name."""
        scores = [
            (line.system.name, line.score)
            for line in sorted(self.every_line, key=lambda line: line.system.name)
            if line.value is None
        ]
        return missing_sentences(
            withheld=[name for name, score in scores if score is not None and score.withheld],
            absent=[name for name, score in scores if score is None],
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the numbers say, and who is missing."""
        if self.summary is None:
            return ()
        medians = {
            region.name: found.median
            for region in regions_of(self.released.systems)
            if (found := _strip(region.name, within(self.every_line, region)).spread) is not None
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
                _strip(ALL_SYSTEMS, self.every_line),
                *(
                    _strip(region.name, within(self.every_line, region))
                    for region in regions_of(self.released.systems)
                    if self.selection.region in {"", region.code}
                ),
            ),
            missing=self.missing,
        )

    def arranged(self, selection: Selection) -> DimensionResults:
        """Return the same with the lines of the region asked for, in the order asked for."""
        lines = [line for line in self.every_line if in_region(line.system, selection)]
        order = Order(selection.order or Order.REGION)
        return replace(
            self, selection=selection, lines=tuple(ordered(lines, order, descending=selection.descending))
        )


def dimension_results(person: AnyPerson, release_id: int, code: str) -> DimensionResults:
    """Return one dimension of a release, its systems by region and name: six queries.

    Raises Http404 when the person may read no such release, or when it has no such dimension with a score.
    """
    released = read(person, release_id)
    dimension = released.instrument.dimension(code)
    if not is_scored(dimension):
        raise Http404
    content = released.instrument.content
    answers = answers_to(released, codes_behind(content, dimension.all_questions))
    whole = released.whole
    axis = axis_of(content)
    summary = summarise(dimension_measure(dimension), axis, released.systems) if whole else None
    ranges = rank_systems(released, dimension, answers) if whole else {}
    last = since_last_round(person, released, dimension, answers)
    changes = last.changes if last else {}
    lines = [
        SystemLine(
            system=each,
            axis=axis,
            score=each.score(Measure.DIMENSION, code),
            rank=ranges.get(each.assessment_id),
            change=changes.get(each.assessment_id),
        )
        for each in released.systems
    ]
    return DimensionResults(
        released=released,
        code=code,
        name=dimension.name,
        about=dimension.about,
        axis=axis,
        lines=tuple(lines),
        every_line=tuple(lines),
        selection=EVERYTHING,
        before=last.head if last else None,
        summary=summary,
        bounds=_bounds(lines, axis) if whole else None,
        sections=tuple(summarise(each, axis, released.systems) for each in section_measures(dimension))
        if whole
        else (),
        questions=_questions(dimension, answers, released) if whole else (),
        other_questions=tuple(
            each for each in dimension.all_questions if not (whole and each in measured(dimension))
        ),
    )


def ordered(lines: list[SystemLine], order: Order, *, descending: bool) -> list[SystemLine]:
    """Return the lines in an order; those without a score or a change come last when ordered by it."""
    by_region = sorted(lines, key=_by_region)
    if order in _FIGURES:
        figure = _FIGURES[order]
        known = [line for line in by_region if figure(line) is not None]
        unknown = [line for line in by_region if figure(line) is None]
        return [*sorted(known, key=lambda line: figure(line) or 0, reverse=descending), *unknown]
    key = _by_region if order is Order.REGION else _by_name
    return sorted(by_region, key=key, reverse=descending)


def _by_region(line: SystemLine) -> tuple[str, str]:
    return (line.system.region_name.casefold(), line.system.name.casefold())


def _by_name(line: SystemLine) -> str:
    return line.system.name.casefold()


_FIGURES: dict[Order, Callable[[SystemLine], Decimal | None]] = {
    Order.SCORE: lambda line: line.value,
    Order.CHANGE: lambda line: line.difference,
}


def within(lines: Iterable[SystemLine], region: Choice) -> tuple[SystemLine, ...]:
    """Return the lines of the systems of a region."""
    chosen = Selection(region=region.code)
    return tuple(line for line in lines if in_region(line.system, chosen))


def _strip(name: str, lines: Sequence[SystemLine]) -> StripRow:
    dots = tuple(NamedValue(line.system.name, line.value) for line in lines if line.value is not None)
    return StripRow(name, len(lines), dots, spread([dot.value for dot in dots], len(lines)))


def _bounds(lines: list[SystemLine], axis: ScoreAxis) -> Bounds | None:
    values = [line.value for line in lines if line.value is not None]
    return median_bounds(values, len(lines), axis.lowest, axis.highest)


def _questions(dimension: Dimension, answers: Answers, released: Released) -> tuple[QuestionAgreement, ...]:
    counts: dict[str, dict[int, int]] = {}
    for responses in answers.by_system.values():
        for code, response in responses.items():
            if response.level is not None:
                chosen = counts.setdefault(code, {})
                chosen[response.level] = chosen.get(response.level, 0) + 1
    return tuple(question_agreement(question, counts, released.of) for question in measured(dimension))
