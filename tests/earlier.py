"""A round before the world's, signed, for tests about what was answered then."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

from surveys.models import Assessment, Organisation, Questionnaire, Round
from surveys.questionnaires.responses import Response
from tests.factories import make_round
from tests.signed import close, submit

if TYPE_CHECKING:
    from tests.world import World

YEAR = datetime.timedelta(days=365)


def earlier_round(
    world: World,
    given: Mapping[Organisation, Mapping[str, Response]],
    *,
    questionnaire: Questionnaire | None = None,
    title: str = "Autumn round",
    years: int = 1,
) -> Round:
    """A round that closed `years` before the world's, in which the systems signed what is given."""
    made = make_round(
        questionnaire or world.questionnaire,
        *given,
        title=title,
        opens_at=world.round.opens_at - YEAR * years,
        closes_at=world.round.closes_at - YEAR * years,
    )
    for assessment in Assessment.objects.filter(round=made).select_related("organisation"):
        submit(assessment, world.approver, given[assessment.organisation])
    close(made)
    return made
