"""How far the final levels of a round agree with the self-assessed ones, by dimension."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from surveys.analysis.moderation import LevelAgreement, level_agreement
from surveys.analysis.rounding import half_up
from surveys.charts.differences import signed as with_sign
from surveys.models import Assessment, Submission
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.round_moderation import ModerationFrame, reviewed
from surveys.queries.submission_copy import read_copy
from surveys.questionnaires.responses import asked
from surveys.questionnaires.schema import QuestionKind

WHOLE_QUESTIONNAIRE: Final = "All dimensions"
NONE: Final = "none moderated"


@dataclass(frozen=True)
class DimensionAgreement:
    """How far final levels agree with the self-assessed ones, over the questions of a dimension or of all."""

    name: str
    agreement: LevelAgreement

    @property
    def equal_in_words(self) -> str:
        """The percentage of all levels that are final as they were self-assessed."""
        return _percent(self.agreement.equal_share)

    @property
    def equal_of_moderated_in_words(self) -> str:
        """The same of the moderated levels alone."""
        return _percent(self.agreement.equal_share_of_moderated)

    @property
    def difference_in_words(self) -> str:
        """The mean difference with its sign, in levels."""
        difference = self.agreement.mean_difference
        return NONE if difference is None else with_sign(difference)


def agreement_by_dimension(frame: ModerationFrame) -> tuple[DimensionAgreement, ...]:
    """Return the agreement of each dimension with maturity questions and then of all, in one query.

    It is over the latest signed copies of the systems within reach that stand as submitted.
    """
    asked_by = instrument(frame.round.questionnaire_id)
    levels = _signed_levels(frame, asked_by)
    moderated: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for each in frame.proposals:
        if each.final is not None:
            code = asked_by.question_codes[each.question_id]
            moderated[asked_by.content.dimension_codes[code]].append((each.self_assessed, each.final))
    found = tuple(
        DimensionAgreement(dimension.name, level_agreement(levels[dimension.code], moderated[dimension.code]))
        for dimension in asked_by.content.dimensions
        if any(each.kind is QuestionKind.MATURITY for each in dimension.all_questions)
    )
    together = [pair for pairs in moderated.values() for pair in pairs]
    return (*found, DimensionAgreement(WHOLE_QUESTIONNAIRE, level_agreement(levels.total(), together)))


def _percent(share: Decimal | None) -> str:
    return NONE if share is None else f"{half_up(share, 1)}%"


def _signed_levels(frame: ModerationFrame, asked_by: Instrument) -> Counter[str]:
    """Return how many levels were signed in each dimension."""
    found: Counter[str] = Counter()
    dimension_of = asked_by.content.dimension_codes
    signed = reviewed(frame.person, frame.round).filter(status=Assessment.Status.SUBMITTED)
    latest = Submission.objects.filter(assessment__in=signed).order_by("assessment_id", "-number")
    for content in latest.distinct("assessment_id").values_list("content", flat=True):
        responses = read_copy(content).responses
        on_view = asked(asked_by.content, responses)
        for code, response in responses.items():
            if response.level is not None and code in on_view:
                found[dimension_of[code]] += 1
    return found
