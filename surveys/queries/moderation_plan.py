"""The plan of a round's moderation, and who reviews a system, for the pages that change them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from surveys.models import (
    Assessment,
    Membership,
    ModerationPlan,
    Organisation,
    Person,
    ReviewAssignment,
    Round,
)
from surveys.permissions import AnyPerson, Permission, get_for, roles_with
from surveys.queries.deadlines import moment_in_words
from surveys.queries.results.selection import Choice


@dataclass(frozen=True)
class PlanPage:
    """The plan as it stands, and who could lead. `changed_at` None: there is none yet.

    `closed` says why it cannot be changed any more; it is empty when it can. `closes_in_words` is empty once
    the round has closed.
    """

    round_id: int
    round_title: str
    synthetic: bool
    closes_in_words: str
    lead_reviewer_id: int | None
    answers_until: datetime.datetime | None
    changed_at: datetime.datetime | None
    changed_by: str
    people: tuple[Choice, ...]
    closed: str

    @property
    def changed_in_words(self) -> str:
        """When it was last changed; empty when there is none yet."""
        return moment_in_words(self.changed_at) if self.changed_at else ""


@dataclass(frozen=True)
class ReviewLine:
    """Somebody who reviews the system, or did. `ended_at` is empty while they do."""

    id: int
    name: str
    assigned_by: str
    assigned_at: str
    ended_by: str
    ended_at: str


@dataclass(frozen=True)
class ReviewersPage:
    """Who reviews one system by assignment: those who do first, then those who did."""

    assessment_id: int
    organisation_name: str
    round_id: int
    round_title: str
    synthetic: bool
    current: tuple[ReviewLine, ...]
    ended: tuple[ReviewLine, ...]


def plan_page(person: AnyPerson, round_id: int) -> PlanPage:
    """Return the plan of a round, in three queries.

    Raises Http404 when there is no such round or the person does not manage rounds.
    """
    survey_round = get_for(person, Round.objects.all(), round_id, Permission.MANAGE)
    plan = ModerationPlan.objects.filter(round=survey_round).select_related("changed_by").first()
    return PlanPage(
        round_id=survey_round.pk,
        round_title=survey_round.title,
        synthetic=survey_round.synthetic,
        closes_in_words=moment_in_words(survey_round.closes_at)
        if survey_round.status in {Round.Status.DRAFT, Round.Status.OPEN}
        else "",
        lead_reviewer_id=plan.lead_reviewer_id if plan else None,
        answers_until=plan.answers_until if plan else None,
        changed_at=plan.changed_at if plan else None,
        changed_by=plan.changed_by.name if plan else "",
        people=tuple(Choice(str(each.pk), each.name) for each in possible_leads()),
        closed="The results are published, so nothing is moderated any more."
        if survey_round.status == Round.Status.PUBLISHED
        else "",
    )


def possible_leads() -> QuerySet[Person]:
    """Return who may moderate every system, by name: `leads_moderation` the other way round."""
    national = Membership.objects.current().filter(
        role__in=roles_with(Permission.MODERATE), organisation__kind=Organisation.Kind.NATIONAL
    )
    people = Person.objects.filter(pk__in=national.values("person_id"), is_active=True)
    return people.order_by("name", "pk")


def reviewers_page(person: AnyPerson, assessment_id: int) -> ReviewersPage:
    """Return who reviews one system, in three queries.

    Raises Http404 when there is no such assessment or the person does not manage rounds.
    """
    rows = Assessment.objects.select_related("round")
    assessment = get_for(person, rows, assessment_id, Permission.MANAGE)
    lines = [
        (review.ended_at is None, _line(review))
        for review in ReviewAssignment.objects.filter(assessment=assessment)
        .select_related("reviewer", "assigned_by", "ended_by")
        .order_by("reviewer__name", "assigned_at")
    ]
    return ReviewersPage(
        assessment_id=assessment.pk,
        organisation_name=assessment.organisation_name,
        round_id=assessment.round_id,
        round_title=assessment.round.title,
        synthetic=assessment.round.synthetic,
        current=tuple(line for current, line in lines if current),
        ended=tuple(line for current, line in lines if not current),
    )


def _line(review: ReviewAssignment) -> ReviewLine:
    return ReviewLine(
        id=review.pk,
        name=review.reviewer.name,
        assigned_by=review.assigned_by.name,
        assigned_at=moment_in_words(review.assigned_at),
        ended_by=review.ended_by.name if review.ended_by else "",
        ended_at=moment_in_words(review.ended_at) if review.ended_at else "",
    )
