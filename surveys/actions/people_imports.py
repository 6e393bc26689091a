"""Many people at once, from a file: accounts and memberships added, all of them or none."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from procrastinate.types import JSONValue

from surveys.actions.audit import Deed, record_all
from surveys.actions.memberships import (
    called_by_address,
    membership_deed,
    misfit,
    require_another_lead,
)
from surveys.actions.people import checked_address, checked_words, send_invitation
from surveys.actions.queueing import enqueue
from surveys.actions.refusals import Refused
from surveys.actions.row_problems import RowProblem, RowsRefused
from surveys.models import Membership, Person
from surveys.permissions import ROLE_KINDS, Permission, Role, require_anywhere
from surveys.queries.organisations import OrganisationLine, directory

SEND_INVITATIONS: Final = "people.send_invitations"
"""The name of the task that invites those who are new."""

NEW, ROLE_ADDED, UNCHANGED = "new", "role added", "unchanged"

_MEANWHILE: Final = (
    "People were changed since you looked at this file, so it would do something else now. Nothing was "
    "changed. Look at it again."
)


@dataclass(frozen=True)
class PersonRow:
    """What one row says: somebody has a role in an organisation, which is an ODS code or a name."""

    row: int
    email: str
    name: str
    job_title: str
    role: str
    organisation: str


@dataclass(frozen=True)
class RowOutcome:
    """What becomes of a row: NEW (an account with a role), ROLE_ADDED or UNCHANGED.

    `name` is that of the account. `note` says in what an account that there is differs from the file.
    """

    row: int
    name: str
    email: str
    role_label: str
    organisation_name: str
    status: str
    note: str = ""


@dataclass(frozen=True)
class PeopleImport:
    """What an import did, or with `dry_run` would have done, row by row."""

    outcomes: tuple[RowOutcome, ...]

    @property
    def new_people(self) -> int:
        """How many accounts are added."""
        return len({outcome.email.lower() for outcome in self.outcomes if outcome.status == NEW})

    @property
    def roles(self) -> int:
        """How many memberships are added."""
        return sum(outcome.status != UNCHANGED for outcome in self.outcomes)

    @property
    def fingerprint(self) -> str:
        """What tells this import from one that would do something else."""
        return hashlib.sha256(repr(self.outcomes).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Wanted:
    """A row that can be carried out."""

    row: PersonRow
    person: Person
    role: str
    place: OrganisationLine
    held: bool
    known: bool

    @property
    def outcome(self) -> RowOutcome:
        status = UNCHANGED if self.held else ROLE_ADDED if self.known else NEW
        differs = self.known and self.person.name != self.row.name
        return RowOutcome(
            row=self.row.row,
            name=self.person.name,
            email=self.person.email,
            role_label=str(Role(self.role).label),
            organisation_name=self.place.name,
            status=status,
            note=f"The file says {self.row.name}; the account keeps its name." if differs else "",
        )


@transaction.atomic
def import_people(
    *,
    by: Person | None,
    rows: Sequence[PersonRow],
    problems: Sequence[RowProblem] = (),
    dry_run: bool = False,
    seen: str | None = None,
    site: str = "",
) -> PeopleImport:
    """Add the accounts and memberships that a file asks for, and record each of them.

    An account that there is stays as it is, and nobody loses a role. `problems` are what is wrong with rows
    that could not be read, to be told together with what is wrong with the others. With `dry_run` everything
    is tried and nothing is kept. `seen` is the fingerprint of a dry run that somebody has looked at. With
    `site`, the address of the service without a path, the worker invites those who are new.

    Raises RowsRefused with every problem by row, and Refused when this import differs from the one that was
    seen; then nothing is stored.
    """
    require_anywhere(by, Permission.MANAGE)
    wanted, found = _read(rows)
    if problems or found:
        raise RowsRefused([*problems, *found])
    done = PeopleImport(tuple(each.outcome for each in wanted))
    if seen is not None and seen != done.fingerprint:
        raise Refused(_MEANWHILE)
    added = list({id(each.person): each.person for each in wanted if not each.known}.values())
    _write(by, wanted, added)
    _require_other_leads(wanted)
    if dry_run:
        transaction.set_rollback(True)
    elif site and added:
        ids: list[JSONValue] = [person.pk for person in added]
        enqueue(SEND_INVITATIONS, person_ids=ids, by_id=by.pk if by else None, site=site)
    return done


@transaction.atomic
def send_invitations(*, person_ids: Sequence[int], by_id: int | None, site: str) -> None:
    """Queue an invitation to each of these people who can still sign in and has no password yet."""
    by = None if by_id is None else Person.objects.filter(pk=by_id).first()
    for person in Person.objects.filter(pk__in=person_ids, is_active=True).order_by("pk"):
        if not person.has_usable_password():
            send_invitation(by, person, site)


def _read(rows: Sequence[PersonRow]) -> tuple[list[_Wanted], list[RowProblem]]:
    """Return what the rows ask for, and what is wrong with them."""
    accounts = _accounts(rows)
    places = _places()
    held = _held(accounts)
    known_ids = {person.pk for person in accounts.values()}
    problems: list[RowProblem] = []
    wanted: list[_Wanted] = []
    first: dict[tuple[str, str, int], int] = {}
    called_first: dict[str, PersonRow] = {}
    for row in rows:
        found = _one(row, accounts, places, problems)
        if found is None:
            continue
        person, place = found
        address = person.email.lower()
        before = called_first.setdefault(address, row)
        if before.name != row.name:
            message = f"Row {before.row} calls the person with this address {before.name}."
            problems.append(RowProblem(row.row, "name", message, "Use one name for one address."))
        place_of_row = first.setdefault((address, row.role, place.id), row.row)
        if place_of_row != row.row:
            message = f"Row {place_of_row} gives the same person the same role."
            problems.append(RowProblem(row.row, "", message, "Keep one of them."))
        known = person.pk in known_ids
        holds = known and (person.pk, row.role, place.id) in held
        wanted.append(_Wanted(row, person, row.role, place, holds, known))
    return wanted, problems


def _one(
    row: PersonRow,
    accounts: dict[str, Person],
    places: dict[str, list[OrganisationLine]],
    problems: list[RowProblem],
) -> tuple[Person, OrganisationLine] | None:
    """Return the account, new or not, and the organisation of a row; None when something is wrong with it."""
    before = len(problems)
    address, name, title = row.email, row.name, row.job_title
    try:
        address = checked_address(row.email)
    except Refused as refused:
        problems.append(RowProblem(row.row, "email", refused.message, ""))
    try:
        name, title = checked_words(row.name, row.job_title)
    except Refused as refused:
        problems.append(RowProblem(row.row, "name", refused.message, ""))
    found = places[row.organisation.casefold()]
    problems += _misplaced(row, found)
    if len(problems) > before:
        return None
    person = accounts.get(address.lower())
    if person is None:
        person = Person(email=address, name=name, job_title=title)
        person.set_unusable_password()
        accounts[address.lower()] = person
    elif not person.is_active:
        message = f"The account of {person.name} is switched off."
        problems.append(RowProblem(row.row, "email", message, "Switch it on first, or remove the row."))
        return None
    return person, found[0]


def _misplaced(row: PersonRow, found: Sequence[OrganisationLine]) -> Iterator[RowProblem]:
    if not found:
        message = f"No organisation has the code or name “{row.organisation}” today."
        yield RowProblem(row.row, "organisation", message, "Give its ODS code.")
    elif len(found) > 1:
        message = f"More than one organisation is called “{row.organisation}”."
        yield RowProblem(row.row, "organisation", message, "Give its ODS code.")
    elif found[0].kind not in ROLE_KINDS[row.role]:
        yield RowProblem(row.row, "role", misfit(row.role), "")


def _accounts(rows: Sequence[PersonRow]) -> dict[str, Person]:
    """Return the accounts that there are, by address in small letters, held until the transaction ends."""
    addresses = {row.email.strip().lower() for row in rows}
    found = Person.objects.alias(small=Lower("email")).filter(small__in=addresses)
    locked = found.select_for_update(no_key=True).order_by("pk")
    return {person.email.lower(): person for person in locked}


def _places() -> dict[str, list[OrganisationLine]]:
    """Return the organisations of today by code and by name, in small letters."""
    today = directory(timezone.localdate())
    found: defaultdict[str, list[OrganisationLine]] = defaultdict(list)
    for line in (*today.nations, *today.regions, *today.systems):
        for reference in {line.ods_code.casefold(), line.name.casefold()} - {""}:
            found[reference].append(line)
    return found


def _held(accounts: dict[str, Person]) -> set[tuple[int, str, int]]:
    current = Membership.objects.current().filter(person__in=accounts.values())
    return set(current.values_list("person_id", "role", "organisation_id"))


def _write(by: Person | None, wanted: Sequence[_Wanted], added: Sequence[Person]) -> None:
    # The database decides, so that an account that somebody else adds at this moment is not added twice.
    try:
        with transaction.atomic():
            Person.objects.bulk_create(added, batch_size=1000)
            memberships = Membership.objects.bulk_create(
                (
                    Membership(person=each.person, role=each.role, organisation_id=each.place.id)
                    for each in wanted
                    if not each.held
                ),
                batch_size=1000,
            )
    except IntegrityError as error:
        raise Refused(_MEANWHILE) from error
    names = {each.place.id: each.place.name for each in wanted}
    record_all(
        by=by,
        deeds=[
            *(
                Deed("person.added", called_by_address(person), detail={"person_id": person.pk})
                for person in added
            ),
            *(
                membership_deed("membership.added", row.person, row, names[row.organisation_id])
                for row in memberships
            ),
        ],
    )


def _require_other_leads(wanted: Sequence[_Wanted]) -> None:
    """Raise RowsRefused for each organisation whose only lead would be its approver."""
    problems = []
    rows: dict[int, int] = {}
    for each in wanted:
        if not each.held and each.role in {Role.LEAD, Role.APPROVER}:
            rows.setdefault(each.place.id, each.row.row)
    for organisation_id, row in sorted(rows.items()):
        try:
            require_another_lead(organisation_id)
        except Refused as refused:
            problems.append(RowProblem(row, "role", refused.message, ""))
    if problems:
        raise RowsRefused(problems)
