"""The pages of reminders: the plan, one that is sent now, and what became of each."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains

from surveys.actions.reminders import plan_reminder, send_due
from surveys.models import Message, PlannedReminder, Reminder, Round
from surveys.queries.deadlines import moment_in_words
from surveys.queries.reminder_words import BEFORE, OPENING
from surveys.queries.reminders import mark_of
from tests.factories import make_round
from tests.pages import as_, text_of
from tests.signed import close, submit
from tests.world import World

WORDS = {"subject": "{system}: {time_left}", "body": "Hello {name}\n{left}\n{link}"}


def address(world: World, rest: str = "") -> str:
    return f"/rounds/{world.round.pk}/reminders/{rest}"


def post(client: Client, world: World, rest: str, **data: Any) -> Any:
    return as_(client, world.administrator).post(address(world, rest), data)


def send(client: Client, world: World, **data: Any) -> Any:
    return post(client, world, "send/", **{"key": uuid.uuid4(), "do": "send", **WORDS, **data})


def test_the_usual_reminders_are_planned_with_a_click(client: Client, world: World) -> None:
    page = as_(client, world.administrator).get(address(world))
    assert "No reminder is planned, so none goes out by itself." in text_of(page)
    page = client.post(address(world, "usual/"), follow=True)
    assert page.redirect_chain == [(address(world), 302)]
    assert [(line.when, line.subject) for line in page.context["page"].planned] == [
        ("30 days before the deadline", BEFORE.subject),
        ("7 days before the deadline", BEFORE.subject),
        ("1 day before the deadline", BEFORE.subject),
        ("1 day after the deadline", "{round}: {system} is overdue"),
    ]
    assert set(PlannedReminder.objects.values_list("site", flat=True)) == {"http://testserver/"}
    again = client.post(address(world, "usual/"))
    assert "Reminders are planned already." in text_of(again)


def test_a_reminder_is_planned_previewed_changed_and_stopped(client: Client, world: World) -> None:
    page = as_(client, world.administrator).get(address(world, "new/"))
    assert page.context["form"].initial["days"] == 14
    given = {"days": "3", "side": "after", **WORDS}
    page = client.post(address(world, "new/"), {**given, "do": "preview"})
    assert page.context["example"].subject == "Ambleshire: in 30 days"
    assert "Hello Lena Lead" in text_of(page)
    assert not PlannedReminder.objects.exists()
    page = client.post(address(world, "new/"), given, follow=True)
    assert "A reminder goes out 3 days after the deadline." in text_of(page)
    row = PlannedReminder.objects.get()
    assert (row.days_before, row.subject, row.changed_by) == (-3, WORDS["subject"], world.administrator)
    page = client.get(address(world, f"{row.pk}/"))
    assert page.context["form"].initial == {"days": 3, "side": "after", **WORDS, "seen": mark_of(row)}
    client.post(address(world, f"{row.pk}/"), {**given, "side": "before"})
    row.refresh_from_db()
    assert row.days_before == 3
    page = client.post(address(world, f"{row.pk}/stop/"), follow=True)
    assert "No reminder goes out 3 days before the deadline any more." in text_of(page)
    assert client.get(address(world, f"{row.pk}/")).status_code == 404


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"days": "many"}, "days", "Enter a whole number of days, in figures"),
        ({"days": "121"}, "days", "Enter at most 120 days"),
        ({"days": "-1"}, "days", "Enter 0 or more days, and choose before or after the deadline"),
        ({"days": "61", "side": "after"}, "days", "Enter at most 60 days after the deadline"),
        ({"side": ""}, "side", "Choose when it goes out"),
        ({"days": ""}, "days", "Enter a number of days"),
        (
            {"side": "opening"},
            "days",
            "Clear the number of days: the invitation goes out when answering begins",
        ),
        ({"subject": ""}, "subject", "Enter a subject"),
        ({"body": "Hello {nmae} {link}"}, "body", "There is no placeholder {nmae}. Use one of these: "),
    ],
)
def test_what_was_typed_stays_when_it_cannot_be(
    client: Client, world: World, changed: dict[str, str], field: str, said: str
) -> None:
    given = {"days": "3", "side": "before", **WORDS, **changed}
    page = post(client, world, "new/", **given)
    [problem] = page.context["form"].errors[field]
    assert problem[: len(said)] == said
    assert {name: page.context["form"][name].value() for name in given} == given
    assert not PlannedReminder.objects.exists()


def test_the_invitation_is_planned_with_a_test_and_a_preview(client: Client, world: World) -> None:
    page = as_(client, world.administrator).get(address(world))
    assert "Plan the invitation" in text_of(page)
    page = client.get(address(world, "new/?wording=opening"))
    begins = {"side": "opening", "subject": OPENING.subject, "body": OPENING.body}
    assert page.context["form"].initial == {**begins, "seen": ""}
    given = {"days": "", "side": "opening", **WORDS}
    page = client.post(address(world, "new/"), {**given, "do": "preview"})
    assert page.context["example"].subject == "Ambleshire: in 30 days"
    assert "Hello April Approver" not in text_of(page)
    assert not Message.objects.exists()
    page = client.post(address(world, "new/"), {**given, "do": "test"})
    assert f"A test is on its way to {world.administrator.email}, and to nobody else." in text_of(page)
    [test] = Message.objects.all()
    assert (test.person, test.subject) == (world.administrator, "Test: Ambleshire: in 30 days")
    assert not PlannedReminder.objects.exists()
    page = client.post(address(world, "new/"), given, follow=True)
    words = text_of(page)
    assert "The invitation goes out when answering begins." in words
    assert "Plan the invitation" not in words
    assert "Tell them that the round is open" not in words
    row = PlannedReminder.objects.get()
    assert row.days_before is None
    begins = client.get(address(world, f"{row.pk}/")).context["form"].initial
    assert begins == {"side": "opening", **WORDS, "seen": mark_of(row)}
    page = client.post(address(world, "new/"), given)
    assert page.context["form"].non_field_errors() == ["The invitation is planned already. Change that one."]
    page = client.post(address(world, f"{row.pk}/stop/"), follow=True)
    assert "No invitation goes out when answering begins any more." in text_of(page)


def test_what_became_of_each_invitation_is_listed(client: Client, world: World) -> None:
    plan_reminder(
        by=world.administrator, round_id=world.round.pk, days_before=None, wording=OPENING, site="https://x/"
    )
    with time_machine.travel(timezone.localtime().replace(hour=12)):
        send_due()
    page = as_(client, world.administrator).get(address(world)).context["page"]
    [line] = page.planned
    assert (line.when, line.invitation) == ("when answering begins", True)
    assert [(each.name, each.occasion, each.status_label) for each in page.sent] == [
        (name, "when answering begins", "Queued")
        for name in ("Finn Far", "Farah Far", "Saul Sister", "Sandy Sister", "April Approver", "Lena Lead")
    ]
    room = client.get(f"/rounds/{world.round.pk}/control-room/").context["room"]
    assert [each.reminders for each in room.lines] == [0, 0, 0]


def test_the_second_to_change_a_reminder_sees_both_texts(client: Client, world: World) -> None:
    given = {"days": "3", "side": "before", **WORDS}
    post(client, world, "new/", **given)
    path = address(world, f"{PlannedReminder.objects.get().pk}/")
    seen = client.get(path).context["form"]["seen"].value()
    client.post(path, {**given, "subject": "Theirs", "seen": seen})
    page = client.post(path, {**given, "subject": "Mine", "seen": seen})
    words = text_of(page)
    assert "Ada Administrator has changed this reminder since you opened this page." in words
    assert "What is stored now It goes out 3 days before the deadline. Theirs" in words
    assert page.context["form"]["subject"].value() == "Mine"
    seen = page.context["form"]["seen"].value()
    page = client.post(path, {**given, "subject": "Mine", "seen": seen}, follow=True)
    assert "A reminder goes out 3 days before the deadline." in text_of(page)
    assert PlannedReminder.objects.get().subject == "Mine"


def test_what_was_typed_for_a_reminder_that_was_stopped_is_kept(client: Client, world: World) -> None:
    given = {"days": "3", "side": "before", **WORDS}
    post(client, world, "new/", **given)
    row = PlannedReminder.objects.get()
    seen = client.get(address(world, f"{row.pk}/")).context["form"]["seen"].value()
    for _ in range(2):  # a double click
        page = client.post(address(world, f"{row.pk}/stop/"), follow=True)
        assert "No reminder goes out 3 days before the deadline any more." in text_of(page)
    page = client.post(address(world, f"{row.pk}/"), {**given, "subject": "Mine", "seen": seen})
    assert "Ada Administrator has stopped this reminder since you opened this page." in text_of(page)
    assert page.context["form"]["subject"].value() == "Mine"
    assertContains(page, f'action="{address(world, "new/")}"')
    client.post(address(world, "new/"), {**given, "subject": "Mine", "seen": seen})
    assert PlannedReminder.objects.get(stopped=False).subject == "Mine"


def test_a_day_that_is_taken_is_said(client: Client, world: World) -> None:
    given = {"days": "3", "side": "before", **WORDS}
    post(client, world, "new/", **given)
    page = post(client, world, "new/", **given)
    assert page.context["form"].non_field_errors() == [
        "There is a reminder 3 days before the deadline already. Choose another day."
    ]


def test_a_reminder_that_is_sent_now_is_looked_at_first(client: Client, world: World) -> None:
    page = as_(client, world.administrator).get(address(world, "send/"))
    assert [each.person.name for each in page.context["waiting"]] == [
        "Lena Lead",
        "Connie Contributor",
        "Sandy Sister",
        "Farah Far",
    ]
    page = send(client, world, do="preview", region="south")
    assert [each.person.name for each in page.context["waiting"]] == ["Farah Far"]
    assert page.context["example"].subject == "Ambleshire: in 30 days"
    assert "Who gets it: 1 message" in text_of(page)
    assert not Message.objects.exists()
    page = send(client, world, do="test")
    assert f"A test is on its way to {world.administrator.email}, and to nobody else." in text_of(page)
    assert [row.person for row in Message.objects.all()] == [world.administrator]


def test_it_begins_with_the_systems_and_the_words_of_its_address(client: Client, world: World) -> None:
    room = as_(client, world.administrator).get(f"/rounds/{world.round.pk}/control-room/?region=south&page=1")
    assert room.context["remind_url"] == address(world, "send/?region=south")
    page = client.get(address(world, "send/?region=south&wording=opening"))
    assert [each.person.name for each in page.context["waiting"]] == ["Farah Far"]
    assert page.context["form"]["region"].value() == "south"
    assert page.context["form"]["subject"].value() == "{round} is open for {system}"
    page = client.get(address(world, "send/?region=moon&wording=moon"))
    assert page.context["waiting"] == ()
    assert page.context["form"]["subject"].value() == BEFORE.subject


def test_a_region_in_which_nothing_is_left_meanwhile_is_said(client: Client, world: World) -> None:
    submit(world.far_assessment, world.far_approver, {})
    page = send(client, world, region="south")
    assert page.context["form"].errors["region"] == [
        "Nobody in that region has anything left now. Choose again"
    ]
    assert not Message.objects.exists()


def test_who_sent_the_last_one_is_said(client: Client, world: World) -> None:
    assert as_(client, world.administrator).get(address(world, "send/")).context["page"].last == ""
    send(client, world, region="south")
    at = moment_in_words(Message.objects.get().queued_at)
    page = client.get(address(world, "send/"))
    assert f"Ada Administrator last sent one on {at}." in text_of(page)


def test_opening_a_round_says_what_is_planned(client: Client, world: World) -> None:
    draft = make_round(world.questionnaire, world.own, title="Draft", status=Round.Status.DRAFT)
    as_(client, world.administrator)
    page = client.get(f"/rounds/{draft.pk}/open/")
    assert "No reminder is planned, so none goes out by itself. Plan reminders" in text_of(page)
    client.post(f"/rounds/{draft.pk}/reminders/usual/")
    page = client.get(f"/rounds/{draft.pk}/open/")
    words = text_of(page)
    assert "Invitation and reminders When answering begins (" in words
    assert "Change the reminders" in words


def test_it_goes_to_those_who_have_something_left_and_once(client: Client, world: World) -> None:
    key = uuid.uuid4()
    page = send(client, world, key=key, region="north")
    assert page.status_code == 302
    page = client.get(address(world))
    assert "The reminder is on its way to 3 recipients." in text_of(page)
    assert [(line.name, line.organisation_name, line.occasion) for line in page.context["page"].sent] == [
        ("Sandy Sister", "Borderland", "Sent by Ada Administrator"),
        ("Connie Contributor", "Ambleshire", "Sent by Ada Administrator"),
        ("Lena Lead", "Ambleshire", "Sent by Ada Administrator"),
    ]
    send(client, world, key=key, region="north")
    assert Reminder.objects.count() == 3


def test_what_became_of_each_is_shown_and_can_be_tried_again(client: Client, world: World) -> None:
    send(client, world, region="south")
    row = Reminder.objects.get()
    Message.objects.filter(pk=row.message_id).update(
        status="failed", attempts=1, tried_at=timezone.now(), last_error="The mailbox does not exist."
    )
    page = client.get(address(world))
    [line] = page.context["page"].sent
    assert (line.status, line.trouble) == ("failed", "The mailbox does not exist.")
    assert f'action="/mail/{row.message_id}/send-again/"' in page.content.decode()


def test_a_reminder_to_nobody_is_refused_plainly(client: Client, world: World) -> None:
    for row in (world.assessment, world.sister_assessment, world.far_assessment):
        submit(row, world.approver, {})
    page = as_(client, world.administrator).get(address(world, "send/"))
    assert "Nobody has anything left to do now, so there is nobody to remind." in text_of(page)
    page = send(client, world)
    assert page.status_code == 200
    assert "so there is nobody to remind. Nothing was sent." in text_of(page)
    assert page.context["form"]["subject"].value() == WORDS["subject"]
    assert "Nobody has anything left to do now." in text_of(client.get(address(world)))


def test_in_a_closed_round_nobody_has_anything_left(client: Client, world: World) -> None:
    close(world.round)
    page = as_(client, world.administrator).get(address(world, "send/"))
    assert "Nobody has anything left to do now, so there is nobody to remind." in text_of(page)
    assert "so there is nobody to remind. Nothing was sent." in text_of(send(client, world))
    assert client.get(address(world)).context["page"].people == 0


def test_a_draft_is_planned_before_it_opens(client: Client, world: World) -> None:
    draft = make_round(world.questionnaire, world.own, title="Draft", status=Round.Status.DRAFT)
    page = as_(client, world.administrator).get(f"/rounds/{draft.pk}/reminders/")
    assert "Nobody has anything left to do now." in text_of(page)
    page = client.get(f"/rounds/{draft.pk}/")
    assert f'href="/rounds/{draft.pk}/reminders/"' in page.content.decode()


def test_the_page_takes_few_queries(client: Client, world: World, django_assert_max_num_queries: Any) -> None:
    send(client, world)
    as_(client, world.administrator)
    for rest, most in (("", 12), ("send/", 10)):
        client.get(address(world, rest))
        with django_assert_max_num_queries(most):
            client.get(address(world, rest))
