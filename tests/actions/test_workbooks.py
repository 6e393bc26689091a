"""Taking in a workbook: every answer, or none."""

from __future__ import annotations

import pytest
from django.http import Http404

from surveys.actions.answers import AnswerSave, SaveOutcome
from surveys.actions.workbooks import WorkbookFile, take_in_workbook
from surveys.models import Answer, Event, Person
from surveys.queries.assessments import assessment_state
from surveys.questionnaires.responses import Response
from tests.factories import make_answer
from tests.refusals import refusal
from tests.signed import close
from tests.world import World

pytestmark = pytest.mark.django_db

FILE = WorkbookFile("answers.xlsx", "0" * 64)
LEVELS = (
    AnswerSave("linked_data", 0, Response(level=3)),
    AnswerSave("training", 0, Response(level=2)),
)


def take_in(world: World, *saves: AnswerSave, by: Person | None = None, dry_run: bool = False) -> SaveOutcome:
    state = assessment_state(world.national_analyst, world.assessment.pk)
    return take_in_workbook(by=by or world.lead, state=state, saves=saves, file=FILE, dry_run=dry_run)


def stored(world: World) -> dict[str, int | None]:
    rows = Answer.objects.filter(assessment=world.assessment)
    return dict(rows.values_list("question__code", "level"))


def events() -> int:
    """How many workbooks the audit trail knows of."""
    return Event.objects.filter(verb="assessment.workbook_taken_in").count()


def test_every_answer_is_stored_and_one_event_says_from_which_file(world: World) -> None:
    outcome = take_in(world, *LEVELS)
    assert (outcome.saved, outcome.complete) == ({"linked_data", "training"}, True)
    assert stored(world) == {"linked_data": 3, "training": 2}
    event = Event.objects.get(verb="assessment.workbook_taken_in")
    assert (event.person_id, event.subject, event.assessment_id, event.round_id, event.organisation_id) == (
        world.lead.pk,
        "Ambleshire, Spring round",
        world.assessment.pk,
        world.round.pk,
        world.own.pk,
    )
    assert event.detail == {
        "file": "answers.xlsx",
        "sha256": "0" * 64,
        "answers": ["linked_data", "training"],
    }


def test_a_dry_run_says_the_same_and_keeps_nothing(world: World) -> None:
    assert take_in(world, *LEVELS, dry_run=True).saved == {"linked_data", "training"}
    assert (stored(world), events()) == ({}, 0)
    world.assessment.refresh_from_db()
    assert world.assessment.status == "not_started"


def test_one_invalid_answer_keeps_all_others_out(world: World) -> None:
    outcome = take_in(world, *LEVELS, AnswerSave("recruitment", 0, Response(level=9)))
    assert set(outcome.invalid) == {"recruitment"}
    assert (stored(world), events()) == ({}, 0)


def test_one_answer_that_somebody_has_changed_keeps_all_others_out(world: World) -> None:
    make_answer(world.assessment, "training", world.contributor, Response(level=5))
    outcome = take_in(world, *LEVELS)
    assert set(outcome.conflicts) == {"training"}
    assert (stored(world), events()) == ({"training": 5}, 0)


def test_what_is_stored_already_makes_no_event(world: World) -> None:
    take_in(world, *LEVELS)
    again = take_in(world, *LEVELS)
    assert (again.saved, again.unchanged, again.complete) == (set(), {"linked_data", "training"}, True)
    assert events() == 1


def test_a_contributor_takes_in_their_own_section_only(world: World) -> None:
    assert take_in(world, LEVELS[0], by=world.contributor).saved == {"linked_data"}
    with pytest.raises(Http404):
        take_in(world, LEVELS[1], by=world.contributor)


@pytest.mark.parametrize("who", ["approver", "sister_lead", "national_analyst", "newcomer"])
def test_others_take_in_nothing(world: World, who: str) -> None:
    with pytest.raises(Http404):
        take_in(world, *LEVELS, by=getattr(world, who))


def test_a_closed_round_takes_nothing_in(world: World) -> None:
    close(world.round)
    message = refusal(take_in, world=world, dry_run=True)
    assert message == "The round is closed, so answers can no longer be changed."
