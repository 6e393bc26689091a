"""Assessments: one organisation's self-assessment in one round, its answers and its signed submissions."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Func, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Greatest
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.utils import timezone

from surveys.models.immutability import never_deleted, never_truncated, written_once
from surveys.models.organisation import Organisation
from surveys.models.person import Person
from surveys.models.questionnaire import Dimension, Question
from surveys.models.round import Round
from surveys.questionnaires.responses import Response


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments with the deadline that holds for each, and those that count."""

    def taking_part(self) -> AssessmentQuerySet:
        """Keep those that take part in their round now, which are the N of every count."""
        return self.filter(withdrawn_at=None)

    def counted_in(self, release: Any) -> AssessmentQuerySet:
        """Keep those that a release of their round counts; `release` is one, its key or an OuterRef to it."""
        return self.exclude(left_out_of__release=release)

    def with_deadline(self) -> AssessmentQuerySet:
        """Annotate `deadline`: the end of the latest extension, or the round's closing time if that is later.

        It is later when a round was reopened until after an extension, or when there is no extension. Also
        `reopened`: the latest extension was granted after the closing, and the round has not been opened
        again since; it alone counts then.
        """
        # By key and not by time: a clock that was put back must not make an older extension the latest.
        latest = Extension.objects.filter(assessment=OuterRef("pk")).order_by("-pk")
        until = Subquery(latest.values("until")[:1])
        over = ~Q(round__status__in=[Round.Status.DRAFT, Round.Status.OPEN])
        reopened = Q(granted_after_closing=True) & over
        # A mapping, because the type checker takes a keyword for a second definition of the attribute.
        annotations = {
            "reopened": Case(When(reopened, then=True), default=False, output_field=models.BooleanField()),
            "deadline": Case(When(reopened, then=until), default=Greatest(until, F("round__closes_at"))),
        }
        granted = {"granted_after_closing": Subquery(latest.values("after_closing")[:1])}
        return self.annotate(**granted).annotate(**annotations)


class Assessment(models.Model):
    """One organisation's self-assessment in one round.

    Name, code and region are the organisation's when the round opened, so that a past round never changes.
    """

    class Status(models.TextChoices):
        """Where the assessment is in its life; MOVES says what may follow."""

        NOT_STARTED = "not_started", "Not started"
        IN_PROGRESS = "in_progress", "In progress"
        AWAITING_SIGNOFF = "awaiting_signoff", "Awaiting sign-off"
        SUBMITTED = "submitted", "Submitted"
        RETURNED = "returned", "Returned"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assessments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assessments")
    organisation_name = models.CharField(max_length=200)
    ods_code = models.CharField(max_length=5)
    region = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="regional_assessments")
    region_name = models.CharField(max_length=200)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NOT_STARTED)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When it was last sent for sign-off.")
    sent_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="assessments_sent"
    )
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="assessments_returned"
    )
    return_reason = models.TextField(blank=True)
    added_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was added to its round, if that had opened before."
    )
    added_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="assessments_added"
    )
    added_reason = models.TextField(blank=True, db_default="")
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when it takes no part in its round any more."
    )
    withdrawn_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="assessments_withdrawn"
    )
    withdrawal_reason = models.TextField(blank=True, db_default="")

    # On a row that `with_deadline` has read.
    deadline: datetime.datetime
    reopened: bool

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation"], name="assessment_once_a_round"),
            models.CheckConstraint(
                condition=Q(
                    status__in=["not_started", "in_progress", "awaiting_signoff", "submitted", "returned"]
                ),
                name="assessment_status_known",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_by__isnull=True)
                | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="assessment_sent_by_and_when",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, returned_by__isnull=True, return_reason="")
                | (Q(returned_at__isnull=False, returned_by__isnull=False) & ~Q(return_reason="")),
                name="assessment_returned_by_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(added_at__isnull=True, added_by__isnull=True, added_reason="")
                | (Q(added_at__isnull=False, added_by__isnull=False) & ~Q(added_reason="")),
                name="assessment_added_by_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason="")),
                name="assessment_withdrawn_by_when_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | Q(returned_at__isnull=False),
                name="assessment_returned_has_a_return",
            ),
            models.CheckConstraint(
                condition=~Q(status="awaiting_signoff") | Q(sent_at__isnull=False),
                name="assessment_awaiting_was_sent",
            ),
        ]
        indexes = [models.Index(fields=["organisation"], name="assessment_organisation")]

    def __str__(self) -> str:
        return f"{self.organisation_name}, round {self.round_id}"


MOVES: Final[dict[Assessment.Status, frozenset[Assessment.Status]]] = {
    Assessment.Status.NOT_STARTED: frozenset({Assessment.Status.IN_PROGRESS}),
    Assessment.Status.IN_PROGRESS: frozenset({Assessment.Status.AWAITING_SIGNOFF}),
    Assessment.Status.AWAITING_SIGNOFF: frozenset({Assessment.Status.SUBMITTED, Assessment.Status.RETURNED}),
    Assessment.Status.SUBMITTED: frozenset({Assessment.Status.RETURNED}),
    Assessment.Status.RETURNED: frozenset(
        {Assessment.Status.IN_PROGRESS, Assessment.Status.AWAITING_SIGNOFF}
    ),
}
"""Which status may follow which, by what people do. An import into a round that is over also submits what it
brings, which nobody signs here.
"""


class Extension(models.Model):
    """A later deadline for one assessment; the latest one granted holds.

    `after_closing`: the round was no longer open, so the time runs for this system alone.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateTimeField()
    reason = models.TextField()
    after_closing = models.BooleanField(default=False)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="extensions_granted")
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason")]
        triggers = written_once()


class SectionAssignment(models.Model):
    """A dimension of an assessment handed to a colleague, or a single question of it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="section_assignments")
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(
        Question,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The single question; empty for the whole dimension.",
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="section_assignments")
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sections_handed_out")
    assigned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "dimension", "question", "person"],
                nulls_distinct=False,
                name="section_assigned_once_to_a_person",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="question_of_the_dimension",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__question__isnull=False),
                func="""
                    IF NOT EXISTS (SELECT FROM surveys_question
                                   WHERE id = NEW.question_id AND dimension_id = NEW.dimension_id) THEN
                        RAISE EXCEPTION 'pgtrigger: A question is assigned with its own dimension';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]


class SectionMark(models.Model):
    """What somebody said of the work on a dimension: done, or changes requested. The last one holds.

    Without one, the work has not been said to be done.
    """

    class Kind(models.TextChoices):
        """What was said."""

        DONE = "done", "Done"
        CHANGES_REQUESTED = "changes_requested", "Changes requested"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="section_marks")
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="section_marks")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["done", "changes_requested"]), name="section_mark_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="changes_requested") | ~Q(note=""), name="section_mark_says_what_to_change"
            ),
        ]
        indexes = [
            models.Index(fields=["assessment", "dimension", "-made_at"], name="section_marks_of_a_section")
        ]
        triggers = written_once()


def _kinds_of_value() -> Func:
    return Func(
        F("level"),
        F("number"),
        F("options"),
        F("part_codes"),
        Func(F("text"), Value(""), function="NULLIF"),
        function="num_nonnulls",
        output_field=IntegerField(),
    )


class AnswerValue(models.Model):
    """What was answered to one question. At most one of level, options, number, parts and text is given."""

    level = models.SmallIntegerField(null=True, blank=True)
    options = ArrayField(models.CharField(max_length=80), null=True, blank=True)
    number = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    part_codes = ArrayField(models.CharField(max_length=80), null=True, blank=True)
    part_values = ArrayField(models.DecimalField(max_digits=16, decimal_places=4), null=True, blank=True)
    text = models.TextField(blank=True)
    other = models.TextField(blank=True, help_text="What the option for anything else stands for.")
    consent = models.BooleanField(null=True, blank=True)
    comment = models.TextField(blank=True)
    not_applicable = models.BooleanField(default=False)
    reason = models.TextField(blank=True, help_text="Why the question is not applicable.")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(LessThanOrEqual(_kinds_of_value(), 1)), name="%(class)s_one_kind_of_value"
            ),
            models.CheckConstraint(
                condition=Q(not_applicable=False, reason="")
                | (
                    Q(
                        not_applicable=True,
                        level=None,
                        number=None,
                        options=None,
                        part_codes=None,
                        text="",
                        other="",
                    )
                    & ~Q(reason="")
                ),
                name="%(class)s_not_applicable_says_why",
            ),
            models.CheckConstraint(
                condition=Q(part_codes=None, part_values=None)
                | Q(
                    part_codes__isnull=False,
                    part_values__isnull=False,
                    part_values__len=F("part_codes__len"),
                    part_codes__len__gt=0,
                ),
                name="%(class)s_parts_have_values",
            ),
            models.CheckConstraint(
                condition=Q(options=None) | Q(options__len__gt=0), name="%(class)s_options_not_empty"
            ),
        ]

    @property
    def response(self) -> Response:
        """The same as a frozen dataclass of the questionnaires room."""
        return response_in({column: getattr(self, column) for column in VALUE_COLUMNS})


def columns(response: Response) -> dict[str, Any]:
    """Return the column values of an AnswerValue that hold `response`."""
    codes: list[str] = [code for code, _ in response.parts]
    values: list[Decimal] = [value for _, value in response.parts]
    return {
        "level": response.level,
        "options": list(response.options) or None,
        "number": response.number,
        "part_codes": codes or None,
        "part_values": values or None,
        "text": response.text,
        "other": response.other,
        "consent": response.consent,
        "comment": response.comment,
        "not_applicable": response.not_applicable,
        "reason": response.reason,
    }


VALUE_COLUMNS: Final = tuple(columns(Response()))
"""The columns that hold what was answered."""


def response_in(row: Mapping[str, Any]) -> Response:
    """Return the response that the column values of an AnswerValue hold, whatever else is in the row."""
    return Response(
        level=row["level"],
        options=tuple(row["options"] or ()),
        number=row["number"],
        parts=tuple(zip(row["part_codes"] or (), row["part_values"] or (), strict=True)),
        text=row["text"],
        other=row["other"],
        consent=row["consent"],
        comment=row["comment"],
        not_applicable=row["not_applicable"],
        reason=row["reason"],
    )


@pghistory.track(meta={"triggers": [never_truncated()]})
class Answer(AnswerValue):
    """An assessment's answer to one question. `version` counts its saves, for compare-and-set.

    An answer is emptied, never deleted, so that nothing of it escapes its history.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    version = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="answers")
    answered_at = models.DateTimeField(default=timezone.now)
    confirmed_from = models.ForeignKey(
        Round,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text="The earlier round whose answer was confirmed as still true, until the answer is changed.",
    )

    class Meta(AnswerValue.Meta):
        constraints = [
            *AnswerValue.Meta.constraints,
            models.CheckConstraint(
                condition=Q(confirmed_from=None)
                | Q(not_applicable=True)
                | Q(GreaterThan(_kinds_of_value(), 0)),
                name="answer_confirmed_is_given",
            ),
            models.UniqueConstraint(fields=["assessment", "question"], name="answer_once_a_question"),
            models.CheckConstraint(condition=Q(version__gte=1), name="answer_version_from_one"),
        ]
        triggers = never_deleted()


class Submission(models.Model):
    """An immutable numbered copy of an assessment, with its declaration and who signed it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    content = models.TextField(help_text="Canonical JSON of the answers as signed.")
    sha256 = models.CharField(max_length=64)
    declaration = models.TextField()
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="submissions")
    signed_by_name = models.CharField(max_length=150)
    signed_by_job_title = models.CharField(max_length=150, blank=True)
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="submission_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="submission_number_from_one"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="submission_sha256_well_formed"
            ),
            models.CheckConstraint(
                condition=~Q(declaration="") & ~Q(signed_by_name=""), name="submission_says_who_and_what"
            ),
        ]
        triggers = written_once()
