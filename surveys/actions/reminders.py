"""Reminding those who have something left: by a plan, when its day has come, or at once.

What goes out is written down for each occasion, assessment and person, under a lock of the round, so that a
timer that runs twice, two workers or a double click remind nobody twice.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from surveys import emails
from surveys.actions.audit import record
from surveys.actions.mail import queue_mail
from surveys.actions.refusals import Refused
from surveys.actions.round_stages import lock_round
from surveys.actions.typed_text import one_line, plain_text
from surveys.emails import Mail
from surveys.models import Message, Person, PlannedReminder, Reminder, Round
from surveys.models.reminder import EARLIEST, LATEST, LONGEST_BODY, LONGEST_SUBJECT
from surveys.permissions import Permission, require_anywhere
from surveys.queries.reminder_recipients import Recipient, invited, recipients
from surveys.queries.reminder_words import (
    PLACEHOLDERS,
    USUAL,
    Wording,
    when_in_words,
    wording_problems,
)
from surveys.queries.reminders import mark_of

CAUGHT_UP: Final = datetime.timedelta(days=1)
"""How late a planned reminder may still go out, when nothing ran on its day."""

HOURS: Final = range(8, 18)
"""The hours of the day, in the time zone of the service, in which planned reminders go out."""


@transaction.atomic
def plan_usual(*, by: Person, round_id: int, site: str) -> int:
    """Plan the usual reminders of a round that has none planned, and return how many.

    The invitation is one of them until answering has begun; later it has to be planned by itself. `site` is
    the address of the service without a path, here and below. Raises Refused when some are planned.
    """
    survey_round = lock_round(by=by, round_id=round_id)
    if PlannedReminder.objects.filter(round=survey_round, stopped=False).exists():
        raise Refused("Reminders are planned already. Change those that are there, or plan another one.")
    begun = survey_round.status != Round.Status.DRAFT and survey_round.opens_at <= timezone.now()
    usual = {days: wording for days, wording in USUAL.items() if days is not None or not begun}
    for days_before, wording in usual.items():
        _store(PlannedReminder(round=survey_round), by, days_before, wording, site, "reminder.planned")
    return len(usual)


@transaction.atomic
def plan_reminder(
    *, by: Person, round_id: int, days_before: int | None, wording: Wording, site: str
) -> PlannedReminder:
    """Plan a reminder so many days before the deadline of each system, negative for days after it.

    None is the invitation: it goes to data leads and approvers when answering begins, or within the hour when
    it has begun, and to those who come later. Raises Refused for a wording that cannot be, and for a day that
    has a reminder.
    """
    survey_round = lock_round(by=by, round_id=round_id)
    return _store(PlannedReminder(round=survey_round), by, days_before, wording, site, "reminder.planned")


@transaction.atomic
def change_planned(
    *,
    by: Person,
    round_id: int,
    planned_id: int,
    days_before: int | None,
    wording: Wording,
    site: str,
    seen: str = "",
) -> PlannedReminder:
    """Change a planned reminder. `seen` is the mark of what the person had before them (`mark_of`).

    Raises as `plan_reminder`, Refused when somebody stopped or changed it meanwhile, and Http404 when it is
    not there.
    """
    row = _planned(by, round_id, planned_id)
    if row.stopped:
        raise Refused(
            f"{row.changed_by.name} has stopped this reminder since you opened this page. What you typed is "
            "below, and nothing of it is saved yet. Save it to plan it anew."
        )
    if seen and seen != mark_of(row):
        raise Refused(
            f"{row.changed_by.name} has changed this reminder since you opened this page. Nothing of yours "
            "is saved yet. Look at what they saved, then save again to put yours in its place."
        )
    return _store(row, by, days_before, wording, site, "reminder.changed")


@transaction.atomic
def stop_planned(*, by: Person, round_id: int, planned_id: int) -> PlannedReminder:
    """Take a planned reminder out of the plan. What it has sent stays.

    One that is stopped already stays as it is. Raises Http404 when it is not there.
    """
    row = _planned(by, round_id, planned_id)
    if not row.stopped:
        row.stopped, row.changed_by, row.changed_at = True, by, timezone.now()
        row.save(update_fields=["stopped", "changed_by", "changed_at"])
        _record(by, "reminder.stopped", row.round, when=when_in_words(row.days_before))
    return row


def example(*, by: Person, round_id: int, wording: Wording, site: str, invitation: bool = False) -> Mail:
    """Return how a reminder, or the invitation, reads to the first who would get it now.

    When nobody would, the placeholders are explained in it.

    Raises Refused for a wording that cannot be, Http404 for who does not manage rounds.
    """
    require_anywhere(by, Permission.MANAGE)
    checked = _checked(wording)
    survey_round = Round.objects.filter(pk=round_id).first()
    if survey_round is None:
        raise Http404
    first = next(iter(invited(survey_round) if invitation else recipients(survey_round)), None)
    return emails.reminder(first or _nobody(by, survey_round), checked, site=site)


@transaction.atomic
def send_test(*, by: Person, round_id: int, wording: Wording, site: str, invitation: bool = False) -> Message:
    """Send the example to whoever asks for it, and to nobody else. Raises as `example`."""
    mail = example(by=by, round_id=round_id, wording=wording, site=site, invitation=invitation)
    test = Mail(to=by.email, subject=f"Test: {mail.subject}", body=mail.body)
    return queue_mail(mail=test, kind=Message.Kind.REMINDER, person=by, by=by, round_id=round_id)


@transaction.atomic
def send_reminder(
    *,
    by: Person,
    round_id: int,
    wording: Wording,
    key: uuid.UUID,
    site: str,
    region: str = "",
    status: str = "",
) -> int:
    """Remind everybody who has something left in a region and status, and return to how many it goes.

    `region` is a name, `status` a code; empty for all. A form that is sent a second time, which its `key`
    tells, reminds nobody again. Raises Refused when nobody has anything left, or the wording cannot be.
    """
    survey_round = lock_round(by=by, round_id=round_id)
    checked = _checked(wording)
    already = Reminder.objects.filter(sending=key).count()
    if already:
        return already
    waiting = recipients(survey_round, region=region, status=status)
    if not waiting:
        raise Refused(
            "Nobody has anything left to do in the systems that you chose, so there is nobody to remind. "
            "Nothing was sent."
        )
    sent = _queue(survey_round, waiting, checked, site=site, by=by, sending=key)
    _record(by, "reminder.sent", survey_round, recipients=sent)
    return sent


def send_due() -> int:
    """Send the planned reminders whose day it is in all rounds, and return how many messages are queued.

    A day is one of the calendar in the time zone of the service, and nothing is sent outside HOURS. What was
    missed goes out a day late at most. Where several reminders of a system are due, the latest one goes out.
    A reminder whose day was before answering began is passed over. Invitations go out first, however late and
    to each person once for a system; a reminder whose day is not after theirs is passed over as well.
    """
    if timezone.localtime().hour not in HOURS:
        return 0
    planned = PlannedReminder.objects.filter(stopped=False).exclude(round__status=Round.Status.DRAFT)
    keys = planned.order_by("round_id").values_list("round_id", flat=True).distinct()
    return sum(_send_due_of(round_id) for round_id in list(keys))


@transaction.atomic
def _send_due_of(round_id: int) -> int:
    survey_round = lock_round(by=None, round_id=round_id)
    plan: dict[int, PlannedReminder] = {}
    total = 0
    for row in PlannedReminder.objects.filter(round=survey_round, stopped=False):
        if row.days_before is None:
            total = _invite(survey_round, row)
        else:
            plan[row.days_before] = row
    invited_on = _invited_on(survey_round)
    due: dict[int, list[Recipient]] = {}
    for recipient in recipients(survey_round):
        begun_on = timezone.localdate(survey_round.opens_at)
        if (invitation := invited_on.get((recipient.assessment_id, recipient.person.pk))) is not None:
            begun_on = max(begun_on, invitation + datetime.timedelta(days=1))
        days_before = _due_today(plan, recipient.deadline_on, begun_on)
        if days_before is not None:
            due.setdefault(days_before, []).append(recipient)
    for days_before, waiting in due.items():
        planned = plan[days_before]
        told = set(planned.sent.values_list("assessment_id", "person_id", "deadline_on"))
        still = [each for each in waiting if _once(each) not in told]
        if still:
            wording = Wording(planned.subject, planned.body)
            sent = _queue(survey_round, still, wording, site=planned.site, planned=planned)
            _record(None, "reminder.sent", survey_round, recipients=sent, when=when_in_words(days_before))
            total += sent
    return total


def _invite(survey_round: Round, planned: PlannedReminder) -> int:
    already = _invited_on(survey_round)
    waiting = [each for each in invited(survey_round) if (each.assessment_id, each.person.pk) not in already]
    if not waiting:
        return 0
    wording = Wording(planned.subject, planned.body)
    sent = _queue(survey_round, waiting, wording, site=planned.site, planned=planned)
    _record(None, "reminder.invited", survey_round, recipients=sent)
    return sent


def _invited_on(survey_round: Round) -> dict[tuple[int, int], datetime.date]:
    """Return on which day who was invited, by the keys of assessment and person."""
    rows = Reminder.objects.filter(assessment__round=survey_round, deadline_on=None)
    found = rows.values_list("assessment_id", "person_id", "message__queued_at")
    return {(assessment, person): timezone.localdate(at) for assessment, person, at in found}


def _due_today(plan: Collection[int], deadline_on: datetime.date, begun_on: datetime.date) -> int | None:
    """Return which planned number of days before the deadline it is, the latest of several; None for none.

    What was due before the day on which it begins is passed over.
    """
    today = timezone.localdate()
    days = {each: deadline_on - datetime.timedelta(days=each) for each in plan}
    due = [each for each, day in days.items() if today - CAUGHT_UP <= day <= today and day >= begun_on]
    return min(due, default=None)


def _once(recipient: Recipient) -> tuple[int, int, datetime.date]:
    """Return what a planned reminder goes out for once."""
    return recipient.assessment_id, recipient.person.pk, recipient.deadline_on


def _queue(
    survey_round: Round,
    waiting: Collection[Recipient],
    wording: Wording,
    *,
    site: str,
    by: Person | None = None,
    planned: PlannedReminder | None = None,
    sending: uuid.UUID | None = None,
) -> int:
    for each in waiting:
        message = queue_mail(
            mail=emails.reminder(each, wording, site=site),
            kind=Message.Kind.REMINDER,
            person=each.person,
            by=by,
            round_id=survey_round.pk,
            assessment_id=each.assessment_id,
        )
        Reminder.objects.create(
            assessment_id=each.assessment_id,
            person=each.person,
            deadline_on=None if planned is not None and planned.days_before is None else each.deadline_on,
            message=message,
            planned=planned,
            sending=sending,
        )
    return len(waiting)


def _planned(by: Person, round_id: int, planned_id: int) -> PlannedReminder:
    """Return a planned reminder, stopped or not, with its round, which is held."""
    survey_round = lock_round(by=by, round_id=round_id)
    rows = PlannedReminder.objects.select_related("changed_by").filter(round=survey_round)
    row = rows.filter(pk=planned_id).first()
    if row is None:
        raise Http404
    row.round = survey_round
    return row


def _store(
    row: PlannedReminder, by: Person, days_before: int | None, wording: Wording, site: str, verb: str
) -> PlannedReminder:
    checked = _checked(wording)
    if days_before is not None and not LATEST <= days_before <= EARLIEST:
        raise Refused(f"Choose a day from {EARLIEST} days before the deadline to {-LATEST} days after it.")
    others = PlannedReminder.objects.filter(round=row.round, stopped=False, days_before=days_before)
    if others.exclude(pk=row.pk).exists():
        raise Refused(
            "The invitation is planned already. Change that one."
            if days_before is None
            else f"There is a reminder {when_in_words(days_before)} already. Choose another day."
        )
    row.days_before, row.subject, row.body = days_before, checked.subject, checked.body
    row.site, row.changed_by, row.changed_at = site, by, timezone.now()
    row.save()
    _record(by, verb, row.round, when=when_in_words(days_before))
    return row


def _checked(wording: Wording) -> Wording:
    given = Wording(one_line(wording.subject), plain_text(wording.body))
    if not given.subject or not given.body:
        raise Refused("A reminder needs a subject and a text.")
    if len(given.subject) > LONGEST_SUBJECT or len(given.body) > LONGEST_BODY:
        raise Refused(
            f"A subject has at most {LONGEST_SUBJECT} characters and a text at most {LONGEST_BODY:,}."
        )
    for _, problem in wording_problems(given):
        raise Refused(f"{problem}.")
    return given


def _nobody(by: Person, survey_round: Round) -> Recipient:
    """Return whom an example is for when nobody has anything left: the placeholders, explained."""
    return Recipient(
        person=by,
        assessment_id=0,
        organisation_name=f"[{PLACEHOLDERS['system']}]",
        region_name="",
        status="",
        deadline_on=timezone.localdate(survey_round.closes_at),
        path="/",
        values={name: f"[{meaning}]" for name, meaning in PLACEHOLDERS.items()},
    )


def _record(by: Person | None, verb: str, survey_round: Round, **detail: str | int) -> None:
    record(by=by, verb=verb, subject=survey_round.title, round_id=survey_round.pk, detail=detail)
