"""One round of the demonstration and its assessments, with their people and their times."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from surveys.actions.demonstration.people import Country
from surveys.actions.demonstration.plan import Course
from surveys.actions.demonstration.times import AssessmentTimes, RoundTimes
from surveys.models import Assessment, Event, Membership, Person, Questionnaire
from surveys.questionnaires.responses import Response

Role = Membership.Role
People = Mapping[tuple[str, int], Person]

SECOND_THOUGHTS: Final = 3
"""How many levels are changed before an assessment is signed a second time."""


@dataclass(frozen=True)
class Setting:
    """What one round of the demonstration is made from. `number` counts the rounds from 0."""

    number: int
    times: RoundTimes
    courses: Mapping[str, Course]
    country: Country
    people: People
    questionnaire: Questionnaire
    now: datetime.datetime

    @property
    def administrator(self) -> Person:
        """Who runs the round."""
        return self.people[Role.ADMINISTRATOR, self.country.nation.id]


@dataclass(frozen=True)
class Return:
    """One assessment of the round, with its people and its times."""

    assessment: Assessment
    course: Course
    times: AssessmentTimes
    answers: Mapping[str, Response]
    lead: Person
    approver: Person
    contributor: Person
    analyst: Person

    @cached_property
    def first_answers(self) -> Mapping[str, Response]:
        """The answers as they stood before the second thoughts, if there were any."""
        levels = [code for code, response in self.answers.items() if response.level is not None]
        changed = levels[:SECOND_THOUGHTS] if self.course.signed_twice else []
        return {
            code: replace(response, level=2 if response.level == 1 else (response.level or 0) - 1)
            if code in changed
            else response
            for code, response in self.answers.items()
        }

    def event(self, person: Person, moment: datetime.datetime, verb: str, **more: Any) -> Event:
        """Return what the audit trail holds of something that was done to the assessment."""
        row = self.assessment
        subject = f"{row.organisation_name}, {row.round.title}"
        keys = {
            "round_id": row.round_id,
            "assessment_id": row.pk,
            "organisation_id": row.organisation_id,
        }
        return event(person, moment, verb, subject, **keys, **more)


def event(person: Person, moment: datetime.datetime, verb: str, subject: str, **more: Any) -> Event:
    """Return what the audit trail holds of something that was done."""
    return Event(
        happened_at=moment,
        person_id=person.pk,
        person_name=person.name,
        verb=verb,
        subject=subject,
        **more,
    )
