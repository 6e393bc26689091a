"""The life of an assessment: sent for sign-off, signed, returned."""

from __future__ import annotations

import datetime
from dataclasses import replace

from django.db import transaction
from django.http import Http404

from surveys.actions.assessment_scope import locked_state, record_of
from surveys.actions.extensions import grant
from surveys.actions.refusals import Refused
from surveys.actions.signed_copies import signed_copy
from surveys.actions.signoff_mail import tell_of_return, tell_of_sending, tell_of_submission
from surveys.actions.typed_text import one_line, plain_text
from surveys.models import Assessment, Person, Round, Submission
from surveys.permissions import Permission, has_anywhere, require
from surveys.queries.assessments import AssessmentState, assessment_state, stored_answers
from surveys.queries.instruments import instrument_of
from surveys.queries.submission_copy import CopiedAssessment, Signature, written_copy

Status = Assessment.Status


@transaction.atomic
def send_for_signoff(*, by: Person, assessment_id: int, site: str = "") -> Assessment.Status:
    """Hand the assessment to the approver and return its new status. Gaps do not stop it.

    From now on nobody can change an answer, unless the approver returns it. The approvers get an e-mail with
    a link to `site`, the address of the service without a path; empty sends none.

    Raises Http404 when the person may not send it; Refused when it has not been started, is already sent or
    submitted, or its time is over.
    """
    state = locked_state(by, assessment_id)
    if not state.powers.send:
        raise Http404
    if state.status == Status.AWAITING_SIGNOFF:
        raise Refused(f"The assessment is already waiting for sign-off: {state.sent_by} sent it.")
    if state.locked:
        raise Refused(state.locked)
    if state.status == Status.NOT_STARTED:
        raise Refused("Nothing has been answered yet, so there is nothing to sign. Answer a section first.")
    Assessment.objects.filter(pk=assessment_id).update(
        status=Status.AWAITING_SIGNOFF, sent_at=state.now, sent_by=by
    )
    record_of(state, by=by, verb="assessment.sent")
    tell_of_sending(state, by=by, site=site)
    return Status.AWAITING_SIGNOFF


@transaction.atomic
def submit(
    *,
    by: Person,
    assessment_id: int,
    name: str,
    job_title: str,
    sent_at: datetime.datetime | None,
    site: str = "",
) -> Submission:
    """Sign the declaration and keep the next numbered copy of the assessment, which never changes.

    `name` and `job_title` are as the approver writes them. `sent_at` is when the version that they have read
    was sent, so that nobody signs what was returned, changed and sent again meanwhile. Leads and approvers
    get an e-mail; `site` as in `send_for_signoff`.

    Raises Http404 when the person may not sign it; Refused when it does not await sign-off, was sent again,
    or its time is over.
    """
    state = locked_state(by, assessment_id)
    if not state.powers.sign:
        raise Http404
    _require_awaiting(state)
    if sent_at != state.sent_at:
        raise Refused(
            "The assessment was returned and sent again since you opened this page. "
            "Read it again before you sign."
        )
    name, job_title = one_line(name), one_line(job_title)
    if not name or not job_title:
        raise Refused("Give your name and your job title to sign the declaration.")
    instrument = instrument_of(assessment_id)
    signature = Signature(
        number=Submission.objects.filter(assessment_id=assessment_id).count() + 1,
        name=name,
        job_title=job_title,
        account=by.name,
        declaration=state.declaration,
        at=state.now,
    )
    content = written_copy(_copied(state), instrument, stored_answers(assessment_id, instrument), signature)
    submission = signed_copy(assessment_id, content, signature, account=by)
    submission.save()
    Assessment.objects.filter(pk=assessment_id).update(status=Status.SUBMITTED)
    detail = {"number": submission.number, "sha256": submission.sha256}
    record_of(state, by=by, verb="assessment.submitted", detail=detail)
    tell_of_submission(state, submission, by=by, site=site)
    return submission


def _copied(state: AssessmentState) -> CopiedAssessment:
    return CopiedAssessment(
        organisation_name=state.organisation_name,
        ods_code=state.ods_code,
        region_name=state.region_name,
        round_title=state.round_title,
        reference_date=state.reference_date,
        sent_by=state.sent_by,
        sent_at=state.sent_at,
    )


def _require_awaiting(state: AssessmentState) -> None:
    if state.status == Status.SUBMITTED:
        raise Refused("The assessment is already submitted. Nothing was signed a second time.")
    if state.status != Status.AWAITING_SIGNOFF:
        raise Refused("The assessment is not waiting for sign-off. The ICS data lead has to send it first.")
    if shut := state.window.shut(state.now):
        raise Refused(f"The assessment cannot be signed or returned now. {shut}")


@transaction.atomic
def return_assessment(
    *,
    by: Person,
    assessment_id: int,
    reason: str,
    until: datetime.datetime | None = None,
    site: str = "",
) -> Assessment.Status:
    """Give the assessment back to the ICS data lead with a reason, and return its new status.

    An approver returns what awaits sign-off. Programme staff return what is submitted; the numbered copies
    stay. Where the time for answers is over, an administrator says `until` when this system alone has time
    to correct it; results that are released stay as they are until a corrected release. The leads get an
    e-mail, and from programme staff also the approvers; `site` as in `send_for_signoff`.

    Raises Http404 when the person may return neither; Refused when there is nothing to return, the system is
    withdrawn, the time is over, `until` is past or missing though results are released, or the reason is
    missing.
    """
    state = locked_state(by, assessment_id)
    if not (state.powers.sign or state.powers.return_submitted):
        raise Http404
    if state.withdrawn:
        raise Refused(f"Nothing was returned. {state.locked}")
    if state.status == Status.SUBMITTED:
        _require_returnable(by, state, until)
    else:
        if not state.powers.sign:
            raise Refused("Only a submitted assessment can be returned by the programme team.")
        _require_awaiting(state)
    reason = plain_text(reason)
    if not reason:
        raise Refused("Say what should be changed: the ICS data lead reads it.")
    Assessment.objects.filter(pk=assessment_id).update(
        status=Status.RETURNED, returned_at=state.now, returned_by=by, return_reason=reason
    )
    detail = {"from": state.status.value}
    record_of(state, by=by, verb="assessment.returned", reason=reason, detail=detail)
    if until is not None and state.status == Status.SUBMITTED and state.window.shut(state.now):
        state = _with_more_time(state, by=by, until=until, reason=reason)
    tell_of_return(state, by=by, site=site)
    return Status.RETURNED


def _with_more_time(
    state: AssessmentState, *, by: Person, until: datetime.datetime, reason: str
) -> AssessmentState:
    """Give the system time to correct what is returned, and return the state with it."""
    assessment = Assessment.objects.select_related("round").get(pk=state.id)
    require(by, Permission.MANAGE, assessment)
    grant(by=by, assessment=assessment, survey_round=assessment.round, until=until, reason=reason)
    return replace(state, window=assessment_state(by, state.id).window)


def _require_returnable(by: Person, state: AssessmentState, until: datetime.datetime | None) -> None:
    if not state.powers.return_submitted:
        raise Refused(
            "The assessment is already submitted. If something is wrong, ask the programme team to return it."
        )
    released = state.window.round_status not in {Round.Status.OPEN, Round.Status.CLOSED}
    in_time = not state.window.shut(state.now) and has_anywhere(by, Permission.MANAGE)
    if until is None and released and not in_time:
        raise Refused(
            "The results of this round are released, so an administrator returns a submission and says "
            "until when the system has time to correct it. Nothing was returned."
        )
