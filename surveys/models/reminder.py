"""Reminders: what is planned for a round, and which reminder went to whom about which assessment."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone

from surveys.models.assessment import Assessment
from surveys.models.immutability import never_deleted, written_once
from surveys.models.mail import Message
from surveys.models.person import Person
from surveys.models.round import Round

EARLIEST: Final = 120
"""The most days before a deadline for which a reminder can be planned."""

LATEST: Final = -60
"""The same for days after it, which are negative."""

LONGEST_SUBJECT: Final = 150
LONGEST_BODY: Final = 3_000
"""The most characters of what an administrator writes."""


class PlannedReminder(models.Model):
    """A reminder that goes out by itself, so many days before the deadline of each system.

    Without a number of days it is the invitation, which goes out once answering has begun.

    `subject` and `body` have placeholders such as {deadline}. `site` is the address of the service without a
    path, as whoever planned it used it. A reminder that is stopped stays, with what it has sent.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="planned_reminders")
    days_before = models.SmallIntegerField(
        null=True,
        blank=True,
        help_text="Days before the deadline, negative for days after it; empty for the invitation.",
    )
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    body = models.TextField()
    site = models.CharField(max_length=200)
    stopped = models.BooleanField(default=False)
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="planned_reminders")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "days_before"],
                condition=Q(stopped=False),
                nulls_distinct=False,
                name="planned_reminder_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(days_before__gte=-60, days_before__lte=120), name="planned_reminder_within_reach"
            ),
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(body="") & ~Q(site=""), name="planned_reminder_texts_not_blank"
            ),
        ]
        triggers = never_deleted()


class Reminder(models.Model):
    """A reminder that was queued for one person about one assessment, once for each occasion.

    The occasion is a planned reminder and the day of the deadline then, so that more time brings another one;
    for an invitation there is no such day. Or it is `sending`, the key of the form with which an
    administrator sent it.
    """

    planned = models.ForeignKey(
        PlannedReminder, on_delete=models.PROTECT, null=True, blank=True, related_name="sent"
    )
    sending = models.UUIDField(null=True, blank=True)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="reminders")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reminders")
    deadline_on = models.DateField(
        null=True,
        blank=True,
        help_text="The day of the deadline, in the time zone of the service; empty for an invitation.",
    )
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="reminder")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["planned", "assessment", "person", "deadline_on"],
                condition=Q(planned__isnull=False),
                nulls_distinct=False,
                name="reminder_once_for_a_plan",
            ),
            models.UniqueConstraint(
                fields=["sending", "assessment", "person"],
                condition=Q(sending__isnull=False),
                name="reminder_once_for_a_sending",
            ),
            models.CheckConstraint(
                condition=Q(planned__isnull=False, sending__isnull=True)
                | Q(planned__isnull=True, sending__isnull=False),
                name="reminder_has_one_occasion",
            ),
            models.CheckConstraint(
                condition=Q(planned__isnull=False) | Q(deadline_on__isnull=False),
                name="reminder_sent_now_has_a_deadline",
            ),
        ]
        triggers = written_once()
