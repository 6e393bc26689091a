"""Mail: what became of each message, and in a demo the messages themselves."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Min, Q, Value, When
from django.utils import timezone

from surveys.models import Message
from surveys.permissions import AnyPerson, Permission, require_anywhere
from surveys.queries.deadlines import moment_in_words

Status = Message.Status

MESSAGES_ON_A_PAGE = 50
PATIENCE = datetime.timedelta(minutes=5)


@dataclass(frozen=True)
class MessageLine:
    """A message without its text. `trouble` says in plain English why the last attempt failed."""

    id: int
    kind_label: str
    address: str
    name: str
    subject: str
    status: str
    status_label: str
    queued_at: datetime.datetime
    tried_at: datetime.datetime | None
    sent_at: datetime.datetime | None
    attempts: int
    trouble: str


@dataclass(frozen=True)
class MailPage:
    """One page of all messages, those that were not delivered first, then those that wait, then the newest.

    `number` counts pages from 1. `untouched_since` is since when a message has waited for its first attempt,
    when that is longer than a running worker lets it wait.
    """

    messages: tuple[MessageLine, ...]
    failed: int
    queued: int
    sent: int
    untouched_since: datetime.datetime | None
    number: int
    pages: int


@dataclass(frozen=True)
class ShownMessage:
    """A message of a demo, as its recipient would have got it. `at` is when it was sent, or else queued."""

    address: str
    name: str
    subject: str
    text: str
    status_label: str
    at: str


@dataclass(frozen=True)
class ShownMail:
    """One page of a demo's messages, newest first. `number` counts pages from 1."""

    messages: tuple[ShownMessage, ...]
    number: int
    pages: int


def mail_page(reader: AnyPerson, number: str | int = 1) -> MailPage:
    """Return one page of the messages and how many there are of each status.

    A `number` that is no page is the first or the last one. Raises Http404 for who does not manage people.
    """
    require_anywhere(reader, Permission.MANAGE)
    pressing = Case(
        When(status=Status.FAILED, then=Value(0)),
        When(status=Status.QUEUED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Message.objects.select_related("person").order_by(pressing, "-queued_at", "-pk")
    page = Paginator(rows, MESSAGES_ON_A_PAGE).get_page(number)
    late = Q(status=Status.QUEUED, attempts=0, queued_at__lt=timezone.now() - PATIENCE)
    counts = Message.objects.aggregate(
        failed=Count("pk", filter=Q(status=Status.FAILED)),
        queued=Count("pk", filter=Q(status=Status.QUEUED)),
        sent=Count("pk", filter=Q(status=Status.SENT)),
        untouched_since=Min("queued_at", filter=late),
    )
    return MailPage(
        messages=tuple(_line(row) for row in page.object_list),
        number=page.number,
        pages=page.paginator.num_pages,
        **counts,
    )


def latest_invitations(person_ids: Collection[int]) -> dict[int, MessageLine]:
    """Return the last invitation of each of these people, by the person's key; only where there was one."""
    rows = Message.objects.filter(person_id__in=person_ids, kind=Message.Kind.INVITATION)
    latest = rows.select_related("person").order_by("person_id", "-queued_at", "-pk").distinct("person_id")
    return {row.person_id: _line(row) for row in latest if row.person_id is not None}


def invitation_in_words(invitation: MessageLine | None) -> str:
    """Return what became of an invitation."""
    if invitation is None:
        return "None was sent"
    if invitation.sent_at:
        return f"Sent on {moment_in_words(invitation.sent_at)}"
    if invitation.status == Status.FAILED:
        return "Could not be sent"
    if invitation.trouble:
        return f"Not sent yet: {invitation.trouble} It is tried again by itself."
    return f"On its way since {moment_in_words(invitation.queued_at)}"


def shown_mail(number: str | int = 1) -> ShownMail:
    """Return one page of the messages with their texts, for a demo in which nobody is real.

    A key of a link is made now, so that a link works as often as the page is opened.
    """
    rows = Message.objects.select_related("person").order_by("-queued_at", "-pk")
    page = Paginator(rows, MESSAGES_ON_A_PAGE).get_page(number)
    messages = tuple(
        ShownMessage(
            row.address,
            row.person.name if row.person else "",
            row.subject,
            row.text(),
            row.get_status_display(),
            moment_in_words(row.sent_at or row.queued_at),
        )
        for row in page.object_list
    )
    return ShownMail(messages, page.number, page.paginator.num_pages)


def _line(row: Message) -> MessageLine:
    return MessageLine(
        id=row.pk,
        kind_label=row.get_kind_display(),
        address=row.address,
        name=row.person.name if row.person else "",
        subject=row.subject,
        status=row.status,
        status_label=row.get_status_display(),
        queued_at=row.queued_at,
        tried_at=row.tried_at,
        sent_at=row.sent_at,
        attempts=row.attempts,
        trouble=row.last_error,
    )
