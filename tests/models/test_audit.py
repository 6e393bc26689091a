"""The audit trail only grows."""

from __future__ import annotations

import pytest
from django.db import connection

from surveys.actions.audit import record
from surveys.models import Event
from tests.factories import make_person
from tests.models.violation import refused_by_trigger, violates

pytestmark = pytest.mark.django_db


def test_an_event_says_who_did_what_to_what_and_why() -> None:
    ada = make_person("Ada Administrator")
    record(by=ada, verb="assessment.extended", subject="Ambleshire", reason="Illness", detail={"days": 5})
    event = Event.objects.get()
    assert (event.person_id, event.person_name, event.verb) == (
        ada.pk,
        "Ada Administrator",
        "assessment.extended",
    )
    assert (event.subject, event.reason, event.detail) == ("Ambleshire", "Illness", {"days": 5})


def test_a_command_is_named_as_such() -> None:
    record(by=None, verb="round.opened", subject="Spring round")
    assert Event.objects.values_list("person_id", "person_name").get() == (None, "command line")


def test_an_event_is_well_formed() -> None:
    with violates("event_verb_well_formed"):
        record(by=None, verb="Opened the round", subject="Spring round")
    with violates("event_says_who"):
        Event.objects.create(person_name="", verb="round.opened", subject="Spring round")


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE surveys_event SET reason = ''", "Cannot update or delete rows from surveys_event table"),
        ("DELETE FROM surveys_event", "Cannot update or delete rows from surveys_event table"),
        ("TRUNCATE surveys_event", "Cannot truncate rows from surveys_event table"),
    ],
)
def test_nobody_rewrites_the_trail(statement: str, sentence: str) -> None:
    record(by=None, verb="round.opened", subject="Spring round")
    with refused_by_trigger(f"pgtrigger: {sentence}"), connection.cursor() as cursor:
        cursor.execute(statement)
