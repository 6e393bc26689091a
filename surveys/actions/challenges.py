"""Challenging provisional results: a system says what is wrong, and the programme team answers."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from surveys.actions.audit import record
from surveys.actions.challenge_mail import tell_of_answer, tell_of_challenge, tell_of_results
from surveys.actions.refusals import Refused
from surveys.actions.round_stages import at_the_stage, hold_round, lock_round
from surveys.actions.typed_text import plain_text
from surveys.models import Assessment, Challenge, ChallengeAnswer, ChallengeWindow, Person, Round
from surveys.permissions import Permission, get_for, require_anywhere
from surveys.queries.challenge_time import challenge_time, in_latest_release
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import instrument


@transaction.atomic
def raise_challenge(
    *,
    by: Person,
    assessment_id: int,
    text: str,
    dimension_code: str = "",
    question_code: str = "",
    site: str = "",
) -> Challenge:
    """Say for a system what is wrong in its provisional results: about a dimension, or about a question.

    The administrators get an e-mail with a link to `site`, the address of the service without a path; empty
    sends none, here and below.

    Raises Http404 when the person may not challenge for the system; Refused when the time for challenges is
    over or was never set, when the system has no results, when nothing is said or it is not about one thing
    of the questionnaire, and when the same still waits for an answer.
    """
    assessment = get_for(by, Assessment.objects.all(), assessment_id, Permission.CHALLENGE)
    survey_round = hold_round(assessment.round_id)
    # The system may have left the round while this waited for it.
    assessment.refresh_from_db(fields=["withdrawn_at"])
    assessment.round = survey_round
    if shut := challenge_time(survey_round).shut:
        raise Refused(f"{shut} Nothing was sent.")
    release = in_latest_release(assessment)
    if release is None:
        raise Refused(f"There are no results of {assessment.organisation_name} to challenge.")
    about = _about(survey_round, dimension_code, question_code)
    text = plain_text(text)
    if not text:
        raise Refused("Say what is wrong, and how you know.")
    if Challenge.objects.filter(assessment=assessment, answer=None, text=text, **about).exists():
        raise Refused("This challenge was raised already and waits for an answer. It was not raised twice.")
    challenge = Challenge.objects.create(
        assessment=assessment, release=release, text=text, raised_by=by, **about
    )
    _record(challenge, assessment, by=by, verb="challenge.raised", reason=text)
    tell_of_challenge(challenge, by=by, site=site)
    return challenge


@transaction.atomic
def answer_challenge(
    *, by: Person, challenge_id: int, upheld: bool, text: str, site: str = ""
) -> ChallengeAnswer:
    """Answer a challenge: what will be done where it is upheld, and why not where it is not.

    What was signed and released stays as it is; a submission is corrected by returning it. Leads and
    approvers of the system get an e-mail.

    Raises Http404 for who does not manage rounds, and when there is no such challenge; Refused when it is
    answered already, and without a text.
    """
    require_anywhere(by, Permission.MANAGE)
    challenge = Challenge.objects.select_related("assessment").filter(pk=challenge_id).first()
    if challenge is None:
        raise Http404
    assessment = challenge.assessment
    assessment.round = hold_round(assessment.round_id)
    before = ChallengeAnswer.objects.select_related("answered_by").filter(challenge=challenge).first()
    if before is not None:
        raise Refused(f"{before.answered_by.name} has answered this challenge already. Nothing was changed.")
    text = plain_text(text)
    if not text:
        raise Refused("Say what will be done, or why the challenge is not upheld: the system reads it.")
    answer = ChallengeAnswer.objects.create(challenge=challenge, upheld=upheld, text=text, answered_by=by)
    outcome = "upheld" if upheld else "not upheld"
    _record(challenge, assessment, by=by, verb="challenge.answered", reason=text, outcome=outcome)
    tell_of_answer(challenge, outcome, by=by, site=site)
    return answer


@transaction.atomic
def give_time_to_challenge(
    *, by: Person, round_id: int, until: datetime.datetime, reason: str, site: str = ""
) -> ChallengeWindow:
    """Let the systems of a provisional round challenge its results until later than they could.

    Leads and approvers of the systems with results get an e-mail.

    Raises Http404 for who does not manage rounds; Refused when the round is not provisional, when `until` is
    past or not later than it was, and without a reason.
    """
    survey_round = lock_round(by=by, round_id=round_id)
    if survey_round.status != Round.Status.PROVISIONAL:
        raise Refused(f"{at_the_stage(survey_round)}, and only provisional results can be challenged.")
    reason = plain_text(reason)
    if not reason:
        raise Refused("Give a reason: it is kept with what was done.")
    known = challenge_time(survey_round)
    if known.until is not None and until <= known.until:
        raise Refused(f"The new end must be later than {known.ends}. Time that was given is not taken back.")
    return open_to_challenges(by=by, survey_round=survey_round, until=until, reason=reason, site=site)


def open_to_challenges(
    *, by: Person | None, survey_round: Round, until: datetime.datetime, reason: str = "", site: str = ""
) -> ChallengeWindow:
    """Store until when the results of a round, which the caller holds locked, may be challenged.

    Raises Refused when `until` is not in the future.
    """
    if until <= timezone.now():
        raise Refused("The time for challenges must end in the future.")
    window = ChallengeWindow.objects.create(round=survey_round, until=until, reason=reason, set_by=by)
    record(
        by=by,
        verb="round.challenge_time_given",
        subject=str(survey_round),
        round_id=survey_round.pk,
        reason=reason,
        detail={"challenge_until": until.astimezone(datetime.UTC).isoformat()},
    )
    tell_of_results(survey_round, moment_in_words(until), by=by, site=site)
    return window


def _about(survey_round: Round, dimension_code: str, question_code: str) -> dict[str, int]:
    asked_by = instrument(survey_round.questionnaire_id)
    about = {}
    if dimension_code in asked_by.dimension_ids:
        about["dimension_id"] = asked_by.dimension_ids[dimension_code]
    if question_code in asked_by.question_ids:
        about["question_id"] = asked_by.question_ids[question_code]
    if len(about) != 1:
        raise Refused("Choose the dimension or the question that the challenge is about.")
    return about


def _record(
    challenge: Challenge, assessment: Assessment, *, by: Person, verb: str, reason: str, **detail: str
) -> None:
    record(
        by=by,
        verb=verb,
        subject=f"{assessment.organisation_name}, {assessment.round.title}, about “{challenge.about}”",
        round_id=assessment.round_id,
        assessment_id=assessment.pk,
        organisation_id=assessment.organisation_id,
        reason=reason,
        detail={"challenge": challenge.pk, **detail},
    )
