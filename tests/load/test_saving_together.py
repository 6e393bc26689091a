"""Several people saving at the same instant, over HTTP, on several workers: nothing saved is lost."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from surveys.actions.answers import AnswerSave, save_answers
from surveys.models import Assessment, Membership
from surveys.questionnaires.responses import Response
from tests.actions.test_answers import stored
from tests.factories import make_membership, make_person
from tests.load.gunicorn import Answered, Site, gunicorn
from tests.together import together
from tests.world import World, build_world

PAIRS = 40
SKILLS = ("training", "recruitment")


@pytest.fixture
def country(transactional_db: None) -> World:
    """The country, in committed rows."""
    return build_world()


@pytest.fixture
def site(country: World) -> Iterator[Site]:
    """The site with four workers."""
    with gunicorn(4) as running:
        yield running


def section(assessment: Assessment, dimension_code: str = "data_platform") -> str:
    return reverse("section", args=[assessment.pk, dimension_code])


def state_of(answered: Answered, code: str) -> Any:
    questions: Any = answered.told["questions"]
    return questions[code]["state"]


def level(code: str, value: int, seen: int = 0) -> dict[str, str]:
    return {f"{code}:version": str(seen), f"{code}:level": str(value)}


def test_forty_pairs_on_different_questions_lose_nothing(country: World, site: Site) -> None:
    """Two colleagues save different questions of one section at the same instant, forty times."""
    here = section(country.assessment, "skills")
    second = make_person("Lars Lead", role="lead", organisation=country.own)
    visitors = [site.visitor(country.lead), site.visitor(second)]
    for number in range(PAIRS):
        value = number % 5 + 1
        first, other = together(
            *(
                partial(who.post, here, level(code, value, number))
                for who, code in zip(visitors, SKILLS, strict=True)
            )
        )
        assert [state_of(first, SKILLS[0]), state_of(other, SKILLS[1])] == ["saved", "saved"]
    history = apps.get_model("surveys", "AnswerEvent").objects.order_by("question__code", "version")
    assert list(history.values_list("question__code", "version", "level")) == [
        (code, number + 1, number % 5 + 1) for code in sorted(SKILLS) for number in range(PAIRS)
    ]


def test_of_those_who_answer_one_question_one_is_stored_and_the_others_are_told(
    country: World, site: Site
) -> None:
    people = [country.lead, country.contributor]
    people += [make_person(f"Lead {name}", role="lead", organisation=country.own) for name in "ABCDEF"]
    visitors = [site.visitor(person) for person in people]

    answers = together(
        *(
            lambda who=who, words=person.name: who.post(
                section(country.assessment), {"linked_data:version": "0", "linked_data:comment": words}
            )
            for who, person in zip(visitors, people, strict=True)
        )
    )

    states = [state_of(answered, "linked_data") for answered in answers]
    winner = people[states.index("saved")]
    assert sorted(states) == ["conflict"] * 7 + ["saved"]
    assert stored(country.assessment) == {"linked_data": (1, Response(comment=winner.name))}
    for answered, person in zip(answers, people, strict=True):
        if person != winner:
            assert f"{winner.name} saved another answer on" in answered.body
            assert f"Comment: {person.name}" in answered.body


def test_two_tabs_on_two_assessments_stay_apart(country: World, site: Site) -> None:
    make_membership(country.lead, Membership.Role.LEAD, country.sister)
    tabs = site.visitor(country.lead)

    for value in (1, 2, 3):
        together(
            lambda value=value: tabs.post(
                section(country.assessment), level("linked_data", value, value - 1)
            ),
            lambda value=value: tabs.post(
                section(country.sister_assessment), level("linked_data", 6 - value, value - 1)
            ),
        )

    assert stored(country.assessment) == {"linked_data": (3, Response(level=3))}
    assert stored(country.sister_assessment) == {"linked_data": (3, Response(level=3))}
    history = apps.get_model("surveys", "AnswerEvent").objects.order_by("version")
    for assessment, levels in ((country.assessment, [1, 2, 3]), (country.sister_assessment, [5, 4, 3])):
        assert list(history.filter(assessment=assessment).values_list("level", flat=True)) == levels


def test_a_double_submit_is_stored_once(country: World, site: Site) -> None:
    lena = site.visitor(country.lead)
    fields = {**level("linked_data", 3), "then": ":stay"}

    pages = together(*[lambda: lena.post(section(country.assessment), fields, accept="text/html")] * 4)

    assert [page.status for page in pages] == [302] * 4
    assert stored(country.assessment) == {"linked_data": (1, Response(level=3))}


def test_sending_for_sign_off_while_a_colleague_saves_takes_one_after_the_other(
    country: World, site: Site
) -> None:
    """Whatever comes first, what was answered "saved" is in what is sent, and nothing is saved after."""
    first = AnswerSave("linked_data", 0, Response(level=1))
    save_answers(by=country.lead, assessment_id=country.assessment.pk, saves=[first])
    lena, connie = site.visitor(country.lead), site.visitor(country.contributor)

    sent, saved = together(
        lambda: lena.post(reverse("send_for_signoff", args=[country.assessment.pk]), {}, accept="text/html"),
        lambda: connie.post(section(country.assessment), level("linked_data", 4, 1)),
    )

    country.assessment.refresh_from_db()
    assert (sent.status, country.assessment.status) == (302, Assessment.Status.AWAITING_SIGNOFF)
    if saved.status == 200:
        assert stored(country.assessment)["linked_data"] == (2, Response(level=4))
    else:
        assert (saved.status, list(saved.told)) == (409, ["refused"])
        assert stored(country.assessment)["linked_data"] == (1, Response(level=1))
