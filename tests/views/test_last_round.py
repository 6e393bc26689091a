"""The round before beside the question: on the section page, on the question's page, and "Still true"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from surveys.actions.evidence import add_link
from surveys.models import Answer, Round
from surveys.questionnaires.responses import Response
from tests.actions.test_answers import stored
from tests.earlier import earlier_round
from tests.factories import make_answer
from tests.pages import text_of
from tests.signed import set_status
from tests.views.signed_in import client_of, post, shown, visit
from tests.views.test_sections import PLATFORM, address
from tests.world import World

JSON = {"Accept": "application/json"}
GIVEN = {
    "linked_data": Response(level=2, comment="Ambleshire <b>only</b>."),
    "sectors": Response(options=("acute", "primary_care")),
}
STILL_TRUE = "Still true for question 1"


@pytest.fixture
def before(world: World) -> Round:
    """Own and sister signed a year ago."""
    sister = {"linked_data": Response(level=5, comment="Borderland's secret.")}
    return earlier_round(world, {world.own: GIVEN, world.sister: sister})


def question_page(world: World, code: str = "linked_data") -> str:
    return reverse("question", args=[world.assessment.pk, code])


def test_the_section_shows_what_was_answered_and_nothing_of_others(world: World, before: Round) -> None:
    page = visit(world.contributor, address(world))
    text = text_of(page)

    assert "Last round: 2 Patchy." in text
    assert "Autumn round 2 Patchy Comment: Ambleshire <b>only</b>." in text
    assert "Signed by April Approver, Chief executive, on " in text
    assert "Last round: answered , question 4" in text
    assert text.count("Last round: not answered.") == 3
    assert text.count("Still true") == 2
    assert "Borderland" not in shown(page)
    assert " checked" not in shown(page)


def test_a_first_round_says_nothing(world: World) -> None:
    for url in (address(world), question_page(world)):
        assert "ast round" not in text_of(visit(world.lead, url))


def test_it_is_open_until_the_question_is_answered(world: World, before: Round) -> None:
    assert shown(visit(world.lead, address(world))).count('app-last-round" open') == 2
    make_answer(world.assessment, "linked_data", world.lead, Response(level=2))
    page = visit(world.lead, address(world))
    assert shown(page).count('app-last-round" open') == 1
    assert STILL_TRUE not in text_of(page)


def test_still_true_answers_saves_what_else_was_typed_and_comes_back(world: World, before: Round) -> None:
    typed = {**PLATFORM, "shared_platform:level": "4", "confirm": "linked_data"}
    response = post(world.lead, address(world), typed)

    assert response.headers["Location"] == f"{address(world)}#question-linked_data"
    assert stored(world.assessment) == {
        "linked_data": (1, GIVEN["linked_data"]),
        "shared_platform": (1, Response(level=4)),
    }
    text = text_of(visit(world.lead, address(world)))
    assert "Confirmed from Autumn round by Lena Lead on " in text
    assert "Last saved by Lena Lead on " in text


def test_the_first_button_of_the_form_is_not_still_true(world: World, before: Round) -> None:
    """The Enter key presses it."""
    page = shown(visit(world.lead, address(world)))
    form = page[page.index("data-autosave") :]
    assert form.index('name="then"') < form.index('name="confirm"')


def test_an_answer_that_came_before_is_not_replaced(world: World, before: Round) -> None:
    make_answer(world.assessment, "linked_data", world.contributor, Response(level=1))
    client = client_of(world.lead)
    client.post(address(world), {"linked_data:version": "0", "confirm": "linked_data"})

    assert stored(world.assessment)["linked_data"] == (1, Response(level=1))
    assert "The question has an answer, so the one of the last round did not take its place." in text_of(
        client.get(address(world))
    )


@pytest.mark.parametrize("confirm", ["training", "nonsense", "\x00", ":stay"])
def test_a_question_that_is_not_there_is_not_confirmed(world: World, before: Round, confirm: str) -> None:
    response = post(world.lead, address(world), {**PLATFORM, "confirm": confirm})
    assert (response.status_code, Answer.objects.count()) == (302, 0)


def test_nothing_to_confirm_is_said_and_nothing_typed_is_lost(world: World, before: Round) -> None:
    typed = {**PLATFORM, "linked_data:comment": "Typed", "confirm": "shared_platform"}
    response = post(world.lead, address(world), typed)

    assert (response.status_code, Answer.objects.count()) == (409, 0)
    assert "There is no single answer of the last round that could be confirmed" in text_of(response)
    assert "Typed</textarea>" in shown(response)


def test_a_section_that_is_shut_shows_it_without_the_button(world: World, before: Round) -> None:
    set_status(world.round, Round.Status.CLOSED)
    for url in (address(world), question_page(world)):
        text = text_of(visit(world.lead, url))
        assert "Last round: 2 Patchy" in text
        assert "Still true" not in text


def test_the_questions_page_has_it_with_the_button(world: World, before: Round) -> None:
    page = visit(world.contributor, question_page(world))

    assert "Autumn round 2 Patchy Comment: Ambleshire <b>only</b>." in text_of(page)
    assert STILL_TRUE in text_of(page)
    assert f'action="{address(world)}"' in shown(page)
    post(world.contributor, address(world), {"linked_data:version": "0", "confirm": "linked_data"})
    text = text_of(visit(world.contributor, question_page(world)))
    assert "Confirmed from Autumn round by Connie Contributor on " in text
    assert "Confirmed as still true, from" in text
    assert STILL_TRUE not in text


def test_who_only_reads_has_no_button(world: World, before: Round) -> None:
    for url in (address(world), question_page(world)):
        text = text_of(visit(world.approver, url))
        assert "Last round: 2 Patchy" in text
        assert "Still true" not in text


def test_flags_stand_beside_the_question_and_stop_nothing(world: World, before: Round) -> None:
    response = post(world.lead, address(world), {**PLATFORM, "linked_data:level": "4"})
    assert response.status_code == 302
    leap = "Look again: This is 2 levels higher than in Autumn round. Say in the comment what changed."
    high = "Look again: Level 4 is one of the highest."
    for url in (address(world), question_page(world)):
        text = text_of(visit(world.lead, url))
        assert [text.count(words) for words in (leap, high)] == [1, 1]


def send(world: World, **fields: str) -> Any:
    data = {name.replace("__", ":"): value for name, value in fields.items()}
    return client_of(world.lead).post(address(world), {"person": world.lead.pk, **data}, headers=JSON).json()


def test_the_script_is_told_the_flags(world: World, before: Round) -> None:
    told = send(world, linked_data__version="0", linked_data__level="4")
    assert told["questions"]["linked_data"]["flags"] == [
        "This is 2 levels higher than in Autumn round. Say in the comment what changed.",
        "Level 4 is one of the highest. Say in the comment what shows that it is true, or add evidence.",
    ]
    add_link(
        by=world.lead,
        assessment_id=world.assessment.pk,
        question_code="linked_data",
        address="https://www.example.org/plan",
        about="",
    )
    told = send(world, linked_data__version="1", linked_data__level="5")
    assert told["questions"]["linked_data"]["flags"] == [
        "This is 3 levels higher than in Autumn round. Say in the comment what changed."
    ]
    told = send(
        world, linked_data__version="2", linked_data__level="5", linked_data__comment="We linked it all."
    )
    assert told["questions"] == {"linked_data": {"state": "saved", "version": 3, "answered": True}}


def test_the_script_confirms_one_question(world: World, before: Round) -> None:
    told = send(world, linked_data__version="0", confirm="linked_data")
    assert told["questions"] == {"linked_data": {"state": "saved", "version": 1, "answered": True}}
    assert stored(world.assessment) == {"linked_data": (1, GIVEN["linked_data"])}

    told = send(world, shared_platform__version="0", confirm="shared_platform")
    assert told["refused"].startswith("There is no single answer of the last round")


def test_the_section_takes_at_most_eight_queries(
    world: World, before: Round, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    """With a high level of which nothing is said; the round before is read once in a while for everybody."""
    make_answer(world.assessment, "linked_data", world.lead, Response(level=5))
    client = client_of(world.lead)
    client.get(address(world))
    with django_assert_max_num_queries(8):
        assert client.get(address(world)).status_code == 200
