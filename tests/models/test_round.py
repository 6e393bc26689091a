"""Rounds, participants and the moves of a round."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from surveys.models import Participant, Round
from surveys.models.round import MOVES
from tests.factories import make_round
from tests.models.violation import violates
from tests.world import World


def test_every_status_has_its_moves() -> None:
    assert set(MOVES) == set(Round.Status)
    reachable = {Round.Status.DRAFT}.union(*MOVES.values())
    assert reachable == set(Round.Status)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"title": "Spring round"}, "round_title_once"),
        ({"status": "lost"}, "round_status_known"),
        ({"audience": "friends"}, "round_audience_known"),
        ({"closes_at": timezone.now() - datetime.timedelta(days=9)}, "round_closes_after_opening"),
        ({"title": ""}, "round_texts_not_blank"),
        ({"declaration": ""}, "round_texts_not_blank"),
    ],
)
def test_what_a_round_cannot_be(world: World, changes: dict[str, object], constraint: str) -> None:
    with violates(constraint):
        make_round(world.questionnaire, **({"title": "Other round"} | changes))


def test_an_organisation_takes_part_once(world: World) -> None:
    with violates("participant_once_a_round"):
        Participant.objects.create(round=world.round, organisation=world.own)
    assert str(world.round) == "Spring round"
