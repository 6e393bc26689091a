"""How much of an assessment is answered, counted over the questions that are asked."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from surveys.questionnaires.responses import EMPTY, Response, asked, is_answered
from surveys.questionnaires.schema import Question, Questionnaire
from surveys.wording import counted


def time_in_words(minutes: int) -> str:
    """Return a number of minutes in words, such as "4 hours 10 minutes"; empty for 0."""
    hours, rest = divmod(minutes, 60)
    return " ".join(counted(number, unit) for number, unit in ((hours, "hour"), (rest, "minute")) if number)


@dataclass(frozen=True)
class Completion:
    """`answered` of `asked` questions; of the others, `required_left` are required.

    `minutes_left` is the estimate for the questions that are left.
    """

    answered: int
    asked: int
    required_left: int
    minutes_left: int

    @property
    def left(self) -> int:
        """How many questions have no answer yet."""
        return self.asked - self.answered

    @property
    def time_left(self) -> str:
        """The estimate in words; empty when nothing is left."""
        return time_in_words(self.minutes_left)

    @property
    def complete(self) -> bool:
        """Whether every question that is asked is answered."""
        return self.left == 0


def _count(questions: Iterable[Question], responses: Mapping[str, Response]) -> Completion:
    shown = list(questions)
    left = [question for question in shown if not is_answered(question, responses.get(question.code, EMPTY))]
    return Completion(
        answered=len(shown) - len(left),
        asked=len(shown),
        required_left=sum(question.required for question in left),
        minutes_left=sum(question.estimated_minutes for question in left),
    )


def dimension_completion(content: Questionnaire, responses: Mapping[str, Response]) -> dict[str, Completion]:
    """Return the completion of each dimension by its code, in the questionnaire's order."""
    on_view = asked(content, responses)
    return {
        dimension.code: _count(
            (question for question in dimension.all_questions if question.code in on_view), responses
        )
        for dimension in content.dimensions
    }


def completion(
    content: Questionnaire, responses: Mapping[str, Response], of: Container[str] | None = None
) -> Completion:
    """Return the completion of the whole assessment, or of the questions whose codes are in `of`."""
    on_view = asked(content, responses)
    included = (
        question
        for question in content.questions
        if question.code in on_view and (of is None or question.code in of)
    )
    return _count(included, responses)
