"""Publishing a questionnaire: its document and a row for each part, once and for good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from surveys.actions.audit import record
from surveys.actions.refusals import Refused
from surveys.models import Choice, Dimension, Person, Question, Questionnaire
from surveys.permissions import Permission, require_anywhere
from surveys.questionnaires import schema
from surveys.questionnaires.digest import canonical_json, digest, from_document, to_document


@dataclass(frozen=True)
class Published:
    """The stored questionnaire, and whether this call made it."""

    questionnaire: Questionnaire
    created: bool


@transaction.atomic
def publish(*, by: Person | None, content: schema.Questionnaire) -> Published:
    """Store a questionnaire version. The same content again does nothing.

    Raises QuestionnaireError with every problem when the content breaks a rule of the format, and Refused
    when the version is already published with other content.
    """
    require_anywhere(by, Permission.MANAGE)
    # What is stored can never be changed, so it must be what every page will be able to read.
    from_document(to_document(content), f"{content.key} {content.version}")
    questionnaire = version_of(content)
    if questionnaire.published_at is not None:
        if questionnaire.digest == digest(content):
            return Published(questionnaire, created=False)
        raise Refused(published_with_other_content(content))
    fill(questionnaire, content)
    questionnaire.save()
    _write_parts(questionnaire, content)
    questionnaire.published_at = timezone.now()
    questionnaire.published_by = by
    questionnaire.save(update_fields=["published_at", "published_by"])
    record(
        by=by,
        verb="questionnaire.published",
        subject=str(questionnaire),
        detail={"digest": questionnaire.digest},
    )
    return Published(questionnaire, created=True)


def version_of(content: schema.Questionnaire) -> Questionnaire:
    """Return the row of this key and version, locked, or one that is still to be saved."""
    rows = Questionnaire.objects.select_for_update(no_key=True, of=("self",))
    known = rows.filter(key=content.key, version=content.version).first()
    return known or Questionnaire(key=content.key, version=content.version)


def fill(questionnaire: Questionnaire, content: schema.Questionnaire) -> None:
    """Give a row that is not published the title, the document and the digest of its content."""
    questionnaire.title = content.title
    questionnaire.document = canonical_json(content)
    questionnaire.digest = digest(content)


def published_with_other_content(content: schema.Questionnaire) -> str:
    """Return why content is refused whose version is published and says something else."""
    return (
        f"Version {content.version} of “{content.title}” is already published with other content. "
        "A published version never changes: give the new content a new version number."
    )


def _write_parts(questionnaire: Questionnaire, content: schema.Questionnaire) -> None:
    dimensions = Dimension.objects.bulk_create(
        Dimension(questionnaire=questionnaire, code=dimension.code, name=dimension.name, position=position)
        for position, dimension in enumerate(content.dimensions, start=1)
    )
    asked = [
        (row, question, position)
        for row, dimension in zip(dimensions, content.dimensions, strict=True)
        for position, question in enumerate(dimension.all_questions, start=1)
    ]
    questions = Question.objects.bulk_create(
        Question(
            dimension=row,
            code=question.code,
            kind=question.kind.value,
            text=question.text,
            scored=question.scored,
            position=position,
        )
        for row, question, position in asked
    )
    Choice.objects.bulk_create(
        choice
        for row, (_, question, _) in zip(questions, asked, strict=True)
        for choice in _choices(row, question)
    )


def _choices(row: Question, question: schema.Question) -> Iterator[Choice]:
    for position, level in enumerate(question.levels, start=1):
        yield Choice(
            question=row,
            kind=Choice.Kind.LEVEL,
            code=level.code,
            value=level.value,
            label=level.text or level.name,
            points=level.points,
            position=position,
        )
    for position, option in enumerate(question.options, start=1):
        yield Choice(
            question=row,
            kind=Choice.Kind.OPTION,
            code=option.code,
            label=option.label,
            points=option.points,
            position=position,
        )
    for position, part in enumerate(question.parts, start=1):
        yield Choice(question=row, kind=Choice.Kind.PART, code=part.code, label=part.label, position=position)
