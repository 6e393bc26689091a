"""What each system answered to one question, as far as a person may read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef

from surveys.models import Assessment, ReleasedAnswer
from surveys.permissions import AnyPerson, Permission, posts, visible_to
from surveys.queries.answer_words import answer_in_words
from surveys.queries.results.answers import without_private_words
from surveys.queries.results.ranking import codes_behind
from surveys.queries.results.released import Released, System
from surveys.questionnaires.responses import EMPTY, Response, asked, has_value
from surveys.questionnaires.schema import Question


class State(StrEnum):
    """What became of a question in one system, in words."""

    ANSWERED = "answered"
    NOT_APPLICABLE = "not applicable"
    NOT_ANSWERED = "not answered"
    NOT_ASKED = "not asked"
    NOT_SUBMITTED = "not submitted"


@dataclass(frozen=True)
class SystemAnswer:
    """One system's answer, without the words that the reader may not read.

    `words` is the answer as people read it, a line for each part; empty without one. `comment` is empty for
    those who may not read the system's assessment.
    """

    system: System
    state: State
    response: Response
    words: str

    @property
    def comment(self) -> str:
        """What the system said beside its answer."""
        return self.response.comment

    @property
    def shown(self) -> str:
        """The answer, or why there is none."""
        return self.words or self.state.value


@dataclass(frozen=True)
class AnswerGroup:
    """The answers of all systems, or of those of one region, called `name`."""

    name: str
    answers: tuple[SystemAnswer, ...]

    @property
    def given(self) -> tuple[SystemAnswer, ...]:
        """Those that have an answer."""
        return tuple(each for each in self.answers if each.state is State.ANSWERED)

    @property
    def of(self) -> int:
        """How many systems there are."""
        return len(self.answers)


def system_answers(person: AnyPerson, released: Released, question: Question) -> tuple[SystemAnswer, ...]:
    """Return what every system that the person sees answered to a question, in their order: one query."""
    return _Reading(person, released, question).answers()


@dataclass(frozen=True)
class _Reading:
    """Reads the answers to a question as one person may see them."""

    person: AnyPerson
    released: Released
    question: Question

    def answers(self) -> tuple[SystemAnswer, ...]:
        content = self.released.instrument.content
        member = bool(posts(self.person))
        read_by_person = visible_to(
            self.person, Permission.READ_ASSESSMENT, Assessment.objects.filter(pk=OuterRef("assessment_id"))
        )
        rows = ReleasedAnswer.objects.filter(
            release_id=self.released.head.id,
            assessment_id__in=[system.assessment_id for system in self.released.systems],
            question__code__in=codes_behind(content, [self.question]),
        ).annotate(sees_text=Exists(read_by_person))
        responses: dict[int, dict[str, Response]] = {}
        shown: dict[int, Response] = {}
        for row in rows.select_related("question"):
            responses.setdefault(row.assessment_id, {})[row.question.code] = row.response
            if row.question.code == self.question.code:
                shown[row.assessment_id] = without_private_words(
                    self.question, row.response, sees_text=row.sees_text, member=member
                )
        return tuple(
            self._answer(
                system, responses.get(system.assessment_id, {}), shown.get(system.assessment_id, EMPTY)
            )
            for system in self.released.systems
        )

    def _answer(self, system: System, responses: dict[str, Response], shown: Response) -> SystemAnswer:
        state = self._state(system, responses)
        words = answer_in_words(self.question, shown).value if state is State.ANSWERED else ""
        return SystemAnswer(system, state, shown, words)

    def _state(self, system: System, responses: dict[str, Response]) -> State:
        if not system.responded:
            return State.NOT_SUBMITTED
        if self.question.code not in asked(self.released.instrument.content, responses):
            return State.NOT_ASKED
        response = responses.get(self.question.code, EMPTY)
        if response.not_applicable:
            return State.NOT_APPLICABLE
        return State.ANSWERED if has_value(self.question, response) else State.NOT_ANSWERED
