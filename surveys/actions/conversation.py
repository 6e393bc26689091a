"""The conversation about a question: what is said, resolved, opened again and taken back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence, Set
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from surveys import emails
from surveys.actions.locking import lock_assessment
from surveys.actions.mail import queue_mail
from surveys.actions.question_scope import QuestionScope, question_scope
from surveys.actions.refusals import Refused
from surveys.actions.typed_text import plain_text
from surveys.models import Comment, Mention, Message, Person
from surveys.models.conversation import LONGEST_COMMENT
from surveys.queries.colleagues import Colleague, colleagues, named_in


@dataclass(frozen=True)
class Said:
    """A comment that is stored: whom it calls in, and the words after an @ that are nobody's name."""

    comment_id: int
    called: tuple[str, ...]
    unknown: tuple[str, ...]


@transaction.atomic
def add_comment(
    *,
    by: Person,
    assessment_id: int,
    question_code: str,
    body: str,
    key: uuid.UUID,
    site: str,
    reply_to: int | None = None,
    called: Set[int] = frozenset(),
) -> Said:
    """Say something about a question, and send an e-mail to those who are called in.

    They are the people with the keys `called`, and those named in the text after an @. A form that is sent a
    second time, which its `key` tells, says nothing twice; other words in it are said too. A reply to a
    resolved thread opens it again, so that it is seen. `site` is the address of the service without a path.

    Raises Http404 when the person may not comment there, or there is no such thread; Refused when there are
    no words or too many, the comment that opened the thread is withdrawn, or somebody called may not read it.
    """
    lock_assessment(assessment_id)
    scope = question_scope(by, assessment_id, question_code)
    people = {each.person_id: each for each in colleagues(scope.state, scope.question_id)}
    text = _checked(body)
    # The Back button shows the form with its old key, to write other words in: they are another comment.
    key = uuid.uuid5(key, f"{reply_to}: {text}")
    said = _rows(scope).filter(author=by, key=key).first()
    if said is not None:
        return Said(said.pk, (), ())
    opening = _opening(scope, reply_to)
    if not called <= people.keys():
        raise Refused(
            "Somebody you chose can no longer read this conversation, so nothing was sent yet. Choose again."
        )
    named = named_in(text, people.values())
    to_call = [people[each] for each in people if each in called | named.person_ids and each != by.pk]
    comment = Comment.objects.create(
        key=key,
        assessment_id=assessment_id,
        question_id=scope.question_id,
        reply_to=opening,
        body=text,
        author=by,
        written_at=scope.state.now,
    )
    scope.record("comment.added", comment_id=comment.pk, called=[each.person_id for each in to_call])
    if opening is not None and opening.resolved_at is not None:
        _settle(scope, opening, resolved=False)
    _call(scope, comment, to_call, site)
    return Said(comment.pk, tuple(each.name for each in to_call), named.unknown)


@transaction.atomic
def resolve_thread(*, by: Person, assessment_id: int, question_code: str, comment_id: int) -> None:
    """Mark the thread that a comment opened as resolved. What is resolved already stays as it is.

    Raises Http404 when the person may not comment there, or there is no such thread.
    """
    _set(by, assessment_id, question_code, comment_id, resolved=True)


@transaction.atomic
def reopen_thread(*, by: Person, assessment_id: int, question_code: str, comment_id: int) -> None:
    """Open a resolved thread again. Raises Http404 as `resolve_thread` does."""
    _set(by, assessment_id, question_code, comment_id, resolved=False)


@transaction.atomic
def withdraw_comment(*, by: Person, assessment_id: int, question_code: str, comment_id: int) -> None:
    """Take a comment of one's own back: its words are no longer shown, and a mark stands in their place.

    Raises Http404 when there is no such comment, or somebody else wrote it.
    """
    lock_assessment(assessment_id)
    scope = question_scope(by, assessment_id, question_code)
    comment = _rows(scope).filter(pk=comment_id, author=by).first()
    if comment is None:
        raise Http404
    if comment.withdrawn_at is None:
        comment.withdrawn_at = scope.state.now
        comment.save(update_fields=["withdrawn_at"])
        scope.record("comment.withdrawn", comment_id=comment.pk)


def _rows(scope: QuestionScope) -> QuerySet[Comment]:
    return Comment.objects.filter(assessment_id=scope.state.id, question_id=scope.question_id)


def _checked(body: str) -> str:
    text = plain_text(body)
    if not text:
        raise Refused("Write something first.")
    if len(text) > LONGEST_COMMENT:
        raise Refused(
            f"The comment has {len(text):,} characters. Shorten it to {LONGEST_COMMENT:,}, or write two."
        )
    return text


def _opening(scope: QuestionScope, comment_id: int | None) -> Comment | None:
    if comment_id is None:
        return None
    opening = _rows(scope).filter(pk=comment_id, reply_to=None).first()
    if opening is None:
        raise Http404
    if opening.withdrawn_at is not None:
        raise Refused("The comment that you reply to was withdrawn meanwhile. Start a new thread instead.")
    return opening


def _set(by: Person, assessment_id: int, question_code: str, comment_id: int, *, resolved: bool) -> None:
    lock_assessment(assessment_id)
    scope = question_scope(by, assessment_id, question_code)
    opening = _rows(scope).filter(pk=comment_id, reply_to=None).first()
    if opening is None:
        raise Http404
    if resolved != (opening.resolved_at is not None):
        _settle(scope, opening, resolved=resolved)


def _settle(scope: QuestionScope, opening: Comment, *, resolved: bool) -> None:
    opening.resolved_at = scope.state.now if resolved else None
    opening.resolved_by = scope.by if resolved else None
    opening.save(update_fields=["resolved_at", "resolved_by"])
    scope.record("comment.resolved" if resolved else "comment.reopened", comment_id=opening.pk)


def _call(scope: QuestionScope, comment: Comment, people: Sequence[Colleague], site: str) -> None:
    Mention.objects.bulk_create(Mention(comment=comment, person_id=each.person_id) for each in people)
    for person in Person.objects.filter(pk__in=[each.person_id for each in people]).order_by("pk"):
        queue_mail(
            mail=emails.mention(
                person,
                scope.state,
                site=site,
                by=scope.by.name,
                question=scope.question.text,
                path=_path(scope, comment),
            ),
            kind=Message.Kind.MENTION,
            person=person,
            by=scope.by,
            round_id=scope.state.round_id,
            assessment_id=scope.state.id,
        )


def _path(scope: QuestionScope, comment: Comment) -> str:
    page = reverse("question", args=[scope.state.id, scope.question.code])
    return f"{page}#comment-{comment.pk}"
