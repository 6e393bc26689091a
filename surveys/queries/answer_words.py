"""An answer, and the condition under which a question is asked, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from surveys.questionnaires.responses import Response, has_value
from surveys.questionnaires.schema import (
    Comparator,
    Condition,
    Match,
    Question,
    QuestionKind,
    Questionnaire,
)


@dataclass(frozen=True)
class AnswerWords:
    """`value` is empty when there is no answer; its lines are parts of the answer. `comment` may be empty."""

    value: str
    comment: str


def number_in_words(number: Decimal) -> str:
    """Return a number with commas and without needless noughts, such as "1,250.5"."""
    return f"{number:,.4f}".rstrip("0").rstrip(".")


def with_unit(number: Decimal, unit: str) -> str:
    """Return a number with its unit: "45%", "12.5 WTE"."""
    shown = number_in_words(number)
    return f"{shown}{unit}" if unit in {"", "%"} else f"{shown} {unit}"


def answer_in_words(question: Question, response: Response) -> AnswerWords:
    """Return what was answered to a question; codes that the question no longer has are shown as they are."""
    return AnswerWords(_value(question, response), response.comment)


def _value(question: Question, response: Response) -> str:
    if response.not_applicable:
        return f"Not applicable: {response.reason}"
    if not has_value(question, response):
        return ""
    match question.kind:
        case QuestionKind.MATURITY:
            names = {level.value: level.name for level in question.levels}
            return f"{response.level} {names.get(response.level or 0, '')}".strip()
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTI_CHOICE:
            return "\n".join(_option(question, code, response.other) for code in response.options)
        case QuestionKind.NUMBER | QuestionKind.PERCENTAGE:
            return with_unit(response.number or Decimal(), question.unit)
        case QuestionKind.PERCENTAGE_SPLIT:
            labels = {part.code: part.label for part in question.parts}
            return "\n".join(
                f"{labels.get(code, code)}: {with_unit(value, question.unit)}"
                for code, value in response.parts
            )
        case QuestionKind.LONG_TEXT:
            agreed = {None: "", True: f"\n{question.consent} Yes", False: f"\n{question.consent} No"}
            return response.text + agreed[response.consent]


def _option(question: Question, code: str, other: str) -> str:
    option = next((option for option in question.options if option.code == code), None)
    if option is None:
        return code
    return f"{option.label}: {other}" if option.other and other else option.label


_COMPARED: Mapping[Comparator, str] = MappingProxyType(
    {
        Comparator.EQUALS: "is",
        Comparator.AT_LEAST: "is at least",
        Comparator.AT_MOST: "is at most",
        Comparator.MORE_THAN: "is more than",
        Comparator.LESS_THAN: "is less than",
    }
)


def condition_in_words(content: Questionnaire, question: Question) -> str:
    """Return when a question is asked, as the end of a sentence that starts "Answer this only if";
    empty for a question that is always asked.
    """
    if question.asked_if is None:
        return ""
    joint = " and " if question.asked_if.match is Match.ALL else " or "
    return joint.join(_condition(content, condition) for condition in question.asked_if.conditions)


def _condition(content: Questionnaire, condition: Condition) -> str:
    earlier = content.question(condition.question)
    answer = f"the answer to “{earlier.text}”"
    if condition.value is not None:
        return f"{answer} {_COMPARED[condition.comparator]} {with_unit(condition.value, earlier.unit)}"
    labels = " or ".join(f"“{earlier.option(code).label}”" for code in condition.options)
    includes = "includes" if earlier.kind is QuestionKind.MULTI_CHOICE else "is"
    if condition.comparator is Comparator.NOT_CHOSEN:
        includes = "does not include" if earlier.kind is QuestionKind.MULTI_CHOICE else "is not"
    return f"{answer} {includes} {labels}"
