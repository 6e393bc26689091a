"""What people say about a question: to whom it goes, what becomes of it, and who may."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404

from surveys.actions.conversation import (
    Said,
    add_comment,
    reopen_thread,
    resolve_thread,
    withdraw_comment,
)
from surveys.models import Comment, Event, Mention, Message, Person
from surveys.models.conversation import LONGEST_COMMENT
from tests.factories import make_person
from tests.refusals import refusal
from tests.signed import submit
from tests.together import together
from tests.world import World

pytestmark = pytest.mark.django_db

SITE = "https://survey.example.org/"


def say(by: Person, world: World, body: str = "Is the pharmacy data in?", **changes: Any) -> Said:
    """A comment on a question of the own system's assessment."""
    values = {
        "assessment_id": world.assessment.pk,
        "question_code": "linked_data",
        "key": uuid.uuid4(),
        "site": SITE,
    }
    return add_comment(by=by, body=body, **(values | changes))


def do(act: Callable[..., None], by: Person, world: World, comment_id: int, **changes: Any) -> None:
    """One of the actions on a comment of the own system."""
    where = {"assessment_id": world.assessment.pk, "question_code": "linked_data"}
    act(by=by, comment_id=comment_id, **(where | changes))


def comment(said: Said) -> Comment:
    return Comment.objects.get(pk=said.comment_id)


def happened() -> list[tuple[str, str]]:
    """The events in the order in which they happened: who and what."""
    events = Event.objects.filter(verb__startswith="comment.")
    return list(events.order_by("pk").values_list("person_name", "verb"))


def test_a_comment_is_stored_with_who_and_where(world: World) -> None:
    said = comment(say(world.contributor, world, "  Is the pharmacy data in?\r\nAsk Ömer 🩺\x00\x1b.\n"))

    assert (said.body, said.author, said.assessment, said.reply_to) == (
        "Is the pharmacy data in?\nAsk Ömer 🩺.",
        world.contributor,
        world.assessment,
        None,
    )
    event = Event.objects.get(assessment_id=world.assessment.pk)
    assert (event.verb, event.subject, event.assessment_id, event.detail) == (
        "comment.added",
        "Ambleshire: How mature is linked data?",
        world.assessment.pk,
        {"question": "linked_data", "comment_id": said.pk, "called": []},
    )


def test_those_called_in_get_an_e_mail_without_the_words(world: World) -> None:
    said = say(
        world.contributor, world, "Secret words for @april  APPROVER.", called=frozenset({world.lead.pk})
    )

    assert (said.called, said.unknown) == (("April Approver", "Lena Lead"), ())
    assert set(Mention.objects.values_list("comment_id", "person_id")) == {
        (said.comment_id, world.approver.pk),
        (said.comment_id, world.lead.pk),
    }
    message = Message.objects.get(person=world.approver)
    assert (message.kind, message.address, message.subject, message.queued_by, message.assessment) == (
        Message.Kind.MENTION,
        "april.approver@survey.example",
        "Connie Contributor mentions you in a comment: Ambleshire",
        world.contributor,
        world.assessment,
    )
    assert message.body == (
        "Hello April Approver,\n\n"
        "Connie Contributor mentions you in a comment about a question of Ambleshire, Spring round:\n\n"
        "    How mature is linked data?\n\n"
        "Read it and answer here:\n\n"
        f"https://survey.example.org/assessments/{world.assessment.pk}/questions/linked_data/"
        f"#comment-{said.comment_id}\n\n"
        "You get this message because Connie Contributor named you. The comment itself is only shown on the "
        "site.\n\n"
    )


def test_nobody_calls_themselves_and_nobody_is_called_twice(world: World) -> None:
    called = frozenset({world.lead.pk, world.approver.pk})
    said = say(world.lead, world, "@Lena Lead and @April Approver, @April Approver!", called=called)

    assert said.called == ("April Approver",)
    assert Message.objects.count() == 1


def test_an_at_sign_calls_nobody_who_may_not_read_it(world: World) -> None:
    said = say(world.lead, world, "@Sandy Sister, @Nadia Nation, mail me@april.approver or @ noon, @Aprils")

    assert (said.called, said.unknown) == ((), ("Sandy", "Nadia", "Aprils"))


def test_programme_staff_can_be_called_once_the_assessment_is_submitted(world: World) -> None:
    submit(world.assessment, world.approver, {})
    said = say(world.lead, world, "@Nadia Nation and @Reggie Region, but not @Rosa Region")

    assert (said.called, said.unknown) == (("Nadia Nation", "Reggie Region"), ("Rosa",))


def test_two_people_of_one_name_are_both_called_and_the_longest_name_counts(world: World) -> None:
    for email in ("one", "two"):
        person = make_person(f"Ann Lee {email}", role="approver", organisation=world.own)
        Person.objects.filter(pk=person.pk).update(name="Ann Lee")
    make_person("Ann Leeds", role="approver", organisation=world.own)

    assert say(world.lead, world, "@Ann Lee?").called == ("Ann Lee", "Ann Lee")
    assert say(world.lead, world, "@Ann Leeds?").called == ("Ann Leeds",)


@pytest.mark.parametrize("outsider", ["sister_lead", "nadia", "nobody"])
def test_who_may_not_read_it_cannot_be_ticked(world: World, outsider: str) -> None:
    keys = {"sister_lead": world.sister_lead.pk, "nadia": world.national_analyst.pk, "nobody": 0}
    message = refusal(say, by=world.lead, world=world, called=frozenset({keys[outsider]}))

    assert message == (
        "Somebody you chose can no longer read this conversation, so nothing was sent yet. Choose again."
    )
    assert (Comment.objects.count(), Message.objects.count()) == (0, 0)


def test_a_form_that_is_sent_twice_says_its_words_once(world: World) -> None:
    key = uuid.uuid4()
    first = say(world.lead, world, "@April Approver", key=key)
    again = say(world.lead, world, "@April Approver", key=key)

    assert again == Said(first.comment_id, (), ())
    assert (Comment.objects.count(), Message.objects.count(), len(happened())) == (1, 1, 1)


def test_other_words_in_a_form_that_was_sent_before_are_said_too(world: World) -> None:
    key = uuid.uuid4()
    for words in ("First words", "Second words", "Second words", "First words"):
        say(world.lead, world, words, key=key)

    said = list(Comment.objects.order_by("pk").values_list("body", flat=True))
    assert said == ["First words", "Second words"]


def test_the_key_of_somebody_else_changes_nothing_for_them(world: World) -> None:
    key = uuid.uuid4()
    say(world.lead, world, "From Lena", key=key)
    say(world.contributor, world, "From Connie", key=key)

    assert list(Comment.objects.order_by("pk").values_list("body", flat=True)) == ["From Lena", "From Connie"]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_says_it_once(world: World) -> None:
    key = uuid.uuid4()
    results = together(*[lambda: say(world.lead, world, key=key)] * 4)

    assert {result.comment_id for result in results} == {Comment.objects.get().pk}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "Write something first."),
        (" \n\x00\u202e ", "Write something first."),
        (
            "a" * (LONGEST_COMMENT + 1),
            "The comment has 5,001 characters. Shorten it to 5,000, or write two.",
        ),
        (
            "ten thousand words " * 3_334,
            "The comment has 63,345 characters. Shorten it to 5,000, or write two.",
        ),
    ],
)
def test_a_comment_has_words_and_not_too_many(world: World, body: str, message: str) -> None:
    assert refusal(say, by=world.lead, world=world, body=body) == message


def test_the_longest_comment_is_stored_whole(world: World) -> None:
    assert len(comment(say(world.lead, world, "🩺" * LONGEST_COMMENT)).body) == LONGEST_COMMENT


def test_a_reply_stands_in_its_thread_and_opens_a_resolved_one_again(world: World) -> None:
    opening = say(world.lead, world).comment_id
    reply = comment(say(world.contributor, world, "Yes.", reply_to=opening))
    assert reply.reply_to_id == opening
    do(resolve_thread, world.approver, world, opening)
    say(world.contributor, world, "One more thing.", reply_to=opening)

    assert Comment.objects.get(pk=opening).resolved_at is None
    assert happened() == [
        ("Lena Lead", "comment.added"),
        ("Connie Contributor", "comment.added"),
        ("April Approver", "comment.resolved"),
        ("Connie Contributor", "comment.added"),
        ("Connie Contributor", "comment.reopened"),
    ]


def test_a_reply_goes_to_what_opened_a_thread_on_the_same_question(world: World) -> None:
    opening = say(world.lead, world).comment_id
    reply = say(world.lead, world, reply_to=opening).comment_id
    elsewhere = say(world.lead, world, question_code="training").comment_id
    sisters = say(world.sister_lead, world, assessment_id=world.sister_assessment.pk).comment_id
    for wrong in (reply, elsewhere, sisters, 0):
        with pytest.raises(Http404):
            say(world.lead, world, reply_to=wrong)


def test_nobody_replies_to_words_that_were_withdrawn(world: World) -> None:
    opening = say(world.lead, world).comment_id
    do(withdraw_comment, world.lead, world, opening)

    assert refusal(say, by=world.contributor, world=world, reply_to=opening) == (
        "The comment that you reply to was withdrawn meanwhile. Start a new thread instead."
    )


def test_a_thread_is_resolved_and_opened_again_by_anybody_in_the_conversation(world: World) -> None:
    opening = say(world.contributor, world).comment_id
    do(resolve_thread, world.approver, world, opening)
    do(resolve_thread, world.lead, world, opening)
    resolved = Comment.objects.get(pk=opening)
    assert (resolved.resolved_by, resolved.resolved_at is None) == (world.approver, False)
    do(reopen_thread, world.lead, world, opening)
    do(reopen_thread, world.lead, world, opening)
    reopened = Comment.objects.get(pk=opening)
    assert (reopened.resolved_by, reopened.resolved_at) == (None, None)
    assert happened()[1:] == [("April Approver", "comment.resolved"), ("Lena Lead", "comment.reopened")]


def test_only_its_author_withdraws_a_comment(world: World) -> None:
    opening = say(world.contributor, world).comment_id
    with pytest.raises(Http404):
        do(withdraw_comment, world.lead, world, opening)
    do(withdraw_comment, world.contributor, world, opening)
    first = Comment.objects.get(pk=opening).withdrawn_at
    do(withdraw_comment, world.contributor, world, opening)

    assert first is not None
    assert Comment.objects.get(pk=opening).withdrawn_at == first
    assert happened()[1:] == [("Connie Contributor", "comment.withdrawn")]


@pytest.mark.parametrize("act", [resolve_thread, reopen_thread, withdraw_comment])
def test_a_comment_is_found_only_where_it_is(world: World, act: Callable[..., None]) -> None:
    mine = say(world.lead, world).comment_id
    sisters = say(world.sister_lead, world, assessment_id=world.sister_assessment.pk).comment_id
    wrong: list[dict[str, Any]] = [
        {"comment_id": sisters},
        {"comment_id": 0},
        {"comment_id": mine, "question_code": "training"},
        {"comment_id": mine, "question_code": "no_such_question"},
        {"comment_id": mine, "assessment_id": world.sister_assessment.pk},
        {"comment_id": mine, "assessment_id": 0},
    ]
    for changes in wrong:
        with pytest.raises(Http404):
            do(act, world.lead, world, **changes)


@pytest.mark.parametrize(
    "who",
    ["sister_lead", "far_lead", "regional_analyst", "national_analyst", "administrator", "newcomer"],
)
def test_before_a_submission_only_the_organisation_talks(world: World, who: str) -> None:
    outsider = getattr(world, who)
    opening = say(world.lead, world).comment_id
    for act in (resolve_thread, reopen_thread, withdraw_comment):
        with pytest.raises(Http404):
            do(act, outsider, world, opening)
    with pytest.raises(Http404):
        say(outsider, world)
    assert len(happened()) == 1


def test_after_a_submission_programme_staff_within_reach_talk_too(world: World) -> None:
    submit(world.assessment, world.approver, {})
    opening = say(world.regional_analyst, world, "How do you know?").comment_id
    say(world.contributor, world, "We counted.", reply_to=opening)
    do(resolve_thread, world.national_analyst, world, opening)
    with pytest.raises(Http404):
        say(world.far_regional_analyst, world)

    assert [name for name, _ in happened()] == ["Reggie Region", "Connie Contributor", "Nadia Nation"]
