"""The list of questionnaires, and one as respondents see it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from surveys.actions.questionnaires import publish
from surveys.models import Questionnaire
from surveys.questionnaires.schema import Comparator, Condition, Contradiction
from tests.factories import SMALL_CONTENT, make_nation, make_person
from tests.pages import as_, text_of
from tests.world import World


def test_only_administrators_have_the_pages(client: Client, world: World) -> None:
    paths = ["/questionnaires/", f"/questionnaires/{world.questionnaire.pk}/"]
    for path in paths:
        assertRedirects(client.get(path), f"/sign-in/?next={path}", fetch_redirect_response=False)
    for who in ("lead", "approver", "regional_analyst", "national_analyst", "newcomer"):
        as_(client, getattr(world, who))
        assert [client.get(path).status_code for path in paths] == [404, 404]
    as_(client, world.administrator)
    assert [client.get(path).status_code for path in paths] == [200, 200]
    assert client.get(f"/questionnaires/{'9' * 30}/").status_code == 404


def test_the_list_says_what_each_version_is(client: Client, world: World) -> None:
    publish(by=world.administrator, content=replace(SMALL_CONTENT, version="2.0"))
    Questionnaire.objects.create(key="plan", version="1", title="Plan", document="{}", digest="0" * 64)
    words = text_of(as_(client, world.administrator).get("/questionnaires/"))
    assert "Plan 1 Key and version plan 1 Published Not published Rounds None SHA-256 000000000000" in words
    assert words.index("small 2.0") < words.index("small 1.0")
    assert re.search(r"small 2.0 Published \d+ \w+ \d{4}, \d\d:\d\d, Ada Administrator Rounds None", words)
    assert re.search(r"small 1.0 Published .* by a command on the server Rounds Spring round", words)


def test_no_questionnaire_is_a_page(client: Client, db: None) -> None:
    as_(client, make_person("Ada Administrator", role="administrator", organisation=make_nation()))
    assertContains(client.get("/questionnaires/"), "There is no questionnaire yet.")


def test_a_questionnaire_that_is_not_published_is_a_page(client: Client, world: World) -> None:
    plan = Questionnaire.objects.create(key="plan", version="1", title="Plan", document="{}", digest="0" * 64)
    page = as_(client, world.administrator).get(f"/questionnaires/{plan.pk}/")
    assertContains(page, "Not published: no round can use it yet")


def test_what_does_not_fit_together_can_be_read(client: Client, world: World) -> None:
    fold = "What a reviewer is told, when answers do not fit together"
    as_(client, world.administrator)
    assert fold not in text_of(client.get(f"/questionnaires/{world.questionnaire.pk}/"))
    conditions = (
        Condition("practice_share", Comparator.AT_MOST, value=Decimal(10)),
        Condition("sectors", Comparator.NOT_CHOSEN, options=("acute", "none")),
        Condition("linked_data", Comparator.AT_LEAST, value=Decimal(3)),
    )
    contradiction = Contradiction("unfed", conditions, "Linked data come from <nowhere>.")
    content = replace(SMALL_CONTENT, version="2.0", contradictions=(contradiction,))
    published = publish(by=world.administrator, content=content).questionnaire
    assert (
        f"{fold} Linked data come from <nowhere>. "
        "When practice_share at most 10 and sectors not chosen acute, none and linked_data at least 3 "
    ) in text_of(client.get(f"/questionnaires/{published.pk}/"))


def test_the_preview_asks_every_question_as_the_section_page_does(client: Client, world: World) -> None:
    """Every field of the pages that a lead gets is on the preview, and none is filled."""
    preview = as_(client, world.administrator).get(f"/questionnaires/{world.questionnaire.pk}/")
    assertContains(preview, "These are the questions as respondents see them, 11 in all.")
    as_(client, world.lead)
    sections = [
        client.get(f"/assessments/{world.assessment.pk}/sections/{code}/")
        for code in ("data_platform", "skills")
    ]
    asked = [name for page in sections for name in fields(page)]
    assert fields(preview) == asked
    assertContains(preview, "Answer this only if")
    assert "checked" not in preview.content.decode()


def test_only_the_questions_alone_may_stand_in_a_frame_and_only_in_one_of_ours(
    client: Client, world: World
) -> None:
    preview = f"/questionnaires/{world.questionnaire.pk}/"
    as_(client, world.administrator)
    assertContains(client.get(f"{preview}phone/"), f'<iframe class="app-phone" src="{preview}questions/"')
    framed = client.get(f"{preview}questions/")
    assert fields(framed) == fields(client.get(preview))
    assert re.findall('href="([^#"]+)"', framed.content.decode().partition("<body>")[2]) == []
    policies = {
        path: (
            response["X-Frame-Options"],
            re.findall("frame-ancestors [^;]+", response["Content-Security-Policy"]),
        )
        for path in ("", "phone/", "questions/")
        for response in [client.get(f"{preview}{path}")]
    }
    assert policies == {
        "": ("DENY", ["frame-ancestors 'none'"]),
        "phone/": ("DENY", ["frame-ancestors 'none'"]),
        "questions/": ("SAMEORIGIN", ["frame-ancestors 'self'"]),
    }


def fields(response: Any) -> list[str]:
    """The names of the fields of questions on a page, in order."""
    return re.findall(r'<(?:input|textarea|select)[^>]*?name="(\w+:[^"]+)"', response.content.decode())
