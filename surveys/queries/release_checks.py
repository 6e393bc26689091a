"""What is checked of a release: that its figures are whole, possible, and those that were signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from surveys.analysis.bounds import Bounds, median_bounds
from surveys.analysis.quantiles import median
from surveys.charts.axis import ScoreAxis
from surveys.models import Assessment, Participant, Release, ReleasedAnswer, ReleasedSubmission, Result, Round
from surveys.queries.releases import FrozenScore, FrozenSystem, PreparedRelease, held_by, recomputed
from surveys.queries.results.measures import (
    MeasureName,
    all_measures,
    axis_of,
    dimension_measure,
    is_scored,
)
from surveys.questionnaires.schema import Questionnaire, ScoringMethod
from surveys.wording import counted

MOST_FAULTS: Final = 10
"""The most faults that a page or a refusal names of one check; the rest are counted."""

Systems = Mapping[int, FrozenSystem]
Names = Mapping[int, str]


@dataclass(frozen=True)
class Check:
    """Something that was checked: `found` says what, with numbers, and `faults` what is wrong."""

    name: str
    found: str
    faults: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def named(self) -> tuple[str, ...]:
        """The first of the faults, and how many there are besides."""
        further = len(self.faults) - MOST_FAULTS
        return (*self.faults[:MOST_FAULTS], *([f"And {further:,} more."] if further > 0 else []))

    @property
    def words(self) -> str:
        """The faults of a check that failed, to be told in one go."""
        return f"{self.name}: {' '.join(self.named)}"


@dataclass(frozen=True)
class MedianLine:
    """How far the median on one dimension depends on the systems without a score: `scored` of `of` have one.

    Figures are as people read them; empty without a score.
    """

    name: str
    scored: int
    of: int
    median: str
    lower: str
    upper: str


def prepared_checks(survey_round: Round, prepared: PreparedRelease) -> tuple[Check, ...]:
    """Return what is checked of a release that is about to be made: two queries."""
    content = survey_round.questionnaire.content
    return (
        counts_check(survey_round, prepared),
        bounds_check("Bounds", content, prepared.systems, prepared.names),
    )


def frozen_checks(release: Release, known: Systems) -> tuple[Check, ...]:
    """Return what is checked of the stored rows of a release: eight queries.

    What is `known` to come of the same submissions is not worked out a second time.
    """
    rows = Assessment.objects.filter(round=release.round_id)
    names = dict(rows.values_list("pk", "organisation_name"))
    held = held_by(release)
    content = release.round.questionnaire.content
    return (
        stored_check(release, held, known, names),
        bounds_check("Stored bounds", content, held, names),
    )


def counts_check(survey_round: Round, prepared: PreparedRelease) -> Check:
    """Check that every participant has results, is named as absent or was withdrawn, counted anew."""
    participants = Participant.objects.filter(round=survey_round).count()
    taking_part = Assessment.objects.filter(round=survey_round).taking_part()
    submitted = taking_part.filter(status=Assessment.Status.SUBMITTED).count()
    responded, absent, gone = len(prepared.systems), len(prepared.absent), len(prepared.withdrawn)
    told = (
        f"{responded:,} with results, {absent:,} without"
        f"{f', {gone:,} withdrawn from the round' if gone else ''}"
    )
    faults = []
    if responded + absent + gone != participants:
        total = responded + absent + gone
        faults.append(f"{counted(participants, 'system')} were chosen, but {told} come to {total:,}.")
    if responded != submitted:
        faults.append(f"{submitted:,} are submitted, but {responded:,} have results.")
    found = f"{counted(participants, 'system')}: {told}. Submitted: {submitted:,}."
    return Check("Counts", found, tuple(faults))


def bounds_check(title: str, content: Questionnaire, systems: Systems, names: Names) -> Check:
    """Check that every score lies on its scale and is withheld exactly where too little is answered.

    No score counts more answers than questions, and none that is withheld has a figure.
    """
    known = {(name.measure, name.code): name for name in all_measures(content)}
    axis = axis_of(content)
    faults = tuple(
        f"{names[key]}, {name.name if name else line.code}: {fault}."
        for key, system in systems.items()
        for line in sorted(system.scores, key=lambda each: (each.measure, each.code))
        for name in [known.get((line.measure, line.code))]
        for fault in _faults(line, content, axis, name)
    )
    scores = sum(len(system.scores) for system in systems.values())
    found = (
        f"{counted(scores, 'score')} between {axis.lowest} and {axis.highest}, n within N, withheld by rule."
    )
    return Check(title, found, faults)


def stored_check(release: Release, held: Systems, known: Systems, names: Names) -> Check:
    """Check that what a release holds is what its signed submissions give when they are scored again."""
    again = recomputed(release, held, known)
    faults = [fault for key, system in held.items() for fault in _differing(names[key], system, again[key])]
    faults += [f"{names[key]} has figures but no submission." for key in _strays(release, held)]
    results = sum(len(system.scores) for system in held.values())
    answers = sum(len(system.answers) for system in held.values())
    found = (
        f"{counted(results, 'score')} and {counted(answers, 'answer')} of {str(release).lower()}, worked out "
        f"again from {counted(len(held), 'signed submission')}."
    )
    return Check("Stored figures", found, tuple(faults))


def median_lines(content: Questionnaire, prepared: PreparedRelease) -> tuple[MedianLine, ...]:
    """Return for each dimension how far the median could move if every system had a score."""
    axis = axis_of(content)
    return tuple(
        _median_line(dimension_measure(dimension), axis, prepared)
        for dimension in content.dimensions
        if is_scored(dimension)
    )


def _median_line(name: MeasureName, axis: ScoreAxis, prepared: PreparedRelease) -> MedianLine:
    values = [
        line.score
        for system in prepared.systems.values()
        for line in system.scores
        if (line.measure, line.code) == (name.measure, name.code) and line.score is not None
    ]
    of = len(prepared.names)
    found = _bounds(values, of, axis)
    return MedianLine(
        name=name.name,
        scored=len(values),
        of=of,
        median=axis.write(median(values)) if values else "",
        lower=axis.write(found.lower) if values and found else "",
        upper=axis.write(found.upper) if values and found else "",
    )


def _bounds(values: list[Decimal], of: int, axis: ScoreAxis) -> Bounds | None:
    """Return the bounds; None for scores that lie off the scale, which the check of bounds tells."""
    if any(not axis.lowest <= value <= axis.highest for value in values):
        return None
    return median_bounds(values, of, axis.lowest, axis.highest)


def _faults(
    line: FrozenScore, content: Questionnaire, axis: ScoreAxis, name: MeasureName | None
) -> Iterator[str]:
    if name is None:
        yield "the questionnaire has no such score"
        return
    width = axis.highest - axis.lowest
    lowest, highest = (-width, width) if name.difference else (axis.lowest, axis.highest)
    if line.score is not None and not lowest <= line.score <= highest:
        yield f"{line.score} does not lie between {lowest} and {highest}"
    if line.answered > line.asked:
        yield f"{line.answered} answered of {line.asked}"
    if line.answered + line.not_applicable > line.asked and content.scoring is not ScoringMethod.POINTS:
        yield f"{line.answered} answered and {line.not_applicable} not applicable of {line.asked}"
    if line.withheld and not (line.score is line.points is line.possible is None):
        yield "withheld, and yet it has a figure"
    if not name.difference and line.withheld != _too_few(line, content):
        rule = "is withheld" if line.withheld else "is not withheld"
        yield f"{line.answered} of {line.asked} answered, and it {rule}"


def _too_few(line: FrozenScore, content: Questionnaire) -> bool:
    return line.asked > 0 and Decimal(line.answered) / line.asked < content.minimum_share


def _differing(name: str, held: FrozenSystem, again: FrozenSystem | str) -> Iterator[str]:
    if isinstance(again, str):
        yield again
        return
    scores = len({(line.measure, line.code) for line in held.scores ^ again.scores})
    if scores:
        yield f"{name}: {counted(scores, 'score')} not as signed."
    answers = sum(
        held.answers.get(code) != again.answers.get(code) for code in {*held.answers, *again.answers}
    )
    if answers:
        yield f"{name}: {counted(answers, 'answer')} not as signed."


def _strays(release: Release, held: Systems) -> Iterable[int]:
    """Return the assessments of which a release holds figures without a submission that they are from."""
    known = ReleasedSubmission.objects.filter(release=release).values("assessment_id")
    found: set[int] = set()
    for model in (Result, ReleasedAnswer):
        rows = model._default_manager.filter(release=release).exclude(assessment__in=known)
        found |= set(rows.values_list("assessment_id", flat=True))
    return sorted(found - set(held))
