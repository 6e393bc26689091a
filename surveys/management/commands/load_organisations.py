"""Load organisations, or changes of organisations, from a file."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys.actions.organisations import CHANGED, CREATED, UNCHANGED, Load, Outcome
from surveys.actions.row_problems import RowsRefused
from surveys.imports.messages import problem_lines
from surveys.imports.organisations import load_organisations


class Command(BaseCommand):
    """Report what was created, changed and left alone; with errors, report them all and store nothing."""

    help = (
        "Load a file of organisations, or of dated changes of organisations (docs/data-dictionary.md"
        " describes both). All of the file is stored or, if anything in it is wrong, nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and whether to store anything."""
        parser.add_argument("file", type=Path, help="the CSV file")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and store nothing")

    def handle(self, *_args: Any, file: Path, dry_run: bool, verbosity: int, **_options: Any) -> None:
        """Load the file."""
        try:
            load = load_organisations(file, by=None, dry_run=dry_run)
        except RowsRefused as refused:
            raise CommandError("\n".join(problem_lines(file, refused.problems))) from None
        if verbosity == 0:
            return
        self.stdout.write(f"{file}" + (" (dry run: nothing is stored)" if dry_run else ""))
        self._report("organisations", load.organisations)
        if load.successions:
            self._report("successions", load.successions)
        self._report_open(load)

    def _report(self, things: str, outcomes: Sequence[Outcome]) -> None:
        counts = Counter(outcome.status for outcome in outcomes)
        totals = ", ".join(f"{counts[status]} {status}" for status in (CREATED, CHANGED, UNCHANGED))
        self.stdout.write(f"{things}: {totals}, 0 errors")
        for outcome in outcomes:
            if outcome.status == UNCHANGED:
                continue
            rows = ("row " if len(outcome.rows) == 1 else "rows ") + ", ".join(map(str, outcome.rows))
            self.stdout.write(f"  {outcome.status}: {outcome.what} ({rows})")
            if outcome.status == CHANGED:
                for change in outcome.changes:
                    self.stdout.write(f"    {change}")

    def _report_open(self, load: Load) -> None:
        for count in load.open_systems:
            self.stdout.write(f"systems open on {count.day}: {count.systems}")
