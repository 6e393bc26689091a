"""What a set of responses scores."""

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.analysis.scores import Score
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import Questionnaire, ScoringMethod


@dataclass(frozen=True)
class Scorecard:
    """Scores by code, in the questionnaire's order. Only what has a scored question that was asked has a line.

    The n of N of `overall`, of groups and of the gaps counts dimensions in a `scale` questionnaire, and questions in a
    `points` questionnaire; everywhere else it counts questions. A gap's `value` is in levels, or in percentage points.
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
    """Score the responses (by question code). They must have passed `responses.check`; ValueError if one has not."""
    raise NotImplementedError
