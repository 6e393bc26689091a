"""All systems on one dimension: each score with its rank range, the spread, the questions behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.http import Http404

from surveys.analysis.bounds import Bounds, median_bounds
from surveys.analysis.ranks import RankRange
from surveys.analysis.scores import Score
from surveys.charts.axis import ScoreAxis
from surveys.charts.systems_bar import SystemBar, SystemsBar
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
from surveys.queries.results.ranking import Answers, codes_behind, rank_systems, read_answers
from surveys.queries.results.released import Measure, Released, ReleaseHead, System, read
from surveys.queries.results.selection import EVERYTHING, Selection, in_region
from surveys.queries.results.sentences import counted, missing_sentences, spread_sentences
from surveys.questionnaires.schema import Dimension, Question


class Order(StrEnum):
    """What the table of systems may be ordered by. `region` is by region, then name."""

    REGION = "region"
    NAME = "name"
    SCORE = "score"


@dataclass(frozen=True)
class SystemLine:
    """A system's score on the dimension, None without a response; `rank` only where there is one to give."""

    system: System
    axis: ScoreAxis
    score: Score | None
    rank: RankRange | None

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

    @property
    def head(self) -> ReleaseHead:
        """The release."""
        return self.released.head

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the numbers say, and who is missing."""
        if self.summary is None:
            return ()
        withheld = [
            line.system.name for line in self.every_line if line.score is not None and line.score.withheld
        ]
        absent = [line.system.name for line in self.every_line if line.score is None]
        return (
            *spread_sentences(self.summary, self.axis, self.bounds),
            *missing_sentences(withheld=sorted(withheld), absent=sorted(absent)),
        )

    @property
    def chart(self) -> SystemsBar:
        """A bar for each system, in the order of the table."""
        spread = self.summary.spread if self.summary else None
        count = ""
        if self.summary is not None:
            count = f"{self.summary.scored} of {counted(self.summary.of, 'system')} with a score. "
        return SystemsBar(
            title=f"{self.name}: the score of each system",
            subtitle=f"{count}{self.head.source}",
            axis=self.axis,
            rows=tuple(
                SystemBar(line.system.name, line.system.region_name, line.score) for line in self.lines
            ),
            median=spread.median if spread else None,
        )

    def arranged(self, selection: Selection) -> DimensionResults:
        """Return the same with the lines of the region asked for, in the order asked for."""
        lines = [line for line in self.every_line if in_region(line.system, selection)]
        order = Order(selection.order or Order.REGION)
        return replace(
            self, selection=selection, lines=tuple(ordered(lines, order, descending=selection.descending))
        )


def dimension_results(person: AnyPerson, release_id: int, code: str) -> DimensionResults:
    """Return one dimension of a release, its systems by region and name: four queries.

    Raises Http404 when the person may read no such release, or when it has no such dimension with a score.
    """
    released = read(person, release_id)
    dimension = released.instrument.dimension(code)
    if not is_scored(dimension):
        raise Http404
    content = released.instrument.content
    answers = read_answers(
        release_id,
        [each.assessment_id for each in released.systems],
        codes_behind(content, dimension.all_questions),
    )
    whole = released.whole
    axis = axis_of(content)
    summary = summarise(dimension_measure(dimension), axis, released.systems) if whole else None
    ranges = rank_systems(released, dimension, answers) if whole else {}
    lines = [
        SystemLine(each, axis, each.score(Measure.DIMENSION, code), ranges.get(each.assessment_id))
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
    """Return the lines in an order; those without a score always come last when ordered by score."""
    by_region = sorted(lines, key=_ORDERS[Order.REGION])
    if order is not Order.SCORE:
        return sorted(by_region, key=_ORDERS[order], reverse=descending)
    known = [line for line in by_region if line.value is not None]
    return [
        *sorted(known, key=_ORDERS[Order.SCORE], reverse=descending),
        *(line for line in by_region if line.value is None),
    ]


_ORDERS: dict[Order, Callable[[SystemLine], Any]] = {
    Order.REGION: lambda line: (line.system.region_name.casefold(), line.system.name.casefold()),
    Order.NAME: lambda line: line.system.name.casefold(),
    Order.SCORE: lambda line: line.value,
}


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
