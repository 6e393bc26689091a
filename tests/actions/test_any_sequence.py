"""Whoever does whatever in whatever order, a round and its assessments stay as they must be.

A machine does what people of every role could try, as the actions let them, and says beforehand what must
come of it. After each step it looks at every row of every table. STATEFUL_SEEDS, a number, makes a longer
run.
"""

from __future__ import annotations

import datetime
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import time_machine
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from surveys.actions.answers import AnswerSave, save_answers
from surveys.actions.assessments import return_assessment, send_for_signoff, submit
from surveys.actions.extensions import extend
from surveys.actions.handing_out import hand_out, take_back
from surveys.actions.moderation import answer_proposal, decide, propose
from surveys.actions.moderation_plan import plan_moderation
from surveys.actions.participants import add_participant, restore_participant, withdraw_participant
from surveys.actions.refusals import Refused
from surveys.actions.releases import correct, publish, release_provisionally, withdraw
from surveys.actions.rounds import (
    RoundDetails,
    change_round,
    choose_participants,
    close_round,
    create_round,
    details_of,
    open_round,
    reopen_round,
)
from surveys.models import Answer, Assessment, Event, ModerationPlan, Person, Release, Round
from surveys.models.assessment import MOVES as ASSESSMENT_MOVES
from surveys.models.round import MOVES as ROUND_MOVES
from surveys.permissions import Permission, get_for
from surveys.queries.assessments import assessment_state
from surveys.questionnaires.responses import EMPTY, Response
from tests.kept_rows import rows_now
from tests.round_model import (
    ADMINISTRATOR,
    APPROVERS,
    DIMENSION_OF,
    DONE,
    HIDDEN,
    LEADS,
    PEOPLE,
    PLACES,
    REACH,
    REFUSED,
    Out,
    Proposal,
    RoundModel,
    Sheet,
)
from tests.world import World

SEEDS: Final = int(os.environ.get("STATEFUL_SEEDS", "16"))
EXAMPLES_OF_A_SEED: Final = 3
# Finding a shorter way to a failure takes minutes, so a usual run tells it as it was found.
PHASES: Final = tuple(Phase) if "STATEFUL_SEEDS" in os.environ else (Phase.generate,)
STEPS: Final = 32
DAY: Final = datetime.timedelta(days=1)
HOUR: Final = datetime.timedelta(hours=1)
SITE: Final = "https://survey.example"

CODES = st.sampled_from(sorted(DIMENSION_OF))
LEVELS = st.integers(1, 5)
SOMEWHERE = st.sampled_from(PLACES)


def somebody(*likely: str) -> st.SearchStrategy[str]:
    """Mostly people who may do a thing at some time, and sometimes anybody."""
    return st.one_of(*[st.sampled_from(likely)] * 3, st.sampled_from(PEOPLE))


MANAGER = somebody(ADMINISTRATOR)
RESPONSES = st.one_of(
    st.builds(Response, level=LEVELS, comment=st.sampled_from(["", "So it is."])), st.just(EMPTY)
)


class Survey(RuleBasedStateMachine):
    """The country of the tests with a round of its own, from its draft on."""

    world: World
    tally: Counter[tuple[str, str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.travel = time_machine.travel(timezone.now().replace(microsecond=0), tick=False)
        self.clock = self.travel.start()
        now = timezone.now()
        details = RoundDetails(
            title="Any round",
            questionnaire_id=self.world.questionnaire.pk,
            opens_at=now,
            closes_at=now + 30 * DAY,
            reference_date=timezone.localdate(),
            participants_as_at=timezone.localdate(),
        )
        self.round_id = create_round(by=self.world.administrator, details=details).pk
        self.model = RoundModel(closes_at=details.closes_at)
        self.places = {getattr(self.world, place).pk: place for place in PLACES}
        self.changes = 0
        self.rows = rows_now()
        self.statuses = self._statuses()

    def teardown(self) -> None:
        self.travel.stop()
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # What everything is done by

    def attempt(
        self,
        name: str,
        who: str,
        predicted: str,
        act: Callable[[Person], Any],
        *events: str,
        answers: bool = False,
    ) -> Any:
        """Let somebody do something, and look whether it went as predicted and left what it must.

        `events` are what the audit trail must tell of it. Only with `answers` may an answer change.
        """
        before, known = self.rows, Event.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        person = Person.objects.get(pk=getattr(self.world, who).pk)
        outcome, result = DONE, None
        try:
            with transaction.atomic():
                result = act(person)
        except Http404:
            outcome = HIDDEN
        except Refused:
            outcome = REFUSED
        assert (name, who, outcome) == (name, who, predicted)
        self.rows = rows_now()
        told = list(Event.objects.filter(pk__gt=known).order_by("pk").values_list("verb", "person_id"))
        if outcome == DONE:
            assert told == [(verb, person.pk) for verb in events]
        else:
            assert self.rows == before
        assert self.rows.lost(before) == set()
        assert answers or "surveys_answer" not in self.rows.changed(before)
        self._look_at_moves()
        self.tally[name, outcome] += 1
        return result

    def _statuses(self) -> dict[str, str]:
        rows = Assessment.objects.filter(round_id=self.round_id).values_list("organisation_id", "status")
        found = {self.places[organisation_id]: status for organisation_id, status in rows}
        return {"round": Round.objects.get(pk=self.round_id).status, **found}

    def _look_at_moves(self) -> None:
        """Nothing has moved but along its table of moves, and everything is where the model has it."""
        now = self._statuses()
        for place, status in now.items():
            before = self.statuses.get(place, "not_started")
            moves = (
                {Round.Status(before): ROUND_MOVES[Round.Status(before)]}
                if place == "round"
                else {Assessment.Status(before): ASSESSMENT_MOVES[Assessment.Status(before)]}
            )
            assert status == before or status in next(iter(moves.values())), (place, before, status)
        self.statuses = now

    @invariant()
    def everything_is_as_the_model_says(self) -> None:
        sheets = {place: sheet.status for place, sheet in self.model.sheets.items()}
        assert self.statuses == {"round": self.model.status, **sheets}
        stored = {
            (self.places[row.assessment.organisation_id], row.question.code): (row.response, row.version)
            for row in Answer.objects.filter(assessment__round_id=self.round_id).select_related(
                "assessment", "question"
            )
        }
        assert stored == {
            (place, code): (versions[-1], len(versions))
            for place, sheet in self.model.sheets.items()
            for code, versions in sheet.answers.items()
        }

    def _sheet(self, place: str) -> Sheet:
        return self.model.sheets[place]

    def _there(self, place: str) -> str:
        """The place, or another one that takes part in the round."""
        return place if place in self.model.sheets else min(self.model.sheets)

    # The round

    @initialize(stage=st.integers(0, 6))
    def begin(self, stage: int) -> None:
        """At some stage of a round, reached by the same acts: so that the late ones are seen often enough."""
        self.clock.shift(HOUR)
        if stage == 0:
            return
        self._change(ADMINISTRATOR)
        self._choose(ADMINISTRATOR, {"own", "sister"} if stage == 1 else set(PLACES))
        self._open(ADMINISTRATOR)
        self._hand_out("lead", "own", "data_platform", "contributor")
        if stage == 1:
            self._add(ADMINISTRATOR, "far")
            return
        self._plan_moderation(ADMINISTRATOR)
        self._answer_send_and_sign("own", "linked_data", 3)
        if stage == 2:
            self._take_part(ADMINISTRATOR, "sister", back=False)
            self._take_part(ADMINISTRATOR, "sister", back=True)
            return
        self._answer_send_and_sign("sister", "training", 4)
        self._close(ADMINISTRATOR)
        if stage == 3:
            self._propose("regional_analyst", "own", "linked_data", 2)
            self._reply("approver", "own", self._sheet("own").proposals[0], accept=False)
            self._decide(ADMINISTRATOR, "own", self._sheet("own").proposals[0], 2)
            self._reopen(ADMINISTRATOR, 30)
        if stage == 4:
            self._propose("regional_analyst", "own", "linked_data", 2)
        if stage > 4:
            self._provisional(ADMINISTRATOR)
            self._extend(ADMINISTRATOR, "far", 3)
        if stage > 5:
            self._publish(ADMINISTRATOR)
            self._return(ADMINISTRATOR, "own", 3)

    @rule()
    def an_hour_passes(self) -> None:
        self.clock.shift(HOUR)

    @rule(days=st.sampled_from([2, 20]))
    def days_pass(self, days: int) -> None:
        """So that deadlines come and go."""
        self.clock.shift(days * DAY)

    @rule(who=MANAGER, stale=st.booleans())
    def change_details(self, who: str, stale: bool) -> None:
        self._change(who, stale=stale)

    def _change(self, who: str, *, stale: bool = False) -> None:
        self.changes += 1
        now = details_of(Round.objects.get(pk=self.round_id))
        wanted = replace(now, purpose=f"Purpose {self.changes}")
        seen = wanted.fingerprint if stale else now.fingerprint
        possible = self.model.status == "draft" and not stale
        predicted = self.model.by_administrator(who, possible=possible)
        self.attempt(
            "change",
            who,
            predicted,
            lambda by: change_round(by=by, round_id=self.round_id, details=wanted, seen=seen),
            "round.changed",
        )

    @rule(who=MANAGER, chosen=st.sets(SOMEWHERE))
    def choose_systems(self, who: str, chosen: set[str]) -> None:
        self._choose(who, chosen)

    def _choose(self, who: str, chosen: set[str]) -> None:
        ids = [getattr(self.world, place).pk for place in chosen]
        predicted = self.model.by_administrator(who, possible=self.model.status == "draft")
        self.attempt(
            "choose",
            who,
            predicted,
            lambda by: choose_participants(by=by, round_id=self.round_id, organisation_ids=ids),
            *(["round.participants_chosen"] if chosen != self.model.chosen else []),
        )
        if predicted == DONE:
            self.model.chosen = chosen

    @rule(who=MANAGER)
    def open(self, who: str) -> None:
        self._open(who)

    def _open(self, who: str) -> None:
        possible = self.model.status == "draft" and bool(self.model.chosen)
        predicted = self.model.by_administrator(who, possible=possible)
        self.attempt(
            "open", who, predicted, lambda by: open_round(by=by, round_id=self.round_id), "round.opened"
        )
        if predicted == DONE:
            self.model.status = "open"
            self._take_up()

    def _take_up(self) -> None:
        """Give the model the assessments that are new."""
        for row in Assessment.objects.filter(round_id=self.round_id):
            self.model.sheets.setdefault(self.places[row.organisation_id], Sheet(row.pk))
        self.statuses = self._statuses()

    @rule(who=MANAGER)
    @precondition(lambda self: self.model.status != "draft")
    def close(self, who: str) -> None:
        self._close(who)

    def _close(self, who: str) -> None:
        predicted = self.model.by_administrator(who, possible=self.model.status == "open")
        self.attempt(
            "close", who, predicted, lambda by: close_round(by=by, round_id=self.round_id), "round.closed"
        )
        if predicted == DONE:
            self.model.status = "closed"

    @rule(who=MANAGER, days=st.sampled_from([30, 30, -1]))
    @precondition(lambda self: self.model.status != "draft")
    def reopen(self, who: str, days: int) -> None:
        self._reopen(who, days)

    def _reopen(self, who: str, days: int) -> None:
        closes_at = timezone.now() + days * DAY
        predicted = self.model.by_administrator(who, possible=self.model.status == "closed" and days > 0)
        self.attempt(
            "reopen",
            who,
            predicted,
            lambda by: reopen_round(by=by, round_id=self.round_id, closes_at=closes_at, reason="Flooding."),
            "round.reopened",
        )
        if predicted == DONE:
            self.model.status, self.model.closes_at = "open", closes_at

    # Who takes part

    @rule(who=MANAGER, place=SOMEWHERE)
    @precondition(lambda self: self.model.status != "draft")
    def add_system(self, who: str, place: str) -> None:
        self._add(who, place)

    def _add(self, who: str, place: str) -> None:
        possible = self.model.status in {"open", "closed"} and place not in self.model.sheets
        predicted = self.model.by_administrator(who, possible=possible)
        pk = getattr(self.world, place).pk
        self.attempt(
            "add",
            who,
            predicted,
            lambda by: add_participant(
                by=by, round_id=self.round_id, organisation_id=pk, reason="Forgotten."
            ),
            "assessment.added",
        )
        self._take_up()

    @rule(who=MANAGER, place=SOMEWHERE, again=st.sampled_from([False, False, True]))
    @precondition(lambda self: self.model.sheets)
    def withdraw_or_restore_system(self, who: str, place: str, again: bool) -> None:
        place = self._there(place)
        self._take_part(who, place, back=self._sheet(place).withdrawn != again)

    def _take_part(self, who: str, place: str, *, back: bool) -> None:
        sheet = self._sheet(place)
        last = len(self.model.sheets) - len(self.model.withdrawn()) == 1
        possible = sheet.withdrawn if back else not sheet.withdrawn and not last
        predicted = self.model.by_administrator(who, possible=possible)
        act = restore_participant if back else withdraw_participant
        self.attempt(
            act.__name__,
            who,
            predicted,
            lambda by: act(by=by, assessment_id=sheet.key, reason="Merged."),
            "assessment.restored" if back else "assessment.withdrawn",
        )
        if predicted == DONE:
            sheet.withdrawn = not back

    # Answering together

    @rule(
        who=somebody("lead", "approver", ADMINISTRATOR, "sister_lead"),
        place=SOMEWHERE,
        dimension=st.sampled_from(sorted(DIMENSION_OF.values())),
        taker=somebody("contributor"),
    )
    @precondition(lambda self: self.model.sheets)
    def hand_out(self, who: str, place: str, dimension: str, taker: str) -> None:
        self._hand_out(who, self._there(place), dimension, taker)

    def _hand_out(self, who: str, place: str, dimension: str, taker: str) -> None:
        sheet = self._sheet(self._there(place))
        predicted = self.model.hand_out(who, self._there(place), taker)
        new = (taker, dimension) not in sheet.held
        self.attempt(
            "hand out",
            who,
            predicted,
            lambda by: hand_out(
                by=by,
                assessment_id=sheet.key,
                dimension_code=dimension,
                person_id=getattr(self.world, taker).pk,
                site=SITE,
            ),
            *(["assessment.section_assigned"] if new else []),
        )
        if predicted == DONE:
            sheet.held.add((taker, dimension))

    @rule(who=somebody("lead", "approver"), place=SOMEWHERE, data=st.data())
    @precondition(lambda self: any(sheet.held for sheet in self.model.sheets.values()))
    def take_back(self, who: str, place: str, data: st.DataObject) -> None:
        held = [(p, each) for p, sheet in self.model.sheets.items() for each in sorted(sheet.held)]
        place, (taker, dimension) = data.draw(st.sampled_from(held))
        may = who in LEADS | APPROVERS | {ADMINISTRATOR} and place in REACH[who]
        self.attempt(
            "take back",
            who,
            DONE if may else HIDDEN,
            lambda by: take_back(
                by=by,
                assessment_id=self._sheet(place).key,
                dimension_code=dimension,
                person_id=getattr(self.world, taker).pk,
            ),
            "assessment.section_unassigned",
        )
        if may:
            self._sheet(place).held.discard((taker, dimension))

    @rule(
        who=somebody("lead", "contributor", "sister_lead", "far_lead"),
        code=CODES,
        response=RESPONSES,
        behind=st.sampled_from([0, 0, 1, 2]),
        data=st.data(),
    )
    @precondition(lambda self: self.model.sheets)
    def answer(self, who: str, code: str, response: Response, behind: int, data: st.DataObject) -> None:
        reach = sorted(REACH[who] & self.model.sheets.keys()) or sorted(self.model.sheets)
        place = data.draw(st.one_of(st.sampled_from(reach), st.sampled_from(sorted(self.model.sheets))))
        self._answer(who, place, code, response, behind)

    def _answer(self, who: str, place: str, code: str, response: Response, behind: int = 0) -> None:
        """Save an answer, having seen it as it was so many versions ago."""
        sheet = self._sheet(place)
        predicted = self.model.save(who, place, code, timezone.now())
        seen = max(0, sheet.version(code) - behind)
        became = self._becomes(sheet, code, response, seen)
        outcome = self.attempt(
            "answer",
            who,
            predicted,
            lambda by: save_answers(by=by, assessment_id=sheet.key, saves=[AnswerSave(code, seen, response)]),
            answers=became == "saved",
        )
        if predicted != DONE:
            return
        told = {"saved": outcome.saved, "unchanged": outcome.unchanged, "conflict": set(outcome.conflicts)}
        assert {name for name, codes in told.items() if codes} == {became}
        assert outcome.versions == {code: sheet.version(code) + (became == "saved")}
        self.tally["answer", became] += 1
        if became == "saved":
            sheet.answers.setdefault(code, []).append(response)
            sheet.status = "in_progress"

    @staticmethod
    def _becomes(sheet: Sheet, code: str, response: Response, seen: int) -> str:
        if response == sheet.now(code):
            return "unchanged"
        if seen == sheet.version(code):
            return "saved"
        then = sheet.answers[code][seen - 1] if seen else EMPTY
        return "unchanged" if response == then else "conflict"

    # Signing

    @rule(who=somebody("lead", "sister_lead", "far_lead"), data=st.data())
    @precondition(lambda self: self.model.sheets)
    def send(self, who: str, data: st.DataObject) -> None:
        self._send(who, self._own_or_any(who, data))

    def _own_or_any(self, who: str, data: st.DataObject) -> str:
        there = sorted(self.model.sheets)
        mine = [place for place in there if place in REACH[who]] or there
        return data.draw(st.one_of(st.sampled_from(mine), st.sampled_from(mine), st.sampled_from(there)))

    def _send(self, who: str, place: str) -> None:
        sheet, now = self._sheet(place), timezone.now()
        predicted = self.model.send(who, place, now)
        self.attempt(
            "send",
            who,
            predicted,
            lambda by: send_for_signoff(by=by, assessment_id=sheet.key, site=SITE),
            "assessment.sent",
        )
        if predicted == DONE:
            sheet.status, sheet.sent_at = "awaiting_signoff", now

    @rule(who=somebody("approver", "sister_approver", "far_approver"), late=st.booleans(), data=st.data())
    @precondition(lambda self: self.model.sheets)
    def sign(self, who: str, late: bool, data: st.DataObject) -> None:
        place = self._own_or_any(who, data)
        sent_at = self._sheet(place).sent_at
        self._sign(who, place, sent_at - DAY if late and sent_at else sent_at)

    def _sign(self, who: str, place: str, read: datetime.datetime | None) -> None:
        sheet = self._sheet(place)
        predicted = self.model.sign(who, place, timezone.now(), stale=read != sheet.sent_at)
        self.attempt(
            "sign",
            who,
            predicted,
            lambda by: submit(
                by=by, assessment_id=sheet.key, name=by.name, job_title="Chief", sent_at=read, site=SITE
            ),
            "assessment.submitted",
        )
        if predicted == DONE:
            sheet.status = "submitted"
            sheet.copies.append({code: sheet.now(code) for code in sheet.answers})

    @rule(place=SOMEWHERE, code=CODES, level=LEVELS)
    @precondition(lambda self: self.model.sheets)
    def answer_send_and_sign(self, place: str, code: str, level: int) -> None:
        self._answer_send_and_sign(self._there(place), code, level)

    def _answer_send_and_sign(self, place: str, code: str, level: int) -> None:
        """What a system does in the end, if it may; its approver first has an earlier page before them."""
        lead, approver = {"own": ("lead", "approver")}.get(place, (f"{place}_lead", f"{place}_approver"))
        self._answer(lead, place, code, Response(level=level))
        self.clock.shift(HOUR)
        self._send(lead, place)
        sent_at = self._sheet(place).sent_at
        if sent_at is not None:
            self._sign(approver, place, sent_at - HOUR)
        self._sign(approver, place, sent_at)

    @rule(
        who=somebody("approver", "sister_approver", "regional_analyst", ADMINISTRATOR),
        days=st.sampled_from([None, None, 3, -1]),
        data=st.data(),
    )
    @precondition(lambda self: self.model.sheets)
    def return_it(self, who: str, days: int | None, data: st.DataObject) -> None:
        self._return(who, self._own_or_any(who, data), days)

    def _return(self, who: str, place: str, days: int | None) -> None:
        sheet, now = self._sheet(place), timezone.now()
        until = None if days is None else now + days * DAY
        predicted = self.model.return_(who, place, until, now)
        gives = sheet.status == "submitted" and until is not None and self.model.shut(sheet, now)
        self.attempt(
            "return",
            who,
            predicted,
            lambda by: return_assessment(
                by=by, assessment_id=sheet.key, reason="Look again.", until=until, site=SITE
            ),
            "assessment.returned",
            *(["assessment.extended"] if gives else []),
        )
        if predicted == DONE:
            sheet.status = "returned"
            if gives:
                sheet.until, sheet.until_after_closing = until, self.model.status != "open"

    @rule(who=MANAGER, place=SOMEWHERE, days=st.sampled_from([-1, 3, 60]))
    @precondition(lambda self: self.model.sheets)
    def give_time(self, who: str, place: str, days: int) -> None:
        self._extend(who, self._there(place), days)

    def _extend(self, who: str, place: str, days: int) -> None:
        sheet, now = self._sheet(place), timezone.now()
        until = now + days * DAY
        predicted = self.model.extend(who, place, until, now)
        self.attempt(
            "extend",
            who,
            predicted,
            lambda by: extend(by=by, assessment_id=sheet.key, until=until, reason="Illness."),
            "assessment.extended",
        )
        if predicted == DONE:
            sheet.until, sheet.until_after_closing = until, self.model.status != "open"

    # Moderation

    @rule(who=MANAGER)
    @precondition(lambda self: self.model.sheets)
    def plan(self, who: str) -> None:
        self._plan_moderation(who)

    def _plan_moderation(self, who: str) -> None:
        until = max(timezone.now(), self.model.closes_at) + 10 * DAY
        predicted = self.model.by_administrator(who, possible=self.model.status != "published")
        plan = ModerationPlan.objects.filter(round_id=self.round_id).first()
        self.attempt(
            "plan moderation",
            who,
            predicted,
            lambda by: plan_moderation(
                by=by,
                round_id=self.round_id,
                lead_reviewer_id=self.world.national_analyst.pk,
                answers_until=until,
                seen=plan.changed_at if plan else None,
            ),
            "moderation.planned",
        )
        if predicted == DONE:
            self.model.answers_until = until

    @rule(
        who=somebody("regional_analyst", "national_analyst", ADMINISTRATOR),
        code=CODES,
        level=LEVELS,
        stale=st.sampled_from([False, False, True]),
        data=st.data(),
    )
    @precondition(lambda self: any(sheet.copies for sheet in self.model.sheets.values()))
    def propose(self, who: str, code: str, level: int, stale: bool, data: st.DataObject) -> None:
        self._propose(who, self._own_or_any(who, data), code, level, stale=stale)

    def _propose(self, who: str, place: str, code: str, level: int, *, stale: bool = False) -> None:
        sheet, now = self._sheet(place), timezone.now()
        predicted = self.model.propose(who, place, code, level, now, stale=stale)
        copy = len(sheet.copies) - stale
        made = self.attempt(
            "propose",
            who,
            predicted,
            lambda by: propose(
                by=by, assessment_id=sheet.key, question_code=code, level=level, reason="Too high.", copy=copy
            ),
            "moderation.proposed",
        )
        if predicted == DONE:
            signed = sheet.copies[-1][code].level or 0
            sheet.proposals.append(Proposal(made.pk, len(sheet.copies), code, signed, level, who))

    @rule(who=somebody("lead", "approver"), accept=st.booleans(), data=st.data())
    @precondition(lambda self: any(sheet.proposals for sheet in self.model.sheets.values()))
    def reply(self, who: str, accept: bool, data: st.DataObject) -> None:
        self._reply(who, *self._proposal(data), accept=accept)

    def _reply(self, who: str, place: str, about: Proposal, *, accept: bool) -> None:
        predicted = self.model.reply(who, place, about, timezone.now())
        kind = "accept" if accept else "challenge"
        self.attempt(
            "reply",
            who,
            predicted,
            lambda by: answer_proposal(
                by=by,
                assessment_id=self._sheet(place).key,
                moderation_id=about.key,
                kind=kind,
                text="We have shown it.",
            ),
            "moderation.accepted" if accept else "moderation.challenged",
        )
        if predicted == DONE:
            about.accepted, about.challenged = accept, not accept

    @rule(who=somebody("national_analyst", ADMINISTRATOR), level=LEVELS, data=st.data())
    @precondition(lambda self: any(sheet.proposals for sheet in self.model.sheets.values()))
    def decide(self, who: str, level: int, data: st.DataObject) -> None:
        place, about = self._proposal(data)
        self._decide(who, place, about, data.draw(st.sampled_from([about.signed, about.level, level])))

    def _decide(self, who: str, place: str, about: Proposal, level: int) -> None:
        predicted = self.model.decide(who, place, about, level, timezone.now())
        self.attempt(
            "decide",
            who,
            predicted,
            lambda by: decide(
                by=by,
                assessment_id=self._sheet(place).key,
                moderation_id=about.key,
                level=level,
                reason="As shown.",
            ),
            "moderation.decided",
        )
        if predicted == DONE:
            about.final = level

    def _proposal(self, data: st.DataObject) -> tuple[str, Proposal]:
        every = [(place, each) for place, sheet in self.model.sheets.items() for each in sheet.proposals]
        return data.draw(st.sampled_from(every))

    # Results

    @rule(who=MANAGER)
    @precondition(lambda self: self.model.status not in {"draft", "open"})
    def release_provisionally(self, who: str) -> None:
        self._provisional(who)

    def _provisional(self, who: str) -> None:
        possible = self.model.status in {"closed", "provisional"}
        self._release(
            who,
            "provisional",
            "round.released_provisionally",
            lambda by: release_provisionally(by=by, round_id=self.round_id),
            possible=possible,
        )

    @rule(who=MANAGER)
    @precondition(lambda self: self.model.status not in {"draft", "open"})
    def publish(self, who: str) -> None:
        self._publish(who)

    def _publish(self, who: str) -> None:
        self._release(
            who,
            "published",
            "round.published",
            lambda by: publish(by=by, round_id=self.round_id),
            possible=self.model.status == "provisional" and not self.model.undecided(),
        )

    @rule(who=MANAGER)
    @precondition(lambda self: self.model.status not in {"draft", "open"})
    def correct(self, who: str) -> None:
        self._release(
            who,
            "published",
            "round.corrected",
            lambda by: correct(by=by, round_id=self.round_id, note="Corrected."),
            possible=self.model.status == "published",
        )

    def _release(
        self, who: str, kind: str, verb: str, act: Callable[[Person], Release], *, possible: bool
    ) -> None:
        model = self.model
        predicted = model.by_administrator(who, possible=possible and not model.repeats(kind))
        made = self.attempt(verb.partition(".")[2], who, predicted, act, verb)
        if predicted == DONE:
            model.status = kind
            model.releases.append(Out(made.pk, kind, model.shown(), model.withdrawn()))

    @rule(who=MANAGER, data=st.data())
    @precondition(lambda self: self.model.releases)
    def withdraw_release(self, who: str, data: st.DataObject) -> None:
        out = data.draw(st.sampled_from(self.model.releases))
        predicted = self.model.by_administrator(who, possible=out.key not in self.model.taken_back)
        self.attempt(
            "withdraw release",
            who,
            predicted,
            lambda by: withdraw(by=by, release_id=out.key, reason="Wrong."),
            "round.results_withdrawn",
        )
        if predicted == DONE:
            self.model.taken_back.add(out.key)

    # Looking

    @rule(who=st.sampled_from(PEOPLE), place=SOMEWHERE)
    @precondition(lambda self: self.model.sheets)
    def look_at_an_assessment(self, who: str, place: str) -> None:
        place = self._there(place)
        self.attempt(
            "look",
            who,
            DONE if place in REACH[who] else HIDDEN,
            lambda by: assessment_state(by, self._sheet(place).key),
        )

    @rule(who=st.sampled_from(PEOPLE), data=st.data())
    @precondition(lambda self: self.model.releases)
    def look_at_a_release(self, who: str, data: st.DataObject) -> None:
        out = data.draw(st.sampled_from(self.model.releases))
        self.attempt(
            "look at results",
            who,
            DONE if self.model.may_read(who, out) else HIDDEN,
            lambda by: get_for(by, Release.objects.all(), out.key, Permission.SEE_RESULTS),
        )


ACTS: Final = {
    *("change", "choose", "open", "close", "reopen", "add", "withdraw_participant", "restore_participant"),
    *("hand out", "take back", "answer", "send", "sign", "return", "extend", "plan moderation", "propose"),
    *("reply", "decide", "released_provisionally", "published", "corrected", "withdraw release", "look"),
    "look at results",
}


def test_any_sequence_of_acts_by_anybody(world: World) -> None:
    """Also that the run was worth it: everything was done by somebody, and was hidden from somebody."""
    Survey.world, Survey.tally = world, Counter()

    # Of one seed, Hypothesis mostly varies the first long sequence that it finds; each seed begins another.
    for number in range(SEEDS):
        run_state_machine_as_test(
            seed(number)(Survey),
            settings=settings(
                max_examples=EXAMPLES_OF_A_SEED,
                stateful_step_count=STEPS,
                deadline=None,
                phases=PHASES,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

    assert {name for name, outcome in Survey.tally if outcome == DONE} == ACTS
    assert {name for name, outcome in Survey.tally if outcome == HIDDEN} == ACTS
