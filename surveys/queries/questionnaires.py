"""The questionnaires that are stored, and one of them to read."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.http import Http404

from surveys.models import Questionnaire
from surveys.permissions import AnyPerson, Permission, require_anywhere


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


def questionnaires(person: AnyPerson) -> tuple[QuestionnaireLine, ...]:
    """Return every questionnaire, newest first by key. Raises Http404 for who does not manage them."""
    require_anywhere(person, Permission.MANAGE)
    rows = Questionnaire.objects.select_related("published_by").prefetch_related("rounds").defer("document")
    return tuple(_line(row) for row in rows.order_by("key", "-published_at", "-pk"))


def questionnaire_line(person: AnyPerson, questionnaire_id: int) -> QuestionnaireLine:
    """Return one questionnaire. Raises Http404 when there is none, or for who does not manage them."""
    require_anywhere(person, Permission.MANAGE)
    rows = Questionnaire.objects.select_related("published_by").prefetch_related("rounds")
    row = rows.defer("document").filter(pk=questionnaire_id).first()
    if row is None:
        raise Http404
    return _line(row)


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
