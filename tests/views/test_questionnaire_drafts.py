"""A questionnaire on its way through the pages: uploaded, read, compared, mapped, published."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from surveys.actions.questionnaire_drafts import keep_draft
from surveys.exports.questionnaire_file import questionnaire_yaml
from surveys.models import Questionnaire
from surveys.questionnaires.digest import digest
from surveys.questionnaires.loading import parse
from surveys.questionnaires.schema import ComparisonStatus
from tests.factories import SMALL_CONTENT, reworded
from tests.pages import as_, text_of
from tests.world import World

SECOND = reworded(replace(SMALL_CONTENT, version="2.0"), "linked_data", "How mature is the linking of data?")


@pytest.fixture
def admin(client: Client, world: World) -> Client:
    """A browser of the administrator."""
    return as_(client, world.administrator)


@pytest.fixture
def draft(world: World) -> Questionnaire:
    """A second version with one question in other words, and no map."""
    return keep_draft(by=world.administrator, content=SECOND, file="second.yaml")


def upload(client: Client, content: bytes, name: str = "second.yaml") -> Any:
    file = io.BytesIO(content)
    file.name = name
    return client.post(reverse("upload_questionnaire"), {"questionnaire": file})


def page(client: Client, name: str, row: Questionnaire, **query: str) -> Any:
    return client.get(reverse(name, args=[row.pk]), query)


def mapped(page_of_map: Any, **changes: str) -> dict[str, str]:
    """What the page of the map would send, with changes."""
    fields = {field.html_name: field.value() or "" for field in page_of_map.context["form"]}
    return fields | {name.replace("__", ":"): value for name, value in changes.items()}


def test_the_file_of_a_version_comes_back_as_the_same_version(admin: Client, world: World) -> None:
    response = page(admin, "questionnaire_file", world.questionnaire)
    assert response["Content-Disposition"] == 'attachment; filename="small-1-0.yaml"'
    assert digest(parse(response.content, "small-1-0.yaml")) == world.questionnaire.digest
    assertContains(upload(admin, response.content), "is published already with this content")


def test_the_workbook_of_a_version_comes_back_as_the_same_version(admin: Client, world: World) -> None:
    response = page(admin, "questionnaire_workbook", world.questionnaire)
    assert response["Content-Disposition"] == 'attachment; filename="small-1-0.xlsx"'
    assertContains(upload(admin, response.content, "small.xlsx"), "is published already with this content")


def test_what_is_wrong_in_a_workbook_is_listed_with_its_cell(admin: Client, world: World) -> None:
    response = admin.get(reverse("questionnaire_template"))
    assert response["Content-Disposition"] == 'attachment; filename="questionnaire-template.xlsx"'
    refused = upload(admin, response.content, "questionnaire-template.xlsx")
    words = text_of(refused)
    assert "The file has 4 problems, so nothing is kept. They are listed below" in words
    assert "Where Sheet “Questionnaire”, cell B4 What is wrong “Key” is missing. What to do Add it." in words
    assert Questionnaire.objects.count() == 1


def test_an_uploaded_file_becomes_a_draft_that_can_be_read(admin: Client, world: World) -> None:
    text = questionnaire_yaml(world.questionnaire).replace("version: '1.0'", "version: '2.0'")
    response = upload(admin, text.encode())
    draft = Questionnaire.objects.get(version="2.0")
    assertRedirects(response, reverse("questionnaire", args=[draft.pk]))
    shown = text_of(page(admin, "questionnaire", draft))
    assert "Not published: no round can use it yet" in shown
    assert "These are the questions as respondents see them, 11 in all." in shown
    assert (
        "Parts 2 dimensions, 2 sections "
        "Questions 4 maturity; 1 percentage; 1 multi choice; 2 long text; 1 number; 1 percentage split; "
        "1 single choice Required 4 of 11 Scored 4 of 11 Asked on a condition 1 of 11 "
        "Contradictions to flag 0 Estimated time 1 hour 3 minutes"
    ) in shown
    assert "Draft, " in text_of(admin.get(reverse("questionnaires")))
    assertNotContains(admin.get(reverse("new_round")), "Small questionnaire 2.0")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file has 1 problem"),
        (b"key: [", "The file has 1 problem"),
        (b"\xff\xfe\x00", "The file has 1 problem"),
        (b"PK\x03\x04 a workbook", "The file has 1 problem"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "The file has 1 problem"),
        (b"key: small\nversion: '2.0'\ntitle: Small\ndimensions: []", "problem"),
    ],
)
def test_a_file_that_is_no_questionnaire_is_told_line_by_line(
    admin: Client, world: World, content: bytes, told: str
) -> None:
    response = upload(admin, content)
    assertContains(response, told)
    assertContains(response, "Put right in the file")
    assert len(response.context["problems"]) > 0
    assert Questionnaire.objects.count() == 1


def test_no_file_is_told(admin: Client, world: World) -> None:
    assertContains(admin.post(reverse("upload_questionnaire")), "Choose the file of the questionnaire")


def test_what_changed_is_shown_word_by_word(admin: Client, draft: Questionnaire) -> None:
    shown = page(admin, "questionnaire_changes", draft)
    assertContains(shown, "<ins>the linking of</ins>", html=False)
    assertContains(shown, "<del>linked</del>", html=False)
    words = text_of(shown)
    assert "From version 1.0 to version 2.0." in words
    assert words.count("Changed. Code:") == 1
    assert "How mature is shared platform?" not in words


def test_the_version_to_compare_with_is_in_the_address(
    admin: Client, world: World, draft: Questionnaire
) -> None:
    own = page(admin, "questionnaire_changes", draft, **{"with": f"{world.questionnaire.pk}"})
    assert "From version 1.0 to version 2.0." in text_of(own)
    for wrong in ("0", f"{draft.pk}", "x", "9" * 40, "-1"):
        shown = page(admin, "questionnaire_changes", draft, **{"with": wrong})
        assertContains(shown, "There is no such version. Choose one from the list.")
        assertContains(shown, "From version 1.0 to version 2.0.")


def test_a_first_version_has_nothing_to_be_compared_with(admin: Client, world: World) -> None:
    assertContains(
        page(admin, "questionnaire_changes", world.questionnaire), "there is nothing to compare it with"
    )
    assertContains(page(admin, "questionnaire_map", world.questionnaire), "every question is new")
    posted = admin.post(reverse("questionnaire_map", args=[world.questionnaire.pk]))
    assertContains(posted, "every question is new")


def test_the_map_proposes_what_is_certain_and_asks_for_the_rest(admin: Client, draft: Questionnaire) -> None:
    shown = page(admin, "questionnaire_map", draft)
    lines = {line.code: (line.status, line.previous) for line in shown.context["page"].lines}
    assert lines.pop("linked_data") == ("", "linked_data")
    assert set(lines.values()) == {("same", code) for code in lines}
    refused = admin.post(reverse("questionnaire_map", args=[draft.pk]), mapped(shown))
    assertContains(refused, "Say how “linked_data” relates to version 1.0")
    assert Questionnaire.objects.get(pk=draft.pk).content.comparison is None


def test_what_somebody_has_to_say_comes_first_in_the_map(admin: Client, world: World) -> None:
    content = reworded(replace(SMALL_CONTENT, version="2.0"), "shared_platform", "Is the platform shared?")
    draft = keep_draft(by=world.administrator, content=content, file="second.yaml")
    shown = page(admin, "questionnaire_map", draft)
    codes = list(SMALL_CONTENT.questions_by_code)
    codes.remove("shared_platform")
    assert [line.code for line in shown.context["page"].lines] == ["shared_platform", *codes]
    words = text_of(shown)
    assert "Say how these relate 1 question Is the platform shared? Version 1.0 asked: How mature is" in words
    assert "Proposed: check these 10 questions How mature is linked data? Code: linked_data" in words
    admin.post(
        reverse("questionnaire_map", args=[draft.pk]),
        mapped(shown, shared_platform__status="reworded_comparable"),
    )
    saved = page(admin, "questionnaire_map", draft)
    assert [line.code for line in saved.context["page"].lines] == list(SMALL_CONTENT.questions_by_code)
    assert "Saved 11 questions How mature is linked data?" in text_of(saved)
    assert "Is the platform shared? Version 1.0 asked: How mature is shared platform?" in text_of(saved)


def test_the_map_is_saved_and_shown(admin: Client, draft: Questionnaire) -> None:
    sent = mapped(
        page(admin, "questionnaire_map", draft),
        linked_data__status="reworded_comparable",
        linked_data__note="It asks for the same.",
    )
    address = reverse("questionnaire_map", args=[draft.pk])
    assertRedirects(admin.post(address, sent), reverse("questionnaire", args=[draft.pk]))
    lines = {line.code: line for line in Questionnaire.objects.get(pk=draft.pk).content.comparison.questions}  # type: ignore[union-attr] # saved just now
    assert (lines["linked_data"].status, lines["linked_data"].note) == (
        ComparisonStatus.REWORDED_COMPARABLE,
        "It asks for the same.",
    )
    assert page(admin, "questionnaire_map", draft).context["page"].proposed == 0
    assertContains(admin.post(address, sent), "has changed since you opened this page")
    assertContains(page(admin, "questionnaire_changes", draft), "The map says: Reworded, comparable.")


def test_a_question_that_is_new_leaves_one_retired(admin: Client, draft: Questionnaire) -> None:
    sent = mapped(
        page(admin, "questionnaire_map", draft),
        linked_data__status="new",
        linked_data__previous="",
    )
    assert "Retired" not in text_of(page(admin, "questionnaire_map", draft))
    refused = admin.post(reverse("questionnaire_map", args=[draft.pk]), sent)
    assertContains(refused, "It is new, but version 1.0 has a question with this code.")
    assertContains(refused, 'value="new" selected')


def test_what_no_question_comes_from_is_named_as_retired(admin: Client, world: World) -> None:
    first, second = SMALL_CONTENT.dimensions
    content = replace(
        SMALL_CONTENT, version="2.0", dimensions=(replace(first, questions=first.questions[1:]), second)
    )
    draft = keep_draft(by=world.administrator, content=content, file="second.yaml")
    words = text_of(page(admin, "questionnaire_map", draft))
    assert (
        "Retired No question above comes from these of version 1.0. "
        "How mature is linked data? Code: linked_data Save the map" in words
    )


def test_publishing_without_a_map_is_warned_of(admin: Client, draft: Questionnaire) -> None:
    warning = (
        "so no result will be compared with earlier rounds. Once it is published, this cannot be made good."
    )
    assertContains(page(admin, "publish_questionnaire", draft), warning)
    sent = mapped(page(admin, "questionnaire_map", draft), linked_data__status="reworded_comparable")
    admin.post(reverse("questionnaire_map", args=[draft.pk]), sent)
    asked = page(admin, "publish_questionnaire", draft)
    assertNotContains(asked, warning)
    assertContains(asked, "Results are compared over time by that map alone.")


def test_a_draft_is_published_for_good(admin: Client, draft: Questionnaire) -> None:
    shown = page(admin, "publish_questionnaire", draft)
    address = reverse("publish_questionnaire", args=[draft.pk])
    assertContains(admin.post(address, {"seen": "0" * 64}), "has changed since you opened this page")
    sent = {"seen": shown.context["form"]["seen"].value()}
    assertRedirects(admin.post(address, sent), reverse("questionnaire", args=[draft.pk]))
    assertContains(admin.get(reverse("new_round")), "Small questionnaire 2.0")
    assertContains(page(admin, "publish_questionnaire", draft), "It is published already")
    assertContains(page(admin, "questionnaire_map", draft), "no result is compared with version 1.0")
    assertContains(page(admin, "discard_questionnaire", draft), "Only a draft can be discarded")


def test_a_draft_is_discarded(admin: Client, draft: Questionnaire) -> None:
    address = reverse("discard_questionnaire", args=[draft.pk])
    sent = {"seen": page(admin, "discard_questionnaire", draft).context["form"]["seen"].value()}
    assertRedirects(admin.post(address, sent), reverse("questionnaires"))
    assert admin.post(address, sent).status_code == 404
    assert not Questionnaire.objects.filter(pk=draft.pk).exists()


def test_the_map_of_a_published_version_is_read(admin: Client, draft: Questionnaire) -> None:
    sent = mapped(page(admin, "questionnaire_map", draft), linked_data__status="reworded_not_comparable")
    admin.post(reverse("questionnaire_map", args=[draft.pk]), sent)
    shown = page(admin, "publish_questionnaire", draft)
    admin.post(
        reverse("publish_questionnaire", args=[draft.pk]), {"seen": shown.context["form"]["seen"].value()}
    )
    words = text_of(page(admin, "questionnaire_map", draft))
    assert "How mature is the linking of data? Reworded, not comparable" in words
    assert "Save the map" not in words


def test_a_map_to_a_version_that_is_not_here_is_said(admin: Client, world: World) -> None:
    text = questionnaire_yaml(world.questionnaire).replace("version: '1.0'", "version: '2.0'")
    lines = "".join(
        f"  - {{code: {code}, previous: {code}, status: same}}\n" for code in SMALL_CONTENT.questions_by_code
    )
    upload(admin, f"{text}comparison:\n  previous_version: '0.9'\n  questions:\n{lines}".encode())
    draft = Questionnaire.objects.get(version="2.0")
    assertContains(page(admin, "questionnaire", draft), "version 0.9, which is not published here")
