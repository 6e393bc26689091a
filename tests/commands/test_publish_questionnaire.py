"""Publishing a questionnaire from a file: once, for good, and never with a mistake in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys.exports.questionnaire_workbook import questionnaire_workbook
from surveys.models import Event, Question, Questionnaire
from surveys.questionnaires.loading import CONTENT
from tests.commands.running import refused_by, said_by

pytestmark = pytest.mark.django_db

SHIPPED = CONTENT / "ics-data-maturity-1.0.yaml"
FIRST = """
key: tea
version: "1.0"
title: Tea
dimensions:
  - code: making
    name: Making tea
    questions:
      - {code: pot, kind: long_text, text: Which pot do you use?}
"""
SECOND = """
key: tea
version: "2.0"
title: Tea
dimensions:
  - code: making
    name: Making tea
    questions:
      - {code: pot, kind: long_text, text: Which pot do you use?}
      - {code: leaf, kind: long_text, text: Which leaf do you use?}
comparison:
  previous_version: "1.0"
  questions:
    - {code: pot, status: same}
    - {code: leaf, status: new}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "tea.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_questionnaire_that_comes_with_the_product() -> None:
    said = said_by("publish_questionnaire", SHIPPED)

    published = Questionnaire.objects.get()
    assert said == (
        f"{SHIPPED}: “ICS data maturity self-assessment 1.0” is published: dimensions: 9, questions: 54, "
        f"SHA-256 {published.digest}.\n"
    )
    assert Question.objects.count() == 54
    assert published.published_at is not None
    assert list(Event.objects.values_list("person_name", "verb")) == [
        ("command line", "questionnaire.published")
    ]


def test_a_workbook_is_published_as_the_file_it_came_from(tmp_path: Path) -> None:
    said_by("publish_questionnaire", SHIPPED)
    row = Questionnaire.objects.get()
    file = questionnaire_workbook(row)
    path = tmp_path / file.name
    path.write_bytes(file.content)

    assert (
        said_by("publish_questionnaire", path)
        == f"{path}: “{row}” is published already with this content. Nothing to do.\n"
    )


def test_the_same_content_again_does_nothing() -> None:
    said_by("publish_questionnaire", SHIPPED)

    assert said_by("publish_questionnaire", SHIPPED) == (
        f"{SHIPPED}: “ICS data maturity self-assessment 1.0” is published already with this content. "
        "Nothing to do.\n"
    )
    assert Event.objects.count() == 1


def test_a_script_can_ask_for_silence() -> None:
    assert said_by("publish_questionnaire", SHIPPED, "--verbosity", 0) == ""
    assert Questionnaire.objects.count() == 1


def test_a_dry_run_stores_nothing(tmp_path: Path) -> None:
    said = said_by("publish_questionnaire", write(tmp_path, FIRST), "--dry-run")

    assert said.startswith(
        f"{tmp_path / 'tea.yaml'}: “Tea 1.0” can be published (dry run: nothing is stored): "
        "dimensions: 1, questions: 1, SHA-256 "
    )
    assert Questionnaire.objects.count() == 0


def test_other_content_under_a_published_version_is_refused(tmp_path: Path) -> None:
    said_by("publish_questionnaire", write(tmp_path, FIRST))
    before = Questionnaire.objects.get().digest

    assert refused_by("publish_questionnaire", write(tmp_path, FIRST.replace("pot do", "mug do"))) == (
        f"{tmp_path / 'tea.yaml'}: Version 1.0 of “Tea” is already published with other content. A published "
        "version never changes: give the new content a new version number. Nothing was stored."
    )
    assert Questionnaire.objects.get().digest == before


def test_a_mistake_is_told_with_the_file_the_question_and_the_mend(tmp_path: Path) -> None:
    said = refused_by(
        "publish_questionnaire", write(tmp_path, FIRST.replace("long_text", "short_text"))
    ).splitlines()

    assert said[0].startswith("tea.yaml, pot: ")
    assert said[1:] == ["1 error. Nothing was stored."]
    assert Questionnaire.objects.count() == 0


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    broken = FIRST.replace("long_text", "short_text").replace("title: Tea", "titel: Tea")

    assert refused_by("publish_questionnaire", write(tmp_path, broken)).splitlines()[-1] == (
        "3 errors. Nothing was stored."
    )


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"PK\x03\x04", "key: tea\n".encode("utf-16"), b"- ["])
def test_a_file_that_is_no_questionnaire_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tea.yaml"
    path.write_bytes(content)

    assert refused_by("publish_questionnaire", path).splitlines()[-1].endswith(". Nothing was stored.")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused_by("publish_questionnaire", tmp_path / "absent.yaml").splitlines() == [
        "absent.yaml: There is no such file. Check the path.",
        "1 error. Nothing was stored.",
    ]


def test_a_new_version_is_checked_against_the_one_before(tmp_path: Path) -> None:
    said_by("publish_questionnaire", write(tmp_path, FIRST))

    missing = SECOND.replace("    - {code: pot, status: same}\n", "")
    said = refused_by("publish_questionnaire", write(tmp_path, missing)).splitlines()
    assert said[0].startswith("tea.yaml, pot: ")

    said_by("publish_questionnaire", write(tmp_path, SECOND))
    assert list(Questionnaire.objects.order_by("version").values_list("version", flat=True)) == ["1.0", "2.0"]


def test_a_version_before_that_is_not_known_here_is_said(tmp_path: Path) -> None:
    said = said_by("publish_questionnaire", write(tmp_path, SECOND)).splitlines()

    assert said[0] == (
        f"{tmp_path / 'tea.yaml'}: it compares itself with version 1.0, which is not published here, so the "
        "comparison could not be checked."
    )
    assert len(said) == 2
