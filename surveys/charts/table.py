"""The table that stands for a chart, made from the rows the chart is drawn from."""

from dataclasses import dataclass

from surveys.analysis.scores import Score
from surveys.charts.axis import ScoreAxis

NO_SCORE = "no score"


@dataclass(frozen=True, slots=True)
class ChartTable:
    """What a chart draws, in words and figures. The first cell of each row names the row."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def written_score(score: Score | None, axis: ScoreAxis) -> str:
    """Return ``score`` as people read it, or why there is none."""
    return axis.write(score.value) if score is not None and score.value is not None else why_missing(score)


def written_count(score: Score | None) -> str:
    """Return n of N questions answered, or "0 of 0" where nothing was submitted."""
    return "0 of 0" if score is None else f"{score.answered} of {score.of}"


def why_missing(score: Score | None) -> str:
    """Return why there is no value to draw. ``score`` is None when nothing was submitted."""
    if score is None:
        return "not submitted"
    if score.withheld:
        return f"withheld, {score.answered} of {score.of} questions answered"
    return "nothing to score"
