"""What is wrong with the rows of a file, said so that the person who made the file can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class RowProblem:
    """One thing to mend in a file.

    `row` is the number that a spreadsheet shows (the header is row 1; 0 is the whole file), `column` the name
    in the header or "". `message` says what is wrong and `mend` what to do, each in whole sentences.
    """

    row: int
    column: str
    message: str
    mend: str

    def __str__(self) -> str:
        places = [f"row {self.row}"] if self.row else []
        places += [f"column {self.column}"] if self.column else []
        where = ", ".join(places)
        said = f"{self.message} {self.mend}".strip()
        return f"{where}: {said}" if where else said


class RowsRefused(Exception):
    """A file cannot be used as it is, and nothing of it was stored. `problems` is never empty."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))
