"""What the worker does: thin wrappers that take keys and call actions.

Whoever wants one of these names it (surveys.actions.queueing.enqueue), so that actions need not know this
module.
"""

from __future__ import annotations

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from surveys.actions import mail, memberships, password_links, people_imports, reminders

LONGEST_PAUSE = 3600


class UntilItReturns(BaseRetryStrategy):
    """Run a job again until it returns: when it says, or after 30 seconds, a minute and so on up to an hour.

    A job that ended in another way than by returning (the database was away, say) is still to be done.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        """Return when to run it again."""
        if isinstance(exception, mail.TryAgain):
            return RetryDecision(retry_at=exception.at)
        return RetryDecision(retry_in={"seconds": min(30 * 2 ** min(job.attempts, 10), LONGEST_PAUSE)})


@app.task(name=mail.DELIVER, queue="mail", retry=UntilItReturns())
def deliver(message_id: int) -> None:
    """Send a message."""
    mail.deliver(message_id=message_id)


@app.task(name=password_links.SEND_LINK, queue="mail", retry=UntilItReturns())
def send_password_link(email: str, site: str) -> None:
    """Queue the message with the link that somebody asked for, if there is an account."""
    password_links.send_password_link(email=email, site=site)


@app.task(name=people_imports.SEND_INVITATIONS, queue="mail", retry=UntilItReturns())
def send_invitations(person_ids: list[int], by_id: int | None, site: str) -> None:
    """Invite those whom an import has added."""
    people_imports.send_invitations(person_ids=person_ids, by_id=by_id, site=site)


@app.periodic(cron="10 * * * *")
@app.task(name="reminders.send_due", queue="jobs", queueing_lock="reminders.send_due")
def send_due_reminders(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it by name
    """Send the planned reminders whose day it is: every hour, so that a worker that was down catches up."""
    reminders.send_due()


@app.periodic(cron="* * * * *")
@app.task(name="jobs.take_up", queue="jobs", queueing_lock="jobs.take_up", pass_context=True)
async def take_up_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it by name
    """Give the jobs of a worker that was killed to another one."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="10 0 * * *")
@app.task(name="memberships.end", queue="jobs", queueing_lock="memberships.end")
def end_memberships(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it by name
    """End the memberships in organisations whose last day is over."""
    memberships.end_with_their_organisations()
