"""Publishing a questionnaire file, checked against the version before it where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from surveys.actions.questionnaires import Published, publish
from surveys.models import Person, Questionnaire
from surveys.questionnaires.loading import load


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
    unknown = ""
    if content.comparison is not None:
        version = content.comparison.previous_version
        previous = Questionnaire.objects.filter(key=content.key, version=version).first()
        if previous is None:
            unknown = version
        else:
            content = load(path, previous.content)
    published = publish(by=by, content=content)
    if dry_run:
        transaction.set_rollback(True)
    return Reading(published, unknown)
