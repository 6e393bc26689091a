"""A published questionnaire never changes."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from surveys.models import Choice, Dimension, Question, Questionnaire
from tests.factories import SMALL_CONTENT, publish_content
from tests.models.violation import refused_by_trigger, violates

pytestmark = pytest.mark.django_db

_DIGEST = "0" * 64


def test_the_stored_document_is_the_questionnaire_itself() -> None:
    questionnaire = publish_content()
    assert questionnaire.content == SMALL_CONTENT
    assert str(questionnaire) == "Small questionnaire 1.0"


def test_every_question_level_option_and_part_has_a_row() -> None:
    questionnaire = publish_content()
    rows = Question.objects.filter(dimension__questionnaire=questionnaire)
    written = list(rows.order_by("dimension__position", "position").values_list("code", "kind", "scored"))
    assert written == [(q.code, q.kind.value, q.scored) for q in SMALL_CONTENT.questions]
    levels = Choice.objects.filter(question__code="training", kind="level")
    assert list(levels.values_list("value", "label")) == [
        (level.value, level.text) for level in SMALL_CONTENT.question("training").levels
    ]
    options = Choice.objects.filter(question__code="sectors").values_list("code", "label")
    assert list(options) == [(o.code, o.label) for o in SMALL_CONTENT.question("sectors").options]
    parts = Choice.objects.filter(question__code="time_split").values_list("code", "label")
    assert list(parts) == [(p.code, p.label) for p in SMALL_CONTENT.question("time_split").parts]


@pytest.mark.parametrize("table", ["surveys_dimension", "surveys_question", "surveys_choice"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET position = position + 50", "DELETE FROM {table}"])
def test_its_parts_are_frozen(table: str, statement: str) -> None:
    publish_content()
    with (
        refused_by_trigger(f"pgtrigger: Cannot change {table} of a published questionnaire"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table=table))


@pytest.mark.parametrize(
    "table", ["surveys_questionnaire", "surveys_dimension", "surveys_question", "surveys_choice"]
)
def test_nobody_empties_its_tables(table: str) -> None:
    publish_content()
    with (
        pytest.raises(DatabaseError, match="pgtrigger: Cannot truncate rows from surveys_"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")


def test_nothing_is_added_to_it() -> None:
    questionnaire = publish_content()
    with refused_by_trigger("pgtrigger: Cannot change surveys_dimension of a published questionnaire"):
        Dimension.objects.create(questionnaire=questionnaire, code="more", name="More", position=9)


def test_it_is_neither_changed_nor_deleted_with_sql() -> None:
    questionnaire = publish_content()
    for statement in (
        "UPDATE surveys_questionnaire SET title = 'Other' WHERE id = %s",
        "DELETE FROM surveys_questionnaire WHERE id = %s",
    ):
        with (
            refused_by_trigger("pgtrigger: Cannot update or delete rows from surveys_questionnaire table"),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [questionnaire.pk])


def test_codes_and_positions_stand_once() -> None:
    draft = Questionnaire.objects.create(
        key="draft", version="1", title="Draft", document="{}", digest=_DIGEST
    )
    with violates("questionnaire_version_once"):
        Questionnaire.objects.create(key="draft", version="1", title="Draft", document="{}", digest=_DIGEST)
    with violates("questionnaire_digest_is_sha256"):
        Questionnaire.objects.create(key="draft", version="2", title="Draft", document="{}", digest="abc")
    dimension = Dimension.objects.create(questionnaire=draft, code="one", name="One", position=1)
    with violates("dimension_code_once"):
        Dimension.objects.create(questionnaire=draft, code="one", name="One", position=2)
    with violates("dimension_position_once"):
        Dimension.objects.create(questionnaire=draft, code="two", name="Two", position=1)
    values = {"dimension": dimension, "text": "?", "scored": False}
    question = Question.objects.create(code="a", kind="number", position=1, **values)
    with violates("question_code_once"):
        Question.objects.create(code="a", kind="number", position=2, **values)
    with violates("question_position_once"):
        Question.objects.create(code="b", kind="number", position=1, **values)
    with violates("question_kind_known"):
        Question.objects.create(code="b", kind="song", position=2, **values)
    Choice.objects.create(question=question, kind="option", code="x", label="X", position=1)
    with violates("choice_code_once"):
        Choice.objects.create(question=question, kind="option", code="x", label="X", position=2)
    with violates("choice_value_only_for_levels"):
        Choice.objects.create(question=question, kind="option", code="y", label="Y", value=1, position=2)
    assert (str(dimension), str(question)) == ("One", "a")
