"""The questionnaires that are stored, and one of them to read."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Q
from django.http import Http404

from surveys.models import Questionnaire
from surveys.permissions import AnyPerson, Permission, require_anywhere
from surveys.queries.completion import time_in_words
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import Instrument
from surveys.queries.section_page import SectionPart, section_parts
from surveys.questionnaires.comparison import condition_in_words
from surveys.questionnaires.schema import Dimension
from surveys.questionnaires.schema import Questionnaire as Content
from surveys.wording import counted


@dataclass(frozen=True)
class RoundUsing:
    """A round that asks a questionnaire."""

    id: int
    title: str


@dataclass(frozen=True)
class QuestionnaireLine:
    """A version of a questionnaire. `published_at` None: not published, so no round can use it yet.

    `drafted_at` and `drafted_by` say when and by whom a draft was last changed.
    """

    id: int
    key: str
    version: str
    title: str
    digest: str
    published_at: datetime.datetime | None
    published_by: str
    drafted_at: datetime.datetime | None
    drafted_by: str
    rounds: tuple[RoundUsing, ...]

    @property
    def is_draft(self) -> bool:
        """Whether it is still being prepared."""
        return self.published_at is None and self.drafted_at is not None

    @property
    def drafted_in_words(self) -> str:
        """When and by whom a draft was last changed; empty for what is no draft."""
        if not self.is_draft or self.drafted_at is None:
            return ""
        return f"{moment_in_words(self.drafted_at)}, {self.drafted_by}"

    @property
    def short_digest(self) -> str:
        """The beginning of the digest, enough to tell two versions apart."""
        return self.digest[:12]

    @property
    def identity(self) -> str:
        """The key and the version."""
        return f"{self.key} {self.version}"

    @property
    def published_in_words(self) -> str:
        """When and by whom it was published; empty when it was not."""
        if self.published_at is None:
            return ""
        return f"{moment_in_words(self.published_at)}, {self.published_by or 'by a command on the server'}"


@dataclass(frozen=True)
class DimensionPreview:
    """A dimension with its questions, none of them answered."""

    code: str
    name: str
    about: str
    parts: tuple[SectionPart, ...]


@dataclass(frozen=True)
class QuestionnairePage:
    """One questionnaire to read. `rule` says how a level is chosen.

    Without dimensions it is neither published nor a draft. `unknown_previous` is the version that a draft
    compares itself with, when that is not published here. `comparable`: a published version of the same key
    can be compared with it. `mapped`: it says how its questions relate to the version before. `holds` is
    what was read from its file, in lines of a label and a value.
    `contradictions` are what a reviewer is told, each with when.
    """

    line: QuestionnaireLine
    rule: str
    dimensions: tuple[DimensionPreview, ...]
    unknown_previous: str = ""
    comparable: bool = False
    mapped: bool = False
    holds: tuple[tuple[str, str], ...] = ()
    contradictions: tuple[tuple[str, str], ...] = ()

    @property
    def questions(self) -> int:
        """How many questions there are."""
        return sum(len(part.entries) for dimension in self.dimensions for part in dimension.parts)


def questionnaires(person: AnyPerson) -> tuple[QuestionnaireLine, ...]:
    """Return every questionnaire, newest first by key. Raises Http404 for who does not manage them."""
    require_anywhere(person, Permission.MANAGE)
    rows = Questionnaire.objects.select_related("published_by", "drafted_by").prefetch_related("rounds")
    newest = F("published_at").desc(nulls_first=True)
    return tuple(line_of(row) for row in rows.defer("document").order_by("key", newest, "-pk"))


def questionnaire_page(person: AnyPerson, questionnaire_id: int) -> QuestionnairePage:
    """Return one questionnaire. Raises Http404 when there is none, or for who does not manage them."""
    require_anywhere(person, Permission.MANAGE)
    rows = Questionnaire.objects.select_related("published_by", "drafted_by").prefetch_related("rounds")
    row = rows.filter(pk=questionnaire_id).first()
    if row is None:
        raise Http404
    line = line_of(row)
    if line.published_at is None and not line.is_draft:
        return QuestionnairePage(line, "", ())
    content = row.content
    others = Questionnaire.objects.filter(key=row.key, published_at__isnull=False).exclude(pk=row.pk)
    versions = set(others.values_list("version", flat=True))
    compared = content.comparison.previous_version if content.comparison else ""
    return QuestionnairePage(
        line,
        content.scale.rule if content.scale else "",
        tuple(
            DimensionPreview(dimension.code, dimension.name, dimension.about, _parts(row, dimension))
            for dimension in content.dimensions
        ),
        unknown_previous=compared if line.is_draft and compared not in versions else "",
        comparable=bool(versions),
        mapped=content.comparison is not None,
        holds=_held(content),
        contradictions=tuple(
            (each.words, " and ".join(condition_in_words(condition) for condition in each.conditions))
            for each in content.contradictions
        ),
    )


def _held(content: Content) -> tuple[tuple[str, str], ...]:
    """Return what a questionnaire holds, for who wants to see that its file was read as it was meant."""
    questions = content.questions
    kinds = Counter(question.kind.value.replace("_", " ") for question in questions)
    parts = (counted(len(content.dimensions), "dimension"), _sections(content))
    asked_if = sum(question.asked_if is not None for question in questions)
    return (
        ("Parts", ", ".join(filter(None, parts))),
        ("Questions", "; ".join(f"{number} {kind}" for kind, number in kinds.items())),
        ("Required", f"{sum(question.required for question in questions)} of {len(questions)}"),
        ("Scored", f"{sum(question.scored for question in questions)} of {len(questions)}"),
        ("Asked on a condition", f"{asked_if} of {len(questions)}"),
        ("Contradictions to flag", f"{len(content.contradictions)}"),
        ("Estimated time", time_in_words(sum(question.estimated_minutes for question in questions))),
    )


def _sections(content: Content) -> str:
    sections = sum(len(dimension.sections) for dimension in content.dimensions)
    return counted(sections, "section") if sections else ""


def questionnaire_row(person: AnyPerson, questionnaire_id: int) -> Questionnaire:
    """Return a questionnaire that can be read. Raises Http404 when there is none, or for who does not manage.

    A row that is neither published nor a draft cannot be read.
    """
    require_anywhere(person, Permission.MANAGE)
    rows = Questionnaire.objects.select_related("published_by", "drafted_by").prefetch_related("rounds")
    readable = rows.filter(Q(published_at__isnull=False) | Q(drafted_at__isnull=False))
    row = readable.filter(pk=questionnaire_id).first()
    if row is None:
        raise Http404
    return row


def _parts(row: Questionnaire, dimension: Dimension) -> tuple[SectionPart, ...]:
    """Return the questions with every one of them asked: which ones are depends on answers to come."""
    nobody: dict[Any, Any] = {}
    read = Instrument(row.pk, row.digest, row.content, nobody, nobody, nobody)
    return tuple(
        replace(part, entries=tuple(replace(entry, asked=True) for entry in part.entries))
        for part in section_parts(read, dimension, {})
    )


def line_of(row: Questionnaire) -> QuestionnaireLine:
    """Return the line of a row that was read with its people and its rounds."""
    return QuestionnaireLine(
        id=row.pk,
        key=row.key,
        version=row.version,
        title=row.title,
        digest=row.digest,
        published_at=row.published_at,
        published_by=row.published_by.name if row.published_by else "",
        drafted_at=row.drafted_at,
        drafted_by=row.drafted_by.name if row.drafted_by else "",
        rounds=tuple(RoundUsing(used.pk, used.title) for used in row.rounds.all()),
    )
