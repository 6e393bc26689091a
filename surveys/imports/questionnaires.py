"""Publishing a questionnaire file, checked against the version before it where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from surveys.actions.questionnaire_drafts import keep_draft
from surveys.actions.questionnaires import Published, publish
from surveys.models import Person, Questionnaire
from surveys.questionnaires.loading import load, parse
from surveys.questionnaires.schema import Questionnaire as Content


@dataclass(frozen=True)
class Reading:
    """What was published, and the version that the file compares itself with when that is not known here."""

    published: Published
    unknown_previous: str = ""


@transaction.atomic
def publish_file(path: Path, *, by: Person | None, dry_run: bool = False) -> Reading:
    """Publish the questionnaire in a file; with `dry_run` everything is tried and nothing is kept.

    Raises QuestionnaireError with every problem of the file, and Refused when its version is published
    already with other content.
    """
    content = load(path)
    previous = _previous(content)
    if previous is not None:
        content = load(path, previous)
    published = publish(by=by, content=content)
    if dry_run:
        transaction.set_rollback(True)
    compared = content.comparison.previous_version if content.comparison else ""
    return Reading(published, "" if previous else compared)


def keep_file(text: bytes, name: str, *, by: Person) -> Questionnaire:
    """Keep the questionnaire in a file's bytes as a draft; `name` is what problems call the file.

    Raises QuestionnaireError with every problem of the file, and Refused when its version is published.
    """
    content = parse(text, name)
    previous = _previous(content)
    if previous is not None:
        content = parse(text, name, previous)
    return keep_draft(by=by, content=content, file=name)


def _previous(content: Content) -> Content | None:
    """Return the published version that a questionnaire compares itself with, if it is known here."""
    if content.comparison is None:
        return None
    rows = Questionnaire.objects.filter(key=content.key, published_at__isnull=False)
    row = rows.filter(version=content.comparison.previous_version).first()
    return row.content if row else None
