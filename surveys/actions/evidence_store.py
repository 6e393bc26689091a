"""Keeping the files of evidence: outside the web root, under random names, scanned before they are shown."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from surveys.actions.refusals import Refused
from surveys.queries.evidence_files import place_of

SCAN_SECONDS: Final = 120

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoredFile:
    """A file as it is stored: under which name, how many bytes, and the SHA-256 of them."""

    stored_as: str
    size: int
    sha256: str


def store(content: bytes) -> StoredFile:
    """Write a file under a name that nobody can guess, and have it scanned.

    It is on the disk when this returns. Raises Refused when it cannot be written, or when the scanner does
    not work or does not find it clean; then nothing is left of it.
    """
    stored = StoredFile(secrets.token_hex(16), len(content), hashlib.sha256(content).hexdigest())
    try:
        _write(place_of(stored.stored_as), content)
        _scan(place_of(stored.stored_as))
    except OSError as error:
        discard(stored.stored_as)
        logger.exception("A file of evidence cannot be written to EVIDENCE_DIR (%s)", settings.EVIDENCE_DIR)
        raise Refused(
            "The file could not be stored, because of a fault on our side. Try again later, or add a link to "
            "where it is kept."
        ) from error
    except Refused:
        discard(stored.stored_as)
        raise
    return stored


def discard(stored_as: str) -> None:
    """Delete a stored file. It is no error when there is none."""
    try:
        place_of(stored_as).unlink(missing_ok=True)
    except OSError:
        logger.exception("The file %s of evidence cannot be deleted from EVIDENCE_DIR", stored_as)


def _write(path: Path, content: bytes) -> None:
    path.parents[1].mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    # The name too has to outlast a power cut, as the row that tells of it does.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _scan(path: Path) -> None:
    if not settings.EVIDENCE_SCAN_COMMAND:
        return
    command = [*settings.EVIDENCE_SCAN_COMMAND, str(path)]
    try:
        found = subprocess.run(
            command, capture_output=True, check=False, stdin=subprocess.DEVNULL, timeout=SCAN_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.exception("EVIDENCE_SCAN_COMMAND does not work")
        raise Refused(
            "Files are scanned for viruses, and the scan does not work just now, so the file is not stored. "
            "Try again later, or add a link to where it is kept."
        ) from error
    if found.returncode != 0:
        said = (found.stdout + found.stderr).decode(errors="replace").strip()
        logger.warning("EVIDENCE_SCAN_COMMAND refused a file with code %s: %s", found.returncode, said[:500])
        raise Refused(
            "The scan for viruses did not find this file clean, so it is not stored. Have your IT support "
            "check the file before you open it again, or add another one."
        )
