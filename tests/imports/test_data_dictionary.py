"""docs/data-dictionary.md says what the files and the tables hold, and cannot fall behind them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from surveys.imports.answers import ANSWERS
from surveys.imports.csv_table import Layout
from surveys.imports.organisations import CHANGES, ORGANISATIONS
from surveys.imports.people import PEOPLE

PAGE = (Path(settings.BASE_DIR) / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
TABLES = {
    model._meta.db_table: {field.column for field in model._meta.local_concrete_fields} - {"id"}
    for model in apps.get_app_config("surveys").get_models()
}


def described_in(part: str) -> list[str]:
    """Return the names in the first column of the first table of a part of the page."""
    rows = part[part.index("| Column |") :].split("\n\n", maxsplit=1)[0].splitlines()[2:]
    return [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]


def after(heading: str) -> str:
    return PAGE[PAGE.index(f"\n{heading}\n") :]


@pytest.mark.parametrize(
    ("heading", "layout"),
    [
        ("## Organisations", ORGANISATIONS),
        ("## Changes of organisations", CHANGES),
        ("## People", PEOPLE),
        ("## Answers", ANSWERS),
    ],
)
def test_every_column_of_a_file_is_described(heading: str, layout: Layout) -> None:
    assert sorted(described_in(after(heading))) == sorted(layout.columns)


def test_every_table_is_described() -> None:
    """But for the row histories, which have the columns of their tables."""
    histories = {"surveys_answerevent", "surveys_membershipevent"}
    assert {name for name in TABLES if name not in PAGE} == set()
    assert {name for name in TABLES if f"**{name}**" not in PAGE} == histories


@pytest.mark.parametrize("table", re.findall(r"^\*\*(surveys_\w+)\*\*", PAGE, flags=re.MULTILINE))
def test_every_column_of_a_described_table_is_described(table: str) -> None:
    part = PAGE[PAGE.index(f"**{table}**") :]

    assert set(described_in(part)) == TABLES[table]
