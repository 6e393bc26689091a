"""Who is in a section now, and how long sections have been worked on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from surveys.models.assessment import Assessment
from surveys.models.person import Person
from surveys.models.questionnaire import Dimension


class Presence(models.Model):
    """When a person was last seen in a section that they answer; rows do not outlive it by long."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="+")
    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "dimension", "person"], name="presence_once_in_a_section"
            )
        ]


class WorkSpell(models.Model):
    """A time in which somebody worked on a section. It does not say who; several at once are one spell."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="work_spells")
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="spell_ends_after_start")
        ]
        indexes = [
            models.Index(fields=["assessment", "dimension", "-ended_at"], name="spells_of_a_section"),
        ]
