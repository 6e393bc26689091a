"""The moderation of a simulated round: levels proposed by an analyst and a peer, answered, and decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from surveys.actions.moderation import answer_proposal, decide, propose
from surveys.actions.moderation_plan import assign_reviewer, plan_moderation
from surveys.actions.simulation.cast import Cast
from surveys.actions.simulation.courses import Course
from surveys.actions.simulation.failure import must_refuse
from surveys.actions.simulation.signing import ENOUGH
from surveys.actions.simulation.work import Work, works_of
from surveys.models import Evidence, Moderation, ModerationAnswer, Person, Round
from surveys.queries.assessments import stored_answers

Kind = ModerationAnswer.Kind


@dataclass(frozen=True)
class _Level:
    """A level of a signed assessment about which two people differ."""

    code: str
    signed: int

    @property
    def proposed(self) -> int:
        """The level below, or the second where the first was signed."""
        return self.signed - 1 or 2


def moderate(survey_round: Round, works: Sequence[Work], cast: Cast, say: Callable[[str], None]) -> None:
    """Let three levels be proposed: one is accepted, one challenged and decided, one waits for an answer.

    The last is about a submission that is returned later, and signed anew.
    """
    plan_moderation(
        by=cast.administrator,
        round_id=survey_round.pk,
        lead_reviewer_id=cast.national_analyst.pk,
        answers_until=timezone.now() + ENOUGH,
        seen=None,
    )
    accepting, challenging, replaced = (
        works_of(works, course)[0] for course in (Course.ON_TIME, Course.RETURNED, Course.QUERIED)
    )
    analyst = cast.regional_analysts[accepting.team.place.parent_id or 0]
    _answered(accepting, accepting.team.lead, _proposed(accepting, analyst), Kind.ACCEPT)
    _challenged(challenging, accepting.team.lead, cast)
    _proposed(replaced, cast.national_analyst)
    say("Three levels moderated: one accepted, one challenged and decided, one to be signed anew")


def _challenged(work: Work, peer: Person, cast: Cast) -> None:
    must_refuse(f"{peer.name} reviews {work.name} unasked", lambda: _proposed(work, peer))
    assign_reviewer(by=cast.administrator, assessment_id=work.assessment_id, email=peer.email)
    moderation = _proposed(work, peer)
    must_refuse(f"{peer.name} decides", lambda: _decided(work, peer, moderation, moderation.proposed))
    _answered(work, work.team.approver, moderation, Kind.CHALLENGE)
    _decided(work, cast.national_analyst, moderation, moderation.proposed)
    must_refuse(
        "a decision is made twice",
        lambda: _decided(work, cast.administrator, moderation, moderation.self_assessed),
    )


def _level(work: Work) -> _Level:
    stored = stored_answers(work.assessment_id, work.instrument)
    return next(
        _Level(code, answer.response.level)
        for code, answer in stored.items()
        if answer.response.level is not None
    )


def _proposed(work: Work, by: Person) -> Moderation:
    level = _level(work)
    return propose(
        by=by,
        assessment_id=work.assessment_id,
        question_code=level.code,
        level=level.proposed,
        reason="The comment does not show it. (made up)",
        copy=work.copies,
    )


def _answered(work: Work, by: Person, moderation: Moderation, kind: ModerationAnswer.Kind) -> None:
    evidence = Evidence.objects.filter(assessment_id=work.assessment_id, removed_at=None)
    answer_proposal(
        by=by,
        assessment_id=work.assessment_id,
        moderation_id=moderation.pk,
        kind=kind,
        text="The table shows it. (made up)",
        evidence=list(evidence.values_list("pk", flat=True)),
    )


def _decided(work: Work, by: Person, moderation: Moderation, level: int) -> None:
    decide(
        by=by,
        assessment_id=work.assessment_id,
        moderation_id=moderation.pk,
        level=level,
        reason="The table is of last year. (made up)",
    )
