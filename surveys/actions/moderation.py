"""Moderating signed levels: a reviewer proposes another, the system answers, the lead reviewer decides.

Each step is a row of its own, so the self-assessed, the proposed and the final level are all kept. Every
action holds the assessment, as signing and returning do, and a release holds all of its round's.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import product

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from surveys.actions.audit import record
from surveys.actions.locking import lock_assessment
from surveys.actions.moderation_mail import tell_of_answer, tell_of_decision, tell_of_proposal
from surveys.actions.refusals import Refused
from surveys.actions.round_stages import at_the_stage
from surveys.actions.typed_text import plain_text
from surveys.models import (
    Assessment,
    ChallengeEvidence,
    Evidence,
    Moderation,
    ModerationAnswer,
    ModerationDecision,
    ModerationPlan,
    Person,
    Submission,
)
from surveys.models.moderation import MODERATED_STAGES, MOVES
from surveys.permissions import Permission, can, held_in, leads_moderation, require
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import instrument
from surveys.questionnaires.responses import EMPTY, Response, asked
from surveys.questionnaires.schema import QuestionKind, Questionnaire
from surveys.questionnaires.signed_copy import responses_from

State = Moderation.State
Kind = ModerationAnswer.Kind


@dataclass(frozen=True)
class _Matter:
    """A signed submission that somebody is about to moderate, held until the transaction ends."""

    assessment: Assessment
    submission: Submission
    plan: ModerationPlan

    @property
    def answerable(self) -> bool:
        """Whether a system may still answer."""
        return timezone.now() < self.plan.answers_until


@transaction.atomic
def propose(
    *,
    by: Person,
    assessment_id: int,
    question_code: str,
    level: int,
    reason: str,
    copy: int,
    site: str = "",
) -> Moderation:
    """Propose another level beside the one that a system signed. `copy` is the number of the copy read.

    The system's leads and approvers get an e-mail when nothing else waits for them; `site` is the address of
    the service without a path, and empty sends none.

    Raises Http404 for who may not review the assessment, and when the questionnaire has no such question;
    Refused when the round is not being moderated, `copy` is not the latest one, its answer has no level,
    `level` is no other level of the question or would change which questions are asked, one is proposed
    already, the time for answers is over, or the reason is missing.
    """
    matter = _held(by, assessment_id, Permission.REVIEW)
    if not matter.answerable:
        raise Refused(
            f"Systems could answer until {moment_in_words(matter.plan.answers_until)}, so nothing more is "
            "proposed. An administrator can give more time in the moderation plan."
        )
    if matter.submission.number != copy:
        raise Refused("The system has signed a later copy since you opened this page. Read that one.")
    signed = _signed_level(matter, question_code, level)
    questionnaire = instrument(matter.assessment.round.questionnaire_id)
    question_id = questionnaire.question_ids[question_code]
    known = Moderation.objects.filter(submission=matter.submission, question_id=question_id)
    if earlier := known.select_related("proposed_by").first():
        raise Refused(f"{earlier.proposed_by.name} has proposed level {earlier.proposed} here already.")
    reason = plain_text(reason)
    if not reason:
        raise Refused("Give a reason: the system reads it beside the level that you propose.")
    moderation = Moderation.objects.create(
        submission=matter.submission,
        question_id=question_id,
        self_assessed=signed,
        proposed=level,
        reason=reason,
        proposed_by=by,
    )
    levels = {"self_assessed": signed, "proposed": level}
    _record(matter, question_code, by=by, verb="moderation.proposed", reason=reason, levels=levels)
    tell_of_proposal(matter.assessment, matter.plan, by=by, site=site)
    return moderation


@transaction.atomic
def answer_proposal(
    *,
    by: Person,
    assessment_id: int,
    moderation_id: int,
    kind: str,
    text: str,
    evidence: Collection[int] = (),
    site: str = "",
) -> ModerationAnswer:
    """Accept or challenge a proposed level, for the system. Accepted, it is the final one.

    `evidence` are keys of what stands beside the assessment's answers. Reviewers get an e-mail once nothing
    waits for the system any more, and the lead reviewer if something is challenged; `site` as in `propose`.

    Raises Http404 for who neither sends nor signs the system's assessments; Refused when the proposal does
    not wait for an answer any more, the time is over, a challenge says nothing, or evidence is not there.
    """
    matter = _held(by, assessment_id, Permission.READ_ASSESSMENT)
    held = held_in(by, matter.assessment.organisation_id)
    if held.isdisjoint({Permission.SEND_FOR_SIGNOFF, Permission.SIGN}):
        raise Http404
    moderation = _moderation(matter, moderation_id)
    said = Kind(kind)
    _require_move(moderation, State.ACCEPTED if said is Kind.ACCEPT else State.CHALLENGED)
    if not matter.answerable:
        raise Refused(
            f"The time to answer ended on {moment_in_words(matter.plan.answers_until)}. "
            f"{matter.plan.lead_reviewer.name}, the lead reviewer, decides now."
        )
    text = plain_text(text)
    if said is Kind.CHALLENGE and not text:
        raise Refused("Say why the self-assessed level is right: the lead reviewer reads it.")
    shown = _evidence(matter, evidence)
    answer = ModerationAnswer.objects.create(moderation=moderation, kind=said, text=text, answered_by=by)
    ChallengeEvidence.objects.bulk_create(ChallengeEvidence(answer=answer, evidence=each) for each in shown)
    verb = "moderation.accepted" if said is Kind.ACCEPT else "moderation.challenged"
    levels = {"self_assessed": moderation.self_assessed, "proposed": moderation.proposed}
    _record(matter, moderation.question.code, by=by, verb=verb, reason=text, levels=levels)
    tell_of_answer(matter.assessment, matter.plan, by=by, site=site)
    return answer


@transaction.atomic
def decide(
    *, by: Person, assessment_id: int, moderation_id: int, level: int, reason: str, site: str = ""
) -> ModerationDecision:
    """Decide which level counts: the self-assessed one, the proposed one, or one between them.

    The self-assessed one can be confirmed at any time; another one once the system has answered or its time
    is over. The system and the reviewers get an e-mail once everything is decided; `site` as in `propose`.

    Raises Http404 for who is neither the lead reviewer of the round nor an administrator; Refused when they
    proposed the level themselves, nothing is left to decide, it is too early, `level` is none of these, or
    the reason is missing.
    """
    matter = _held(by, assessment_id, Permission.REVIEW)
    if not _decides(by, matter):
        raise Http404
    moderation = _moderation(matter, moderation_id)
    _require_move(moderation, State.DECIDED)
    if moderation.proposed_by_id == by.pk:
        raise Refused("You proposed this level, so somebody else decides: the lead or an administrator.")
    low, high = sorted((moderation.self_assessed, moderation.proposed))
    if not low <= level <= high:
        raise Refused(f"The final level is one from {low} to {high}: what was signed, what was proposed.")
    waits = moderation.state == State.WAITING and matter.answerable
    if waits and level != moderation.self_assessed:
        raise Refused(
            f"The system has until {moment_in_words(matter.plan.answers_until)} to answer. Until then you "
            "can only confirm its own level."
        )
    reason = plain_text(reason)
    if not reason:
        raise Refused("Give a reason: the system and the reviewer read it.")
    decision = ModerationDecision.objects.create(
        moderation=moderation, final=level, reason=reason, decided_by=by
    )
    levels = {
        "self_assessed": moderation.self_assessed,
        "proposed": moderation.proposed,
        "final": level,
    }
    _record(matter, moderation.question.code, by=by, verb="moderation.decided", reason=reason, levels=levels)
    tell_of_decision(matter.assessment, by=by, site=site)
    return decision


def _held(by: Person, assessment_id: int, permission: Permission) -> _Matter:
    """Return the latest submission of an assessment, held.

    Raises Http404 when the person does not hold the permission for it; Refused when it is not submitted or
    was withdrawn, or its round is not at a stage of moderation or has no plan for it.
    """
    lock_assessment(assessment_id)
    assessment = Assessment.objects.select_related("round").get(pk=assessment_id)
    require(by, permission, assessment)
    survey_round = assessment.round
    if survey_round.status not in MODERATED_STAGES:
        raise Refused(
            f"{at_the_stage(survey_round)}. Levels are moderated when it is closed, until it is published."
        )
    if assessment.withdrawn_at is not None:
        raise Refused(f"{assessment.organisation_name} was withdrawn from the round. Nothing was changed.")
    if assessment.status != Assessment.Status.SUBMITTED:
        raise Refused(
            f"{assessment.organisation_name} was asked to change its answers and has not signed them again, "
            "so there is nothing to moderate."
        )
    plan = ModerationPlan.objects.filter(round=survey_round).select_related("lead_reviewer").first()
    if plan is None:
        raise Refused(
            "Nobody has planned the moderation of this round yet. An administrator says who decides, and "
            "until when systems may answer."
        )
    return _Matter(assessment, assessment.submissions.order_by("-number")[:1].get(), plan)


def _moderation(matter: _Matter, moderation_id: int) -> Moderation:
    rows = Moderation.objects.filter(submission__assessment=matter.assessment).with_state()
    found = rows.select_related("question").filter(pk=moderation_id).first()
    if found is None:
        raise Http404
    return found


def _require_move(moderation: Moderation, to: Moderation.State) -> None:
    state = State(moderation.state)
    if to in MOVES[state]:
        return
    settled = {
        State.ACCEPTED: "The system has accepted the proposed level already.",
        State.CHALLENGED: "The system has challenged the proposed level already.",
        State.DECIDED: "It is decided already.",
        State.REPLACED: "The system has signed a later copy, so this proposal does not count any more.",
    }
    raise Refused(f"{settled[state]} Nothing was changed.")


def _decides(by: Person, matter: _Matter) -> bool:
    if can(by, Permission.MANAGE, matter.assessment):
        return True
    return matter.plan.lead_reviewer_id == by.pk and leads_moderation(by)


def _signed_level(matter: _Matter, question_code: str, level: int) -> int:
    """Return the level that was signed, where `level` can be proposed beside it."""
    content = instrument(matter.assessment.round.questionnaire_id).content
    if question_code not in content.questions_by_code:
        raise Http404
    question = content.question(question_code)
    if question.kind is not QuestionKind.MATURITY:
        raise Refused("This question has no levels, so there is none to propose.")
    responses = responses_from(json.loads(matter.submission.content)["answers"])
    signed = responses.get(question_code, EMPTY).level
    if signed is None or question_code not in asked(content, responses):
        raise Refused("The system gave no level here, so there is none to moderate.")
    if level not in {each.value for each in question.levels} or level == signed:
        raise Refused(f"Choose another level than {signed}, the one that the system signed.")
    possible = _possible_levels(matter) | {question_code: _between(signed, level)}
    if _changes_what_is_asked(content, responses, possible):
        raise Refused(
            "Which questions are asked depends on this level. Return the assessment instead, so that the "
            "system can answer them."
        )
    return signed


def _possible_levels(matter: _Matter) -> dict[str, tuple[int, ...]]:
    """Return at which levels the moderated questions of a submission may end, by question code."""
    rows = Moderation.objects.filter(submission=matter.submission).with_state().select_related("question")
    return {
        row.question.code: _between(row.self_assessed, row.proposed) if row.final is None else (row.final,)
        for row in rows
    }


def _between(one: int, other: int) -> tuple[int, ...]:
    low, high = sorted((one, other))
    return tuple(range(low, high + 1))


def _changes_what_is_asked(
    content: Questionnaire, responses: Mapping[str, Response], possible: Mapping[str, Collection[int]]
) -> bool:
    """Return whether the levels at which questions may end, taken together, could change what is asked.

    Two levels can do together what neither does alone. Each question is held against the levels on which its
    own conditions depend: as long as none before it changes, nothing else can change it.
    """
    on_view = asked(content, responses)
    for question in content.questions:
        conditions = question.asked_if.conditions if question.asked_if else ()
        codes = sorted({each.question for each in conditions} & possible.keys())
        for levels in product(*(possible[code] for code in codes)):
            ended = {
                code: replace(responses[code], level=level) for code, level in zip(codes, levels, strict=True)
            }
            if asked(content, {**responses, **ended}) != on_view:
                return True
    return False


def _evidence(matter: _Matter, keys: Collection[int]) -> list[Evidence]:
    found = list(Evidence.objects.filter(assessment=matter.assessment, removed_at=None, pk__in=keys))
    if len(found) != len(set(keys)):
        raise Refused("Some of the evidence is not there any more. Choose again.")
    return found


def _record(
    matter: _Matter,
    question_code: str,
    *,
    by: Person,
    verb: str,
    reason: str,
    levels: dict[str, int],
) -> None:
    assessment = matter.assessment
    record(
        by=by,
        verb=verb,
        subject=f"{assessment.organisation_name}, {assessment.round.title}",
        round_id=assessment.round_id,
        assessment_id=assessment.pk,
        organisation_id=assessment.organisation_id,
        reason=reason,
        detail={"question": question_code, "copy": matter.submission.number, **levels},
    )
