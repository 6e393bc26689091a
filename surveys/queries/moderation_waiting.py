"""What of moderation waits for a person: answers of their system, decisions, and reviews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils import timezone

from surveys.models import Assessment, Moderation, Person, ReviewAssignment
from surveys.models.moderation import MODERATED_STAGES, OPEN_STATES, ModerationQuerySet
from surveys.permissions import Permission, granted, has_anywhere, leads_moderation, posts, visible_to
from surveys.queries.moderation_plan import possible_leads

State = Moderation.State

ANSWER, DECIDE, REVIEW = "answer", "decide", "review"


@dataclass(frozen=True)
class ToAnswer:
    """Proposed levels of one system that wait for its answer; `levels` is how many."""

    assessment_id: int
    name: str
    round_title: str
    levels: int


@dataclass(frozen=True)
class ToDecide:
    """Proposed levels of one round that wait for the decision of its lead reviewer."""

    round_id: int
    round_title: str
    levels: int


@dataclass(frozen=True)
class ToReview:
    """A system that somebody was asked to review."""

    assessment_id: int
    name: str
    round_title: str


@dataclass(frozen=True)
class ModerationWaiting:
    """What waits for one person. `synthetic`: some of it is made up."""

    answers: tuple[ToAnswer, ...] = ()
    decisions: tuple[ToDecide, ...] = ()
    reviews: tuple[ToReview, ...] = ()
    synthetic: bool = False

    def __bool__(self) -> bool:
        return bool(self.answers or self.decisions or self.reviews)


def moderation_waiting(person: Person) -> ModerationWaiting:
    """Return what of moderation waits for a person, in one query; in none for who has no role."""
    if not posts(person):
        return ModerationWaiting()
    rows = list(_answers(person).union(_decisions(person), _reviews(person), all=True))
    rows.sort(key=lambda row: (row[3], row[2]))
    return ModerationWaiting(
        answers=tuple(
            ToAnswer(key, name, title, levels) for kind, key, name, title, _, levels in rows if kind == ANSWER
        ),
        decisions=tuple(
            ToDecide(key, title, levels) for kind, key, _, title, _, levels in rows if kind == DECIDE
        ),
        reviews=tuple(ToReview(key, name, title) for kind, key, name, title, _, _ in rows if kind == REVIEW),
        synthetic=any(synthetic for _, _, _, _, synthetic, _ in rows),
    )


def _open() -> ModerationQuerySet:
    return Moderation.objects.standing(*OPEN_STATES).filter(
        submission__assessment__round__status__in=MODERATED_STAGES,
        submission__assessment__withdrawn_at=None,
    )


def _answers(person: Person) -> QuerySet[Any, Any]:
    """Return the systems for which the person can answer, with how many proposals wait for that."""
    answering = [*granted(person, Permission.SEND_FOR_SIGNOFF), *granted(person, Permission.SIGN)]
    rows = _open().filter(
        Q(state=State.WAITING),
        submission__assessment__organisation__in={post.organisation_id for post in answering},
        submission__assessment__round__moderation_plan__answers_until__gt=timezone.now(),
    )
    return _numbered(
        rows, ANSWER, "submission__assessment_id", F("submission__assessment__organisation_name")
    )


def _decisions(person: Person) -> QuerySet[Any, Any]:
    """Return the rounds with proposals that wait for the person's decision, with how many.

    They wait for the lead reviewer of the round, and for administrators where the lead reviewer proposed them
    or leads moderation no more.
    """
    plan = "submission__assessment__round__moderation_plan"
    over = Q(**{f"{plan}__answers_until__lte": timezone.now()})
    theirs = Q(**{f"{plan}__lead_reviewer": person}) if leads_moderation(person) else Q(pk__in=[])
    if has_anywhere(person, Permission.MANAGE):
        led = Q(**{f"{plan}__lead_reviewer__in": possible_leads().order_by().values("pk")})
        theirs |= Q(proposed_by=F(f"{plan}__lead_reviewer")) | ~led
    rows = _open().filter(Q(state=State.CHALLENGED) | over, theirs).exclude(proposed_by=person)
    return _numbered(rows, DECIDE, "submission__assessment__round_id", Value(""))


def _numbered(rows: ModerationQuerySet, kind: str, key: str, name: Combinable) -> QuerySet[Any, Any]:
    about = ("submission__assessment__round__title", "submission__assessment__round__synthetic")
    named = rows.order_by().annotate(kind=Value(kind), name=name)
    counted: QuerySet[Any, Any] = named.values("kind", key, "name", *about).annotate(levels=Count("pk"))
    return counted.values_list("kind", key, "name", *about, "levels")


def _reviews(person: Person) -> QuerySet[Any, Any]:
    asked = ReviewAssignment.objects.filter(reviewer=person, ended_at=None)
    rows = Assessment.objects.taking_part().filter(
        pk__in=asked.values("assessment_id"),
        status=Assessment.Status.SUBMITTED,
        round__status__in=MODERATED_STAGES,
        round__moderation_plan__answers_until__gt=timezone.now(),
    )
    within = visible_to(person, Permission.REVIEW, rows).order_by()
    return within.annotate(kind=Value(REVIEW), levels=Value(0)).values_list(
        "kind", "pk", "organisation_name", "round__title", "round__synthetic", "levels"
    )
