"""A round that is being moderated, for tests."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from surveys.actions.moderation import answer_proposal, decide, propose
from surveys.actions.moderation_plan import assign_reviewer, plan_moderation
from surveys.models import Moderation, ModerationPlan, Person, ReviewAssignment
from tests.signed import close, submit_north
from tests.world import World

TIME = datetime.timedelta(days=40)


def planned(world: World, **changes: Any) -> ModerationPlan:
    """The first plan of the round: the national analyst decides, and systems have 40 days to answer."""
    values = {
        "by": world.administrator,
        "round_id": world.round.pk,
        "lead_reviewer_id": world.national_analyst.pk,
        "answers_until": timezone.now() + TIME,
        "seen": None,
    }
    return plan_moderation(**(values | changes))


def begin(world: World) -> ModerationPlan:
    """Own and sister have signed, the round is closed and its moderation planned."""
    submit_north(world)
    close(world.round)
    return planned(world)


def proposed(world: World, by: Person | None = None, **changes: Any) -> Moderation:
    """Level 2 for the own system's linked data, which it put at 4, by the regional analyst."""
    values = {
        "by": by or world.regional_analyst,
        "assessment_id": world.assessment.pk,
        "question_code": "linked_data",
        "level": 2,
        "reason": "No linked data in primary care.",
        "copy": 1,
    }
    return propose(**(values | changes))


def accepted(world: World, moderation: Moderation) -> None:
    """The own system's lead accepts."""
    answer_proposal(
        by=world.lead,
        assessment_id=moderation.submission.assessment_id,
        moderation_id=moderation.pk,
        kind="accept",
        text="",
    )


def challenged(world: World, moderation: Moderation) -> None:
    """The own system's approver challenges."""
    answer_proposal(
        by=world.approver,
        assessment_id=moderation.submission.assessment_id,
        moderation_id=moderation.pk,
        kind="challenge",
        text="We do have it.",
    )


def decided(world: World, moderation: Moderation, level: int) -> None:
    """The lead reviewer decides."""
    decide(
        by=world.national_analyst,
        assessment_id=moderation.submission.assessment_id,
        moderation_id=moderation.pk,
        level=level,
        reason="Half of the practices are linked.",
    )


def peer(world: World) -> ReviewAssignment:
    """The far system's lead is asked to review the own system."""
    return assign_reviewer(
        by=world.administrator, assessment_id=world.assessment.pk, email=world.far_lead.email
    )
