"""Two signed copies side by side: every field that differs, on a page and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from surveys.models import Answer, Submission
from surveys.queries.submission_comparison import ComparedField
from surveys.questionnaires.responses import Response
from tests.actions.test_answers import EVERY_KIND
from tests.actions.test_assessments import answer, give_back, send, sign
from tests.factories import make_answer
from tests.signed import OWN, levels, submit
from tests.views.signed_in import client_of, post, shown, visit
from tests.world import World


def compared(world: World, query: str = "") -> str:
    return reverse("compare_submissions", args=[world.assessment.pk]) + query


def file_of(world: World, query: str = "") -> str:
    return reverse("compare_submissions_csv", args=[world.assessment.pk]) + query


def changes(page: Any) -> dict[str, list[tuple[str, str, str]]]:
    """The fields that differ, by question code."""
    return {
        question.code: [(field.label, field.before, field.after) for field in question.changes]
        for section in page.sections
        for question in section.changed
    }


@pytest.fixture
def signed_thrice(world: World) -> World:
    """The own system has signed three copies; nothing differs between the last two."""
    submit(world.assessment, world.approver, OWN)
    later = {
        **OWN,
        "linked_data": Response(level=5, comment="Now linked."),
        "shared_platform": Response(not_applicable=True, reason="We share <b>theirs</b>."),
        "sectors": Response(options=("none",)),
        "peer_offer": replace(OWN["peer_offer"], consent=False),
        "why_no_sectors": Response(text="=1+1"),
    }
    submit(world.assessment, world.approver, later)
    submit(world.assessment, world.approver, later)
    return world


def test_every_field_that_differs_is_shown_and_no_other(signed_thrice: World) -> None:
    response = visit(signed_thrice.lead, compared(signed_thrice, "?from=1&to=2"))

    page = response.context["page"]
    assert changes(page) == {
        "linked_data": [("Level", "4 Embedded", "5 Leading"), ("Comment", "", "Now linked.")],
        "shared_platform": [
            ("Level", "3 Established", ""),
            ("Not applicable", "No", "Yes"),
            ("Why it is not applicable", "", "We share <b>theirs</b>."),
        ],
        "sectors": [
            ("Choices", "Acute hospitals\nAnother sector", "None"),
            ("Own words for a choice", "Hospices in Ambleshire", ""),
        ],
        "why_no_sectors": [("Asked, given the other answers", "No", "Yes"), ("Text", "", "=1+1")],
        "peer_offer": [("May be shown", "Yes", "No")],
    }
    assert (page.changed_fields, page.changed_questions) == (10, 5)
    words = shown(response)
    assert "10 fields of 5 questions differ." in " ".join(words.split())
    assert "Cuts in Ambleshire." not in words
    assert "We share &lt;b&gt;theirs" in response.content.decode()


def test_the_last_two_copies_are_compared_unless_others_are_chosen(signed_thrice: World) -> None:
    pages = [
        visit(signed_thrice.lead, compared(signed_thrice, query)).context["page"]
        for query in ("", "?from=1", "?from=3&to=1")
    ]
    assert [(page.before.number, page.after.number, page.changed_fields) for page in pages] == [
        (2, 3, 0),
        (1, 3, 10),
        (3, 1, 10),
    ]


def test_copies_without_a_difference_say_so(signed_thrice: World) -> None:
    assert "No field of any question differs." in shown(visit(signed_thrice.lead, compared(signed_thrice)))


def test_every_field_can_be_shown(signed_thrice: World) -> None:
    response = visit(signed_thrice.lead, compared(signed_thrice, "?from=1&to=2&fields=all"))

    page = response.context["page"]
    assert [len(question.fields) for section in page.sections for question in section.questions] == [11] * 11
    assert page.sections[1].questions[0].fields[1] == ComparedField("level", "Level", "2 Patchy", "2 Patchy")
    assert "Cuts in Ambleshire." in shown(response)


def test_one_copy_has_nothing_to_be_compared_with(world: World) -> None:
    submit(world.assessment, world.approver, OWN)
    assert "There is only one copy" in shown(visit(world.lead, compared(world)))


def test_a_copy_is_not_compared_with_itself(signed_thrice: World) -> None:
    page = shown(visit(signed_thrice.lead, compared(signed_thrice, "?from=2&to=2")))
    assert "These are one and the same copy." in page


@pytest.mark.parametrize("query", ["?from=9", "?to=0", "?from=x", "?to=-1", "?from=1.5", f"?to={'9' * 5000}"])
def test_a_copy_that_is_not_there(signed_thrice: World, query: str) -> None:
    assert visit(signed_thrice.lead, compared(signed_thrice, query)).status_code == 404
    assert visit(signed_thrice.lead, file_of(signed_thrice, query)).status_code == 404


def test_the_file_has_every_field_of_every_question(signed_thrice: World) -> None:
    response = visit(signed_thrice.lead, file_of(signed_thrice, "?from=1&to=2"))

    text = b"".join(response.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == 11 * 11
    differing = [
        (row["question_code"], row["field"], row["before"], row["after"])
        for row in rows
        if row["changed"] == "yes"
    ]
    assert differing[:2] == [
        ("linked_data", "level", "4 Embedded", "5 Leading"),
        ("linked_data", "comment", "", "Now linked."),
    ]
    assert len(differing) == 10
    assert ("why_no_sectors", "text", "", "'=1+1") in differing
    copies = Submission.objects.filter(assessment=signed_thrice.assessment)
    assert (rows[0]["from_sha256"], rows[0]["to_sha256"]) == (copies[0].sha256, copies[1].sha256)
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="{signed_thrice.assessment.ods_code}-spring-round-submissions-1-and-2.csv"'
    )


def test_who_gave_the_later_answer_is_said(world: World) -> None:
    make_answer(world.assessment, "sectors", world.contributor, EVERY_KIND["sectors"])
    answer(world)
    send(world)
    sign(world)
    give_back(world, world.administrator)
    answer(world, seen=1, level=5)
    send(world)
    sign(world)

    page = visit(world.approver, compared(world)).context["page"]

    linked, *_ = page.sections[0].questions
    assert Answer.objects.get(question__code="linked_data").answered_by == world.lead
    assert linked.answered_by.startswith("Lena Lead, ")
    assert [question.code for question in page.sections[0].changed] == ["linked_data"]


def test_the_page_of_a_copy_leads_everywhere(signed_thrice: World) -> None:
    def to(name: str, *number: int) -> str:
        return f'href="{reverse(name, args=[signed_thrice.assessment.pk, *number])}'

    latest = reverse("submission", args=[signed_thrice.assessment.pk, 3])
    words = shown(visit(signed_thrice.administrator, latest))

    for link in (
        to("submission_json", 3),
        to("submission_xlsx", 3),
        to("submission", 1),
        to("submission", 2),
        to("compare_submissions") + "?from=2&to=3",
        to("return_assessment"),
    ):
        assert f'{link}"' in words
    assert "python manage.py verify_submission FILE" in words


def test_nothing_is_returned_from_an_earlier_copy_or_by_the_system_itself(signed_thrice: World) -> None:
    way = f'href="{reverse("return_assessment", args=[signed_thrice.assessment.pk])}"'
    for who, number in (("lead", 3), ("administrator", 2)):
        page = visit(
            getattr(signed_thrice, who), reverse("submission", args=[signed_thrice.assessment.pk, number])
        )
        assert way not in shown(page)


@pytest.mark.parametrize("address", [compared, file_of])
def test_it_takes_at_most_eight_queries(
    signed_thrice: World,
    address: Callable[[World], str],
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    client = client_of(signed_thrice.lead)
    with django_assert_max_num_queries(8):
        assert client.get(address(signed_thrice)).status_code == 200


def test_it_is_only_for_reading(signed_thrice: World) -> None:
    assert post(signed_thrice.lead, compared(signed_thrice)).status_code == 405


def test_levels_that_are_the_same_are_no_change(world: World) -> None:
    for number in (1, 2):
        submit(world.assessment, world.approver, levels(training=number))
    page = visit(world.lead, compared(world)).context["page"]
    assert changes(page) == {"training": [("Level", "1 Ad hoc", "2 Patchy")]}
