"""Who may do what: the grants of the product's roles table, and how far each reaches."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from surveys.models import Assessment, Membership, Organisation, Person, Release, Round, SystemGroup
from surveys.permissions import (
    GRANTS,
    ROLE_DESCRIPTIONS,
    ROLE_KINDS,
    AnyPerson,
    Permission,
    Role,
    can,
    commenters,
    get_for,
    has_anywhere,
    posts,
    require,
    require_anywhere,
    results_visible_to,
    visible_to,
)
from tests.factories import make_membership, make_round
from tests.signed import set_status, submit
from tests.system_groups import make_group
from tests.world import World

RESPONDENTS = {Role.CONTRIBUTOR, Role.LEAD, Role.APPROVER}
ANALYSTS = {Role.REGIONAL_ANALYST, Role.NATIONAL_ANALYST}


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (Permission.READ_ASSESSMENT, set(Role)),
        (Permission.READ_ALL_ANSWERS, set(Role) - {Role.CONTRIBUTOR}),
        (Permission.ANSWER_ALL, {Role.LEAD}),
        (Permission.ANSWER_ASSIGNED, {Role.CONTRIBUTOR}),
        (Permission.ASSIGN, {Role.LEAD, Role.APPROVER, Role.ADMINISTRATOR}),
        (Permission.SEND_FOR_SIGNOFF, {Role.LEAD}),
        (Permission.SIGN, {Role.APPROVER}),
        (Permission.COMMENT, set(Role)),
        (Permission.MODERATE, ANALYSTS | {Role.ADMINISTRATOR}),
        (Permission.RETURN_SUBMITTED, ANALYSTS | {Role.ADMINISTRATOR}),
        (Permission.SEE_PROGRESS, set(Role)),
        (Permission.FOLLOW, ANALYSTS | {Role.ADMINISTRATOR}),
        (Permission.SEE_RESULTS, set(Role)),
        (Permission.CHALLENGE, {Role.LEAD, Role.APPROVER}),
        (Permission.SEE_ALL_RESULTS, ANALYSTS | {Role.ADMINISTRATOR}),
        (Permission.MANAGE, {Role.ADMINISTRATOR}),
    ],
)
def test_grants_are_those_of_the_roles_table(permission: Permission, roles: set[str]) -> None:
    assert {role for role, granted in GRANTS.items() if permission in granted} == roles


def test_every_role_is_granted_placed_and_described() -> None:
    assert set(GRANTS) == set(ROLE_KINDS) == set(ROLE_DESCRIPTIONS) == set(Role)


def _people(world: World) -> dict[str, AnyPerson]:
    return {
        "contributor": world.contributor,
        "lead": world.lead,
        "approver": world.approver,
        "sister": world.sister_lead,
        "region": world.regional_analyst,
        "other region": world.far_regional_analyst,
        "nation": world.national_analyst,
        "administrator": world.administrator,
        "newcomer": world.newcomer,
        "anonymous": AnonymousUser(),
    }


@pytest.mark.parametrize(
    ("permission", "who"),
    [
        (
            Permission.READ_ASSESSMENT,
            {"contributor", "lead", "approver", "region", "nation", "administrator"},
        ),
        (Permission.ANSWER_ALL, {"lead"}),
        (Permission.ANSWER_ASSIGNED, {"contributor"}),
        (Permission.ASSIGN, {"lead", "approver", "administrator"}),
        (Permission.SIGN, {"approver"}),
        (Permission.RETURN_SUBMITTED, {"region", "nation", "administrator"}),
        (Permission.MANAGE, {"administrator"}),
    ],
)
def test_permissions_reach_one_systems_assessment(
    world: World, permission: Permission, who: set[str]
) -> None:
    assert {
        name for name, person in _people(world).items() if can(person, permission, world.assessment)
    } == who


def test_each_sees_the_assessments_within_reach(world: World) -> None:
    def names(person: AnyPerson) -> set[str]:
        rows = visible_to(person, Permission.READ_ASSESSMENT, Assessment.objects.all())
        return {row.organisation_name for row in rows}

    everything = {"Ambleshire", "Borderland", "Cliffshire"}
    assert {name: names(person) for name, person in _people(world).items()} == {
        "contributor": {"Ambleshire"},
        "lead": {"Ambleshire"},
        "approver": {"Ambleshire"},
        "sister": {"Borderland"},
        "region": {"Ambleshire", "Borderland"},
        "other region": {"Cliffshire"},
        "nation": everything,
        "administrator": everything,
        "newcomer": set(),
        "anonymous": set(),
    }


ORGANISATION = {"contributor", "lead", "approver"}
PROGRAMME = {"region", "nation", "administrator"}


@pytest.mark.parametrize(
    ("submitted", "returned", "who"),
    [
        (False, False, ORGANISATION),
        (True, False, ORGANISATION | PROGRAMME),
        (True, True, ORGANISATION | PROGRAMME),
    ],
)
def test_programme_staff_join_the_conversation_once_the_assessment_was_submitted(
    world: World, submitted: bool, returned: bool, who: set[str]
) -> None:
    if submitted:
        submit(world.assessment, world.approver, {})
    if returned:
        set_status(world.assessment, Assessment.Status.IN_PROGRESS)
    people = _people(world)

    assert {
        name for name, person in people.items() if can(person, Permission.COMMENT, world.assessment)
    } == who
    memberships = commenters(world.assessment.pk, world.own.pk)
    assert {
        name
        for name, person in people.items()
        if person.pk in memberships.values_list("person_id", flat=True)
    } == who


def test_who_has_left_or_is_switched_off_is_no_commenter(world: World) -> None:
    world.contributor.memberships.update(ended_at=timezone.now())
    Person.objects.filter(pk=world.approver.pk).update(is_active=False)

    assert [post.person for post in commenters(world.assessment.pk, world.own.pk)] == [world.lead]


def test_a_submission_opens_one_conversation_alone(world: World) -> None:
    submit(world.sister_assessment, world.sister_approver, {})

    rows = visible_to(world.regional_analyst, Permission.COMMENT, Assessment.objects.all())
    assert list(rows) == [world.sister_assessment]


def test_organisations_and_memberships_within_reach(world: World) -> None:
    regional = world.regional_analyst
    organisations = visible_to(regional, Permission.READ_ASSESSMENT, Organisation.objects.all())
    assert set(organisations) == {world.north, world.own, world.sister}
    memberships = visible_to(world.lead, Permission.ASSIGN, Membership.objects.all())
    assert {m.person for m in memberships} == {world.lead, world.contributor, world.approver}


def test_somebody_may_act_for_several_systems(world: World) -> None:
    make_membership(world.lead, "lead", world.far)
    lead = Person.objects.get(pk=world.lead.pk)
    assert [
        can(lead, Permission.ANSWER_ALL, row)
        for row in (world.assessment, world.sister_assessment, world.far_assessment)
    ] == [True, False, True]


def test_rights_end_with_the_membership_and_with_the_account(world: World) -> None:
    world.lead.memberships.update(ended_at=timezone.now())
    assert not has_anywhere(Person.objects.get(pk=world.lead.pk), Permission.READ_ASSESSMENT)
    world.approver.is_active = False
    assert posts(world.approver) == ()


def test_what_may_not_be_seen_is_not_found(world: World) -> None:
    assessments = Assessment.objects.all()
    found = get_for(world.lead, assessments, world.assessment.pk, Permission.READ_ASSESSMENT)
    assert found == world.assessment
    for pk in (world.sister_assessment.pk, 0):
        with pytest.raises(Http404):
            get_for(world.lead, assessments, pk, Permission.READ_ASSESSMENT)


def test_actions_require_a_permission_of_people_and_not_of_operators(world: World) -> None:
    require(world.lead, Permission.ANSWER_ALL, world.assessment)
    require(None, Permission.ANSWER_ALL, world.assessment)
    require_anywhere(world.administrator, Permission.MANAGE)
    require_anywhere(None, Permission.MANAGE)
    with pytest.raises(Http404):
        require(world.sister_lead, Permission.ANSWER_ALL, world.assessment)
    with pytest.raises(Http404):
        require_anywhere(world.national_analyst, Permission.MANAGE)


def test_a_contributor_of_a_system_without_a_section_answers_nothing(world: World) -> None:
    make_membership(world.newcomer, "contributor", world.own)
    assert not can(world.newcomer, Permission.ANSWER_ASSIGNED, world.assessment)
    assert can(world.newcomer, Permission.READ_ASSESSMENT, world.assessment)


def test_rounds_within_reach(world: World) -> None:
    draft = make_round(world.questionnaire, world.own, title="Next round", status=Round.Status.DRAFT)
    elsewhere = make_round(world.questionnaire, world.far, title="Southern round")

    def rounds(person: AnyPerson, permission: Permission) -> set[Round]:
        return set(visible_to(person, permission, Round.objects.all()))

    assert rounds(world.lead, Permission.SEE_PROGRESS) == {world.round}
    assert rounds(world.far_regional_analyst, Permission.SEE_PROGRESS) == {world.round, elsewhere}
    assert rounds(world.administrator, Permission.MANAGE) == {world.round, elsewhere, draft}
    assert rounds(world.national_analyst, Permission.MANAGE) == set()
    assert rounds(AnonymousUser(), Permission.SEE_PROGRESS) == set()


def _released(world: World, status: str, audience: str = "respondents") -> tuple[Release, Release | None]:
    Round.objects.filter(pk=world.round.pk).update(status=status, audience=audience)
    provisional = Release.objects.create(round=world.round, kind="provisional", number=1)
    if status != Round.Status.PUBLISHED:
        return provisional, None
    return provisional, Release.objects.create(round=world.round, kind="published", number=1)


def test_provisional_results_reach_only_those_concerned(world: World) -> None:
    provisional, _ = _released(world, Round.Status.PROVISIONAL)

    def systems(person: AnyPerson) -> set[str] | None:
        if not visible_to(person, Permission.SEE_RESULTS, Release.objects.all()).exists():
            return None
        return {row.organisation_name for row in results_visible_to(person, provisional)}

    everything = {"Ambleshire", "Borderland", "Cliffshire"}
    assert {name: systems(person) for name, person in _people(world).items()} == {
        "contributor": {"Ambleshire"},
        "lead": {"Ambleshire"},
        "approver": {"Ambleshire"},
        "sister": {"Borderland"},
        "region": everything,
        "other region": everything,
        "nation": everything,
        "administrator": everything,
        "newcomer": None,
        "anonymous": None,
    }


def _reads(world: World, release: Release) -> set[str]:
    return {
        name
        for name, person in _people(world).items()
        if visible_to(person, Permission.SEE_RESULTS, Release.objects.filter(pk=release.pk)).exists()
    }


MEMBERS = {
    "contributor",
    "lead",
    "approver",
    "sister",
    "region",
    "other region",
    "nation",
    "administrator",
}


@pytest.mark.parametrize(
    ("audience", "who"),
    [("respondents", MEMBERS), ("public", MEMBERS | {"newcomer", "anonymous"})],
)
def test_published_results_are_read_by_their_audience(world: World, audience: str, who: set[str]) -> None:
    _, published = _released(world, Round.Status.PUBLISHED, audience)
    assert published is not None
    assert _reads(world, published) == who
    assert results_visible_to(world.sister_lead, published).count() == 3


def test_a_round_taken_back_shows_no_release(world: World) -> None:
    provisional, published = _released(world, Round.Status.PUBLISHED)
    assert published is not None
    Round.objects.filter(pk=world.round.pk).update(status=Round.Status.CLOSED)
    assert _reads(world, provisional) == _reads(world, published) == set()


def test_reach_is_known_only_for_what_has_an_organisation(world: World) -> None:
    with pytest.raises(KeyError):
        visible_to(world.lead, Permission.READ_ASSESSMENT, Person.objects.all())


def test_posts_are_read_once_for_a_person(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = Person.objects.get(pk=world.lead.pk)
    with django_assert_num_queries(1):
        assert [post.role for post in posts(person)] == ["lead"]
        assert [post.role for post in posts(person)] == ["lead"]


def test_a_group_is_for_its_owner_or_everybody_with_a_role_and_changed_by_owner_and_administrators(
    world: World,
) -> None:
    own = make_group(world, world.lead)
    shared = make_group(world, world.lead, name="Shared", shared=True)

    def groups(person: AnyPerson, permission: Permission) -> set[SystemGroup]:
        return set(visible_to(person, permission, SystemGroup.objects.all()))

    assert groups(world.lead, Permission.SEE_RESULTS) == {own, shared}
    assert groups(world.approver, Permission.SEE_RESULTS) == {shared}
    assert groups(world.administrator, Permission.SEE_RESULTS) == {own, shared}
    assert groups(world.newcomer, Permission.SEE_RESULTS) == set()
    assert groups(AnonymousUser(), Permission.SEE_RESULTS) == set()
    assert groups(world.lead, Permission.MANAGE) == {own, shared}
    assert groups(world.national_analyst, Permission.MANAGE) == set()
    assert groups(world.administrator, Permission.MANAGE) == {own, shared}
