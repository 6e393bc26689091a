"""Moderation: another level proposed beside a signed one, what the system says to it, and what is decided.

Who reviews whom may be changed. What was proposed, answered and decided is written once.
"""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone

from surveys.models.assessment import Assessment, Submission
from surveys.models.evidence import Evidence
from surveys.models.immutability import never_deleted, unchanged, written_once
from surveys.models.person import Person
from surveys.models.questionnaire import Question
from surveys.models.result import Release
from surveys.models.round import Round

MODERATED_STAGES: Final = frozenset({Round.Status.CLOSED, Round.Status.PROVISIONAL})
"""The stages of a round in which its submissions are moderated."""


class ModerationPlan(models.Model):
    """Who decides about proposed levels in a round, and until when a system may answer a proposal."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="moderation_plan")
    lead_reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="moderation_led")
    answers_until = models.DateTimeField(help_text="Until when levels are proposed and systems may answer.")
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="moderation_planned")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = never_deleted()


class ReviewAssignment(models.Model):
    """A reviewer who was asked to look at one assessment: an analyst, or somebody of another system.

    The latter, a matched peer, reads the signed copy of this assessment by the assignment alone, until it
    ends.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="review_assignments")
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="review_assignments")
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reviews_assigned")
    assigned_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="reviews_ended"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "reviewer"],
                condition=Q(ended_at__isnull=True),
                name="reviewer_once_for_an_assessment",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False, ended_at__gte=F("assigned_at")),
                name="review_ended_by_and_when",
            ),
        ]
        triggers = [unchanged("assessment", "reviewer", "assigned_by", "assigned_at"), *never_deleted()]


class ModerationQuerySet(models.QuerySet["Moderation"]):
    """Proposed levels with where each stands."""

    def with_state(self) -> ModerationQuerySet:
        """Annotate `state`, and `final`, the level that counts: None while that is not known."""
        later = Submission.objects.filter(
            assessment=OuterRef("submission__assessment"), number__gt=OuterRef("submission__number")
        )
        returned = ~Q(submission__assessment__status=Assessment.Status.SUBMITTED)
        state = Moderation.State
        # A mapping, because the type checker takes a keyword for a second definition of the attribute.
        annotations = {
            "state": Case(
                When(returned | Exists(later), then=Value(state.REPLACED.value)),
                When(decision__isnull=False, then=Value(state.DECIDED.value)),
                When(answer__kind="accept", then=Value(state.ACCEPTED.value)),
                When(answer__kind="challenge", then=Value(state.CHALLENGED.value)),
                default=Value(state.WAITING.value),
            ),
            "final": Case(
                When(decision__isnull=False, then=F("decision__final")),
                When(answer__kind="accept", then=F("proposed")),
            ),
        }
        return self.annotate(**annotations)

    def standing(self, *states: str) -> ModerationQuerySet:
        """Return the proposed levels that are in one of these states, as `with_state` reads them."""
        return self.with_state().filter(Q(state__in=states))


class Moderation(models.Model):
    """A level that a reviewer proposes beside the self-assessed one of a submission, with the reason."""

    class State(models.TextChoices):
        """Where a proposal stands, by which rows there are beside it; MOVES says what may follow."""

        WAITING = "waiting", "Waits for the system"
        ACCEPTED = "accepted", "Accepted"
        CHALLENGED = "challenged", "Challenged"
        DECIDED = "decided", "Decided"
        REPLACED = "replaced", "Replaced"

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="moderations")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="moderations")
    self_assessed = models.PositiveSmallIntegerField(help_text="The level that was signed.")
    proposed = models.PositiveSmallIntegerField(help_text="The level that the reviewer proposes.")
    reason = models.TextField()
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="moderations_proposed")
    proposed_at = models.DateTimeField(default=timezone.now)

    # On a row that `with_state` has read.
    state: str
    final: int | None

    objects = ModerationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "question"], name="moderation_once_a_question"),
            models.CheckConstraint(
                condition=Q(self_assessed__gte=1, proposed__gte=1), name="moderation_levels_from_one"
            ),
            models.CheckConstraint(
                condition=~Q(proposed=F("self_assessed")), name="moderation_proposes_another_level"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="moderation_has_a_reason"),
        ]
        triggers = written_once()


MOVES: Final[dict[Moderation.State, frozenset[Moderation.State]]] = {
    Moderation.State.WAITING: frozenset(
        {
            Moderation.State.ACCEPTED,
            Moderation.State.CHALLENGED,
            Moderation.State.DECIDED,
            Moderation.State.REPLACED,
        }
    ),
    Moderation.State.CHALLENGED: frozenset({Moderation.State.DECIDED, Moderation.State.REPLACED}),
    Moderation.State.ACCEPTED: frozenset({Moderation.State.REPLACED}),
    Moderation.State.DECIDED: frozenset({Moderation.State.REPLACED}),
    Moderation.State.REPLACED: frozenset(),
}
"""Which state may follow which. A proposal is replaced when its submission is returned or signed anew."""

OPEN_STATES: Final = frozenset({Moderation.State.WAITING, Moderation.State.CHALLENGED})
"""The states in which the final level is not known yet."""


class ModerationAnswer(models.Model):
    """What the system says to a proposed level. Accepted, it is the final level."""

    class Kind(models.TextChoices):
        """What it says."""

        ACCEPT = "accept", "Accept the proposed level"
        CHALLENGE = "challenge", "Challenge it"

    moderation = models.OneToOneField(Moderation, on_delete=models.PROTECT, related_name="answer")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="moderations_answered")
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["accept", "challenge"]), name="moderation_answer_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="accept") | ~Q(text=""), name="moderation_challenge_says_why"
            ),
        ]
        triggers = written_once()


class ChallengeEvidence(models.Model):
    """Evidence beside the answers of an assessment to which a challenge points."""

    answer = models.ForeignKey(ModerationAnswer, on_delete=models.PROTECT, related_name="evidence")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="challenges")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "evidence"], name="challenge_evidence_once")]
        triggers = written_once()


class ModerationDecision(models.Model):
    """The final level, where the system did not accept the proposed one. Whoever proposed does not decide."""

    moderation = models.OneToOneField(Moderation, on_delete=models.PROTECT, related_name="decision")
    final = models.PositiveSmallIntegerField(help_text="The level that counts.")
    reason = models.TextField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="moderations_decided")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="moderation_decision_has_a_reason")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="between_and_by_another",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT FROM surveys_moderation
                               WHERE id = NEW.moderation_id AND proposed_by_id = NEW.decided_by_id) THEN
                        RAISE EXCEPTION 'pgtrigger: Whoever proposed a level does not decide about it';
                    END IF;
                    IF EXISTS (SELECT FROM surveys_moderation
                               WHERE id = NEW.moderation_id
                               AND (NEW.final < LEAST(self_assessed, proposed)
                                    OR NEW.final > GREATEST(self_assessed, proposed))) THEN
                        RAISE EXCEPTION
                            'pgtrigger: A final level lies between the self-assessed and the proposed one';
                    END IF;
                    RETURN NEW;
                """,
            ),
            *written_once(),
        ]


class ReleasedModeration(models.Model):
    """A moderated level as it stood at a release: the released answer has the final one."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="moderations")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="released_moderations")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    moderation = models.ForeignKey(Moderation, on_delete=models.PROTECT, related_name="released_in")
    self_assessed = models.PositiveSmallIntegerField()
    proposed = models.PositiveSmallIntegerField()
    final = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "assessment", "question"], name="released_moderation_once"
            ),
            models.CheckConstraint(
                condition=Q(self_assessed__gte=1, proposed__gte=1, final__gte=1),
                name="released_moderation_levels_from_one",
            ),
        ]
        triggers = written_once()
