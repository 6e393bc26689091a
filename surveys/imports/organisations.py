"""The two files about organisations: what holds from a day on, and what changes on a day.

docs/data-dictionary.md describes both for the people who write them. The header tells which of the
two a file is.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

from surveys.actions.organisation_statements import Figure, State, Statements, Step
from surveys.actions.organisations import Load, load
from surveys.actions.row_problems import RowProblem, RowsRefused
from surveys.imports.cells import Cells
from surveys.imports.csv_table import Layout, Row, Table, parse_table, read_table
from surveys.models import Organisation, Person, Population, Succession

MAX_ROWS = 5_000
ORGANISATIONS: Final = Layout(
    "organisations",
    required=("kind", "ods_code", "name", "from"),
    optional=(
        "official_name",
        "ons_code",
        "parent",
        "opened_on",
        "closed_on",
        *(
            f"{measure}_{what}"
            for measure in Population.Measure.values
            for what in ("people", "year", "source")
        ),
    ),
    max_rows=MAX_ROWS,
)
CHANGES: Final = Layout(
    "changes of organisations",
    required=("change", "from", "ods_code"),
    optional=(
        "kind",
        "name",
        "official_name",
        "ons_code",
        "parent",
        "successor_ods_code",
        "extent",
        "population_share",
        "share_source",
    ),
    max_rows=MAX_ROWS,
)

KINDS: Final = {kind: kind for kind in Organisation.Kind.values}
OPENS, CHANGES_FROM, ENDS = "opens", "changes", "ends"
SUCCESSIONS: Final = tuple(Succession.Kind.values)
CHANGE_WORDS: Final = {word: word for word in (OPENS, CHANGES_FROM, ENDS, *SUCCESSIONS)}
STATED: Final = ("kind", "name", "official_name", "ons_code", "parent")
PASSED_ON: Final = ("successor_ods_code", "extent", "population_share", "share_source")

Statement = TypeVar("Statement")

_ODS_CODE = re.compile(r"[A-Z0-9]{3}|[A-Z0-9]{5}")
_ONS_CODE = re.compile(r"E[0-9]{8}")
_SUB_ICB = "E38"
_ONS_STARTS: Final = {Organisation.Kind.ICS: "E54", Organisation.Kind.REGION: "E40"}


def load_organisations(path: Path, *, by: Person | None, dry_run: bool = False) -> Load:
    """Read a file of organisations, or of changes, and store all of it or nothing.

    Raises RowsRefused with every problem by row.
    """
    return load(by=by, statements=read_statements(path), dry_run=dry_run)


def load_uploaded(
    name: str, content: bytes, *, by: Person, dry_run: bool = False, seen: str | None = None
) -> Load:
    """Do with an uploaded file as `load_organisations` does with one on the server.

    `seen` is the fingerprint of what the person was shown that it would do. Raises Refused when it would do
    something else by now.
    """
    statements = _statements(parse_table(content, CHANGES, ORGANISATIONS), name)
    return load(by=by, statements=statements, dry_run=dry_run, seen=seen)


def read_statements(path: Path) -> Statements:
    """Read a file of organisations, or of changes. Raises RowsRefused with every problem by row."""
    return _statements(read_table(path, CHANGES, ORGANISATIONS), path.name)


def _statements(table: Table, source: str) -> Statements:
    problems: list[RowProblem] = []
    if table.layout is ORGANISATIONS:
        states = list(_read_each(table.rows, problems, _organisation))
        steps: list[Step] = []
    else:
        changes = list(_read_each(table.rows, problems, _change))
        states = [change for change in changes if isinstance(change, State)]
        steps = [change for change in changes if isinstance(change, Step)]
    problems += _repeated(states)
    if problems:
        raise RowsRefused(problems)
    return Statements(source, tuple(states), tuple(steps))


def _read_each(
    rows: Sequence[Row], problems: list[RowProblem], read: Callable[[Cells], Statement | None]
) -> Iterator[Statement]:
    """Yield what each row says, if nothing is wrong with it."""
    for row in rows:
        before = len(problems)
        statement = read(Cells(row, problems))
        if statement is not None and len(problems) == before:
            yield statement


def _organisation(cells: Cells) -> State | None:
    cells.need("kind", "what kind of organisation it is")
    kind = cells.word("kind", KINDS) or ""
    opened_on, since = cells.day("opened_on"), cells.day("from") or cells.day("opened_on")
    if since is None:
        cells.need("from", "the day from which the row holds")
        return None
    if kind != Organisation.Kind.NATIONAL:
        cells.need("ods_code", "only the nation may be without one")
    elif not cells.given("ods_code"):
        cells.need("name", "it tells which organisation the row means")
    return State(
        row=cells.number,
        since=since,
        ods_code=_ods_code(cells, "ods_code"),
        kind=kind,
        name=cells.line("name", 200),
        official_name=cells.line("official_name", 300),
        ons_code=_ons_code(cells, kind),
        parent=cells.line("parent", 200),
        opened_on=opened_on,
        closed_on=cells.day("closed_on"),
        populations=tuple(_figures(cells)),
        opens=True,
    )


def _change(cells: Cells) -> State | Step | None:
    for column in ("change", "from", "ods_code"):
        cells.need(column, "every change has one")
    change, since, ods_code = (
        cells.word("change", CHANGE_WORDS),
        cells.day("from"),
        _ods_code(cells, "ods_code"),
    )
    if not change or since is None or not ods_code:
        return None
    if change in SUCCESSIONS:
        _keep_blank(cells, change, STATED)
        return _step(cells, change, since, ods_code)
    _keep_blank(cells, change, PASSED_ON)
    if change == ENDS:
        _keep_blank(cells, change, STATED)
        last_day = since - datetime.timedelta(days=1)
        return State(row=cells.number, since=last_day, ods_code=ods_code, closed_on=last_day)
    kind = cells.word("kind", KINDS) or ""
    if change == CHANGES_FROM and not any(cells.given(column) for column in STATED):
        cells.problem(
            "", "It says that something changes and not what.", f"Fill in one of: {', '.join(STATED)}."
        )
    return State(
        row=cells.number,
        since=since,
        ods_code=ods_code,
        kind=kind,
        name=cells.line("name", 200),
        official_name=cells.line("official_name", 300),
        ons_code=_ons_code(cells, kind),
        parent=cells.line("parent", 200),
        opened_on=since if change == OPENS else None,
        opens=change == OPENS,
    )


def _step(cells: Cells, change: str, since: datetime.date, ods_code: str) -> Step | None:
    cells.need("successor_ods_code", "the organisation that it becomes, or becomes part of")
    cells.need("extent", "whole or part")
    successor = _ods_code(cells, "successor_ods_code")
    extent = cells.word("extent", {word: word for word in Succession.Extent.values})
    share = cells.decimal("population_share")
    source = cells.line("share_source", 300)
    if not successor or not extent:
        return None
    if extent == Succession.Extent.WHOLE and share not in {None, 1}:
        cells.problem("population_share", "The whole has a share of 1.", "Leave it blank, or say part.")
    if extent == Succession.Extent.PART and share is not None:
        if not 0 < share < 1 or share != round(share, 6):
            mend = "Give a number above 0 and below 1 with at most 6 decimal places."
            cells.problem("population_share", f"{share} is not the share of a part.", mend)
        cells.need("share_source", "where the share comes from")
    return Step(cells.number, since, ods_code, successor, change, extent, share, source)


def _keep_blank(cells: Cells, change: str, columns: Sequence[str]) -> None:
    for column in columns:
        if cells.given(column):
            cells.problem(column, f"A row with “{change}” says nothing here.", "Leave it blank.")


def _ods_code(cells: Cells, column: str) -> str:
    code = cells.line(column, 40).upper()
    if code and not _ODS_CODE.fullmatch(code):
        cells.problem(
            column,
            f"“{code}” is not an ODS code.",
            "ODS codes have 3 or 5 letters and figures. A spreadsheet may have changed it: "
            "format the column as text before you type the code.",
        )
        return ""
    return code


def _ons_code(cells: Cells, kind: str) -> str:
    code = cells.line("ons_code", 40).upper()
    if not code:
        return ""
    if code.startswith(_SUB_ICB):
        cells.problem(
            "ons_code", f"{code} is the code of a sub-ICB location.", "Give the code of the whole system."
        )
        return ""
    start = _ONS_STARTS.get(Organisation.Kind(kind), "E") if kind else "E"
    if not _ONS_CODE.fullmatch(code) or not code.startswith(start):
        cells.problem(
            "ons_code",
            f"“{code}” is not the ONS code of such an organisation.",
            f"It is {start} and figures, nine characters in all.",
        )
        return ""
    return code


def _figures(cells: Cells) -> Iterator[Figure]:
    for measure in Population.Measure.values:
        columns = [f"{measure}_{what}" for what in ("people", "year", "source")]
        if not any(cells.given(column) for column in columns):
            continue
        for column in columns:
            cells.need(column, "a population needs the number of people, the year and the source")
        people = cells.whole(columns[0], 1, 2_000_000_000)
        year = cells.whole(columns[1], 1948, 2100)
        source = cells.line(columns[2], 300)
        if people is not None and year is not None and source:
            yield Figure(measure, year, people, source)


def _repeated(states: Sequence[State]) -> Iterator[RowProblem]:
    first: dict[tuple[str, datetime.date, bool], int] = {}
    for state in states:
        # A row that ends an organisation holds from its last day, of which another row may speak too.
        key = (state.ods_code or state.name.casefold(), state.since, state.closed_on == state.since)
        if key in first:
            message = f"Row {first[key]} speaks of the same organisation and the same day."
            yield RowProblem(state.row, "", message, "Keep one of them.")
        first.setdefault(key, state.row)
