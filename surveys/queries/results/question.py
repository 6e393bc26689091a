"""All systems on one question: how the answers are distributed, how far systems agree, who said what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from django.http import Http404

from surveys.analysis.quantiles import median
from surveys.analysis.variation import Spread, spread
from surveys.permissions import AnyPerson, Permission, has_anywhere
from surveys.queries.answer_words import condition_in_words
from surveys.queries.results.agreement import QuestionAgreement, question_agreement
from surveys.queries.results.measures import is_scored
from surveys.queries.results.question_findings import (
    level_finding,
    number_finding,
    option_finding,
    split_finding,
    text_finding,
)
from surveys.queries.results.released import Released, ReleaseHead, System, read
from surveys.queries.results.selection import EVERYTHING, Choice, Selection, in_region, regions_of
from surveys.queries.results.system_answers import AnswerGroup, State, SystemAnswer, system_answers
from surveys.questionnaires.schema import Dimension, Question, QuestionKind
from surveys.wording import counted, listed

ALL_SYSTEMS = "All systems"


@dataclass(frozen=True)
class LevelChosen:
    """A level and the systems that chose it, by region and name."""

    level: str
    systems: tuple[System, ...]


@dataclass(frozen=True)
class OptionChosen:
    """An option, how many systems chose it, and how many in each region, in the order of the regions."""

    code: str
    label: str
    count: int
    by_region: tuple[int, ...]


@dataclass(frozen=True)
class NumberSpread:
    """The numbers of a group of systems, `of` in all: by system, and their spread."""

    name: str
    of: int
    values: tuple[tuple[System, Decimal], ...]
    spread: Spread | None


@dataclass(frozen=True)
class SystemSplit:
    """How one system split the total: a value for each part of the question in order."""

    system: System
    values: tuple[Decimal, ...]


@dataclass(frozen=True)
class QuestionResults:
    """One question of a release. Unless `released.whole` the person sees only some systems.

    `groups` are all systems and then each region; they are empty for such a person, because they say
    something of every system. `answers` are those of the systems that the person sees, in the region asked
    for. `names_systems`: whether the reader is told which system chose which level here.
    """

    released: Released
    dimension: Dimension
    question: Question
    condition: str
    every_answer: tuple[SystemAnswer, ...]
    selection: Selection
    names_systems: bool

    @property
    def head(self) -> ReleaseHead:
        """The release."""
        return self.released.head

    @property
    def dimension_scored(self) -> bool:
        """Whether the dimension of the question has a page of its own."""
        return is_scored(self.dimension)

    @property
    def neighbours(self) -> tuple[Question | None, Question | None]:
        """The question before and the question after in the dimension, where there is one."""
        questions = self.dimension.all_questions
        place = questions.index(self.question)
        return (
            questions[place - 1] if place else None,
            questions[place + 1] if place + 1 < len(questions) else None,
        )

    @property
    def regions(self) -> tuple[Choice, ...]:
        """The regions of the systems that the person sees."""
        return regions_of(self.released.systems)

    @cached_property
    def answers(self) -> tuple[SystemAnswer, ...]:
        """The answers of the region asked for."""
        return tuple(each for each in self.every_answer if in_region(each.system, self.selection))

    @cached_property
    def national(self) -> AnswerGroup:
        """The answers of every system that the person sees."""
        return AnswerGroup(ALL_SYSTEMS, self.every_answer)

    @cached_property
    def groups(self) -> tuple[AnswerGroup, ...]:
        """All systems, then each region or the one asked for."""
        if not self.released.whole:
            return ()
        chosen = [each for each in self.regions if self.selection.region in {"", each.code}]
        return (self.national, *(self._region(each) for each in chosen))

    @cached_property
    def agreements(self) -> tuple[tuple[str, QuestionAgreement], ...]:
        """For each group its name, how many systems chose each level, and how far they agree."""
        if self.question.kind is not QuestionKind.MATURITY:
            return ()
        return tuple((group.name, _agreement(self.question, group)) for group in self.groups)

    @cached_property
    def chosen(self) -> tuple[LevelChosen, ...]:
        """Who chose each level, highest first; only where systems are named."""
        if not self.names_systems or self.question.kind is not QuestionKind.MATURITY:
            return ()
        return tuple(
            LevelChosen(
                f"{level.value} {level.name}",
                tuple(each.system for each in self.answers if each.response.level == level.value),
            )
            for level in sorted(self.question.levels, key=lambda level: -level.value)
        )

    @cached_property
    def options(self) -> tuple[OptionChosen, ...]:
        """The options, the most chosen first; those chosen equally often in the questionnaire's order."""
        if not self.groups:
            return ()
        national, *regions = [_options_chosen(group) for group in self.groups]
        found = [
            OptionChosen(
                option.code,
                option.label,
                national[option.code],
                tuple(region[option.code] for region in regions),
            )
            for option in self.question.options
        ]
        return tuple(sorted(found, key=lambda option: -option.count))

    @cached_property
    def numbers(self) -> tuple[NumberSpread, ...]:
        """The numbers of each group."""
        if self.question.kind not in {QuestionKind.NUMBER, QuestionKind.PERCENTAGE}:
            return ()
        return tuple(_numbers(group) for group in self.groups)

    @cached_property
    def splits(self) -> tuple[SystemSplit, ...]:
        """How each system of the region asked for split the total; only where every system is seen."""
        if self.question.kind is not QuestionKind.PERCENTAGE_SPLIT or not self.groups:
            return ()
        return tuple(_split(self.question, each) for each in self.answers if each.state is State.ANSWERED)

    @cached_property
    def median_split(self) -> tuple[Decimal, ...]:
        """The median of each part over all systems that answered; they need not add up to the total."""
        splits = [_split(self.question, each) for each in self.national.given]
        if self.question.kind is not QuestionKind.PERCENTAGE_SPLIT or not splits or not self.groups:
            return ()
        return tuple(median(sorted(values)) for values in zip(*(each.values for each in splits), strict=True))

    @property
    def comments(self) -> tuple[SystemAnswer, ...]:
        """The answers beside which there is a comment that the person may read."""
        return tuple(each for each in self.answers if each.comment)

    @property
    def texts(self) -> tuple[SystemAnswer, ...]:
        """The answers in words that the person may read; none for a question of another kind."""
        if self.question.kind is not QuestionKind.LONG_TEXT:
            return ()
        return tuple(each for each in self.answers if each.response.text)

    @property
    def finding(self) -> str:
        """What the answers say, in one sentence; empty for somebody who does not see all systems."""
        if not self.groups:
            return ""
        answered = len(self.national.given)
        match self.question.kind:
            case QuestionKind.MATURITY:
                return level_finding(self.agreements[0][1])
            case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTI_CHOICE:
                return option_finding([(each.label, each.count) for each in self.options], answered)
            case QuestionKind.NUMBER | QuestionKind.PERCENTAGE:
                return number_finding(self.numbers[0].spread, self.question.unit)
            case QuestionKind.PERCENTAGE_SPLIT:
                labels = [part.label for part in self.question.parts]
                return split_finding(list(zip(labels, self.median_split, strict=False)), self.question.unit)
            case QuestionKind.LONG_TEXT:
                return text_finding(answered, self.national.of)

    @property
    def response(self) -> str:
        """How many systems answered of how many."""
        return f"{len(self.national.given)} of {counted(self.national.of, 'system')} answered"

    @property
    def without(self) -> tuple[str, ...]:
        """By name who has no answer, a sentence for each reason."""
        missing = [state for state in State if state is not State.ANSWERED]
        names = {
            state: [each.system.name for each in self.national.answers if each.state is state]
            for state in missing
        }
        return tuple(
            f"{state.value.capitalize()}: {listed(names[state])}." for state in missing if names[state]
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """How many answered, and by name who did not and why."""
        return (f"{self.response}.", *self.without) if self.groups else ()

    def arranged(self, selection: Selection) -> QuestionResults:
        """Return the same for the region asked for."""
        return replace(self, selection=selection)

    def _region(self, region: Choice) -> AnswerGroup:
        within = Selection(region=region.code)
        return AnswerGroup(
            region.name, tuple(each for each in self.every_answer if in_region(each.system, within))
        )


def question_results(person: AnyPerson, release_id: int, code: str) -> QuestionResults:
    """Return one question of a release: four queries at most.

    Raises Http404 when the person may read no such release, or its questionnaire has no such question.
    """
    released = read(person, release_id)
    content = released.instrument.content
    if code not in content.questions_by_code:
        raise Http404
    dimension = next(each for each in content.dimensions if content.question(code) in each.all_questions)
    question = content.question(code)
    return QuestionResults(
        released=released,
        dimension=dimension,
        question=question,
        condition=condition_in_words(content, question),
        every_answer=system_answers(person, released, question),
        selection=EVERYTHING,
        names_systems=has_anywhere(person, Permission.SEE_ALL_RESULTS),
    )


def _agreement(question: Question, group: AnswerGroup) -> QuestionAgreement:
    levels = Counter(each.response.level for each in group.given)
    counts = {level: count for level, count in levels.items() if level is not None}
    return question_agreement(question, {question.code: counts}, group.of)


def _options_chosen(group: AnswerGroup) -> Counter[str]:
    return Counter(option for each in group.given for option in each.response.options)


def _numbers(group: AnswerGroup) -> NumberSpread:
    values = tuple(
        (each.system, each.response.number) for each in group.given if each.response.number is not None
    )
    return NumberSpread(group.name, group.of, values, spread([value for _, value in values], group.of))


def _split(question: Question, answer: SystemAnswer) -> SystemSplit:
    parts = dict(answer.response.parts)
    return SystemSplit(answer.system, tuple(parts.get(part.code, Decimal(0)) for part in question.parts))
