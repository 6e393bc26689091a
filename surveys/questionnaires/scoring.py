"""What a set of responses scores."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from surveys.analysis.scores import Item, Score, Scorer, gap_between, points_score, scale_score
from surveys.questionnaires.responses import EMPTY, Response, asked, has_value
from surveys.questionnaires.schema import (
    Dimension,
    NotApplicable,
    Question,
    QuestionKind,
    Questionnaire,
    ScoringMethod,
)
from surveys.questionnaires.worth import most_points, points_of

NO_MINIMUM = Decimal(0)
"""Whether enough is answered is decided over a dimension's questions, never again over its sections."""


@dataclass(frozen=True)
class Scorecard:
    """Scores by code, in the questionnaire's order. Only what has a scored question that was asked has a
    line.

    The n of N of `overall`, of groups and of the gaps counts dimensions in a `scale` questionnaire, and
    questions in a `points` questionnaire; everywhere else it counts questions. A `value` is a level in a
    `scale` questionnaire and a percentage of the possible points (0 to 100) in a `points` one. A gap is the
    first group's value less the second's. `overall` is None when the questionnaire has no overall score,
    `gap` when it has no gap, `gap_core` when no dimension is in the core of the gap.
    """

    method: ScoringMethod
    dimensions: Mapping[str, Score]
    sections: Mapping[str, Score]
    themes: Mapping[str, Score]
    groups: Mapping[str, Score]
    overall: Score | None
    gap: Score | None
    gap_core: Score | None


def score(questionnaire: Questionnaire, responses: Mapping[str, Response]) -> Scorecard:
    """Score the responses (by question code); questions that are not asked or not scored are left out.

    The responses must have passed `responses.check`; ValueError names the question whose response has not.
    """
    return _Marker(questionnaire, responses).scorecard()


def item(question: Question, response: Response, scoring: ScoringMethod) -> Item:
    """A scored question's part in a score. Raises ValueError for an answer that the question does not
    have.
    """
    in_points = scoring is ScoringMethod.POINTS
    maximum = most_points(question) if in_points else None
    stated = _not_applicable(question, response)
    if stated is not None:
        return Item(question.code, stated.points, question.weight, applicable=False, maximum=maximum)
    value = _value(question, response, in_points=in_points) if has_value(question, response) else None
    return Item(question.code, value, question.weight, maximum=maximum)


def scorer_of(questionnaire: Questionnaire) -> Scorer:
    """How items of the questionnaire are scored together."""
    return points_score if questionnaire.scoring is ScoringMethod.POINTS else scale_score


def dimension_scorer(questionnaire: Questionnaire, dimension: Dimension) -> Scorer:
    """How a dimension is scored: over its questions; where its sections have weights, the value is the
    weighted mean of their scores, and the counts stay those of the questions.
    """
    method = scorer_of(questionnaire)
    weights = {section.code: section.weight for section in dimension.sections if section.weight is not None}
    if not weights:
        return method

    def over_sections(items: Iterable[Item], minimum_share: Decimal) -> Score:
        given = tuple(items)
        total = method(given, minimum_share)
        if total.value is None:
            return total
        of_section = {
            code: [each for each in given if questionnaire.section_codes.get(each.code) == code]
            for code in weights
        }
        scores = (
            Item(code, method(own, minimum_share).value, weights[code])
            for code, own in of_section.items()
            if own
        )
        return replace(total, value=scale_score(scores, NO_MINIMUM).value)

    return over_sections


def _not_applicable(question: Question, response: Response) -> NotApplicable | None:
    """What "not applicable" does to this response; None when it was not said."""
    if response.not_applicable:
        if question.not_applicable is None:
            raise ValueError(f"Question {question.code}: it cannot be not applicable.")
        return question.not_applicable
    chosen = [option for option in question.options if option.code in response.options]
    return next((option.not_applicable for option in chosen if option.not_applicable), None)


def _value(question: Question, response: Response, *, in_points: bool) -> Decimal | None:
    if question.kind is QuestionKind.SINGLE_CHOICE and len(response.options) > 1:
        raise ValueError(f"Question {question.code}: it takes one option, not {len(response.options)}.")
    try:
        if question.kind is not QuestionKind.MATURITY:
            return points_of(question, response.options)
        level = question.level(response.level or 0)
    except KeyError as error:
        raise ValueError(f"Question {question.code}: it has no {error.args[0]!r} to choose.") from error
    return level.points if in_points else Decimal(level.value)


class _Marker:
    """Marks one set of responses."""

    def __init__(self, questionnaire: Questionnaire, responses: Mapping[str, Response]) -> None:
        self.questionnaire = questionnaire
        self.in_points = questionnaire.scoring is ScoringMethod.POINTS
        on_view = asked(questionnaire, responses)
        self.items = {
            question.code: item(question, responses.get(question.code, EMPTY), questionnaire.scoring)
            for question in questionnaire.questions
            if question.scored and question.code in on_view
        }
        self.sections = dict(self._sections())
        self.dimensions = dict(self._dimensions())

    def scorecard(self) -> Scorecard:
        dimensions = self.questionnaire.dimensions
        groups = {group.code: self._in_group(group.code) for group in self.questionnaire.groups}
        return Scorecard(
            method=self.questionnaire.scoring,
            dimensions=self.dimensions,
            sections=self.sections,
            themes=dict(self._themes()),
            groups={code: self._combined(members) for code, members in groups.items() if members},
            overall=self._combined(self._scorable(dimensions)) if self.questionnaire.overall else None,
            gap=self._gap(core_only=False),
            gap_core=self._gap(core_only=True) if any(each.gap_core for each in dimensions) else None,
        )

    def _score(self, items: Iterable[Item]) -> Score:
        return scorer_of(self.questionnaire)(items, self.questionnaire.minimum_share)

    def _of(self, questions: Iterable[Question]) -> list[Item]:
        return [self.items[question.code] for question in questions if question.code in self.items]

    def _sections(self) -> Iterator[tuple[str, Score]]:
        for dimension in self.questionnaire.dimensions:
            for section in dimension.sections:
                if items := self._of(section.questions):
                    yield section.code, self._score(items)

    def _themes(self) -> Iterator[tuple[str, Score]]:
        for theme in self.questionnaire.themes:
            questions = [each for each in self.questionnaire.questions if each.theme == theme.code]
            if items := self._of(questions):
                yield theme.code, self._score(items)

    def _dimensions(self) -> Iterator[tuple[str, Score]]:
        for dimension in self.questionnaire.dimensions:
            if items := self._of(dimension.all_questions):
                scorer = dimension_scorer(self.questionnaire, dimension)
                yield dimension.code, scorer(items, self.questionnaire.minimum_share)

    def _scorable(self, dimensions: Iterable[Dimension]) -> list[Dimension]:
        return [dimension for dimension in dimensions if dimension.code in self.dimensions]

    def _in_group(self, code: str, *, core_only: bool = False) -> list[Dimension]:
        return self._scorable(
            dimension
            for dimension in self.questionnaire.dimensions
            if dimension.group == code and (dimension.gap_core or not core_only)
        )

    def _combined(self, dimensions: Iterable[Dimension]) -> Score:
        """Points of all the questions together, or the weighted mean of the dimensions' scores."""
        if self.in_points:
            return self._score(each for dimension in dimensions for each in self._of(dimension.all_questions))
        return self._score(
            Item(dimension.code, self.dimensions[dimension.code].value, dimension.weight)
            for dimension in dimensions
        )

    def _gap(self, *, core_only: bool) -> Score | None:
        gap = self.questionnaire.gap
        if gap is None:
            return None
        first, second = (
            self._combined(self._in_group(code, core_only=core_only)) for code in (gap.first, gap.second)
        )
        return gap_between(first, second)
