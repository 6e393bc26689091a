"""What stands behind an answer: links, and files that are kept outside the web root."""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5
from django.utils import timezone

from surveys.files.kinds import FILE_TYPES, LARGEST, FileKind
from surveys.models.assessment import Assessment
from surveys.models.immutability import never_deleted, unchanged
from surveys.models.person import Person
from surveys.models.questionnaire import Question

LONGEST_ADDRESS: Final = 2_000
"""The most characters of a link."""

LONGEST_ABOUT: Final = 200
"""The most characters of what is said about evidence."""


class Evidence(models.Model):
    """A link or a file behind the answer to a question. It is removed by hiding it; the row stays.

    `stored_as` is the random name of the file in EVIDENCE_DIR. It is emptied when the file is deleted, which
    happens when evidence is removed before anybody has signed for it.
    """

    class Kind(models.TextChoices):
        """Where the evidence is: elsewhere, or with us."""

        LINK = "link", "Link"
        FILE = "file", "File"

    kind = models.CharField(max_length=4, choices=Kind.choices)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="evidence")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=LONGEST_ABOUT, blank=True, help_text="What it shows.")
    address = models.CharField(max_length=LONGEST_ADDRESS, blank=True, help_text="Of a link.")
    file_name = models.CharField(max_length=120, blank=True)
    file_kind = models.CharField(
        max_length=12, blank=True, choices=[(kind.value, FILE_TYPES[kind].words) for kind in FileKind]
    )
    size = models.PositiveIntegerField(null=True, blank=True, help_text="In bytes.")
    sha256 = models.CharField(max_length=64, blank=True)
    stored_as = models.CharField(max_length=64, blank=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="evidence_added")
    added_at = models.DateTimeField(default=timezone.now)
    removed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence_removed"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(kind="link", file_name="", file_kind="", size=None, sha256="", stored_as="")
                    & Q(address__regex=r"^https?://[^[:space:][:cntrl:]]+$")
                )
                | (
                    Q(kind="file", address="")
                    & Q(file_kind__in=[kind.value for kind in FileKind])
                    & Q(size__isnull=False, size__gte=1, size__lte=LARGEST, sha256__regex=r"^[0-9a-f]{64}$")
                    & Q(file_name__regex=r"^[^/\\[:cntrl:]]+$")
                ),
                name="evidence_is_a_link_or_a_file",
            ),
            models.CheckConstraint(
                condition=Q(kind="link")
                | Q(stored_as__regex=r"^[0-9a-f]{32}$")
                | Q(stored_as="", removed_at__isnull=False),
                name="evidence_file_is_stored_until_removed",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_at__gte=F("added_at"), removed_by__isnull=False),
                name="evidence_removed_by_and_when",
            ),
            models.UniqueConstraint(
                fields=["stored_as"], condition=~Q(stored_as=""), name="evidence_stored_under_one_name"
            ),
            models.UniqueConstraint(
                fields=["assessment", "question", "sha256"],
                condition=Q(kind="file", removed_at__isnull=True),
                name="evidence_file_once_a_question",
            ),
            # By its sum, because an index has no room for the longest addresses.
            models.UniqueConstraint(
                "assessment",
                "question",
                MD5("address"),
                condition=Q(kind="link", removed_at__isnull=True),
                name="evidence_link_once_a_question",
            ),
        ]
        indexes = [models.Index(fields=["assessment", "question"], name="evidence_of_a_question")]
        triggers = [
            unchanged(
                *("kind", "assessment", "question", "about", "address", "file_name", "file_kind", "size"),
                *("sha256", "added_by", "added_at"),
            ),
            pgtrigger.Protect(
                name="removed_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__removed_at__isnull=False)
                & (
                    pgtrigger.Q(old__removed_at__df=pgtrigger.F("new__removed_at"))
                    | pgtrigger.Q(old__removed_by__df=pgtrigger.F("new__removed_by"))
                ),
            ),
            pgtrigger.Protect(
                name="stored_in_one_place",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__stored_as__df=pgtrigger.F("new__stored_as"))
                & ~pgtrigger.Q(new__stored_as=""),
            ),
            *never_deleted(),
        ]

    def __str__(self) -> str:
        return self.about or self.file_name or self.address
