"""What is in the tables, row by row, so that a test can say what an action left behind or alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

QUEUE = "procrastinate_jobs"


@dataclass(frozen=True)
class Rows:
    """The digest of every row, by table and key."""

    tables: Mapping[str, Mapping[str, str]]

    def changed(self, before: Rows) -> set[str]:
        """The tables that are not as they were."""
        return {name for name, rows in self.tables.items() if rows != before.tables[name]}

    def lost(self, before: Rows) -> set[str]:
        """The tables of rows written once of which a row is gone or another."""
        return {
            name for name in written_once() if not before.tables[name].items() <= self.tables[name].items()
        }


@cache
def written_once() -> frozenset[str]:
    """The tables whose rows never change."""
    return frozenset(
        model._meta.db_table
        for model in apps.get_app_config("surveys").get_models()
        for trigger in getattr(model._meta, "triggers", [])
        if trigger.name == "written_once"
    )


@cache
def _statement() -> str:
    keys = {
        model._meta.db_table: model._meta.pk.column for model in apps.get_app_config("surveys").get_models()
    }
    selects = (
        f"SELECT '{table}', kept.{key}::text, md5(kept::text) FROM {table} AS kept"  # noqa: S608 - our tables
        for table, key in {**keys, QUEUE: "id"}.items()
    )
    return " UNION ALL ".join(selects)


def rows_now() -> Rows:
    """Every row of every table of ours and of the queue."""
    found: dict[str, dict[str, str]] = {table: {} for table in _tables()}
    with connection.cursor() as cursor:
        cursor.execute(_statement())
        for table, key, digest in cursor.fetchall():
            found[table][key] = digest
    return Rows(found)


def _tables() -> list[Any]:
    return [*(model._meta.db_table for model in apps.get_app_config("surveys").get_models()), QUEUE]
