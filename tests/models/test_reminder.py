"""What the tables of reminders refuse."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest

from surveys.models import PlannedReminder, Reminder
from tests.models.test_mail import make_message
from tests.models.violation import refused_by_trigger, violates
from tests.world import World

TODAY = datetime.date(2026, 6, 1)


def plan(world: World, **changes: Any) -> PlannedReminder:
    given = {
        "round": world.round,
        "days_before": 7,
        "subject": "Hello",
        "body": "{link}",
        "site": "https://survey.example/",
        "changed_by": world.administrator,
    }
    return PlannedReminder.objects.create(**(given | changes))


def sent(world: World, **changes: Any) -> Reminder:
    given = {
        "assessment": world.assessment,
        "person": world.lead,
        "deadline_on": TODAY,
        "message": make_message(),
    }
    return Reminder.objects.create(**(given | changes))


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"days_before": 121}, "planned_reminder_within_reach"),
        ({"days_before": -61}, "planned_reminder_within_reach"),
        ({"subject": ""}, "planned_reminder_texts_not_blank"),
        ({"body": ""}, "planned_reminder_texts_not_blank"),
        ({"site": ""}, "planned_reminder_texts_not_blank"),
    ],
)
def test_what_a_planned_reminder_cannot_be(world: World, changes: dict[str, Any], constraint: str) -> None:
    with violates(constraint):
        plan(world, **changes)


def test_a_day_has_one_planned_reminder_beside_those_that_were_stopped(world: World) -> None:
    plan(world, stopped=True)
    plan(world)
    with violates("planned_reminder_once_a_day"):
        plan(world)


def test_a_round_has_one_invitation_that_goes_to_each_once(world: World) -> None:
    planned = plan(world, days_before=None)
    sent(world, planned=planned, deadline_on=None)
    with violates("reminder_once_for_a_plan"):
        sent(world, planned=planned, deadline_on=None)
    with violates("reminder_sent_now_has_a_deadline"):
        sent(world, sending=uuid.uuid4(), deadline_on=None)
    with violates("planned_reminder_once_a_day"):
        plan(world, days_before=None)


def test_a_planned_reminder_is_stopped_and_not_deleted(world: World) -> None:
    row = plan(world)
    with refused_by_trigger("pgtrigger: Cannot delete rows from surveys_plannedreminder table"):
        row.delete()


def test_a_person_is_reminded_once_for_an_occasion_and_a_deadline(world: World) -> None:
    planned, key = plan(world), uuid.uuid4()
    sent(world, planned=planned)
    sent(world, planned=planned, deadline_on=TODAY + datetime.timedelta(days=7))
    sent(world, sending=key)
    with violates("reminder_once_for_a_plan"):
        sent(world, planned=planned)
    with violates("reminder_once_for_a_sending"):
        sent(world, sending=key)


def test_a_reminder_has_one_occasion(world: World) -> None:
    with violates("reminder_has_one_occasion"):
        sent(world)
    with violates("reminder_has_one_occasion"):
        sent(world, planned=plan(world), sending=uuid.uuid4())


def test_what_was_sent_stays_as_it_was(world: World) -> None:
    row = sent(world, sending=uuid.uuid4())
    row.deadline_on += datetime.timedelta(days=1)
    with refused_by_trigger("pgtrigger: Cannot update or delete rows from surveys_reminder table"):
        row.save()
