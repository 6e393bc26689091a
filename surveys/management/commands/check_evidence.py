"""Compare the files of evidence with what the database says of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from surveys.queries.evidence_files import evidence_faults


class Command(BaseCommand):
    """Say which files are missing, changed or left over; nothing is written."""

    help = (
        "Read every file in EVIDENCE_DIR and compare it with its SHA-256 in the database, for example after "
        "a backup was restored. Ends with code 1 when something is wrong."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Compare them."""
        faults = list(evidence_faults())
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(f"Every file of evidence is in {settings.EVIDENCE_DIR} as it was stored.")
