"""What a page carries of a checked workbook, and the choices on it."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.http import QueryDict
from django.utils import timezone

from surveys.actions.answers import AnswerSave
from surveys.actions.workbooks import WorkbookFile
from surveys.forms.workbooks import DecisionForm, sealed, unsealed
from surveys.imports.workbook_review import PendingChanges
from surveys.questionnaires.responses import EMPTY, Response

PENDING = PendingChanges(
    file=WorkbookFile("Entwurf \U0001f600.xlsx", "a" * 64),
    saves=(
        AnswerSave("linked_data", 2, Response(level=3, comment="=1+1\n\u05e9")),
        AnswerSave("clarity", 1, EMPTY),
        AnswerSave("time_split", 0, Response(parts=(("a", Decimal("0.1")), ("b", Decimal("99.9"))))),
        AnswerSave("offer", 0, Response(text="x", consent=False)),
        AnswerSave("platform", 0, Response(not_applicable=True, reason="None.")),
    ),
    shown={"linked_data": 4},
)


def test_changes_come_back_as_they_were_sealed() -> None:
    text = sealed(PENDING, person_id=1, assessment_id=2)
    assert unsealed(text, person_id=1, assessment_id=2) == PENDING


@pytest.mark.parametrize(("person_id", "assessment_id"), [(9, 2), (1, 9), (2, 1)])
def test_another_person_or_assessment_cannot_use_them(person_id: int, assessment_id: int) -> None:
    text = sealed(PENDING, person_id=1, assessment_id=2)
    assert unsealed(text, person_id=person_id, assessment_id=assessment_id) is None


@pytest.mark.parametrize("text", ["", "x", ".", "a:b:c", "\U0001f600", "\0", ":" * 9])
def test_made_up_changes_are_none(text: str) -> None:
    assert unsealed(text, person_id=1, assessment_id=2) is None


def test_altered_changes_are_none() -> None:
    text = sealed(PENDING, person_id=1, assessment_id=2)
    for place in (0, len(text) // 2, -1):
        altered = list(text)
        altered[place] = "A" if altered[place] != "A" else "B"
        assert unsealed("".join(altered), person_id=1, assessment_id=2) is None


def test_changes_hold_for_a_day() -> None:
    text = sealed(PENDING, person_id=1, assessment_id=2)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=23), tick=False):
        assert unsealed(text, person_id=1, assessment_id=2) == PENDING
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25), tick=False):
        assert unsealed(text, person_id=1, assessment_id=2) is None


def test_choices_are_asked_for_one_by_one() -> None:
    form = DecisionForm(
        QueryDict("keep:a=workbook&keep:b=both&keep:z=workbook"), {"a": "A?", "b": "B?", "c": "C?"}
    )
    assert form.errors == {
        "keep:b": ["Choose which answer counts: B?"],
        "keep:c": ["Choose which answer counts: C?"],
    }
    assert (form.choices, form.from_workbook) == ({"a": "workbook"}, {"a"})


def test_without_disputes_there_is_nothing_to_choose() -> None:
    form = DecisionForm(QueryDict("keep:z=workbook"), {})
    assert (form.is_valid(), form.from_workbook) == (True, frozenset())
