from dataclasses import replace
from typing import Any

from hypothesis import given

from surveys.questionnaires.comparison import Change, ChangeKind, FieldChange, VersionDiff, diff
from surveys.questionnaires.digest import from_document
from tests.questionnaires.examples import GONE, document, example
from tests.questionnaires.generated import Document, documents

BEFORE = example("every_kind")
Q = "dimensions__0__questions__"


def changed(**changes: Any) -> VersionDiff:
    return diff(BEFORE, from_document(document(version="2", **changes)))


def test_two_versions_with_the_same_content_have_no_differences() -> None:
    assert changed() == VersionDiff((), (), (), ())
    assert changed().is_empty


def test_a_reworded_level_is_shown_before_and_after() -> None:
    assert changed(**{Q + "0__levels__2__text": "One list covers them all."}).questions == (
        Change(
            "catalogue",
            ChangeKind.CHANGED,
            (
                FieldChange(
                    "levels.3.text", "One list covers the main data sets.", "One list covers them all."
                ),
            ),
        ),
    )


def test_every_kind_of_field_is_compared() -> None:
    found = changed(
        **{
            Q + "0__why": GONE,
            Q + "0__not_applicable": {"effect": "points", "points": 3},
            Q + "1__weight": 3,
            Q + "1__options__1__points": 3,
            Q + "2__required": True,
            Q + "2__asked_if": {"question": "owner", "chosen": ["yes", "no"]},
            Q + "2__options__1": {"code": "homes", "label": "Homes"},
        }
    )

    assert {change.code: change.changes for change in found.questions} == {
        "catalogue": (
            FieldChange("not_applicable", "left out", "3 points"),
            FieldChange("why", "A catalogue lets people find data.", ""),
        ),
        "owner": (FieldChange("weight", "2", "3"), FieldChange("options.partly.points", "2.5", "3")),
        "sources": (
            FieldChange("required", "no", "yes"),
            FieldChange("asked_if", "", "owner chosen yes, no"),
            FieldChange("options", "wards, clinics, elsewhere, nowhere", "wards, homes, elsewhere, nowhere"),
            FieldChange("options.homes.code", "", "homes"),
            FieldChange("options.homes.label", "", "Homes"),
            FieldChange("options.homes.exclusive", "", "no"),
            FieldChange("options.homes.other", "", "no"),
            FieldChange("options.clinics.code", "clinics", ""),
            FieldChange("options.clinics.label", "Clinics", ""),
            FieldChange("options.clinics.hint", "Including evening clinics.", ""),
            FieldChange("options.clinics.exclusive", "no", ""),
            FieldChange("options.clinics.other", "no", ""),
        ),
    }


def test_added_and_retired_questions_are_named_and_the_dimension_shows_its_new_list() -> None:
    new = {"code": "search", "kind": "long_text", "text": "How do people search?"}
    found = changed(**{Q + "3": new, Q + "2": GONE})

    assert found.questions == (Change("search", ChangeKind.ADDED), Change("sources", ChangeKind.RETIRED))
    assert found.dimensions == (
        Change(
            "stores",
            ChangeKind.CHANGED,
            (FieldChange("questions", "catalogue, owner, sources", "catalogue, owner, search"),),
        ),
    )


def test_questions_are_paired_by_the_map_when_the_code_changed() -> None:
    lines = [{"code": question.code, "status": "same"} for question in BEFORE.questions[1:]]
    lines.append({"code": "register", "previous": "catalogue", "status": "reworded_comparable"})
    found = changed(
        **{
            Q + "0__code": "register",
            Q + "0__text": "How complete is the register?",
            "comparison": {"previous_version": "1", "questions": lines},
        }
    )

    assert found.questions == (
        Change(
            "register",
            ChangeKind.CHANGED,
            (
                FieldChange("code", "catalogue", "register"),
                FieldChange(
                    "text", "How complete is the catalogue of data?", "How complete is the register?"
                ),
            ),
        ),
    )


def test_a_question_that_moves_shows_where_from_and_where_to() -> None:
    content = document(version="2")
    content["dimensions"][1]["questions"].append(content["dimensions"][0]["questions"].pop())

    assert diff(BEFORE, from_document(content)).questions == (
        Change("sources", ChangeKind.CHANGED, (FieldChange("dimension", "stores", "people"),)),
    )


def test_sections_and_the_questionnaire_itself_are_compared() -> None:
    content = document("yes_no_partly", version="2025", title="Yes or no")
    content["dimensions"][0]["sections"][1]["name"] = "Boards"
    del content["dimensions"][1]

    assert diff(example("yes_no_partly"), from_document(content)) == VersionDiff(
        questionnaire=(
            FieldChange("title", "Yes, no or partly", "Yes or no"),
            FieldChange("dimensions", "1, 2", "1"),
        ),
        dimensions=(Change("2", ChangeKind.RETIRED),),
        sections=(
            Change("1.2", ChangeKind.CHANGED, (FieldChange("name", "Oversight", "Boards"),)),
            Change("2.1", ChangeKind.RETIRED),
        ),
        questions=tuple(Change(code, ChangeKind.RETIRED) for code in ("4", "5", "6")),
    )


def test_the_scale_and_the_groups_are_compared() -> None:
    found = changed(scale__levels__1__name="Started", groups__0__name="Kit")

    assert found.questionnaire == (
        FieldChange("scale.levels.2.name", "Begun", "Started"),
        FieldChange("groups.tools.name", "Tools", "Kit"),
    )


@given(documents(), documents())
def test_only_questionnaires_that_differ_have_differences(one: Document, other: Document) -> None:
    before, after = from_document(one), from_document(other)

    assert diff(before, before).is_empty
    assert diff(before, after).is_empty == (before == replace(after, version=before.version))
