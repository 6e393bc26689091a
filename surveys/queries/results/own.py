"""Which systems of a release are the reader's own."""

from __future__ import annotations

from surveys.permissions import AnyPerson, posts
from surveys.queries.results.released import Released

YOUR_SYSTEM = "your system"


def own_systems(person: AnyPerson, released: Released) -> frozenset[int]:
    """Return the assessment keys of the systems in which the person holds a membership.

    Membership in a region or in the nation makes no system the person's own.
    """
    organisations = {post.organisation_id for post in posts(person)}
    return frozenset(system.assessment_id for system in released.systems.of_organisations(organisations))
