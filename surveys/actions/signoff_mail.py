"""Telling leads and approvers that an assessment was sent, returned or signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from surveys import emails
from surveys.actions.mail import queue_mail
from surveys.emails import Mail
from surveys.models import Assessment, Message, Person, Submission
from surveys.queries.assessments import AssessmentState
from surveys.queries.signatories import approvers, leads


def tell_of_sending(state: AssessmentState, *, by: Person, site: str) -> None:
    """Ask the approvers to sign. In all of these, `site` is without a path; empty sends nothing."""
    _tell(
        state,
        Message.Kind.SENT_FOR_SIGNOFF,
        (person for person in approvers(state.organisation_id) if person != by),
        lambda person: emails.sent_for_signoff(person, state, site=site, by=by.name),
        by=by,
        site=site,
    )


def tell_of_return(state: AssessmentState, *, by: Person, site: str) -> None:
    """Tell the leads; and the approvers, when what is returned was signed. `state` is before the return."""
    people = leads(state.organisation_id)
    if state.status == Assessment.Status.SUBMITTED:
        people += tuple(person for person in approvers(state.organisation_id) if person not in people)
    _tell(
        state,
        Message.Kind.RETURNED,
        (person for person in people if person != by),
        lambda person: emails.returned(person, state, site=site, by=by.name),
        by=by,
        site=site,
    )


def tell_of_submission(state: AssessmentState, copy: Submission, *, by: Person, site: str) -> None:
    """Tell the leads and the approvers, also the one who signed: it is their record of the SHA-256."""
    people = leads(state.organisation_id)
    people += tuple(person for person in approvers(state.organisation_id) if person not in people)
    _tell(
        state,
        Message.Kind.SUBMITTED,
        people,
        lambda person: emails.submitted(person, state, copy, site=site),
        by=by,
        site=site,
    )


def _tell(
    state: AssessmentState,
    kind: Message.Kind,
    people: Iterable[Person],
    written: Callable[[Person], Mail],
    *,
    by: Person,
    site: str,
) -> None:
    for person in people if site else ():
        queue_mail(
            mail=written(person),
            kind=kind,
            person=person,
            by=by,
            round_id=state.round_id,
            assessment_id=state.id,
        )
