"""The questionnaires that are stored, and one of them to read."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from django.http import Http404

from surveys.models import Questionnaire
from surveys.permissions import AnyPerson, Permission, require_anywhere
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.section_page import SectionPart, section_parts
from surveys.questionnaires.schema import Dimension


@dataclass(frozen=True)
class RoundUsing:
    """A round that asks a questionnaire."""

    id: int
    title: str


@dataclass(frozen=True)
class QuestionnaireLine:
    """A version of a questionnaire. `published_at` None: not published, so no round can use it yet."""

    id: int
    key: str
    version: str
    title: str
    digest: str
    published_at: datetime.datetime | None
    published_by: str
    rounds: tuple[RoundUsing, ...]

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
    """One questionnaire to read. `rule` says how a level is chosen. Without dimensions: not published yet."""

    line: QuestionnaireLine
    rule: str
    dimensions: tuple[DimensionPreview, ...]

    @property
    def questions(self) -> int:
        """How many questions there are."""
        return sum(len(part.entries) for dimension in self.dimensions for part in dimension.parts)


def questionnaires(person: AnyPerson) -> tuple[QuestionnaireLine, ...]:
    """Return every questionnaire, newest first by key. Raises Http404 for who does not manage them."""
    require_anywhere(person, Permission.MANAGE)
    rows = Questionnaire.objects.select_related("published_by").prefetch_related("rounds").defer("document")
    return tuple(_line(row) for row in rows.order_by("key", "-published_at", "-pk"))


def questionnaire_page(person: AnyPerson, questionnaire_id: int) -> QuestionnairePage:
    """Return one questionnaire. Raises Http404 when there is none, or for who does not manage them."""
    require_anywhere(person, Permission.MANAGE)
    rows = Questionnaire.objects.select_related("published_by").prefetch_related("rounds")
    row = rows.defer("document").filter(pk=questionnaire_id).first()
    if row is None:
        raise Http404
    line = _line(row)
    if line.published_at is None:
        return QuestionnairePage(line, "", ())
    known = instrument(row.pk)
    return QuestionnairePage(
        line,
        known.content.scale.rule if known.content.scale else "",
        tuple(
            DimensionPreview(dimension.code, dimension.name, dimension.about, _parts(known, dimension))
            for dimension in known.content.dimensions
        ),
    )


def _parts(known: Instrument, dimension: Dimension) -> tuple[SectionPart, ...]:
    """Return the questions with every one of them asked: which ones are depends on answers to come."""
    return tuple(
        replace(part, entries=tuple(replace(entry, asked=True) for entry in part.entries))
        for part in section_parts(known, dimension, {})
    )


def _line(row: Questionnaire) -> QuestionnaireLine:
    return QuestionnaireLine(
        id=row.pk,
        key=row.key,
        version=row.version,
        title=row.title,
        digest=row.digest,
        published_at=row.published_at,
        published_by=row.published_by.name if row.published_by else "",
        rounds=tuple(RoundUsing(used.pk, used.title) for used in row.rounds.all()),
    )
