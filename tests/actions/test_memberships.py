"""What goes with a membership: two pairs of eyes, work handed back, an end with the organisation."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from surveys.actions.assessments import return_assessment
from surveys.actions.memberships import end_with_their_organisations
from surveys.actions.people import add_membership, create_person, deactivate, end_membership
from surveys.actions.refusals import Refused
from surveys.models import Answer, Event, Membership, Organisation, Person, SectionAssignment, Succession
from surveys.permissions import Permission, can
from surveys.questionnaires.responses import Response
from surveys.tasks import end_memberships
from tests.factories import assign_section, make_answer, make_membership, make_person, make_system
from tests.pages import as_, text_of
from tests.refusals import refusal
from tests.signed import OWN, submit
from tests.together import together
from tests.world import World, build_world

ALONE = (
    "{} would be the only ICS data lead and an approver of the same system, and so sign what they prepared "
    "alone. Make somebody else a data lead first."
)


def again(person: Person) -> Person:
    """The person as the next request reads them."""
    return Person.objects.get(pk=person.pk)


def ending(world: World, person: Person, role: str) -> dict[str, object]:
    """The arguments that end a person's role in the own system."""
    membership = person.memberships.current().get(role=role, organisation=world.own)
    return {
        "by": world.administrator,
        "person_id": person.pk,
        "membership_id": membership.pk,
        "reason": "Moved on",
    }


class TestTwoPairsOfEyes:
    def test_the_only_lead_does_not_become_an_approver(self, world: World) -> None:
        given = {"by": world.administrator, "role": "approver", "organisation_id": world.own.pk}
        assert refusal(add_membership, person_id=world.lead.pk, **given) == ALONE.format("Lena Lead")
        make_person("Olu Other", role="lead", organisation=world.own)
        add_membership(person_id=world.lead.pk, **given)
        assert world.lead.memberships.current().count() == 2

    def test_an_approver_does_not_become_the_only_lead(self, world: World) -> None:
        end_membership(**ending(world, world.lead, "lead"))
        given = {"by": world.administrator, "role": "lead", "organisation_id": world.own.pk}
        assert refusal(add_membership, person_id=world.approver.pk, **given) == ALONE.format("April Approver")
        assert world.approver.memberships.count() == 1

    def test_the_other_lead_does_not_leave_an_approver_alone(self, world: World) -> None:
        make_membership(world.approver, "lead", world.own)
        assert refusal(end_membership, **ending(world, world.lead, "lead")) == ALONE.format("April Approver")
        assert world.lead.memberships.current().count() == 1

    def test_elsewhere_and_somebody_elses_roles_do_not_count(self, world: World) -> None:
        add_membership(
            by=world.administrator, person_id=world.lead.pk, role="approver", organisation_id=world.sister.pk
        )
        assert world.lead.memberships.current().count() == 2

    def test_a_lead_who_is_switched_off_is_no_second_one(self, world: World) -> None:
        other = make_person("Olu Other", role="lead", organisation=world.own)
        deactivate(by=world.administrator, person_id=other.pk, reason="On leave")
        given = {"by": world.administrator, "role": "approver", "organisation_id": world.own.pk}
        assert refusal(add_membership, person_id=world.lead.pk, **given) == ALONE.format("Lena Lead")


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_at_once_the_second_is_refused() -> None:
    world = build_world()
    other = make_person("Olu Other", role="lead", organisation=world.own)

    results = together(
        lambda: end_membership(**ending(world, other, "lead")),
        lambda: add_membership(
            by=world.administrator, person_id=world.lead.pk, role="approver", organisation_id=world.own.pk
        ),
    )

    assert [str(result) for result in results if isinstance(result, Refused)] == [ALONE.format("Lena Lead")]


class TestHandingBack:
    def test_what_was_held_is_handed_back_and_answers_keep_their_names(self, world: World) -> None:
        make_membership(world.contributor, "contributor", world.sister)
        assign_section(world.sister_assessment, "skills", world.contributor, by=world.sister_lead)
        make_answer(world.assessment, "linked_data", world.contributor, Response(level=3))

        end_membership(**ending(world, world.contributor, "contributor"))

        assert [row.assessment for row in SectionAssignment.objects.all()] == [world.sister_assessment]
        assert Answer.objects.get().answered_by == world.contributor
        assert Event.objects.get(verb="membership.ended").detail["handed_back"] == 1

    def test_whoever_still_answers_in_another_role_keeps_it(self, world: World) -> None:
        make_membership(world.contributor, "lead", world.own)
        end_membership(**ending(world, world.contributor, "contributor"))
        assert SectionAssignment.objects.filter(person=world.contributor).count() == 1
        assert "handed_back" not in Event.objects.get(verb="membership.ended").detail


def close(system: Organisation, days: int) -> None:
    """Make `days` from today the last day of a system."""
    system.closed_on = timezone.localdate() + datetime.timedelta(days=days)
    system.save()


class TestTheEndOfAnOrganisation:
    def test_memberships_end_the_day_after_its_last_and_once(self, world: World) -> None:
        close(world.own, 0)
        assert end_with_their_organisations() == 0
        close(world.own, -1)
        assert (end_with_their_organisations(), end_with_their_organisations()) == (3, 0)
        assert list(Membership.objects.current().filter(organisation=world.own)) == []
        assert SectionAssignment.objects.count() == 0
        events = Event.objects.filter(verb="membership.ended").order_by("pk")
        day = timezone.localdate() - datetime.timedelta(days=1)
        assert [(event.person_id, event.reason) for event in events] == [
            (None, f"Ambleshire ended on {day.day} {day:%B %Y}.")
        ] * 3
        assert not can(again(world.lead), Permission.READ_ASSESSMENT, world.assessment)
        assert can(again(world.sister_lead), Permission.READ_ASSESSMENT, world.sister_assessment)

    def test_the_worker_does_it_every_night(self, world: World) -> None:
        close(world.far, -1)
        end_memberships(0)
        assert Membership.objects.current().filter(organisation=world.far).count() == 0

    def test_administrators_stay(self, world: World) -> None:
        close(world.nation, -1)
        end_with_their_organisations()
        current = Membership.objects.current().filter(organisation=world.nation)
        assert [row.role for row in current] == ["administrator"]

    def test_nobody_joins_what_has_ended(self, world: World) -> None:
        close(world.own, -1)
        assert refusal(
            create_person,
            by=world.administrator,
            email="nora@survey.example",
            name="Nora New",
            job_title="",
            role="lead",
            organisation_id=world.own.pk,
            site="",
        ) == ("Choose an organisation that exists today.")


def succeed(world: World, kind: str, days: int = 0) -> Organisation:
    """A system that own became by this kind of step, `days` from today."""
    day = timezone.localdate() + datetime.timedelta(days=days)
    later = make_system(world.north, "Amble and Border")
    Succession.objects.create(
        predecessor=world.own, successor=later, effective_on=day, kind=kind, extent="part"
    )
    return later


class TestSuccessors:
    @pytest.mark.parametrize("role", ["lead", "contributor", "approver"])
    @pytest.mark.parametrize("kind", ["merger", "split"])
    def test_their_staff_read_what_the_predecessors_submitted(
        self, client: Client, world: World, role: str, kind: str
    ) -> None:
        reader = make_person("Sue Successor", role=role, organisation=succeed(world, kind))
        path = f"/assessments/{world.assessment.pk}/"
        as_(client, reader)
        assert client.get(path).status_code == 404
        submit(world.assessment, world.approver, OWN)
        home = text_of(client.get("/"))
        assert "Earlier rounds Ambleshire, Spring round : submitted" in home
        paths = [path, f"{path}sections/data_platform/", f"{path}submissions/1/", f"{path}submissions/1.json"]
        assert [client.get(each).status_code for each in paths] == [200] * 4

    def test_they_read_and_nothing_more(self, client: Client, world: World) -> None:
        reader = make_person("Sue Successor", role="lead", organisation=succeed(world, "merger"))
        submit(world.assessment, world.approver, OWN)
        assert [
            permission
            for permission in Permission
            if permission is not Permission.SEE_PROGRESS and can(reader, permission, world.assessment)
        ] == [Permission.READ_ASSESSMENT]
        as_(client, reader)
        path = f"/assessments/{world.assessment.pk}/"
        closed = [f"{path}people/", f"{path}questions/linked_data/", f"{path}history.csv", f"{path}sign-off/"]
        assert [client.get(each).status_code for each in closed] == [404] * 4
        assert client.post(f"{path}sections/data_platform/", {}).status_code == 404

    def test_what_was_returned_is_no_longer_theirs_to_read(self, world: World) -> None:
        reader = make_person("Sue Successor", role="lead", organisation=succeed(world, "merger"))
        submit(world.assessment, world.approver, OWN)
        return_assessment(by=world.administrator, assessment_id=world.assessment.pk, reason="Look again")
        assert not can(reader, Permission.READ_ASSESSMENT, world.assessment)

    def test_a_moved_boundary_and_a_merger_to_come_open_nothing(self, world: World) -> None:
        submit(world.assessment, world.approver, OWN)
        moved = make_person("Mo Moved", role="lead", organisation=succeed(world, "boundary_transfer"))
        to_come = make_person("To Come", role="lead", organisation=succeed(world, "merger", days=1))
        assert [can(each, Permission.READ_ASSESSMENT, world.assessment) for each in (moved, to_come)] == [
            False,
            False,
        ]

    def test_over_two_steps_and_never_sideways(self, world: World) -> None:
        middle = succeed(world, "merger")
        latest = make_system(world.south, "Everything")
        Succession.objects.create(
            predecessor=middle,
            successor=latest,
            effective_on=timezone.localdate(),
            kind="merger",
            extent="whole",
            population_share=1,
        )
        submit(world.assessment, world.approver, OWN)
        reader = make_person("Ella Everything", role="contributor", organisation=latest)
        assert can(reader, Permission.READ_ASSESSMENT, world.assessment)
        assert not can(world.sister_lead, Permission.READ_ASSESSMENT, world.assessment)

    def test_who_covers_the_nation_too_still_reads_everything(self, world: World) -> None:
        reader = make_person("Sue Successor", role="lead", organisation=succeed(world, "merger"))
        make_membership(reader, "national_analyst", world.nation)
        assert [
            can(reader, Permission.READ_ASSESSMENT, row)
            for row in (world.assessment, world.sister_assessment, world.far_assessment)
        ] == [True, True, True]
