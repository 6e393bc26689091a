"""What is scored in a questionnaire, on which axis, and how the systems' scores spread."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from surveys.analysis.rounding import half_up
from surveys.analysis.scores import Score
from surveys.analysis.variation import Spread
from surveys.charts.axis import SHOWN_PLACES, ScoreAxis, level_axis, percent_axis
from surveys.charts.differences import signed
from surveys.charts.table import written_score
from surveys.models import Result
from surveys.queries.answer_words import number_in_words
from surveys.queries.releases import CORE
from surveys.queries.results.systems import Systems
from surveys.questionnaires.schema import Dimension, Questionnaire, ScoringMethod

Kind = Result.Measure


@dataclass(frozen=True)
class MeasureName:
    """Something that has a score: its kind and code as in Result, and its name."""

    measure: str
    code: str
    name: str

    @property
    def difference(self) -> bool:
        """Whether the score is a difference of two, which may be below 0 and lies on no axis of its own."""
        return self.measure == Kind.GAP

    def write(self, value: Decimal, axis: ScoreAxis) -> str:
        """Return a score as people read it: one decimal place; a difference with its sign."""
        return signed(value) if self.difference else axis.write(value)


@dataclass(frozen=True)
class Summary:
    """How the systems' scores on one measure spread; `spread` is None when no system has a score.

    `withheld` and `absent` count the systems whose score is withheld and those that did not respond.
    """

    name: MeasureName
    axis: ScoreAxis
    spread: Spread | None
    withheld: int
    absent: int
    of: int

    @property
    def scored(self) -> int:
        """How many systems have a score."""
        return self.spread.n if self.spread else 0

    @property
    def count(self) -> str:
        """How many systems have a score of how many."""
        return f"{self.scored} of {self.of}"

    @property
    def median(self) -> str:
        """The median as people read it; empty when no system has a score, as are the next three."""
        return self.name.write(self.spread.median, self.axis) if self.spread else ""

    @property
    def middle_half(self) -> str:
        """Where the middle half of the systems lies, Q1 to Q3."""
        return self._between(self.spread.q1, self.spread.q3) if self.spread else ""

    @property
    def middle_80_percent(self) -> str:
        """Where the middle 80 % of the systems lie, P10 to P90."""
        return self._between(self.spread.p10, self.spread.p90) if self.spread else ""

    @property
    def iqr(self) -> str:
        """How wide the middle half is, in levels or percentage points."""
        return str(half_up(self.spread.iqr, SHOWN_PLACES)) if self.spread else ""

    @property
    def p90_p10(self) -> str:
        """How wide the middle 80 % is, in levels or percentage points."""
        return str(half_up(self.spread.p90_p10, SHOWN_PLACES)) if self.spread else ""

    @property
    def range(self) -> str:
        """From the lowest score to the highest."""
        return self._between(self.spread.minimum, self.spread.maximum) if self.spread else ""

    def _between(self, low: Decimal, high: Decimal) -> str:
        return f"{self.name.write(low, self.axis)} to {self.name.write(high, self.axis)}"


def summarise(name: MeasureName, axis: ScoreAxis, systems: Systems) -> Summary:
    """Return the summary of one measure over the systems; it is worked out once for the same ones."""
    return Summary(
        name=name,
        axis=axis,
        spread=systems.spread(name.measure, name.code),
        withheld=len(systems.withheld(name.measure, name.code)),
        absent=len(systems.absent),
        of=len(systems),
    )


def value_of(score: Score | None) -> Decimal | None:
    """Return the value of a score; None without a score or without a value."""
    return None if score is None else score.value


NO_AXIS = ScoreAxis(Decimal(0), Decimal(1), (Decimal(0), Decimal(1)), title="No scores")
"""The axis of a questionnaire that scores nothing: without a scale no question can be scored."""


def axis_of(content: Questionnaire) -> ScoreAxis:
    """Return the axis of the questionnaire's scores: its levels, or percent of the possible points."""
    if content.scoring is ScoringMethod.POINTS:
        return percent_axis()
    if content.scale is None:
        return NO_AXIS
    return level_axis([(level.value, level.name) for level in content.scale.levels])


def in_full(score: Score | None, axis: ScoreAxis) -> str:
    """Return a score as people read it, with the points behind a percentage, or why there is none."""
    shown = written_score(score, axis)
    if score is None or score.points is None or score.possible is None:
        return shown
    return f"{shown} ({number_in_words(score.points)} of {number_in_words(score.possible)} points)"


def difference_words(axis: ScoreAxis) -> str:
    """Return the unit of a difference of two scores on the axis."""
    return "percentage points" if axis.unit == "%" else "levels"


def is_scored(dimension: Dimension) -> bool:
    """Whether a dimension can have a score at all."""
    return any(question.scored for question in dimension.all_questions)


def dimension_measure(dimension: Dimension) -> MeasureName:
    """Return the measure of a dimension."""
    return MeasureName(Kind.DIMENSION.value, dimension.code, dimension.name)


def section_measures(dimension: Dimension) -> tuple[MeasureName, ...]:
    """Return the measures of the sections of a dimension that can have a score."""
    return tuple(
        MeasureName(Kind.SECTION.value, section.code, section.name)
        for section in dimension.sections
        if any(question.scored for question in section.questions)
    )


def combined_measures(content: Questionnaire) -> tuple[MeasureName, ...]:
    """Return what is scored across dimensions: overall, groups, the gaps between groups, themes."""
    names = {group.code: group.name for group in content.groups}
    found = [MeasureName(Kind.OVERALL.value, "", "Overall")] if content.overall else []
    found += [MeasureName(Kind.GROUP.value, group.code, group.name) for group in content.groups]
    if content.gap is not None:
        gap = f"{names[content.gap.first]} minus {names[content.gap.second]}"
        found.append(MeasureName(Kind.GAP.value, "", gap))
        if any(dimension.gap_core for dimension in content.dimensions):
            found.append(MeasureName(Kind.GAP.value, CORE, f"{gap}, core dimensions"))
    found += [MeasureName(Kind.THEME.value, theme.code, theme.name) for theme in content.themes]
    return tuple(found)


def all_measures(content: Questionnaire) -> tuple[MeasureName, ...]:
    """Return everything that is scored, dimension by dimension with its sections, then across them."""
    scored = [dimension for dimension in content.dimensions if is_scored(dimension)]
    return (
        *(name for each in scored for name in (dimension_measure(each), *section_measures(each))),
        *combined_measures(content),
    )
