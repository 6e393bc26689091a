"""The moderation of one assessment: its signed answers, and what was proposed, answered and decided."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils import timezone

from surveys.models import (
    Assessment,
    ChallengeEvidence,
    Evidence,
    Moderation,
    ModerationAnswer,
    ModerationPlan,
    Person,
    Round,
    Submission,
)
from surveys.models.moderation import MODERATED_STAGES, OPEN_STATES, ModerationQuerySet
from surveys.permissions import Permission, held_in, leads_moderation, visible_to
from surveys.queries.answer_words import answer_in_words
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import instrument
from surveys.queries.last_round import last_rounds
from surveys.queries.moderation_flags import ModerationFlag, Rule, moderation_flags_for
from surveys.queries.submission_copy import read_copy
from surveys.questionnaires.responses import EMPTY, Response, asked
from surveys.questionnaires.schema import Level, Question, QuestionKind

State = Moderation.State

_SAID: Final[Mapping[str, str]] = {
    ModerationAnswer.Kind.ACCEPT.value: "Accepted",
    ModerationAnswer.Kind.CHALLENGE.value: "Challenged",
}


class Step(StrEnum):
    """What somebody can do about one question now."""

    PROPOSE = "propose"
    ANSWER = "answer"
    DECIDE = "decide"
    NOTHING = ""


@dataclass(frozen=True)
class ModerationLine:
    """A proposed level with all that became of it. Times are in words; what has not happened is empty.

    `final` is None while it is not known. `copy` is the number of the signed copy that it belongs to.
    """

    id: int
    copy: int
    question_code: str
    state: str
    self_assessed: int
    proposed: int
    final: int | None
    reason: str
    proposed_by_id: int
    proposed_by: str
    proposed_at: str
    answer: str
    answer_text: str
    answered_by: str
    answered_at: str
    evidence: tuple[str, ...]
    decision_reason: str
    decided_by: str
    decided_at: str

    @property
    def state_label(self) -> str:
        """Where it stands, in words."""
        return str(State(self.state).label)

    @property
    def open(self) -> bool:
        """Whether the final level is not known yet."""
        return self.state in OPEN_STATES

    @property
    def counts(self) -> bool:
        """Whether it belongs to the copy that counts now."""
        return self.state != State.REPLACED


@dataclass(frozen=True)
class EvidenceName:
    """Evidence beside an answer, by its key and what it is called."""

    id: int
    name: str


@dataclass(frozen=True)
class SignedLevel:
    """One maturity question of the latest signed copy. `level` None: none was given, or it was not asked.

    `before` is last round's answer in a few words, where it can be compared, and `flags` are reasons to look
    again, in sentences; both are for reviewers, and a matched peer sees no earlier round. `moderation` is the
    proposal beside this copy, `earlier` are those beside copies before.
    """

    code: str
    text: str
    level: int | None
    words: str
    comment: str
    evidence: tuple[EvidenceName, ...]
    before: str
    flags: tuple[str, ...]
    moderation: ModerationLine | None
    earlier: tuple[ModerationLine, ...]


@dataclass(frozen=True)
class SignedSection:
    """The maturity questions of one dimension."""

    code: str
    name: str
    flags: tuple[str, ...]
    levels: tuple[SignedLevel, ...]


@dataclass(frozen=True)
class AssessmentModeration:
    """The moderation of an assessment as somebody sees it. `copy` is the number of the latest signed copy.

    `reviews`: they may propose; `answers`: they answer for the system; `decides`: they decide where they have
    not proposed themselves; `reads`: they may open the assessment's other pages. `shut` says in a sentence
    why nothing can be proposed now; it is empty when something can. `answers_until` is None without a plan.
    """

    id: int
    person_id: int
    organisation_name: str
    ods_code: str
    region_name: str
    round_id: int
    round_title: str
    synthetic: bool
    copy: int
    signed_by: str
    signed_at: str
    lead_reviewer: str
    answers_until: datetime.datetime | None
    answerable: bool
    under_way: bool
    shut: str
    reviews: bool
    answers: bool
    decides: bool
    manages: bool
    reads: bool
    flags: tuple[str, ...]
    sections: tuple[SignedSection, ...]
    questions: Mapping[str, Question]

    @property
    def answers_until_in_words(self) -> str:
        """Until when the system may answer; empty without a plan."""
        return moment_in_words(self.answers_until) if self.answers_until else ""

    @property
    def lines(self) -> tuple[ModerationLine, ...]:
        """The proposals that count now."""
        return tuple(
            level.moderation for section in self.sections for level in section.levels if level.moderation
        )

    @property
    def shown(self) -> tuple[SignedSection, ...]:
        """What the person sees: everything for a reviewer, for the system what concerns it."""
        if self.reviews:
            return self.sections
        kept = (
            SignedSection(
                section.code,
                section.name,
                (),
                tuple(each for each in section.levels if each.moderation or each.earlier),
            )
            for section in self.sections
        )
        return tuple(section for section in kept if section.levels)

    @property
    def levels(self) -> int:
        """How many levels were signed."""
        return sum(each.level is not None for section in self.sections for each in section.levels)

    def count(self, *states: str) -> int:
        """Return how many proposals that count now are in one of these states."""
        return sum(line.state in states for line in self.lines)

    @property
    def waiting(self) -> int:
        """How many proposals wait for the system's answer."""
        return self.count(State.WAITING)

    @property
    def challenged(self) -> int:
        """How many the system has challenged and nobody has decided about."""
        return self.count(State.CHALLENGED)

    @property
    def settled(self) -> int:
        """How many have a final level."""
        return self.count(State.ACCEPTED, State.DECIDED)

    def step(self, level: SignedLevel) -> Step:
        """Return what the person can do about a level now."""
        line = level.moderation
        if not self.under_way:
            return Step.NOTHING
        if line is None:
            may = self.reviews and not self.shut and level.level is not None
            return Step.PROPOSE if may else Step.NOTHING
        if self.answers and line.state == State.WAITING and self.answerable:
            return Step.ANSWER
        if self.decides and line.open and line.proposed_by_id != self.person_id:
            return Step.DECIDE
        return Step.NOTHING

    def next_step(self, level: SignedLevel) -> str:
        """Return the link text of what the person can do about a level now."""
        return {
            Step.PROPOSE: "Propose another level",
            Step.ANSWER: "Answer",
            Step.DECIDE: "Decide",
            Step.NOTHING: "Read",
        }[self.step(level)]


@dataclass(frozen=True)
class ModeratedQuestion:
    """One question of it, with what can be done about it now."""

    page: AssessmentModeration
    section: SignedSection
    signed: SignedLevel
    question: Question
    step: Step

    @property
    def levels_to_propose(self) -> tuple[Level, ...]:
        """The other levels of the question, lowest first."""
        return tuple(each for each in self.question.levels if each.value != self.signed.level)

    @property
    def levels_to_decide(self) -> tuple[Level, ...]:
        """The levels from the signed one to the proposed one, lowest first.

        Until the system has answered or its time is over, only its own level can be decided.
        """
        line = self.signed.moderation
        if line is None:
            return ()
        low, high = sorted((line.self_assessed, line.proposed))
        if line.state == State.WAITING and self.page.answerable:
            low = high = line.self_assessed
        return tuple(each for each in self.question.levels if low <= each.value <= high)

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """What each level is called and which it is: the signed, the proposed and the final one."""
        line = self.signed.moderation
        known = [("Self-assessed level", self.signed.level)]
        if line is not None:
            known += [("Proposed level", line.proposed), ("Final level", line.final)]
        return tuple(
            (what, f"{value} {self.question.level(value).name}" if value is not None else "")
            for what, value in known
        )


def assessment_moderation(person: Person, assessment_id: int) -> AssessmentModeration:
    """Return the moderation of an assessment, in three queries.

    Five more at most where the person reviews it and the process has not read the round before and the flags
    of the signed copies that stand in the last minutes; then one more.

    Raises Http404 when nothing is signed, and for who may neither read nor review it; a matched peer sees it
    while its round is moderated and the copy stands.
    """
    row = _row(person, assessment_id)
    survey_round = row.round
    standing = row.status == Assessment.Status.SUBMITTED and row.withdrawn_at is None
    under_way = survey_round.status in MODERATED_STAGES and standing
    if row.signed is None or not (row.reads or (row.reviews and under_way)):
        raise Http404
    plan: ModerationPlan | None = getattr(survey_round, "moderation_plan", None)
    held = held_in(person, row.organisation_id)
    manages = Permission.MANAGE in held
    answerable = plan is not None and timezone.now() < plan.answers_until
    leads = plan is not None and plan.lead_reviewer_id == person.pk and leads_moderation(person)
    flags = moderation_flags_for(person, survey_round, [row.pk]).get(row.pk, ()) if row.reviews else ()
    shown = [flag for flag in flags if row.reads or flag.rule is not Rule.JUMP]
    return AssessmentModeration(
        id=row.pk,
        person_id=person.pk,
        organisation_name=row.organisation_name,
        ods_code=row.ods_code,
        region_name=row.region_name,
        round_id=survey_round.pk,
        round_title=survey_round.title,
        synthetic=survey_round.synthetic,
        copy=row.signed["number"],
        signed_by=row.signed["by"],
        signed_at=moment_in_words(datetime.datetime.fromisoformat(row.signed["at"])),
        lead_reviewer=plan.lead_reviewer.name if plan else "",
        answers_until=plan.answers_until if plan else None,
        answerable=answerable,
        under_way=under_way,
        shut=_shut(row, plan, answerable=answerable),
        reviews=row.reviews,
        answers=not held.isdisjoint({Permission.SEND_FOR_SIGNOFF, Permission.SIGN}),
        decides=row.reviews and (manages or leads),
        manages=manages,
        reads=row.reads,
        flags=tuple(flag.words for flag in shown if not flag.dimension),
        sections=tuple(_sections(person, row, shown)),
        questions=instrument(survey_round.questionnaire_id).content.questions_by_code,
    )


def moderated_question(person: Person, assessment_id: int, code: str) -> ModeratedQuestion:
    """Return one question of it. Raises Http404 as `assessment_moderation` does, and without such a question
    that the person sees.
    """
    page = assessment_moderation(person, assessment_id)
    for section in page.shown:
        for level in section.levels:
            if level.code == code:
                return ModeratedQuestion(page, section, level, page.questions[code], page.step(level))
    raise Http404


def with_everything(rows: ModerationQuerySet) -> ModerationQuerySet:
    """Return proposals as `moderation_line` reads them: one query, with what stands beside each."""
    evidence = ChallengeEvidence.objects.filter(answer__moderation=OuterRef("pk")).order_by("pk")
    # A mapping, because the type checker takes a keyword for a second definition of the attribute.
    annotations = {"challenge_evidence": ArraySubquery(evidence.values("evidence_id"))}
    known = ("submission", "question", "proposed_by", "answer__answered_by", "decision__decided_by")
    return rows.with_state().select_related(*known).annotate(**annotations)


def moderation_line(row: Any, evidence: Mapping[int, str]) -> ModerationLine:
    """Return a proposal that `with_everything` has read; `evidence` are the names of evidence by key."""
    answer = getattr(row, "answer", None)
    decision = getattr(row, "decision", None)
    return ModerationLine(
        id=row.pk,
        copy=row.submission.number,
        question_code=row.question.code,
        state=row.state,
        self_assessed=row.self_assessed,
        proposed=row.proposed,
        final=row.final,
        reason=row.reason,
        proposed_by_id=row.proposed_by_id,
        proposed_by=row.proposed_by.name,
        proposed_at=moment_in_words(row.proposed_at),
        answer=_SAID[answer.kind] if answer else "",
        answer_text=answer.text if answer else "",
        answered_by=answer.answered_by.name if answer else "",
        answered_at=moment_in_words(answer.answered_at) if answer else "",
        evidence=tuple(evidence[key] for key in row.challenge_evidence),
        decision_reason=decision.reason if decision else "",
        decided_by=decision.decided_by.name if decision else "",
        decided_at=moment_in_words(decision.decided_at) if decision else "",
    )


def _row(person: Person, assessment_id: int) -> Any:
    one = Assessment.objects.filter(pk=OuterRef("pk"))
    latest = Submission.objects.filter(assessment=OuterRef("pk")).order_by("-number")
    copy = JSONObject(number="number", by="signed_by_name", at="signed_at", content="content")
    row = (
        Assessment.objects.select_related("round__moderation_plan__lead_reviewer")
        .annotate(
            reads=Exists(visible_to(person, Permission.READ_ASSESSMENT, one)),
            reviews=Exists(visible_to(person, Permission.REVIEW, one)),
            signed=Subquery(latest.values_list(copy)[:1]),
        )
        .filter(pk=assessment_id)
        .first()
    )
    if row is None:
        raise Http404
    return row


def _shut(row: Assessment, plan: ModerationPlan | None, *, answerable: bool) -> str:
    survey_round = row.round
    if survey_round.status not in MODERATED_STAGES:
        return {
            Round.Status.PUBLISHED.value: "The results are published, so nothing is moderated any more.",
        }.get(survey_round.status, "Levels are moderated once the round is closed.")
    if row.withdrawn_at is not None:
        return "The system was withdrawn from the round."
    if row.status != Assessment.Status.SUBMITTED:
        return "The system was asked to change its answers and has not signed them again."
    if plan is None:
        return "An administrator has to plan the moderation of this round first."
    if not answerable:
        return (
            f"Systems could answer until {moment_in_words(plan.answers_until)}, so nothing more is proposed."
        )
    return ""


def _sections(person: Person, row: Any, flags: Iterable[ModerationFlag]) -> Iterator[SignedSection]:
    asked_by = instrument(row.round.questionnaire_id)
    copy = read_copy(row.signed["content"])
    on_view = asked(asked_by.content, copy.responses)
    evidence = list(Evidence.objects.filter(assessment=row).order_by("added_at", "pk"))
    names = {each.pk: str(each) for each in evidence}
    # As the flags read it, so that a process keeps both; and nothing for a matched peer.
    before = last_rounds([row.pk], asked_by)[row.pk] if row.reads and row.reviews else {}
    proposals: dict[str, list[ModerationLine]] = defaultdict(list)
    # Of the copies before, a matched peer sees what they proposed themselves.
    seen = Q() if row.reads else Q(submission__number=row.signed["number"]) | Q(proposed_by=person)
    rows = with_everything(Moderation.objects.filter(seen, submission__assessment=row))
    for proposal in rows.order_by("-submission__number", "pk"):
        line = moderation_line(proposal, names)
        proposals[line.question_code].append(line)
    for dimension in asked_by.content.dimensions:
        questions = [each for each in dimension.all_questions if each.kind is QuestionKind.MATURITY]
        if questions:
            about = [flag for flag in flags if flag.dimension == dimension.code]
            yield SignedSection(
                dimension.code,
                dimension.name,
                tuple(flag.words for flag in about if not flag.question),
                tuple(
                    _signed(
                        question,
                        copy.responses.get(question.code, EMPTY) if question.code in on_view else EMPTY,
                        tuple(
                            EvidenceName(each.pk, str(each))
                            for each in evidence
                            if each.question_id == asked_by.question_ids[question.code]
                            and each.removed_at is None
                        ),
                        before[question.code].sentence if question.code in before else "",
                        tuple(flag.words for flag in about if flag.question == question.code),
                        [each for each in proposals[question.code] if each.copy == row.signed["number"]],
                        [each for each in proposals[question.code] if each.copy != row.signed["number"]],
                    )
                    for question in questions
                ),
            )


def _signed(
    question: Question,
    response: Response,
    evidence: tuple[EvidenceName, ...],
    before: str,
    flags: tuple[str, ...],
    beside: list[ModerationLine],
    earlier: list[ModerationLine],
) -> SignedLevel:
    words = answer_in_words(question, response)
    return SignedLevel(
        code=question.code,
        text=question.text,
        level=response.level,
        words=words.value or "No answer",
        comment=words.comment,
        evidence=evidence,
        before=before,
        flags=flags,
        moderation=beside[0] if beside else None,
        earlier=tuple(earlier),
    )
