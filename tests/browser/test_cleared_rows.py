"""The tests' own floor: committed rows are gone after each test, also those that triggers protect."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from surveys.actions.audit import record
from surveys.models import Event


@pytest.mark.parametrize("run", ["first", "second"])
def test_protected_rows_do_not_outlive_a_test(site: str, run: str) -> None:
    record(by=None, verb="round.opened", subject=run)

    assert [event.subject for event in Event.objects.all()] == [run]
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.all().delete()
