"""What is wrong with a file, for the person at the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from surveys.actions.row_problems import RowProblem
from surveys.wording import counted

SHOWN = 100


def problem_lines(file: Path, problems: Sequence[RowProblem]) -> Iterator[str]:
    """Yield a line for each problem, as far as a person would read, then how many there are."""
    for problem in problems[:SHOWN]:
        separator = ", " if problem.row or problem.column else ": "
        yield f"{file}{separator}{problem}"
    if len(problems) > SHOWN:
        yield f"... and {len(problems) - SHOWN:,} more."
    errors = counted(len(problems), "error")
    yield f"{errors}. Nothing was stored."
