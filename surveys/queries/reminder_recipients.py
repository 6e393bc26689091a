"""Who has something left to do in a round."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from surveys.models import Assessment, Membership, Person, Round, SectionAssignment
from surveys.permissions import Permission, roles_with
from surveys.queries.assessments import EDITABLE
from surveys.queries.completion import Completion, completion
from surveys.queries.deadlines import days_in_words, moment_in_words
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.progress import answered_so_far
from surveys.questionnaires.responses import Response
from surveys.wording import counted

Status = Assessment.Status


@dataclass(frozen=True)
class Recipient:
    """Somebody who has something left to do for one system.

    `values` are those of the placeholders, but for the link, whose `path` leads from / to the page.
    """

    person: Person
    assessment_id: int
    organisation_name: str
    region_name: str
    status: str
    deadline_on: datetime.date
    path: str
    values: Mapping[str, str]

    @property
    def left(self) -> str:
        """What they have left, as a sentence."""
        return self.values["left"]


def recipients(survey_round: Round, *, region: str = "", status: str = "") -> tuple[Recipient, ...]:
    """Return everybody who has something left, by region, system and name, in four queries.

    While a system answers, those are its leads, and its contributors with unanswered questions of their own
    until the deadline has passed; when it waits for sign-off, its approvers. `region` is a name and `status`
    a code; empty for all. Only systems that take part count and, of a round that is not open any
    more, only those that still have time.
    """
    now = timezone.now()
    if survey_round.status == Round.Status.DRAFT or now < survey_round.opens_at:
        return ()
    rows: QuerySet[Assessment] = (
        Assessment.objects.filter(round=survey_round)
        .taking_part()
        .with_deadline()
        .exclude(status=Status.SUBMITTED)
    )
    if region:
        rows = rows.filter(region_name=region)
    if status:
        rows = rows.filter(status=status)
    asked = survey_round.status == Round.Status.OPEN
    waiting = [
        row
        for row in rows.order_by("region_name", "organisation_name", "pk")
        if asked or (row.reopened and row.deadline > now)
    ]
    found = _Waiting.read(survey_round, waiting)
    return tuple(recipient for row in waiting for recipient in _of_one(row, survey_round, found, now))


def invited(survey_round: Round) -> tuple[Recipient, ...]:
    """Return whom to invite to a round in which answering has begun, by region, system and name.

    Those are the leads and approvers of every system that takes part, as long as it has time and has not
    submitted, whether or not they were invited before. Contributors hear of their part from whoever hands it
    to them. Four queries.
    """
    now = timezone.now()
    if survey_round.status != Round.Status.OPEN or now < survey_round.opens_at:
        return ()
    rows = Assessment.objects.filter(round=survey_round).taking_part().with_deadline()
    ordered = rows.exclude(status=Status.SUBMITTED).order_by("region_name", "organisation_name", "pk")
    waiting = [row for row in ordered if row.deadline > now]
    found = _Waiting.read(survey_round, waiting)
    return tuple(recipient for row in waiting for recipient in _invited_to(row, survey_round, found, now))


def _invited_to(
    row: Assessment, survey_round: Round, found: _Waiting, now: datetime.datetime
) -> Iterator[Recipient]:
    people: dict[int, Recipient] = {}
    for permission in (Permission.ANSWER_ALL, Permission.SIGN):
        for post in found.posts.get(row.organisation_id, ()):
            if post.role in roles_with(permission) and post.person_id not in people:
                task = _task(row, found, post.person, permission, overdue=False) or (
                    "There is nothing to sign yet. You will hear when it is sent to you for sign-off."
                    if permission is Permission.SIGN
                    else "Every answer has been given, and it waits for sign-off.",
                    reverse("assessment", args=[row.pk]),
                )
                people[post.person_id] = _recipient(row, survey_round, post.person, task, now)
    yield from people.values()


@dataclass(frozen=True)
class _Waiting:
    """What is read once for all systems that have something left."""

    asked_by: Instrument
    responses: Mapping[int, Mapping[str, Response]]
    posts: Mapping[int, list[Membership]]
    held: Mapping[tuple[int, int], frozenset[str]]

    @classmethod
    def read(cls, survey_round: Round, rows: list[Assessment]) -> _Waiting:
        """Read it in three queries."""
        asked_by = instrument(survey_round.questionnaire_id)
        keys = [row.pk for row in rows]
        answered = answered_so_far([row.pk for row in rows if row.status in EDITABLE], asked_by)
        posts: defaultdict[int, list[Membership]] = defaultdict(list)
        current = Membership.objects.current().filter(
            organisation__in=[row.organisation_id for row in rows], person__is_active=True
        )
        for post in current.select_related("person").order_by("person__name", "person_id", "pk"):
            posts[post.organisation_id].append(post)
        questions = {
            dimension.code: frozenset(question.code for question in dimension.all_questions)
            for dimension in asked_by.content.dimensions
        }
        held: defaultdict[tuple[int, int], frozenset[str]] = defaultdict(frozenset)
        handed = SectionAssignment.objects.filter(assessment__in=keys)
        for key, person_id, dimension, question_id in handed.values_list(
            "assessment_id", "person_id", "dimension__code", "question_id"
        ):
            whole = question_id is None
            held[key, person_id] |= questions[dimension] if whole else {asked_by.question_codes[question_id]}
        return cls(asked_by, {key: answered[key].responses for key in keys}, posts, held)


def _of_one(
    row: Assessment, survey_round: Round, found: _Waiting, now: datetime.datetime
) -> Iterator[Recipient]:
    told: set[int] = set()
    for permission in (Permission.SIGN, Permission.ANSWER_ALL, Permission.ANSWER_ASSIGNED):
        for post in found.posts.get(row.organisation_id, ()):
            if post.role not in roles_with(permission) or post.person_id in told:
                continue
            task = _task(row, found, post.person, permission, overdue=row.deadline <= now)
            if task is not None:
                told.add(post.person_id)
                yield _recipient(row, survey_round, post.person, task, now)


def _recipient(
    row: Assessment, survey_round: Round, person: Person, task: tuple[str, str], now: datetime.datetime
) -> Recipient:
    left, path = task
    return Recipient(
        person=person,
        assessment_id=row.pk,
        organisation_name=row.organisation_name,
        region_name=row.region_name,
        status=row.status,
        deadline_on=timezone.localdate(row.deadline),
        path=path,
        values={
            "name": person.name,
            "system": row.organisation_name,
            "round": survey_round.title,
            "deadline": moment_in_words(row.deadline),
            "time_left": time_left_in_words(row.deadline, now),
            "left": left,
        },
    )


def _task(
    row: Assessment, found: _Waiting, person: Person, permission: Permission, *, overdue: bool
) -> tuple[str, str] | None:
    """Return what somebody has left, as a sentence, and the page for it; None when there is nothing."""
    if permission is Permission.SIGN:
        if row.status != Status.AWAITING_SIGNOFF:
            return None
        return "It was sent to you for sign-off, and is not signed yet.", reverse("signoff", args=[row.pk])
    if row.status not in EDITABLE:
        return None
    content, responses = found.asked_by.content, found.responses[row.pk]
    if permission is Permission.ANSWER_ALL:
        return _left_to_lead(completion(content, responses)), reverse("assessment", args=[row.pk])
    mine = completion(content, responses, found.held.get((row.pk, person.pk), frozenset()))
    if overdue or mine.complete:
        return None
    some = counted(mine.asked, "question")
    none = "have no answer yet" if mine.left > 1 else "has no answer yet"
    words = f"Of the {some} that you were asked to answer, {mine.left} {none}."
    return words, reverse("my_questions", args=[row.pk])


def _left_to_lead(done: Completion) -> str:
    if done.complete:
        return "Every question is answered. It still has to be checked and sent for sign-off."
    return f"{done.left} of {done.asked} questions have no answer yet."


def time_left_in_words(deadline: datetime.datetime, now: datetime.datetime) -> str:
    """Return how many days of the calendar a deadline is off: "in 7 days", "today" or "2 days ago"."""
    days = (timezone.localdate(deadline) - timezone.localdate(now)).days
    if days < 0:
        return "yesterday" if days == -1 else f"{-days} days ago"
    return days_in_words(days)
