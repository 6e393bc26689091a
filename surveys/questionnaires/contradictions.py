"""Answers that do not fit together: which they are, and whether their declarations make sense."""

from collections.abc import Iterator, Mapping

from surveys.questionnaires.conditions import comparison_faults
from surveys.questionnaires.problems import Problem
from surveys.questionnaires.responses import Response, asked, meets
from surveys.questionnaires.schema import Contradiction, Question, QuestionKind, Questionnaire


def level_in_doubt(questionnaire: Questionnaire, contradiction: Contradiction) -> Question:
    """The maturity question that is named first: the one whose level is looked at again."""
    named = (questionnaire.question(condition.question) for condition in contradiction.conditions)
    return next(question for question in named if question.kind is QuestionKind.MATURITY)


def contradictions_among(
    questionnaire: Questionnaire, responses: Mapping[str, Response]
) -> tuple[Contradiction, ...]:
    """The contradictions whose conditions all hold for the responses by question code, in their order.

    An answer that is missing, hidden or not applicable contradicts nothing.
    """
    on_view = asked(questionnaire, responses) if questionnaire.contradictions else frozenset()
    return tuple(
        contradiction
        for contradiction in questionnaire.contradictions
        if all(meets(each, questionnaire, responses, on_view) for each in contradiction.conditions)
    )


def contradiction_problems(questionnaire: Questionnaire, name: str) -> Iterator[Problem]:
    """What is wrong with the contradictions: unknown questions, comparisons that cannot be, no level."""
    for contradiction in questionnaire.contradictions:
        for message, mend in _faults(questionnaire, contradiction):
            yield Problem(name, contradiction.code, message, mend)


def _faults(questionnaire: Questionnaire, contradiction: Contradiction) -> Iterator[tuple[str, str]]:
    named = dict.fromkeys(condition.question for condition in contradiction.conditions)
    for code in named:
        if code not in questionnaire.questions_by_code:
            yield (
                f"The contradiction names {code}, which is not a question here.",
                "Use the code of a question of this questionnaire.",
            )
    known = [questionnaire.question(code) for code in named if code in questionnaire.questions_by_code]
    if len(known) == len(named):
        if not any(question.kind is QuestionKind.MATURITY for question in known):
            yield (
                "The contradiction names no maturity question, so there is no level to look at.",
                "Name the maturity question whose level does not fit.",
            )
        if len(named) == 1:
            yield (
                f"The contradiction is about {known[0].code} alone.",
                "Name the other question whose answer does not fit with it.",
            )
    for condition in contradiction.conditions:
        if condition.question in questionnaire.questions_by_code:
            question = questionnaire.question(condition.question)
            yield from comparison_faults(question, condition, "The contradiction")
