"""What people say to one another about a question of an assessment."""

from __future__ import annotations

import uuid
from typing import Final

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from surveys.models.assessment import Assessment
from surveys.models.immutability import never_deleted, unchanged, written_once
from surveys.models.person import Person
from surveys.models.questionnaire import Question

LONGEST_COMMENT: Final = 5_000
"""The most characters of a comment."""


class Comment(models.Model):
    """One contribution to the conversation about a question: it opens a thread, or replies to that opening.

    Its words are never changed. Its author can withdraw it: then nobody is shown them any more. A thread is
    resolved and opened again at the comment that opened it. `key` is made with the form, so that a form that
    is sent twice says its words once.
    """

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="comments")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    reply_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        help_text="The comment that opened the thread; empty for that one itself.",
    )
    body = models.TextField()
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="comments")
    written_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="threads_resolved"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="When its author took it back.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "author", "key"], name="comment_key_once"),
            models.CheckConstraint(
                condition=Q(body__regex=r"\S")
                & Q(LessThanOrEqual(Length("body"), LONGEST_COMMENT))
                & ~Q(body__regex=r"[\x01-\x08\x0b-\x1f\x7f]"),
                name="comment_is_text_of_a_fair_length",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="comment_resolved_by_and_when",
            ),
            models.CheckConstraint(
                condition=Q(reply_to__isnull=True) | Q(resolved_at__isnull=True),
                name="comment_resolved_where_it_opened",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("written_at")),
                name="comment_withdrawn_after_it_was_written",
            ),
        ]
        indexes = [models.Index(fields=["assessment", "question"], name="comment_of_a_question")]
        triggers = [
            unchanged("key", "assessment", "question", "reply_to", "body", "author", "written_at"),
            pgtrigger.Protect(
                name="withdrawn_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__withdrawn_at__isnull=False, old__withdrawn_at__df=pgtrigger.F("new__withdrawn_at")
                ),
            ),
            pgtrigger.Trigger(
                name="replies_to_what_opened",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__reply_to__isnull=False),
                func="""
                    IF NOT EXISTS (SELECT FROM surveys_comment AS opening
                                   WHERE opening.id = NEW.reply_to_id AND opening.reply_to_id IS NULL
                                       AND opening.assessment_id = NEW.assessment_id
                                       AND opening.question_id = NEW.question_id) THEN
                        RAISE EXCEPTION 'pgtrigger: A comment replies to one that opened a thread there';
                    END IF;
                    RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class Mention(models.Model):
    """Somebody whom a comment calls in; they get an e-mail."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mentions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="mention_once_a_comment")]
        triggers = written_once()
