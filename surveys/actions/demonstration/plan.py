"""What each system does in each round of the demonstration: who is late, leaves gaps, has not begun."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from surveys.actions.demonstration.chance import chance, shuffled
from surveys.models import Assessment
from surveys.questionnaires.schema import Questionnaire

Status = Assessment.Status

GAPS: Final = 0.15
"""The share of systems that leave a few questions out."""

SMALL_GAP, LARGE_GAP = 0.1, 0.8
"""The share of questions left out: by a system with few gaps, and in a dimension that is nearly skipped."""

OPEN_SHARES: Final[Sequence[tuple[Assessment.Status, float]]] = (
    (Status.NOT_STARTED, 0.2),
    (Status.IN_PROGRESS, 0.4),
    (Status.RETURNED, 0.07),
    (Status.AWAITING_SIGNOFF, 0.1),
)
"""How many of the systems of the open round are where; the rest have submitted."""


@dataclass(frozen=True)
class Course:
    """How one assessment goes.

    `signed_twice`: it was submitted, returned by the programme and submitted again. `late`: it needed an
    extension. `skipped`: the codes of the questions that are not answered.
    """

    status: Assessment.Status = Status.SUBMITTED
    late: bool = False
    signed_twice: bool = False
    skipped: frozenset[str] = field(default_factory=frozenset)


def past_round(
    round_number: int, systems: Sequence[str], leading: Collection[str], questionnaire: Questionnaire
) -> dict[str, Course]:
    """Return the course of each system (by ODS code) in a round that is over.

    Two systems of the first round and one of the next do not submit. `leading` are the systems of the people
    whose accounts are given out: they submit in time.
    """
    others = [system for system in shuffled(systems, "past", round_number) if system not in leading]
    absent = 2 - round_number
    courses = {system: Course(skipped=_gaps(system, round_number, questionnaire)) for system in systems}
    for place, system in enumerate(others):
        skipped = courses[system].skipped
        if place < absent:
            status = (Status.NOT_STARTED, Status.IN_PROGRESS)[place]
            courses[system] = Course(status, skipped=_unfinished(system, round_number, questionnaire))
        elif place < absent + 3:
            courses[system] = Course(late=True, skipped=skipped)
        elif place < absent + 5:
            courses[system] = Course(signed_twice=True, skipped=skipped)
        elif place < absent + 7:
            courses[system] = Course(skipped=_nearly_skipped_dimension(system, round_number, questionnaire))
    return courses


def open_round(
    round_number: int, systems: Sequence[str], leading: Sequence[str], questionnaire: Questionnaire
) -> dict[str, Course]:
    """Return the course of each system (by ODS code) in the open round, so that every status is there.

    The first of the `leading` systems is being answered, the second waits for its approver. Of the first, one
    of the sections that are handed to the contributor is done.
    """
    statuses = [status for status, share in OPEN_SHARES for _ in range(max(1, round(share * len(systems))))]
    others = [system for system in shuffled(systems, "open") if system not in leading]
    placed = dict(zip(leading, (Status.IN_PROGRESS, Status.AWAITING_SIGNOFF), strict=False))
    placed |= {
        system: statuses[place] if place < len(statuses) else Status.SUBMITTED
        for place, system in enumerate(others)
    }
    first_idle = next((system for system in others if placed[system] == Status.NOT_STARTED), None)
    return {
        system: Course(
            status=status,
            late=system == first_idle,
            skipped=_unfinished(system, round_number, questionnaire)
            - (_first_section(system, questionnaire) if system in leading else frozenset())
            if status in {Status.IN_PROGRESS, Status.NOT_STARTED}
            else _gaps(system, round_number, questionnaire),
        )
        for system, status in placed.items()
    }


def sections_handed_out(system: str, dimension_codes: Sequence[str]) -> list[str]:
    """Return the two dimensions of a system's assessment that are handed to its contributor."""
    return shuffled(dimension_codes, "sections", system)[:2]


def _first_section(system: str, questionnaire: Questionnaire) -> frozenset[str]:
    codes = [dimension.code for dimension in questionnaire.dimensions]
    first = sections_handed_out(system, codes)[0]
    return frozenset(
        question.code
        for dimension in questionnaire.dimensions
        for question in dimension.all_questions
        if dimension.code == first
    )


def _gaps(system: str, round_number: int, questionnaire: Questionnaire) -> frozenset[str]:
    if chance("gaps", system, round_number).random() >= GAPS:
        return frozenset()
    return frozenset(
        question.code
        for question in questionnaire.questions
        if chance("gap", system, round_number, question.code).random() < SMALL_GAP
    )


def _nearly_skipped_dimension(system: str, round_number: int, questionnaire: Questionnaire) -> frozenset[str]:
    dimension = chance("skipped dimension", system, round_number).choice(questionnaire.dimensions)
    left = chance("left", system, round_number).choice(dimension.all_questions)
    return frozenset(
        question.code
        for question in dimension.all_questions
        if question is not left and chance("skip", system, question.code).random() < LARGE_GAP
    )


def _unfinished(system: str, round_number: int, questionnaire: Questionnaire) -> frozenset[str]:
    """Leave out most of what comes after the point that a system has reached, somewhere in the middle."""
    reached = chance("reached", system, round_number).uniform(0.15, 0.9) * len(questionnaire.questions)
    return frozenset(
        question.code
        for place, question in enumerate(questionnaire.questions)
        if chance("unfinished", system, question.code).random() < (0.08 if place < reached else 0.92)
    )
