"""What is planned to remind people of a round, and what became of each reminder."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Paginator
from django.http import Http404
from django.utils.text import slugify

from surveys.models import Assessment, Message, PlannedReminder, Round
from surveys.permissions import AnyPerson, Permission
from surveys.queries.deadlines import day_in_words, moment_in_words
from surveys.queries.reminder_recipients import Recipient, recipients
from surveys.queries.reminder_words import Wording, when_in_words
from surveys.queries.results.selection import ALL_REGIONS, Choice
from surveys.queries.rounds import round_for

REMINDERS_ON_A_PAGE: Final = 50


@dataclass(frozen=True)
class PlannedLine:
    """A planned reminder: when it goes out, in words, and on which day to systems without more time."""

    id: int
    when: str
    day: str
    subject: str
    invitation: bool


@dataclass(frozen=True)
class SentLine:
    """A reminder that was queued for somebody, and what became of it. `occasion` is why it went out."""

    message_id: int
    name: str
    address: str
    organisation_name: str
    occasion: str
    queued_at: datetime.datetime
    status: str
    status_label: str
    trouble: str


@dataclass(frozen=True)
class RemindersPage:
    """The reminders of a round. `people` and `systems` count who has something left now.

    `number` counts pages from 1.
    """

    round_id: int
    round_title: str
    synthetic: bool
    planned: tuple[PlannedLine, ...]
    people: int
    systems: int
    sent: tuple[SentLine, ...]
    found: int
    number: int
    pages: int

    @property
    def invites(self) -> bool:
        """Whether an invitation is planned."""
        return any(line.invitation for line in self.planned)


def reminders_page(person: AnyPerson, round_id: int, number: str | int = 1) -> RemindersPage:
    """Return the reminders of a round. Raises Http404 for who does not manage rounds."""
    row = round_for(person, round_id, Permission.MANAGE)
    waiting = recipients(row)
    planned = PlannedReminder.objects.filter(round=row, stopped=False).order_by("-days_before")
    messages = Message.objects.filter(round=row, kind=Message.Kind.REMINDER).exclude(reminder=None)
    sent = messages.select_related("person", "queued_by", "assessment", "reminder__planned")
    page = Paginator(sent.order_by("-queued_at", "-pk"), REMINDERS_ON_A_PAGE).get_page(number)
    return RemindersPage(
        round_id=row.pk,
        round_title=row.title,
        synthetic=row.synthetic,
        planned=tuple(_planned(each, row) for each in planned),
        people=len({each.person.pk for each in waiting}),
        systems=len({each.assessment_id for each in waiting}),
        sent=tuple(_sent(each) for each in page.object_list),
        found=page.paginator.count,
        number=page.number,
        pages=page.paginator.num_pages,
    )


def _planned(row: PlannedReminder, survey_round: Round) -> PlannedLine:
    day = survey_round.opens_at
    if row.days_before is not None:
        day = survey_round.closes_at - datetime.timedelta(days=row.days_before)
    return PlannedLine(
        row.pk,
        when_in_words(row.days_before),
        day_in_words(day),
        row.subject,
        invitation=row.days_before is None,
    )


def _sent(row: Message) -> SentLine:
    by = f"Sent by {row.queued_by.name}" if row.queued_by else ""
    planned = row.reminder.planned
    return SentLine(
        message_id=row.pk,
        name=row.person.name if row.person else "",
        address=row.address,
        organisation_name=row.assessment.organisation_name if row.assessment else "",
        occasion=when_in_words(planned.days_before) if planned else by,
        queued_at=row.queued_at,
        status=row.status,
        status_label=row.get_status_display(),
        trouble=row.last_error,
    )


@dataclass(frozen=True)
class SendingPage:
    """Sending a reminder of a round now. `waiting` is everybody who has something left.

    `last` says who last sent one and when; empty when nobody has. `regions` and `statuses` are those in which
    somebody has something left, with an empty choice for all.
    """

    round_id: int
    round_title: str
    synthetic: bool
    waiting: tuple[Recipient, ...]
    last: str

    @property
    def regions(self) -> tuple[Choice, ...]:
        """The regions by name."""
        found = {slugify(each.region_name): each.region_name for each in self.waiting}
        return (Choice("", ALL_REGIONS), *(Choice(code, name) for code, name in found.items()))

    @property
    def statuses(self) -> tuple[Choice, ...]:
        """The statuses in the order of an assessment's life."""
        found = {each.status for each in self.waiting}
        known = (Choice(each.value, str(each.label)) for each in Assessment.Status if each in found)
        return (Choice("", "Any status"), *known)

    def chosen(self, region: str, status: str) -> tuple[Recipient, ...]:
        """Return who has something left in a region and a status, by their codes; empty for all."""
        return tuple(
            each
            for each in self.waiting
            if region in {"", slugify(each.region_name)} and status in {"", each.status}
        )


def sending_page(person: AnyPerson, round_id: int) -> SendingPage:
    """Return who would get a reminder now. Raises Http404 for who does not manage rounds."""
    row = round_for(person, round_id, Permission.MANAGE)
    return SendingPage(
        row.pk,
        row.title,
        row.synthetic,
        recipients(row),
        _last_sent(row),
    )


def _last_sent(survey_round: Round) -> str:
    rows = Message.objects.filter(round=survey_round, reminder__sending__isnull=False)
    row = rows.select_related("queued_by").order_by("-queued_at", "-pk").first()
    if row is None or row.queued_by is None:
        return ""
    return f"{row.queued_by.name} last sent one on {moment_in_words(row.queued_at)}."


@dataclass(frozen=True)
class PlannedPage:
    """One planned reminder to change; `id` None for a new one. `seen` is the mark of what is stored."""

    id: int | None
    round_id: int
    round_title: str
    synthetic: bool
    days_before: int | None
    wording: Wording
    seen: str = ""
    stopped: bool = False

    @property
    def when(self) -> str:
        """When it goes out, in words."""
        return when_in_words(self.days_before)


def mark_of(row: PlannedReminder) -> str:
    """Return a text that differs whenever a planned reminder was changed."""
    return row.changed_at.isoformat()


def planned_page(person: AnyPerson, round_id: int, planned_id: int) -> PlannedPage:
    """Return a planned reminder. Raises Http404 for who does not manage rounds, and when there is none."""
    survey_round = round_for(person, round_id, Permission.MANAGE)
    row = PlannedReminder.objects.filter(pk=planned_id, round=survey_round).first()
    if row is None:
        raise Http404
    return PlannedPage(
        row.pk,
        survey_round.pk,
        survey_round.title,
        survey_round.synthetic,
        row.days_before,
        Wording(row.subject, row.body),
        mark_of(row),
        row.stopped,
    )
