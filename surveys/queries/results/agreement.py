"""How far systems agree on single questions, and on the questions of a dimension taken together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from surveys.analysis.agreement import agreement_words, van_der_eijk
from surveys.analysis.rounding import half_up
from surveys.queries.results.levels import LevelCounts
from surveys.questionnaires.schema import Dimension, Question, QuestionKind


@dataclass(frozen=True)
class Agreement:
    """Van der Eijk's A, -1 to 1; None when nobody answered or there are fewer than three levels."""

    a: float | None

    @property
    def words(self) -> str:
        """The agreement in words."""
        return agreement_words(self.a)

    @property
    def shown(self) -> str:
        """A at two decimal places; empty when it is not measured."""
        return "" if self.a is None else str(half_up(Decimal(str(self.a)), 2))

    @property
    def in_words(self) -> str:
        """The agreement in words with A beside it, such as "Strong agreement (A = 0.81)"."""
        return f"{self.words.capitalize()} (A = {self.shown})" if self.shown else self.words.capitalize()


@dataclass(frozen=True)
class QuestionAgreement(Agreement):
    """How many of `of` systems chose each level of a question, lowest first, and how far they agree."""

    code: str
    text: str
    counts: tuple[tuple[str, int], ...]
    of: int

    @property
    def answered(self) -> int:
        """How many systems chose a level."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True)
class DimensionAgreement(Agreement):
    """The middle (median) of the agreement on a dimension's single questions, `questions` of them.

    Agreement is defined for one question with ordered levels. A dimension's score is a mean and has none of
    its own, so this is said of its questions.
    """

    questions: int


def measured(dimension: Dimension) -> tuple[Question, ...]:
    """Return the questions of a dimension for which agreement is measured: scored ones with levels."""
    return tuple(
        question
        for question in dimension.all_questions
        if question.scored and question.kind is QuestionKind.MATURITY
    )


def question_agreement(question: Question, counts: LevelCounts, of: int) -> QuestionAgreement:
    """Return the agreement on one question with levels among `of` systems."""
    chosen = counts.get(question.code, {})
    levels = sorted(question.levels, key=lambda level: level.value)
    named = tuple((f"{level.value} {level.name}", chosen.get(level.value, 0)) for level in levels)
    a = van_der_eijk([count for _, count in named])
    return QuestionAgreement(a, question.code, question.text, named, of)


def dimension_agreement(dimension: Dimension, counts: LevelCounts, of: int) -> DimensionAgreement:
    """Return the middle of the agreement on the dimension's questions."""
    found = [question_agreement(question, counts, of).a for question in measured(dimension)]
    known = [a for a in found if a is not None]
    return DimensionAgreement(median(known) if known else None, len(known))
