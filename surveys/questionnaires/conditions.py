"""Whether a condition on an earlier answer holds, and whether conditions make sense."""

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from surveys.questionnaires.problems import Problem
from surveys.questionnaires.schema import Comparator, Condition, Question, QuestionKind, Questionnaire

CHOICE_COMPARATORS = frozenset({Comparator.CHOSEN, Comparator.NOT_CHOSEN})
ORDERINGS: Mapping[Comparator, Callable[[Decimal, Decimal], bool]] = {
    Comparator.EQUALS: operator.eq,
    Comparator.AT_LEAST: operator.ge,
    Comparator.AT_MOST: operator.le,
    Comparator.MORE_THAN: operator.gt,
    Comparator.LESS_THAN: operator.lt,
}
CHOICE_KINDS = frozenset({QuestionKind.SINGLE_CHOICE, QuestionKind.MULTI_CHOICE})
MEASURED_KINDS = frozenset({QuestionKind.MATURITY, QuestionKind.NUMBER, QuestionKind.PERCENTAGE})


def holds(condition: Condition, options: tuple[str, ...], measure: Decimal | None) -> bool:
    """Whether an answer meets a condition: its option codes, or its level or number as `measure` (None:
    neither).

    Without an answer nothing holds, `not_chosen` included.
    """
    if condition.comparator in CHOICE_COMPARATORS:
        met = not set(options).isdisjoint(condition.options)
        return bool(options) and met is (condition.comparator is Comparator.CHOSEN)
    if measure is None or condition.value is None:
        return False
    return ORDERINGS[condition.comparator](measure, condition.value)


def condition_problems(questionnaire: Questionnaire, name: str) -> Iterator[Problem]:
    """What is wrong with the conditions: unknown, later or circular references, and comparisons that
    cannot be.
    """
    circle = _circle(questionnaire)
    if circle:
        around = " → ".join(circle)
        yield Problem(
            name,
            circle[0],
            f"asked_if goes round in a circle: {around}.",
            "Take out one of these conditions.",
        )
    places = {question.code: place for place, question in enumerate(questionnaire.questions)}
    for question in questionnaire.questions:
        for condition in question.asked_if.conditions if question.asked_if else ():
            for message, mend in _faults(questionnaire, places, question, condition, circle):
                yield Problem(name, question.code, message, mend)


def _faults(
    questionnaire: Questionnaire,
    places: Mapping[str, int],
    question: Question,
    condition: Condition,
    circle: tuple[str, ...],
) -> Iterator[tuple[str, str]]:
    if condition.question not in places:
        yield (
            f"asked_if names {condition.question}, which is not a question here.",
            "Use the code of an earlier question.",
        )
        return
    later = places[condition.question] >= places[question.code]
    if later and not {question.code, condition.question} <= set(circle):
        yield (
            f"asked_if depends on {condition.question}, which comes later.",
            "Move that question up, or depend on an earlier one.",
        )
    yield from comparison_faults(questionnaire.question(condition.question), condition)


def comparison_faults(
    earlier: Question, condition: Condition, part: str = "asked_if"
) -> Iterator[tuple[str, str]]:
    """What is wrong with a comparison with the answer to `earlier`, and how to mend it.

    `part` is the key of the file that the comparison stands under.
    """
    comparator = condition.comparator
    kinds = CHOICE_KINDS if comparator in CHOICE_COMPARATORS else MEASURED_KINDS
    if earlier.kind not in kinds:
        wanted = [known for known in Comparator if earlier.kind in _kinds_of(known)]
        yield (
            f"{part} compares {earlier.code} with {comparator}, but that is a {earlier.kind} question.",
            f"Use one of: {', '.join(wanted)}." if wanted else "Depend on a choice, a level or a number.",
        )
    elif comparator in CHOICE_COMPARATORS:
        yield from _option_faults(earlier, condition, part)
    elif condition.value is not None:
        yield from _value_faults(earlier, condition.value, part)


def _kinds_of(comparator: Comparator) -> frozenset[QuestionKind]:
    return CHOICE_KINDS if comparator in CHOICE_COMPARATORS else MEASURED_KINDS


def _option_faults(earlier: Question, condition: Condition, part: str) -> Iterator[tuple[str, str]]:
    known = {option.code: option for option in earlier.options}
    if not condition.options:
        yield f"{part} names no option of {earlier.code}.", f"Use some of: {', '.join(known)}."
    for code in condition.options:
        if code not in known:
            yield (
                f"{part} names option {code}, which {earlier.code} does not have.",
                f"Use one of: {', '.join(known)}.",
            )
        elif known[code].not_applicable is not None:
            yield (
                f"{part} names option {code} of {earlier.code}, which means not applicable.",
                "Name other options: a condition never holds when the question does not apply.",
            )


def _value_faults(earlier: Question, value: Decimal, part: str) -> Iterator[tuple[str, str]]:
    levels = [level.value for level in earlier.levels]
    if levels and value not in levels:
        yield (
            f"{part} compares {earlier.code} with {value}, which is not one of its levels.",
            f"Use one of: {', '.join(str(level) for level in levels)}.",
        )
    too_low = earlier.minimum is not None and value < earlier.minimum
    too_high = earlier.maximum is not None and value > earlier.maximum
    if too_low or too_high:
        yield (
            f"{part} compares {earlier.code} with {value}, which it cannot be.",
            "Use a number between its minimum and its maximum.",
        )


def _circle(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The first circle of conditions, its start repeated at its end; empty when there is none."""
    needs = {
        question.code: tuple(condition.question for condition in question.asked_if.conditions)
        for question in questionnaire.questions
        if question.asked_if
    }
    cleared: set[str] = set()
    for start, first_needs in needs.items():
        trail: list[tuple[str, Iterator[str]]] = [(start, iter(first_needs))]
        on_trail = [start]
        while trail:
            code = next(trail[-1][1], None)
            if code is None:
                cleared.add(trail.pop()[0])
                on_trail.pop()
            elif code in on_trail:
                return (*on_trail[on_trail.index(code) :], code)
            elif code in needs and code not in cleared:
                trail.append((code, iter(needs[code])))
                on_trail.append(code)
    return ()
