"""Evidence behind an answer: added and removed by those who may answer, while answers may be changed."""

from __future__ import annotations

from typing import Any, BinaryIO, Final

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.http import Http404

from surveys.actions.evidence_store import StoredFile, discard, store
from surveys.actions.locking import lock_assessment
from surveys.actions.question_scope import QuestionScope, question_scope
from surveys.actions.refusals import Refused
from surveys.actions.typed_text import one_line
from surveys.actions.web_addresses import web_address
from surveys.files.kinds import FileKind, UnsuitableFile, size_in_words
from surveys.files.names import clean_name
from surveys.files.recognition import recognise
from surveys.models import Evidence, Person, Submission
from surveys.models.evidence import LONGEST_ABOUT

MOST_FOR_A_QUESTION: Final = 20
MOST_BYTES_OF_AN_ASSESSMENT: Final = 500 * 1024 * 1024


@transaction.atomic
def add_link(*, by: Person, assessment_id: int, question_code: str, address: str, about: str) -> Evidence:
    """Put a link behind the answer to a question. `about` says what it shows and may be empty.

    Raises Http404 when the person may not answer the question; Refused when nothing may be changed now, the
    address is not one of the web, it is there already, or there is too much.
    """
    lock_assessment(assessment_id)
    scope = _answering(by, assessment_id, question_code)
    checked = web_address(address)
    if _there(scope).filter(address=checked).exists():
        raise Refused("This link is evidence for this question already.")
    return _add(scope, kind=Evidence.Kind.LINK, address=checked, about=about)


def add_file(
    *, by: Person, assessment_id: int, question_code: str, file: BinaryIO, name: str, about: str
) -> Evidence:
    """Put a file behind the answer to a question. `name` is as its sender calls it.

    Raises Http404 and Refused as `add_link` does; Refused also when the file is not one that is taken (see
    surveys.files.recognition), or cannot be stored or scanned.
    """
    _answering(by, assessment_id, question_code)
    try:
        kind = recognise(file, name)
    except UnsuitableFile as unsuitable:
        raise Refused(unsuitable.message) from unsuitable
    file.seek(0)
    # Before the lock: a scan takes its time, and nobody's saving should wait for it.
    stored = store(file.read())
    try:
        return _keep(by, assessment_id, question_code, stored, kind, name, about)
    except BaseException:
        discard(stored.stored_as)
        raise


@transaction.atomic
def _keep(
    by: Person,
    assessment_id: int,
    question_code: str,
    stored: StoredFile,
    kind: FileKind,
    name: str,
    about: str,
) -> Evidence:
    lock_assessment(assessment_id)
    scope = _answering(by, assessment_id, question_code)
    same = _there(scope).filter(sha256=stored.sha256).first()
    if same is not None:
        raise Refused(f"This file is evidence for this question already, as “{same.file_name}”.")
    in_all = Evidence.objects.filter(assessment_id=assessment_id).exclude(stored_as="")
    if (in_all.aggregate(bytes=Sum("size"))["bytes"] or 0) + stored.size > MOST_BYTES_OF_AN_ASSESSMENT:
        raise Refused(
            f"The files of this assessment would be more than {size_in_words(MOST_BYTES_OF_AN_ASSESSMENT)} "
            "together. Remove some, or add a link to where this one is kept."
        )
    return _add(
        scope,
        kind=Evidence.Kind.FILE,
        file_name=clean_name(name),
        file_kind=kind.value,
        size=stored.size,
        sha256=stored.sha256,
        stored_as=stored.stored_as,
        about=about,
    )


@transaction.atomic
def remove_evidence(*, by: Person, assessment_id: int, question_code: str, evidence_id: int) -> Evidence:
    """Take evidence away: it is hidden, and its row stays. What is removed already stays as it is.

    A file is deleted, unless a submission has been signed while it was there: then it is kept.

    Raises Http404 when there is no such evidence or the person may not answer the question; Refused when
    nothing may be changed now.
    """
    lock_assessment(assessment_id)
    scope = _answering(by, assessment_id, question_code)
    rows = Evidence.objects.filter(assessment_id=assessment_id, question_id=scope.question_id)
    evidence = rows.filter(pk=evidence_id).first()
    if evidence is None:
        raise Http404
    if evidence.removed_at is not None:
        return evidence
    evidence.removed_at, evidence.removed_by = scope.state.now, by
    signed = Submission.objects.filter(assessment_id=assessment_id, signed_at__gte=evidence.added_at)
    deleted = "" if signed.exists() else evidence.stored_as
    if deleted:
        evidence.stored_as = ""
        transaction.on_commit(lambda: discard(deleted))
    evidence.save(update_fields=["removed_at", "removed_by", "stored_as"])
    scope.record(
        "evidence.removed", evidence_id=evidence.pk, evidence=str(evidence), file_deleted=bool(deleted)
    )
    return evidence


def _answering(by: Person, assessment_id: int, question_code: str) -> QuestionScope:
    scope = question_scope(by, assessment_id, question_code)
    if not scope.state.powers.may_answer(scope.question.code):
        raise Http404
    if scope.state.locked:
        raise Refused(
            f"Evidence belongs to the answer, so it is fixed when the answer is. {scope.state.locked}"
        )
    return scope


def _there(scope: QuestionScope) -> QuerySet[Evidence]:
    return Evidence.objects.filter(
        assessment_id=scope.state.id, question_id=scope.question_id, removed_at=None
    )


def _add(scope: QuestionScope, **fields: Any) -> Evidence:
    fields["about"] = one_line(fields["about"])
    if len(fields["about"]) > LONGEST_ABOUT:
        raise Refused(f"Say in at most {LONGEST_ABOUT} characters what the evidence shows.")
    if _there(scope).count() >= MOST_FOR_A_QUESTION:
        raise Refused(
            f"There are {MOST_FOR_A_QUESTION} pieces of evidence for this question already. Remove one first."
        )
    evidence = Evidence.objects.create(
        assessment_id=scope.state.id,
        question_id=scope.question_id,
        added_by=scope.by,
        added_at=scope.state.now,
        **fields,
    )
    scope.record("evidence.added", evidence_id=evidence.pk, evidence=str(evidence), sha256=evidence.sha256)
    return evidence
