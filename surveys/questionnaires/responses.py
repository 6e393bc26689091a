"""What somebody answers to a question, whether it is acceptable, and which questions are asked at all."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from surveys.questionnaires.conditions import holds
from surveys.questionnaires.document import decimal_places, is_storable
from surveys.questionnaires.schema import AskedIf, Condition, Match, Question, QuestionKind, Questionnaire
from surveys.wording import counted

COMMENT_LENGTH = 5_000
REASON_LENGTH = 1_000
OTHER_LENGTH = 300
TEXT_LENGTH = 20_000
TOO_LARGE = Decimal(10) ** 11
"""Numbers of this size or more are refused whatever the question allows: nothing that is asked comes near."""

NONE = Decimal(0)

FIELD_BY_KIND: Mapping[QuestionKind, str] = {
    QuestionKind.MATURITY: "level",
    QuestionKind.SINGLE_CHOICE: "options",
    QuestionKind.MULTI_CHOICE: "options",
    QuestionKind.NUMBER: "number",
    QuestionKind.PERCENTAGE: "number",
    QuestionKind.PERCENTAGE_SPLIT: "parts",
    QuestionKind.LONG_TEXT: "text",
}
"""The field of a response that answers each kind of question."""


@dataclass(frozen=True)
class Response:
    """An answer as it stands, valid or not. Empty in every field means that nothing was answered.

    `level` is a level's value; `options` are option codes; `parts` are (part code, number) pairs; `other` is
    the text beside an "other" option; `consent` answers the consent question (None: not answered); `reason`
    says why the question is `not_applicable`.
    """

    level: int | None = None
    options: tuple[str, ...] = ()
    number: Decimal | None = None
    parts: tuple[tuple[str, Decimal], ...] = ()
    text: str = ""
    other: str = ""
    consent: bool | None = None
    comment: str = ""
    not_applicable: bool = False
    reason: str = ""


@dataclass(frozen=True)
class ResponseProblem:
    """`field` is a field of `Response`, or `parts.CODE` for one part; `message` is for whoever answered."""

    field: str
    message: str


EMPTY = Response()
Faults = Iterator[ResponseProblem]


def has_value(question: Question, response: Response) -> bool:
    """Whether the response holds an answer of the question's kind."""
    value = getattr(response, FIELD_BY_KIND[question.kind])
    return bool(value.strip()) if isinstance(value, str) else value not in {None, ()}


def is_answered(question: Question, response: Response) -> bool:
    """Whether nothing more is wanted: there is an answer, or the question is said not to apply."""
    return response.not_applicable or has_value(question, response)


def is_not_applicable(question: Question, response: Response) -> bool:
    """Whether the question is said not to apply, by the answer itself or by an option that means so."""
    return response.not_applicable or any(
        option.not_applicable is not None for option in question.options if option.code in response.options
    )


def check(question: Question, response: Response) -> tuple[ResponseProblem, ...]:
    """Everything that is wrong with a response, in plain English; empty when it may be stored as it is.

    A response without an answer is no problem here (work may be saved half done): see `missing`.
    """
    return tuple(
        chain(
            _applicability(question, response),
            _stray_values(question, response),
            _value_of_its_kind(question, response),
            _comment(question, response),
        )
    )


def asked(questionnaire: Questionnaire, responses: Mapping[str, Response]) -> frozenset[str]:
    """Codes of the questions that are asked, given the responses by question code."""
    found: set[str] = set()
    for question in questionnaire.questions:
        if question.asked_if is None or _meets(question.asked_if, questionnaire, responses, found):
            found.add(question.code)
    return frozenset(found)


def meets(
    condition: Condition,
    questionnaire: Questionnaire,
    responses: Mapping[str, Response],
    on_view: Set[str],
) -> bool:
    """Whether the answer that a condition is about is one that counts, and meets it.

    `on_view` are the codes of the questions that are asked; a hidden answer, or one that the question does
    not apply, meets nothing.
    """
    question = questionnaire.question(condition.question)
    response = responses.get(condition.question, EMPTY)
    counts = question.code in on_view and not is_not_applicable(question, response)
    return counts and holds(condition, response.options, _measure(response))


def missing(questionnaire: Questionnaire, responses: Mapping[str, Response]) -> tuple[str, ...]:
    """Codes of the required questions that are asked and not answered, in order."""
    on_view = asked(questionnaire, responses)
    return tuple(
        question.code
        for question in questionnaire.questions
        if question.required
        and question.code in on_view
        and not is_answered(question, responses.get(question.code, EMPTY))
    )


def word_count(text: str) -> int:
    """How many words a text has: runs of anything but white space, as the counter on the page counts them."""
    return len(text.split())


def _meets(
    asked_if: AskedIf,
    questionnaire: Questionnaire,
    responses: Mapping[str, Response],
    asked_before: set[str],
) -> bool:
    met = [meets(condition, questionnaire, responses, asked_before) for condition in asked_if.conditions]
    return all(met) if asked_if.match is Match.ALL else any(met)


def _measure(response: Response) -> Decimal | None:
    number = response.number if response.level is None else Decimal(response.level)
    return number if number is not None and number.is_finite() else None


def _applicability(question: Question, response: Response) -> Faults:
    if not response.not_applicable:
        if response.reason:
            yield ResponseProblem("reason", "Choose “not applicable”, or clear the reason for it")
        return
    if question.not_applicable is None:
        yield ResponseProblem("not_applicable", "This question cannot be marked “not applicable”")
    if any(_given(response, field) for field in {*FIELD_BY_KIND.values(), "other"}):
        yield ResponseProblem("not_applicable", "Give an answer or choose “not applicable”, not both")
    if not response.reason.strip():
        yield ResponseProblem("reason", "Say why this question does not apply")
    yield from _written("reason", response.reason, REASON_LENGTH)


def _given(response: Response, field: str) -> bool:
    return bool(getattr(response, field) != getattr(EMPTY, field))


def _stray_values(question: Question, response: Response) -> Faults:
    own = FIELD_BY_KIND[question.kind]
    for field in ("level", "options", "number", "parts", "text"):
        if field != own and _given(response, field):
            yield ResponseProblem(field, f"This question is not answered with {NOUNS[field]}")
    if response.other and not question.options:
        yield ResponseProblem("other", "This question has no option that takes text")
    if response.consent is not None and not question.consent:
        yield ResponseProblem("consent", "This question does not ask for agreement")


NOUNS = {"level": "a level", "options": "options", "number": "a number", "parts": "parts", "text": "text"}


def _value_of_its_kind(question: Question, response: Response) -> Faults:
    match question.kind:
        case QuestionKind.MATURITY:
            if response.level is not None and response.level not in {
                level.value for level in question.levels
            }:
                yield ResponseProblem("level", "Choose one of the levels shown")
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTI_CHOICE:
            yield from _chosen(question, response)
        case QuestionKind.NUMBER | QuestionKind.PERCENTAGE:
            if response.number is not None:
                yield from _number(question, response.number)
        case QuestionKind.PERCENTAGE_SPLIT:
            yield from _split(question, response.parts)
        case QuestionKind.LONG_TEXT:
            yield from _written("text", response.text, TEXT_LENGTH)
            words = word_count(response.text)
            if question.max_words is not None and words > question.max_words:
                limit = counted(question.max_words, "word")
                yield ResponseProblem("text", f"Use {limit} or fewer. You used {words:,}.")


def _chosen(question: Question, response: Response) -> Faults:
    known = {option.code: option for option in question.options}
    if not set(response.options) <= set(known) or len(set(response.options)) < len(response.options):
        yield ResponseProblem("options", "Choose from the options shown")
        return
    chosen = [known[code] for code in response.options]
    if len(chosen) > 1:
        alone = next((option for option in chosen if option.stands_alone), None)
        if question.kind is QuestionKind.SINGLE_CHOICE:
            yield ResponseProblem("options", "Choose one option only")
        elif alone:
            yield ResponseProblem("options", f"Choose “{alone.label}” alone, or take it out of your choice")
        elif question.max_choices is not None and len(chosen) > question.max_choices:
            limit = counted(question.max_choices, "option")
            yield ResponseProblem("options", f"Choose {limit} or fewer. You chose {len(chosen)}.")
    yield from _other(question, response)


def _other(question: Question, response: Response) -> Faults:
    other = next((option for option in question.options if option.other), None)
    if other is None:
        if response.other:
            yield ResponseProblem("other", "This question has no option that takes text")
        return
    if other.code in response.options and not response.other.strip():
        yield ResponseProblem("other", f"Say what you mean by “{other.label}”")
    elif other.code not in response.options and response.other:
        yield ResponseProblem("other", f"Choose “{other.label}”, or clear the text beside it")
    yield from _written("other", response.other, OTHER_LENGTH)


def _number(question: Question, number: Decimal) -> Faults:
    noun = "percentage" if question.kind is QuestionKind.PERCENTAGE else "number"
    if not number.is_finite() or abs(number) >= TOO_LARGE:
        yield ResponseProblem("number", f"Enter a {noun}{_range(question.minimum, question.maximum)}")
        return
    low, high = question.minimum, question.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        yield ResponseProblem("number", f"Enter a {noun}{_range(low, high)}")
    elif decimal_places(number) > question.decimals:
        yield ResponseProblem("number", _decimals_message(question.decimals, noun))


def _range(low: Decimal | None, high: Decimal | None) -> str:
    if low is not None and high is not None:
        return f" between {_shown(low)} and {_shown(high)}"
    if low is not None:
        return f" that is {_shown(low)} or more"
    if high is not None:
        return f" that is {_shown(high)} or less"
    return f" below {_shown(TOO_LARGE)}"


def _decimals_message(decimals: int, noun: str) -> str:
    if decimals == 0:
        return f"Enter a whole {noun}"
    return f"Enter a {noun} with no more than {counted(decimals, 'decimal place')}"


def _split(question: Question, parts: tuple[tuple[str, Decimal], ...]) -> Faults:
    known = {part.code: part for part in question.parts}
    codes = [code for code, _ in parts]
    if not set(codes) <= set(known) or len(set(codes)) < len(codes):
        yield ResponseProblem("parts", "Answer each of the parts shown, once")
        return
    total = NONE if question.total is None else question.total
    faults = [fault for code, number in parts for fault in _part(question, code, number, total)]
    yield from faults
    if parts and not faults:
        added = sum((number for _, number in parts), NONE)
        if added != total:
            yield ResponseProblem(
                "parts", f"The parts must add up to {_shown(total)}. They add up to {_shown(added)}."
            )


def _part(question: Question, code: str, number: Decimal, total: Decimal) -> Faults:
    field = f"parts.{code}"
    if not number.is_finite() or not NONE <= number <= total:
        yield ResponseProblem(field, f"Enter a number{_range(NONE, total)}")
    elif decimal_places(number) > question.decimals:
        yield ResponseProblem(field, _decimals_message(question.decimals, "number"))


def _comment(question: Question, response: Response) -> Faults:
    if response.comment and not question.comment_allowed:
        yield ResponseProblem("comment", "This question takes no comment")
    yield from _written("comment", response.comment, COMMENT_LENGTH)


def _written(field: str, text: str, limit: int) -> Faults:
    if not is_storable(text):
        yield ResponseProblem(
            field, "The text has characters that cannot be stored. Paste it as plain text, or type it."
        )
    if len(text) > limit:
        yield ResponseProblem(field, f"Use {limit:,} characters or fewer. You used {len(text):,}.")


def _shown(number: Decimal) -> str:
    return f"{number.normalize():,f}"
