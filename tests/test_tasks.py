"""When the worker runs a job again."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from procrastinate.jobs import Job

from surveys.actions.mail import TryAgain
from surveys.tasks import UntilItReturns


def again(exception: Exception, attempts: int) -> datetime.datetime:
    """When a job that raised the exception after so many earlier attempts is run again."""
    job = Job(queue="mail", lock=None, queueing_lock=None, task_name="mail.deliver", attempts=attempts)
    decision = UntilItReturns().get_retry_decision(exception=exception, job=job)
    assert decision.retry_at is not None
    return decision.retry_at


def test_a_job_that_says_when_is_run_then() -> None:
    at = timezone.now() + datetime.timedelta(minutes=15)
    assert again(TryAgain(at), attempts=50) == at


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 30), (1, 60), (6, 1920), (7, 3600), (5000, 3600)])
def test_a_job_that_failed_otherwise_is_run_again_for_ever_but_ever_more_rarely(
    attempts: int, seconds: int
) -> None:
    pause = again(RuntimeError("The database is away"), attempts) - timezone.now()
    assert pause == pytest.approx(datetime.timedelta(seconds=seconds), abs=datetime.timedelta(seconds=5))
