"""Signed submissions and releases for tests about results."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils import timezone

from surveys.actions.releases import publish, release_provisionally
from surveys.models import Assessment, Person, Release, Round, Submission
from surveys.questionnaires.canonical import canonical, sha256
from surveys.questionnaires.responses import Response
from surveys.questionnaires.signed_copy import answers_document

if TYPE_CHECKING:
    from tests.world import World


def levels(**chosen: int) -> dict[str, Response]:
    """Responses to maturity questions, by question code."""
    return {code: Response(level=level) for code, level in chosen.items()}


def submit(assessment: Assessment, person: Person, responses: Mapping[str, Response]) -> Submission:
    """The next signed submission of an assessment, which is then submitted."""
    content = canonical({"answers": answers_document(responses)})
    submission = Submission.objects.create(
        assessment=assessment,
        number=assessment.submissions.count() + 1,
        content=content,
        sha256=sha256(content),
        declaration=assessment.round.declaration,
        signed_by=person,
        signed_by_name=person.name,
        signed_by_job_title="Chief executive",
        signed_at=timezone.now(),
    )
    set_status(assessment, Assessment.Status.SUBMITTED)
    return submission


def set_status(row: Assessment | Round, status: str) -> None:
    """Put a row at a stage of its life without the actions that lead there."""
    row.status = status
    row.save(update_fields=["status"])


def close(survey_round: Round) -> None:
    """End the time for answers."""
    set_status(survey_round, Round.Status.CLOSED)


def release(survey_round: Round, *, challenges: bool = False) -> Release:
    """Close the round and release its results provisionally, with two weeks for `challenges` or none."""
    close(survey_round)
    until = timezone.now() + datetime.timedelta(days=14) if challenges else None
    return release_provisionally(by=None, round_id=survey_round.pk, challenge_until=until)


def release_for_good(survey_round: Round) -> Release:
    """Close the round, release its results provisionally and publish them."""
    release(survey_round)
    return publish(by=None, round_id=survey_round.pk)


OWN = {
    **levels(linked_data=4, shared_platform=3, training=2, recruitment=3),
    "sectors": Response(options=("acute", "other"), other="Hospices in Ambleshire"),
    "peer_offer": Response(text="Our tested pipelines.", consent=True),
    "training": Response(level=2, comment="Cuts in Ambleshire."),
}
SISTER = {
    **levels(linked_data=2, training=5, recruitment=4),
    "shared_platform": Response(not_applicable=True, reason="No platform in Borderland."),
    "peer_offer": Response(text="Borderland says no.", consent=False),
}


def submit_north(world: World) -> None:
    """Own and sister submit; the far system does not."""
    submit(world.assessment, world.approver, OWN)
    submit(world.sister_assessment, world.sister_approver, SISTER)
