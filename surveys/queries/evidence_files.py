"""Where the files of evidence are."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import Http404

from surveys.files.kinds import FILE_TYPES, FileKind
from surveys.models import Evidence, Person
from surveys.queries.question_page import conversation_state


def place_of(stored_as: str) -> Path:
    """Return the path of the file with this random name, in a folder by its first two characters."""
    return Path(settings.EVIDENCE_DIR) / stored_as[:2] / stored_as


@dataclass(frozen=True)
class EvidenceFile:
    """A file to hand out: where it is, what it is called, and its media type."""

    path: Path
    name: str
    media_type: str


def evidence_file(person: Person, assessment_id: int, question_code: str, evidence_id: int) -> EvidenceFile:
    """Return a file for somebody who may see the evidence of the question now.

    Raises Http404 for everybody else, and when there is no such file or it was removed.
    """
    _, asked_by = conversation_state(person, assessment_id, question_code)
    row = Evidence.objects.filter(
        pk=evidence_id,
        kind=Evidence.Kind.FILE,
        assessment_id=assessment_id,
        question_id=asked_by.question_ids[question_code],
        removed_at=None,
    ).first()
    if row is None:
        raise Http404
    return EvidenceFile(
        place_of(row.stored_as), row.file_name, FILE_TYPES[FileKind(row.file_kind)].media_type
    )


def evidence_faults() -> Iterator[str]:
    """Yield a line for each file that is missing, is not as it was stored, or belongs to no evidence.

    Every file is read. A file that was added in the last hour may still be on its way to its evidence.
    """
    expected: dict[Path, str] = {}
    for row in Evidence.objects.exclude(stored_as="").order_by("pk").iterator():
        path = place_of(row.stored_as)
        expected[path] = row.sha256
        about = f"{path}: evidence {row.pk} of assessment {row.assessment_id}"
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            yield f"{about} cannot be read: {error.strerror}"
            continue
        if digest != row.sha256:
            yield f"{about} is not as it was stored: its SHA-256 is {digest} and not {row.sha256}"
    an_hour_ago = time.time() - 3600
    for path in sorted(Path(settings.EVIDENCE_DIR).glob("??/*")):
        if path not in expected and path.stat().st_mtime < an_hour_ago:
            yield f"{path}: belongs to no evidence and can be deleted"
