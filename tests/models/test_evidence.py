"""What the database holds of evidence, whoever writes."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from surveys.files.kinds import LARGEST
from surveys.models import Evidence, Question
from tests.models.violation import refused_by_trigger, violates
from tests.world import World

pytestmark = pytest.mark.django_db

EARLIER = timezone.now() - datetime.timedelta(days=1)
LINK = {"kind": "link", "address": "https://example.org/coverage"}
FILE = {
    "kind": "file",
    "file_name": "coverage.pdf",
    "file_kind": "pdf",
    "size": 1,
    "sha256": "0" * 64,
    "stored_as": "a" * 32,
}


def add(world: World, values: dict[str, Any], **changes: Any) -> Evidence:
    about = {
        "assessment": world.assessment,
        "question": Question.objects.get(code="linked_data"),
        "added_by": world.lead,
    }
    return Evidence.objects.create(**(about | values | changes))


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        (LINK, {"address": ""}),
        (LINK, {"address": "javascript:alert(1)"}),
        (LINK, {"address": "https://example.org/a b"}),
        (LINK, {"address": "https://example.org/a\r\nb"}),
        (LINK, {"file_name": "coverage.pdf"}),
        (LINK, {"stored_as": "a" * 32}),
        (FILE, {"kind": "note"}),
        (FILE, {"address": "https://example.org/"}),
        (FILE, {"file_name": ""}),
        (FILE, {"file_name": "../coverage.pdf"}),
        (FILE, {"file_name": "coverage\n.pdf"}),
        (FILE, {"file_kind": "exe"}),
        (FILE, {"size": None}),
        (FILE, {"size": 0}),
        (FILE, {"size": LARGEST + 1}),
        (FILE, {"sha256": "abc"}),
    ],
)
def test_evidence_is_a_link_or_a_file(world: World, values: dict[str, Any], changes: dict[str, Any]) -> None:
    with violates("evidence_is_a_link_or_a_file"):
        add(world, values, **changes)


@pytest.mark.parametrize("stored_as", ["", "../../etc/passwd", "A" * 32])
def test_a_file_is_stored_under_a_random_name(world: World, stored_as: str) -> None:
    with violates("evidence_file_is_stored_until_removed"):
        add(world, FILE, stored_as=stored_as)


def test_two_files_do_not_share_a_place(world: World) -> None:
    add(world, FILE)
    with violates("evidence_stored_under_one_name"):
        add(world, FILE, sha256="1" * 64)


@pytest.mark.parametrize(
    "changes",
    [
        {"removed_at": timezone.now()},
        {"removed_by": "lead"},
        {"removed_at": EARLIER, "removed_by": "lead"},
    ],
)
def test_a_removal_says_who_and_when(world: World, changes: dict[str, Any]) -> None:
    evidence = add(world, FILE)
    rows = {name: getattr(world, str(value), value) for name, value in changes.items()}
    with violates("evidence_removed_by_and_when"):
        Evidence.objects.filter(pk=evidence.pk).update(**rows)


def test_the_same_evidence_stands_once_behind_an_answer(world: World) -> None:
    long = "https://example.org/" + "ö" * 1_980
    add(world, FILE)
    link = add(world, LINK, address=long)
    with violates("evidence_file_once_a_question"):
        add(world, FILE, stored_as="b" * 32)
    with violates("evidence_link_once_a_question"):
        add(world, LINK, address=long)
    other = Question.objects.get(code="training")
    assert add(world, LINK, address=long, question=other).address == long
    Evidence.objects.filter(pk=link.pk).update(removed_at=timezone.now(), removed_by=world.lead)
    assert add(world, LINK, address=long).address == long


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "https://example.org/other"},
        {"about": "Other."},
        {"added_at": EARLIER},
        {"added_by": "contributor"},
    ],
)
def test_what_was_added_is_never_changed(world: World, changes: dict[str, Any]) -> None:
    evidence = add(world, LINK)
    rows = {name: getattr(world, str(value), value) for name, value in changes.items()}
    with refused_by_trigger("pgtrigger: Cannot update rows from surveys_evidence table"):
        Evidence.objects.filter(pk=evidence.pk).update(**rows)


@pytest.mark.parametrize("changes", [{"removed_at": None, "removed_by": None}, {"removed_by": "contributor"}])
def test_what_is_removed_stays_removed(world: World, changes: dict[str, Any]) -> None:
    evidence = add(world, LINK)
    rows = Evidence.objects.filter(pk=evidence.pk)
    rows.update(removed_at=timezone.now(), removed_by=world.lead)
    with refused_by_trigger("pgtrigger: Cannot update rows from surveys_evidence table"):
        rows.update(**{name: value and getattr(world, value) for name, value in changes.items()})


def test_a_file_is_not_stored_elsewhere_but_can_be_deleted_once_removed(world: World) -> None:
    rows = Evidence.objects.filter(pk=add(world, FILE).pk)
    with refused_by_trigger("pgtrigger: Cannot update rows from surveys_evidence table"):
        rows.update(stored_as="b" * 32)
    with violates("evidence_file_is_stored_until_removed"):
        rows.update(stored_as="")
    rows.update(removed_at=timezone.now(), removed_by=world.lead, stored_as="")
    assert rows.get().stored_as == ""


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DELETE FROM surveys_evidence", "Cannot delete rows from surveys_evidence table"),
        ("TRUNCATE surveys_evidence CASCADE", "Cannot truncate rows from surveys_evidence table"),
    ],
)
def test_no_row_of_evidence_is_deleted(world: World, statement: str, sentence: str) -> None:
    add(world, FILE)
    connection.check_constraints()
    with refused_by_trigger(f"pgtrigger: {sentence}"), connection.cursor() as cursor:
        cursor.execute(statement)
