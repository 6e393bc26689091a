"""The register of organisations in memory: what is recorded, what is new, and what would rewrite the past.

It is read whole from the database, takes statements one by one, and is written back in one go once everything
is right.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from django.db.backends.postgresql.psycopg_any import DateRange

from surveys.actions.organisation_statements import Figure
from surveys.models import (
    Affiliation,
    Organisation,
    OrganisationCode,
    OrganisationName,
    Population,
    Succession,
)

LADDER: Final[tuple[str, ...]] = tuple(Organisation.Kind.values)
"""The kinds of organisation, widest first."""


class Attribute(StrEnum):
    """What is recorded of an organisation by period; the value is what people call it."""

    NAME = "name"
    ODS_CODE = "ODS code"
    ONS_CODE = "ONS code"
    PARENT = "parent"


SCHEMES: Final = {
    Attribute.ODS_CODE: OrganisationCode.Scheme.ODS,
    Attribute.ONS_CODE: OrganisationCode.Scheme.ONS,
}

PeriodRow = OrganisationName | OrganisationCode | Affiliation


class Conflict(Exception):
    """A statement disagrees with what is recorded; `message` and `mend` are sentences."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


@dataclass(frozen=True)
class Name:
    """What an organisation is called for short and in full."""

    short: str
    official: str

    def __str__(self) -> str:
        return f"{self.short} ({self.official})"


Value: TypeAlias = "str | Name | Entry"


@dataclass(eq=False)
class Span:
    """A value that holds from `start` until the day before `end`; None is until further notice."""

    start: datetime.date
    end: datetime.date | None
    value: Value
    row: PeriodRow | None = None

    def holds_on(self, day: datetime.date) -> bool:
        """Whether `day` lies in the span."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(eq=False)
class Entry:
    """One organisation with everything recorded of it, and what this load changes in words."""

    organisation: Organisation
    spans: dict[Attribute, list[Span]] = field(default_factory=lambda: {kind: [] for kind in Attribute})
    populations: dict[tuple[str, int], Population] = field(default_factory=dict)
    revised: list[Population] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    created: bool = False

    def on(self, attribute: Attribute, day: datetime.date) -> Value | None:
        """Return what holds on a day, or None."""
        return next((span.value for span in self.spans[attribute] if span.holds_on(day)), None)

    def last(self, attribute: Attribute) -> Value | None:
        """Return the latest value, or None."""
        return self.spans[attribute][-1].value if self.spans[attribute] else None

    @property
    def kind(self) -> str:
        return self.organisation.kind

    @property
    def short_name(self) -> str:
        """The latest short name."""
        name = self.last(Attribute.NAME)
        return name.short if isinstance(name, Name) else ""

    @property
    def ods_code(self) -> str:
        """The latest ODS code, or "" where there is none."""
        code = self.last(Attribute.ODS_CODE)
        return code if isinstance(code, str) else ""

    def __str__(self) -> str:
        return f"{self.short_name} ({self.ods_code})" if self.ods_code else self.short_name

    def exists_on(self, day: datetime.date) -> bool:
        """Whether the organisation is open on a day."""
        closed = self.organisation.closed_on
        return self.organisation.opened_on <= day and (closed is None or day <= closed)

    def put(self, attribute: Attribute, value: Value, since: datetime.date) -> bool:
        """Record that a value holds from a day on; return whether that is new.

        Raises Conflict when it would rewrite what is recorded of the past.
        """
        spans = self.spans[attribute]
        holding = next((span for span in spans if span.holds_on(since)), None)
        if holding is not None and holding.value == value:
            return False
        if holding is None and spans and since < (spans[-1].end or since + datetime.timedelta(days=1)):
            raise self._disagreement(attribute, spans[0], value, since)
        if holding is not None and (holding.start == since or holding.end is not None):
            raise self._disagreement(attribute, holding, value, since)
        before = f" (was {holding.value})" if holding is not None else ""
        if holding is not None:
            holding.end = since
        spans.append(Span(since, None, value))
        self.changes.append(f"{attribute} {value} from {since}{before}")
        return True

    def _disagreement(
        self, attribute: Attribute, recorded: Span, value: Value, since: datetime.date
    ) -> Conflict:
        until = f" to {recorded.end}" if recorded.end else ""
        return Conflict(
            f"The record gives {self} the {attribute} {recorded.value} from {recorded.start}{until}. "
            f"The file says {value} from {since}.",
            "The past is not rewritten. To record a change, give in “from” the day on which it began, "
            "later than every change that is recorded.",
        )

    def put_population(self, figure: Figure) -> None:
        """Record a population, or a revised one."""
        key = (figure.measure, figure.year)
        known = self.populations.get(key)
        if known is not None and (known.people, known.source) == (figure.people, figure.source):
            return
        was = f" (was {known.people:,} from {known.source})" if known is not None else ""
        if known is None:
            known = Population(organisation=self.organisation, measure=figure.measure, year=figure.year)
            self.populations[key] = known
        known.people, known.source = figure.people, figure.source
        self.revised.append(known)
        self.changes.append(f"{figure.measure} population of {figure.year}: {figure.people:,}{was}")

    def close(self, day: datetime.date) -> None:
        """Record the last day. Raises Conflict when another one is recorded or something begins after it."""
        recorded = self.organisation.closed_on
        if recorded == day:
            return
        if recorded is not None:
            raise Conflict(
                f"The record says that {self} closed on {recorded}; the file says {day}.",
                "The past is not rewritten. Check the date.",
            )
        begins = max([span.start for spans in self.spans.values() for span in spans], default=day)
        if day < max(self.organisation.opened_on, begins):
            raise Conflict(
                f"{self} cannot close on {day}: the record says something of it from {begins}.",
                "Check the date.",
            )
        self.organisation.closed_on = day
        self.changes.append(f"closes on {day}")


class Register:
    """Every organisation and every succession."""

    def __init__(self) -> None:
        self.entries: dict[int, Entry] = {}
        self.added: list[Entry] = []
        self.successions: list[Succession] = []
        self.added_successions: list[Succession] = []

    def __iter__(self) -> Iterator[Entry]:
        yield from self.entries.values()
        yield from self.added

    def by_code(self, ods_code: str) -> Entry | None:
        """Return the organisation that has, or has had, an ODS code; the latest holder first."""
        holders = [
            (span.start, entry)
            for entry in self
            for span in entry.spans[Attribute.ODS_CODE]
            if span.value == ods_code
        ]
        return max(holders, key=lambda holder: holder[0])[1] if holders else None

    def named(self, name: str, kind: str = "") -> list[Entry]:
        """Return the organisations whose latest short name it is, whatever its capitals."""
        wanted = name.casefold()
        return [
            entry
            for entry in self
            if entry.short_name.casefold() == wanted and (not kind or entry.kind == kind)
        ]

    def refer(self, reference: str) -> Entry:
        """Return the organisation that an ODS code or a name means.

        Raises Conflict when none or several do.
        """
        found = self.by_code(reference.upper())
        candidates = [found] if found is not None else self.named(reference)
        if not candidates:
            raise Conflict(
                f"No organisation has the code or name “{reference}”.",
                "Check it, or add a row for that organisation.",
            )
        if len(candidates) > 1:
            raise Conflict(f"More than one organisation is called “{reference}”.", "Give its ODS code.")
        return candidates[0]

    def holder(self, attribute: Attribute, code: str, since: datetime.date, but: Entry) -> Entry | None:
        """Return another organisation that holds a code on a day or later."""
        for entry in self:
            for span in entry.spans[attribute]:
                if entry is not but and span.value == code and (span.end is None or span.end > since):
                    return entry
        return None

    def add(self, kind: str, opened_on: datetime.date) -> Entry:
        """Add an organisation."""
        entry = Entry(Organisation(kind=kind, opened_on=opened_on), created=True)
        self.added.append(entry)
        return entry

    def children(self, entry: Entry, day: datetime.date) -> list[Entry]:
        """Return the open organisations whose parent it is on a day."""
        return [other for other in self if other.exists_on(day) and other.on(Attribute.PARENT, day) is entry]


def read_register() -> Register:
    """Read every organisation with its periods, one query for each table."""
    register = Register()
    for organisation in Organisation.objects.order_by("pk"):
        register.entries[organisation.pk] = Entry(organisation)
    entries = register.entries

    def add(row: PeriodRow, attribute: Attribute, value: Value) -> None:
        span = Span(row.period.lower, row.period.upper, value, row)
        entries[row.organisation_id].spans[attribute].append(span)

    for name in OrganisationName.objects.order_by("period"):
        add(name, Attribute.NAME, Name(name.short_name, name.official_name))
    attributes = {scheme: attribute for attribute, scheme in SCHEMES.items()}
    for code in OrganisationCode.objects.order_by("period"):
        add(code, attributes[OrganisationCode.Scheme(code.scheme)], code.code)
    for affiliation in Affiliation.objects.order_by("period"):
        add(affiliation, Attribute.PARENT, entries[affiliation.parent_id])
    for population in Population.objects.all():
        entries[population.organisation_id].populations[population.measure, population.year] = population
    for succession in Succession.objects.all():
        succession.predecessor = entries[succession.predecessor_id].organisation
        succession.successor = entries[succession.successor_id].organisation
        register.successions.append(succession)
    return register


def write_register(register: Register) -> None:
    """Write what is new or changed: organisations first, then ends of periods, then new periods."""
    changed = [entry for entry in register if entry.changes]
    for entry in changed:
        entry.organisation.save()
    spans = [
        (entry, attribute, span)
        for entry in changed
        for attribute, of_attribute in entry.spans.items()
        for span in of_attribute
    ]
    for _, _, span in spans:
        if span.row is not None and span.row.period.upper != span.end:
            span.row.period = DateRange(span.start, span.end)
            span.row.save(update_fields=["period"])
    for entry, attribute, span in spans:
        if span.row is None:
            _new_row(entry, attribute, span).save()
    for entry in changed:
        for population in entry.revised:
            population.save()
    for succession in register.added_successions:
        succession.save()


def _new_row(entry: Entry, attribute: Attribute, span: Span) -> PeriodRow:
    organisation, period, value = entry.organisation, DateRange(span.start, span.end), span.value
    if isinstance(value, Name):
        return OrganisationName(
            organisation=organisation, short_name=value.short, official_name=value.official, period=period
        )
    if isinstance(value, Entry):
        return Affiliation(organisation=organisation, parent=value.organisation, period=period)
    return OrganisationCode(organisation=organisation, scheme=SCHEMES[attribute], code=value, period=period)
