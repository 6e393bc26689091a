"""Writing one round of the demonstration: assessments, answers, signed copies, releases and audit trail."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from surveys.actions.answer_rows import AnswerRow, write_answers
from surveys.actions.demonstration.answering import Respondent
from surveys.actions.demonstration.chance import chance, moment_between
from surveys.actions.demonstration.returns import Return, Setting, event
from surveys.actions.demonstration.section_rows import (
    Holdings,
    assign,
    hand_out,
    handing_out_events,
    mark,
    mark_events,
)
from surveys.actions.demonstration.times import DAY, HOUR, RoundTimes, assessment_times
from surveys.actions.demonstration.wording import EXTENSION_REASONS, RETURN_REASONS
from surveys.actions.releases import freeze
from surveys.actions.rounds import DEFAULT_DECLARATION
from surveys.actions.signed_copies import Signing, keep_copies
from surveys.models import (
    Answer,
    Assessment,
    Event,
    Extension,
    Membership,
    Participant,
    Person,
    Release,
    Round,
)
from surveys.models.assessment import columns
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.releases import prepare
from surveys.queries.round_setup import places

Role = Membership.Role
Status = Assessment.Status

PURPOSE: Final = (
    "A made-up round that shows how the survey works. The organisations are real; every person, answer, "
    "comment and score is invented."
)


@dataclass(frozen=True)
class RoundMade:
    """What was written."""

    title: str
    systems: int
    answers: int
    submitted: int


def write_round(setting: Setting) -> RoundMade:
    """Write a round of the demonstration, released if it is over."""
    questionnaire = instrument(setting.questionnaire.pk)
    survey_round = _round(setting)
    returns = _returns(setting, survey_round)
    work = [hand_out(found, questionnaire, setting.times) for found in returns if found.answers]
    assign(work)
    held = {each.found.assessment.pk: each.questions for each in work}
    answers = _answers(returns, questionnaire, held, setting.times)
    marks = mark(work, answers)
    _extensions(returns, setting)
    _signed_copies(survey_round, returns, questionnaire)
    _releases(survey_round, setting)
    _events(survey_round, returns, setting, [*handing_out_events(work), *mark_events(work, marks)])
    submitted = sum(found.course.status == Status.SUBMITTED for found in returns)
    return RoundMade(survey_round.title, len(returns), len(answers), submitted)


def _round(setting: Setting) -> Round:
    times = setting.times
    survey_round = Round.objects.create(
        title=f"ICS data maturity {times.year}",
        questionnaire=setting.questionnaire,
        status=Round.Status.PUBLISHED if times.published_at else Round.Status.OPEN,
        opens_at=times.opens_at,
        closes_at=times.closes_at,
        reference_date=times.opens_at.date(),
        participants_as_at=times.opens_at.date(),
        audience=Round.Audience.PUBLIC,
        purpose=PURPOSE,
        declaration=DEFAULT_DECLARATION,
        synthetic=True,
        created_by=setting.administrator,
        created_at=times.created_at,
    )
    Participant.objects.bulk_create(
        Participant(round=survey_round, organisation_id=system.id) for system in setting.country.systems
    )
    return survey_round


def _returns(setting: Setting, survey_round: Round) -> list[Return]:
    people, content = setting.people, setting.questionnaire.content
    codes = {system.id: system.ods_code for system in setting.country.systems}
    returns = []
    for place in places(survey_round):
        code = codes[place.organisation_id]
        course = setting.courses[code]
        found = Return(
            assessment=Assessment(round=survey_round, status=course.status, **place.frozen),
            course=course,
            times=assessment_times(code, course, setting.times, setting.now),
            answers=Respondent(code, setting.number, content).answers(course.skipped)
            if course.status != Status.NOT_STARTED
            else {},
            lead=people[Role.LEAD, place.organisation_id],
            approver=people[Role.APPROVER, place.organisation_id],
            contributor=people[Role.CONTRIBUTOR, place.organisation_id],
            analyst=people[Role.REGIONAL_ANALYST, place.region_id or 0],
        )
        _set_moves(found)
        returns.append(found)
    Assessment.objects.bulk_create(found.assessment for found in returns)
    return returns


def _set_moves(found: Return) -> None:
    assessment, times = found.assessment, found.times
    if times.sent_at:
        assessment.sent_at, assessment.sent_by = times.sent_at, found.lead
    if times.returned_at:
        assessment.returned_at = times.returned_at
        assessment.returned_by = found.analyst if found.course.signed_twice else found.approver
        assessment.return_reason = chance("return", assessment.ods_code).choice(RETURN_REASONS)


def _answers(
    returns: list[Return], questionnaire: Instrument, held: Holdings, times: RoundTimes
) -> Sequence[Answer]:
    return Answer.objects.bulk_create(
        [
            Answer(
                assessment=found.assessment,
                question_id=questionnaire.question_ids[code],
                answered_by=found.contributor if code in held[found.assessment.pk] else found.lead,
                answered_at=moment_between(
                    times.opens_at + 2 * HOUR,
                    found.times.answering_ends_at,
                    "answered",
                    found.assessment.ods_code,
                    times.year,
                    code,
                ),
                **columns(response),
            )
            for found in returns
            for code, response in found.first_answers.items()
        ],
        batch_size=1000,
    )


def _extensions(returns: list[Return], setting: Setting) -> None:
    Extension.objects.bulk_create(
        Extension(
            assessment=found.assessment,
            until=found.times.extended_until,
            reason=_extension_reason(found),
            granted_by=setting.administrator,
            granted_at=_granted_at(setting),
        )
        for found in returns
        if found.times.extended_until
    )


def _extension_reason(found: Return) -> str:
    return chance("extension", found.assessment.ods_code).choice(EXTENSION_REASONS)


def _granted_at(setting: Setting) -> datetime.datetime:
    end = min(setting.times.closes_at, setting.now)
    return moment_between(end - 4 * DAY, end - HOUR, "extensions granted", setting.number)


def _signed_copies(survey_round: Round, returns: list[Return], questionnaire: Instrument) -> None:
    twice = [found for found in returns if found.course.signed_twice]
    keep_copies(survey_round, [_first_signing(found) for found in twice])
    for found in twice:
        rows = [
            AnswerRow(found.assessment.pk, questionnaire.question_ids[code], 1, response)
            for code, response in found.answers.items()
            if response != found.first_answers[code]
        ]
        start, end = found.times.returned_at or survey_round.opens_at, found.times.sent_at
        moment = moment_between(start, end or survey_round.closes_at, "changed", found.assessment.ods_code)
        write_answers(rows, person_id=found.lead.pk, moment=moment, starts=False)
    keep_copies(
        survey_round,
        [
            _signing(found, found.assessment, found.times.signed_at, number=2 if found in twice else 1)
            for found in returns
            if found.times.signed_at
        ],
    )


def _first_signing(found: Return) -> Signing:
    first = copy.copy(found.assessment)
    first.sent_at = found.times.first_sent_at
    return _signing(found, first, found.times.first_signed_at or found.times.answering_ends_at, number=1)


def _signing(found: Return, assessment: Assessment, at: datetime.datetime, number: int) -> Signing:
    return Signing(
        assessment=assessment,
        number=number,
        account=found.approver,
        name=found.approver.name,
        job_title=found.approver.job_title,
        declaration=DEFAULT_DECLARATION,
        at=at,
    )


def _releases(survey_round: Round, setting: Setting) -> None:
    moments = {
        Release.Kind.PROVISIONAL: setting.times.provisional_at,
        Release.Kind.PUBLISHED: setting.times.published_at,
    }
    for kind, moment in moments.items():
        if moment is not None:
            release = Release.objects.create(
                round=survey_round,
                kind=kind,
                number=1,
                released_by=setting.administrator,
                released_at=moment,
            )
            freeze(release, prepare(survey_round))


def _events(survey_round: Round, returns: list[Return], setting: Setting, of_sections: list[Event]) -> None:
    """Write the audit trail as the actions would have written it at the time, in the order of time."""
    told = [*_round_events(survey_round, setting), *of_sections]
    for found in returns:
        told += _assessment_events(found, setting)
    Event.objects.bulk_create(sorted(told, key=lambda event: event.happened_at))


def _round_events(survey_round: Round, setting: Setting) -> Iterator[Event]:
    times = setting.times
    moments = {
        "round.created": times.created_at,
        "round.participants_chosen": times.created_at + HOUR,
        "round.opened": times.opens_at - HOUR,
        "round.closed": times.closed_at,
        "round.released_provisionally": times.provisional_at,
        "round.published": times.published_at,
    }
    for verb, moment in moments.items():
        if moment is not None:
            yield event(setting.administrator, moment, verb, survey_round.title, round_id=survey_round.pk)


def _assessment_events(found: Return, setting: Setting) -> Iterator[Event]:
    times, assessment = found.times, found.assessment
    returned_by = assessment.returned_by or found.approver
    steps: list[tuple[Person, datetime.datetime | None, str, str]] = [
        (found.lead, times.first_sent_at, "assessment.sent", ""),
        (found.approver, times.first_signed_at, "assessment.submitted", ""),
        (returned_by, times.returned_at, "assessment.returned", assessment.return_reason),
        (found.lead, times.sent_at, "assessment.sent", ""),
        (found.approver, times.signed_at, "assessment.submitted", ""),
    ]
    if times.extended_until:
        granted = (_granted_at(setting), "assessment.extended", _extension_reason(found))
        steps.append((setting.administrator, *granted))
    for person, moment, verb, reason in steps:
        if moment is not None:
            yield found.event(person, moment, verb, reason=reason)
