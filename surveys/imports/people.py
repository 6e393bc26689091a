"""The file of people: who has which role where. docs/data-dictionary.md describes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from surveys.actions.people_imports import PeopleImport, PersonRow, import_people
from surveys.actions.row_problems import RowProblem
from surveys.imports.cells import Cells
from surveys.imports.csv_table import Layout, parse_table
from surveys.models import Person
from surveys.permissions import Role

PEOPLE: Final = Layout(
    "people",
    required=("email", "name", "role", "organisation"),
    optional=("job_title",),
    max_rows=10_000,
)
ROLES: Final = {word: role.value for role in Role for word in (role.value, str(role.label).lower())}
"""The words for roles in a file, in small letters: as we keep them, or as pages show them."""


def import_people_file(
    content: bytes, *, by: Person, dry_run: bool = False, seen: str | None = None, site: str = ""
) -> PeopleImport:
    """Read a file of people and store all of it or nothing; the arguments are those of `import_people`.

    Raises RowsRefused with every problem by row, and Refused as `import_people` does.
    """
    rows, problems = read_people(content)
    return import_people(by=by, rows=rows, problems=problems, dry_run=dry_run, seen=seen, site=site)


def read_people(content: bytes) -> tuple[tuple[PersonRow, ...], tuple[RowProblem, ...]]:
    """Return the rows of a file of people that can be read, and what is wrong with the others.

    Raises RowsRefused for what is no such file.
    """
    problems: list[RowProblem] = []
    table = parse_table(content, PEOPLE)
    rows = tuple(found for row in table.rows for found in _person(Cells(row, problems)))
    return rows, tuple(problems)


def _person(cells: Cells) -> Iterator[PersonRow]:
    cells.need("email", "they sign in with it")
    cells.need("name", "how they are called")
    cells.need("role", "what they do")
    cells.need("organisation", "where they do it")
    email, name, organisation = (
        cells.line("email", 254),
        cells.line("name", 150),
        cells.line("organisation", 200),
    )
    role, job_title = cells.word("role", ROLES), cells.line("job_title", 150)
    if email and name and organisation and role:
        yield PersonRow(cells.number, email, name, job_title, role, organisation)
