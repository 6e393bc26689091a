"""Keeping the register of organisations: what a file says about them, all of it or none of it."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from surveys.actions.audit import record
from surveys.actions.memberships import end_with_their_organisations
from surveys.actions.organisation_register import (
    LADDER,
    Attribute,
    Conflict,
    Entry,
    Name,
    Register,
    read_register,
    write_register,
)
from surveys.actions.organisation_statements import State, Statements, Step
from surveys.actions.refusals import Refused
from surveys.actions.row_problems import RowProblem, RowsRefused
from surveys.models import Organisation, Person, Succession
from surveys.permissions import Permission, require_anywhere

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
ONE_DAY: Final = datetime.timedelta(days=1)
ROUNDING: Final = Decimal("0.00001")
"""By how much the shares of one organisation may pass 1, each being rounded to 6 decimal places."""


@dataclass(frozen=True)
class Outcome:
    """What a load did to one organisation, or with one succession: CREATED, CHANGED or UNCHANGED, and how."""

    rows: tuple[int, ...]
    what: str
    status: str
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenCount:
    """How many systems are open on a day."""

    day: datetime.date
    systems: int


@dataclass(frozen=True)
class Closing:
    """An organisation that gets a last day."""

    organisation_id: int
    name: str
    last_day: datetime.date


@dataclass(frozen=True)
class Load:
    """What a load did, or with `dry_run` would have done."""

    organisations: tuple[Outcome, ...]
    successions: tuple[Outcome, ...]
    open_systems: tuple[OpenCount, ...]
    closing: tuple[Closing, ...] = ()

    @property
    def changes_anything(self) -> bool:
        """Whether anything is not as it was."""
        return any(outcome.status != UNCHANGED for outcome in (*self.organisations, *self.successions))

    @property
    def fingerprint(self) -> str:
        """What tells this load from one that would do something else."""
        return hashlib.sha256(repr((self.organisations, self.successions)).encode()).hexdigest()[:16]


@transaction.atomic
def load(
    *, by: Person | None, statements: Statements, dry_run: bool = False, seen: str | None = None
) -> Load:
    """Bring the register to what a file says, and record an event for everything that changed.

    Memberships end at once where an organisation's last day is over, and else on the day after it. With
    `dry_run` everything is tried and nothing is kept. `seen` is the fingerprint of a dry run that somebody
    has looked at.

    Raises RowsRefused, with every problem by row, when a statement is wrong or would rewrite the past, and
    Refused when this load differs from the one that was seen; then nothing is stored.
    """
    require_anywhere(by, Permission.MANAGE)
    _one_at_a_time()
    register = read_register()
    problems: list[RowProblem] = []
    for state in sorted(statements.states, key=_widest_and_earliest_first):
        _attempt(problems, state.row, partial(_take_state, register, state))
    steps = [
        outcome
        for step in statements.steps
        if (outcome := _attempt(problems, step.row, partial(_take_step, register, step)))
    ]
    problems += _orphans(register)
    if problems:
        raise RowsRefused(problems)
    write_register(register)
    touched = [entry for entry in register if entry.rows]
    outcomes = tuple(sorted((_outcome(entry) for entry in touched), key=lambda outcome: outcome.rows))
    done = Load(outcomes, tuple(steps), _open_systems(touched), tuple(_closing(touched)))
    if seen is not None and seen != done.fingerprint:
        raise Refused(
            "The organisations were changed since you looked at this file, so it would do something else "
            "now. Nothing was changed. Look at it again."
        )
    _record(by, statements.source, register, steps)
    if dry_run:
        transaction.set_rollback(True)
    else:
        end_with_their_organisations(by=by)
    return done


def _one_at_a_time() -> None:
    """Let no other load read the register before this one has written it."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE surveys_organisation IN SHARE ROW EXCLUSIVE MODE")


def _closing(touched: list[Entry]) -> Iterator[Closing]:
    for entry in touched:
        last_day = entry.organisation.closed_on
        if last_day is not None and f"closes on {last_day}" in entry.changes:
            yield Closing(entry.organisation.pk, entry.short_name, last_day)


def _widest_and_earliest_first(state: State) -> tuple[int, datetime.date, int]:
    rung = LADDER.index(state.kind) if state.kind else len(LADDER)
    return rung, state.since, state.row


def _attempt(problems: list[RowProblem], row: int, take: Callable[[], Outcome | None]) -> Outcome | None:
    try:
        return take()
    except Conflict as conflict:
        problems.append(RowProblem(row, "", conflict.message, conflict.mend))
        return None


def _take_state(register: Register, state: State) -> None:
    entry = _find(register, state)
    if entry is None:
        entry = _open(register, state)
    entry.rows.append(state.row)
    _check_identity(entry, state)
    _put_name(register, entry, state)
    if entry is not register.by_code(state.ods_code):
        _put_code(register, entry, Attribute.ODS_CODE, state.ods_code, state)
    _put_code(register, entry, Attribute.ONS_CODE, state.ons_code, state)
    _put_parent(register, entry, state)
    for figure in state.populations:
        entry.put_population(figure)
    if state.closed_on is not None:
        entry.close(state.closed_on)


def _find(register: Register, state: State) -> Entry | None:
    if state.ods_code:
        entry = register.by_code(state.ods_code)
        if entry is not None:
            return entry
    same = [entry for entry in register.named(state.name, state.kind) if not entry.ods_code]
    return same[0] if state.name and same else None


def _open(register: Register, state: State) -> Entry:
    if not state.opens:
        raise Conflict(
            f"No organisation has the ODS code {state.ods_code}.",
            "Check the code. A new organisation needs a row that opens it.",
        )
    needed = {"kind": state.kind, "name": state.name}
    if state.kind != Organisation.Kind.NATIONAL:
        needed |= {"ods_code": state.ods_code, "parent": state.parent}
    blank = ", ".join(column for column, given in needed.items() if not given)
    if blank:
        raise Conflict(
            f"{state.ods_code or state.name} is new and says nothing in: {blank}.",
            "Fill these in; if it is not new, check its code.",
        )
    return register.add(state.kind, state.opened_on or state.since)


def _check_identity(entry: Entry, state: State) -> None:
    organisation = entry.organisation
    if state.kind and state.kind != entry.kind:
        kind = organisation.get_kind_display().lower()
        raise Conflict(
            f"{entry} is recorded as: {kind}.", "An organisation's kind never changes. Check the code."
        )
    if state.opened_on is not None and state.opened_on != organisation.opened_on:
        raise Conflict(
            f"The record says that {entry} opened on {organisation.opened_on}, the file {state.opened_on}.",
            "The past is not rewritten. Check the date.",
        )
    if state.since < organisation.opened_on:
        raise Conflict(
            f"{entry} opened on {organisation.opened_on}, after {state.since}.", "Check the dates."
        )
    if not entry.exists_on(state.since):
        raise Conflict(
            f"{entry} closed on {organisation.closed_on}, before {state.since}.",
            "Check the code and the date.",
        )


def _put_name(register: Register, entry: Entry, state: State) -> None:
    if not state.name:
        return
    current = entry.on(Attribute.NAME, state.since)
    if isinstance(current, Name) and current.short == state.name and not state.official_name:
        return
    if isinstance(current, Name) and not state.official_name:
        raise Conflict(
            f"The record calls {entry} by another name, and the official name is blank.",
            "Give the official name as well.",
        )
    for other in register.named(state.name, entry.kind):
        if other is not entry and other.exists_on(state.since):
            raise Conflict(f"{other} is already called “{state.name}”.", "Check the ODS code and the name.")
    entry.put(Attribute.NAME, Name(state.name, state.official_name or state.name), state.since)


def _put_code(register: Register, entry: Entry, attribute: Attribute, code: str, state: State) -> None:
    if not code:
        return
    holder = register.holder(attribute, code, state.since, but=entry)
    if holder is not None:
        raise Conflict(
            f"The {attribute} {code} is that of {holder}.", "A code belongs to one organisation at a time."
        )
    entry.put(attribute, code, state.since)


def _put_parent(register: Register, entry: Entry, state: State) -> None:
    if not state.parent:
        return
    parent = register.refer(state.parent)
    if LADDER.index(parent.kind) >= LADDER.index(entry.kind):
        raise Conflict(
            f"{parent} cannot be the parent of {entry}.",
            "A region belongs to the nation, and a system to a region.",
        )
    if not parent.exists_on(state.since):
        raise Conflict(f"{parent} does not exist on {state.since}.", "Check the parent and the date.")
    entry.put(Attribute.PARENT, parent, state.since)


def _take_step(register: Register, step: Step) -> Outcome:
    before, after = register.refer(step.predecessor), register.refer(step.successor)
    _check_step(before, after, step)
    how = f"{Succession.Kind(step.kind).label.lower()}, {step.extent}"
    what = f"{before} to {after} on {step.effective_on}: {how}"
    share = Decimal(1) if step.extent == Succession.Extent.WHOLE else step.share
    wanted = (step.kind, step.extent, share, step.share_source)
    for known in register.successions:
        if (known.predecessor, known.successor, known.effective_on) != (
            before.organisation,
            after.organisation,
            step.effective_on,
        ):
            continue
        recorded = (known.kind, known.extent, known.population_share, known.share_source)
        if recorded == wanted:
            return Outcome((step.row,), what, UNCHANGED)
        raise Conflict(
            f"This succession is recorded as: {', '.join(str(value) for value in recorded if value)}.",
            "The past is not rewritten. Check the row.",
        )
    _check_shares(register, before, step, share)
    added = Succession(
        predecessor=before.organisation,
        successor=after.organisation,
        effective_on=step.effective_on,
        kind=step.kind,
        extent=step.extent,
        population_share=share,
        share_source=step.share_source,
    )
    register.successions.append(added)
    register.added_successions.append(added)
    return Outcome((step.row,), what, CREATED)


def _check_step(before: Entry, after: Entry, step: Step) -> None:
    if before is after:
        raise Conflict(f"{before} cannot succeed itself.", "Give the ODS code of the later organisation.")
    if not before.exists_on(step.effective_on - ONE_DAY):
        raise Conflict(f"{before} does not exist on the day before {step.effective_on}.", "Check the date.")
    if not after.exists_on(step.effective_on):
        raise Conflict(f"{after} does not exist on {step.effective_on}.", "Check the date.")
    ends = before.organisation.closed_on == step.effective_on - ONE_DAY
    if step.kind != Succession.Kind.BOUNDARY_TRANSFER and not ends:
        raise Conflict(
            f"{before} goes on after {step.effective_on}, so this is not a {step.kind}.",
            f"Add a row that ends {before} on that day, or record a boundary_transfer.",
        )


def _check_shares(register: Register, before: Entry, step: Step, share: Decimal | None) -> None:
    others = [
        known
        for known in register.successions
        if known.predecessor == before.organisation and known.effective_on == step.effective_on
    ]
    if others and Succession.Extent.WHOLE in {step.extent, *(known.extent for known in others)}:
        raise Conflict(f"{before} cannot go whole to one and also to another.", "Check the extents.")
    total = sum((known.population_share or Decimal(0) for known in others), share or Decimal(0))
    if total > 1 + ROUNDING:
        raise Conflict(f"The shares of {before} add up to {total}, more than 1.", "Check the shares.")


def _orphans(register: Register) -> list[RowProblem]:
    """Return a problem for each organisation that this load closes and that others still belong to."""
    problems = []
    for entry in register:
        closed_on = entry.organisation.closed_on
        if closed_on is None or not entry.changes:
            continue
        left = register.children(entry, closed_on + ONE_DAY)
        if left:
            names = ", ".join(sorted(str(child) for child in left))
            message = f"{entry} closes on {closed_on}, and these still belong to it after that day: {names}."
            problems.append(
                RowProblem(entry.rows[-1], "", message, "Give each another parent from that day.")
            )
    return problems


def _outcome(entry: Entry) -> Outcome:
    changed = CHANGED if entry.changes else UNCHANGED
    what = f"{entry}, {entry.organisation.get_kind_display().lower()}"
    return Outcome(tuple(entry.rows), what, CREATED if entry.created else changed, tuple(entry.changes))


def _open_systems(touched: list[Entry]) -> tuple[OpenCount, ...]:
    """Count the open systems on each day on which an organisation of the file opens or closes, and today."""
    days = {timezone.localdate()}
    for entry in touched:
        days |= {entry.organisation.opened_on, entry.organisation.closed_on or entry.organisation.opened_on}
    systems = Organisation.objects.filter(kind=Organisation.Kind.ICS)
    return tuple(OpenCount(day, systems.open_on(day).count()) for day in sorted(days))


def _record(by: Person | None, source: str, register: Register, steps: list[Outcome]) -> None:
    for entry in register:
        if entry.changes:
            record(
                by=by,
                verb="organisation.added" if entry.created else "organisation.changed",
                subject=str(entry),
                organisation_id=entry.organisation.pk,
                detail={"file": source, "changes": entry.changes},
            )
    created = Counter(step.status for step in steps)[CREATED]
    if created:
        record(
            by=by,
            verb="organisation.successions_added",
            subject=f"{created} successions",
            detail={"file": source, "successions": [step.what for step in steps if step.status == CREATED]},
        )
