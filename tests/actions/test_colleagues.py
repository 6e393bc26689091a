"""Inviting colleagues, inviting them again, and removing those who leave."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from surveys.actions.colleagues import invite_colleague, invite_colleague_again, remove_colleague
from surveys.actions.refusals import Refused
from surveys.models import Answer, Event, Membership, Message, Person, SectionAssignment
from surveys.models.mail import KEY_TO_COME
from surveys.questionnaires.responses import Response
from tests.factories import (
    assign_question,
    assign_section,
    make_answer,
    make_membership,
    make_person,
    make_round,
)
from tests.together import together
from tests.world import World, build_world

SITE = "https://survey.example/"
NOBODY_ELSE = [
    "contributor",
    "sister_lead",
    "sister_approver",
    "regional_analyst",
    "national_analyst",
    "newcomer",
]


def invite(world: World, by: Person | None = None, **changes: Any) -> Any:
    given: dict[str, Any] = {
        "email": "nora.new@ambleshire.example",
        "name": "Nora New",
        "job_title": "Head of BI",
        "site": SITE,
    }
    return invite_colleague(by=by or world.lead, assessment_id=world.assessment.pk, **given | changes)


def again(world: World, person: Person, by: Person | None = None) -> Person:
    return invite_colleague_again(
        by=by or world.lead, assessment_id=world.assessment.pk, person_id=person.pk, site=SITE
    )


def remove(world: World, person: Person, by: Person | None = None) -> Person:
    return remove_colleague(by=by or world.lead, assessment_id=world.assessment.pk, person_id=person.pk)


def posts(person: Person) -> list[tuple[str, str]]:
    current = Membership.objects.current().filter(person=person).order_by("role", "pk")
    return [(post.role, str(post.organisation_id)) for post in current]


def verbs() -> list[str]:
    rows = Event.objects.exclude(verb="questionnaire.published")
    return list(rows.order_by("pk").values_list("verb", flat=True))


class TestInviting:
    @pytest.mark.parametrize("who", ["lead", "approver", "administrator"])
    def test_somebody_without_an_account_gets_one_and_an_invitation(self, world: World, who: str) -> None:
        by = getattr(world, who)
        invited = invite(world, by, dimension_codes={"skills"})

        person = Person.objects.get(email="nora.new@ambleshire.example")
        assert (invited.person_id, invited.name, invited.known) == (person.pk, "Nora New", False)
        assert (person.name, person.job_title, person.has_usable_password()) == (
            "Nora New",
            "Head of BI",
            False,
        )
        assert posts(person) == [("contributor", str(world.own.pk))]
        assert [row.dimension.code for row in SectionAssignment.objects.filter(person=person)] == ["skills"]
        message = Message.objects.get()
        assert (message.kind, message.person, message.queued_by) == (Message.Kind.INVITATION, person, by)
        assert "to answer questions for Ambleshire." in message.body
        assert KEY_TO_COME in message.body
        assert verbs() == [
            "person.added",
            "membership.added",
            "person.invited",
            "assessment.section_assigned",
        ]

    def test_somebody_with_an_account_keeps_it_and_is_told_once(self, world: World) -> None:
        invited = invite(
            world,
            email=world.sister_lead.email.upper(),
            name="X",
            dimension_codes={"skills", "data_platform"},
        )

        assert (invited.name, invited.known) == ("Sandy Sister", True)
        assert posts(world.sister_lead) == [
            ("contributor", str(world.own.pk)),
            ("lead", str(world.sister.pk)),
        ]
        message = Message.objects.get()
        assert (message.kind, message.person) == (Message.Kind.HANDED_OVER, world.sister_lead)

    def test_somebody_who_was_invited_elsewhere_is_invited(self, world: World) -> None:
        waiting = make_person("Will Waiting", role="contributor", organisation=world.sister)
        waiting.set_unusable_password()
        waiting.save()
        assert invite(world, email=waiting.email).known
        assert [message.kind for message in Message.objects.all()] == [Message.Kind.INVITATION]

    def test_a_colleague_is_not_invited_twice(self, world: World) -> None:
        with pytest.raises(Refused, match="Connie Contributor answers for Ambleshire already"):
            invite(world, email=world.contributor.email)
        with pytest.raises(Refused, match="Lena Lead answers for Ambleshire already"):
            invite(world, email=world.lead.email)
        assert (Message.objects.count(), Person.objects.filter(name="Nora New").count()) == (0, 0)

    def test_an_approver_can_be_a_contributor_too(self, world: World) -> None:
        invite(world, email=world.approver.email)
        assert posts(world.approver) == [("approver", str(world.own.pk)), ("contributor", str(world.own.pk))]

    def test_an_account_that_is_switched_off_stays_off(self, world: World) -> None:
        Person.objects.filter(pk=world.newcomer.pk).update(is_active=False)
        with pytest.raises(Refused, match="is switched off"):
            invite(world, email=world.newcomer.email)
        assert posts(world.newcomer) == []

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"email": "nora"}, "Give an e-mail address"),
            ({"email": "nora@ambleshire.example\nBcc: all@ambleshire.example"}, "Give an e-mail address"),
            ({"name": " \u200e "}, "Give a name"),
            ({"job_title": "x" * 151}, "at most 150 characters"),
        ],
    )
    def test_what_is_missing_or_wrong_is_said(self, world: World, changes: Any, words: str) -> None:
        with pytest.raises(Refused, match=words):
            invite(world, **changes)
        assert verbs() == []

    def test_an_unknown_section_leaves_nothing_behind(self, world: World) -> None:
        with pytest.raises(Http404):
            invite(world, dimension_codes={"no_such"})
        assert not Person.objects.filter(name="Nora New").exists()

    @pytest.mark.parametrize("who", NOBODY_ELSE)
    def test_nobody_else_invites(self, world: World, who: str) -> None:
        with pytest.raises(Http404):
            invite(world, getattr(world, who))
        assert not Person.objects.filter(name="Nora New").exists()


class TestInvitingAgain:
    def invited(self, world: World) -> Person:
        return Person.objects.get(pk=invite(world).person_id)

    def test_the_invitation_is_sent_again_until_a_password_is_chosen(self, world: World) -> None:
        person = self.invited(world)
        assert again(world, person, world.approver) == person
        assert [message.kind for message in Message.objects.all()] == [Message.Kind.INVITATION] * 2
        person.set_password("A password of her own")
        person.save()
        with pytest.raises(Refused, match="has chosen a password already"):
            again(world, person)

    def test_at_most_three_times_in_an_hour(self, world: World) -> None:
        person = self.invited(world)
        again(world, person)
        again(world, person)
        with pytest.raises(Refused, match="was invited 3 times in the last hour"):
            again(world, person)
        Message.objects.update(queued_at=timezone.now() - datetime.timedelta(minutes=61))
        again(world, person)

    def test_only_colleagues_of_the_organisation(self, world: World) -> None:
        stranger = make_person("Sid Sister", role="contributor", organisation=world.sister)
        stranger.set_unusable_password()
        stranger.save()
        with pytest.raises(Refused, match="Choose somebody who is a contributor or lead"):
            again(world, stranger)
        person = self.invited(world)
        for who in NOBODY_ELSE:
            with pytest.raises(Http404):
                again(world, person, getattr(world, who))
        assert Message.objects.count() == 1


class TestRemoving:
    def test_a_contributor_who_leaves_keeps_their_answers_and_holds_nothing(self, world: World) -> None:
        later = make_round(world.questionnaire, world.own, world.sister, title="Later round")
        elsewhere = later.assessments.get(organisation=world.sister)
        make_membership(world.contributor, "contributor", world.sister)
        assign_question(world.assessment, "training", world.contributor, by=world.lead)
        assign_section(
            later.assessments.get(organisation=world.own), "skills", world.contributor, by=world.lead
        )
        assign_section(elsewhere, "skills", world.contributor, by=world.sister_lead)
        make_answer(world.assessment, "linked_data", world.contributor, Response(level=3))

        assert remove(world, world.contributor) == world.contributor

        assert posts(world.contributor) == [("contributor", str(world.sister.pk))]
        assert [row.assessment for row in SectionAssignment.objects.all()] == [elsewhere]
        assert Answer.objects.get().answered_by == world.contributor
        assert verbs() == ["membership.ended", "assessment.colleague_removed"]
        assert Event.objects.latest("pk").detail == {"person": "Connie Contributor", "handed_back": 3}

    def test_somebody_who_comes_back_begins_with_nothing(self, world: World) -> None:
        remove(world, world.contributor)
        invite(world, email=world.contributor.email)
        assert posts(world.contributor) == [("contributor", str(world.own.pk))]
        assert SectionAssignment.objects.count() == 0

    def test_only_contributors_are_removed_here(self, world: World) -> None:
        for person in (world.lead, world.approver, world.sister_lead, world.newcomer):
            with pytest.raises(Http404):
                remove(world, person)
        with pytest.raises(Http404):
            remove_colleague(by=world.lead, assessment_id=world.assessment.pk, person_id=10**9)
        assert verbs() == []

    @pytest.mark.parametrize("who", NOBODY_ELSE)
    def test_nobody_else_removes(self, world: World, who: str) -> None:
        with pytest.raises(Http404):
            remove(world, world.contributor, getattr(world, who))
        assert SectionAssignment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_leads_who_invite_the_same_colleague_make_one_account() -> None:
    world = build_world()

    results = together(
        lambda: invite(world),
        lambda: invite_colleague(
            by=world.sister_lead,
            assessment_id=world.sister_assessment.pk,
            email="Nora.New@ambleshire.example",
            name="Nora N.",
            job_title="",
            site=SITE,
        ),
    )

    assert sorted(result.known for result in results) == [False, True]
    person = Person.objects.get(email__iregex=re.escape("nora.new@ambleshire.example"))
    assert {place for _, place in posts(person)} == {str(world.own.pk), str(world.sister.pk)}


def test_nobody_writes_to_the_whole_world_through_invitations(world: World) -> None:
    """The service writes to any address that is typed, so what one person may have it write is bounded."""
    for number in range(30):
        invite(world, email=f"nora.{number}@ambleshire.example")
    with pytest.raises(Refused) as refused:
        invite(world)
    assert refused.value.message == (
        "You have invited 30 people in the last hour. Nobody else was invited. Try again later, or ask the "
        "programme team to add them."
    )
    assert not Person.objects.filter(email="nora.new@ambleshire.example").exists()
    assert invite(world, by=world.approver).name == "Nora New"


def test_an_hour_later_the_next_ones_can_be_invited(world: World) -> None:
    for number in range(30):
        invite(world, email=f"nora.{number}@ambleshire.example")
    Message.objects.update(queued_at=timezone.now() - datetime.timedelta(hours=1))
    assert invite(world).name == "Nora New"
