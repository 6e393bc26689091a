"""Whoever has something left is reminded, once for each occasion, and nobody else."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.http import Http404
from django.utils import timezone
from procrastinate.contrib.django import app

from surveys.actions import reminders
from surveys.actions.extensions import extend
from surveys.actions.handing_out import hand_out
from surveys.actions.participants import add_participant, withdraw_participant
from surveys.actions.refusals import Refused
from surveys.actions.reminders import (
    change_planned,
    example,
    plan_reminder,
    plan_usual,
    send_due,
    send_reminder,
    send_test,
    stop_planned,
)
from surveys.actions.rounds import close_round
from surveys.models import (
    Assessment,
    Event,
    Membership,
    Message,
    Person,
    PlannedReminder,
    Reminder,
    Round,
)
from surveys.queries.reminder_words import BEFORE, OPENING, OVERDUE, Wording
from surveys.queries.reminders import mark_of
from surveys.questionnaires.responses import Response
from surveys.tasks import send_due_reminders
from tests.actions.test_assessments import answer, send
from tests.factories import make_answer, make_membership, make_person, make_round, make_system
from tests.mail_server import MailServer
from tests.signed import close, set_status, submit
from tests.together import together
from tests.worker import work
from tests.world import World, build_world

LONDON = ZoneInfo("Europe/London")
SITE = "https://survey.example/"
ALL = {
    "linked_data": Response(level=3),
    "shared_platform": Response(level=3),
    "practice_share": Response(number=Decimal(5)),
    "sectors": Response(options=("acute",)),
    "training": Response(level=3),
    "recruitment": Response(level=3),
    "analysts": Response(number=Decimal(7)),
    "time_split": Response(parts=(("reporting", Decimal(50)), ("strategy", Decimal(50)))),
    "clarity": Response(options=("clear",)),
    "peer_offer": Response(text="Our pipelines.", consent=True),
}
DATA_PLATFORM = ("linked_data", "shared_platform", "practice_share", "sectors")
SHORT = Wording("{system}: {time_left}", "{name}: {left} {link}")


def at(day: int, hour: int = 9, month: int = 6) -> datetime.datetime:
    """A moment of the summer of 2027, in London."""
    return datetime.datetime(2027, month, day, hour, tzinfo=LONDON)


@contextmanager
def refused(said: str) -> Iterator[None]:
    """The block is refused with a sentence that has this in it."""
    with pytest.raises(Refused) as refusal:
        yield
    assert said in refusal.value.message


def dated(world: World, *, opens: datetime.datetime | None = None) -> World:
    """The round runs from 1 May to 30 June 2027, 5pm."""
    world.round.opens_at = opens or at(1, month=5)
    world.round.closes_at = at(30, 17)
    world.round.save()
    return world


def told() -> list[tuple[str, str]]:
    """To whom messages went, and their subjects."""
    rows = Message.objects.filter(kind="reminder").order_by("assessment_id", "person__name", "pk")
    return [(row.person.name if row.person else "", row.subject) for row in rows]


def plan(world: World, *days: int, wording: Wording = SHORT) -> None:
    for each in days:
        plan_reminder(
            by=world.administrator, round_id=world.round.pk, days_before=each, wording=wording, site=SITE
        )


def remind(world: World, **changes: Any) -> int:
    given: dict[str, Any] = {
        "by": world.administrator,
        "round_id": world.round.pk,
        "wording": SHORT,
        "key": uuid.uuid4(),
        "site": SITE,
    }
    return send_reminder(**(given | changes))


class TestWhoIsReminded:
    """Leads, contributors with questions of their own, approvers; as far as they have something left."""

    def test_leads_and_contributors_hear_what_they_have_left(self, world: World) -> None:
        make_person("Colin Contributor", role="contributor", organisation=world.own)
        gone = make_person("Gwen Gone", role="lead", organisation=world.own)
        Person.objects.filter(pk=gone.pk).update(is_active=False)
        make_answer(world.assessment, "linked_data", world.lead, Response(level=3))
        assert remind(world, region="North") == 3
        left = {row.person.name: row.body.splitlines()[0] for row in Message.objects.select_related("person")}
        page = f"{SITE}assessments/{world.assessment.pk}/"
        assert left == {
            "Connie Contributor": (
                "Connie Contributor: Of the 4 questions that you were asked to answer, 3 have no answer yet. "
                f"{page}mine/"
            ),
            "Lena Lead": f"Lena Lead: 9 of 10 questions have no answer yet. {page}",
            "Sandy Sister": (
                "Sandy Sister: 10 of 10 questions have no answer yet. "
                f"{SITE}assessments/{world.sister_assessment.pk}/"
            ),
        }

    def test_a_contributor_who_has_answered_what_is_theirs_hears_nothing(self, world: World) -> None:
        for code in DATA_PLATFORM:
            make_answer(world.assessment, code, world.contributor, ALL[code])
        remind(world, status="not_started", region="North")
        assert [name for name, _ in told()] == ["Lena Lead", "Sandy Sister"]

    def test_one_question_that_is_left_is_one(self, world: World) -> None:
        other = make_person("Colin Contributor", role="contributor", organisation=world.own)
        hand_out(
            by=world.lead,
            assessment_id=world.assessment.pk,
            dimension_code="skills",
            person_id=other.pk,
            question_codes={"analysts"},
            site="",
        )
        remind(world)
        body = Message.objects.get(person=other, kind="reminder").body
        assert "Of the 1 question that you were asked to answer, 1 has no answer yet." in body

    def test_an_approver_hears_of_what_waits_for_a_signature(self, world: World) -> None:
        answer(world)
        send(world)
        remind(world, status="awaiting_signoff")
        assert told() == [("April Approver", "Ambleshire: in 30 days")]
        assert f"{SITE}assessments/{world.assessment.pk}/sign-off/" in Message.objects.get().body

    def test_somebody_with_two_roles_hears_once(self, world: World) -> None:
        make_membership(world.lead, "contributor", world.own)
        remind(world)
        assert [name for name, _ in told()].count("Lena Lead") == 1

    def test_a_complete_return_still_has_to_be_sent(self, world: World) -> None:
        for code, response in ALL.items():
            make_answer(world.assessment, code, world.lead, response)
        remind(world)
        assert Message.objects.get(assessment=world.assessment).body.startswith(
            "Lena Lead: Every question is answered. It still has to be checked and sent for sign-off."
        )

    def test_nobody_is_reminded_of_what_is_submitted(self, world: World) -> None:
        submit(world.assessment, world.approver, {})
        remind(world)
        assert [name for name, _ in told()] == ["Sandy Sister", "Farah Far"]

    def test_after_the_deadline_only_leads_hear_of_it(self, world: World) -> None:
        world.round.closes_at = timezone.now() - datetime.timedelta(hours=1)
        world.round.save()
        remind(world, region="North")
        assert [name for name, _ in told()] == ["Lena Lead", "Sandy Sister"]

    def test_in_a_closed_round_only_a_system_that_has_time_is_reminded(self, world: World) -> None:
        close(world.round)
        now = timezone.now()
        for row, hours in ((world.far_assessment, 72), (world.sister_assessment, 1)):
            until = now + datetime.timedelta(hours=hours)
            extend(by=world.administrator, assessment_id=row.pk, until=until, reason="A correction")
        with time_machine.travel(now + datetime.timedelta(hours=2)):
            remind(world)
        assert [name for name, _ in told()] == ["Farah Far"]


class TestSendingNow:
    """A reminder that an administrator sends."""

    def test_a_form_that_is_sent_twice_reminds_once(self, world: World) -> None:
        key = uuid.uuid4()
        assert [remind(world, key=key), remind(world, key=key)] == [4, 4]
        assert Reminder.objects.count() == 4
        [event] = Event.objects.filter(verb="reminder.sent")
        assert (event.person_id, event.detail) == (world.administrator.pk, {"recipients": 4})

    def test_a_reminder_to_nobody_is_refused(self, world: World) -> None:
        for row in (world.assessment, world.sister_assessment, world.far_assessment):
            submit(row, world.approver, {})
        with refused("Nobody has anything left to do in the systems that you chose"):
            remind(world)
        assert not Message.objects.exists()

    def test_a_round_that_has_not_begun_has_nobody_to_remind(self, world: World) -> None:
        world.round.opens_at = timezone.now() + datetime.timedelta(days=1)
        world.round.save()
        with refused("Nobody has anything left to do"):
            remind(world)

    def test_a_closed_round_reminds_nobody(self, world: World) -> None:
        close(world.round)
        with refused("Nobody has anything left to do in the systems that you chose"):
            remind(world)

    @pytest.mark.parametrize(
        ("wording", "said"),
        [
            (Wording(" ", "{link}"), "A reminder needs a subject and a text."),
            (Wording("Hello", " "), "A reminder needs a subject and a text."),
            (Wording("x" * 151, "{link}"), "A subject has at most 150 characters and a text at most 3,000."),
            (Wording("x", "{link}" + "x" * 3000), "A subject has at most 150 characters"),
            (Wording("Hello", "no address"), "Put {link} into the text, so that people find"),
        ],
    )
    def test_a_wording_that_cannot_be_is_refused(self, world: World, wording: Wording, said: str) -> None:
        with refused(said):
            remind(world, wording=wording)

    def test_only_administrators_send(self, world: World) -> None:
        for act in (
            remind,
            lambda world, by: example(by=by, round_id=world.round.pk, wording=SHORT, site=SITE),
        ):
            with pytest.raises(Http404):
                act(world, by=world.lead)

    def test_a_test_goes_to_oneself_alone(self, world: World) -> None:
        send_test(by=world.administrator, round_id=world.round.pk, wording=SHORT, site=SITE)
        assert told() == [("Ada Administrator", "Test: Ambleshire: in 30 days")]
        assert Message.objects.get().body.startswith("Lena Lead: 10 of 10 questions")
        assert not Reminder.objects.exists()

    def test_an_example_of_a_reminder_to_nobody_explains_its_placeholders(self, world: World) -> None:
        draft = make_round(world.questionnaire, title="Draft", status=Round.Status.DRAFT)
        mail = example(by=world.administrator, round_id=draft.pk, wording=SHORT, site=SITE)
        assert (mail.to, mail.subject[:14]) == (world.administrator.email, "[the system]: ")
        assert mail.body.startswith("[the name of the person]: [what the person has left to do")
        with pytest.raises(Http404):
            example(by=world.administrator, round_id=0, wording=SHORT, site=SITE)


class TestPlanning:
    """What goes out by itself."""

    def test_the_usual_reminders_are_planned_once(self, world: World) -> None:
        given: Any = {"by": world.administrator, "round_id": world.round.pk, "site": SITE}
        assert plan_usual(**given) == 4
        rows = PlannedReminder.objects.order_by("-days_before")
        assert [(row.days_before, row.subject) for row in rows] == [
            (30, BEFORE.subject),
            (7, BEFORE.subject),
            (1, BEFORE.subject),
            (-1, OVERDUE.subject),
        ]
        with refused("Reminders are planned already."):
            plan_usual(**given)
        events = Event.objects.filter(verb="reminder.planned").order_by("pk")
        assert [event.detail["when"] for event in events] == [
            "30 days before the deadline",
            "7 days before the deadline",
            "1 day before the deadline",
            "1 day after the deadline",
        ]

    def test_a_planned_reminder_is_changed_and_stopped(self, world: World) -> None:
        plan(world, 7, 3)
        row = PlannedReminder.objects.get(days_before=7)
        given: Any = {"by": world.administrator, "round_id": world.round.pk, "planned_id": row.pk}
        with refused("There is a reminder 3 days before the deadline already. Choose another day."):
            change_planned(**given, days_before=3, wording=SHORT, site=SITE)
        change_planned(**given, days_before=5, wording=BEFORE, site=SITE)
        row.refresh_from_db()
        assert (row.days_before, row.subject) == (5, BEFORE.subject)
        stop_planned(**given)
        assert stop_planned(**given).stopped
        with refused("Ada Administrator has stopped this reminder since you opened this page."):
            change_planned(**given, days_before=9, wording=SHORT, site=SITE)
        for act in (
            lambda: stop_planned(**{**given, "planned_id": 0}),
            lambda: change_planned(**{**given, "planned_id": 0}, days_before=9, wording=SHORT, site=SITE),
        ):
            with pytest.raises(Http404):
                act()
        verbs = (
            Event.objects.filter(verb__startswith="reminder.").order_by("pk").values_list("verb", flat=True)
        )
        assert list(verbs) == ["reminder.planned", "reminder.planned", "reminder.changed", "reminder.stopped"]

    def test_of_two_who_change_a_reminder_the_second_is_told(self, world: World) -> None:
        plan(world, 7)
        row = PlannedReminder.objects.get()
        given: Any = {"by": world.administrator, "round_id": world.round.pk, "planned_id": row.pk}
        given |= {"days_before": 7, "site": SITE, "seen": mark_of(row)}
        theirs = change_planned(**given, wording=BEFORE)
        with refused("Ada Administrator has changed this reminder since you opened this page."):
            change_planned(**given, wording=OVERDUE)
        row.refresh_from_db()
        assert row.subject == BEFORE.subject
        change_planned(**{**given, "seen": mark_of(theirs)}, wording=OVERDUE)
        row.refresh_from_db()
        assert row.subject == OVERDUE.subject

    @pytest.mark.parametrize("days", [121, -61])
    def test_a_day_far_off_is_refused(self, world: World, days: int) -> None:
        with refused("Choose a day from 120 days before the deadline to 60 days after it."):
            plan(world, days)

    def test_only_administrators_plan(self, world: World) -> None:
        with pytest.raises(Http404):
            plan_usual(by=world.national_analyst, round_id=world.round.pk, site=SITE)


class TestTheInvitation:
    """When answering begins, data leads and approvers are invited, each once for a system."""

    def invite(self, world: World, **changes: Any) -> PlannedReminder:
        given: dict[str, Any] = {"by": world.administrator, "round_id": world.round.pk, "site": SITE}
        return plan_reminder(**given | {"days_before": None, "wording": SHORT} | changes)

    def test_it_is_one_of_the_usual_ones_until_answering_has_begun(self, world: World) -> None:
        draft = make_round(world.questionnaire, title="Draft", status=Round.Status.DRAFT)
        assert plan_usual(by=world.administrator, round_id=draft.pk, site=SITE) == 5
        assert PlannedReminder.objects.get(round=draft, days_before=None).subject == OPENING.subject
        assert plan_usual(by=world.administrator, round_id=world.round.pk, site=SITE) == 4
        with refused("The invitation is planned already. Change that one."):
            self.invite(world, round_id=draft.pk)

    def test_leads_and_approvers_hear_once_what_they_can_do(self, world: World) -> None:
        """Not the contributor, who heard of their part when it was handed to them."""
        self.invite(dated(world))
        with time_machine.travel(at(1, 8, month=5), tick=False):
            assert send_due() == 0  # answering begins at 9
        with time_machine.travel(at(1, 10, month=5), tick=False):
            assert [send_due(), send_due()] == [6, 0]
        with time_machine.travel(at(2, 10, month=5), tick=False):
            assert send_due() == 0
        assert [name for name, _ in told()] == [
            *("April Approver", "Lena Lead", "Sandy Sister", "Saul Sister", "Farah Far", "Finn Far")
        ]
        bodies = dict(Message.objects.values_list("person__name", "body"))
        assert bodies["Lena Lead"].startswith("Lena Lead: 10 of 10 questions have no answer yet. ")
        assert f"{SITE}assessments/{world.assessment.pk}/" in bodies["Lena Lead"]
        assert bodies["April Approver"].startswith(
            "April Approver: There is nothing to sign yet. You will hear when it is sent to you for sign-off."
        )
        [event] = Event.objects.filter(verb="reminder.invited")
        assert (event.person_id, event.subject, event.detail) == (None, "Spring round", {"recipients": 6})
        assert not Event.objects.filter(verb="reminder.sent").exists()

    def test_somebody_with_both_roles_hears_once_as_the_lead(self, world: World) -> None:
        make_membership(world.lead, "approver", world.own)
        self.invite(dated(world))
        with time_machine.travel(at(1, 10, month=5), tick=False):
            send_due()
        assert [name for name, _ in told()].count("Lena Lead") == 1
        assert "10 of 10 questions" in Message.objects.get(person=world.lead).body

    def test_who_comes_later_is_invited_alone(self, world: World) -> None:
        self.invite(dated(world))
        with time_machine.travel(at(1, 10, month=5), tick=False):
            send_due()
        late = make_person("Nora New", role="lead", organisation=world.far)
        with time_machine.travel(at(20, 10, month=5), tick=False):
            assert send_due() == 1
        assert Reminder.objects.get(person=late).deadline_on is None

    def test_a_system_that_is_added_later_is_invited_and_one_that_was_withdrawn_is_not(
        self, world: World
    ) -> None:
        self.invite(world)
        by, added = world.administrator, make_system(world.south, "Downshire")
        make_person("Dora Down", role="lead", organisation=added)
        make_person("Dan Down", role="approver", organisation=added)
        withdraw_participant(by=by, assessment_id=world.far_assessment.pk, reason="It merged")
        noon = timezone.localtime().replace(hour=12)
        with time_machine.travel(noon, tick=False):
            assert send_due() == 4
            add_participant(by=by, round_id=world.round.pk, organisation_id=added.pk, reason="Left out")
            assert [send_due(), send_due()] == [2, 0]
        assert told()[-2:] == [(name, "Downshire: in 30 days") for name in ("Dan Down", "Dora Down")]

    def test_more_time_invites_nobody_again_nor_does_another_plan(self, world: World) -> None:
        planned = self.invite(dated(world))
        with time_machine.travel(at(1, 10, month=5), tick=False):
            send_due()
            extend(
                by=world.administrator,
                assessment_id=world.far_assessment.pk,
                until=at(7, 17, 7),
                reason="Illness",
            )
            assert send_due() == 0
            stop_planned(by=world.administrator, round_id=world.round.pk, planned_id=planned.pk)
            self.invite(world)
            assert send_due() == 0

    def test_an_invitation_that_was_missed_still_goes_out(self, world: World) -> None:
        self.invite(dated(world))
        with time_machine.travel(at(20), tick=False):
            assert send_due() == 6

    @pytest.mark.parametrize("status", ["closed", "draft"])
    def test_nobody_is_invited_to_a_round_that_is_not_open(self, world: World, status: str) -> None:
        self.invite(dated(world))
        set_status(world.round, status)
        with time_machine.travel(at(20), tick=False):
            assert send_due() == 0

    def test_who_has_submitted_or_has_no_time_left_is_not_invited(self, world: World) -> None:
        self.invite(dated(world))
        submit(world.sister_assessment, world.sister_approver, {})
        with time_machine.travel(at(29), tick=False):
            extend(
                by=world.administrator,
                assessment_id=world.far_assessment.pk,
                until=at(7, 17, 7),
                reason="Illness",
            )
        with time_machine.travel(at(1, 9, month=7), tick=False):
            assert send_due() == 2
        assert [name for name, _ in told()] == ["Farah Far", "Finn Far"]

    def test_what_waits_for_sign_off_is_said_to_the_lead_as_well(self, world: World) -> None:
        answer(world)
        send(world)
        self.invite(world)
        with time_machine.travel(timezone.localtime().replace(hour=12), tick=False):
            send_due()
        rows = Message.objects.filter(reminder__assessment=world.assessment)
        lead, approver = (rows.get(person=person).body for person in (world.lead, world.approver))
        assert lead.startswith("Lena Lead: Every answer has been given, and it waits for sign-off.")
        assert approver.startswith("April Approver: It was sent to you for sign-off, and is not signed yet.")

    def test_nobody_gets_a_reminder_on_the_day_of_the_invitation(self, world: World) -> None:
        """A round of seven days has its first reminder on the day when it begins: for the contributor."""
        plan(dated(world, opens=at(23)), 7, 6)
        self.invite(world)
        with time_machine.travel(at(23, 10), tick=False):
            assert send_due() == 7
        with time_machine.travel(at(24, 10), tick=False):
            assert send_due() == 4
        reminded = Reminder.objects.exclude(deadline_on=None).order_by("pk")
        assert list(reminded.values_list("planned__days_before", "person__name")) == [
            (7, "Connie Contributor"),
            *((6, name) for name in ("Lena Lead", "Connie Contributor", "Sandy Sister", "Farah Far")),
        ]

    def test_an_invitation_reads_as_its_first_recipient_would_read_it(self, world: World) -> None:
        given: Any = {"by": world.administrator, "round_id": world.round.pk, "wording": SHORT, "site": SITE}
        submit(world.assessment, world.approver, {})
        mail = example(**given, invitation=True)
        assert (mail.to, mail.subject) == (world.sister_lead.email, "Borderland: in 30 days")

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_invite_once(self, transactional_db: None) -> None:
        world = dated(build_world())
        self.invite(world)
        with time_machine.travel(at(1, 10, month=5), tick=False):
            assert sorted(together(send_due, send_due)) == [0, 6]
        assert Reminder.objects.count() == 6


class TestTheTimer:
    """What is planned goes out on its day of the calendar in London."""

    @pytest.mark.parametrize(
        ("moment", "subjects"),
        [
            (at(22), []),
            (at(23, 7), []),  # too early in the morning
            (at(23), ["Ambleshire: in 7 days"]),
            (at(23, 17), ["Ambleshire: in 7 days"]),
            (at(23, 18), []),
            (at(24), ["Ambleshire: in 6 days"]),  # a day late, when nothing ran
            (at(25), []),
            (at(29), ["Ambleshire: tomorrow"]),
            (at(30), ["Ambleshire: today"]),  # the last reminder, a day late
            (at(1, month=7), ["Ambleshire: yesterday"]),
            (at(2, month=7), ["Ambleshire: 2 days ago"]),
            (at(3, month=7), []),
        ],
    )
    def test_each_reminder_has_its_day(
        self, world: World, moment: datetime.datetime, subjects: list[str]
    ) -> None:
        plan(dated(world), 7, 1, -1)
        Membership.objects.exclude(organisation=world.own).update(ended_at=timezone.now())
        Membership.objects.filter(person=world.contributor).update(ended_at=timezone.now())
        with time_machine.travel(moment, tick=False):
            send_due()
        assert [subject for _, subject in told()] == subjects

    def test_a_timer_that_runs_twice_reminds_once(self, world: World) -> None:
        plan(dated(world), 7)
        with time_machine.travel(at(23), tick=False):
            assert send_due() == 4
            assert send_due() == 0
        with time_machine.travel(at(24), tick=False):
            assert send_due() == 0
        assert Event.objects.filter(verb="reminder.sent").count() == 1
        event = Event.objects.get(verb="reminder.sent")
        assert (event.person_id, event.detail) == (
            None,
            {"recipients": 4, "when": "7 days before the deadline"},
        )

    def test_who_comes_a_day_later_is_reminded_alone(self, world: World) -> None:
        plan(dated(world), 7)
        with time_machine.travel(at(23), tick=False):
            send_due()
        make_person("Nora New", role="lead", organisation=world.far)
        with time_machine.travel(at(24), tick=False):
            assert send_due() == 1

    def test_more_time_brings_the_reminder_again(self, world: World) -> None:
        plan(dated(world), 7)
        with time_machine.travel(at(23), tick=False):
            send_due()
            extend(
                by=world.administrator,
                assessment_id=world.far_assessment.pk,
                until=at(7, 17, 7),
                reason="Illness",
            )
        Message.objects.all()
        with time_machine.travel(at(30), tick=False):
            assert send_due() == 1
        assert told()[-1] == ("Farah Far", "Cliffshire: in 7 days")

    def test_a_day_before_answering_began_is_passed_over(self, world: World) -> None:
        plan(dated(world, opens=at(24)), 7)
        with time_machine.travel(at(24), tick=False):
            assert send_due() == 0

    def test_of_two_that_are_due_the_later_goes_out(self, world: World) -> None:
        plan(dated(world), 7, 6)
        with time_machine.travel(at(24), tick=False):
            send_due()
        [days] = set(Reminder.objects.values_list("planned__days_before", flat=True))
        assert days == 6

    def test_rounds_that_are_not_open_and_reminders_that_were_stopped_are_left_alone(
        self, world: World
    ) -> None:
        plan(dated(world), 7)
        row = PlannedReminder.objects.get()
        stop_planned(by=world.administrator, round_id=world.round.pk, planned_id=row.pk)
        plan(world, 6)
        close(world.round)
        with time_machine.travel(at(24), tick=False):
            assert send_due() == 0
        set_status(world.round, Round.Status.OPEN)
        with time_machine.travel(at(23), tick=False):
            assert send_due() == 0

    def test_the_clock_of_london_counts_in_summer_and_in_winter(self, world: World) -> None:
        """Half past eleven at night in London is the next day nowhere, and 00:30 is that day in summer."""
        plan(dated(world), 7)
        world.round.closes_at = datetime.datetime(2027, 6, 29, 23, 30, tzinfo=datetime.UTC)  # 30 June, 00:30
        world.round.save()
        with time_machine.travel(datetime.datetime(2027, 6, 23, 7, 30, tzinfo=datetime.UTC), tick=False):
            assert send_due() == 4  # 8:30 in London, seven days of the calendar before 30 June

    def test_a_clock_that_is_put_back_and_forward_again_reminds_once(self, world: World) -> None:
        plan(dated(world), 7, 1)
        moments = (at(23), at(22), at(23, 8), at(29), at(23), at(29, 17))
        sent_at_each = []
        for moment in moments:
            with time_machine.travel(moment, tick=False):
                sent_at_each.append(send_due())
        assert sent_at_each == [4, 0, 0, 4, 0, 0]

    def test_a_clock_that_jumps_over_the_days_of_reminders_sends_none_of_them(self, world: World) -> None:
        plan(dated(world), 30, 7, 1, -1)
        with time_machine.travel(at(25, month=9), tick=False):
            assert send_due() == 0

    def test_a_reminder_to_nobody_is_no_reminder(self, world: World) -> None:
        plan(dated(world), 7)
        for row in (world.assessment, world.sister_assessment, world.far_assessment):
            submit(row, world.approver, {})
        with time_machine.travel(at(23), tick=False):
            assert send_due() == 0
        assert not Event.objects.filter(verb="reminder.sent").exists()

    @pytest.mark.django_db(transaction=True)
    def test_a_timer_while_an_administrator_stops_the_reminder(self, transactional_db: None) -> None:
        """Either it went out and is stopped, or it is stopped and did not: nothing half done."""
        world = dated(build_world())
        plan(world, 7)
        row = PlannedReminder.objects.get()
        with time_machine.travel(at(23), tick=False):
            sent, stopped = together(
                send_due,
                lambda: (
                    stop_planned(by=world.administrator, round_id=world.round.pk, planned_id=row.pk).stopped
                ),
            )
            assert send_due() == 0
        assert sent in {0, 4}
        assert stopped
        assert Reminder.objects.count() == Message.objects.count() == sent
        assert Event.objects.filter(verb="reminder.sent").count() == (1 if sent else 0)

    @pytest.mark.django_db(transaction=True)
    def test_a_timer_while_an_administrator_closes_the_round(self, transactional_db: None) -> None:
        world = dated(build_world())
        plan(world, 7)
        with time_machine.travel(at(23), tick=False):
            sent, _ = together(send_due, lambda: close_round(by=world.administrator, round_id=world.round.pk))
            assert send_due() == 0
        world.round.refresh_from_db()
        assert world.round.status == Round.Status.CLOSED
        assert sent in {0, 4}
        assert Reminder.objects.count() == sent

    @pytest.mark.django_db(transaction=True)
    def test_two_administrators_who_plan_the_usual_reminders_at_once(self, transactional_db: None) -> None:
        world = build_world()

        def planned() -> int | str:
            try:
                return plan_usual(by=world.administrator, round_id=world.round.pk, site=SITE)
            except Refused as refusal:
                return refusal.message

        found = together(planned, planned)
        assert sorted(map(str, found)) == [
            "4",
            "Reminders are planned already. Change those that are there, or plan another one.",
        ]
        assert PlannedReminder.objects.count() == 4

    @pytest.mark.django_db(transaction=True)
    def test_two_workers_remind_once(self, transactional_db: None) -> None:
        world = dated(build_world())
        plan(world, 7)
        with time_machine.travel(at(23), tick=False):
            assert sorted(together(send_due, send_due)) == [0, 4]
        assert Reminder.objects.count() == 4

    @pytest.mark.django_db(transaction=True)
    def test_one_bad_address_does_not_stop_the_others(
        self, transactional_db: None, mail_server: MailServer
    ) -> None:
        world = build_world()
        mail_server.replies_to[world.lead.email] = ["550 No such mailbox"]
        remind(world)
        work()
        status = dict(Message.objects.values_list("person__name", "status"))
        assert status == {
            "Connie Contributor": "sent",
            "Lena Lead": "failed",
            "Sandy Sister": "sent",
            "Farah Far": "sent",
        }


def test_the_worker_looks_every_hour() -> None:
    periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert periodic["reminders.send_due"] == "10 * * * *"
    assert range(8, 18) == reminders.HOURS


def test_assessments_without_anybody_are_passed_over(world: World) -> None:
    Membership.objects.filter(organisation=world.far).update(ended_at=timezone.now())
    remind(world)
    assert not Message.objects.filter(assessment=world.far_assessment).exists()
    assert Assessment.objects.filter(round=world.round).count() == 3


def test_the_worker_sends_what_is_due(world: World) -> None:
    plan(dated(world), 7)
    with time_machine.travel(at(23), tick=False):
        send_due_reminders(0)
    assert len(told()) == 4
