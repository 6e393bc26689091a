"""Mail: queued with what it is about, sent by the worker, and each message with what became of it.

A message may arrive twice and is never lost: if the worker dies after the mail server took a message and
before that is recorded, the message is sent again. A missing invitation keeps somebody out; a second copy,
with the same Message-ID, is at worst a nuisance.
"""

from __future__ import annotations

import datetime
import logging
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from surveys.actions.audit import record
from surveys.actions.mail_server import Trouble, hand_over
from surveys.actions.queueing import SOON, enqueue
from surveys.actions.refusals import Refused
from surveys.emails import Mail
from surveys.models import Message, Person
from surveys.permissions import Permission, require_anywhere

Status = Message.Status

DELIVER: Final = "mail.deliver"
"""The name of the task that delivers a message."""

PAUSES: Final = tuple(
    datetime.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60)
)
"""How long to wait after the first attempt, the second and so on; after one more, the message has failed."""

ELSEWHERE: Final = datetime.timedelta(minutes=1)

logger = logging.getLogger(__name__)


class TryAgain(Exception):
    """The message is still to be sent, and there is no use in trying before `at`."""

    def __init__(self, at: datetime.datetime) -> None:
        super().__init__(f"Not before {at.isoformat(timespec='seconds')}")
        self.at = at


@transaction.atomic
def queue_mail(
    *,
    mail: Mail,
    kind: Message.Kind,
    person: Person | None = None,
    by: Person | None = None,
    round_id: int | None = None,
    assessment_id: int | None = None,
) -> Message:
    """Store a message and have the worker send it, once this transaction has committed.

    `person` is whose address it is, and `by` who caused it, where there is somebody. Whether somebody may
    cause it is for the action that calls this one.
    """
    message = Message.objects.create(
        kind=kind,
        address=mail.to,
        person=person,
        round_id=round_id,
        assessment_id=assessment_id,
        subject=_in_one_line(mail.subject),
        body="\n".join(mail.body.splitlines()) + "\n",
        queued_by=by,
    )
    _enqueue(message)
    return message


@transaction.atomic
def send_again(*, by: Person, message_id: int) -> Message:
    """Queue a message that failed, with all its attempts before it, to the address that the person has now.

    Raises Http404 for who does not manage people, Refused when the message has not failed or the account is
    switched off.
    """
    require_anywhere(by, Permission.MANAGE)
    rows = Message.objects.select_for_update(no_key=True, of=("self",)).select_related("person")
    message = rows.filter(pk=message_id).first()
    if message is None:
        raise Http404
    if message.status != Status.FAILED:
        raise Refused("Only a message that was not delivered can be sent again. Nothing was changed.")
    if message.person is not None:
        if not message.person.is_active:
            raise Refused(f"The account of {message.person.name} is switched off. Switch it on first.")
        message.address = message.person.email
    message.status, message.attempts, message.tried_at = Status.QUEUED, 0, None
    message.save(update_fields=["address", "status", "attempts", "tried_at"])
    _enqueue(message)
    record(
        by=by,
        verb="message.queued_again",
        subject=str(message),
        round_id=message.round_id,
        assessment_id=message.assessment_id,
        detail={"message_id": message.pk},
    )
    return message


def deliver(*, message_id: int) -> None:
    """Send a queued message, and record what became of it. Nothing is done for one that is queued no longer.

    Returns only when nothing is left to do. Raises TryAgain when the mail server may take the message later,
    and while another worker has it.
    """
    with transaction.atomic():
        # The lock is held during the conversation, so that two workers cannot both have it.
        rows = Message.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        message = rows.select_related("person").filter(pk=message_id, status=Status.QUEUED).first()
        if message is not None:
            _attempt(message)
    if message is None:
        if Message.objects.filter(pk=message_id, status=Status.QUEUED).exists():
            raise TryAgain(timezone.now() + ELSEWHERE)
    elif message.status == Status.QUEUED and message.tried_at is not None:
        raise TryAgain(message.tried_at + PAUSES[message.attempts - 1])


def _attempt(message: Message) -> None:
    message.attempts, message.tried_at = message.attempts + 1, timezone.now()
    trouble = _trouble_with(message)
    message.last_error = trouble.words if trouble else ""
    if trouble is None:
        message.status, message.sent_at = Status.SENT, timezone.now()
    elif trouble.final or message.attempts > len(PAUSES):
        message.status = Status.FAILED
    if trouble is not None:
        logger.warning("Message %s, attempt %s: %s", message.pk, message.attempts, trouble.words)
    message.save(update_fields=["attempts", "tried_at", "last_error", "status", "sent_at"])


def _trouble_with(message: Message) -> Trouble | None:
    if not message.is_safe_to_send:
        return Trouble(
            "The account was switched off, or got another e-mail address, after this message was queued, so "
            "its link to choose a password was not sent to this address.",
            final=True,
        )
    return None if settings.DEMO else hand_over(_written(message))


def _written(message: Message) -> EmailMessage:
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return EmailMessage(
        subject=message.subject,
        body=message.text(),
        to=[message.address],
        reply_to=[settings.SUPPORT_EMAIL] if settings.SUPPORT_EMAIL else None,
        headers={
            "Message-ID": f"<{message.key}@{sender.rpartition('@')[2]}>",
            # No out-of-office replies: by the standard (RFC 3834), and as Exchange understands it.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
        },
    )


def _enqueue(message: Message) -> None:
    priority = SOON if message.carries_key else 0
    enqueue(DELIVER, priority=priority, message_id=message.pk)


def _in_one_line(text: str) -> str:
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[: Message._meta.get_field("subject").max_length]
