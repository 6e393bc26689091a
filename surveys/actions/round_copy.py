"""Beginning a round like an earlier one: its systems, reminders and moderation, planned for the new dates."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from surveys.actions.moderation_plan import plan_moderation
from surveys.actions.reminders import plan_reminder
from surveys.actions.rounds import RoundDetails, choose_participants, create_round
from surveys.models import Person, Round
from surveys.permissions import Permission, get_for
from surveys.queries.reminder_words import Wording
from surveys.queries.round_copy import Part, moderation_like, moved, reminders_like, systems_like


@transaction.atomic
def create_round_like(
    *,
    by: Person,
    details: RoundDetails,
    before_id: int,
    parts: Collection[str],
    site: str,
    synthetic: bool = False,
) -> Round:
    """Store a draft round with these parts of the set-up of an earlier one, each with its own event.

    What happened in the earlier round is not touched and not taken over. `site` is the address of the service
    without a path, for the links of reminders. A moderation plan whose time would be over is left out.

    Raises Http404 when there is no such earlier round or the person does not manage rounds, and Refused as
    `create_round` does.
    """
    before = get_for(by, Round.objects.all(), before_id, Permission.MANAGE)
    made = create_round(by=by, details=details, synthetic=synthetic)
    if Part.SYSTEMS in parts:
        systems = systems_like(before, made.participants_as_at)
        choose_participants(by=by, round_id=made.pk, organisation_ids=systems)
    for row in reminders_like(before) if Part.REMINDERS in parts else ():
        plan_reminder(
            by=by,
            round_id=made.pk,
            days_before=row.days_before,
            wording=Wording(row.subject, row.body),
            site=site,
        )
    plan = moderation_like(before) if Part.MODERATION in parts else None
    until = moved(plan.answers_until, before.closes_at, made.closes_at) if plan else None
    if plan and until and until > max(timezone.now(), made.closes_at):
        plan_moderation(
            by=by,
            round_id=made.pk,
            lead_reviewer_id=plan.lead_reviewer_id,
            answers_until=until,
            seen=None,
        )
    return made
