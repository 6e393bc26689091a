"""All systems on one question: how the answers are distributed, how far systems agree, who said what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from django.http import Http404

from surveys.analysis.variation import Spread
from surveys.permissions import AnyPerson, Permission, has_anywhere, posts
from surveys.queries.answer_words import condition_in_words
from surveys.queries.moderations import ModeratedLevel
from surveys.queries.results.agreement import QuestionAgreement, question_agreement
from surveys.queries.results.answer_tally import (
    TEXT_FOR_OTHERS,
    AnswerColumn,
    AnswerGroup,
    answer_column,
)
from surveys.queries.results.measures import is_scored
from surveys.queries.results.moderated import moderated_on
from surveys.queries.results.question_findings import (
    level_finding,
    number_finding,
    option_finding,
    split_finding,
    text_finding,
)
from surveys.queries.results.released import Released, ReleaseHead, read
from surveys.queries.results.selection import EVERYTHING, Choice, Selection, regions_of
from surveys.queries.results.sentences import named, names_of
from surveys.queries.results.system_answers import Reading, State, SystemAnswer
from surveys.queries.results.systems import Lines, System, Systems
from surveys.questionnaires.schema import Dimension, Question, QuestionKind
from surveys.wording import counted

ALL_SYSTEMS = "All systems"


@dataclass(frozen=True)
class LevelChosen:
    """A level and the systems that chose it, by region and name."""

    value: int
    level: str
    systems: Systems


@dataclass(frozen=True)
class OptionChosen:
    """An option, how many systems chose it, and how many in each region, in the order of the regions."""

    code: str
    label: str
    count: int
    by_region: tuple[int, ...]


@dataclass(frozen=True)
class NumberSpread:
    """The numbers of a group of systems, `of` in all: by system unless there are too many; their spread."""

    name: str
    of: int
    values: tuple[tuple[System, Decimal], ...]
    spread: Spread | None


@dataclass(frozen=True)
class Split:
    """How a system split the total: a value for each part of the question in order.

    Where there are too many systems, the median of each part in a region.
    """

    name: str
    region: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True)
class QuestionResults:
    """One question of a release. Unless `released.whole` the person sees only some systems.

    `groups` are all systems and then each region; they are empty for such a person, because they say
    something of every system. `answers` are those of the systems that the person sees, in the region asked
    for. `names_systems`: whether the reader is told which system chose which level here. `column` has what
    every system answered; None where some are not seen.
    """

    released: Released
    dimension: Dimension
    question: Question
    condition: str
    reading: Reading
    column: AnswerColumn | None
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

    @property
    def systems(self) -> Systems:
        """The systems of the region asked for."""
        return self.released.systems.in_region(self.selection.region)

    @cached_property
    def answers(self) -> Sequence[SystemAnswer]:
        """The answers of the region asked for: one query, or where there are many one for some at a time."""
        if self.released.systems.many:
            return Lines(self.systems, self.reading.answers)
        return self.reading.answers(self.systems)

    @cached_property
    def groups(self) -> tuple[AnswerGroup, ...]:
        """All systems, then each region or the one asked for."""
        if self.column is None:
            return ()
        chosen = [each for each in self.regions if self.selection.region in {"", each.code}]
        every = self.released.systems
        return (
            AnswerGroup(ALL_SYSTEMS, every, self.column, self.question),
            *(
                AnswerGroup(each.name, every.in_region(each.code), self.column, self.question)
                for each in chosen
            ),
        )

    @property
    def national(self) -> AnswerGroup:
        """The first of the groups, which is all systems."""
        return self.groups[0]

    @cached_property
    def agreements(self) -> tuple[tuple[str, QuestionAgreement], ...]:
        """For each group its name, how many systems chose each level, and how far they agree."""
        if self.question.kind is not QuestionKind.MATURITY:
            return ()
        return tuple((group.name, _agreement(self.question, group)) for group in self.groups)

    @cached_property
    def chosen(self) -> tuple[LevelChosen, ...]:
        """Who chose each level, highest first; only where systems are named."""
        if not self.names_systems or not self.groups or self.question.kind is not QuestionKind.MATURITY:
            return ()
        return tuple(
            LevelChosen(level.value, f"{level.value} {level.name}", self._choosing(level.value))
            for level in sorted(self.question.levels, key=lambda level: -level.value)
        )

    def _choosing(self, level: int) -> Systems:
        figures = self.national.column.figures
        return self.systems.kept(
            ("chose", self.question.code, level),
            lambda: self.systems.where(lambda place: figures[place] == level),
        )

    @cached_property
    def options(self) -> tuple[OptionChosen, ...]:
        """The options, the most chosen first; those chosen equally often in the questionnaire's order."""
        if not self.groups:
            return ()
        national, *regions = [group.tally.options for group in self.groups]
        found = [
            OptionChosen(
                option.code,
                option.label,
                national.get(option.code, 0),
                tuple(region.get(option.code, 0) for region in regions),
            )
            for option in self.question.options
        ]
        return tuple(sorted(found, key=lambda option: -option.count))

    @cached_property
    def numbers(self) -> tuple[NumberSpread, ...]:
        """The numbers of each group."""
        if self.question.kind not in {QuestionKind.NUMBER, QuestionKind.PERCENTAGE}:
            return ()
        return tuple(_numbers(group, each=not self.released.systems.many) for group in self.groups)

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """How each system of the region asked for split the total; only where every system is seen.

        The medians of each region where there are too many systems.
        """
        if self.question.kind is not QuestionKind.PERCENTAGE_SPLIT or not self.groups:
            return ()
        if self.released.systems.many:
            return tuple(
                Split(group.name, "", group.tally.medians) for group in self.groups[1:] if group.tally.medians
            )
        figures, places = self.national.column.figures, self.released.systems.columns.places
        return tuple(
            Split(each.name, each.region_name, figures[places[each.assessment_id]])
            for each in self.national.given(self.systems)
        )

    @property
    def median_split(self) -> tuple[Decimal, ...]:
        """The median of each part over all systems that answered; they need not add up to the total."""
        return self.national.tally.medians if self.groups else ()

    @cached_property
    def comments(self) -> Sequence[SystemAnswer]:
        """The answers beside which there is a comment that the person may read."""
        if self.column is None or not self.released.systems.many:
            return tuple(each for each in self.answers if each.comment)
        comments, seen = self.column.comments, self.reading.words_seen().in_region(self.selection.region)
        said = seen.kept(
            ("commented on", self.question.code), lambda: seen.where(lambda place: bool(comments[place]))
        )
        return Lines(said, self.reading.answers)

    @cached_property
    def texts(self) -> Sequence[SystemAnswer]:
        """The answers in words that the person may read; none for a question of another kind."""
        if self.question.kind is not QuestionKind.LONG_TEXT:
            return ()
        if self.column is None or not self.released.systems.many:
            return tuple(each for each in self.answers if each.response.text)
        texts, member = self.column.texts, bool(posts(self.reading.person))
        seen = frozenset(self.reading.words_seen().places)
        read = self.systems.where(
            lambda place: (
                bool(texts[place]) and (place in seen or (member and texts[place] == TEXT_FOR_OTHERS))
            )
        )
        return Lines(read, self.reading.answers)

    @property
    def finding(self) -> str:
        """What the answers say, in one sentence; empty for somebody who does not see all systems."""
        if not self.groups:
            return ""
        answered = self.national.answered
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

    @cached_property
    def moderated(self) -> tuple[tuple[System, ModeratedLevel], ...]:
        """The moderated levels of the region asked for, each with its system; by region and name."""
        levels = moderated_on(self.released, self.question.code)
        return (
            tuple((each, levels[each.assessment_id]) for each in self.systems.only(levels)) if levels else ()
        )

    @property
    def moderation(self) -> str:
        """How many of the levels were moderated, as a sentence; empty where none was."""
        if not self.moderated:
            return ""
        changed = sum(level.final != level.self_assessed for _, level in self.moderated)
        return (
            f"{counted(len(self.moderated), 'level')} moderated, {changed} of them changed. The final levels "
            "are shown."
        )

    @property
    def names_moderated(self) -> bool:
        """Whether the reader is told whose levels were moderated: their own, or with all others by name."""
        return self.names_systems or not self.groups

    @property
    def response(self) -> str:
        """How many systems answered of how many."""
        return f"{self.national.answered:,} of {counted(self.national.of, 'system')} answered"

    @property
    def without(self) -> tuple[str, ...]:
        """By name who has no answer, a sentence for each reason."""
        states = self.national.tally.states
        return tuple(
            f"{state.value.capitalize()}: {named(self._names(state))}."
            for state in State
            if state is not State.ANSWERED and states.get(state)
        )

    def _names(self, state: State) -> Sequence[str]:
        systems = self.released.systems
        return systems.kept(
            ("names", self.question.code, state), lambda: names_of(self.national.where(state))
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """How many answered, and by name who did not and why."""
        return (f"{self.response}.", *self.without) if self.groups else ()

    def arranged(self, selection: Selection) -> QuestionResults:
        """Return the same for the region asked for."""
        return replace(self, selection=selection)


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
        reading=Reading(person, released, question),
        column=answer_column(released, question) if released.whole else None,
        selection=EVERYTHING,
        names_systems=has_anywhere(person, Permission.SEE_ALL_RESULTS),
    )


def _agreement(question: Question, group: AnswerGroup) -> QuestionAgreement:
    return question_agreement(question, {question.code: group.tally.levels}, group.of)


def _numbers(group: AnswerGroup, *, each: bool) -> NumberSpread:
    given = group.given() if each else ()
    figures, places = group.column.figures, group.systems.columns.places
    values = tuple((system, figures[places[system.assessment_id]]) for system in given)
    return NumberSpread(group.name, group.of, values, group.tally.numbers)
