"""Whatever is tried in whatever order, a round moves only as its table of moves says, and tells why not."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.actions.extensions import extend
from surveys.actions.refusals import Refused
from surveys.actions.releases import publish, release_provisionally
from surveys.actions.rounds import (
    change_round,
    choose_all_systems,
    close_round,
    details_of,
    open_round,
    reopen_round,
)
from surveys.models import Assessment, Event, Participant, Round
from surveys.models.round import MOVES
from tests.factories import make_round
from tests.world import World

Status = Round.Status
LATER = datetime.timedelta(days=90)


def _extend(world: World, row: Round) -> object:
    assessment = Assessment.objects.filter(round=row).first()
    if assessment is None:
        raise Refused("There is nothing to extend.")
    until = timezone.now() + 2 * LATER
    return extend(by=world.administrator, assessment_id=assessment.pk, until=until, reason="Illness")


def _change(world: World, row: Round) -> object:
    details = replace(details_of(row), purpose=f"Purpose {Event.objects.count()}")
    return change_round(by=world.administrator, round_id=row.pk, details=details)


ACTS: dict[str, Callable[[World, Round], object]] = {
    "open": lambda world, row: open_round(by=world.administrator, round_id=row.pk),
    "close": lambda world, row: close_round(by=world.administrator, round_id=row.pk),
    "reopen": lambda world, row: reopen_round(
        by=world.administrator, round_id=row.pk, closes_at=timezone.now() + LATER, reason="Flooding"
    ),
    "release": lambda world, row: release_provisionally(by=world.administrator, round_id=row.pk),
    "publish": lambda world, row: publish(by=world.administrator, round_id=row.pk),
    "extend": _extend,
    "change": _change,
    "choose": lambda world, row: choose_all_systems(by=world.administrator, round_id=row.pk),
}
LEADS_TO = {
    ("open", Status.DRAFT): Status.OPEN,
    ("close", Status.OPEN): Status.CLOSED,
    ("reopen", Status.CLOSED): Status.OPEN,
    ("release", Status.CLOSED): Status.PROVISIONAL,
    ("publish", Status.PROVISIONAL): Status.PUBLISHED,
    **{("extend", stage): stage for stage in Status if stage != Status.DRAFT},
    ("change", Status.DRAFT): Status.DRAFT,
    ("choose", Status.DRAFT): Status.DRAFT,
}
"""Which act is done at which stage, and where it leads. Every other one is refused and changes nothing."""


def test_the_acts_are_the_table_of_moves() -> None:
    moved = {(start, end) for (_, start), end in LEADS_TO.items() if start != end}
    assert moved == {(start, end) for start, ends in MOVES.items() for end in ends}


def _done(act: Callable[[World, Round], object], world: World, row: Round) -> bool:
    """Whether the act was done and not refused."""
    try:
        with transaction.atomic():
            act(world, row)
    except Refused:
        return False
    return True


@given(tried=st.lists(st.sampled_from(sorted(ACTS)), max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_acts_follows_the_table(world: World, tried: list[str]) -> None:
    with transaction.atomic():
        row = make_round(world.questionnaire, world.own, world.far, title="Autumn round", status=Status.DRAFT)
        for act in tried:
            row.refresh_from_db()
            before = (row.status, Event.objects.count(), details_of(row))
            expected = LEADS_TO.get((act, Status(row.status)))
            done = _done(ACTS[act], world, row)
            row.refresh_from_db()
            assert (act, done) == (act, expected is not None)
            assert row.status == (expected or before[0])
            if not done:
                assert (row.status, Event.objects.count(), details_of(row)) == before
            systems = Participant.objects.filter(round=row).count()
            assert Assessment.objects.filter(round=row).count() == (
                0 if row.status == Status.DRAFT else systems
            )
        transaction.set_rollback(True)
