"""Nothing that happens to an answer escapes its history."""

from __future__ import annotations

from decimal import Decimal

import pghistory
import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from surveys.actions.answers import AnswerSave, save_answers
from surveys.exports.answer_history import HEADER, UNKNOWN, answer_history_csv
from surveys.models import Answer, Person
from surveys.queries.answer_history import FieldChange, RecordedChange, recorded_changes
from surveys.queries.instruments import instrument_of
from surveys.queries.question_page import conversation_state
from surveys.questionnaires.responses import Response
from tests.world import World

pytestmark = pytest.mark.django_db


def save(world: World, by: Person, code: str, seen: int, response: Response) -> None:
    outcome = save_answers(by=by, assessment_id=world.assessment.pk, saves=[AnswerSave(code, seen, response)])
    assert outcome.saved == {code}


def history(world: World, code: str = "") -> list[RecordedChange]:
    return list(recorded_changes(world.assessment.pk, instrument_of(world.assessment.pk), code))


def told(world: World, code: str = "") -> list[tuple[str, int, bool, list[tuple[str, str, str]]]]:
    """Who, which version, whether it was the first, and the fields: label, before and after."""
    return [
        (
            change.by,
            change.version,
            change.first,
            [(field.label, field.before, field.after) for field in change.fields],
        )
        for change in history(world, code)
    ]


def test_every_save_is_there_field_by_field(world: World) -> None:
    save(world, world.lead, "shared_platform", 0, Response(level=3, comment="Since March."))
    save(world, world.contributor, "shared_platform", 1, Response(level=4, comment="Since March."))
    save(world, world.lead, "shared_platform", 2, Response(not_applicable=True, reason="No platform."))
    save(world, world.lead, "shared_platform", 3, Response())

    assert told(world, "shared_platform") == [
        (
            "Lena Lead",
            1,
            True,
            [("Level", "", "3 Established"), ("Comment", "", "Since March.")],
        ),
        ("Connie Contributor", 2, False, [("Level", "3 Established", "4 Embedded")]),
        (
            "Lena Lead",
            3,
            False,
            [
                ("Level", "4 Embedded", ""),
                ("Comment", "Since March.", ""),
                ("Not applicable", "No", "Yes"),
                ("Why it is not applicable", "", "No platform."),
            ],
        ),
        (
            "Lena Lead",
            4,
            False,
            [("Not applicable", "Yes", "No"), ("Why it is not applicable", "No platform.", "")],
        ),
    ]


@pytest.mark.parametrize(
    ("code", "response", "fields"),
    [
        (
            "sectors",
            Response(options=("acute", "other"), other="Hospices"),
            [
                FieldChange("options", "Choices", "", "Acute hospitals\nAnother sector"),
                FieldChange("other", "Own words for a choice", "", "Hospices"),
            ],
        ),
        ("analysts", Response(number=Decimal("12.5")), [FieldChange("number", "Number", "", "12.5 WTE")]),
        (
            "time_split",
            Response(parts=(("reporting", Decimal(60)), ("strategy", Decimal(40)))),
            [FieldChange("parts", "Parts", "", "Reporting: 60\nStrategy: 40")],
        ),
        (
            "peer_offer",
            Response(text="Our pipelines.", consent=False),
            [
                FieldChange("text", "Text", "", "Our pipelines."),
                FieldChange("consent", "May be shown", "", "No"),
            ],
        ),
    ],
)
def test_every_kind_of_answer_is_told_in_words(
    world: World, code: str, response: Response, fields: list[FieldChange]
) -> None:
    save(world, world.lead, code, 0, response)

    [change] = history(world, code)
    assert sorted(change.fields, key=lambda field: field.field) == sorted(
        fields, key=lambda field: field.field
    )


def test_a_change_past_the_pages_is_there_and_nobody_is_blamed_for_it(world: World) -> None:
    save(world, world.lead, "linked_data", 0, Response(level=3))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE surveys_answer SET level = 5")
    save(world, world.contributor, "linked_data", 1, Response(level=4))

    assert told(world) == [
        ("Lena Lead", 1, True, [("Level", "", "3 Established")]),
        ("", 1, False, [("Level", "3 Established", "5 Leading")]),
        ("Connie Contributor", 2, False, [("Level", "5 Leading", "4 Embedded")]),
    ]


def test_a_change_by_a_request_without_a_new_version_is_told_by_the_request(world: World) -> None:
    save(world, world.lead, "linked_data", 0, Response(level=3))
    for user in (world.contributor.pk, 0):
        with pghistory.context(user=user):
            Answer.objects.filter(question__code="linked_data").update(level=4 if user else 5)

    assert [by for by, *_ in told(world)] == ["Lena Lead", "Connie Contributor", ""]


def test_a_writing_that_changes_no_field_says_so(world: World) -> None:
    save(world, world.lead, "linked_data", 0, Response(level=3))
    Answer.objects.update(version=2)

    assert told(world)[1] == ("Lena Lead", 2, False, [])


def test_an_assessment_is_read_in_one_query_and_is_its_own(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    save(world, world.lead, "linked_data", 0, Response(level=3))
    save(world, world.lead, "training", 0, Response(level=2))
    save_answers(
        by=world.sister_lead,
        assessment_id=world.sister_assessment.pk,
        saves=[AnswerSave("linked_data", 0, Response(level=1))],
    )
    instrument_of(world.assessment.pk)

    with django_assert_num_queries(1):
        found = history(world)
    assert [(change.question_code, change.version) for change in found] == [
        ("linked_data", 1),
        ("training", 1),
    ]


def test_the_file_has_a_row_for_each_field_and_starts_no_formula(world: World) -> None:
    save(world, world.lead, "linked_data", 0, Response(level=3, comment="=1+1"))
    Answer.objects.update(level=4)
    Answer.objects.update(version=2)
    state, asked_by = conversation_state(world.lead, world.assessment.pk)
    file = answer_history_csv(state, asked_by, "ICS data maturity survey", "linked_data")
    rows = [tuple(row) for row in file.rows]

    assert (file.name, file.header) == (f"{state.ods_code}-spring-round-linked_data-history.csv", HEADER)
    assert [row[6:8] + row[9:] for row in rows] == [
        (
            "linked_data",
            "How mature is linked data?",
            "Lena Lead",
            1,
            True,
            "level",
            "Level",
            "",
            "3 Established",
        ),
        ("linked_data", "How mature is linked data?", "Lena Lead", 1, True, "comment", "Comment", "", "=1+1"),
        (
            *("linked_data", "How mature is linked data?", UNKNOWN, 1, False),
            *("level", "Level", "3 Established", "4 Embedded"),
        ),
        ("linked_data", "How mature is linked data?", "Lena Lead", 2, False, "", "", "", ""),
    ]
    again = answer_history_csv(state, asked_by, "ICS data maturity survey", "linked_data")
    assert [line.count("'=1+1") for line in again.lines()] == [0, 0, 1, 0, 0]


def test_the_file_of_a_demonstration_says_so(world: World) -> None:
    world.round.synthetic = True
    world.round.title = "—"
    world.round.save()
    state, asked_by = conversation_state(world.lead, world.assessment.pk)

    assert answer_history_csv(state, asked_by, "").name == (
        f"synthetic-{state.ods_code}-round-answers-history.csv"
    )
