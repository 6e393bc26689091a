"""What a round needs before it can open: its systems as on their day, and what is still missing."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from surveys.models import Membership, ModerationPlan, Organisation, Participant, PlannedReminder, Round
from surveys.permissions import AnyPerson, Permission, get_for, leads_moderation
from surveys.queries.deadlines import moment_in_words
from surveys.queries.organisations import Directory, called, date_in_words, directory
from surveys.queries.round_dates import (
    answering_in_words,
    date_warnings,
    moment_warnings,
    reminder_day_in_words,
    reminder_warnings,
)
from surveys.wording import counted

Role = Membership.Role
NEEDED_ROLES = (Role.LEAD, Role.APPROVER)
"""Without somebody in each of these roles, a system could not answer and sign."""


@dataclass(frozen=True)
class Place:
    """A participant as on the day whose systems take part; it can open only when nothing is None or False."""

    organisation_id: int
    label: str
    name: str | None
    ods_code: str | None
    region_id: int | None
    region_name: str | None
    a_system_then: bool

    @property
    def frozen(self) -> dict[str, Any]:
        """The columns that an assessment keeps of its system."""
        return {
            "organisation_id": self.organisation_id,
            "organisation_name": self.name,
            "ods_code": self.ods_code,
            "region_id": self.region_id,
            "region_name": self.region_name,
        }


@dataclass(frozen=True)
class Lack:
    """One thing that is missing, in words.

    `organisation_id` says at which organisation, if it is about one; `role` which role nobody holds there.
    """

    text: str
    organisation_id: int | None = None
    role: str = ""


@dataclass(frozen=True)
class Check:
    """One line of the checklist: met when it lacks nothing. `found` says in words what is there already.

    `warnings` are sentences about what may be wrong, which stop nothing. `page` is the name of the page on
    which it is mended, where there is one for the whole line, and `action` what is done there.
    """

    code: str
    label: str
    found: str
    lacks: tuple[Lack, ...] = ()
    warnings: tuple[str, ...] = ()
    page: str = ""
    action: str = ""

    @property
    def met(self) -> bool:
        """Whether nothing is missing."""
        return not self.lacks


@dataclass(frozen=True)
class Setup:
    """The checklist of a round. `late`: its closing time has passed, so nobody can answer on the pages."""

    checks: tuple[Check, ...]
    late: bool

    @property
    def ready(self) -> bool:
        """Whether the round may open."""
        return all(check.met for check in self.checks)

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """Everything that is missing."""
        return tuple(lack for check in self.checks for lack in check.lacks)


@dataclass(frozen=True)
class ParticipantChoice:
    """The systems of the round's day and which are chosen. `strays`: chosen, but no systems on that day."""

    round_id: int
    title: str
    synthetic: bool
    is_draft: bool
    directory: Directory
    chosen: frozenset[int]
    strays: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """What tells this choice from another one; see `chosen_fingerprint`."""
        return chosen_fingerprint(self.chosen)


def chosen_fingerprint(organisation_ids: Collection[int]) -> str:
    """Return a short text that differs when the systems that are chosen for a round differ."""
    words = ",".join(str(key) for key in sorted(organisation_ids))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def places(survey_round: Round) -> tuple[Place, ...]:
    """Return the participants of a round by region and name, as on the day whose systems take part."""
    ids = Participant.objects.filter(round=survey_round).values_list("organisation_id", flat=True)
    return _places(list(ids), survey_round.participants_as_at)


def place_of(survey_round: Round, organisation_id: int) -> Place | None:
    """Return one organisation as a participant of the round would be; None when it was no system then."""
    found = _places([organisation_id], survey_round.participants_as_at)
    return next((place for place in found if place.a_system_then), None)


def _places(ids: list[int], day: datetime.date) -> tuple[Place, ...]:
    rows = Organisation.objects.filter(pk__in=ids)
    there = set(rows.filter(kind=Organisation.Kind.ICS).open_on(day).values_list("pk", flat=True))
    known = list(rows.as_at(day))
    regions = Organisation.objects.filter(
        pk__in={row.parent_id for row in known}, kind=Organisation.Kind.REGION
    )
    regions_by_id = {region.pk: region for region in regions.as_at(day)}
    labels = called(ids, day)
    found = [
        _place(row, labels[row.pk], regions_by_id.get(row.parent_id or 0), row.pk in there) for row in known
    ]
    return tuple(
        sorted(found, key=lambda place: (place.region_name or "", place.label, place.organisation_id))
    )


def _place(row: Organisation, label: str, region: Organisation | None, a_system_then: bool) -> Place:
    return Place(
        organisation_id=row.pk,
        label=label,
        name=row.name,
        ods_code=row.ods_code,
        region_id=region.pk if region else None,
        region_name=region.name if region else None,
        a_system_then=a_system_then,
    )


def setup(survey_round: Round, found: tuple[Place, ...] | None = None) -> Setup:
    """Return what the round has and what it lacks. `found`: its places, when they have been read already.

    What each system must have is looked at once a system is chosen: of none it would always be in place.
    """
    systems = places(survey_round) if found is None else found
    late = survey_round.closes_at <= timezone.now()
    checks = [_questionnaire(survey_round), _dates(survey_round, late), _participants(systems)]
    if systems:
        checks += [_details(survey_round, systems), _people(systems, late)]
    checks += [_texts(survey_round), _audience(survey_round), _reminders(survey_round, late)]
    checks.append(_moderation(survey_round, late))
    return Setup(tuple(checks), late)


def participant_choice(person: AnyPerson, round_id: int) -> ParticipantChoice:
    """Return what the page for choosing participants shows. Raises Http404 for who does not manage rounds."""
    survey_round = get_for(person, Round.objects.all(), round_id, Permission.MANAGE)
    known = directory(survey_round.participants_as_at)
    chosen = frozenset(survey_round.participants.values_list("organisation_id", flat=True))
    strays = chosen - {system.id for system in known.systems}
    names = called(strays, survey_round.participants_as_at)
    return ParticipantChoice(
        round_id=survey_round.pk,
        title=survey_round.title,
        synthetic=survey_round.synthetic,
        is_draft=survey_round.status == Round.Status.DRAFT,
        directory=known,
        chosen=chosen,
        strays=tuple(sorted(names.values())),
    )


def _questionnaire(survey_round: Round) -> Check:
    questionnaire = survey_round.questionnaire
    lacks = () if questionnaire.published_at else (Lack(f"“{questionnaire}” is not published yet."),)
    return Check(
        "questionnaire",
        "Questionnaire published",
        str(questionnaire),
        lacks,
        page="edit_round",
        action="Choose another questionnaire",
    )


def _dates(survey_round: Round, late: bool) -> Check:
    warnings = (
        ("The closing time has passed, so nobody can answer on these pages.",)
        if late
        else date_warnings(survey_round)
    )
    return Check(
        "dates",
        "When answers are taken",
        answering_in_words(survey_round),
        warnings=warnings,
        page="edit_round",
        action="Change the dates",
    )


def _texts(survey_round: Round) -> Check:
    purpose = len(survey_round.purpose.split())
    warnings = () if purpose else ("No purpose is written, so people are not told why they are asked.",)
    declaration = counted(len(survey_round.declaration.split()), "word")
    return Check(
        "texts",
        "Declaration and purpose",
        f"A declaration of {declaration}" + (f", a purpose of {counted(purpose, 'word')}" if purpose else ""),
        warnings=warnings,
        page="edit_round",
        action="Change the texts",
    )


def _audience(survey_round: Round) -> Check:
    return Check(
        "audience",
        "Who may read the published results",
        survey_round.get_audience_display(),
        page="edit_round",
        action="Change the readers",
    )


def _reminders(survey_round: Round, late: bool) -> Check:
    rows = PlannedReminder.objects.filter(round=survey_round, stopped=False).order_by("-days_before")
    planned = list(rows.values_list("days_before", flat=True))
    found = "; ".join(reminder_day_in_words(survey_round, days_before) for days_before in planned)
    warnings = reminder_warnings(survey_round, planned)
    if not planned and not late:
        warnings = ("No reminder is planned, so none goes out by itself.",)
    return Check(
        "reminders",
        "Invitation and reminders",
        f"{found[:1].upper()}{found[1:]}",
        warnings=warnings,
        page="reminders",
        action="Change the reminders" if planned else "Plan reminders",
    )


def _moderation(survey_round: Round, late: bool) -> Check:
    plan = ModerationPlan.objects.filter(round=survey_round).select_related("lead_reviewer").first()
    found = ""
    warnings: tuple[str, ...] = ()
    if plan is not None:
        until = moment_in_words(plan.answers_until)
        found = f"{plan.lead_reviewer.name} leads it; systems may answer proposals until {until}"
        warnings = tuple(_moderation_warnings(survey_round, plan))
    elif not late:
        warnings = ("No moderation is planned, so nobody can propose another level beside a signed one.",)
    return Check(
        "moderation",
        "Moderation",
        found,
        warnings=warnings,
        page="moderation_plan",
        action="Change the moderation plan" if plan else "Plan the moderation",
    )


def _moderation_warnings(survey_round: Round, plan: ModerationPlan) -> Iterator[str]:
    if not leads_moderation(plan.lead_reviewer):
        yield f"{plan.lead_reviewer.name} may not lead it any more. Choose somebody else."
    if plan.answers_until <= survey_round.closes_at:
        yield "The time for answers to proposals ends before the round closes."
    else:
        yield from moment_warnings("The time for answers to proposals ends", plan.answers_until)


def _participants(systems: tuple[Place, ...]) -> Check:
    found = f"{counted(len(systems), 'system')} chosen"
    lacks = () if systems else (Lack("No system is chosen to take part."),)
    return Check(
        "participants",
        "Systems chosen",
        found,
        lacks,
        page="round_participants",
        action="Choose the systems",
    )


def _details(survey_round: Round, systems: tuple[Place, ...]) -> Check:
    day = date_in_words(survey_round.participants_as_at)
    lacks = tuple(lack for system in systems for lack in _missing_details(system, day))
    return Check("details", f"Each system has a name, an ODS code and a region on {day}", "", lacks)


def _missing_details(system: Place, day: str) -> Iterator[Lack]:
    if not system.a_system_then:
        yield Lack(f"{system.label} was not a system on {day}.", system.organisation_id)
    missing = [
        words
        for words, value in (
            ("name", system.name),
            ("ODS code", system.ods_code),
            ("region", system.region_id and system.region_name),
        )
        if not value
    ]
    for words in missing:
        yield Lack(f"{system.label} has no {words} on {day}.", system.organisation_id)


def _people(systems: tuple[Place, ...], late: bool) -> Check:
    label = "Each system has a data lead and an approver"
    if late:
        found = "Not needed: the closing time has passed, so nobody answers on these pages"
        return Check("people", label, found, ())
    held = set(
        Membership.objects.current()
        .filter(
            organisation_id__in=[system.organisation_id for system in systems],
            role__in=NEEDED_ROLES,
            person__is_active=True,
        )
        .values_list("organisation_id", "role")
    )
    lacks = tuple(
        Lack(
            f"{system.label} has no {_ROLE_WORDS[role]} with an active account.", system.organisation_id, role
        )
        for system in systems
        for role in NEEDED_ROLES
        if (system.organisation_id, role) not in held
    )
    return Check("people", label, "", lacks)


_ROLE_WORDS = {Role.LEAD: "data lead", Role.APPROVER: "approver"}
