"""Taking in a questionnaire's file, checked against the version before it where there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from django.db import transaction

from surveys.actions.questionnaire_drafts import keep_draft
from surveys.actions.questionnaires import Published, publish
from surveys.imports.workbook_package import WorkbookRefused
from surveys.imports.workbook_sheets import read_sheets
from surveys.models import Person, Questionnaire
from surveys.questionnaires.loading import file_bytes, load, parse
from surveys.questionnaires.problems import Problem, QuestionnaireError
from surveys.questionnaires.schema import Questionnaire as Content
from surveys.questionnaires.workbook.reading import read_questionnaire

_WORKBOOK_STARTS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_WORKBOOK_ENDINGS: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


@dataclass(frozen=True)
class Reading:
    """What was published, and the version that the file compares itself with when that is not known here."""

    published: Published
    unknown_previous: str = ""


@transaction.atomic
def publish_file(path: Path, *, by: Person | None, dry_run: bool = False) -> Reading:
    """Publish the questionnaire in a file; with `dry_run` everything is tried and nothing is kept.

    Raises QuestionnaireError with every problem of the file, and Refused when its version is published
    already with other content.
    """
    is_workbook = path.suffix.lower() in _WORKBOOK_ENDINGS
    read = partial(_read, file_bytes(path), path.name) if is_workbook else partial(load, path)
    content, previous = _checked(read)
    published = publish(by=by, content=content)
    if dry_run:
        transaction.set_rollback(True)
    compared = content.comparison.previous_version if content.comparison else ""
    return Reading(published, "" if previous else compared)


def keep_file(file: bytes, name: str, *, by: Person) -> Questionnaire:
    """Keep the questionnaire in a file's bytes as a draft; `name` is what problems call the file.

    Raises QuestionnaireError with every problem of the file, and Refused when its version is published.
    """
    content, _ = _checked(partial(_read, file, name))
    return keep_draft(by=by, content=content, file=name)


def _checked(read: Callable[[Content | None], Content]) -> tuple[Content, Content | None]:
    """Return the questionnaire in a file, and the published version it was checked against, if any."""
    content = read(None)
    previous = _previous(content)
    return (content if previous is None else read(previous)), previous


def _read(file: bytes, name: str, previous: Content | None) -> Content:
    """Read a workbook or a YAML file, whatever its name says. Raises QuestionnaireError."""
    if not file.startswith(_WORKBOOK_STARTS) and not name.lower().endswith(_WORKBOOK_ENDINGS):
        return parse(file, name, previous)
    try:
        sheets = read_sheets(file)
    except WorkbookRefused as refused:
        wrong, _, mend = refused.message.partition(". ")
        raise QuestionnaireError((Problem(name, "", f"{wrong.removesuffix('.')}.", mend),)) from refused
    return read_questionnaire(sheets, name, previous)


def _previous(content: Content) -> Content | None:
    """Return the published version that a questionnaire compares itself with, if it is known here."""
    if content.comparison is None:
        return None
    rows = Questionnaire.objects.filter(key=content.key, published_at__isnull=False)
    row = rows.filter(version=content.comparison.previous_version).first()
    return row.content if row else None
