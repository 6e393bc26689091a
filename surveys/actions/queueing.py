"""Asking the worker for something, as part of what is being done now."""

from __future__ import annotations

from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

SOON = 10
"""The priority of what a person waits for; everything else has 0."""


def enqueue(task: str, *, priority: int = 0, **arguments: JSONValue) -> None:
    """Have the worker run the task of this name, with these arguments, once the transaction has committed.

    The job is a row that this transaction writes: what is rolled back was never asked for. Raises
    procrastinate.exceptions.TaskNotFound when surveys.tasks has no such task.
    """
    app.configure_task(task, allow_unknown=False, priority=priority).defer(**arguments)
