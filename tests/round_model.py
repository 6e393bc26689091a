"""A small model of a round with its assessments: who may do what when, and what stands afterwards.

It is written from the words of the product and knows nothing of how the actions work. A prediction is DONE,
REFUSED (somebody may do it, but not now), or HIDDEN (it does not exist for them).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from surveys.questionnaires.responses import EMPTY, Response

DONE, REFUSED, HIDDEN = "done", "refused", "hidden"

PLACES: Final = ("own", "sister", "far")
REACH: Final[Mapping[str, frozenset[str]]] = {
    "contributor": frozenset({"own"}),
    "lead": frozenset({"own"}),
    "approver": frozenset({"own"}),
    "sister_lead": frozenset({"sister"}),
    "sister_approver": frozenset({"sister"}),
    "far_lead": frozenset({"far"}),
    "far_approver": frozenset({"far"}),
    "regional_analyst": frozenset({"own", "sister"}),
    "far_regional_analyst": frozenset({"far"}),
    "national_analyst": frozenset(PLACES),
    "administrator": frozenset(PLACES),
    "newcomer": frozenset(),
}
PEOPLE: Final = tuple(REACH)
LEADS: Final = frozenset({"lead", "sister_lead", "far_lead"})
APPROVERS: Final = frozenset({"approver", "sister_approver", "far_approver"})
ANALYSTS: Final = frozenset({"regional_analyst", "far_regional_analyst", "national_analyst"})
ADMINISTRATOR: Final = "administrator"
PROGRAMME: Final = ANALYSTS | {ADMINISTRATOR}
DIMENSION_OF: Final = {"linked_data": "data_platform", "training": "skills"}
"""The questions that are answered here, each in its dimension."""


@dataclass
class Proposal:
    """A level that somebody proposed beside the signed one."""

    key: int
    copy: int
    code: str
    signed: int
    level: int
    by: str
    accepted: bool = False
    challenged: bool = False
    final: int | None = None


@dataclass
class Sheet:
    """An assessment. `answers` has all versions of each answer, and `copies` all that was signed."""

    key: int
    status: str = "not_started"
    answers: dict[str, list[Response]] = field(default_factory=dict)
    held: set[tuple[str, str]] = field(default_factory=set)
    sent_at: datetime.datetime | None = None
    copies: list[dict[str, Response]] = field(default_factory=list)
    until: datetime.datetime | None = None
    until_after_closing: bool = False
    withdrawn: bool = False
    proposals: list[Proposal] = field(default_factory=list)

    def version(self, code: str) -> int:
        """How often an answer was saved."""
        return len(self.answers.get(code, []))

    def now(self, code: str) -> Response:
        """The answer as it stands."""
        return self.answers[code][-1] if self.answers.get(code) else EMPTY

    def standing(self) -> list[Proposal]:
        """The proposals about what is signed now."""
        current = self.status == "submitted"
        return [each for each in self.proposals if current and each.copy == len(self.copies)]


@dataclass(frozen=True)
class Out:
    """A release that was made, and what it shows of each system; `withdrawn` are those that it leaves out."""

    key: int
    kind: str
    shown: Mapping[str, object]
    withdrawn: frozenset[str]


@dataclass
class RoundModel:
    """The round, its assessments by place, its releases, and the plan of its moderation."""

    closes_at: datetime.datetime
    status: str = "draft"
    chosen: set[str] = field(default_factory=set)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    releases: list[Out] = field(default_factory=list)
    taken_back: set[int] = field(default_factory=set)
    answers_until: datetime.datetime | None = None

    def shut(self, sheet: Sheet, now: datetime.datetime) -> bool:
        """Whether the time in which an assessment can be answered and signed has not come or is over."""
        alone = sheet.until is not None and sheet.until_after_closing and self.status != "open"
        if sheet.withdrawn or (self.status != "open" and not alone):
            return True
        if sheet.until is None:
            return now >= self.closes_at
        return now >= (sheet.until if alone else max(sheet.until, self.closes_at))

    def locked(self, sheet: Sheet, now: datetime.datetime) -> bool:
        """Whether no answer may be changed."""
        return sheet.status in {"awaiting_signoff", "submitted"} or self.shut(sheet, now)

    def by_administrator(self, who: str, *, possible: bool) -> str:
        """Predict what only an administrator does."""
        return HIDDEN if who != ADMINISTRATOR else (DONE if possible else REFUSED)

    def save(self, who: str, place: str, code: str, now: datetime.datetime) -> str:
        """Predict whether somebody can save an answer at all."""
        sheet = self.sheets[place]
        may = (who in LEADS and place in REACH[who]) or (who, DIMENSION_OF[code]) in sheet.held
        return HIDDEN if not may else (REFUSED if self.locked(sheet, now) else DONE)

    def send(self, who: str, place: str, now: datetime.datetime) -> str:
        """Predict whether somebody can send an assessment for sign-off."""
        sheet = self.sheets[place]
        if who not in LEADS or place not in REACH[who]:
            return HIDDEN
        return REFUSED if sheet.status == "not_started" or self.locked(sheet, now) else DONE

    def sign(self, who: str, place: str, now: datetime.datetime, *, stale: bool) -> str:
        """Predict whether somebody can sign; `stale`: what they read was sent again since."""
        sheet = self.sheets[place]
        if who not in APPROVERS or place not in REACH[who]:
            return HIDDEN
        ready = sheet.status == "awaiting_signoff" and not self.shut(sheet, now) and not stale
        return DONE if ready else REFUSED

    def return_(self, who: str, place: str, until: datetime.datetime | None, now: datetime.datetime) -> str:
        """Predict whether somebody can return an assessment, with time until then for it alone."""
        sheet = self.sheets[place]
        signs, programme = who in APPROVERS, who in PROGRAMME
        if place not in REACH[who] or not (signs or programme):
            return HIDDEN
        if sheet.withdrawn:
            return REFUSED
        if sheet.status != "submitted":
            ready = signs and sheet.status == "awaiting_signoff" and not self.shut(sheet, now)
            return DONE if ready else REFUSED
        if not programme or (until is None and self.status not in {"open", "closed"}):
            return REFUSED
        if until is not None and self.shut(sheet, now):
            return self.by_administrator(who, possible=until > now)
        return DONE

    def extend(self, who: str, place: str, until: datetime.datetime, now: datetime.datetime) -> str:
        """Predict whether somebody can give a system time until then."""
        sheet = self.sheets[place]
        enough = until > self.closes_at if self.status == "open" else sheet.status != "submitted"
        return self.by_administrator(who, possible=until > now and enough and not sheet.withdrawn)

    def hand_out(self, who: str, place: str, taker: str) -> str:
        """Predict whether somebody can hand a section to somebody."""
        if who not in LEADS | APPROVERS | {ADMINISTRATOR} or place not in REACH[who]:
            return HIDDEN
        answers = taker in LEADS | {"contributor"} and place in REACH[taker]
        return DONE if answers and not self.sheets[place].withdrawn else REFUSED

    def propose(
        self, who: str, place: str, code: str, level: int, now: datetime.datetime, *, stale: bool
    ) -> str:
        """Predict whether somebody can propose a level; `stale`: for an earlier copy than the last."""
        if who not in PROGRAMME or place not in REACH[who]:
            return HIDDEN
        sheet = self.sheets[place]
        signed = sheet.copies[-1].get(code, EMPTY).level if sheet.copies else None
        ready = (
            self._moderated(sheet)
            and not stale
            and self.answers_until is not None
            and now < self.answers_until
            and signed not in {None, level}
            and code not in {each.code for each in sheet.standing()}
        )
        return DONE if ready else REFUSED

    def reply(self, who: str, place: str, about: Proposal, now: datetime.datetime) -> str:
        """Predict whether somebody can answer a proposal for the system."""
        sheet = self.sheets[place]
        if place not in REACH[who]:
            return HIDDEN
        if not self._moderated(sheet):
            return REFUSED
        if who not in LEADS | APPROVERS:
            return HIDDEN
        waits = about in sheet.standing() and not (about.accepted or about.challenged or about.final)
        return DONE if waits and self.answers_until is not None and now < self.answers_until else REFUSED

    def decide(self, who: str, place: str, about: Proposal, level: int, now: datetime.datetime) -> str:
        """Predict whether somebody can decide about a proposal. The national analyst leads the reviewers."""
        sheet = self.sheets[place]
        if who not in PROGRAMME or place not in REACH[who]:
            return HIDDEN
        if not self._moderated(sheet):
            return REFUSED
        if who not in {ADMINISTRATOR, "national_analyst"}:
            return HIDDEN
        low, high = sorted((about.signed, about.level))
        early = self.answers_until is not None and now < self.answers_until and not about.challenged
        ready = (
            about in sheet.standing()
            and not (about.accepted or about.final)
            and about.by != who
            and low <= level <= high
            and not (early and level != about.signed)
        )
        return DONE if ready else REFUSED

    def _moderated(self, sheet: Sheet) -> bool:
        return (
            self.status in {"closed", "provisional"}
            and sheet.status == "submitted"
            and not sheet.withdrawn
            and self.answers_until is not None
        )

    def undecided(self) -> bool:
        """Whether a proposal stands in the way of publishing."""
        return any(
            not (each.accepted or each.final)
            for sheet in self.sheets.values()
            if not sheet.withdrawn
            for each in sheet.standing()
        )

    def shown(self) -> dict[str, object]:
        """What a release that is made now shows of each system that takes part and has submitted."""
        return {
            place: _shown(sheet)
            for place, sheet in self.sheets.items()
            if sheet.status == "submitted" and not sheet.withdrawn
        }

    def withdrawn(self) -> frozenset[str]:
        """The systems that take no part any more."""
        return frozenset(place for place, sheet in self.sheets.items() if sheet.withdrawn)

    def repeats(self, kind: str) -> bool:
        """Whether a release of this kind would only say again what the newest one says."""
        out = [each for each in self.releases if each.key not in self.taken_back]
        if not out or out[-1].kind != kind or out[-1].withdrawn != self.withdrawn():
            return False
        now = self.shown()
        counted = self.sheets.keys() - self.withdrawn()
        return all(now.get(place) == out[-1].shown.get(place) for place in counted)

    def may_read(self, who: str, out: Out) -> bool:
        """Whether somebody may read a release."""
        if out.key in self.taken_back:
            return False
        if out.kind == "published":
            return bool(REACH[who])
        return who in PROGRAMME or bool(REACH[who] & self.sheets.keys() - out.withdrawn)


def _shown(sheet: Sheet) -> object:
    levels = {
        each.code: (each.signed, each.level if each.accepted else each.final)
        for each in sheet.standing()
        if each.accepted or each.final
    }
    return ({code: response for code, response in sheet.copies[-1].items() if response != EMPTY}, levels)
