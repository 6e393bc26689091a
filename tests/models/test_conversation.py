"""What the database holds of comments, whoever writes."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from surveys.models import Comment, Mention, Person, Question
from surveys.models.conversation import LONGEST_COMMENT
from tests.models.violation import refused_by_trigger, violates
from tests.world import World

pytestmark = pytest.mark.django_db

EARLIER = timezone.now() - datetime.timedelta(days=1)


def write(world: World, **fields: Any) -> Comment:
    values = {
        "assessment": world.assessment,
        "question": Question.objects.get(code="linked_data"),
        "body": "Is the pharmacy data in?",
        "author": world.lead,
    }
    return Comment.objects.create(**(values | fields))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"body": ""}, "comment_is_text_of_a_fair_length"),
        ({"body": " \n\t"}, "comment_is_text_of_a_fair_length"),
        ({"body": "a" * (LONGEST_COMMENT + 1)}, "comment_is_text_of_a_fair_length"),
        ({"body": "red \x1b[31m"}, "comment_is_text_of_a_fair_length"),
        ({"resolved_at": timezone.now()}, "comment_resolved_by_and_when"),
        ({"withdrawn_at": EARLIER}, "comment_withdrawn_after_it_was_written"),
    ],
)
def test_what_a_comment_cannot_be(world: World, fields: dict[str, Any], constraint: str) -> None:
    with violates(constraint):
        write(world, **fields)


def test_the_longest_comment_fits_in_any_script(world: World) -> None:
    assert Comment.objects.get(pk=write(world, body="🩺" * LONGEST_COMMENT).pk).body == "🩺" * LONGEST_COMMENT


def test_a_form_that_is_sent_twice_is_one_comment(world: World) -> None:
    first = write(world)
    with violates("comment_key_once"):
        write(world, key=first.key)
    assert write(world, key=first.key, author=world.contributor).key == first.key


def test_a_thread_is_resolved_where_it_opened(world: World) -> None:
    reply = write(world, reply_to=write(world))
    with violates("comment_resolved_where_it_opened"):
        Comment.objects.filter(pk=reply.pk).update(resolved_at=timezone.now(), resolved_by=world.lead)


def test_a_comment_replies_to_what_opened_a_thread_on_the_same_question(world: World) -> None:
    opening = write(world)
    reply = write(world, reply_to=opening)
    other = Question.objects.get(code="training")
    elsewhere: list[dict[str, Any]] = [
        {"reply_to": reply},
        {"reply_to": opening, "question": other},
        {"reply_to": opening, "assessment": world.sister_assessment},
    ]
    for fields in elsewhere:
        with refused_by_trigger("pgtrigger: A comment replies to one that opened a thread there"):
            write(world, **fields)


@pytest.mark.parametrize(
    "changes",
    [
        {"body": "Something else."},
        {"written_at": EARLIER},
        {"author": "contributor"},
        {"assessment": "sister_assessment"},
    ],
)
def test_words_are_never_changed(world: World, changes: dict[str, Any]) -> None:
    comment = write(world)
    rows = {name: getattr(world, str(value), value) for name, value in changes.items()}
    with refused_by_trigger("pgtrigger: Cannot update rows from surveys_comment table"):
        Comment.objects.filter(pk=comment.pk).update(**rows)


def test_what_is_withdrawn_stays_withdrawn(world: World) -> None:
    comment = write(world)
    Comment.objects.filter(pk=comment.pk).update(withdrawn_at=timezone.now())
    with refused_by_trigger("pgtrigger: Cannot update rows from surveys_comment table"):
        Comment.objects.filter(pk=comment.pk).update(withdrawn_at=None)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DELETE FROM surveys_comment", "Cannot delete rows from surveys_comment table"),
        ("TRUNCATE surveys_comment CASCADE", "Cannot truncate rows from surveys_comment table"),
        ("DELETE FROM surveys_mention", "Cannot update or delete rows from surveys_mention table"),
    ],
)
def test_nothing_that_was_said_is_deleted(world: World, statement: str, sentence: str) -> None:
    Mention.objects.create(comment=write(world), person=world.approver)
    connection.check_constraints()
    with refused_by_trigger(f"pgtrigger: {sentence}"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_nobody_is_mentioned_twice_in_one_comment(world: World) -> None:
    comment = write(world)
    Mention.objects.create(comment=comment, person=world.approver)
    with violates("mention_once_a_comment"):
        Mention.objects.create(comment=comment, person=world.approver)
    assert Person.objects.filter(mentions__comment=comment).get() == world.approver
