"""Made-up answers with the structure that real ones have.

A system has a general strength and one in each dimension, so its dimensions go together and still differ;
the first group of the questionnaire's gap is ahead of the second on average; a question has a difficulty; and
from round to round most systems improve a little, and some slip.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Final

from surveys.actions.demonstration.chance import chance
from surveys.actions.demonstration.wording import comment_for, long_text_for, other_for, reason_for
from surveys.questionnaires.responses import EMPTY, Response, asked
from surveys.questionnaires.schema import Dimension, Option, Question, QuestionKind, Questionnaire

MIDDLE: Final = 2.65
AHEAD: Final = 0.25
"""How many levels the gap's first group lies above the middle, and the second below it."""

COMMENTED: Final = 0.22
NOT_APPLICABLE: Final = 0.06
AGREES: Final = 0.7


@dataclass(frozen=True)
class Respondent:
    """One system in one round; rounds count from 0 for the earliest."""

    system: str
    round_number: int
    questionnaire: Questionnaire

    def answers(self, skipped: Collection[str] = ()) -> dict[str, Response]:
        """Return the answers by question code, without the skipped questions and those that are not asked."""
        given = {
            question.code: self._respond(dimension, question)
            for dimension in self.questionnaire.dimensions
            for question in dimension.all_questions
            if question.code not in skipped
        }
        on_view = asked(self.questionnaire, given)
        return {code: given[code] for code in given if code in on_view and given[code] != EMPTY}

    def strength(self, dimension: Dimension, question: Question) -> float:
        """Return how mature the system is in what the question asks, in levels, without bounds."""
        spread = chance("spread", question.code).uniform(0.2, 0.8)
        growth = chance("growth", self.system, dimension.code).gauss(0.14, 0.12)
        return (
            MIDDLE
            + self._group_shift.get(dimension.group, 0.0)
            + chance("dimension", dimension.code).gauss(0, 0.18)
            + 0.42 * chance("system", self.system).gauss(0, 1)
            + 0.36 * chance("system and dimension", self.system, dimension.code).gauss(0, 1)
            + chance("question", question.code).gauss(0, 0.32)
            + chance("system and question", self.system, question.code).gauss(0, spread)
            + chance("round", self.system, question.code, self.round_number).gauss(0, 0.16)
            + growth * self.round_number
        )

    @cached_property
    def _group_shift(self) -> Mapping[str, float]:
        gap = self.questionnaire.gap
        return {gap.first: AHEAD, gap.second: -AHEAD} if gap else {}

    def _respond(self, dimension: Dimension, question: Question) -> Response:
        luck = chance("answer", self.system, question.code)
        strength = self.strength(dimension, question)
        if question.not_applicable is not None and luck.random() < NOT_APPLICABLE:
            return Response(not_applicable=True, reason=reason_for(question, luck))
        response = _ANSWERS[question.kind](self, question, strength)
        now = chance("comment", self.system, question.code, self.round_number)
        if question.kind is not QuestionKind.MATURITY or now.random() >= COMMENTED:
            return response
        place = dimension.all_questions.index(question) + self.round_number
        first = chance("first comment", self.system, dimension.code).randrange(60)
        return replace(response, comment=comment_for(dimension.code, strength, first + place))


def _luck(who: Respondent, question: Question) -> Callable[..., float]:
    """Return a draw between 0 and 1 that is the same in every round, for each part or option."""
    return lambda *names: chance("choice", who.system, question.code, *names).random()


def _level(_who: Respondent, question: Question, strength: float) -> Response:
    values = [level.value for level in question.levels]
    return Response(level=min(values, key=lambda value: abs(value - strength)))


def _one(who: Respondent, question: Question, _strength: float) -> Response:
    draw = _luck(who, question)
    liking = {
        option: draw(option.code) + 0.5 * chance("liking", question.code, option.code).random()
        for option in question.options
        if not option.other
    }
    return Response(options=(max(liking, key=lambda option: liking[option]).code,))


def _several(who: Respondent, question: Question, strength: float) -> Response:
    draw = _luck(who, question)
    likely = min(0.9, max(0.15, 0.12 + 0.16 * strength))
    open_to_all = [option for option in question.options if not option.stands_alone]
    chosen = [option for option in open_to_all if draw(option.code) < _weight(question, option) * likely]
    chosen = sorted(chosen, key=lambda option: draw("rank", option.code))[: question.max_choices]
    if not chosen:
        chosen = [option for option in question.options if option.stands_alone][:1] or open_to_all[:1]
    codes = tuple(option.code for option in question.options if option in chosen)
    other = other_for(question.code, chance("other", who.system, question.code))
    return Response(options=codes, other=other if any(option.other for option in chosen) else "")


def _number(who: Respondent, question: Question, _strength: float) -> Response:
    size = math.exp(chance("size", who.system, question.code).gauss(4.1, 0.5))
    return Response(number=_within(question, size * (1.04**who.round_number)))


def _percentage(_who: Respondent, question: Question, strength: float) -> Response:
    return Response(number=_within(question, 100 / (1 + math.exp(-1.1 * (strength - 1.9)))))


def _split(who: Respondent, question: Question, _strength: float) -> Response:
    total = int(question.total or 0)
    draws = [
        chance("split", who.system, question.code, part.code).gammavariate(
            3 + 4 * chance("share", question.code, part.code).random(), 1
        )
        for part in question.parts
    ]
    exact = [total * draw / sum(draws) for draw in draws]
    shares = [math.floor(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: shares[index] - exact[index])
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    parts = zip(question.parts, shares, strict=True)
    return Response(parts=tuple((part.code, Decimal(share)) for part, share in parts))


def _text(who: Respondent, question: Question, _strength: float) -> Response:
    luck = chance("text", who.system, question.code, who.round_number)
    text = long_text_for(question.code, luck)
    return Response(text=text, consent=luck.random() < AGREES if question.consent else None)


_ANSWERS: Final[Mapping[QuestionKind, Callable[[Respondent, Question, float], Response]]] = {
    QuestionKind.MATURITY: _level,
    QuestionKind.SINGLE_CHOICE: _one,
    QuestionKind.MULTI_CHOICE: _several,
    QuestionKind.NUMBER: _number,
    QuestionKind.PERCENTAGE: _percentage,
    QuestionKind.PERCENTAGE_SPLIT: _split,
    QuestionKind.LONG_TEXT: _text,
}


def _weight(question: Question, option: Option) -> float:
    """Return how often an option is chosen compared with the most common one."""
    return 0.15 if option.other else 0.5 + 0.5 * chance("common", question.code, option.code).random()


def _within(question: Question, value: float) -> Decimal:
    number = Decimal(repr(value)).quantize(Decimal(1).scaleb(-question.decimals))
    low = number if question.minimum is None else question.minimum
    high = number if question.maximum is None else question.maximum
    return min(max(number, low), high)
