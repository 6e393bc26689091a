"""The control room of a round: where each system stands, who works on it, and what may need a hand."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from surveys.charts.burn_up import BurnUp
from surveys.models import Assessment, Evidence, Extension, Membership, Message, Round, Submission
from surveys.permissions import AnyPerson, Permission, has_anywhere, roles_with, visible_to
from surveys.queries.burn_up import RoundStandings, burn_up_of, standings
from surveys.queries.completion import dimension_completion
from surveys.queries.deadlines import Window, moment_in_words
from surveys.queries.flags import flags_of_each
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.moderation_flags import Flags, moderation_flags_for
from surveys.queries.progress import StatusCount, answered_so_far
from surveys.queries.results.selection import Choice
from surveys.queries.rounds import round_for

Status = Assessment.Status

SYSTEMS_ON_A_PAGE: Final = 50


@dataclass(frozen=True)
class DimensionCount:
    """How much of one dimension is answered: `answered` of `asked` questions. `number` counts from 1."""

    number: int
    name: str
    answered: int
    asked: int

    @property
    def stage(self) -> str:
        """Whether all of it is answered, some of it, or nothing: all, some or none."""
        if not self.answered:
            return "none"
        return "all" if self.answered == self.asked else "some"


@dataclass(frozen=True)
class MoreTime:
    """The extension that holds for a system: until when, why, and who granted it when."""

    until: datetime.datetime
    reason: str
    granted_by: str
    granted_at: datetime.datetime

    @property
    def words(self) -> str:
        """The extension as a sentence."""
        day = timezone.localdate(self.granted_at)
        return f"Extended by {self.granted_by} on {day.day} {day:%B %Y}: {self.reason}"


@dataclass(frozen=True)
class SystemLine:
    """One system. `leads` and `approvers` are the names of those who can act for it now.

    `late` says when it was submitted, if that was after the closing time of the round; else it is empty.
    `flags` is how many answers ask for a second look or, with a signed copy of a round that is over (then it
    is `signed`), how many flags there are for a reviewer. `reminders` is how many reminders were sent about
    it and `undelivered` how many messages about it, or to its people, could not be delivered.
    """

    assessment_id: int
    organisation_name: str
    ods_code: str
    region_name: str
    status: str
    status_label: str
    answered: int
    asked: int
    dimensions: tuple[DimensionCount, ...]
    last_activity_at: datetime.datetime | None
    leads: tuple[str, ...]
    approvers: tuple[str, ...]
    flags: int
    signed: bool
    window: Window
    more_time: MoreTime | None
    returned: str
    late: str
    reminders: int
    reminded_at: datetime.datetime | None
    undelivered: int


@dataclass(frozen=True)
class RoomHead:
    """The round of a control room. `manages`: the reader may change it."""

    id: int
    title: str
    status: str
    status_label: str
    synthetic: bool
    manages: bool
    closes_in_words: str
    dimensions: tuple[str, ...]


@dataclass(frozen=True)
class ControlRoom:
    """One page of the systems that the reader follows, by region and name. `number` counts pages from 1.

    `counts`, `submitted` and `systems` are of the region that was chosen, or of all; `found` is how many of
    them have the status that was chosen. `read_at` is when all this was read.
    """

    head: RoomHead
    lines: tuple[SystemLine, ...]
    counts: tuple[StatusCount, ...]
    systems: int
    submitted: int
    found: int
    number: int
    pages: int
    burn_up: BurnUp | None
    read_at: datetime.datetime

    @property
    def read_in_words(self) -> str:
        """When it was read."""
        return moment_in_words(self.read_at)


@dataclass(frozen=True)
class RoomFrame:
    """What is read before anything is chosen: the round, and where all its systems stand."""

    person: AnyPerson
    round: Round
    rounds: tuple[RoundStandings, ...]
    asked_by: Instrument

    @property
    def this(self) -> RoundStandings:
        """Where the systems of this round stand."""
        return self.rounds[0]

    @property
    def regions(self) -> tuple[Choice, ...]:
        """The regions of the systems that the reader follows, by name."""
        found = {row.region_code: row.region_name for row in self.this.rows}
        return tuple(Choice(code, name) for code, name in sorted(found.items(), key=lambda item: item[1]))

    @property
    def statuses(self) -> tuple[Choice, ...]:
        """The statuses that some system has, in the order of an assessment's life."""
        found = self.this.statuses
        return tuple(Choice(each.value, str(each.label)) for each in Status if found[each])

    def burn_up(self, region: str) -> BurnUp | None:
        """Return the burn-up of a region, by its code, or of all; None without a system."""
        names = {choice.code: choice.name for choice in self.regions}
        return burn_up_of(tuple(each.within(region) for each in self.rounds), names.get(region, ""))

    @property
    def head(self) -> RoomHead:
        """What the page says of the round."""
        return RoomHead(
            id=self.round.pk,
            title=self.round.title,
            status=self.round.status,
            status_label=self.round.get_status_display(),
            synthetic=self.round.synthetic,
            manages=has_anywhere(self.person, Permission.MANAGE),
            closes_in_words=moment_in_words(self.round.closes_at),
            dimensions=tuple(each.name for each in self.asked_by.content.dimensions),
        )


def room_frame(person: AnyPerson, round_id: int) -> RoomFrame:
    """Return the round and where its systems stand, in two queries.

    Raises Http404 unless the person follows a system of the round, or manages rounds.
    """
    survey_round = round_for(person, round_id, Permission.FOLLOW)
    rounds = standings(person, survey_round)
    return RoomFrame(person, survey_round, rounds, instrument(survey_round.questionnaire_id))


def control_room(
    frame: RoomFrame, *, region: str = "", status: str = "", number: str | int = 1
) -> ControlRoom:
    """Return one page of the systems of a region and a status, by their codes; of all for empty ones.

    Three queries, whatever the number of systems. A `number` that is no page is the first or the last one.
    """
    chosen = frame.this.within(region)
    wanted = chosen.statuses
    paginator = Paginator(_rows(frame, region, status), SYSTEMS_ON_A_PAGE)
    # The standings have counted them already.
    paginator.__dict__["count"] = wanted[status] if status else chosen.systems
    page = paginator.get_page(number)
    return ControlRoom(
        head=frame.head,
        lines=tuple(_lines(frame, list(page.object_list))),
        counts=tuple(
            StatusCount(each.value, str(each.label), wanted[each]) for each in Status if wanted[each]
        ),
        systems=chosen.systems,
        submitted=wanted[Status.SUBMITTED],
        found=paginator.count,
        number=page.number,
        pages=paginator.num_pages,
        burn_up=frame.burn_up(region),
        read_at=timezone.now(),
    )


def every_line(frame: RoomFrame, *, region: str = "", status: str = "") -> Iterator[SystemLine]:
    """Yield the systems of all pages, reading a page at a time."""
    paginator = Paginator(_rows(frame, region, status), SYSTEMS_ON_A_PAGE)
    for page in paginator:
        yield from _lines(frame, list(page.object_list))


def _rows(frame: RoomFrame, region: str, status: str) -> QuerySet[Assessment]:
    """Return the assessments with everything that one statement can say of them."""
    names = {choice.code: choice.name for choice in frame.regions}
    about: dict[str, Any] = {"assessment": OuterRef("pk")}
    latest = Extension.objects.filter(**about).order_by("-pk")
    extension = JSONObject(until="until", reason="reason", by="granted_by__name", at="granted_at")
    invitation = Q(reminder__isnull=False, reminder__deadline_on=None)
    reminders = (
        Message.objects.filter(**about, kind=Message.Kind.REMINDER).exclude(invitation).order_by("-queued_at")
    )
    posts = Membership.objects.current().filter(organisation=OuterRef("organisation"), person__is_active=True)
    failed = Message.objects.filter(status=Message.Status.FAILED).filter(
        Q(assessment=OuterRef("pk"))
        | Q(
            assessment=None,
            person__in=Membership.objects.current()
            .filter(organisation=OuterRef(OuterRef("organisation")))
            .values("person_id"),
        )
    )
    signed = Submission.objects.filter(**about).order_by("-number").values("signed_at")[:1]
    evidence = Evidence.objects.filter(**about, removed_at=None).order_by()
    taking_part = Assessment.objects.filter(round_id=frame.round.pk).taking_part()
    rows = taking_part.with_deadline().select_related("returned_by")
    if region:
        rows = rows.filter(region_name=names[region])
    if status:
        rows = rows.filter(status=status)
    return (
        visible_to(frame.person, Permission.FOLLOW, rows)
        .annotate(
            extension=Subquery(latest.values_list(extension)[:1]),
            posts=ArraySubquery(
                posts.order_by("person__name", "pk").values_list(JSONObject(role="role", name="person__name"))
            ),
            reminded=ArraySubquery(reminders.values("queued_at")),
            undelivered=ArraySubquery(failed.order_by().values("pk")),
            signed_at=Subquery(signed),
            evidenced=ArraySubquery(evidence.values("question_id").distinct()),
        )
        .order_by("region_name", "organisation_name", "pk")
    )


def _lines(frame: RoomFrame, rows: list[Any]) -> Iterator[SystemLine]:
    asked_by = frame.asked_by
    answered = answered_so_far([row.pk for row in rows], asked_by)
    responses = {row.pk: answered[row.pk].responses for row in rows}
    evidenced = {row.pk: frozenset(asked_by.question_codes[key] for key in row.evidenced) for row in rows}
    signed = _flags_of_signed(frame, rows)
    unsigned = {key: given for key, given in responses.items() if key not in signed}
    flagged = {**flags_of_each(asked_by, unsigned, evidenced), **signed}
    for row in rows:
        dimensions = tuple(
            DimensionCount(number, dimension.name, done.answered, done.asked)
            for number, (dimension, done) in enumerate(
                zip(
                    asked_by.content.dimensions,
                    dimension_completion(asked_by.content, responses[row.pk]).values(),
                    strict=True,
                ),
                start=1,
            )
        )
        moments = (answered[row.pk].last_at, row.sent_at, row.signed_at, row.returned_at)
        yield SystemLine(
            assessment_id=row.pk,
            organisation_name=row.organisation_name,
            ods_code=row.ods_code,
            region_name=row.region_name,
            status=row.status,
            status_label=row.get_status_display(),
            answered=sum(each.answered for each in dimensions),
            asked=sum(each.asked for each in dimensions),
            dimensions=dimensions,
            last_activity_at=max((moment for moment in moments if moment is not None), default=None),
            leads=_names(row.posts, Permission.SEND_FOR_SIGNOFF),
            approvers=_names(row.posts, Permission.SIGN),
            flags=len(flagged.get(row.pk, ())),
            signed=row.pk in signed,
            window=Window(
                frame.round.status, frame.round.opens_at, frame.round.closes_at, row.deadline, row.reopened
            ),
            more_time=_more_time(row),
            returned=_returned(row),
            late=_late(row, frame.round.closes_at),
            reminders=len(row.reminded),
            reminded_at=row.reminded[0] if row.reminded else None,
            undelivered=len(row.undelivered),
        )


def _flags_of_signed(frame: RoomFrame, rows: list[Any]) -> Mapping[int, Flags]:
    """Return the flags of the signed copies, once the round is over."""
    if frame.round.status in {Round.Status.DRAFT, Round.Status.OPEN}:
        return {}
    return moderation_flags_for(frame.person, frame.round, [row.pk for row in rows])


def _names(posts: Collection[Mapping[str, str]], permission: Permission) -> tuple[str, ...]:
    roles = roles_with(permission)
    return tuple(dict.fromkeys(post["name"] for post in posts if post["role"] in roles))


def _more_time(row: Any) -> MoreTime | None:
    """Return the latest extension, unless the round closes after it."""
    held = row.extension
    if held is None or datetime.datetime.fromisoformat(held["until"]) != row.deadline:
        return None
    return MoreTime(
        until=row.deadline,
        reason=held["reason"],
        granted_by=held["by"],
        granted_at=datetime.datetime.fromisoformat(held["at"]),
    )


def _late(row: Any, closes_at: datetime.datetime) -> str:
    if row.status != Status.SUBMITTED or row.signed_at is None or row.signed_at < closes_at:
        return ""
    return f"Submitted on {moment_in_words(row.signed_at)}, after the closing time"


def _returned(row: Assessment) -> str:
    """Return who returned the assessment when and why, as a sentence; empty unless it waits for changes."""
    if row.status != Status.RETURNED or row.returned_by is None or row.returned_at is None:
        return ""
    day = timezone.localdate(row.returned_at)
    return f"Returned by {row.returned_by.name} on {day.day} {day:%B %Y}: {row.return_reason}"
