"""The whole audit trail: looked through, a page at a time or all of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from surveys.models import Event, Organisation, Round
from surveys.permissions import AnyPerson, Permission, require_anywhere
from surveys.queries.event_words import DEEDS, NOUNS, verb_in_words
from surveys.queries.events import EventLine, event_line
from surveys.queries.organisations import unnamed

EVENTS_ON_A_PAGE: Final = 50

Choices = Sequence[tuple[str, str]]

_GUARDS: Final = """
SELECT count(*) FROM pg_trigger
WHERE tgrelid = 'surveys_event'::regclass AND NOT tgisinternal AND tgenabled IN ('O', 'A')
    AND (tgname LIKE %s OR tgname LIKE %s)
"""


@dataclass(frozen=True)
class Wanted:
    """What is looked for in the audit trail; what is empty or None does not narrow it.

    `text` stands in the name of who did it, in what it was done to, or in the reason, whatever its capitals;
    `who` in the name of who did it. `kind` is a verb, such as round.opened, or the subject of one, such as
    round. Both days are included, in the time zone of the service.
    """

    text: str = ""
    who: str = ""
    kind: str = ""
    round_id: int | None = None
    organisation_id: int | None = None
    first_day: datetime.date | None = None
    last_day: datetime.date | None = None


@dataclass(frozen=True)
class ActivityPage:
    """One page of what was found, newest first. `number` counts pages from 1.

    `guarded`: the database refuses to change, delete or empty the audit trail, asked just now.
    """

    events: tuple[EventLine, ...]
    found: int
    number: int
    pages: int
    guarded: bool


@dataclass(frozen=True)
class ActivityChoices:
    """What the audit trail can be narrowed to: keys or verbs as text, with what they are called."""

    kinds: tuple[tuple[str, Choices], ...]
    rounds: Choices
    organisations: Choices


@dataclass(frozen=True)
class RecordedEvent:
    """An event with everything that is kept of it."""

    line: EventLine
    verb: str
    subject: str
    person_id: int | None
    round_id: int | None
    assessment_id: int | None
    organisation_id: int | None
    detail: dict[str, object]


def activity_page(reader: AnyPerson, wanted: Wanted, number: str | int = 1) -> ActivityPage:
    """Return one page of the events that are wanted.

    A `number` that is no page is the first or the last one. Raises Http404 for who does not manage people.
    """
    page = Paginator(_events(reader, wanted), EVENTS_ON_A_PAGE).get_page(number)
    return ActivityPage(
        events=tuple(event_line(row) for row in page.object_list),
        found=page.paginator.count,
        number=page.number,
        pages=page.paginator.num_pages,
        guarded=_guarded(),
    )


def activity_choices(reader: AnyPerson) -> ActivityChoices:
    """Return what can be chosen to narrow the audit trail. Raises as `activity_page` does."""
    require_anywhere(reader, Permission.MANAGE)
    known = Organisation.objects.as_at(timezone.localdate())
    names = {row.pk: row.name or unnamed(row.pk) for row in known}
    rounds = Round.objects.order_by("-opens_at", "-pk").values_list("pk", "title")
    return ActivityChoices(
        kinds=tuple(
            (
                heading,
                (
                    (noun, f"{heading}: everything"),
                    *((verb, verb_in_words(verb)) for verb in DEEDS if verb.startswith(f"{noun}.")),
                ),
            )
            for noun, heading in NOUNS.items()
        ),
        rounds=tuple((str(pk), title) for pk, title in rounds),
        organisations=tuple(
            (str(pk), name)
            for pk, name in sorted(names.items(), key=lambda item: (item[1].casefold(), item[0]))
        ),
    )


def recorded_events(reader: AnyPerson, wanted: Wanted) -> Iterator[RecordedEvent]:
    """Return every event that is wanted, newest first, read as they are taken. Raises as `activity_page`."""
    rows = _events(reader, wanted)
    return (
        RecordedEvent(
            event_line(row),
            row.verb,
            row.subject,
            row.person_id,
            row.round_id,
            row.assessment_id,
            row.organisation_id,
            row.detail,
        )
        for row in rows.iterator()
    )


def _events(reader: AnyPerson, wanted: Wanted) -> QuerySet[Event]:
    require_anywhere(reader, Permission.MANAGE)
    rows = Event.objects.order_by("-happened_at", "-pk")
    if wanted.text:
        rows = rows.filter(
            Q(person_name__icontains=wanted.text)
            | Q(subject__icontains=wanted.text)
            | Q(reason__icontains=wanted.text)
        )
    if wanted.who:
        rows = rows.filter(person_name__icontains=wanted.who)
    if wanted.kind:
        by_verb = {"verb": wanted.kind} if "." in wanted.kind else {"verb__startswith": f"{wanted.kind}."}
        rows = rows.filter(**by_verb)
    if wanted.round_id is not None:
        rows = rows.filter(round_id=wanted.round_id)
    if wanted.organisation_id is not None:
        rows = rows.filter(organisation_id=wanted.organisation_id)
    if wanted.first_day:
        rows = rows.filter(happened_at__gte=_beginning(wanted.first_day))
    if wanted.last_day:
        rows = rows.filter(happened_at__lt=_beginning(wanted.last_day + datetime.timedelta(days=1)))
    return rows


def _beginning(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _guarded() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_GUARDS, ["pgtrigger_written_once_%", "pgtrigger_never_truncated_%"])
        (standing,) = cursor.fetchone()
    return bool(standing == 2)
