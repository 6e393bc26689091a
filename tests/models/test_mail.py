"""What a message cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from surveys.models import Message
from tests.factories import make_person
from tests.models.violation import violates

NOW = timezone.now()


def make_message(**changes: Any) -> Message:
    """A queued reminder."""
    given = {"kind": "reminder", "address": "lena@survey.example", "subject": "Hello", "body": "Hello\n"}
    return Message.objects.create(**(given | changes))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"kind": "advertisement"}, "message_kind_known"),
        ({"status": "lost"}, "message_status_known"),
        ({"address": ""}, "message_texts_not_blank"),
        ({"subject": ""}, "message_texts_not_blank"),
        ({"body": ""}, "message_texts_not_blank"),
        ({"subject": "Hello\nBcc: x@survey.example"}, "message_headers_on_one_line"),
        ({"subject": "Hello\rBcc: x@survey.example"}, "message_headers_on_one_line"),
        ({"address": "x@survey.example\n"}, "message_headers_on_one_line"),
        ({"kind": "invitation"}, "message_with_key_has_a_person"),
        ({"kind": "password_link"}, "message_with_key_has_a_person"),
        ({"attempts": 1}, "message_attempts_and_when"),
        ({"tried_at": NOW}, "message_attempts_and_when"),
        ({"sent_at": NOW}, "message_sent_and_when"),
        ({"status": "sent"}, "message_sent_and_when"),
        ({"status": "sent", "sent_at": NOW}, "message_sent_and_when"),
        (
            {"status": "sent", "sent_at": NOW, "attempts": 1, "tried_at": NOW, "last_error": "x"},
            "message_sent_and_when",
        ),
        ({"status": "failed"}, "message_failed_says_why"),
    ],
)
def test_what_a_message_cannot_be(changes: dict[str, Any], constraint: str) -> None:
    with violates(constraint):
        make_message(**changes)


@pytest.mark.django_db
def test_two_messages_never_have_the_same_key() -> None:
    with violates("message_key_once"):
        make_message(key=make_message().key)


@pytest.mark.django_db
def test_a_message_is_called_by_its_kind_and_address() -> None:
    person = make_person("Lena Lead")
    message = make_message(kind="password_link", person=person, address=person.email)
    assert str(message) == "Password link to lena.lead@survey.example"
