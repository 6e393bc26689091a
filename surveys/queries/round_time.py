"""How long the sections of a round should take, and how long they took: the burden that the round is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404

from surveys.analysis.rounding import half_up
from surveys.analysis.variation import Spread, spread
from surveys.models import Assessment
from surveys.queries.completion import time_in_words
from surveys.queries.instruments import instrument
from surveys.queries.progress import Progress, SystemProgress
from surveys.queries.rounds import RoundPage
from surveys.queries.section_work import minutes_of
from surveys.questionnaires.schema import Dimension


@dataclass(frozen=True)
class SectionTime:
    """One section: the estimate, and the minutes that the submitted systems took; `taken` None for nobody."""

    code: str
    name: str
    estimated_minutes: int
    taken: Spread | None

    @property
    def median(self) -> str:
        """The median in whole minutes; empty when no time was noted."""
        return str(half_up(self.taken.median, 0)) if self.taken else ""

    @property
    def middle_half(self) -> str:
        """From what to what the middle half of the systems took, in whole minutes; empty as `median` is."""
        return f"{half_up(self.taken.q1, 0)} to {half_up(self.taken.q3, 0)}" if self.taken else ""


@dataclass(frozen=True)
class SystemTime:
    """One system with the whole minutes worked on each section, by code; without work, left out."""

    system: SystemProgress
    minutes: Mapping[str, int]


@dataclass(frozen=True)
class RoundTime:
    """The time of a round, for the systems of its progress. `submitted` is how many have submitted."""

    sections: tuple[SectionTime, ...]
    systems: tuple[SystemTime, ...]
    submitted: int

    @property
    def estimated_in_words(self) -> str:
        """The estimate for all sections together."""
        return time_in_words(sum(section.estimated_minutes for section in self.sections))


def round_time(round_: RoundPage, found: Progress) -> RoundTime:
    """Return the time of a round as its page and progress were read, in one query.

    Raises Http404 unless they were read by somebody who manages rounds: how long a system takes is for nobody
    to be judged by.
    """
    if not round_.manages:
        raise Http404
    asked_by = instrument(round_.questionnaire_id)
    taken = minutes_of([system.assessment_id for system in found.systems], asked_by)
    systems = tuple(SystemTime(system, taken.get(system.assessment_id, {})) for system in found.systems)
    submitted = [each.minutes for each in systems if each.system.status == Assessment.Status.SUBMITTED]
    return RoundTime(
        sections=tuple(_section(dimension, submitted) for dimension in asked_by.content.dimensions),
        systems=systems,
        submitted=len(submitted),
    )


def _section(dimension: Dimension, submitted: list[Mapping[str, int]]) -> SectionTime:
    minutes = [Decimal(found[dimension.code]) for found in submitted if dimension.code in found]
    return SectionTime(
        code=dimension.code,
        name=dimension.name,
        estimated_minutes=dimension.estimated_minutes,
        taken=spread(minutes, len(submitted)),
    )
