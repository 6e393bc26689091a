"""Saying that a section is done, and asking for changes: who may, what is kept, and who is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404

from surveys.actions.answers import AnswerSave, save_answers
from surveys.actions.refusals import Refused
from surveys.actions.section_marks import LONGEST_NOTE, mark_done, request_changes
from surveys.models import Event, Message, Person, Round, SectionAssignment, SectionMark
from surveys.questionnaires.responses import Response
from tests.factories import assign_question, make_membership, make_person
from tests.world import World

SITE = "https://survey.example/"
Kind = SectionMark.Kind


def place(world: World, **changes: Any) -> dict[str, Any]:
    given = {
        "assessment_id": world.assessment.pk,
        "dimension_code": "data_platform",
        "note": "",
        "site": SITE,
    }
    return given | changes


def done(world: World, by: Person | None = None, **changes: Any) -> SectionMark:
    return mark_done(by=by or world.contributor, **place(world, **changes))


def ask(
    world: World, by: Person | None = None, note: str = "Say which sectors.", **changes: Any
) -> SectionMark:
    return request_changes(by=by or world.lead, **place(world, note=note, **changes))


def answer(world: World, seen: int = 0) -> None:
    save_answers(
        by=world.contributor,
        assessment_id=world.assessment.pk,
        saves=[AnswerSave("linked_data", seen, Response(level=seen + 1))],
    )


def told() -> list[tuple[str, str]]:
    """Who got which message, in the order in which they were queued."""
    rows = Message.objects.order_by("pk").values_list("kind", "person__name")
    return [(kind, name) for kind, name in rows]


def test_a_section_is_done_then_to_be_changed_then_done_again(world: World) -> None:
    answer(world)
    done(world, note="  Two sources\u202e disagree.\r\nSee the comment. ")
    ask(world, note="Say which sectors.")
    done(world)

    marks = SectionMark.objects.order_by("pk")
    assert [(mark.kind, mark.note, mark.made_by.name) for mark in marks] == [
        (Kind.DONE, "Two sources disagree.\nSee the comment.", "Connie Contributor"),
        (Kind.CHANGES_REQUESTED, "Say which sectors.", "Lena Lead"),
        (Kind.DONE, "", "Connie Contributor"),
    ]
    assert {mark.dimension.code for mark in marks} == {"data_platform"}
    events = Event.objects.filter(detail={"dimension": "data_platform"}).order_by("pk")
    # Programme staff read the trail before the organisation submits; the notes are its own.
    assert list(events.values_list("verb", "reason")) == [
        ("assessment.section_done", ""),
        ("assessment.changes_requested", ""),
        ("assessment.section_done", ""),
    ]


def test_the_other_side_is_told_and_the_note_stays_on_the_site(world: World) -> None:
    second = make_person("Lars Lead", role="lead", organisation=world.own)
    gone = make_person("Gus Gone", role="lead", organisation=world.own)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    helper = make_person("Hetty Helper", role="contributor", organisation=world.own)
    assign_question(world.assessment, "linked_data", helper, by=world.lead)
    left = make_person("Lenny Left")
    SectionAssignment.objects.create(
        assessment=world.assessment,
        dimension=world.questionnaire.dimensions.get(code="data_platform"),
        person=left,
        assigned_by=world.lead,
    )

    done(world, note="A secret of ours")
    ask(world, by=second, note="Another secret")

    assert told() == [
        ("section_done", second.name),
        ("section_done", "Lena Lead"),
        ("changes_requested", "Connie Contributor"),
        ("changes_requested", helper.name),
    ]
    address = f"{SITE}assessments/{world.assessment.pk}/sections/data_platform/progress/"
    assert [address in message.body for message in Message.objects.all()] == [True] * 4
    assert not any("secret" in f"{message.subject}{message.body}" for message in Message.objects.all())
    assert Message.objects.order_by("pk")[0].subject == "Data platform is done: Ambleshire"
    assert Message.objects.latest("pk").subject == "Lars Lead asks for changes in Data platform: Ambleshire"


def test_a_lead_marks_what_nobody_holds_and_an_approver_sends_it_back(world: World) -> None:
    done(world, world.lead, dimension_code="skills")
    ask(world, world.approver, dimension_code="skills")
    assert told() == [("changes_requested", "Lena Lead")]


def test_what_is_done_is_not_done_again_until_an_answer_changes(world: World) -> None:
    answer(world)
    done(world)
    with pytest.raises(Refused, match="Connie Contributor has marked this section as done already"):
        done(world, world.lead)
    answer(world, seen=1)
    done(world, world.lead)
    assert SectionMark.objects.count() == 2


def test_only_what_is_done_is_sent_back(world: World) -> None:
    with pytest.raises(Refused, match="is not marked as done"):
        ask(world)
    done(world)
    ask(world)
    with pytest.raises(Refused, match="is not marked as done"):
        ask(world)


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (" \u200e\n", "Say what should be changed"),
        ("x" * (LONGEST_NOTE + 1), r"The note has 2,001 characters. Shorten it to 2,000."),
    ],
)
def test_a_request_says_what_in_fair_length(world: World, note: str, words: str) -> None:
    done(world)
    with pytest.raises(Refused, match=words):
        ask(world, note=note)
    assert SectionMark.objects.count() == 1


def test_nothing_is_said_when_nothing_can_be_answered(world: World) -> None:
    done(world)
    Round.objects.update(status=Round.Status.CLOSED)
    for act in (done, ask):
        with pytest.raises(Refused, match="The round is closed"):
            act(world)


@pytest.mark.parametrize("who", ["approver", "sister_lead", "regional_analyst", "administrator", "newcomer"])
def test_only_who_answers_the_whole_section_marks_it(world: World, who: str) -> None:
    with pytest.raises(Http404):
        done(world, getattr(world, who))


def test_who_holds_single_questions_does_not_mark_the_section(world: World) -> None:
    assign_question(world.assessment, "training", world.contributor, by=world.lead)
    with pytest.raises(Http404):
        done(world, dimension_code="skills")
    with pytest.raises(Http404):
        done(world, world.lead, dimension_code="no_such")


@pytest.mark.parametrize(
    "who", ["contributor", "sister_lead", "regional_analyst", "administrator", "newcomer"]
)
def test_only_who_hands_out_the_work_of_their_own_organisation_sends_it_back(world: World, who: str) -> None:
    done(world)
    make_membership(world.newcomer, "contributor", world.own)
    with pytest.raises(Http404):
        ask(world, getattr(world, who))
    assert SectionMark.objects.count() == 1
