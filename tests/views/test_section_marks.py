"""Marking a section as done and asking for changes, on pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from surveys.models import Message, Round, SectionMark
from surveys.questionnaires.responses import Response
from tests.factories import assign_question, make_answer
from tests.signed import submit
from tests.views.signed_in import client_of, post, shown, summary, visit
from tests.world import World

HOSTILE_NOTE = "<script>alert(1)</script> =1+1 \u05d0\u05d1"


def where(world: World, name: str = "section_marks", code: str = "data_platform") -> str:
    return reverse(name, args=[world.assessment.pk, code])


def offers(response: Any) -> tuple[bool, bool]:
    """Whether the page offers to mark the section as done, and to ask for changes."""
    return 'value="done"' in shown(response), 'value="changes"' in shown(response)


def test_a_section_goes_to_done_and_back_with_a_note_each_way(world: World) -> None:
    assert offers(visit(world.contributor, where(world))) == (True, False)
    assert offers(visit(world.approver, where(world))) == (False, False)

    done = client_of(world.contributor).post(where(world), {"say": "done", "note": HOSTILE_NOTE}, follow=True)
    assert "“Data platform”: done." in shown(done)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; =1+1" in done.content.decode()
    assert offers(done) == (False, False)

    assert offers(visit(world.lead, where(world))) == (False, True)
    back = client_of(world.lead).post(where(world), {"say": "changes", "note": "Which sectors?"}, follow=True)
    assert "“Data platform”: changes requested." in shown(back)

    page = visit(world.contributor, where(world))
    assert offers(page) == (True, False)
    assert [(mark.kind, mark.note, mark.by) for mark in page.context["page"].said] == [
        ("changes_requested", "Which sectors?", "Lena Lead"),
        ("done", HOSTILE_NOTE, "Connie Contributor"),
    ]
    for address in (where(world, "section"), reverse("my_questions", args=[world.assessment.pk])):
        assert "Which sectors?" in shown(visit(world.contributor, address))


def test_a_change_after_done_is_said_and_can_be_done_again(world: World) -> None:
    post(world.contributor, where(world), {"say": "done"})
    make_answer(world.assessment, "linked_data", world.lead, Response(level=3))
    page = visit(world.contributor, where(world))
    assert "Answers were changed since the section was marked as done." in shown(page)
    assert offers(page) == (True, False)
    assert "Changed since it was marked as done." in shown(visit(world.lead, where(world, "section")))


def test_a_request_without_words_and_a_note_too_long_are_said(world: World) -> None:
    long = post(world.contributor, where(world), {"say": "done", "note": "x" * 2_001})
    assert summary(long) == ["Use 2000 characters or fewer. You used 2001."]
    assert "x" * 2_001 in shown(long)
    post(world.contributor, where(world), {"say": "done"})
    assert summary(post(world.lead, where(world), {"say": "changes", "note": " "})) == [
        "Say what should be changed"
    ]
    assert SectionMark.objects.count() == 1


def test_a_refusal_keeps_what_was_typed(world: World) -> None:
    post(world.contributor, where(world), {"say": "done"})
    again = post(world.contributor, where(world), {"say": "done", "note": "Typed"})
    assert "has marked this section as done already" in summary(again)[0]
    assert "Typed" in shown(again)
    Round.objects.update(status=Round.Status.CLOSED)
    closed = post(world.lead, where(world), {"say": "changes", "note": "Typed late"})
    assert "The round is closed" in summary(closed)[0]
    assert "Typed late" in shown(closed)


def test_an_unknown_word_changes_nothing(world: World) -> None:
    for data in ({}, {"say": "x"}, {"say": "\x00"}):
        assert post(world.contributor, where(world), data).status_code == 200
    assert (SectionMark.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "who", ["sister_lead", "regional_analyst", "national_analyst", "administrator", "newcomer"]
)
def test_it_is_the_organisations_own_until_it_is_submitted(world: World, who: str) -> None:
    post(world.contributor, where(world), {"say": "done", "note": "Ours"})
    assert visit(getattr(world, who), where(world)).status_code == 404
    submit(world.assessment, world.approver, {})
    own = who in {"sister_lead", "newcomer"}
    assert visit(getattr(world, who), where(world)).status_code == (404 if own else 200)
    assert post(world.national_analyst, where(world), {"say": "changes", "note": "x"}).status_code == 404


def test_a_note_is_not_shown_to_programme_staff_who_read_the_section(world: World) -> None:
    post(world.contributor, where(world), {"say": "done", "note": "Ours alone"})
    page = shown(visit(world.national_analyst, where(world, "section")))
    assert ("Marked as done by Connie Contributor" in page, "Ours alone" in page) == (True, False)


def test_who_holds_single_questions_reads_what_is_said_and_says_nothing(world: World) -> None:
    assert visit(world.contributor, where(world, code="skills")).status_code == 404
    assign_question(world.assessment, "training", world.contributor, by=world.lead)
    page = visit(world.contributor, where(world, code="skills"))
    assert offers(page) == (False, False)
    assert post(world.contributor, where(world, code="skills"), {"say": "done"}).status_code == 404
