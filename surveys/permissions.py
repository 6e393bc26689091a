"""Who may do what, and to which organisations. The only place that decides.

A membership gives a role in one organisation and covers the organisations below it. What a person may not see
does not exist for them: `get_for` answers 404, never 403.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from surveys.models import (
    Affiliation,
    Assessment,
    Membership,
    Organisation,
    Person,
    Release,
    ReviewAssignment,
    Round,
    SectionAssignment,
    Submission,
    Succession,
    SystemGroup,
)

Role = Membership.Role
AnyPerson = Person | AnonymousUser
Row = TypeVar("Row", bound=Model)


class Permission(StrEnum):
    """Something that a person may or may not do."""

    READ_ASSESSMENT = "read an organisation's assessment"
    READ_ALL_ANSWERS = "read every answer of an assessment while it is filled in"
    ANSWER_ALL = "answer every question of an assessment"
    ANSWER_ASSIGNED = "answer the sections and questions assigned to them"
    ASSIGN = "assign sections and invite colleagues"
    SEND_FOR_SIGNOFF = "send an assessment for sign-off"
    SIGN = "sign and submit an assessment, or return it to the lead"
    COMMENT = "comment on a question"
    MODERATE = "propose another level for a submitted answer"
    REVIEW = "read a signed copy and propose another level for its answers, by post or by assignment"
    RETURN_SUBMITTED = "return a submitted assessment to the organisation"
    SEE_PROGRESS = "see the progress of a round"
    FOLLOW = "follow the systems of a round in its control room"
    SEE_RESULTS = "see the results of their organisations before they are published"
    CHALLENGE = "challenge the provisional results of their organisations"
    SEE_ALL_RESULTS = "see the results of every system before they are published"
    MANAGE = "manage rounds, questionnaires, organisations and people"


_RESPONDENT = frozenset(
    {
        Permission.READ_ASSESSMENT,
        Permission.COMMENT,
        Permission.SEE_PROGRESS,
        Permission.SEE_RESULTS,
    }
)
_ANALYST = _RESPONDENT | {
    Permission.READ_ALL_ANSWERS,
    Permission.SEE_ALL_RESULTS,
    Permission.MODERATE,
    Permission.RETURN_SUBMITTED,
    Permission.FOLLOW,
}

GRANTS: Final[Mapping[str, frozenset[Permission]]] = MappingProxyType(
    {
        Role.CONTRIBUTOR: _RESPONDENT | {Permission.ANSWER_ASSIGNED},
        Role.LEAD: _RESPONDENT
        | {
            Permission.READ_ALL_ANSWERS,
            Permission.ANSWER_ALL,
            Permission.ASSIGN,
            Permission.SEND_FOR_SIGNOFF,
            Permission.CHALLENGE,
        },
        Role.APPROVER: _RESPONDENT
        | {Permission.READ_ALL_ANSWERS, Permission.ASSIGN, Permission.SIGN, Permission.CHALLENGE},
        Role.REGIONAL_ANALYST: _ANALYST,
        Role.NATIONAL_ANALYST: _ANALYST,
        Role.ADMINISTRATOR: _ANALYST | {Permission.ASSIGN, Permission.MANAGE},
    }
)
"""What each role may do, within the organisations that the membership covers."""


def roles_with(*permissions: Permission) -> tuple[str, ...]:
    """Return the roles that carry at least one of these permissions."""
    return tuple(role for role, held in GRANTS.items() if held.intersection(permissions))


ANSWERING_ROLES: Final = roles_with(Permission.ANSWER_ALL, Permission.ANSWER_ASSIGNED)
"""The roles whose holders can be handed sections and questions of their organisation's assessments."""

RESPONDENT_ROLES: Final = frozenset(GRANTS).difference(roles_with(Permission.MODERATE))
"""The roles of those who work on their own organisation's assessments. The other roles are those of programme
staff, who look at them from outside.
"""

ROLE_KINDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        Role.CONTRIBUTOR: frozenset({Organisation.Kind.ICS}),
        Role.LEAD: frozenset({Organisation.Kind.ICS}),
        Role.APPROVER: frozenset({Organisation.Kind.ICS}),
        Role.REGIONAL_ANALYST: frozenset({Organisation.Kind.REGION}),
        Role.NATIONAL_ANALYST: frozenset({Organisation.Kind.NATIONAL}),
        Role.ADMINISTRATOR: frozenset({Organisation.Kind.NATIONAL}),
    }
)
"""In which kinds of organisation a role can be held."""

ROLE_DESCRIPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Role.CONTRIBUTOR: "Answers the sections and questions that the data lead hands to them.",
        Role.LEAD: "Coordinates the return: answers, hands out sections and sends it for sign-off.",
        Role.APPROVER: "The senior officer who signs the declaration or returns the assessment to the lead.",
        Role.REGIONAL_ANALYST: "Follows and compares the systems of one region.",
        Role.NATIONAL_ANALYST: "Follows and compares every system.",
        Role.ADMINISTRATOR: "Runs the rounds and looks after questionnaires, organisations and people.",
    }
)


@dataclass(frozen=True)
class Post:
    """A current membership, reduced to what decisions need. A national one covers everything.

    `covered` are the keys of the organisations that it covers today: its own and those below. `inherited`
    are those of the organisations that became its own, by mergers and splits.
    """

    role: str
    organisation_id: int
    national: bool
    covered: frozenset[int]
    inherited: frozenset[int]

    def covers(self, organisation_id: int) -> bool:
        """Return whether the membership covers an organisation."""
        return self.national or organisation_id in self.covered


# One statement of our own, because every request makes it, and one that Django puts together anew each time
# would cost more than all that it asks for.
_POSTS = """
SELECT held.role, held.organisation_id, organisation.kind = %(national)s, ARRAY(
    WITH RECURSIVE covered (organisation_id) AS (
        SELECT held.organisation_id
        UNION
        SELECT below.organisation_id
        FROM covered JOIN surveys_affiliation AS below ON below.parent_id = covered.organisation_id
        WHERE below.period @> %(today)s::date
    )
    SELECT organisation_id FROM covered
), ARRAY(
    WITH RECURSIVE inherited (organisation_id) AS (
        SELECT held.organisation_id
        UNION
        SELECT step.predecessor_id
        FROM inherited JOIN surveys_succession AS step ON step.successor_id = inherited.organisation_id
        WHERE step.kind <> %(moved_boundary)s AND step.effective_on <= %(today)s::date
    )
    SELECT organisation_id FROM inherited WHERE organisation_id <> held.organisation_id
)
FROM surveys_membership AS held
JOIN surveys_organisation AS organisation ON organisation.id = held.organisation_id
WHERE held.person_id = %(person)s AND held.ended_at IS NULL
ORDER BY held.id
"""


def posts(person: AnyPerson) -> tuple[Post, ...]:
    """Return the current memberships of a person; none for somebody who has not signed in or is inactive.

    They are read once for each person object, that is once a request.
    """
    if not isinstance(person, Person) or not person.is_active:
        return ()
    if person.remembered_posts is None:
        parameters: dict[str, Any] = {
            "person": person.pk,
            "today": timezone.localdate(),
            "national": Organisation.Kind.NATIONAL.value,
            "moved_boundary": Succession.Kind.BOUNDARY_TRANSFER.value,
        }
        with connection.cursor() as cursor:
            cursor.execute(_POSTS, parameters)
            person.remembered_posts = tuple(
                Post(role, organisation_id, national, frozenset(covered), frozenset(inherited))
                for role, organisation_id, national, covered, inherited in cursor.fetchall()
            )
    return person.remembered_posts


def granted(person: AnyPerson, permission: Permission) -> tuple[Post, ...]:
    """Return the posts of a person that carry a permission."""
    return tuple(post for post in posts(person) if permission in GRANTS[post.role])


def held_in(person: AnyPerson, organisation_id: int) -> frozenset[Permission]:
    """Return the permissions that a person holds for an organisation, without asking for each of them."""
    covering = (post for post in posts(person) if post.covers(organisation_id))
    return frozenset[Permission]().union(*(GRANTS[post.role] for post in covering))


def has_anywhere(person: AnyPerson, permission: Permission) -> bool:
    """Return whether a person holds a permission for any organisation at all."""
    return bool(granted(person, permission))


def _themselves(person: AnyPerson) -> list[int]:
    return [] if person.pk is None else [person.pk]


@dataclass(frozen=True)
class Reach:
    """For which organisations somebody holds a permission: for every one, or for those with these keys.

    `once_submitted` are those whose assessments they may read as long as they are submitted.
    """

    everywhere: bool
    organisations: tuple[int, ...]
    once_submitted: tuple[int, ...] = ()


def reach(person: AnyPerson, permission: Permission) -> Reach:
    """Return for which organisations a person holds a permission: `visible_to` for statements of our own."""
    found = _reach_of(granted(person, permission))
    if permission is Permission.READ_ASSESSMENT and not found.everywhere:
        return replace(found, once_submitted=inherited_by(person))
    return found


def _reach_of(carrying: Collection[Post]) -> Reach:
    if any(post.national for post in carrying):
        return Reach(everywhere=True, organisations=())
    covered = frozenset[int]().union(*(post.covered for post in carrying))
    return Reach(everywhere=False, organisations=tuple(sorted(covered)))


def inherited_by(person: AnyPerson) -> tuple[int, ...]:
    """Return the keys of the organisations that became, by mergers and splits, those of a person's posts."""
    carrying = granted(person, Permission.READ_ASSESSMENT)
    return tuple(sorted(frozenset[int]().union(*(post.inherited for post in carrying))))


def _within(reached: Reach, path: str) -> Q:
    """Return the condition on the organisation at `path` that it is within reach."""
    if reached.everywhere:
        return Q()
    return Q(**{f"{path}__pk__in" if path else "pk__in": reached.organisations})


_ORGANISATION_PATHS: Final[Mapping[type[Model], str]] = MappingProxyType(
    {
        Organisation: "",
        Assessment: "organisation",
        Submission: "assessment__organisation",
        SectionAssignment: "assessment__organisation",
        Membership: "organisation",
    }
)


def visible_to(person: AnyPerson, permission: Permission, queryset: QuerySet[Row]) -> QuerySet[Row]:
    """Return the rows of `queryset` for which the person holds the permission.

    A round is within reach when a participant is; a draft round only for those who manage rounds. A release
    is within reach by its audience. `READ_ASSESSMENT` also keeps the submitted assessments of organisations
    that became the person's own. `ANSWER_ASSIGNED` keeps the assessments with something assigned to the
    person, `COMMENT` those whose conversation the person may read and join. A group of systems is there for
    `SEE_RESULTS`, and for its owner and administrators to `MANAGE`.
    Raises KeyError for a model that has no organisation.
    """
    model = queryset.model
    if permission is Permission.COMMENT and model is Assessment:
        return queryset.filter(_conversations(person))
    if permission is Permission.REVIEW and model is Assessment:
        return queryset.filter(_reviews(person))
    if model is Round:
        return queryset.filter(_rounds(person, permission)).distinct()
    if model is Release:
        return queryset.filter(_releases(person))
    if model is SystemGroup:
        return queryset.filter(_groups(person, permission))
    reached = reach(person, permission)
    within = _within(reached, _ORGANISATION_PATHS[model])
    if model is Assessment and reached.once_submitted:
        within |= Q(organisation__in=reached.once_submitted, status=Assessment.Status.SUBMITTED)
    found = queryset.filter(within)
    if permission is Permission.ANSWER_ASSIGNED and model is Assessment:
        mine = SectionAssignment.objects.filter(person__in=_themselves(person)).values("assessment_id")
        return found.filter(pk__in=mine)
    return found


def _conversations(person: AnyPerson) -> Q:
    """Return the condition under which a person may comment on an assessment.

    It is their own organisation's; for programme staff, one within reach that has been submitted. A return
    does not shut them out again.
    """
    joining = granted(person, Permission.COMMENT)
    colleagues = [post for post in joining if post.role in RESPONDENT_ROLES]
    programme = [post for post in joining if post.role not in RESPONDENT_ROLES]
    submitted = Q(pk__in=Submission.objects.values("assessment_id"))
    own = _within(_reach_of(colleagues), "organisation")
    return own | (_within(_reach_of(programme), "organisation") & submitted)


def _reviews(person: AnyPerson) -> Q:
    """Return the condition under which a person may review an assessment.

    Who works for an organisation, or for what it became, does not review it, whatever else they are; who has
    no role any more reviews nothing, although they were asked to. What is asked of an analyst ends with their
    region: only people of other systems review by assignment alone.
    """
    held = posts(person)
    if not held:
        return Q(pk__in=[])
    own = [post for post in held if post.role in RESPONDENT_ROLES]
    before = frozenset[int]().union(*(post.inherited for post in own))
    theirs = _within(_reach_of(own), "organisation") | Q(organisation__in=before)
    may = _within(_reach_of(granted(person, Permission.MODERATE)), "organisation")
    if may == Q():
        return ~theirs
    if own:
        asked = ReviewAssignment.objects.filter(reviewer__in=_themselves(person), ended_at=None)
        may |= Q(pk__in=asked.values("assessment_id"))
    return may & ~theirs


def leads_moderation(person: AnyPerson) -> bool:
    """Return whether a person may be the lead reviewer of a round: they may moderate every system of it."""
    return _reach_of(granted(person, Permission.MODERATE)).everywhere


def may_comment(person: AnyPerson, organisation_id: int, *, submitted: bool) -> bool:
    """Return whether a person may comment on an assessment of this organisation.

    `submitted`: it has been submitted, at least once.
    """
    joining = granted(person, Permission.COMMENT)
    return any(
        post.covers(organisation_id) and (submitted or post.role in RESPONDENT_ROLES) for post in joining
    )


def commenters(assessment_id: int, organisation_id: int) -> QuerySet[Membership]:
    """Return the current memberships by which somebody may comment on an assessment of this organisation.

    That is `COMMENT` the other way round: for whom, instead of on what.
    """
    today = timezone.localdate()
    around = Q(organisation_id=organisation_id) | Q(organisation__kind=Organisation.Kind.NATIONAL)
    above: QuerySet[Affiliation] = Affiliation.objects.filter(
        organisation_id=organisation_id, period__contains=today
    )
    for _ in range(len(Organisation.Kind) - 1):
        parents = above.values("parent_id")
        around |= Q(organisation_id__in=parents)
        above = Affiliation.objects.filter(organisation_id__in=parents, period__contains=today)
    joining = frozenset(roles_with(Permission.COMMENT))
    submitted = Exists(Submission.objects.filter(assessment_id=assessment_id))
    may = Q(role__in=joining & RESPONDENT_ROLES) | Q(submitted, role__in=joining - RESPONDENT_ROLES)
    return Membership.objects.current().filter(around, may, person__is_active=True)


def _rounds(person: AnyPerson, permission: Permission) -> Q:
    if has_anywhere(person, Permission.MANAGE):
        return Q()
    if permission is Permission.MANAGE or not has_anywhere(person, permission):
        return Q(pk__in=[])
    within = visible_to(person, permission, Assessment.objects.all())
    return Q(pk__in=within.values("round_id")) & ~Q(status=Round.Status.DRAFT)


def _releases(person: AnyPerson) -> Q:
    """Return which releases a person may read: those of their audience that are not withdrawn."""
    return _audience(person) & Q(withdrawal=None)


def withdrawn_releases(person: AnyPerson) -> QuerySet[Release]:
    """Return the releases that a person may no longer read, because they are withdrawn."""
    return Release.objects.filter(_audience(person), withdrawal__isnull=False)


def _audience(person: AnyPerson) -> Q:
    """Return which releases are for a person: published ones by audience, provisional ones within reach."""
    published = Q(kind=Release.Kind.PUBLISHED, round__status=Round.Status.PUBLISHED)
    if not posts(person):
        return published & Q(round__audience=Round.Audience.PUBLIC)
    provisional = Q(
        kind=Release.Kind.PROVISIONAL,
        round__status__in=[Round.Status.PROVISIONAL, Round.Status.PUBLISHED],
    )
    if has_anywhere(person, Permission.SEE_ALL_RESULTS):
        return published | provisional
    counted = Assessment.objects.filter(round_id=OuterRef("round_id")).counted_in(OuterRef("pk"))
    own = Q(Exists(visible_to(person, Permission.SEE_RESULTS, counted)))
    return published | (provisional & own)


def _groups(person: AnyPerson, permission: Permission) -> Q:
    """Return which groups of systems a person may use (`SEE_RESULTS`), or change and delete (`MANAGE`)."""
    if has_anywhere(person, Permission.MANAGE):
        return Q()
    if not has_anywhere(person, Permission.SEE_RESULTS):
        return Q(pk__in=[])
    own = Q(owner__in=_themselves(person))
    return own if permission is Permission.MANAGE else own | Q(shared=True)


def sees_every_result(person: AnyPerson, release: Release) -> bool:
    """Return whether somebody who may read a release may read every system's results in it.

    That is everybody once it is published, and national and regional staff before.
    """
    return release.kind == Release.Kind.PUBLISHED or has_anywhere(person, Permission.SEE_ALL_RESULTS)


def results_visible_to(person: AnyPerson, release: Release) -> QuerySet[Assessment]:
    """Return the assessments whose results in `release` a person may read, of those that it counts.

    All of them once published to an audience that the person belongs to; before that, all for national and
    regional staff, and for the others those within reach.
    """
    assessments = Assessment.objects.filter(round_id=release.round_id).counted_in(release)
    if sees_every_result(person, release):
        return assessments
    return visible_to(person, Permission.SEE_RESULTS, assessments)


def can(person: AnyPerson, permission: Permission, thing: Model) -> bool:
    """Return whether the person holds the permission for this row."""
    return visible_to(person, permission, type(thing)._default_manager.filter(pk=thing.pk)).exists()


def get_for(person: AnyPerson, queryset: QuerySet[Row], pk: int, permission: Permission) -> Row:
    """Fetch and authorise in one query.

    Raises Http404 both when there is no such row and when the person may not see it.
    """
    row = visible_to(person, permission, queryset).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def require(person: AnyPerson | None, permission: Permission, thing: Model) -> None:
    """Raise Http404 unless the person holds the permission for this row.

    None stands for a command that an operator runs on the server, and may do everything.
    """
    if person is not None and not can(person, permission, thing):
        raise Http404


def require_anywhere(person: AnyPerson | None, permission: Permission) -> None:
    """Raise Http404 unless the person holds the permission for some organisation; None as in `require`."""
    if person is not None and not has_anywhere(person, permission):
        raise Http404
