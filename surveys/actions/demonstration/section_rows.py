"""Who was handed which part of an assessment of the demonstration, and what was said of its sections."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from surveys.actions.demonstration.chance import chance, moment_between, shuffled
from surveys.actions.demonstration.plan import sections_handed_out
from surveys.actions.demonstration.returns import Return
from surveys.actions.demonstration.times import HOUR, RoundTimes
from surveys.actions.demonstration.wording import CHANGES_WANTED, DONE_NOTES
from surveys.models import Answer, Assessment, Event, SectionAssignment, SectionMark
from surveys.queries.instruments import Instrument
from surveys.questionnaires.responses import asked
from surveys.questionnaires.schema import Dimension

Kind = SectionMark.Kind
Holdings = Mapping[int, Set[str]]
"""The codes of the questions that a contributor holds, by the key of the assessment."""

NOTED: Final = 0.6
"""The share of the sections that are said to be done with a note."""

WANTED: Final = 0.3
"""The share of the sections that are said to be done, and of which the lead then asks for changes."""


@dataclass(frozen=True)
class HandedOut:
    """What the contributor of one assessment holds: two sections, and two questions of another."""

    found: Return
    questionnaire: Instrument
    at: datetime.datetime
    sections: tuple[Dimension, ...]
    singles: Mapping[str, tuple[str, ...]]

    @property
    def questions(self) -> frozenset[str]:
        """The codes of all questions that they hold."""
        whole = (question.code for section in self.sections for question in section.all_questions)
        return frozenset(whole).union(*self.singles.values())

    @property
    def complete(self) -> Iterator[Dimension]:
        """The sections of which every question that is asked is answered."""
        answers = self.found.first_answers
        on_view = asked(self.questionnaire.content, answers)
        for section in self.sections:
            codes = {question.code for question in section.all_questions} & on_view
            if codes and codes <= answers.keys():
                yield section


def hand_out(found: Return, questionnaire: Instrument, times: RoundTimes) -> HandedOut:
    """Return what the lead of an assessment hands to the contributor as the round opens."""
    system = found.assessment.ods_code
    whole = sections_handed_out(system, list(questionnaire.dimension_ids))
    others = [dimension for dimension in questionnaire.content.dimensions if dimension.code not in whole]
    questions = {other.code: [question.code for question in other.all_questions] for other in others[:1]}
    return HandedOut(
        found=found,
        questionnaire=questionnaire,
        at=times.opens_at + HOUR,
        sections=tuple(questionnaire.dimension(code) for code in whole),
        singles={
            code: tuple(shuffled(codes, "single questions", system)[:2]) for code, codes in questions.items()
        },
    )


def assign(work: Iterable[HandedOut]) -> None:
    """Write who holds what."""
    SectionAssignment.objects.bulk_create(
        SectionAssignment(
            assessment=each.found.assessment,
            dimension_id=each.questionnaire.dimension_ids[section],
            question_id=each.questionnaire.question_ids[code] if code else None,
            person=each.found.contributor,
            assigned_by=each.found.lead,
            assigned_at=each.at,
        )
        for each in work
        for section, code in [
            *((section.code, "") for section in each.sections),
            *((section, code) for section, codes in each.singles.items() for code in codes),
        ]
    )


def mark(work: Iterable[HandedOut], answers: Sequence[Answer]) -> list[SectionMark]:
    """Say of every complete section that it is done, after its last answer; of some that it is not quite."""
    last: dict[tuple[int, int], datetime.datetime] = {}
    for answer in answers:
        place = (answer.assessment_id, answer.question_id)
        last[place] = answer.answered_at
    marks: list[SectionMark] = []
    for each in work:
        for section in each.complete:
            ids = [each.questionnaire.question_ids[question.code] for question in section.all_questions]
            moments = [last[place] for key in ids if (place := (each.found.assessment.pk, key)) in last]
            marks += _marks(each, section, max(moments))
    return SectionMark.objects.bulk_create(marks)


def _marks(each: HandedOut, section: Dimension, answered: datetime.datetime) -> Iterator[SectionMark]:
    found, system = each.found, each.found.assessment.ods_code
    luck = chance("mark", system, found.assessment.round.title, section.code)
    done_at = moment_between(answered, found.times.answering_ends_at, "done", system, section.code)
    place = {"assessment": found.assessment, "dimension_id": each.questionnaire.dimension_ids[section.code]}
    note = luck.choice(DONE_NOTES) if luck.random() < NOTED else ""
    yield SectionMark(**place, kind=Kind.DONE, note=note, made_by=found.contributor, made_at=done_at)
    if found.course.status == Assessment.Status.IN_PROGRESS and luck.random() < WANTED:
        yield SectionMark(
            **place,
            kind=Kind.CHANGES_REQUESTED,
            note=luck.choice(CHANGES_WANTED),
            made_by=found.lead,
            made_at=moment_between(done_at, found.times.answering_ends_at, "wanted", system, section.code),
        )


def handing_out_events(work: Iterable[HandedOut]) -> Iterator[Event]:
    """Yield what the audit trail holds of handing out."""
    for each in work:
        person = each.found.contributor.name
        parts: list[dict[str, Any]] = [
            *({"dimension": section.code} for section in each.sections),
            *({"dimension": section, "questions": sorted(codes)} for section, codes in each.singles.items()),
        ]
        for part in parts:
            detail = part | {"person": person}
            yield each.found.event(each.found.lead, each.at, "assessment.section_assigned", detail=detail)


def mark_events(work: Iterable[HandedOut], marks: Iterable[SectionMark]) -> Iterator[Event]:
    """Yield what the audit trail holds of the marks."""
    by_key = {each.found.assessment.pk: each for each in work}
    for made in marks:
        each = by_key[made.assessment_id]
        codes = {key: code for code, key in each.questionnaire.dimension_ids.items()}
        done = made.kind == Kind.DONE
        verb = "assessment.section_done" if done else "assessment.changes_requested"
        detail = {"dimension": codes[made.dimension_id]}
        yield each.found.event(made.made_by, made.made_at, verb, detail=detail)
