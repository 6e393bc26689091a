"""The audit trail: who did what, when and why. Append-only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from surveys.models.immutability import written_once


class Event(models.Model):
    """One thing that was done. It names its subjects by key, without foreign keys, to outlive them."""

    happened_at = models.DateTimeField(default=timezone.now)
    person_id = models.BigIntegerField(null=True, blank=True, help_text="Empty when a command did it.")
    person_name = models.CharField(max_length=150)
    verb = models.CharField(max_length=60, help_text="subject.what-was-done, such as round.opened")
    subject = models.CharField(max_length=300, help_text="The subject in words, as it was called then.")
    round_id = models.BigIntegerField(null=True, blank=True)
    assessment_id = models.BigIntegerField(null=True, blank=True)
    organisation_id = models.BigIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verb__regex=r"^[a-z_]+\.[a-z_]+$"), name="event_verb_well_formed"
            ),
            models.CheckConstraint(condition=~Q(person_name=""), name="event_says_who"),
        ]
        indexes = [
            models.Index(fields=["round_id", "-happened_at"], name="event_of_a_round"),
            models.Index(fields=["assessment_id", "-happened_at"], name="event_of_an_assessment"),
            models.Index(fields=["person_id", "-happened_at"], name="event_of_a_person"),
            models.Index(fields=["organisation_id", "-happened_at"], name="event_of_an_organisation"),
            models.Index(fields=["verb", "-happened_at"], name="event_by_verb"),
            models.Index(fields=["-happened_at", "-id"], name="event_by_time"),
        ]
        triggers = written_once()
