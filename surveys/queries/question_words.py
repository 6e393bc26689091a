"""What a question takes for an answer, as people read it."""

from __future__ import annotations

from decimal import Decimal

from surveys.queries.answer_words import number_in_words, with_unit
from surveys.questionnaires.schema import Question, QuestionKind
from surveys.wording import counted


def answer_wanted(question: Question) -> str:
    """Return how a question is answered, in sentences such as "Enter a number of WTE from 0 to 2,000, with at
    most 1 decimal place."
    """
    match question.kind:
        case QuestionKind.MATURITY:
            return "Choose one level."
        case QuestionKind.SINGLE_CHOICE:
            return "Choose one option."
        case QuestionKind.MULTI_CHOICE:
            most = question.max_choices
            wanted = "every option that applies" if most is None else f"at most {counted(most, 'option')}"
            return f"Choose {wanted}."
        case QuestionKind.NUMBER | QuestionKind.PERCENTAGE:
            return f"Enter a {_noun(question)}{_range(question)}{_decimals(question)}."
        case QuestionKind.PERCENTAGE_SPLIT:
            total = with_unit(question.total or Decimal(), question.unit)
            return f"Enter a number for each part. Together they make {total}."
        case QuestionKind.LONG_TEXT:
            words = question.max_words
            return "Write a text." if words is None else f"Write at most {counted(words, 'word')}."


def _noun(question: Question) -> str:
    if question.kind is QuestionKind.PERCENTAGE or question.unit == "%":
        return "percentage"
    return f"number of {question.unit}" if question.unit else "number"


def _range(question: Question) -> str:
    low, high = question.minimum, question.maximum
    if low is not None and high is not None:
        return f" from {number_in_words(low)} to {number_in_words(high)}"
    if low is not None:
        return f" of {number_in_words(low)} or more"
    return "" if high is None else f" of {number_in_words(high)} or less"


def _decimals(question: Question) -> str:
    if question.decimals == 0:
        return ", without decimals"
    return f", with at most {counted(question.decimals, 'decimal place')}"
