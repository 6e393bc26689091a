"""After a backup is restored, an operator sees whether the files and the database belong together."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import Any

import pytest

from surveys.actions.evidence import add_file
from surveys.models import Evidence
from surveys.queries.evidence_files import place_of
from tests.commands.running import refused_by, said_by
from tests.files.samples import PDF, png
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(world: World, settings: Any, tmp_path: Path) -> list[Evidence]:
    """Two files of evidence in a folder of their own."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return [
        add_file(
            by=world.lead,
            assessment_id=world.assessment.pk,
            question_code="linked_data",
            file=io.BytesIO(content),
            name=name,
            about="",
        )
        for content, name in ((PDF, "plan.pdf"), (png(), "chart.png"))
    ]


def test_files_that_are_as_they_were_stored(stored: list[Evidence], settings: Any) -> None:
    assert said_by("check_evidence") == (
        f"Every file of evidence is in {settings.EVIDENCE_DIR} as it was stored.\n"
    )


def test_files_that_are_missing_changed_or_left_over(stored: list[Evidence], settings: Any) -> None:
    missing, changed = (place_of(evidence.stored_as) for evidence in stored)
    missing.unlink()
    changed.write_bytes(b"changed")
    stray, new = settings.EVIDENCE_DIR / "aa" / ("a" * 32), settings.EVIDENCE_DIR / "bb" / ("b" * 32)
    for path in (stray, new):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"nobody's")
    os.utime(stray, (0, 0))

    before, now = stored[1].sha256, hashlib.sha256(b"changed").hexdigest()
    other = f"is not as it was stored: its SHA-256 is {now} and not {before}"
    where = f"of assessment {stored[0].assessment_id}"
    assert refused_by("check_evidence").splitlines() == [
        f"{missing}: evidence {stored[0].pk} {where} cannot be read: No such file or directory",
        f"{changed}: evidence {stored[1].pk} {where} {other}",
        f"{stray}: belongs to no evidence and can be deleted",
    ]
