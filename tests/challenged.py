"""Challenges of provisional results for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from surveys.models import Challenge, Dimension, Release

if TYPE_CHECKING:
    from tests.world import World


def make_challenge(world: World, **changes: Any) -> Challenge:
    """A challenge of the own system about the score of its data platform, in the newest release."""
    given = {
        "assessment": world.assessment,
        "release": Release.objects.filter(round=world.round).latest("pk"),
        "dimension": Dimension.objects.get(questionnaire=world.questionnaire, code="data_platform"),
        "text": "We answered for Ambleshire alone.",
        "raised_by": world.lead,
    }
    return Challenge.objects.create(**(given | changes))
