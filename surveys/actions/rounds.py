"""Setting a round up, opening it, closing it and opening it again.

Each action reads the round again under a lock, so that of two people, or two clicks, the second sees what the
first has done.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from surveys.actions.audit import record
from surveys.actions.refusals import Refused
from surveys.actions.round_stages import at_the_stage, lock_assessments, lock_round, move
from surveys.actions.typed_text import one_line, plain_text
from surveys.models import Assessment, Organisation, Participant, Person, Questionnaire, Round
from surveys.models.round import MOVES
from surveys.permissions import Permission, require_anywhere
from surveys.queries.deadlines import moment_in_words
from surveys.queries.organisations import date_in_words
from surveys.queries.round_setup import chosen_fingerprint, places, setup

Status = Round.Status

LONGEST_TITLE = 120
DEFAULT_DECLARATION = (
    "I confirm that, to the best of my knowledge, these answers are a true and fair account of how data is "
    "used across this system on the reference date of this round, that the people responsible for each "
    "section have agreed them, and that I may sign on the system's behalf."
)
"""What an approver signs, unless the administrator words it otherwise."""


@dataclass(frozen=True)
class RoundDetails:
    """What an administrator says about a round. Times are aware; `closes_at` is after `opens_at`."""

    title: str
    questionnaire_id: int
    opens_at: datetime.datetime
    closes_at: datetime.datetime
    reference_date: datetime.date
    participants_as_at: datetime.date
    audience: str = Round.Audience.RESPONDENTS
    purpose: str = ""
    declaration: str = DEFAULT_DECLARATION

    @property
    def fingerprint(self) -> str:
        """A short text that differs when any of the details differs."""
        words = json.dumps({name: _plain(value) for name, value in asdict(self).items()})
        return hashlib.sha256(words.encode()).hexdigest()[:16]


def details_of(survey_round: Round) -> RoundDetails:
    """Return the details of a round as they are stored."""
    return RoundDetails(
        title=survey_round.title,
        questionnaire_id=survey_round.questionnaire_id,
        opens_at=survey_round.opens_at,
        closes_at=survey_round.closes_at,
        reference_date=survey_round.reference_date,
        participants_as_at=survey_round.participants_as_at,
        audience=survey_round.audience,
        purpose=survey_round.purpose,
        declaration=survey_round.declaration,
    )


@transaction.atomic
def create_round(*, by: Person | None, details: RoundDetails, synthetic: bool = False) -> Round:
    """Store a draft round. `synthetic` marks made-up data. Raises Refused for details that cannot be."""
    require_anywhere(by, Permission.MANAGE)
    given = _checked(details)
    with _title_once(given.title):
        survey_round = Round.objects.create(**asdict(given), synthetic=synthetic, created_by=by)
    _record(by, "round.created", survey_round)
    return survey_round


@transaction.atomic
def change_round(*, by: Person | None, round_id: int, details: RoundDetails, seen: str = "") -> Round:
    """Change a draft round. `seen` is the fingerprint of the details that the person had before them.

    Raises Refused when the round is no draft any more, or when somebody else has changed it meanwhile.
    """
    survey_round = lock_round(by=by, round_id=round_id)
    _require_draft(survey_round)
    before = details_of(survey_round)
    if seen and seen != before.fingerprint:
        raise Refused(
            "Somebody else has changed this round since you opened this page. Nothing of yours is saved yet. "
            "Look at what they saved, then save again to put yours in its place."
        )
    given = _checked(details)
    changed = {name: value for name, value in asdict(given).items() if value != getattr(before, name)}
    for name, value in changed.items():
        setattr(survey_round, name, value)
    if changed:
        with _title_once(given.title):
            survey_round.save(update_fields=list(changed))
        _record(
            by, "round.changed", survey_round, detail={name: _plain(value) for name, value in changed.items()}
        )
    return survey_round


@transaction.atomic
def choose_participants(
    *, by: Person | None, round_id: int, organisation_ids: Collection[int], seen: str = ""
) -> int:
    """Make these systems the participants of a draft round and return how many they are.

    `seen` is the fingerprint of the systems that were chosen when the person looked. Raises Refused when the
    round is no draft any more, when somebody else has chosen others meanwhile, or when one of them is no
    system on the round's day.
    """
    survey_round = lock_round(by=by, round_id=round_id)
    _require_draft(survey_round)
    wanted = set(organisation_ids)
    if strangers := wanted - set(_systems_of_the_day(survey_round)):
        raise Refused(
            f"{len(strangers)} of the organisations chosen did not exist as a system on "
            f"{date_in_words(survey_round.participants_as_at)}. Look at the list again and choose from it."
        )
    rows = Participant.objects.filter(round=survey_round)
    before = set(rows.values_list("organisation_id", flat=True))
    if seen and seen != chosen_fingerprint(before) and wanted != before:
        raise Refused(
            f"Somebody else has chosen the systems since you opened this page: {len(before)} are chosen now. "
            "Nothing of yours is saved yet. Look at what they saved, then save again to put yours in its "
            "place."
        )
    rows.exclude(organisation_id__in=wanted).delete()
    Participant.objects.bulk_create(
        Participant(round=survey_round, organisation_id=pk) for pk in sorted(wanted - before)
    )
    if wanted != before:
        _record(
            by,
            "round.participants_chosen",
            survey_round,
            detail={
                "systems": len(wanted),
                "added": sorted(wanted - before),
                "removed": sorted(before - wanted),
            },
        )
    return len(wanted)


@transaction.atomic
def choose_all_systems(*, by: Person | None, round_id: int, seen: str = "") -> int:
    """Make every system of the round's day a participant and return how many. Raises as the action above."""
    survey_round = lock_round(by=by, round_id=round_id)
    everyone = _systems_of_the_day(survey_round)
    return choose_participants(by=by, round_id=round_id, organisation_ids=everyone, seen=seen)


@transaction.atomic
def open_round(*, by: Person | None, round_id: int) -> Round:
    """Open a draft round: fix its participants and make an assessment for each, as on the round's day.

    Answering begins at `opens_at`, which may lie ahead. Raises Refused with everything that is missing.
    """
    survey_round = lock_round(by=by, round_id=round_id)
    _require_move(survey_round, Status.OPEN, only_from=Status.DRAFT)
    found = places(survey_round)
    checked = setup(survey_round, found)
    if not checked.ready:
        raise Refused("The round cannot open yet. " + " ".join(lack.text for lack in checked.lacks))
    Assessment.objects.bulk_create(Assessment(round=survey_round, **place.frozen) for place in found)
    move(survey_round, Status.OPEN)
    _record(by, "round.opened", survey_round, detail={"systems": len(found)})
    return survey_round


@transaction.atomic
def close_round(*, by: Person | None, round_id: int) -> Round:
    """Close an open round. No answer can be saved from the moment that this returns.

    A save that is under way ends before; a save that waits finds the round closed.
    """
    survey_round = lock_round(by=by, round_id=round_id)
    _require_move(survey_round, Status.CLOSED)
    statuses = lock_assessments(survey_round)
    move(survey_round, Status.CLOSED)
    submitted = statuses.count(Assessment.Status.SUBMITTED)
    _record(by, "round.closed", survey_round, detail={"systems": len(statuses), "submitted": submitted})
    return survey_round


@transaction.atomic
def reopen_round(*, by: Person | None, round_id: int, closes_at: datetime.datetime, reason: str) -> Round:
    """Open a closed round again until a new closing time in the future. Raises Refused."""
    survey_round = lock_round(by=by, round_id=round_id)
    _require_move(survey_round, Status.OPEN, only_from=Status.CLOSED)
    reason = _required(reason)
    if closes_at <= timezone.now():
        raise Refused("The new closing time must be in the future.")
    if closes_at <= survey_round.opens_at:
        raise Refused(
            f"The new closing time must be after the opening time, {moment_in_words(survey_round.opens_at)}."
        )
    before = survey_round.closes_at
    survey_round.closes_at = closes_at
    survey_round.save(update_fields=["closes_at"])
    move(survey_round, Status.OPEN)
    _record(
        by,
        "round.reopened",
        survey_round,
        reason=reason,
        detail={"closes_at": _plain(closes_at), "closed_at_before": _plain(before)},
    )
    return survey_round


def _require_draft(survey_round: Round) -> None:
    if survey_round.status != Status.DRAFT:
        raise Refused(f"{at_the_stage(survey_round)}: its details and its systems are fixed since it opened.")


def _require_move(survey_round: Round, to: Status, only_from: Status | None = None) -> None:
    now = Status(survey_round.status)
    if to in MOVES[now] and only_from in {None, now}:
        return
    if now == to:
        raise Refused(f"“{survey_round.title}” is already {to.label.lower()}. Nothing was changed.")
    raise Refused(
        f"{at_the_stage(survey_round)}, so this cannot be done now. Somebody may have changed it since you "
        "opened this page."
    )


def _required(reason: str) -> str:
    """Return the reason as it is kept. Raises Refused when there is nothing to see in it."""
    kept = plain_text(reason)
    if not kept:
        raise Refused("Give a reason: it is kept with what was done.")
    return kept


def _checked(details: RoundDetails) -> RoundDetails:
    given = replace(
        details,
        title=one_line(details.title),
        purpose=plain_text(details.purpose),
        declaration=plain_text(details.declaration),
    )
    if not given.title or not given.declaration or len(given.title) > LONGEST_TITLE:
        raise Refused(f"A round needs a title of at most {LONGEST_TITLE} characters, and a declaration.")
    if given.closes_at <= given.opens_at:
        raise Refused("The closing time must be after the opening time.")
    if given.audience not in Round.Audience.values:
        raise Refused("Choose who may read the published results.")
    if not Questionnaire.objects.filter(pk=given.questionnaire_id, published_at__isnull=False).exists():
        raise Refused("Choose a published questionnaire. A questionnaire can be used once it is published.")
    return given


@contextmanager
def _title_once(title: str) -> Iterator[None]:
    """Turn the database's refusal of a second round of this title into a sentence.

    The rest has been checked, so the title is all that the database can still refuse.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(f"There is already a round called “{title}”. Choose another title.") from error


def _systems_of_the_day(survey_round: Round) -> list[int]:
    systems = Organisation.objects.filter(kind=Organisation.Kind.ICS)
    return list(systems.open_on(survey_round.participants_as_at).values_list("pk", flat=True))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else value


def _record(by: Person | None, verb: str, survey_round: Round, **more: Any) -> None:
    record(by=by, verb=verb, subject=survey_round.title, round_id=survey_round.pk, **more)
