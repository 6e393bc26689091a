"""What the script on a section's page is told: each question's fate, and never anything about others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from surveys.actions.answers import AnswerSave, save_answers
from surveys.models import Answer, Person, Round, SectionAssignment
from surveys.queries.instruments import instrument_of
from surveys.questionnaires.responses import Response
from surveys.views.autosave import NOT_HANDED_TO_YOU
from tests.actions.test_answers import stored
from tests.factories import make_answer
from tests.views.signed_in import client_of, shown, visit
from tests.world import World

JSON = {"Accept": "application/json"}


def address(world: World) -> str:
    return reverse("section", args=[world.assessment.pk, "data_platform"])


def send(world: World, who: Person, *, by: Person | None = None, **fields: str) -> Any:
    """Post fields, written with two underscores for the colon, as the script of `who`'s page does."""
    data = {name.replace("__", ":"): value for name, value in fields.items()}
    return client_of(by or who).post(address(world), {"person": who.pk, **data}, headers=JSON)


def test_one_question_is_saved_alone(world: World) -> None:
    response = send(world, world.lead, linked_data__version="0", linked_data__level="3")

    told = response.json()
    assert response.status_code == 200
    assert told["questions"] == {"linked_data": {"state": "saved", "version": 1, "answered": True}}
    assert told["last_saved"].startswith("Last saved by Lena Lead on ")
    assert stored(world.assessment) == {"linked_data": (1, Response(level=3))}


def test_what_is_taken_back_is_no_longer_answered(world: World) -> None:
    send(world, world.lead, linked_data__version="0", linked_data__level="3")
    taken_back = send(world, world.lead, linked_data__version="1", linked_data__level="")
    commented = send(world, world.lead, linked_data__version="2", linked_data__comment="Not yet.")

    assert [told.json()["questions"]["linked_data"] for told in (taken_back, commented)] == [
        {"state": "saved", "version": 2, "answered": False},
        {"state": "saved", "version": 3, "answered": False},
    ]


def test_the_same_sent_twice_is_stored_once(world: World) -> None:
    first = send(world, world.lead, linked_data__version="0", linked_data__level="3")
    again = send(world, world.lead, linked_data__version="0", linked_data__level="3")

    assert first.json()["questions"]["linked_data"]["state"] == "saved"
    assert again.json()["questions"] == {
        "linked_data": {"state": "unchanged", "version": 1, "answered": True}
    }


def test_problems_are_told_by_the_name_of_the_field(world: World) -> None:
    response = send(world, world.lead, practice_share__version="0", practice_share__number="abc")

    assert response.status_code == 200
    assert response.json()["questions"] == {
        "practice_share": {
            "state": "invalid",
            "problems": {"practice_share:number": ["Enter a number, such as 12 or 3.5"]},
        }
    }
    split = send(
        world, world.lead, shared_platform__version="0", shared_platform__level=":not-applicable"
    ).json()["questions"]["shared_platform"]
    assert split["problems"] == {"shared_platform:reason": ["Say why this question does not apply"]}
    assert stored(world.assessment) == {}


def test_a_conflict_brings_both_answers_and_stores_neither_anew(world: World) -> None:
    make_answer(world.assessment, "linked_data", world.contributor, Response(comment="Connie <b>says</b>"))

    told = send(world, world.lead, linked_data__version="0", linked_data__comment="Lena says").json()

    question = told["questions"]["linked_data"]
    assert (question["state"], question["version"]) == ("conflict", 1)
    assert "Connie Contributor saved another answer on" in question["both"]
    assert "Comment: Connie &lt;b&gt;says&lt;/b&gt;" in question["both"]
    assert "Comment: Lena says" in question["both"]
    assert stored(world.assessment)["linked_data"] == (1, Response(comment="Connie <b>says</b>"))


def test_mine_is_kept_when_it_is_chosen(world: World) -> None:
    make_answer(world.assessment, "linked_data", world.contributor, Response(level=1))
    about = {"linked_data__version": "1", "linked_data__disputed": "yes", "linked_data__level": "2"}

    undecided = send(world, world.lead, **about).json()["questions"]["linked_data"]
    theirs = send(world, world.lead, **about, linked_data__keep="theirs").json()["questions"]["linked_data"]
    mine = send(world, world.lead, **about, linked_data__keep="mine").json()["questions"]["linked_data"]

    assert list(undecided["problems"]) == ["linked_data:keep"]
    assert theirs == {"state": "unchanged", "version": 1}
    assert mine == {"state": "saved", "version": 2, "answered": True}


def test_an_answer_that_somebody_else_changed_and_i_did_not_is_told_with_its_version(world: World) -> None:
    make_answer(world.assessment, "linked_data", world.lead, Response(level=1))
    save_answers(
        by=world.contributor,
        assessment_id=world.assessment.pk,
        saves=[AnswerSave("linked_data", 1, Response(level=5))],
    )

    told = send(world, world.lead, linked_data__version="1", linked_data__level="1").json()

    assert told["questions"] == {"linked_data": {"state": "unchanged", "version": 2, "answered": True}}


def test_what_one_person_typed_is_never_saved_as_anothers(world: World) -> None:
    response = send(
        world, world.contributor, by=world.lead, linked_data__version="0", linked_data__comment="Connie's"
    )

    assert (response.status_code, response.json()) == (409, {"other_person": "Lena Lead"})
    assert stored(world.assessment) == {}


@pytest.mark.parametrize("person", ["", "1", "own"])
def test_a_stranger_learns_of_no_assessment_whatever_person_is_sent(world: World, person: str) -> None:
    """One that is there and is not theirs is answered as one that is not there."""
    stranger = client_of(world.far_lead)
    fields = {"person": str(world.far_lead.pk) if person == "own" else person, "linked_data:version": "0"}
    answers = [
        stranger.post(reverse("section", args=[assessment_id, dimension]), fields, headers=JSON)
        for assessment_id in (world.assessment.pk, 0)
        for dimension in ("data_platform", "no_such_section")
    ]
    told = {"other_person": "Farah Far"} if person != "own" else {}
    assert [(answer.status_code, answer.json() if told else {}) for answer in answers] == (
        [(409 if told else 404, told)] * 4
    )


def test_a_closed_round_is_told_in_words(world: World) -> None:
    Round.objects.update(status=Round.Status.CLOSED)

    response = send(world, world.lead, linked_data__version="0", linked_data__level="3")

    refusal = "The round is closed, so answers can no longer be changed."
    assert (response.status_code, response.json()) == (409, {"refused": refusal})
    assert client_of(world.lead).get(address(world), headers=JSON).json()["refused"] == refusal


def test_a_section_that_was_taken_back_is_told_in_words(world: World) -> None:
    SectionAssignment.objects.all().delete()

    response = send(world, world.contributor, linked_data__version="0", linked_data__level="3")

    assert (response.status_code, response.json()) == (404, {"refused": NOT_HANDED_TO_YOU})
    assert client_of(world.contributor).get(address(world), headers=JSON).json()["refused"] == (
        NOT_HANDED_TO_YOU
    )


@pytest.mark.parametrize("who", ["sister_lead", "far_lead", "newcomer"])
def test_strangers_learn_nothing(world: World, who: str) -> None:
    saved = send(world, getattr(world, who), linked_data__version="0", linked_data__level="3")
    read = client_of(getattr(world, who)).get(address(world), headers=JSON)

    assert (saved.status_code, read.status_code) == (404, 404)
    assert "refused" not in saved.content.decode()
    assert Answer.objects.count() == 0


def test_what_holds_now_is_read_at_the_same_address(world: World) -> None:
    make_answer(world.assessment, "linked_data", world.contributor, Response(level=1))

    response = client_of(world.lead).get(address(world), headers=JSON)

    told = response.json()
    assert told["versions"] == {
        "linked_data": 1,
        "shared_platform": 0,
        "practice_share": 0,
        "sectors": 0,
        "why_no_sectors": 0,
    }
    assert (told["person"], told["refused"]) == (world.lead.pk, "")
    assert "no-store" in response.headers["Cache-Control"]
    assert "Accept" in response.headers["Vary"]


def test_an_ended_session_is_told_and_not_redirected(world: World) -> None:
    data = {"linked_data:version": "0", "linked_data:level": "3"}

    for response in (
        Client().post(address(world), data, headers=JSON),
        Client().get(address(world), headers=JSON),
    ):
        assert (response.status_code, response.json()) == (401, {"sign_in": reverse("sign_in")})


def test_a_stale_token_is_told_and_the_fresh_one_read(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.lead, backend="django.contrib.auth.backends.ModelBackend")
    data = {"person": world.lead.pk, "linked_data:version": "0", "linked_data:level": "3"}

    stale = client.post(address(world), data, headers=JSON)
    token = client.get(address(world), headers=JSON).json()["token"]
    fresh = client.post(address(world), data, headers={**JSON, "X-CSRFToken": token})

    assert (stale.status_code, stale.json()) == (403, {"stale_token": True})
    assert fresh.json()["questions"]["linked_data"]["state"] == "saved"


def test_a_save_takes_at_most_eight_queries(
    world: World, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    instrument_of(world.assessment.pk)
    visit(world.contributor, address(world))
    client = client_of(world.contributor)
    data = {"person": world.contributor.pk, "linked_data:version": "0", "linked_data:level": "3"}

    with django_assert_max_num_queries(8):
        assert client.post(address(world), data, headers=JSON).status_code == 200


def test_the_page_and_its_script_say_who_else_works_there(world: World) -> None:
    visit(world.contributor, address(world))

    page = visit(world.lead, address(world))
    told = client_of(world.lead).get(address(world), headers=JSON).json()

    assert "Connie Contributor is working in this section now." in shown(page)
    assert told["present"] == "Connie Contributor is working in this section now."
    assert "is working in this section now" not in shown(visit(world.approver, address(world)))


def test_what_holds_now_takes_at_most_eight_queries(
    world: World, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    instrument_of(world.assessment.pk)
    client = client_of(world.contributor)

    with django_assert_max_num_queries(8):
        assert client.get(address(world), headers=JSON).status_code == 200
