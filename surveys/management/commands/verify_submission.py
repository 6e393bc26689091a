"""Say whether files are submitted copies, byte for byte as they were signed."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys.queries.submission_check import CopyVerdict, copy_verdict


class Command(BaseCommand):
    """Compare files with the copies that the database keeps; nothing is written."""

    help = (
        "Compare downloaded copies of submissions (JSON) with what was signed, by their SHA-256. Says of "
        "each file which copy it is, or what is wrong with it. Ends with code 1 when one is not unchanged."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a downloaded copy (.json)")

    def handle(self, *_args: Any, files: list[Path], **_options: Any) -> None:
        """Verify them all before anything is refused."""
        verdicts = [(file, _verdict(file)) for file in files]
        for file, verdict in verdicts:
            if verdict.unchanged:
                self.stdout.write(f"{file} {verdict.words}")
        faults = [f"{file} {verdict.words}" for file, verdict in verdicts if not verdict.unchanged]
        if faults:
            raise CommandError("\n".join(faults))


def _verdict(file: Path) -> CopyVerdict:
    try:
        return copy_verdict(file.read_bytes())
    except OSError as error:
        return CopyVerdict(unchanged=False, words=f"cannot be read: {error.strerror}.")
