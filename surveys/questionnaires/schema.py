"""The shape of a questionnaire: frozen dataclasses with every default filled in.

`Questionnaire` is known by `key` and `version`; everything inside it is known by `code`. Codes of questions,
of dimensions, of sections, of groups, of themes and of lead roles are each unique in the questionnaire; codes
of levels, options and parts are unique in their question. Numbers are `Decimal` so that points and weights
are exact.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

DEFAULT_MINIMUM_SHARE = Decimal("0.6")
DEFAULT_SPLIT_TOTAL = Decimal(100)
ONE = Decimal(1)


class QuestionKind(StrEnum):
    """How a question is answered."""

    MATURITY = "maturity"
    SINGLE_CHOICE = "single_choice"
    MULTI_CHOICE = "multi_choice"
    NUMBER = "number"
    PERCENTAGE = "percentage"
    PERCENTAGE_SPLIT = "percentage_split"
    LONG_TEXT = "long_text"


SCORABLE_KINDS = frozenset({QuestionKind.MATURITY, QuestionKind.SINGLE_CHOICE, QuestionKind.MULTI_CHOICE})

MINUTES_BY_KIND: Mapping[QuestionKind, int] = MappingProxyType(
    {
        QuestionKind.MATURITY: 5,
        QuestionKind.SINGLE_CHOICE: 1,
        QuestionKind.MULTI_CHOICE: 2,
        QuestionKind.NUMBER: 5,
        QuestionKind.PERCENTAGE: 5,
        QuestionKind.PERCENTAGE_SPLIT: 10,
        QuestionKind.LONG_TEXT: 10,
    }
)


class ScoringMethod(StrEnum):
    """`scale`: a score is a mean on the questionnaire's levels. `points`: points of possible points, and
    percent.
    """

    SCALE = "scale"
    POINTS = "points"


class Comparator(StrEnum):
    """What a condition asks of an earlier answer: the first two are for choices, the others for levels and
    numbers.
    """

    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    EQUALS = "equals"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"


class Match(StrEnum):
    """Whether all of the conditions must hold, or any one of them."""

    ALL = "all"
    ANY = "any"


class ComparisonStatus(StrEnum):
    """How a question relates to the previous version of the questionnaire."""

    SAME = "same"
    REWORDED_COMPARABLE = "reworded_comparable"
    REWORDED_NOT_COMPARABLE = "reworded_not_comparable"
    NEW = "new"
    RETIRED = "retired"


@dataclass(frozen=True)
class NotApplicable:
    """What "not applicable" does. `points` None: left out of the mean and of the possible points.

    With `points` (0 or more; a value on the scale in a `scale` questionnaire) it counts as that many.
    """

    points: Decimal | None = None


@dataclass(frozen=True)
class Level:
    """One level. On the scale `text` says what the level means in general; on a question it is the
    descriptor.

    `value` is a whole number; `points` is given only in a `points` questionnaire.
    """

    value: int
    code: str
    name: str
    text: str = ""
    points: Decimal | None = None


@dataclass(frozen=True)
class Scale:
    """The levels that a questionnaire uses, lowest first, and the rule for choosing one (shown beside the
    choices).
    """

    code: str
    name: str
    rule: str
    levels: tuple[Level, ...]

    @property
    def lowest(self) -> int:
        return self.levels[0].value

    @property
    def highest(self) -> int:
        return self.levels[-1].value


@dataclass(frozen=True)
class Group:
    """A set of dimensions that is scored together."""

    code: str
    name: str
    about: str = ""


@dataclass(frozen=True)
class Gap:
    """The gap is the score of group `first` less the score of group `second` (codes)."""

    first: str
    second: str


@dataclass(frozen=True)
class Theme:
    """A cut across the dimensions (the columns of a topic-by-theme matrix); each theme has its own score."""

    code: str
    name: str
    about: str = ""


@dataclass(frozen=True)
class LeadRole:
    """A role that is suggested to lead on a question."""

    code: str
    name: str


@dataclass(frozen=True)
class Option:
    """One choice. `exclusive`: may not be chosen with others. `other`: takes text beside it.

    `not_applicable`: choosing this option means that the question does not apply; it is then exclusive as
    well.
    """

    code: str
    label: str
    hint: str = ""
    points: Decimal | None = None
    exclusive: bool = False
    other: bool = False
    not_applicable: NotApplicable | None = None

    @property
    def stands_alone(self) -> bool:
        """Whether choosing this option rules out every other option."""
        return self.exclusive or self.not_applicable is not None


@dataclass(frozen=True)
class Part:
    """One part of a percentage split."""

    code: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Condition:
    """One comparison with the answer to an earlier `question`.

    `options` (any one of them) go with `chosen` and `not_chosen`; `value` goes with the others and is
    compared with the level or the number. False when that question is hidden, not applicable or unanswered.
    """

    question: str
    comparator: Comparator
    options: tuple[str, ...] = ()
    value: Decimal | None = None


@dataclass(frozen=True)
class AskedIf:
    """When a question is asked: all or any of the conditions."""

    match: Match
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Contradiction:
    """Answers that cannot well all be true: a level, and answers to other questions.

    When all of the `conditions` hold, the maturity question that is named first among them is looked at
    again. `words` say to a reviewer what does not fit; they never stop anybody from answering.
    """

    code: str
    conditions: tuple[Condition, ...]
    words: str


@dataclass(frozen=True)
class Question:
    """One question. Fields that do not belong to its kind keep their defaults.

    maturity: `levels`. single_choice: `options`. multi_choice: `options`, `max_choices`, `points_cap`.
    number, percentage: `unit`, `minimum`, `maximum`, `decimals`. percentage_split: `parts`, `total`, `unit`,
    `decimals`. long_text: `max_words`, `consent` (a yes or no question asked beside the text, empty for
    none).

    `weight` is above 0. `minutes` is None when the file leaves the estimate to the kind: read
    `estimated_minutes`. `not_applicable` None: "not applicable" is not offered. `suggested_lead` and `theme`
    are codes, empty for none.
    """

    code: str
    kind: QuestionKind
    text: str
    help: str = ""
    why: str = ""
    evidence: str = ""
    suggested_lead: str = ""
    theme: str = ""
    minutes: int | None = None
    required: bool = True
    scored: bool = False
    weight: Decimal = ONE
    comment_allowed: bool = True
    not_applicable: NotApplicable | None = None
    asked_if: AskedIf | None = None
    levels: tuple[Level, ...] = ()
    options: tuple[Option, ...] = ()
    max_choices: int | None = None
    points_cap: Decimal | None = None
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int = 0
    parts: tuple[Part, ...] = ()
    total: Decimal | None = None
    max_words: int | None = None
    consent: str = ""

    @property
    def estimated_minutes(self) -> int:
        """Minutes it should take to answer, from the file or by kind."""
        return MINUTES_BY_KIND[self.kind] if self.minutes is None else self.minutes

    def level(self, value: int) -> Level:
        """The level with this value; KeyError when the question has none."""
        for level in self.levels:
            if level.value == value:
                return level
        raise KeyError(value)

    def option(self, code: str) -> Option:
        """The option with this code; KeyError when the question has none."""
        for option in self.options:
            if option.code == code:
                return option
        raise KeyError(code)


@dataclass(frozen=True)
class Section:
    """Part of a dimension with its own score. `weight` None: the dimension is a mean over questions, not
    sections.
    """

    code: str
    name: str
    questions: tuple[Question, ...]
    about: str = ""
    weight: Decimal | None = None


@dataclass(frozen=True)
class Dimension:
    """A scored subject. It has either `sections` or `questions`, never both: read `all_questions`."""

    code: str
    name: str
    questions: tuple[Question, ...] = ()
    sections: tuple[Section, ...] = ()
    about: str = ""
    group: str = ""
    gap_core: bool = False
    weight: Decimal = ONE

    @property
    def all_questions(self) -> tuple[Question, ...]:
        """Every question of the dimension in the order in which it is asked."""
        return self.questions or tuple(
            question for section in self.sections for question in section.questions
        )

    @property
    def estimated_minutes(self) -> int:
        return sum(question.estimated_minutes for question in self.all_questions)


@dataclass(frozen=True)
class ComparedQuestion:
    """How one question relates to the previous version.

    `code` is the code in this version (empty when retired), `previous` the code in the previous one (empty
    when new).
    """

    code: str
    previous: str
    status: ComparisonStatus
    note: str = ""

    @property
    def comparable(self) -> bool:
        """Whether answers may be compared over time."""
        return self.status in {ComparisonStatus.SAME, ComparisonStatus.REWORDED_COMPARABLE}


@dataclass(frozen=True)
class Comparison:
    """The map from this version to `previous_version`: one line for every question of either."""

    previous_version: str
    questions: tuple[ComparedQuestion, ...]


@dataclass(frozen=True)
class Questionnaire:
    """An instrument: `key` and `version` are its identity.

    `minimum_share` (0 to 1) of scored questions must be answered, or a score is withheld. `overall` False:
    the instrument has no overall score. `source` and `licence` say whose it is when it is not ours.
    """

    key: str
    version: str
    title: str
    dimensions: tuple[Dimension, ...]
    about: str = ""
    source: str = ""
    licence: str = ""
    scoring: ScoringMethod = ScoringMethod.SCALE
    minimum_share: Decimal = DEFAULT_MINIMUM_SHARE
    overall: bool = True
    scale: Scale | None = None
    groups: tuple[Group, ...] = ()
    gap: Gap | None = None
    themes: tuple[Theme, ...] = ()
    lead_roles: tuple[LeadRole, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    comparison: Comparison | None = None

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question in the order in which it is asked."""
        return tuple(self._walk())

    @cached_property
    def questions_by_code(self) -> Mapping[str, Question]:
        return MappingProxyType({question.code: question for question in self.questions})

    @cached_property
    def dimension_codes(self) -> Mapping[str, str]:
        """Question code to dimension code."""
        return MappingProxyType(
            {
                question.code: dimension.code
                for dimension in self.dimensions
                for question in dimension.all_questions
            }
        )

    @cached_property
    def section_codes(self) -> Mapping[str, str]:
        """Question code to section code, for questions that stand in a section."""
        return MappingProxyType(
            {
                question.code: section.code
                for dimension in self.dimensions
                for section in dimension.sections
                for question in section.questions
            }
        )

    def question(self, code: str) -> Question:
        """The question with this code; KeyError when there is none."""
        return self.questions_by_code[code]

    def _walk(self) -> Iterator[Question]:
        for dimension in self.dimensions:
            yield from dimension.all_questions
