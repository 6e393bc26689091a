"""The questions that are handed to one person: what each is, what is answered, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import Http404

from surveys.models import Person
from surveys.queries.assessments import AssessmentState, Holding, assessment_state, stored_answers
from surveys.queries.completion import Completion, completion
from surveys.queries.instruments import instrument
from surveys.queries.section_progress import SectionProgress, section_progress
from surveys.questionnaires.responses import EMPTY, Response, asked, check, is_answered
from surveys.questionnaires.schema import Dimension
from surveys.wording import counted

_LABELS = {
    "answered": "Answered",
    "not_answered": "Not answered",
    "needs_changing": "Needs changing",
    "not_asked": "Not asked",
}


@dataclass(frozen=True)
class MyQuestion:
    """One of the person's questions. `number` counts within the dimension, from 1."""

    code: str
    dimension_code: str
    number: int
    text: str
    required: bool
    minutes: int
    status: str

    @property
    def status_label(self) -> str:
        """How far the question is, as people read it."""
        return _LABELS[self.status]

    @property
    def hint(self) -> str:
        """Whether it has to be answered, and how long it should take."""
        required = "Required" if self.required else "Optional"
        return f"{required}, about {counted(self.minutes, 'minute')}"


@dataclass(frozen=True)
class MySection:
    """The person's questions in one dimension. `whole`: they hold all of it."""

    code: str
    name: str
    whole: bool
    work: SectionProgress
    completion: Completion
    questions: tuple[MyQuestion, ...]


@dataclass(frozen=True)
class MyQuestions:
    """The page. `next` is the first question that is still to be answered."""

    state: AssessmentState
    sections: tuple[MySection, ...]
    completion: Completion

    @property
    def next(self) -> MyQuestion | None:
        """The first question that is asked and has no valid answer; None when there is none."""
        questions = (question for section in self.sections for question in section.questions)
        open_ones = (each for each in questions if each.status in {"not_answered", "needs_changing"})
        return next(open_ones, None)


def my_questions(person: Person, assessment_id: int) -> MyQuestions:
    """Return what is handed to the person. Raises Http404 for somebody who answers nothing of the assessment.

    A lead may answer every question; here are those that were handed to them by name.
    """
    state = assessment_state(person, assessment_id)
    if not state.powers.answers_anything:
        raise Http404
    asked_by = instrument(state.questionnaire_id)
    content, held = asked_by.content, state.powers.held
    answers = stored_answers(assessment_id, asked_by)
    responses = {code: answer.response for code, answer in answers.items()}
    work = section_progress(state, asked_by, answers)
    on_view = asked(content, responses)
    return MyQuestions(
        state=state,
        sections=tuple(
            MySection(
                code=dimension.code,
                name=dimension.name,
                whole=dimension.code in held.whole,
                work=work[dimension.code],
                completion=completion(content, responses, _mine(dimension, held)),
                questions=tuple(_questions(dimension, _mine(dimension, held), responses, on_view)),
            )
            for dimension in content.dimensions
            if dimension.code in held.sections
        ),
        completion=completion(content, responses, held.questions),
    )


def _mine(dimension: Dimension, held: Holding) -> frozenset[str]:
    return held.questions.intersection(question.code for question in dimension.all_questions)


def _questions(
    dimension: Dimension, mine: frozenset[str], responses: Mapping[str, Response], on_view: frozenset[str]
) -> Iterator[MyQuestion]:
    for number, question in enumerate(dimension.all_questions, start=1):
        if question.code not in mine:
            continue
        response = responses.get(question.code, EMPTY)
        if question.code not in on_view:
            status = "not_asked"
        elif check(question, response):
            status = "needs_changing"
        else:
            status = "answered" if is_answered(question, response) else "not_answered"
        yield MyQuestion(
            code=question.code,
            dimension_code=dimension.code,
            number=number,
            text=question.text,
            required=question.required,
            minutes=question.estimated_minutes,
            status=status,
        )
