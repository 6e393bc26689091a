"""Challenges: what a system says is wrong in its provisional results, until when it may, and the answer."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from surveys.models.assessment import Assessment
from surveys.models.immutability import written_once
from surveys.models.person import Person
from surveys.models.questionnaire import Dimension, Question
from surveys.models.result import Release
from surveys.models.round import Round


class ChallengeWindow(models.Model):
    """Until when the systems of a round may challenge its provisional results. The latest row counts.

    The first is set with the provisional release; each one after it gives more time and says why.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="challenge_windows")
    until = models.DateTimeField()
    reason = models.TextField(blank=True, help_text="Why there is more time; empty for the first.")
    set_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="challenge_windows"
    )
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(reason=""), name="challenge_window_more_time_has_a_reason"
            ),
            models.UniqueConstraint(fields=["round", "until"], name="challenge_window_ends_once"),
        ]
        triggers = written_once()


class Challenge(models.Model):
    """What one system says is wrong in its results of a provisional release.

    It is about a dimension or about a question, never both.
    """

    class State(models.TextChoices):
        """What became of it; worked out from its answer."""

        WAITING = "waiting", "Waiting for an answer"
        UPHELD = "upheld", "Upheld"
        NOT_UPHELD = "not_upheld", "Not upheld"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="challenges")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="challenges")
    dimension = models.ForeignKey(
        Dimension, on_delete=models.PROTECT, null=True, blank=True, related_name="challenges"
    )
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, null=True, blank=True, related_name="challenges"
    )
    text = models.TextField()
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="challenges")
    raised_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(dimension__isnull=False, question__isnull=True)
                | Q(dimension__isnull=True, question__isnull=False),
                name="challenge_is_about_one_thing",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="challenge_says_what_is_wrong"),
        ]
        indexes = [models.Index(fields=["assessment", "-raised_at"], name="challenge_of_a_system")]
        triggers = written_once()

    @property
    def about(self) -> str:
        """The text of the question, or the name of the dimension."""
        return self.question.text if self.question else getattr(self.dimension, "name", "")


class ChallengeAnswer(models.Model):
    """What the programme team answered: what will be done where it is upheld, why not where it is not."""

    challenge = models.OneToOneField(Challenge, on_delete=models.PROTECT, related_name="answer")
    upheld = models.BooleanField()
    text = models.TextField()
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="challenge_answers")
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="challenge_answer_says_why")]
        triggers = written_once()
