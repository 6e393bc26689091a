"""Questions on paper."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from surveys.models import Round
from surveys.questionnaires.responses import Response
from tests.factories import make_answer, make_round, publish_content
from tests.questionnaires.examples import EVERY_EXAMPLE, example
from tests.views.signed_in import client_of, shown, visit
from tests.world import World

pytestmark = pytest.mark.django_db

CHOSEN = '<strong class="nhsuk-tag nhsuk-tag--white">Chosen</strong>'


def questions(world: World) -> str:
    return reverse("print_questions", args=[world.assessment.pk])


def questionnaire(world: World) -> str:
    return reverse("print_questionnaire", args=[world.questionnaire.pk])


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("lead", 200),
        ("contributor", 200),
        ("approver", 200),
        ("regional_analyst", 200),
        ("administrator", 200),
        ("sister_lead", 404),
        ("far_regional_analyst", 404),
        ("newcomer", 404),
    ],
)
def test_whoever_reads_an_assessment_prints_its_questions(world: World, who: str, status: int) -> None:
    assert visit(getattr(world, who), questions(world)).status_code == status


def test_every_question_is_there_with_its_levels_its_guidance_and_room_to_write(world: World) -> None:
    page = shown(visit(world.lead, questions(world)))
    assert page.count('class="app-printed__dimension"') == 2
    assert page.count('class="app-printed__question"') == len(world.questionnaire.content.questions)
    assert page.count("app-printed__box--notes") == len(world.questionnaire.content.questions)
    assert page.count("app-printed__box--text") == 2
    for text in (
        "1. How mature is linked data?</h3>",
        "<strong>3 Established</strong>: Established: linked data.</li>",
        "Why we ask: Linked data shows people, not activity.",
        "Evidence that helps: A coverage table.",
        "Often answered by: Head of business intelligence.",
        "Answer this only if the answer to “Which sectors supply data?” includes “None”.",
        "Enter a number of WTE from 0 to 2,000, with at most 1 decimal place.",
        "Choose the highest level for which every part of the description is true.",
        "Not applicable, because:",
        "May we show this answer to other systems?",
    ):
        assert text in page


def test_without_being_asked_it_shows_no_answers(world: World) -> None:
    make_answer(world.assessment, "linked_data", world.lead, Response(level=3, comment="Only acute."))
    for address in (questions(world), f"{questions(world)}?answers=no"):
        page = shown(visit(world.lead, address))
        assert ("Only acute." in page, ">Chosen<" in page, "Lena Lead on" in page) == (False, False, False)


def test_with_answers_it_shows_what_is_saved_and_by_whom(world: World) -> None:
    make_answer(world.assessment, "linked_data", world.lead, Response(level=3, comment="<i>Only acute."))
    make_answer(
        world.assessment, "shared_platform", world.lead, Response(not_applicable=True, reason="No platform.")
    )
    make_answer(
        world.assessment, "sectors", world.lead, Response(options=("acute", "other"), other="Hospices")
    )
    make_answer(world.assessment, "peer_offer", world.lead, Response(text="Our tests.", consent=False))
    page = shown(visit(world.lead, f"{questions(world)}?answers=yes"))
    assert page.count(">Chosen<") == 3
    for text in (
        f"{CHOSEN} <strong>3 Established</strong>",
        "Comment: <i>Only acute.",
        'Not applicable</strong> <span dir="auto">No platform.</span>',
        f'{CHOSEN} Another sector: <span dir="auto">Hospices</span>',
        "Our tests.<br>May we show this answer to other systems? No",
        "Saved by Lena Lead on ",
    ):
        assert text in page
    assert "app-printed__box--notes" not in page


def test_it_says_when_the_data_is_synthetic(world: World) -> None:
    made_up = make_round(world.questionnaire, world.own, title="Made up", synthetic=True).assessments.get()
    page = shown(visit(world.lead, reverse("print_questions", args=[made_up.pk])))
    assert "app-synthetic" in page


def test_printing_takes_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    client = client_of(world.lead)
    client.get(questions(world))
    with django_assert_max_num_queries(8):
        client.get(f"{questions(world)}?answers=yes")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("administrator", 200),
        ("lead", 200),
        ("contributor", 200),
        ("far_lead", 200),
        ("regional_analyst", 200),
        ("national_analyst", 200),
        ("newcomer", 404),
    ],
)
def test_a_questionnaire_is_printed_by_who_takes_part_in_it(world: World, who: str, status: int) -> None:
    assert visit(getattr(world, who), questionnaire(world)).status_code == status


def test_a_questionnaire_that_nobody_answers_yet_is_printed_by_administrators_only(world: World) -> None:
    coming = publish_content(version="2.0")
    make_round(coming, world.own, title="Coming", status=Round.Status.DRAFT)
    address = reverse("print_questionnaire", args=[coming.pk])
    people = (world.administrator, world.lead, world.national_analyst)
    assert [visit(person, address).status_code for person in people] == [200, 404, 404]


def test_a_questionnaire_that_there_is_not_is_not_found(world: World) -> None:
    address = reverse("print_questionnaire", args=[999_999])
    assert [visit(person, address).status_code for person in (world.administrator, world.lead)] == [404, 404]


def test_somebody_who_has_not_signed_in_is_asked_to(world: World) -> None:
    for address in (questions(world), questionnaire(world)):
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", EVERY_EXAMPLE)
def test_other_instruments_are_printed_too(world: World, name: str) -> None:
    published = publish_content(example(name))
    page = shown(visit(world.administrator, reverse("print_questionnaire", args=[published.pk])))
    assert page.count('class="app-printed__question"') == len(published.content.questions)
