"""Published questionnaires: the canonical document, and a row for each part that answers refer to."""

from __future__ import annotations

import json
from functools import lru_cache

import pgtrigger
from django.db import models
from django.db.models import Q

from surveys.models.immutability import frozen_once_published, never_truncated
from surveys.models.person import Person
from surveys.questionnaires.digest import from_document
from surveys.questionnaires.schema import QuestionKind
from surveys.questionnaires.schema import Questionnaire as Content

_VIA_DIMENSION = "(SELECT questionnaire_id FROM surveys_dimension WHERE id = {row}.dimension_id)"
_VIA_QUESTION = (
    "(SELECT d.questionnaire_id FROM surveys_question q JOIN surveys_dimension d ON d.id = q.dimension_id"
    " WHERE q.id = {row}.question_id)"
)


class Questionnaire(models.Model):
    """One version of an instrument: a draft without rows for its parts, until it is published for good."""

    key = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    document = models.TextField(help_text="The canonical JSON, as questionnaires.digest makes it.")
    digest = models.CharField(max_length=64, help_text="The SHA-256 of the document, in hexadecimal.")
    drafted_at = models.DateTimeField(
        null=True, blank=True, help_text="When the draft was last changed; null for what was never one."
    )
    drafted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="drafted_questionnaires"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="published_questionnaires"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="questionnaire_version_once"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="questionnaire_digest_is_sha256"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="frozen_once_published",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def content(self) -> Content:
        """The questionnaire as frozen dataclasses; parsed once for each digest in a process."""
        return _content(self.digest, self.document)


@lru_cache(maxsize=32)
def _content(digest: str, document: str) -> Content:
    return from_document(json.loads(document), name=f"questionnaire {digest[:12]}")


class Dimension(models.Model):
    """A part of a questionnaire with a score and a page of its own."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="dimensions")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="dimension_code_once"),
            models.UniqueConstraint(fields=["questionnaire", "position"], name="dimension_position_once"),
        ]
        triggers = frozen_once_published("{row}.questionnaire_id")

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """A question; what it asks in full is in the questionnaire's content under the same code."""

    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="questions")
    code = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    text = models.TextField()
    scored = models.BooleanField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["dimension", "code"], name="question_code_once"),
            models.UniqueConstraint(fields=["dimension", "position"], name="question_position_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in QuestionKind]),
                name="question_kind_known",
            ),
        ]
        triggers = frozen_once_published(_VIA_DIMENSION)

    def __str__(self) -> str:
        return self.code


class Choice(models.Model):
    """A level, an option or a part of a question, so that SQL can name what an answer chose."""

    class Kind(models.TextChoices):
        """What kind of choice it is."""

        LEVEL = "level", "Level"
        OPTION = "option", "Option"
        PART = "part", "Part"

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="choices")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    code = models.CharField(max_length=80)
    value = models.SmallIntegerField(null=True, blank=True, help_text="The level's number.")
    label = models.TextField()
    points = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["question", "kind", "code"], name="choice_code_once"),
            models.CheckConstraint(
                condition=Q(kind="level", value__isnull=False)
                | Q(kind__in=["option", "part"], value__isnull=True),
                name="choice_value_only_for_levels",
            ),
        ]
        triggers = frozen_once_published(_VIA_QUESTION)
