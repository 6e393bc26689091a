"""What a release of a round would hold, worked out from the signed submissions; and what one does hold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal

from surveys.analysis.scores import Score
from surveys.models import (
    Assessment,
    Release,
    ReleasedAnswer,
    ReleasedModeration,
    ReleasedSubmission,
    Result,
    Round,
    Submission,
)
from surveys.models.assessment import VALUE_COLUMNS, response_in
from surveys.queries.moderations import ModeratedLevel, settled_levels
from surveys.questionnaires.canonical import canonical, sha256
from surveys.questionnaires.responses import EMPTY, Response, asked
from surveys.questionnaires.schema import Questionnaire
from surveys.questionnaires.scoring import Scorecard, score
from surveys.questionnaires.signed_copy import responses_from
from surveys.wording import counted

Measure = Result.Measure

CORE = "core"
"""The code of the gap over core dimensions only."""


@dataclass(frozen=True)
class FrozenScore:
    """The columns of one Result row that say what was scored; see the model for units."""

    measure: str
    code: str
    score: Decimal | None
    points: Decimal | None
    possible: Decimal | None
    answered: int
    asked: int
    not_applicable: int
    withheld: bool


SCORE_COLUMNS = tuple(column.name for column in fields(FrozenScore))
"""The columns of a Result row that say what was scored."""


@dataclass(frozen=True)
class FrozenSystem:
    """What a release holds of one system: its submission, its scores and its answers by question code.

    `moderated` has the levels that were moderated, by question code: `answers` has the final ones.
    """

    submission_id: int
    scores: frozenset[FrozenScore]
    answers: Mapping[str, Response]
    moderated: Mapping[str, ModeratedLevel] = field(default_factory=dict)


@dataclass(frozen=True)
class Absent:
    """A participant without results in the release. `returned`: it had submitted, and was asked to again."""

    name: str
    status: str
    returned: bool


@dataclass(frozen=True)
class PreparedRelease:
    """What a release made now would hold, by assessment key, and what stands in its way.

    `names` has the system of every assessment that takes part in the round, `withdrawn` of every one that
    does not any more. `problems` are sentences that each name a system;
    while there are any, nothing may be released. `fingerprint` differs whenever any figure or answer does.
    """

    systems: Mapping[int, FrozenSystem]
    names: Mapping[int, str]
    absent: tuple[Absent, ...]
    problems: tuple[str, ...]
    fingerprint: str
    withdrawn: Mapping[int, str]

    @property
    def results(self) -> int:
        """How many scores there are."""
        return sum(len(system.scores) for system in self.systems.values())

    @property
    def withheld(self) -> int:
        """How many of the scores are withheld."""
        return sum(line.withheld for system in self.systems.values() for line in system.scores)

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return sum(len(system.answers) for system in self.systems.values())


def prepare(survey_round: Round) -> PreparedRelease:
    """Score the latest submission of every submitted assessment of the round.

    Answers that were changed after signing play no part. Where a level was moderated, the final one counts; a
    proposed one that is not decided does not. An assessment that is not submitted, or was returned
    and is not submitted again, did not respond. One that was withdrawn from the round is not counted.
    """
    every = sorted(
        Assessment.objects.filter(round=survey_round), key=lambda row: row.organisation_name.casefold()
    )
    assessments = [row for row in every if row.withdrawn_at is None]
    withdrawn = {row.pk: row.organisation_name for row in every if row.withdrawn_at is not None}
    latest = {
        submission.assessment_id: submission
        for submission in Submission.objects.filter(assessment__round=survey_round).order_by("number")
    }
    moderated = settled_levels(survey_round)
    content = survey_round.questionnaire.content
    systems: dict[int, FrozenSystem] = {}
    problems: list[str] = []
    for row in assessments:
        if row.status == Assessment.Status.SUBMITTED:
            found = _read(content, row.organisation_name, latest.get(row.pk), moderated)
            if isinstance(found, str):
                problems.append(found)
            else:
                systems[row.pk] = found
    return PreparedRelease(
        systems=systems,
        names={row.pk: row.organisation_name for row in assessments},
        absent=tuple(
            Absent(row.organisation_name, row.get_status_display(), row.pk in latest)
            for row in assessments
            if row.status != Assessment.Status.SUBMITTED
        ),
        problems=tuple(problems),
        fingerprint=_fingerprint(systems, withdrawn),
        withdrawn=withdrawn,
    )


def held_by(release: Release) -> dict[int, FrozenSystem]:
    """Return what a release holds, by assessment key, in the form in which `prepare` works it out."""
    scores: dict[int, set[FrozenScore]] = {}
    lines = Result.objects.filter(release=release)
    for key, *line in lines.values_list("assessment_id", *SCORE_COLUMNS):
        scores.setdefault(key, set()).add(FrozenScore(*line))
    answers: dict[int, dict[str, Response]] = {}
    rows = ReleasedAnswer.objects.filter(release=release)
    for row in rows.values("assessment_id", "question__code", *VALUE_COLUMNS):
        answers.setdefault(row["assessment_id"], {})[row["question__code"]] = response_in(row)
    moderated: dict[int, dict[str, ModeratedLevel]] = {}
    for level in ReleasedModeration.objects.filter(release=release).select_related("question"):
        moderated.setdefault(level.assessment_id, {})[level.question.code] = ModeratedLevel(
            level.moderation_id, level.self_assessed, level.proposed, level.final
        )
    return {
        row.assessment_id: FrozenSystem(
            row.submission_id,
            frozenset(scores.get(row.assessment_id, ())),
            answers.get(row.assessment_id, {}),
            moderated.get(row.assessment_id, {}),
        )
        for row in ReleasedSubmission.objects.filter(release=release)
    }


def recomputed(
    release: Release, held: Mapping[int, FrozenSystem], known: Mapping[int, FrozenSystem]
) -> dict[int, FrozenSystem | str]:
    """Return what the submissions of a release give when they are scored again, by assessment key.

    Moderated levels are those that it holds. A sentence says why a submission cannot be scored. What is
    `known` to come of the same submission and levels is not worked out a second time. One query.
    """
    content = release.round.questionnaire.content
    rows = ReleasedSubmission.objects.filter(release=release).select_related("submission__assessment")
    found: dict[int, FrozenSystem | str] = {}
    for row in rows:
        key, levels = row.assessment_id, held[row.assessment_id].moderated
        same = known.get(key)
        if same is not None and (same.submission_id, same.moderated) == (row.submission_id, levels):
            found[key] = same
        else:
            name = row.submission.assessment.organisation_name
            found[key] = _read(content, name, row.submission, {row.submission_id: levels})
    return found


def latest_release(survey_round: Round) -> Release | None:
    """Return the newest release of the round that still stands, of either kind; None when none does."""
    standing = Release.objects.filter(round=survey_round, withdrawal=None)
    return standing.order_by("-released_at", "-pk").first()


def differences(prepared: PreparedRelease, release: Release) -> tuple[str, ...]:
    """Return the names of the systems that differ from a release, by name.

    They are those with other scores or answers, and those that only one of the two counts.
    """
    held = held_by(release)
    left_out = frozenset(release.left_out.values_list("assessment_id", flat=True))
    differing = {key for key in prepared.names if _shown(prepared.systems.get(key)) != _shown(held.get(key))}
    differing |= left_out ^ prepared.withdrawn.keys()
    every = {**prepared.names, **prepared.withdrawn}
    return tuple(sorted((every[key] for key in differing), key=str.casefold))


def lapsed(prepared: PreparedRelease, release: Release) -> tuple[str, ...]:
    """Return a sentence for each system with levels that a release has as moderated and the next would not.

    They lapse with the signed copy that they belong to. By name, in one query.
    """
    rows = ReleasedModeration.objects.filter(release=release)
    gone = Counter(
        key
        for key, code in rows.values_list("assessment_id", "question__code")
        if key in prepared.systems and code not in prepared.systems[key].moderated
    )
    named = sorted((prepared.names[key].casefold(), key) for key in gone)
    then = f"moderated in {str(release).lower()}, self-assessed now"
    return tuple(f"{prepared.names[key]}: {counted(gone[key], 'level')} {then}." for _, key in named)


def _shown(system: FrozenSystem | None) -> object:
    """Return what a reader can see: a system that signed the same answers again has not changed."""
    if system is None:
        return None
    levels = {code: (each.self_assessed, each.final) for code, each in system.moderated.items()}
    return (system.scores, system.answers, levels)


def _read(
    content: Questionnaire,
    name: str,
    submission: Submission | None,
    moderated: Mapping[int, Mapping[str, ModeratedLevel]],
) -> FrozenSystem | str:
    """Return the scored submission, or the sentence that says why it cannot be."""
    if submission is None:
        return f"{name} is marked as submitted but has no signed submission. Return it so that it is signed."
    if sha256(submission.content) != submission.sha256:
        return f"Submission {submission.number} of {name} is not as it was signed: its SHA-256 does not fit."
    levels = moderated.get(submission.pk, {})
    try:
        given = responses_from(json.loads(submission.content)["answers"])
        given |= {code: replace(given[code], level=level.final) for code, level in levels.items()}
        return frozen_system(submission.pk, content, given, levels)
    except (KeyError, TypeError, ValueError) as error:
        return f"Submission {submission.number} of {name} cannot be scored ({error}). Return it."


def frozen_system(
    submission_id: int,
    content: Questionnaire,
    given: Mapping[str, Response],
    moderated: Mapping[str, ModeratedLevel] | None = None,
) -> FrozenSystem:
    """Return the answers, by question code, to the questions that are asked, and what they score.

    `given` has the final levels already; `moderated` says which those are. Raises ValueError for a question
    that the questionnaire does not have, or an answer that it cannot have.
    """
    if strangers := sorted(given.keys() - content.questions_by_code.keys()):
        raise ValueError(f"the questionnaire has no question {', '.join(strangers)}")
    on_view = asked(content, given)
    answers = {code: given[code] for code in given if code in on_view and given[code] != EMPTY}
    scores = frozenset(_frozen_scores(score(content, given)))
    return FrozenSystem(submission_id, scores, answers, moderated or {})


def _frozen_scores(card: Scorecard) -> Iterator[FrozenScore]:
    for measure, scores in (
        (Measure.DIMENSION.value, card.dimensions),
        (Measure.SECTION.value, card.sections),
        (Measure.THEME.value, card.themes),
        (Measure.GROUP.value, card.groups),
    ):
        for code, line in scores.items():
            yield _frozen_score(measure, code, line)
    for measure, code, single in (
        (Measure.OVERALL.value, "", card.overall),
        (Measure.GAP.value, "", card.gap),
        (Measure.GAP.value, CORE, card.gap_core),
    ):
        if single is not None:
            yield _frozen_score(measure, code, single)


def _frozen_score(measure: str, code: str, line: Score) -> FrozenScore:
    return FrozenScore(
        measure=measure,
        code=code,
        score=line.value,
        points=line.points,
        possible=line.possible,
        answered=line.answered,
        asked=line.of,
        not_applicable=line.not_applicable,
        withheld=line.withheld,
    )


def _fingerprint(systems: Mapping[int, FrozenSystem], withdrawn: Mapping[int, str]) -> str:
    figures = {
        str(key): [
            sorted(repr(line) for line in system.scores),
            {code: repr(response) for code, response in system.answers.items()},
            {code: repr(level) for code, level in system.moderated.items()},
        ]
        for key, system in systems.items()
    }
    return sha256(canonical({"figures": figures, "withdrawn": sorted(withdrawn)}))
