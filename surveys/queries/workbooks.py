"""An assessment as it goes into a workbook, and what its answers were when a workbook was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q
from django.http import Http404

from surveys.models import Person
from surveys.models.assessment import VALUE_COLUMNS, response_in
from surveys.queries.assessments import AssessmentState, StoredAnswer, assessment_state, stored_answers
from surveys.queries.instruments import Instrument, instrument
from surveys.questionnaires.responses import EMPTY, Response


@dataclass(frozen=True)
class AssessmentContent:
    """An assessment with every answer by question code, for `reader`. Its moment is `state.now`.

    The reader is shown no more than `readable`: the other answers only tell which questions are asked.
    """

    state: AssessmentState
    instrument: Instrument
    answers: Mapping[str, StoredAnswer]
    reader: str

    @property
    def readable(self) -> frozenset[str]:
        """The codes of the questions whose answers the reader may read now."""
        return frozenset(filter(self.state.powers.may_read, self.instrument.question_ids))


def assessment_content(person: Person, assessment_id: int) -> AssessmentContent:
    """Return an assessment. Raises Http404 when the person may not read it, or no answer of it now."""
    state = assessment_state(person, assessment_id)
    if not state.powers.reads_anything:
        raise Http404
    asked_by = instrument(state.questionnaire_id)
    return AssessmentContent(state, asked_by, stored_answers(assessment_id, asked_by), person.name)


def answerable(person: Person, assessment_id: int) -> AssessmentState:
    """Return where an assessment stands of which the person may answer something.

    Whether anything can be changed now, `state.locked` says. Raises Http404 when they may not answer any.
    """
    return _answerable(assessment_state(person, assessment_id))


def answerable_content(person: Person, assessment_id: int) -> AssessmentContent:
    """Return an assessment of which the person may answer something. Raises Http404 as `answerable` does."""
    content = assessment_content(person, assessment_id)
    _answerable(content.state)
    return content


def _answerable(state: AssessmentState) -> AssessmentState:
    if not state.powers.answers_anything:
        raise Http404
    return state


def answers_as_seen(content: AssessmentContent, seen: Mapping[str, int]) -> dict[str, Response]:
    """Return the response that each question had at the version `seen`, by its code.

    Version 0 is no answer. A version that there never was is left out. At most one query, by the row history.
    """
    found = {code: EMPTY for code, version in seen.items() if version == 0}
    wanted = Q()
    for code, version in seen.items():
        known = content.answers.get(code)
        if known is not None and known.version == version:
            found[code] = known.response
        elif version:
            wanted |= Q(question_id=content.instrument.question_ids[code], version=version)
    if not wanted:
        return found
    events = apps.get_model("surveys", "AnswerEvent").objects.filter(wanted, assessment_id=content.state.id)
    for row in events.values("question_id", "version", *VALUE_COLUMNS):
        found[content.instrument.question_codes[row["question_id"]]] = response_in(row)
    return found
