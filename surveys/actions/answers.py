"""Saving answers: everything that may be stored is stored, and nothing of anybody's is overwritten unseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.http import Http404

from surveys.actions.answer_rows import AnswerRow, write_answers
from surveys.actions.locking import lock_assessment
from surveys.actions.refusals import Refused
from surveys.models import Person
from surveys.models.assessment import VALUE_COLUMNS, response_in
from surveys.queries.assessments import AssessmentState, StoredAnswer, state_with_answers
from surveys.queries.instruments import Instrument, instrument_of
from surveys.queries.last_round import last_round_now
from surveys.questionnaires.responses import EMPTY, Response, ResponseProblem, check, is_answered
from surveys.questionnaires.schema import Question


@dataclass(frozen=True)
class AnswerSave:
    """What somebody wants to be the answer to the question `code`.

    `seen` is the version of the answer that they had before them: 0 when there was none. An empty response
    clears the answer.
    """

    code: str
    seen: int
    response: Response


@dataclass(frozen=True)
class Conflict:
    """Somebody else changed the answer meanwhile: what is stored and what was to be saved in its place."""

    code: str
    theirs: StoredAnswer
    mine: Response


@dataclass(frozen=True)
class SaveOutcome:
    """What became of each save, by question code: every code is in exactly one of the first four.

    `versions` are those of the stored answers of all that were to be saved, 0 for none, as they are now, and
    `answered` the codes of those that want nothing more.
    `evidenced` are those of the saved that have evidence behind them. `confirmed`: the answer that was to be
    confirmed is now the one of the round before.
    """

    saved: Set[str] = frozenset()
    unchanged: Set[str] = frozenset()
    invalid: Mapping[str, tuple[ResponseProblem, ...]] = field(default_factory=dict)
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict, compare=False)
    answered: Set[str] = field(default_factory=frozenset, compare=False)
    evidenced: Set[str] = field(default_factory=frozenset, compare=False)
    confirmed: bool = False

    @property
    def complete(self) -> bool:
        """Whether nothing is left for the person to mend or to decide."""
        return not self.invalid and not self.conflicts


@transaction.atomic
def save_answers(
    *, by: Person, assessment_id: int, saves: Sequence[AnswerSave], confirm: str = ""
) -> SaveOutcome:
    """Store the answers that are valid and not overtaken, and say what became of the others.

    An answer that is stored as it is already makes no new version. A person who has not touched an answer
    since they saw it does not fight over it: they lose nothing, and what is stored stays. Not started and
    returned assessments become in progress with the first answer.

    `confirm` is the code of one of the `saves` that is empty: the answer of the round before takes its place,
    and is marked as confirmed. Where there is an answer already, or something else is to be saved, nothing is
    confirmed and nothing of it is lost.

    Raises Http404 when the person may not answer one of the questions, or there is no such question; Refused
    when nothing may be changed now (not open, past the deadline, awaiting sign-off or submitted), and when
    the round before has not exactly one answer that may be confirmed.
    """
    instrument = instrument_of(assessment_id)
    if not {save.code for save in saves} <= instrument.question_ids.keys():
        raise Http404
    lock_assessment(assessment_id)
    codes = [save.code for save in saves]
    state, stored = state_with_answers(by, assessment_id, instrument, codes)
    _require_answerable(state, saves)
    confirmed = _confirmed(assessment_id, instrument, saves, stored, confirm)
    saves = [confirmed.save if confirmed and save.code == confirm else save for save in saves]
    sorted_out = _sort_out(assessment_id, instrument, saves, stored)
    rows = [
        AnswerRow(
            assessment_id,
            instrument.question_ids[save.code],
            save.seen,
            save.response,
            confirmed.round_id if confirmed and save.code == confirm else None,
        )
        for save in sorted_out.to_write
    ]
    written = write_answers(rows, person_id=by.pk, moment=state.now)
    if len(written) < len(rows):
        raise Refused(
            "Somebody else saved at the same moment, so we have not saved yours yet. Choose Save again."
        )
    saved = frozenset(save.code for save in sorted_out.to_write)
    versions = {
        save.code: (stored[save.code].version if save.code in stored else 0) + (save.code in saved)
        for save in saves
    }
    now = {code: answer.response for code, answer in stored.items()}
    now |= {save.code: save.response for save in sorted_out.to_write}
    return replace(
        sorted_out.outcome,
        saved=saved,
        versions=versions,
        answered=frozenset(
            code for code, response in now.items() if is_answered(instrument.content.question(code), response)
        ),
        evidenced=frozenset(instrument.question_codes[key] for (_, key), shown in written.items() if shown),
        confirmed=confirmed is not None,
    )


def _require_answerable(state: AssessmentState, saves: Sequence[AnswerSave]) -> None:
    if not state.powers.answers_anything or not all(state.powers.may_answer(save.code) for save in saves):
        raise Http404
    if state.locked:
        raise Refused(state.locked)


@dataclass(frozen=True)
class _Confirmed:
    """The answer of the round before, as it is to be saved, and the round."""

    save: AnswerSave
    round_id: int


def _confirmed(
    assessment_id: int,
    instrument: Instrument,
    saves: Sequence[AnswerSave],
    stored: Mapping[str, StoredAnswer],
    code: str,
) -> _Confirmed | None:
    """Return what is confirmed; None where somebody has answered, or is answering, in their own words."""
    if EMPTY not in [save.response for save in saves if save.code == code]:
        return None
    beside = last_round_now(assessment_id, instrument).get(code)
    if beside is None or beside.confirmable is None:
        raise Refused(
            "There is no single answer of the last round that could be confirmed, so nothing was saved. "
            "Answer the question itself."
        )
    known = stored.get(code)
    if known and known.response not in {EMPTY, beside.confirmable}:
        return None
    seen = known.version if known else 0
    return _Confirmed(AnswerSave(code, seen, beside.confirmable), beside.round_id)


@dataclass(frozen=True)
class _SortedOut:
    to_write: tuple[AnswerSave, ...]
    outcome: SaveOutcome


def _sort_out(
    assessment_id: int,
    instrument: Instrument,
    saves: Sequence[AnswerSave],
    stored: Mapping[str, StoredAnswer],
) -> _SortedOut:
    to_write: list[AnswerSave] = []
    overtaken: list[AnswerSave] = []
    unchanged: set[str] = set()
    invalid: dict[str, tuple[ResponseProblem, ...]] = {}
    for save in saves:
        question = instrument.content.question(save.code)
        known = stored.get(save.code)
        wanted = AnswerSave(save.code, save.seen if known else 0, _in_order(question, save.response))
        if wanted.response == (known.response if known else EMPTY):
            unchanged.add(save.code)
        elif problems := check(question, wanted.response):
            invalid[save.code] = problems
        elif known is None or save.seen == known.version:
            to_write.append(wanted)
        else:
            overtaken.append(wanted)
    untouched = _untouched(assessment_id, instrument, overtaken)
    conflicts = {
        save.code: Conflict(save.code, stored[save.code], save.response)
        for save in overtaken
        if save.code not in untouched
    }
    return _SortedOut(
        tuple(to_write),
        SaveOutcome(unchanged=unchanged | untouched, invalid=invalid, conflicts=conflicts),
    )


def _in_order(question: Question, response: Response) -> Response:
    """Return the response with options and parts in the question's order, so that equal answers are equal."""
    codes = [*(option.code for option in question.options), *(part.code for part in question.parts)]
    places = {code: place for place, code in enumerate(codes)}
    last = len(places)
    return replace(
        response,
        options=tuple(sorted(response.options, key=lambda code: places.get(code, last))),
        parts=tuple(sorted(response.parts, key=lambda part: places.get(part[0], last))),
    )


def _untouched(assessment_id: int, instrument: Instrument, overtaken: Sequence[AnswerSave]) -> frozenset[str]:
    """Return the codes whose response is exactly the version that the person had seen, by the row history."""
    if not overtaken:
        return frozenset()
    wanted = Q()
    for save in overtaken:
        wanted |= Q(question_id=instrument.question_ids[save.code], version=save.seen)
    history = apps.get_model("surveys", "AnswerEvent").objects.filter(wanted, assessment_id=assessment_id)
    seen = {(save.code, 0): EMPTY for save in overtaken} | {
        (instrument.question_codes[row["question_id"]], row["version"]): response_in(row)
        for row in history.values("question_id", "version", *VALUE_COLUMNS)
    }
    return frozenset(save.code for save in overtaken if save.response == seen.get((save.code, save.seen)))
