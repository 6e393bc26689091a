"""Import the answers of a round from a file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from surveys.actions.answer_imports import AnswerImport
from surveys.actions.refusals import Refused
from surveys.actions.row_problems import RowsRefused
from surveys.imports.answers import import_answer_file
from surveys.imports.messages import problem_lines
from surveys.imports.rounds import find_round
from surveys.models import Round

NEXT_STEPS: Final = {
    Round.Status.OPEN: "The round is open: its people go on from these answers and sign them.",
    Round.Status.CLOSED: "The round is closed. Next: release its results.",
    Round.Status.PROVISIONAL: "The provisional results are as they were. Next: release them again.",
    Round.Status.PUBLISHED: "The published results are as they were. Next: publish a correction with a note.",
}


class Command(BaseCommand):
    """Say what was created, changed and left alone; with errors, report them all and store nothing."""

    help = (
        "Import answers into a round from a CSV file (docs/data-dictionary.md describes it and how a past "
        "round is brought in). All of the file is stored or, if anything in it is wrong, nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the round, the file and whether to store anything."""
        parser.add_argument("survey_round", metavar="round", help="the round's title, or its number")
        parser.add_argument("file", type=Path, help="the CSV file")
        parser.add_argument("--dry-run", action="store_true", help="check everything and store nothing")

    def handle(self, *_args: Any, survey_round: str, file: Path, dry_run: bool, **_options: Any) -> None:
        """Import the file."""
        try:
            done = import_answer_file(file, find_round(survey_round), by=None, dry_run=dry_run)
        except RowsRefused as refused:
            raise CommandError("\n".join(problem_lines(file, refused.problems))) from None
        except Refused as refused:
            raise CommandError(f"{refused.message} Nothing was stored.") from None
        self._report(file, done, dry_run=dry_run)

    def _report(self, file: Path, done: AnswerImport, *, dry_run: bool) -> None:
        self.stdout.write(
            f"{file} into “{done.title}”" + (" (dry run: nothing is stored)" if dry_run else "")
        )
        self.stdout.write(
            f"answers: {done.created} created, {done.changed} changed, {done.unchanged} unchanged, "
            f"{done.blank} blank, 0 errors"
        )
        self.stdout.write(f"assessments kept as imported submissions: {done.submitted}")
        if done.without:
            self.stdout.write(f"systems without any answer ({len(done.without)}): {', '.join(done.without)}")
        if not dry_run:
            self.stdout.write(NEXT_STEPS[Round.Status(done.status)])
