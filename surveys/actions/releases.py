"""Releasing the results of a round: provisionally, for good, corrected; and withdrawing them.

A release never changes.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.http import Http404

from surveys.actions.audit import record
from surveys.actions.challenge_mail import tell_of_results
from surveys.actions.challenges import open_to_challenges
from surveys.actions.copying import copy_rows
from surveys.actions.refusals import Refused
from surveys.actions.round_stages import at_the_stage, lock_assessments, lock_round, move
from surveys.actions.typed_text import plain_text
from surveys.models import (
    Assessment,
    LeftOut,
    Person,
    Question,
    Release,
    ReleasedAnswer,
    ReleasedModeration,
    ReleasedSubmission,
    Result,
    Round,
    Withdrawal,
)
from surveys.models.assessment import VALUE_COLUMNS, columns
from surveys.models.round import MOVES
from surveys.permissions import Permission, require_anywhere
from surveys.queries.challenge_time import challenge_time, standing
from surveys.queries.moderations import undecided
from surveys.queries.release_check import publication_checks
from surveys.queries.release_checks import prepared_checks
from surveys.queries.releases import (
    SCORE_COLUMNS,
    PreparedRelease,
    differences,
    held_by,
    latest_release,
    prepare,
)

Kind = Release.Kind
Status = Round.Status


@transaction.atomic
def release_provisionally(
    *,
    by: Person | None,
    round_id: int,
    seen: str = "",
    challenge_until: datetime.datetime | None = None,
    site: str = "",
) -> Release:
    """Freeze the results of a closed round for the systems themselves and for analysts to check.

    While the round is provisional it may be done again, once something has changed; releases are numbered.
    `challenge_until` is when the time ends in which systems may challenge them, said with the first of them;
    None leaves it as it is, and later time is given by `give_time_to_challenge`. Leads and approvers get an
    e-mail with a link to `site`, the address of the service without a path; empty sends none.
    `seen` and the refusals are those of `publish`.
    """
    survey_round = _locked(by, round_id)
    if survey_round.status != Status.PROVISIONAL:
        _require_move(survey_round, Status.PROVISIONAL)
    release = _release(survey_round, Kind.PROVISIONAL, by=by, seen=seen)
    move(survey_round, Status.PROVISIONAL)
    _record(release, by=by, verb="round.released_provisionally")
    known = challenge_time(survey_round)
    if challenge_until is not None:
        if known.until is not None:
            raise Refused(
                "Systems have time for challenges already, so none was given. Nothing was released."
            )
        open_to_challenges(by=by, survey_round=survey_round, until=challenge_until, site=site)
    elif known.open:
        tell_of_results(survey_round, known.ends, by=by, site=site)
    return release


@transaction.atomic
def publish(*, by: Person | None, round_id: int, seen: str = "", reason: str = "") -> Release:
    """Freeze the results of a provisional round as its first published release.

    They are worked out again from the latest submissions, so what was corrected since the provisional release
    is in. `seen` is the fingerprint of the figures that the person has looked at; empty for a command.
    `reason` says why it cannot wait for the end of the time for challenges, and is kept only then.

    Raises Http404 for somebody who may not manage rounds; Refused when the round is not provisional, when a
    submission cannot be scored, when a proposed level is not decided, when the figures are no longer those
    that were checked, while a challenge has no answer, and without a reason before the time for challenges
    has ended.
    """
    survey_round = _locked(by, round_id)
    _require_move(survey_round, Status.PUBLISHED)
    _require_decided(survey_round)
    early = _challenged(survey_round, plain_text(reason))
    release = _release(survey_round, Kind.PUBLISHED, by=by, seen=seen)
    move(survey_round, Status.PUBLISHED)
    _record(release, by=by, verb="round.published", reason=early)
    return release


@transaction.atomic
def correct(*, by: Person | None, round_id: int, note: str, seen: str = "") -> Release:
    """Publish a new numbered release of a published round, with a public note of what changed and why.

    The releases before it stay as they are. Raises as `publish` does, and Refused without a note.
    """
    survey_round = _locked(by, round_id)
    if survey_round.status != Status.PUBLISHED:
        raise Refused(f"“{survey_round}” is not published, so there is nothing to correct yet.")
    note = plain_text(note)
    if not note:
        raise Refused("Say in the note what changed and why: everybody who reads the results sees it.")
    release = _release(survey_round, Kind.PUBLISHED, by=by, seen=seen, note=note)
    _record(release, by=by, verb="round.corrected")
    return release


@transaction.atomic
def withdraw(*, by: Person | None, release_id: int, reason: str) -> Withdrawal:
    """Let nobody read a release any more. At its addresses stands the reason; what it held is kept.

    The round stays at its stage, and a release before it is the newest again: a correction can follow.
    Raises Http404 when there is no such release or the person may not manage rounds; Refused without a
    reason and when it is withdrawn already.
    """
    require_anywhere(by, Permission.MANAGE)
    release = Release.objects.filter(pk=release_id).first()
    if release is None:
        raise Http404
    survey_round = lock_round(by=by, round_id=release.round_id)
    if Withdrawal.objects.filter(release=release).exists():
        raise Refused(f"{release} is withdrawn already. Nothing was changed.")
    reason = plain_text(reason)
    if not reason:
        raise Refused("Give a reason: everybody who opens these results reads it.")
    withdrawal = Withdrawal.objects.create(release=release, reason=reason, withdrawn_by=by)
    record(
        by=by,
        verb="round.results_withdrawn",
        subject=str(survey_round),
        round_id=survey_round.pk,
        reason=reason,
        detail={"release": release.pk, "name": str(release)},
    )
    return withdrawal


def _locked(by: Person | None, round_id: int) -> Round:
    """Return the round, locked with its assessments so that nothing is submitted or returned meanwhile."""
    survey_round = lock_round(by=by, round_id=round_id)
    lock_assessments(survey_round)
    return survey_round


def _require_move(survey_round: Round, status: Round.Status) -> None:
    if status not in MOVES[Status(survey_round.status)]:
        raise Refused(
            f"{at_the_stage(survey_round)}. Results are released provisionally once a round is closed, and "
            "published after that."
        )


def _require_decided(survey_round: Round) -> None:
    if waiting := undecided(survey_round):
        raise Refused(
            "Nothing was released, because moderation is not finished. "
            + " ".join([*waiting, "The lead reviewer of the round decides about them."])
        )


def _challenged(survey_round: Round, reason: str) -> str:
    """Return why the results need not wait for the end of the time for challenges; empty when it is over."""
    found = standing(survey_round)
    if found.stops:
        raise Refused(f"Nothing was published. {found.stops}")
    if not found.time.open:
        return ""
    if not reason:
        raise Refused(
            f"Systems may challenge these results until {found.time.ends}. Say why they are published before."
        )
    return reason


def _release(
    survey_round: Round, kind: Release.Kind, *, by: Person | None, seen: str, note: str = ""
) -> Release:
    prepared = prepare(survey_round)
    if prepared.problems:
        raise Refused("Nothing was released. " + " ".join(prepared.problems))
    if seen and seen != prepared.fingerprint:
        raise Refused(
            "The figures have changed since you opened this page, because a submission came in or was "
            "returned, or a system was withdrawn. Nothing was released. Check the new figures and confirm "
            "again."
        )
    publishing = survey_round.status == Status.PROVISIONAL and kind == Kind.PUBLISHED
    checks = (
        publication_checks(by, survey_round, prepared)
        if publishing
        else (prepared_checks(survey_round, prepared))
    )
    if failed := [check.words for check in checks if not check.passed]:
        raise Refused("Nothing was released, because a check failed. " + " ".join(failed))
    before = latest_release(survey_round)
    if before is not None and before.kind == kind and not differences(prepared, before):
        raise Refused(f"No score and no answer differs from {before}. There is nothing to release again.")
    release = Release.objects.create(
        round=survey_round,
        kind=kind,
        number=Release.objects.filter(round=survey_round, kind=kind).count() + 1,
        note=note,
        released_by=by,
    )
    freeze(release, prepared)
    if held_by(release) != prepared.systems:
        raise RuntimeError(f"Release {release.pk} does not hold what was worked out for it.")
    return release


def freeze(release: Release, prepared: PreparedRelease) -> None:
    """Write everything that was worked out for a release that has been stored and is still empty."""
    LeftOut.objects.bulk_create(LeftOut(release=release, assessment_id=key) for key in prepared.withdrawn)
    questions = dict(
        Question.objects.filter(dimension__questionnaire_id=release.round.questionnaire_id).values_list(
            "code", "pk"
        )
    )
    copy_rows(
        ReleasedSubmission,
        ("release_id", "assessment_id", "submission_id"),
        ((release.pk, key, system.submission_id) for key, system in prepared.systems.items()),
    )
    copy_rows(
        Result,
        ("release_id", "assessment_id", *SCORE_COLUMNS),
        (
            (release.pk, key, *(getattr(line, name) for name in SCORE_COLUMNS))
            for key, system in prepared.systems.items()
            for line in system.scores
        ),
    )
    copy_rows(
        ReleasedAnswer,
        ("release_id", "assessment_id", "question_id", *VALUE_COLUMNS),
        (
            (release.pk, key, questions[code], *columns(response).values())
            for key, system in prepared.systems.items()
            for code, response in system.answers.items()
        ),
    )
    ReleasedModeration.objects.bulk_create(
        ReleasedModeration(
            release=release,
            assessment_id=key,
            question_id=questions[code],
            moderation_id=level.moderation_id,
            self_assessed=level.self_assessed,
            proposed=level.proposed,
            final=level.final,
        )
        for key, system in prepared.systems.items()
        for code, level in system.moderated.items()
    )


def _record(release: Release, *, by: Person | None, verb: str, reason: str = "") -> None:
    held = {
        "systems": release.submissions.count(),
        "of": Assessment.objects.filter(round_id=release.round_id).counted_in(release).count(),
        "results": release.results.count(),
        "answers": release.answers.count(),
    }
    record(
        by=by,
        verb=verb,
        subject=str(release.round),
        round_id=release.round_id,
        reason=release.note or reason,
        detail={"release": release.pk, "kind": release.kind, "number": release.number, **held},
    )
