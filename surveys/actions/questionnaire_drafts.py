"""Drafts of questionnaires: kept, compared with the version before, published, discarded."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from surveys.actions.audit import record
from surveys.actions.questionnaires import (
    Published,
    fill,
    publish,
    published_with_other_content,
    version_of,
)
from surveys.actions.refusals import Refused
from surveys.models import Person, Questionnaire
from surveys.permissions import Permission, require_anywhere
from surveys.questionnaires import schema
from surveys.questionnaires.digest import digest, from_document, to_document
from surveys.questionnaires.loading import read_document


@transaction.atomic
def keep_draft(*, by: Person, content: schema.Questionnaire, file: str) -> Questionnaire:
    """Keep a questionnaire as a draft, in place of a draft of the same key and version. No round can use it.

    `file` is what the audit trail calls the file it came from. Raises QuestionnaireError when the content
    breaks a rule of the format, and Refused when its version is published.
    """
    require_anywhere(by, Permission.MANAGE)
    _check(content)
    draft = version_of(content)
    if draft.published_at is not None:
        if draft.digest != digest(content):
            raise Refused(published_with_other_content(content))
        raise Refused(f"“{draft}” is published already with this content. There is nothing to do.")
    _store(draft, by, content)
    _record(by, "questionnaire.drafted", draft, file=file)
    return draft


@transaction.atomic
def set_comparison(
    *, by: Person, questionnaire_id: int, seen: str, comparison: schema.Comparison
) -> Questionnaire:
    """Replace the map from a draft to the version before it; `seen` is the digest that the page showed.

    Raises Http404 when there is no such questionnaire, QuestionnaireError when the map is incomplete or
    untrue, and Refused when the draft was published or changed meanwhile.
    """
    draft = _draft(by, questionnaire_id, seen)
    content = replace(draft.content, comparison=comparison)
    _check(content)
    _store(draft, by, content)
    _record(by, "questionnaire.compared", draft, previous_version=comparison.previous_version)
    return draft


@transaction.atomic
def publish_draft(*, by: Person, questionnaire_id: int, seen: str) -> Published:
    """Publish a draft for good; `seen` is the digest that the page showed.

    Raises as `set_comparison` does.
    """
    draft = _draft(by, questionnaire_id, seen)
    _check(draft.content)
    return publish(by=by, content=draft.content)


@transaction.atomic
def discard_draft(*, by: Person, questionnaire_id: int, seen: str) -> str:
    """Delete a draft and return what it was called. Raises Http404 and Refused as `set_comparison` does."""
    draft = _draft(by, questionnaire_id, seen)
    _record(by, "questionnaire.discarded", draft)
    name = str(draft)
    draft.delete()
    return name


def _draft(by: Person, questionnaire_id: int, seen: str) -> Questionnaire:
    require_anywhere(by, Permission.MANAGE)
    rows = Questionnaire.objects.select_for_update(no_key=True, of=("self",))
    row = rows.filter(pk=questionnaire_id).first()
    if row is None:
        raise Http404
    if row.published_at is not None:
        raise Refused(f"“{row}” is published, so it can no longer be changed. Nothing was done.")
    if row.digest != seen:
        raise Refused(f"“{row}” has changed since you opened this page. Look at it again. Nothing was done.")
    return row


def _check(content: schema.Questionnaire) -> None:
    """Hold the content against the rules of the format, and against the version before where it is here."""
    name = f"{content.key} {content.version}"
    previous = None
    if content.comparison is not None:
        rows = Questionnaire.objects.filter(key=content.key, published_at__isnull=False)
        previous = rows.filter(version=content.comparison.previous_version).first()
    if previous is None:
        from_document(to_document(content), name)
    else:
        read_document(to_document(content), name, previous.content)


def _store(draft: Questionnaire, by: Person, content: schema.Questionnaire) -> None:
    fill(draft, content)
    draft.drafted_by = by
    draft.drafted_at = timezone.now()
    draft.save()


def _record(by: Person, verb: str, draft: Questionnaire, **detail: str) -> None:
    record(by=by, verb=verb, subject=str(draft), detail={"digest": draft.digest, **detail})
