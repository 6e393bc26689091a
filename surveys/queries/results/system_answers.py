"""What each system answered to one question, as far as a person may read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db.models import Exists, OuterRef

from surveys.models import Assessment, ReleasedAnswer
from surveys.permissions import AnyPerson, Permission, posts, reach, visible_to
from surveys.queries.answer_words import answer_in_words
from surveys.queries.moderations import ModeratedLevel
from surveys.queries.results.answers import without_private_words
from surveys.queries.results.moderated import moderated_on
from surveys.queries.results.ranking import codes_behind
from surveys.queries.results.released import Released
from surveys.queries.results.systems import System, Systems
from surveys.questionnaires.responses import EMPTY, Response, asked, has_value
from surveys.questionnaires.schema import Question, Questionnaire


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
    those who may not read the system's assessment. `moderated` has the levels behind one that was moderated.
    """

    system: System
    state: State
    response: Response
    words: str
    moderated: ModeratedLevel | None = None

    @property
    def comment(self) -> str:
        """What the system said beside its answer."""
        return self.response.comment

    @property
    def shown(self) -> str:
        """The answer, or why there is none."""
        return self.words or self.state.value


@dataclass(frozen=True)
class Reading:
    """Reads the answers to a question as one person may see them."""

    person: AnyPerson
    released: Released
    question: Question

    def answers(self, systems: Sequence[System]) -> tuple[SystemAnswer, ...]:
        """Return what these systems answered, in their order: one query, two where levels were moderated."""
        content = self.released.instrument.content
        member = bool(posts(self.person))
        read_by_person = visible_to(
            self.person, Permission.READ_ASSESSMENT, Assessment.objects.filter(pk=OuterRef("assessment_id"))
        )
        rows = ReleasedAnswer.objects.filter(
            release_id=self.released.head.id,
            assessment_id__in=[system.assessment_id for system in systems],
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
        moderated = moderated_on(self.released, self.question.code)
        return tuple(
            replace(
                self._answer(
                    system, responses.get(system.assessment_id, {}), shown.get(system.assessment_id, EMPTY)
                ),
                moderated=moderated.get(system.assessment_id),
            )
            for system in systems
        )

    def words_seen(self) -> Systems:
        """Return the systems whose comments the person may read: two queries at most, none if all of them."""
        systems = self.released.systems
        if reach(self.person, Permission.READ_ASSESSMENT).everywhere:
            return systems
        head = self.released.head
        assessments = Assessment.objects.filter(round=head.round_id).counted_in(head.id)
        seen = visible_to(self.person, Permission.READ_ASSESSMENT, assessments)
        if seen.count() == len(systems):
            return systems
        return systems.only(seen.values_list("pk", flat=True))

    def _answer(self, system: System, responses: dict[str, Response], shown: Response) -> SystemAnswer:
        content = self.released.instrument.content
        state = state_of(content, self.question, responses, responded=system.responded)
        words = answer_in_words(self.question, shown).value if state is State.ANSWERED else ""
        return SystemAnswer(system, state, shown, words)


def state_of(
    content: Questionnaire, question: Question, responses: Mapping[str, Response], *, responded: bool
) -> State:
    """Return what became of a question in a system with these answers by question code.

    Answers to other questions decide whether it is asked.
    """
    if not responded:
        return State.NOT_SUBMITTED
    if question.code not in asked(content, responses):
        return State.NOT_ASKED
    response = responses.get(question.code, EMPTY)
    if response.not_applicable:
        return State.NOT_APPLICABLE
    return State.ANSWERED if has_value(question, response) else State.NOT_ANSWERED
