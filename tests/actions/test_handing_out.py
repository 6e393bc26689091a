"""Handing out sections and single questions: to whom, what they are told, and taking it back."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from surveys.actions.answers import AnswerSave, save_answers
from surveys.actions.handing_out import hand_out, take_back
from surveys.actions.refusals import Refused
from surveys.models import Event, Membership, Message, Person, SectionAssignment
from surveys.questionnaires.responses import Response
from tests.factories import make_membership, make_person
from tests.world import World

SITE = "https://survey.example/"


def hand(world: World, person: Person, *codes: str, by: Person | None = None, **changes: Any) -> bool:
    """Hand the skills, or single questions of them, to somebody."""
    given: dict[str, Any] = {
        "assessment_id": world.assessment.pk,
        "dimension_code": "skills",
        "person_id": person.pk,
        "question_codes": frozenset(codes),
        "site": SITE,
    }
    return hand_out(by=by or world.lead, **given | changes)


def take(world: World, person: Person, code: str = "", by: Person | None = None) -> bool:
    return take_back(
        by=by or world.lead,
        assessment_id=world.assessment.pk,
        dimension_code="skills",
        person_id=person.pk,
        question_code=code,
    )


def held(person: Person) -> list[tuple[str, str | None]]:
    """The dimensions and single questions that somebody holds."""
    rows = SectionAssignment.objects.filter(person=person).order_by(
        "dimension__position", "question__position"
    )
    return list(rows.values_list("dimension__code", "question__code"))


def events() -> list[tuple[str, dict[str, Any]]]:
    rows = Event.objects.exclude(verb="questionnaire.published")
    return list(rows.order_by("pk").values_list("verb", "detail"))


PLATFORM = ("data_platform", None)


@pytest.mark.parametrize("who", ["lead", "approver", "administrator"])
def test_a_section_is_handed_out_and_taken_back(world: World, who: str) -> None:
    by = getattr(world, who)
    assert [hand(world, world.contributor, by=by), hand(world, world.contributor, by=by)] == [True, False]
    assignment = SectionAssignment.objects.get(dimension__code="skills")
    assert (assignment.person, assignment.assigned_by) == (world.contributor, by)

    assert [take(world, world.contributor, by=by), take(world, world.contributor, by=by)] == [True, False]
    assert held(world.contributor) == [PLATFORM]
    detail = {"dimension": "skills", "person": "Connie Contributor"}
    assert events() == [
        ("assessment.section_assigned", detail),
        ("assessment.section_unassigned", detail),
    ]


def test_single_questions_are_handed_out_and_taken_back(world: World) -> None:
    assert hand(world, world.contributor, "training", "analysts")
    assert not hand(world, world.contributor, "training")
    assert hand(world, world.contributor, "training", "clarity")
    assert held(world.contributor) == [
        PLATFORM,
        ("skills", "training"),
        ("skills", "analysts"),
        ("skills", "clarity"),
    ]

    assert [take(world, world.contributor, "training"), take(world, world.contributor, "training")] == [
        True,
        False,
    ]
    assert held(world.contributor) == [PLATFORM, ("skills", "analysts"), ("skills", "clarity")]
    assert events()[0] == (
        "assessment.section_assigned",
        {"dimension": "skills", "person": "Connie Contributor", "questions": ["analysts", "training"]},
    )
    assert events()[-1] == (
        "assessment.section_unassigned",
        {"dimension": "skills", "person": "Connie Contributor", "questions": ["training"]},
    )


def test_the_whole_section_takes_the_place_of_its_questions(world: World) -> None:
    hand(world, world.contributor, "training")
    assert hand(world, world.contributor)
    assert held(world.contributor) == [PLATFORM, ("skills", None)]
    assert not hand(world, world.contributor, "training")
    assert held(world.contributor) == [PLATFORM, ("skills", None)]


def test_work_is_handed_only_to_those_who_answer_for_the_organisation(world: World) -> None:
    gone = make_person("Gone Away", role="contributor", organisation=world.own)
    Membership.objects.filter(person=gone).update(ended_at=timezone.now())
    inactive = make_person("In Active", role="contributor", organisation=world.own)
    Person.objects.filter(pk=inactive.pk).update(is_active=False)
    for stranger in (gone, inactive, world.approver, world.sister_lead, world.administrator):
        with pytest.raises(Refused, match="Choose somebody who is a contributor or lead"):
            hand(world, stranger)


@pytest.mark.parametrize("act", [hand, take])
@pytest.mark.parametrize("who", ["contributor", "sister_lead", "regional_analyst", "newcomer"])
def test_nobody_else_hands_out(world: World, who: str, act: Callable[..., bool]) -> None:
    with pytest.raises(Http404):
        act(world, world.contributor, by=getattr(world, who))
    assert held(world.contributor) == [PLATFORM]


@pytest.mark.parametrize(
    "changes",
    [{"dimension_code": "no_such"}, {"question_codes": {"linked_data"}}, {"question_codes": {"no_such"}}],
)
def test_there_is_no_such_section_or_question(world: World, changes: dict[str, Any]) -> None:
    with pytest.raises(Http404):
        hand(world, world.contributor, **changes)
    with pytest.raises(Http404):
        take(world, world.contributor, "linked_data")


def test_a_contributor_who_moves_away_answers_no_more(world: World) -> None:
    Membership.objects.filter(person=world.contributor).update(ended_at=timezone.now())
    make_membership(world.contributor, "contributor", world.sister)
    with pytest.raises(Http404):
        save_answers(
            by=Person.objects.get(pk=world.contributor.pk),
            assessment_id=world.assessment.pk,
            saves=[AnswerSave("linked_data", 0, Response(level=5))],
        )


def test_they_are_told_by_e_mail_once_an_hour(world: World) -> None:
    for code in ("training", "analysts"):
        hand(world, world.contributor, code)
    message = Message.objects.get()
    assert (message.kind, message.person, message.queued_by, message.address) == (
        Message.Kind.HANDED_OVER,
        world.contributor,
        world.lead,
        world.contributor.email,
    )
    assert message.subject == "Lena Lead asks you to answer questions: Ambleshire"
    assert f"{SITE}assessments/{world.assessment.pk}/mine/\n" in message.body
    Message.objects.update(queued_at=timezone.now() - datetime.timedelta(minutes=61))
    hand(world, world.contributor, "clarity")
    assert Message.objects.count() == 2


def test_nobody_is_told_of_what_they_did_or_before_they_have_a_password(world: World) -> None:
    invited = make_person("Ivy Invited", role="contributor", organisation=world.own)
    invited.set_unusable_password()
    invited.save()
    hand(world, invited)
    hand(world, world.lead)
    assert Message.objects.count() == 0
