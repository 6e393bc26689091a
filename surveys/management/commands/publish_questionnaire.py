"""Publish a questionnaire from a file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys.actions.questionnaires import Published
from surveys.actions.refusals import Refused
from surveys.imports.questionnaires import publish_file
from surveys.questionnaires.problems import QuestionnaireError
from surveys.wording import counted


class Command(BaseCommand):
    """Say what was published, or everything that keeps the file from being published."""

    help = (
        "Publish a questionnaire from a YAML file or a workbook (docs/questionnaire-format.md). A published "
        "version never changes; publishing the same content again does nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and whether to store anything."""
        parser.add_argument("file", type=Path, help="the YAML file or the workbook (.xlsx)")
        parser.add_argument("--dry-run", action="store_true", help="check everything and store nothing")

    def handle(self, *_args: Any, file: Path, dry_run: bool, verbosity: int, **_options: Any) -> None:
        """Publish the file."""
        try:
            reading = publish_file(file, by=None, dry_run=dry_run)
        except QuestionnaireError as error:
            lines = [str(problem) for problem in error.problems]
            errors = counted(len(lines), "error")
            raise CommandError("\n".join([*lines, f"{errors}. Nothing was stored."])) from None
        except Refused as refused:
            raise CommandError(f"{file}: {refused.message} Nothing was stored.") from None
        if verbosity == 0:
            return
        if reading.unknown_previous:
            self.stdout.write(
                f"{file}: it compares itself with version {reading.unknown_previous}, which is not published "
                "here, so the comparison could not be checked."
            )
        self.stdout.write(f"{file}: {_outcome(reading.published, dry_run=dry_run)}")


def _outcome(published: Published, *, dry_run: bool) -> str:
    questionnaire = published.questionnaire
    content = questionnaire.content
    if not published.created:
        return f"“{questionnaire}” is published already with this content. Nothing to do."
    size = f"dimensions: {len(content.dimensions)}, questions: {len(content.questions)}"
    done = "can be published (dry run: nothing is stored)" if dry_run else "is published"
    return f"“{questionnaire}” {done}: {size}, SHA-256 {questionnaire.digest}."
