"""What somebody answers to a question, whether it is acceptable, and which questions are asked at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from surveys.questionnaires.schema import Question, Questionnaire


@dataclass(frozen=True)
class Response:
    """An answer as it stands, valid or not. Empty in every field means that nothing was answered.

    `level` is a level's value; `options` are option codes; `parts` are (part code, number) pairs; `other` is the text
    beside an "other" option; `consent` answers the consent question (None: not answered); `reason` says why the
    question is `not_applicable`.
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
    """`field` is a field of `Response`, or `parts.CODE` for one part; `message` is for the person who answered."""

    field: str
    message: str


def has_value(question: Question, response: Response) -> bool:
    """Whether the response holds an answer of the question's kind."""
    raise NotImplementedError


def is_answered(question: Question, response: Response) -> bool:
    """Whether nothing more is wanted: there is an answer, or the question is said not to apply."""
    raise NotImplementedError


def check(question: Question, response: Response) -> tuple[ResponseProblem, ...]:
    """Everything that is wrong with a response, in plain English; empty when it may be stored as it is.

    A response without an answer is no problem here (work may be saved half done): see `missing`.
    """
    raise NotImplementedError


def asked(questionnaire: Questionnaire, responses: Mapping[str, Response]) -> frozenset[str]:
    """Codes of the questions that are asked, given the responses by question code."""
    raise NotImplementedError


def missing(questionnaire: Questionnaire, responses: Mapping[str, Response]) -> tuple[str, ...]:
    """Codes of the required questions that are asked and not answered, in order."""
    raise NotImplementedError
