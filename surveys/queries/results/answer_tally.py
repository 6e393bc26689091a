"""What all systems of a release answered to one question, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from surveys.analysis.quantiles import median
from surveys.analysis.variation import Spread, spread
from surveys.queries.results.ranking import answers_in_turn, codes_behind
from surveys.queries.results.released import Released
from surveys.queries.results.system_answers import State, state_of
from surveys.queries.results.systems import Systems
from surveys.questionnaires.responses import EMPTY, Response
from surveys.questionnaires.schema import Question, QuestionKind

STATES = tuple(State)
NO_TEXT, TEXT, TEXT_FOR_OTHERS = range(3)


class AnswerColumn:
    """What every system answered, by place, without its words.

    `figures` has the level, the options, the number or the parts in order; None without an answer.
    `comments` says whether there is a comment, `texts` whether there is a text and whom it is for.
    """

    def __init__(self, size: int) -> None:
        self.states = bytearray(size)
        self.figures: list[Any] = [None] * size
        self.comments = bytearray(size)
        self.texts = bytearray(size)

    def state(self, place: int) -> State:
        """Return what became of the question in the system at a place."""
        return STATES[self.states[place]]


def answer_column(released: Released, question: Question) -> AnswerColumn:
    """Return the answers to a question: one query, or none again. For somebody who sees every system."""
    return released.systems.kept(("answers", question.code), lambda: _read(released, question))


def _read(released: Released, question: Question) -> AnswerColumn:
    systems, content = released.systems, released.instrument.content
    found = AnswerColumn(len(systems))
    states: dict[Any, int] = {}

    def state(*, responded: bool, responses: Mapping[str, Response]) -> int:
        alike = (responded, *((code, _bare(response)) for code, response in responses.items()))
        if alike not in states:
            became = state_of(content, question, responses, responded=responded)
            states[alike] = STATES.index(became)
        return states[alike]

    for place in systems.places:
        responded = systems.columns.signatures[place] is not None
        found.states[place] = state(responded=responded, responses={})
    for key, responses in answers_in_turn(released.head.id, codes_behind(content, [question])):
        place = systems.columns.places[key]
        found.states[place] = state(responded=True, responses=responses)
        response = responses.get(question.code, EMPTY)
        found.figures[place] = _figure(question, response)
        found.comments[place] = bool(response.comment)
        if response.text:
            found.texts[place] = TEXT_FOR_OTHERS if question.consent and response.consent else TEXT
    return found


def _bare(response: Response) -> Response:
    """Return a response without its words, as far as they do not matter to whether it is an answer."""
    return replace(response, text="x" if response.text else "", other="", comment="", reason="", consent=None)


def _figure(question: Question, response: Response) -> Any:
    match question.kind:
        case QuestionKind.MATURITY:
            return response.level
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTI_CHOICE:
            return response.options or None
        case QuestionKind.NUMBER | QuestionKind.PERCENTAGE:
            return response.number
        case QuestionKind.PERCENTAGE_SPLIT:
            parts = dict(response.parts)
            return tuple(parts.get(part.code, Decimal(0)) for part in question.parts) if parts else None
        case QuestionKind.LONG_TEXT:
            return None


@dataclass(frozen=True)
class AnswerTally:
    """The answers of some systems counted: by state, by level and by option; numbers and parts by spread.

    `medians` are those of the parts of a split in their order; they need not add up to the total.
    """

    states: Mapping[State, int]
    levels: Mapping[int, int]
    options: Mapping[str, int]
    numbers: Spread | None
    medians: tuple[Decimal, ...]


@dataclass(frozen=True)
class AnswerGroup:
    """All systems, or those of one region, called `name`, with what they answered."""

    name: str
    systems: Systems
    column: AnswerColumn
    question: Question

    @property
    def of(self) -> int:
        """How many systems there are."""
        return len(self.systems)

    @property
    def answered(self) -> int:
        """How many of them have an answer."""
        return self.tally.states.get(State.ANSWERED, 0)

    @property
    def tally(self) -> AnswerTally:
        """The answers counted."""
        return self.systems.kept(("tally", self.question.code), self._count)

    def given(self, systems: Systems | None = None) -> Systems:
        """Return those that have an answer."""
        return self.where(State.ANSWERED, systems)

    def where(self, state: State, systems: Systems | None = None) -> Systems:
        """Return those with which the question has come to this state, of all or of the given ones."""
        number = STATES.index(state)
        return (systems or self.systems).where(lambda place: self.column.states[place] == number)

    def _count(self) -> AnswerTally:
        figures = [
            figure for place in self.given().places if (figure := self.column.figures[place]) is not None
        ]
        kind = self.question.kind
        chosen = kind in {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTI_CHOICE}
        is_number = kind in {QuestionKind.NUMBER, QuestionKind.PERCENTAGE}
        split: Sequence[tuple[Decimal, ...]] = figures if kind is QuestionKind.PERCENTAGE_SPLIT else ()
        return AnswerTally(
            states=Counter(self.column.state(place) for place in self.systems.places),
            levels=Counter(figures if kind is QuestionKind.MATURITY else ()),
            options=Counter(option for options in figures for option in options) if chosen else Counter(),
            numbers=spread(figures, self.of) if is_number else None,
            medians=tuple(median(values) for values in zip(*split, strict=True)),
        )
