"""Messages to people: what is to be sent to whom, and what became of it."""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib.auth.tokens import default_token_generator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from surveys.models.assessment import Assessment
from surveys.models.person import Person
from surveys.models.round import Round

KEY_TO_COME: Final = "SINGLE-USE-KEY"
"""Stands in a stored text for the key of a link, which is made when the message leaves and never stored."""


class Message(models.Model):
    """One message to one address.

    `key` names the message and is the same at every attempt, so that who gets it twice can tell.
    """

    class Kind(models.TextChoices):
        """What the message is about."""

        INVITATION = "invitation", "Invitation"
        PASSWORD_LINK = "password_link", "Password link"
        REMINDER = "reminder", "Reminder"
        MENTION = "mention", "Mention in a comment"
        HANDED_OVER = "handed_over", "Work handed over"
        SECTION_DONE = "section_done", "Section done"
        CHANGES_REQUESTED = "changes_requested", "Changes requested in a section"
        SENT_FOR_SIGNOFF = "sent_for_signoff", "Sent for sign-off"
        RETURNED = "returned", "Assessment returned"
        SUBMITTED = "submitted", "Assessment submitted"
        RESULTS_TO_CHECK = "results_to_check", "Provisional results to check"
        CHALLENGE_RAISED = "challenge_raised", "Challenge raised"
        CHALLENGE_ANSWERED = "challenge_answered", "Challenge answered"
        REVIEW_ASSIGNED = "review_assigned", "Asked for a review"
        LEVEL_PROPOSED = "level_proposed", "Levels proposed"
        PROPOSAL_ANSWERED = "proposal_answered", "Proposed levels answered"
        LEVEL_DECIDED = "level_decided", "Levels decided"

    class Status(models.TextChoices):
        """What became of the message."""

        QUEUED = "queued", "Queued"
        SENT = "sent", "Sent"
        FAILED = "failed", "Not delivered"

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    address = models.EmailField(max_length=254)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="messages"
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, null=True, blank=True, related_name="messages"
    )
    subject = models.CharField(max_length=300)
    body = models.TextField()
    queued_at = models.DateTimeField(default=timezone.now)
    queued_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages_caused",
        help_text="Empty when the recipient asked for it, or a command did.",
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Since it was last queued.")
    tried_at = models.DateTimeField(null=True, blank=True, help_text="When the last attempt began.")
    last_error = models.TextField(blank=True, help_text="Why the last attempt failed, in plain English.")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the mail server took it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="message_key_once"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "invitation",
                        "password_link",
                        "reminder",
                        "mention",
                        "handed_over",
                        "section_done",
                        "changes_requested",
                        "sent_for_signoff",
                        "returned",
                        "submitted",
                        "results_to_check",
                        "challenge_raised",
                        "challenge_answered",
                        "review_assigned",
                        "level_proposed",
                        "proposal_answered",
                        "level_decided",
                    ]
                ),
                name="message_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "sent", "failed"]), name="message_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(address="") & ~Q(subject="") & ~Q(body=""), name="message_texts_not_blank"
            ),
            models.CheckConstraint(
                condition=~Q(address__regex=r"[[:cntrl:]]") & ~Q(subject__regex=r"[[:cntrl:]]"),
                name="message_headers_on_one_line",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["invitation", "password_link"]) | Q(person__isnull=False),
                name="message_with_key_has_a_person",
            ),
            models.CheckConstraint(
                condition=Q(attempts=0, tried_at__isnull=True) | Q(attempts__gt=0, tried_at__isnull=False),
                name="message_attempts_and_when",
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False, attempts__gt=0, last_error="")
                | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="message_sent_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(last_error=""), name="message_failed_says_why"
            ),
        ]
        indexes = [models.Index(fields=["status", "-queued_at"], name="message_by_status")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.address}"

    @property
    def carries_key(self) -> bool:
        """Whether a link of the message lets its reader choose a password."""
        return self.kind in {self.Kind.INVITATION, self.Kind.PASSWORD_LINK}

    @property
    def is_safe_to_send(self) -> bool:
        """Whether a key, if the message carries one, goes to the active owner of the account alone."""
        owner = self.person
        return not self.carries_key or (
            owner is not None and owner.is_active and owner.email.lower() == self.address.lower()
        )

    def text(self) -> str:
        """Return the text to send, with a new single-use key where it carries one: its day begins now."""
        if not self.carries_key or self.person is None:
            return self.body
        return self.body.replace(KEY_TO_COME, default_token_generator.make_token(self.person))
