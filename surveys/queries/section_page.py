"""One dimension of an assessment with its questions and what is answered."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404

from surveys.models import Answer, Person
from surveys.queries.answer_words import AnswerWords, answer_in_words, condition_in_words, with_unit
from surveys.queries.assessments import AssessmentState, StoredAnswer, assessment_state, stored_answers
from surveys.queries.completion import Completion, completion
from surveys.queries.flags import Flag, flags
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.last_round import Beside, last_round
from surveys.queries.section_progress import SectionProgress, section_progress
from surveys.questionnaires.responses import EMPTY, asked, is_answered
from surveys.questionnaires.schema import Dimension, Question, Section


@dataclass(frozen=True)
class QuestionEntry:
    """A question with its stored answer, if any. `number` counts within the dimension, from 1.

    `condition` ends the sentence "Answer this only if"; `asked` says whether it holds with what is saved.
    """

    question: Question
    number: int
    stored: StoredAnswer | None
    asked: bool
    condition: str
    suggested_lead: str

    @property
    def total(self) -> str:
        """What the parts of a percentage split must add up to, with its unit."""
        return with_unit(self.question.total or Decimal(), self.question.unit)

    @property
    def answered(self) -> bool:
        """Whether the stored answer wants nothing more."""
        return self.stored is not None and is_answered(self.question, self.stored.response)

    @property
    def words(self) -> AnswerWords:
        """The stored answer as people read it."""
        return answer_in_words(self.question, self.stored.response if self.stored else EMPTY)


@dataclass(frozen=True)
class SectionPart:
    """Questions that stand together under a heading; the name is empty in a dimension without sections."""

    name: str
    about: str
    entries: tuple[QuestionEntry, ...]


@dataclass(frozen=True)
class Neighbour:
    """The section before or after."""

    code: str
    name: str


@dataclass(frozen=True)
class SectionPage:
    """The page of one dimension. `may_answer`: the person may; whether they can now is `state.locked`.

    `others`: how many of its questions are not shown, because they are handed to others. `before` and `flags`
    are what stands beside the questions, by code.
    """

    state: AssessmentState
    code: str
    name: str
    about: str
    rule: str
    parts: tuple[SectionPart, ...]
    completion: Completion
    work: SectionProgress
    others: int
    before: Mapping[str, Beside]
    flags: Mapping[str, tuple[Flag, ...]]
    previous: Neighbour | None
    next: Neighbour | None

    @property
    def may_answer(self) -> bool:
        """Whether the person may answer the questions of this page at all."""
        return self.state.powers.may_answer_in(self.code)

    @property
    def may_mark(self) -> bool:
        """Whether the person may say that the section is done, as long as answers can be changed."""
        return self.state.powers.may_answer_whole(self.code) and not self.state.locked

    @property
    def always_asked(self) -> bool:
        """Whether every question is asked whatever is answered, so that only answering changes the count."""
        return all(entry.question.asked_if is None for entry in self.entries)

    @property
    def entries(self) -> tuple[QuestionEntry, ...]:
        """Every question in order."""
        return tuple(entry for part in self.parts for entry in part.entries)


def section_page(
    person: Person, assessment_id: int, dimension_code: str, *, lost: bool = False
) -> SectionPage:
    """Return the page of a dimension with the questions that the person may read now.

    Raises Http404 when there is no such dimension, or the person may not read the assessment, or nothing in
    the dimension; with `lost` the page is then empty: they may have typed into it while it was theirs.
    """
    state = assessment_state(person, assessment_id)
    asked_by = instrument(state.questionnaire_id)
    dimension = asked_by.dimension(dimension_code)
    shown = frozenset(each.code for each in dimension.all_questions if state.powers.may_read(each.code))
    if not shown and not lost:
        raise Http404
    answers = stored_answers(assessment_id, asked_by)
    responses = {code: answer.response for code, answer in answers.items()}
    previous, following = _neighbours(state, asked_by, dimension)
    return SectionPage(
        state=state,
        code=dimension.code,
        name=dimension.name,
        about=dimension.about,
        rule=asked_by.content.scale.rule if asked_by.content.scale else "",
        parts=tuple(section_parts(asked_by, dimension, answers, shown)),
        completion=completion(asked_by.content, responses, shown),
        work=section_progress(state, asked_by, answers, dimension.code)[dimension.code],
        others=len(dimension.all_questions) - len(shown),
        before=last_round(assessment_id, asked_by),
        flags=flags(
            assessment_id,
            asked_by,
            responses,
            frozenset(code for code, answer in answers.items() if answer.evidenced),
        ),
        previous=previous,
        next=following,
    )


def answer_versions(state: AssessmentState, asked_by: Instrument, dimension: Dimension) -> dict[str, int]:
    """Return the versions of the answers to a dimension's questions by code, 0 for none, in one query.

    Only of the questions whose answers the person may read now.
    """
    rows = Answer.objects.filter(assessment_id=state.id)
    versions = dict(rows.values_list("question_id", "version"))
    return {
        question.code: versions.get(asked_by.question_ids[question.code], 0)
        for question in dimension.all_questions
        if state.powers.may_read(question.code)
    }


def section_parts(
    asked_by: Instrument,
    dimension: Dimension,
    answers: Mapping[str, StoredAnswer],
    shown: Container[str] | None = None,
) -> Iterator[SectionPart]:
    """Yield the questions of a dimension, or those whose codes are `shown`, with the `answers` by code.

    They stand under the headings of its sections; a section of which nothing is shown is left out.
    """
    content = asked_by.content
    on_view = asked(content, {code: answer.response for code, answer in answers.items()})
    leads = {role.code: role.name for role in content.lead_roles}
    numbers = {question.code: number for number, question in enumerate(dimension.all_questions, start=1)}
    for section in dimension.sections or (Section("", "", dimension.questions),):
        questions = [question for question in section.questions if shown is None or question.code in shown]
        if not questions:
            continue
        yield SectionPart(
            name=section.name,
            about=section.about,
            entries=tuple(
                QuestionEntry(
                    question=question,
                    number=numbers[question.code],
                    stored=answers.get(question.code),
                    asked=question.code in on_view,
                    condition=condition_in_words(content, question),
                    suggested_lead=leads.get(question.suggested_lead, ""),
                )
                for question in questions
            ),
        )


def _neighbours(
    state: AssessmentState, asked_by: Instrument, dimension: Dimension
) -> tuple[Neighbour | None, Neighbour | None]:
    """Return the sections before and after; for somebody who answers here, among those they answer."""
    powers = state.powers
    goes_to = powers.may_answer_in if powers.may_answer_in(dimension.code) else powers.may_read_in
    dimensions = tuple(
        other for other in asked_by.content.dimensions if other == dimension or goes_to(other.code)
    )
    place = dimensions.index(dimension)
    around: list[Neighbour | None] = [None, *(Neighbour(each.code, each.name) for each in dimensions), None]
    return around[place], around[place + 2]
