"""Results: scores and answers frozen in a numbered release of a round."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from surveys.models.assessment import AnswerValue, Assessment, Submission
from surveys.models.immutability import written_once
from surveys.models.person import Person
from surveys.models.questionnaire import Question
from surveys.models.round import Round


class Release(models.Model):
    """A numbered set of results of a round. Provisional and published ones are numbered apart, from 1."""

    class Kind(models.TextChoices):
        """How firm it is; permissions.visible_to says who may read each."""

        PROVISIONAL = "provisional", "Provisional"
        PUBLISHED = "published", "Published"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="releases")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True, help_text="What changed since the release before, for readers.")
    released_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="releases"
    )
    released_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "kind", "number"], name="release_number_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["provisional", "published"]), name="release_kind_known"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="release_number_from_one"),
            models.CheckConstraint(
                condition=Q(number=1) | Q(kind="provisional") | ~Q(note=""),
                name="release_correction_has_a_note",
            ),
        ]
        triggers = written_once()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} release {self.number}"


class Withdrawal(models.Model):
    """A release that nobody reads any more: in place of its pages stands the reason. What it held is kept."""

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField(help_text="For everybody who may have read the results.")
    withdrawn_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawals"
    )
    withdrawn_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_has_a_reason")]
        triggers = written_once()


class ReleasedSubmission(models.Model):
    """Which signed submission an assessment's results in a release were made from.

    An assessment of the round without a row here did not respond, as far as the release knows.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="submissions")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="released_submissions")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="released_in")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "assessment"], name="released_submission_once"),
        ]
        triggers = written_once()


class LeftOut(models.Model):
    """An assessment that took no part in its round any more when a release was made, which does not count it.

    All other assessments of the round are counted: an assessment is added only before the first release.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="left_out")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="left_out_of")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "assessment"], name="left_out_once_a_release"),
        ]
        triggers = written_once()


class Result(models.Model):
    """One frozen score of one assessment: of a dimension, section, theme or group, overall, or a gap.

    `code` is empty for the overall score and for the gap, and "core" for the gap over core dimensions only.
    `score` is on the questionnaire's scale (levels), a percentage of the possible points in a points
    questionnaire, or the difference of two such scores for a gap; None when withheld or when nothing was
    answered. `points` of `possible` stand beside a percentage.
    """

    class Measure(models.TextChoices):
        """What the score is of; `code` says which one."""

        DIMENSION = "dimension", "Dimension"
        SECTION = "section", "Section"
        THEME = "theme", "Theme"
        GROUP = "group", "Group of dimensions"
        OVERALL = "overall", "Overall"
        GAP = "gap", "Gap"

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="results")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="results")
    measure = models.CharField(max_length=12, choices=Measure.choices)
    code = models.CharField(max_length=80, blank=True)
    score = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    points = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    possible = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    answered = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    not_applicable = models.PositiveSmallIntegerField()
    withheld = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "assessment", "measure", "code"], name="result_once_a_release"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=["dimension", "section", "theme", "group", "overall", "gap"]),
                name="result_measure_known",
            ),
            models.CheckConstraint(
                condition=Q(withheld=False) | Q(score=None), name="result_withheld_has_no_score"
            ),
            models.CheckConstraint(
                condition=Q(points=None, possible=None)
                | Q(points__isnull=False, possible__isnull=False, points__gte=0, points__lte=F("possible")),
                name="result_points_of_possible",
            ),
            models.CheckConstraint(
                condition=Q(answered__lte=F("asked")), name="result_answered_within_asked"
            ),
        ]
        triggers = written_once()


class ReleasedAnswer(AnswerValue):
    """An answer as it stood at the release. A question asked and left empty has no row."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="answers")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="released_answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="released_answers")

    class Meta(AnswerValue.Meta):
        constraints = [
            *AnswerValue.Meta.constraints,
            models.UniqueConstraint(
                fields=["release", "assessment", "question"], name="released_answer_once"
            ),
        ]
        triggers = written_once()
