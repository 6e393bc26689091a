"""Rounds: one run of one questionnaire version with its participants and its times."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from surveys.models.organisation import Organisation
from surveys.models.person import Person
from surveys.models.questionnaire import Questionnaire


class Round(models.Model):
    """One run of one questionnaire version."""

    class Status(models.TextChoices):
        """Where the round is in its life; MOVES says what may follow."""

        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"
        PROVISIONAL = "provisional", "Provisional results"
        PUBLISHED = "published", "Published"

    class Audience(models.TextChoices):
        """Who may read the results once they are published."""

        RESPONDENTS = "respondents", "People with a membership"
        PUBLIC = "public", "Everyone"

    title = models.CharField(max_length=120)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="rounds")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reference_date = models.DateField(help_text="The day that answers describe.")
    participants_as_at = models.DateField(help_text="The day whose systems take part.")
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.RESPONDENTS)
    purpose = models.TextField(blank=True)
    declaration = models.TextField()
    synthetic = models.BooleanField(
        default=False, help_text="Made-up data for demonstration; said on every page."
    )
    created_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="created_rounds"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["title"], name="round_title_once"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "open", "closed", "provisional", "published"]),
                name="round_status_known",
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["respondents", "public"]), name="round_audience_known"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="round_closes_after_opening"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(declaration=""), name="round_texts_not_blank"),
        ]

    def __str__(self) -> str:
        return self.title


MOVES: Final[dict[Round.Status, frozenset[Round.Status]]] = {
    Round.Status.DRAFT: frozenset({Round.Status.OPEN}),
    Round.Status.OPEN: frozenset({Round.Status.CLOSED}),
    Round.Status.CLOSED: frozenset({Round.Status.OPEN, Round.Status.PROVISIONAL}),
    Round.Status.PROVISIONAL: frozenset({Round.Status.PUBLISHED}),
    Round.Status.PUBLISHED: frozenset(),
}
"""Which status may follow which. A correction of a published round is a new release, not a move."""


class Participant(models.Model):
    """An organisation that takes part in a round. The list is fixed when the round opens."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="participants")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="participations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation"], name="participant_once_a_round")
        ]
