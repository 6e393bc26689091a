"""Bringing answers kept elsewhere into a round: a past round as a whole, or answers of a round that is open.

Imported answers are kept apart from what people did here: they stand under an account of their own with which
nobody can sign in, they never replace what a person has answered, and their submissions say that nobody
signed them here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from surveys.actions.answer_rows import AnswerRow, write_answers
from surveys.actions.audit import record
from surveys.actions.refusals import Refused
from surveys.actions.round_stages import lock_round
from surveys.actions.rounds import choose_all_systems, close_round, open_round
from surveys.actions.row_problems import RowProblem, RowsRefused
from surveys.actions.signed_copies import Signing, keep_copies
from surveys.models import (
    Answer,
    Assessment,
    OrganisationCode,
    OrganisationName,
    Person,
    Round,
    Submission,
)
from surveys.queries.deadlines import day_in_words, moment_in_words
from surveys.queries.instruments import Instrument, instrument
from surveys.questionnaires.responses import EMPTY, Response, asked, check

IMPORTER_EMAIL: Final = "imported-answers@import.invalid"
IMPORTER_NAME: Final = "Imported from a file"
SIGNED_BY: Final = "nobody here (imported from a file)"
COLUMNS: Final[Mapping[str, str]] = {
    "other": "other",
    "consent": "consent",
    "comment": "comment",
    "not_applicable": "not_applicable_reason",
    "reason": "not_applicable_reason",
}
"""The column of the file that holds a field of a response; every other field is in the column `answer`."""

Status = Assessment.Status


@dataclass(frozen=True)
class GivenAnswer:
    """One row of a file. `organisation` is a code or a name; an empty response says nothing."""

    row: int
    organisation: str
    question: str
    response: Response


@dataclass(frozen=True)
class AnswerFile:
    """A file of answers: its name, the SHA-256 of its bytes, and its rows."""

    name: str
    sha256: str
    answers: tuple[GivenAnswer, ...]


@dataclass(frozen=True)
class AnswerImport:
    """What an import did, or with `dry_run` would have done.

    `created`, `changed`, `unchanged` and `blank` count rows; `submitted` counts assessments. `without` names
    the systems of the round that have no answer at all. `status` is the round's afterwards.
    """

    title: str
    status: str
    created: int
    changed: int
    unchanged: int
    blank: int
    submitted: int
    without: tuple[str, ...]


@dataclass
class _Return:
    """One assessment of the round and what the file says about it."""

    assessment: Assessment
    stored: dict[str, Answer] = field(default_factory=dict)
    submissions: list[Submission] = field(default_factory=list)
    given: dict[str, GivenAnswer] = field(default_factory=dict)

    def says(self, answer: GivenAnswer) -> str:
        """Return what the row does: created, changed, unchanged or blank."""
        if answer.response == EMPTY:
            return "blank"
        known = self.stored.get(answer.question)
        if known is None:
            return "created"
        return "unchanged" if known.response == answer.response else "changed"

    def writes(self) -> list[GivenAnswer]:
        """Return the rows that change something."""
        return [answer for answer in self.given.values() if self.says(answer) in {"created", "changed"}]


@transaction.atomic
def import_answers(
    *, by: Person | None, round_id: int, file: AnswerFile, dry_run: bool = False
) -> AnswerImport:
    """Store every answer of a file in a round, or none.

    A draft round whose closing time has passed is opened (with every system of its day, unless systems were
    chosen), filled, its assessments kept as submissions that say that they were imported, and closed; from
    then on it is released like any other. Before its closing time an open round takes imported answers as
    answers that its people go on with and sign. A later import corrects what an earlier one brought in.

    Raises Http404 for somebody who may not manage rounds, Refused when the round takes no imported answers
    now, and RowsRefused with every problem by row.
    """
    now = timezone.now()
    survey_round, opened = _ready_round(by, round_id, now)
    live = survey_round.status == Round.Status.OPEN and now < survey_round.closes_at
    questionnaire = instrument(survey_round.questionnaire_id)
    importer = _importer()
    returns = _returns(survey_round, questionnaire)
    problems = _take_rows(returns, file.answers)
    for found in returns.values():
        problems += _problems(found, questionnaire, importer, live=live)
    if problems:
        raise RowsRefused(problems)
    done = _write(returns.values(), questionnaire, importer, now)
    submitted = 0 if live else _submit(survey_round, returns.values(), importer, file, now)
    _record(by, survey_round, returns.values(), file)
    if opened:
        survey_round = close_round(by=by, round_id=round_id)
    if dry_run:
        transaction.set_rollback(True)
    return AnswerImport(
        title=survey_round.title,
        status=survey_round.status,
        created=done["created"],
        changed=done["changed"],
        unchanged=done["unchanged"],
        blank=done["blank"],
        submitted=submitted,
        without=_without_answers(returns.values()),
    )


def _ready_round(by: Person | None, round_id: int, now: datetime) -> tuple[Round, bool]:
    """Return the round, locked, and whether it was opened for this."""
    survey_round = lock_round(by=by, round_id=round_id)
    if survey_round.status != Round.Status.DRAFT:
        if survey_round.status == Round.Status.OPEN and now < survey_round.opens_at:
            raise Refused(
                f"“{survey_round.title}” opens on {moment_in_words(survey_round.opens_at)}. "
                "Nothing can be answered before then."
            )
        return survey_round, False
    if now < survey_round.closes_at:
        raise Refused(
            f"“{survey_round.title}” is a draft that closes on {moment_in_words(survey_round.closes_at)}. "
            "To fill it while people answer, open it first. To bring in a past round, give it the dates that "
            "it had."
        )
    if not survey_round.participants.exists():
        choose_all_systems(by=by, round_id=round_id)
    return open_round(by=by, round_id=round_id), True


def _importer() -> Person:
    """Return the account under which imported answers stand; nobody can sign in with it."""
    importer = Person.objects.filter(email__iexact=IMPORTER_EMAIL).first()
    if importer is None:
        importer = Person(email=IMPORTER_EMAIL, name=IMPORTER_NAME, is_active=False)
        importer.set_unusable_password()
        importer.save()
    return importer


def _returns(survey_round: Round, questionnaire: Instrument) -> dict[int, _Return]:
    """Return every assessment of the round by key, locked, with its answers and submissions."""
    rows = Assessment.objects.select_for_update(no_key=True, of=("self",)).filter(round=survey_round)
    returns = {
        assessment.pk: _Return(assessment)
        for assessment in rows.select_related("sent_by").order_by("region_name", "organisation_name")
    }
    for answer in Answer.objects.filter(assessment__round=survey_round).select_related("answered_by"):
        returns[answer.assessment_id].stored[questionnaire.question_codes[answer.question_id]] = answer
    for submission in Submission.objects.filter(assessment__round=survey_round).order_by("number"):
        returns[submission.assessment_id].submissions.append(submission)
    return returns


def _take_rows(returns: Mapping[int, _Return], answers: Sequence[GivenAnswer]) -> list[RowProblem]:
    """Give each row to its assessment; return a problem for each that has none, or stands there twice."""
    keys = _keys([found.assessment for found in returns.values()])
    problems = []
    for answer in answers:
        matches = keys.get(answer.organisation.casefold(), frozenset())
        if len(matches) != 1:
            problems.append(_unmatched(answer, matches))
            continue
        given = returns[min(matches)].given
        if answer.question in given:
            first = given[answer.question].row
            message = f"Row {first} answers the same question for the same organisation."
            problems.append(RowProblem(answer.row, "question_code", message, "Keep one of them."))
            continue
        given[answer.question] = answer
    return problems


def _keys(assessments: Iterable[Assessment]) -> dict[str, frozenset[int]]:
    """Return which assessments a code or a name may mean: as in the round, or as recorded at any time."""
    keys: dict[str, frozenset[int]] = {}

    def add(text: str, assessment_id: int) -> None:
        keys[text.casefold()] = keys.get(text.casefold(), frozenset()) | {assessment_id}

    by_organisation = {row.organisation_id: row.pk for row in assessments}
    codes = OrganisationCode.objects.filter(organisation_id__in=by_organisation)
    for organisation_id, code in codes.values_list("organisation_id", "code"):
        add(code, by_organisation[organisation_id])
    for name in OrganisationName.objects.filter(organisation_id__in=by_organisation):
        add(name.short_name, by_organisation[name.organisation_id])
        add(name.official_name, by_organisation[name.organisation_id])
    return keys


def _unmatched(answer: GivenAnswer, matches: frozenset[int]) -> RowProblem:
    if matches:
        message = f"More than one system of the round is called “{answer.organisation}”."
        return RowProblem(answer.row, "organisation_code", message, "Give its ODS code.")
    return RowProblem(
        answer.row,
        "organisation_code",
        f"“{answer.organisation}” is no system of this round.",
        "Give the ODS code or the name of a system that takes part, as it is or as it was.",
    )


def _problems(found: _Return, questionnaire: Instrument, importer: Person, *, live: bool) -> list[RowProblem]:
    if not found.given:
        return []
    barred = _barred(found, importer, live=live)
    if barred:
        return [RowProblem(next(iter(found.given.values())).row, "organisation_code", *barred)]
    problems = [problem for answer in found.given.values() for problem in _faults(answer, questionnaire)]
    return problems + _overwrites(found, importer) + _hidden(found, questionnaire)


def _barred(found: _Return, importer: Person, *, live: bool) -> tuple[str, str] | None:
    """Return why an import may not touch an assessment, and what to do."""
    assessment, name = found.assessment, found.assessment.organisation_name
    if assessment.withdrawn_at is not None:
        return (
            f"{name} was withdrawn from this round.",
            "Remove its rows, or let it take part again first.",
        )
    if live:
        if assessment.status in {Status.AWAITING_SIGNOFF, Status.SUBMITTED}:
            status = assessment.get_status_display().lower()
            return (
                f"The assessment of {name} is {status}, so its answers cannot be changed.",
                "Have it returned first, or remove its rows.",
            )
        return None
    people = {answer.answered_by.name for answer in found.stored.values() if answer.answered_by != importer}
    people |= {copy.signed_by_name for copy in found.submissions if copy.signed_by_id != importer.pk}
    if people:
        return (
            f"People have answered or signed for {name} here ({', '.join(sorted(people))}).",
            "After the closing time an import changes only what was imported. Remove its rows.",
        )
    return None


def _faults(answer: GivenAnswer, questionnaire: Instrument) -> list[RowProblem]:
    question = questionnaire.content.question(answer.question)
    return [
        RowProblem(answer.row, COLUMNS.get(fault.field, "answer"), f"{fault.message.rstrip('.')}.", "")
        for fault in check(question, answer.response)
    ]


def _overwrites(found: _Return, importer: Person) -> list[RowProblem]:
    """Return a problem for each row that would replace another answer that a person gave."""
    problems = []
    for answer in found.writes():
        known = found.stored.get(answer.question)
        if known is not None and known.answered_by != importer:
            day = day_in_words(known.answered_at)
            message = f"{known.answered_by.name} answered this question differently on {day}."
            problems.append(
                RowProblem(answer.row, "answer", message, "Nothing is overwritten: remove the row.")
            )
    return problems


def _hidden(found: _Return, questionnaire: Instrument) -> list[RowProblem]:
    """Return a problem for each answer to a question that is not asked, given the other answers."""
    given = {code: answer.response for code, answer in found.given.items() if answer.response != EMPTY}
    responses = {code: answer.response for code, answer in found.stored.items()} | given
    on_view = asked(questionnaire.content, responses)
    return [
        RowProblem(
            found.given[code].row,
            "question_code",
            f"{code} is not asked, given the other answers of {found.assessment.organisation_name}.",
            "Remove the row, or correct the answer on which the question depends.",
        )
        for code in given
        if code not in on_view
    ]


def _write(
    returns: Iterable[_Return], questionnaire: Instrument, importer: Person, now: datetime
) -> Counter[str]:
    """Write what is new or changed in one statement, and return how many rows were what."""
    done: Counter[str] = Counter()
    rows = []
    for found in returns:
        done.update(found.says(answer) for answer in found.given.values())
        for answer in found.writes():
            known = found.stored.get(answer.question)
            question_id = questionnaire.question_ids[answer.question]
            seen = known.version if known else 0
            rows.append(AnswerRow(found.assessment.pk, question_id, seen, answer.response))
    # The assessments are locked since before their answers were read, so nothing can have overtaken a row.
    write_answers(rows, person_id=importer.pk, moment=now)
    return done


def _submit(
    survey_round: Round, returns: Iterable[_Return], importer: Person, file: AnswerFile, now: datetime
) -> int:
    """Keep a copy of each assessment that the file changed, or that it is about and is not submitted yet.

    Returns how many. What people left unsigned and the file says nothing of stays theirs.
    """
    due = [
        found
        for found in returns
        if found.writes()
        or (found.given and _has_answers(found) and found.assessment.status != Status.SUBMITTED)
    ]
    declaration = (
        f"These answers were brought in from the file “{file.name}” (SHA-256 {file.sha256}) on "
        f"{day_in_words(now)}. They were not signed in this service."
    )
    Assessment.objects.filter(pk__in=[found.assessment.pk for found in due]).update(status=Status.SUBMITTED)
    keep_copies(
        survey_round,
        [
            Signing(
                assessment=found.assessment,
                number=len(found.submissions) + 1,
                account=importer,
                name=SIGNED_BY,
                job_title="",
                declaration=declaration,
                at=now,
            )
            for found in due
        ],
    )
    return len(due)


def _has_answers(found: _Return) -> bool:
    given = any(answer.response != EMPTY for answer in found.given.values())
    return given or any(answer.response != EMPTY for answer in found.stored.values())


def _without_answers(returns: Iterable[_Return]) -> tuple[str, ...]:
    return tuple(
        found.assessment.organisation_name
        for found in returns
        if found.assessment.withdrawn_at is None and not _has_answers(found)
    )


def _record(by: Person | None, survey_round: Round, returns: Iterable[_Return], file: AnswerFile) -> None:
    for found in returns:
        counts = Counter(found.says(answer) for answer in found.given.values())
        if found.writes():
            record(
                by=by,
                verb="assessment.answers_imported",
                subject=f"{found.assessment.organisation_name}, {survey_round.title}",
                round_id=survey_round.pk,
                assessment_id=found.assessment.pk,
                organisation_id=found.assessment.organisation_id,
                detail={"file": file.name, "sha256": file.sha256, **counts},
            )
