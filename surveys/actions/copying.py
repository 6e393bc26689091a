"""Writing many rows at once, for the tables that hold a release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def copy_rows(table: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows with PostgreSQL's COPY: one statement, however many there are.

    Each row has the values of the `columns` in that order. Columns that are left out get the default of the
    database, not that of the model. Constraints and triggers of the table hold as for any other row;
    django.db.IntegrityError when one refuses.
    """
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(column) for column in columns)
    statement = f"COPY {quoted(table._meta.db_table)} ({names}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
