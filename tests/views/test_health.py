"""What a load balancer is told."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def test_the_process_lives_whatever_the_database_does(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_when_the_database_answers_and_is_migrated(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("surveys", "0001_initial")
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (
        503,
        b"1 migration is not applied. Run: python manage.py migrate\n",
    )


@pytest.mark.django_db(transaction=True)
def test_not_ready_while_the_database_is_away(client: Client) -> None:
    connection.close()
    host = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        response = client.get("/readyz")
    finally:
        connection.settings_dict["HOST"] = host
    assert (response.status_code, response.content) == (
        503,
        b"The database does not answer. Check DATABASE_URL and the database server.\n",
    )
