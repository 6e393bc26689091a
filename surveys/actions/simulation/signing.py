"""Sending, signing, returning and signing again, as the people of a simulated round do it."""

from __future__ import annotations

import datetime

from django.utils import timezone

from surveys.actions.assessments import return_assessment, send_for_signoff, submit
from surveys.actions.simulation.cast import SITE
from surveys.actions.simulation.failure import must_refuse
from surveys.actions.simulation.work import Work, change
from surveys.models import Person
from surveys.queries.assessments import assessment_state

ENOUGH: datetime.timedelta = datetime.timedelta(hours=2)
"""How much time is given where somebody is given more."""


def send(work: Work) -> None:
    """Let the lead send the assessment; nothing can be changed after that."""
    send_for_signoff(by=work.team.lead, assessment_id=work.assessment_id, site=SITE)
    must_refuse(
        f"{work.name} changes what waits for sign-off", lambda: add_words(work, "Too late. (made up)")
    )


def sign(work: Work) -> None:
    """Let the approver sign what they have read; a second click signs nothing again."""
    approver = work.team.approver
    read = assessment_state(approver, work.assessment_id)

    def once() -> None:
        submit(
            by=approver,
            assessment_id=work.assessment_id,
            name=approver.name,
            job_title=approver.job_title,
            sent_at=read.sent_at,
            site=SITE,
        )

    once()
    must_refuse(f"{work.name} is signed twice", once)


def send_and_sign(work: Work) -> None:
    """Send the assessment and sign it."""
    send(work)
    sign(work)


def return_it(work: Work, by: Person, reason: str, *, more_time: bool = False) -> None:
    """Return what was sent or signed, with a reason and, where its time is over, with more time."""
    until = timezone.now() + ENOUGH if more_time else None
    return_assessment(
        by=by, assessment_id=work.assessment_id, reason=f"{reason} (made up)", until=until, site=SITE
    )


def correct_and_sign(work: Work, words: str) -> None:
    """Change the level of one answer after a return, with words beside it, and sign again."""
    add_words(work, words, level=True)
    send_and_sign(work)


def add_words(work: Work, words: str, *, level: bool = False) -> None:
    """Let the lead change the first answer of the assessment."""
    change(work, work.team.lead, work.dimensions[0].all_questions[0].code, words, level=level)
