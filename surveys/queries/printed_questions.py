"""Questions to be printed: of an assessment, with or without what is answered, and of a questionnaire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import Http404

from surveys.models import Assessment, Person, Questionnaire
from surveys.permissions import Permission, has_anywhere, visible_to
from surveys.queries.assessments import AssessmentState, StoredAnswer, assessment_state, stored_answers
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.question_words import answer_wanted
from surveys.queries.section_page import QuestionEntry, SectionPart, section_parts


@dataclass(frozen=True)
class PrintedQuestion:
    """A question with room to answer it. `wanted` says how, in a sentence."""

    entry: QuestionEntry
    wanted: str


@dataclass(frozen=True)
class PrintedPart:
    """Questions under a heading; the name is empty in a dimension without sections."""

    name: str
    about: str
    questions: tuple[PrintedQuestion, ...]


@dataclass(frozen=True)
class PrintedDimension:
    """One dimension, which begins on a new sheet of paper."""

    code: str
    name: str
    about: str
    minutes: int
    parts: tuple[PrintedPart, ...]


@dataclass(frozen=True)
class QuestionSet:
    """Every question of a questionnaire to print. `rule` says how a level is chosen."""

    title: str
    version: str
    about: str
    rule: str
    questions: int
    dimensions: tuple[PrintedDimension, ...]


@dataclass(frozen=True)
class AssessmentQuestionSet:
    """The questions of an assessment. `with_answers`: what is answered stands in place of the empty boxes."""

    state: AssessmentState
    set: QuestionSet
    with_answers: bool


def assessment_question_set(
    person: Person, assessment_id: int, *, with_answers: bool
) -> AssessmentQuestionSet:
    """Return the questions of an assessment; with answers, those whose answers the person may read now.

    Raises Http404 when the person may not read the assessment.
    """
    state = assessment_state(person, assessment_id)
    asked_by = instrument(state.questionnaire_id)
    answers = stored_answers(assessment_id, asked_by) if with_answers else {}
    shown = frozenset(
        code for code in asked_by.question_ids if state.powers.may_read(code) or not with_answers
    )
    return AssessmentQuestionSet(state, _question_set(asked_by, answers, shown), with_answers)


def questionnaire_question_set(person: Person, questionnaire_id: int) -> QuestionSet:
    """Return the questions of a published questionnaire.

    Raises Http404 when there is none, or the person neither manages questionnaires nor may read an assessment
    that answers this one.
    """
    if not has_anywhere(person, Permission.MANAGE):
        readable = visible_to(person, Permission.READ_ASSESSMENT, Assessment.objects.all())
        if not readable.filter(round__questionnaire_id=questionnaire_id).exists():
            raise Http404
    try:
        asked_by = instrument(questionnaire_id)
        return _question_set(asked_by, {}, frozenset(asked_by.question_ids))
    except Questionnaire.DoesNotExist as error:
        raise Http404 from error


def _question_set(
    asked_by: Instrument, answers: Mapping[str, StoredAnswer], shown: frozenset[str]
) -> QuestionSet:
    content = asked_by.content
    return QuestionSet(
        title=content.title,
        version=content.version,
        about=content.about,
        rule=content.scale.rule if content.scale else "",
        questions=len(shown),
        dimensions=tuple(
            PrintedDimension(
                code=dimension.code,
                name=dimension.name,
                about=dimension.about,
                minutes=dimension.estimated_minutes,
                parts=tuple(_parts(section_parts(asked_by, dimension, answers, shown))),
            )
            for dimension in content.dimensions
            if any(question.code in shown for question in dimension.all_questions)
        ),
    )


def _parts(parts: Iterator[SectionPart]) -> Iterator[PrintedPart]:
    for part in parts:
        questions = tuple(PrintedQuestion(entry, answer_wanted(entry.question)) for entry in part.entries)
        yield PrintedPart(part.name, part.about, questions)
