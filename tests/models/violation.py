"""Saying in a test which constraint or trigger must refuse a write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import DatabaseError, transaction


@contextmanager
def violates(constraint: str) -> Iterator[None]:
    """The block must be refused by the constraint of this name, and by no other."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        yield
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == constraint


@contextmanager
def refused_by_trigger(sentence: str) -> Iterator[None]:
    """The block must be refused by a trigger that says this."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        yield
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.message_primary == sentence
