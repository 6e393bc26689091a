"""The empty file of people, to fill in."""

from __future__ import annotations

from surveys.exports.csv_text import CsvFile
from surveys.permissions import Role

HEADER = ("email", "name", "job_title", "role", "organisation")


def people_template() -> CsvFile:
    """Return the header with an example for each role, whose addresses and organisations are made up."""
    rows = [
        (
            f"{role.value.replace('_', '.')}@example.org",
            f"Example {role.label}",
            "Job title, may be blank",
            str(role.label),
            "ODS code or name",
        )
        for role in Role
    ]
    return CsvFile("people-template.csv", HEADER, rows)
