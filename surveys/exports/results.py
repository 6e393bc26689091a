"""Downloads of results. Every row says where it is from, so that a row that is cut out still does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.text import slugify

from surveys.analysis.scores import Score
from surveys.exports.csv_text import Cell, CsvFile
from surveys.queries.results.dimension import DimensionResults
from surveys.queries.results.measures import MeasureName, Summary, all_measures
from surveys.queries.results.overview import Overview
from surveys.queries.results.profile import Profile, ProfileLine
from surveys.queries.results.released import Released, ReleaseHead
from surveys.queries.results.systems import System

ORIGIN = ("round", "release", "released_at", "source", "synthetic")
SYSTEM = ("ods_code", "system", "region")
MEASURE = ("measure", "code", "name")
SCORE = ("status", "score", "points", "possible_points", "answered", "asked", "not_applicable")
SPREAD = (
    "systems_with_a_score",
    "systems",
    "minimum",
    "p10",
    "q1",
    "median",
    "q3",
    "p90",
    "maximum",
    "iqr",
    "p90_minus_p10",
)


def overview_csv(found: Overview) -> CsvFile:
    """Return one row for each dimension, the widest spread first, and for each combined measure."""
    agreement = {line.summary.name: line.agreement for line in found.ranked}
    summaries = [*(line.summary for line in found.ranked), *found.combined]

    def rows() -> Iterator[Sequence[Cell]]:
        for summary in summaries:
            agreed = agreement.get(summary.name)
            yield (
                *measure_cells(summary.name),
                *summary_cells(summary),
                summary.withheld,
                summary.absent,
                agreed.a if agreed else None,
                agreed.words if agreed else "",
                agreed.questions if agreed else None,
                *origin(found.head),
            )

    header = (
        *MEASURE,
        *SPREAD,
        "systems_withheld",
        "systems_not_submitted",
        "median_agreement_of_questions",
        "agreement_in_words",
        "questions_with_agreement",
        *ORIGIN,
    )
    return CsvFile(file_name(found.head, "overview"), header, rows())


def dimension_csv(found: DimensionResults) -> CsvFile:
    """Return one row for each system in the order of the page: its score, and its rank with its range.

    The rank is a number, and whether other systems share it stands beside it: "=2" would read as a formula.
    """

    def rows() -> Iterator[Sequence[Cell]]:
        for line in found.lines:
            rank = line.rank
            yield (
                *system_cells(line.system),
                found.code,
                found.name,
                *score_cells(line.score),
                rank.rank.position if rank else None,
                rank.rank.tied if rank else None,
                rank.best if rank else None,
                rank.worst if rank else None,
                found.before.round_title if found.before and line.change else "",
                line.difference,
                line.change.questions if line.change else None,
                line.change.of if line.change else None,
                "; ".join(line.flags),
                *origin(found.head),
            )

    header = (
        *(*SYSTEM, "code", "dimension", *SCORE, "rank", "rank_shared", "rank_best", "rank_worst"),
        *("earlier_round", "change", "comparable_questions_answered", "comparable_questions", "to_note"),
        *ORIGIN,
    )
    return CsvFile(file_name(found.head, found.code), header, rows())


def system_csv(found: Profile) -> CsvFile:
    """Return one row for each measure of the system, beside all systems, its region and its earlier round."""

    def rows() -> Iterator[Sequence[Cell]]:
        for line in (*found.dimensions, *found.sections, *found.combined):
            yield (
                *system_cells(found.system),
                *measure_cells(line.name),
                *score_cells(line.score),
                *(summary_cells(line.national) if line.national else (None,) * len(SPREAD)),
                line.region.spread.median if line.region and line.region.spread else None,
                line.region.scored if line.region else None,
                line.peers.spread.median if line.peers and line.peers.spread else None,
                line.peers.scored if line.peers else None,
                *_change(found, line),
                *origin(found.head),
            )

    header = (
        *SYSTEM,
        *MEASURE,
        *SCORE,
        *SPREAD,
        "region_median",
        "region_systems_with_a_score",
        "nearest_systems_median",
        "nearest_systems_with_a_score",
        "earlier_round",
        "earlier_score_on_comparable_questions",
        "score_on_comparable_questions",
        "change",
        "comparable_questions_answered",
        "comparable_questions",
        *ORIGIN,
    )
    return CsvFile(file_name(found.head, found.system.name), header, rows())


def scores_csv(found: Released) -> CsvFile:
    """Return every score that the person may read: one row for each system and measure."""
    measures = all_measures(found.instrument.content)

    def rows() -> Iterator[Sequence[Cell]]:
        for system in found.systems:
            for name in measures:
                score = system.score(name.measure, name.code)
                yield (*system_cells(system), *measure_cells(name), *score_cells(score), *origin(found.head))

    header = (*SYSTEM, *MEASURE, *SCORE, *ORIGIN)
    return CsvFile(file_name(found.head, "scores"), header, rows())


def origin(head: ReleaseHead) -> tuple[Cell, ...]:
    """Return the cells of ORIGIN."""
    return (head.round_title, head.name, head.released_at, head.source, head.synthetic)


def system_cells(system: System) -> tuple[Cell, ...]:
    """Return the cells of SYSTEM."""
    return (system.ods_code, system.name, system.region_name)


def measure_cells(name: MeasureName) -> tuple[Cell, ...]:
    """Return the cells of MEASURE."""
    return (name.measure, name.code, name.name)


def score_cells(score: Score | None) -> tuple[Cell, ...]:
    """Return the cells of SCORE; `score` is None when nothing was submitted."""
    if score is None:
        return ("not submitted", None, None, None, None, None, None)
    missing = "withheld" if score.withheld else "nothing to score"
    return (
        missing if score.value is None else "scored",
        score.value,
        score.points,
        score.possible,
        score.answered,
        score.of,
        score.not_applicable,
    )


def summary_cells(summary: Summary) -> tuple[Cell, ...]:
    """Return the cells of SPREAD."""
    found = summary.spread
    if found is None:
        return (0, summary.of, *[None] * (len(SPREAD) - 2))
    return (
        found.n,
        found.of,
        found.minimum,
        found.p10,
        found.q1,
        found.median,
        found.q3,
        found.p90,
        found.maximum,
        found.iqr,
        found.p90_p10,
    )


def _change(found: Profile, line: ProfileLine) -> tuple[Cell, ...]:
    if found.earlier is None or line.change is None:
        return ("", None, None, None, None, None)
    change = line.change
    return (
        found.earlier.head.round_title,
        change.before.value,
        change.after.value,
        change.difference,
        change.questions,
        change.of,
    )


def file_name(head: ReleaseHead, part: str) -> str:
    """Return a file name with what a reader of a folder must know: round, release, part and date."""
    day = timezone.localtime(head.released_at).date().isoformat()
    kind = "provisional" if head.provisional else "published"
    synthetic = "synthetic-" if head.synthetic else ""
    return f"{synthetic}{slugify(head.round_title)}-{kind}-{head.number}-{slugify(part)}-{day}.csv"
