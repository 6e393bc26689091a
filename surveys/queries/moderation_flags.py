"""What a reviewer looks at again: signed levels that a rule flags.

A flag says that a level may be worth a question, never that it is wrong. The rules are held against signed
copies that stand, in any stage of a round; what is not asked, not answered or not applicable plays no part.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery

from surveys.analysis.outliers import FEWEST_PEERS, outlier
from surveys.analysis.peers import closest, likeness
from surveys.models import Assessment, Evidence, Round, Submission
from surveys.permissions import AnyPerson, Permission, has_anywhere, reach, visible_to
from surveys.queries.answer_words import number_in_words
from surveys.queries.flags import LARGE_CHANGE
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.last_round import KEPT_FOR, Beside, last_rounds
from surveys.queries.results.nearest import EQUAL_WEIGHTS, newest_populations
from surveys.queries.rounds import round_for
from surveys.queries.submission_copy import read_copy
from surveys.questionnaires.contradictions import contradictions_among, level_in_doubt
from surveys.questionnaires.responses import Response, asked
from surveys.questionnaires.schema import Dimension, Question, QuestionKind

SYSTEMS_AT_A_TIME: Final = 100
"""How many systems are read at once for a file."""

FEWEST_EQUAL: Final = 3
"""How many levels a dimension has at least, for it to be noticed that they are all equal."""


class Rule(StrEnum):
    """What a signed answer is flagged for."""

    UNPROVEN_TOP = "unproven_top"
    ALL_EQUAL = "all_equal"
    JUMP = "jump"
    CONTRADICTION = "contradiction"
    OUTLIER = "outlier"


RULE_NAMES: Final[Mapping[Rule, str]] = MappingProxyType(
    {
        Rule.UNPROVEN_TOP: "Highest level without comment or evidence",
        Rule.ALL_EQUAL: "All levels equal",
        Rule.JUMP: "Large change since the round before",
        Rule.CONTRADICTION: "Level that does not fit with another answer",
        Rule.OUTLIER: "Level far from those of similar systems",
    }
)
"""The rules as people read them."""


@dataclass(frozen=True)
class ModerationFlag:
    """One reason to look at signed levels again, in a sentence for a reviewer.

    `question` and `dimension` are codes: a flag of a whole dimension has no question, one of the whole
    questionnaire neither. `level` is the level in doubt, or the one that all are equal to.
    """

    rule: Rule
    dimension: str
    question: str
    level: int
    words: str

    @property
    def rule_name(self) -> str:
        """The rule as people read it."""
        return RULE_NAMES[self.rule]


Flags = tuple[ModerationFlag, ...]


@dataclass(frozen=True)
class _Standing:
    """A signed copy that stands, not read yet."""

    assessment_id: int
    organisation_id: int
    region_id: int
    submission_id: int


@dataclass(frozen=True)
class _Signed:
    """What was signed: the answers to questions that are asked, and their levels, by question code."""

    responses: Mapping[str, Response]
    levels: Mapping[str, int]
    evidenced: frozenset[str]


@dataclass(frozen=True)
class _Peers:
    """The assessments that one is held against, and what they are called."""

    assessments: tuple[int, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class FlaggedSystem:
    """A system whose signed copy stands, with its flags."""

    organisation_name: str
    ods_code: str
    region_name: str
    status_label: str
    flags: Flags


@dataclass(frozen=True)
class RoundFlags:
    """The flags of a round: its systems by region and name, read as they are asked for.

    `dimensions` are the names of its dimensions and `questions` the texts of its questions, by code.
    """

    title: str
    synthetic: bool
    dimensions: Mapping[str, str]
    questions: Mapping[str, str]
    systems: Iterator[FlaggedSystem]


def round_flags(person: AnyPerson, round_id: int) -> RoundFlags:
    """Return the flags of the systems that the person follows, as far as they may know them.

    Raises Http404 unless the person follows a system of the round, or manages rounds.
    """
    survey_round = round_for(person, round_id, Permission.FOLLOW)
    content = instrument(survey_round.questionnaire_id).content
    return RoundFlags(
        title=survey_round.title,
        synthetic=survey_round.synthetic,
        dimensions={dimension.code: dimension.name for dimension in content.dimensions},
        questions={question.code: question.text for question in content.questions},
        systems=_flagged_systems(person, survey_round),
    )


def _flagged_systems(person: AnyPerson, survey_round: Round) -> Iterator[FlaggedSystem]:
    rows = Assessment.objects.filter(round=survey_round, status=Assessment.Status.SUBMITTED).taking_part()
    within = visible_to(person, Permission.FOLLOW, rows).order_by("region_name", "organisation_name", "pk")
    for page in Paginator(within, SYSTEMS_AT_A_TIME):
        found = moderation_flags_for(person, survey_round, [row.pk for row in page])
        for row in page:
            yield FlaggedSystem(
                row.organisation_name,
                row.ods_code,
                row.region_name,
                row.get_status_display(),
                found.get(row.pk, ()),
            )


def moderation_flags_for(
    person: AnyPerson, survey_round: Round, assessment_ids: Collection[int] | None = None
) -> dict[int, Flags]:
    """Return `moderation_flags` as far as somebody who follows the round may know them.

    An outlier tells of other systems: it is left out for those who may not see the results of every system
    yet. It says nothing of which assessments the person may see.
    """
    everything = reach(person, Permission.SEE_ALL_RESULTS).everywhere or (
        survey_round.status in {Round.Status.PROVISIONAL, Round.Status.PUBLISHED}
        and has_anywhere(person, Permission.SEE_ALL_RESULTS)
    )
    return moderation_flags(survey_round, assessment_ids, outliers=everything)


def moderation_flags(
    survey_round: Round, assessment_ids: Collection[int] | None = None, *, outliers: bool = True
) -> dict[int, Flags]:
    """Return the flags of the signed copies that stand in a round, by assessment, in questionnaire order.

    Every assessment that stands as submitted is there, also those without a flag; with `assessment_ids` only
    those of them. Flags of the whole questionnaire come first, then each dimension's before its questions'.
    At most four queries, whatever the number of systems. Signed copies never change, so a process keeps what
    it found for as long as the same ones stand, up to KEPT_FOR seconds: then one query is enough.
    """
    chosen = None if assessment_ids is None else frozenset(assessment_ids)
    standing = _standing(survey_round)
    wanted = tuple(row for row in standing if chosen is None or row.assessment_id in chosen)
    if not wanted:
        return {}
    spell = int(time.monotonic() // KEPT_FOR)
    return dict(_kept(survey_round.questionnaire_id, standing, wanted, outliers, spell))


@lru_cache(maxsize=16)
def _kept(
    questionnaire_id: int,
    standing: tuple[_Standing, ...],
    wanted: tuple[_Standing, ...],
    outliers: bool,
    _spell: int,
) -> Mapping[int, Flags]:
    asked_by = instrument(questionnaire_id)
    peers = _peers(standing, wanted) if outliers else {}
    read = {row.assessment_id for row in wanted}.union(*(each.assessments for each in peers.values()))
    signed = _signed(asked_by, [row for row in standing if row.assessment_id in read])
    before = last_rounds([row.assessment_id for row in wanted], asked_by)
    return {
        key: tuple(_flags(asked_by, signed, key, before[key], peers.get(key, _Peers())))
        for key in (row.assessment_id for row in wanted)
    }


def _standing(survey_round: Round) -> tuple[_Standing, ...]:
    latest = Submission.objects.filter(assessment=OuterRef("pk")).order_by("-number")
    rows = Assessment.objects.filter(round=survey_round, status=Assessment.Status.SUBMITTED).taking_part()
    signed = rows.annotate(submission_id=Subquery(latest.values("pk")[:1])).order_by("pk")
    found = signed.values_list("pk", "organisation_id", "region_id", "submission_id")
    return tuple(_Standing(*row) for row in found)


def _signed(asked_by: Instrument, standing: Sequence[_Standing]) -> dict[int, _Signed]:
    evidence = Evidence.objects.filter(assessment=OuterRef("assessment"), removed_at=None).order_by()
    copies = Submission.objects.filter(pk__in=[row.submission_id for row in standing]).annotate(
        evidenced=ArraySubquery(evidence.values("question_id").distinct())
    )
    found = {}
    for assessment_id, content, evidenced in copies.values_list("assessment_id", "content", "evidenced"):
        given = read_copy(content).responses
        on_view = asked(asked_by.content, given)
        responses = {code: response for code, response in given.items() if code in on_view}
        found[assessment_id] = _Signed(
            responses,
            {
                question.code: level
                for question in asked_by.content.questions
                if question.kind is QuestionKind.MATURITY
                and question.code in responses
                and (level := responses[question.code].level) is not None
            },
            frozenset(asked_by.question_codes[key] for key in evidenced),
        )
    return found


def _peers(standing: Sequence[_Standing], wanted: Sequence[_Standing]) -> dict[int, _Peers]:
    """Return what each is held against: the nearest systems, else those of its region, else all others.

    Nearest ones only where the populations are held for every system that signed. One query.
    """
    keys = {row.organisation_id: str(row.assessment_id) for row in standing}
    variables, _ = newest_populations(keys)
    among = likeness(variables, keys.values())
    nearest = {
        str(row.assessment_id): closest(among, str(row.assessment_id), EQUAL_WEIGHTS) for row in wanted
    }
    regions = defaultdict(list)
    for row in standing:
        regions[row.region_id].append(row.assessment_id)
    everybody = [row.assessment_id for row in standing]
    found = {}
    for row in wanted:
        near = tuple(int(peer.key) for peer in nearest[str(row.assessment_id)].peers)
        region = tuple(key for key in regions[row.region_id] if key != row.assessment_id)
        if len(near) >= FEWEST_PEERS:
            found[row.assessment_id] = _Peers(near, f"the {len(near)} systems nearest to it")
        elif len(region) >= FEWEST_PEERS:
            found[row.assessment_id] = _Peers(region, "the other systems of its region")
        else:
            others = tuple(key for key in everybody if key != row.assessment_id)
            found[row.assessment_id] = _Peers(others, "all other systems")
    return found


def _flags(
    asked_by: Instrument,
    signed: Mapping[int, _Signed],
    assessment_id: int,
    before: Mapping[str, Beside],
    peers: _Peers,
) -> Iterator[ModerationFlag]:
    own = signed[assessment_id]
    alike = _all_equal(own.levels.values()) if len(asked_by.content.dimensions) > 1 else None
    if alike is not None:
        yield ModerationFlag(
            Rule.ALL_EQUAL, "", "", alike, f"All {len(own.levels)} levels of the questionnaire are {alike}."
        )
    doubts = defaultdict(list)
    for each in contradictions_among(asked_by.content, own.responses):
        doubts[level_in_doubt(asked_by.content, each).code].append(each.words)
    for dimension in asked_by.content.dimensions:
        if alike is None:
            yield from _equal_dimension(dimension, own.levels)
        for question in dimension.all_questions:
            level = own.levels.get(question.code)
            if level is None:
                continue
            others = [signed[key].levels.get(question.code) for key in peers.assessments]
            for rule, words in (
                *_unproven(question, level, own),
                *_jump(level, before.get(question.code)),
                *((Rule.CONTRADICTION, words) for words in doubts[question.code]),
                *_outlier(level, others, peers.name),
            ):
                yield ModerationFlag(rule, dimension.code, question.code, level, words)


def _all_equal(levels: Collection[int]) -> int | None:
    """Return the level that all are equal to; None when they differ, or are too few to wonder."""
    return next(iter(levels)) if len(levels) >= FEWEST_EQUAL and len(set(levels)) == 1 else None


def _equal_dimension(dimension: Dimension, levels: Mapping[str, int]) -> Iterator[ModerationFlag]:
    held = [levels[each.code] for each in dimension.all_questions if each.code in levels]
    alike = _all_equal(held)
    if alike is not None:
        words = f"All {len(held)} levels of this dimension are {alike}."
        yield ModerationFlag(Rule.ALL_EQUAL, dimension.code, "", alike, words)


def _unproven(question: Question, level: int, own: _Signed) -> Iterator[tuple[Rule, str]]:
    bare = not own.responses[question.code].comment.strip() and question.code not in own.evidenced
    if bare and level == question.levels[-1].value:
        yield Rule.UNPROVEN_TOP, f"Level {level} is the highest, and there is no comment or evidence."


def _jump(level: int, beside: Beside | None) -> Iterator[tuple[Rule, str]]:
    """Hold a level against the one that counted in the round before, which moderation may have changed."""
    if beside is None or beside.confirmable is None:
        return
    (answer,) = beside.answers
    before = answer.level
    if before is not None and abs(level - before) >= LARGE_CHANGE:
        way = "higher" if level > before else "lower"
        than = f"{abs(level - before)} levels {way} than in {beside.round_title}"
        was = "was published as" if answer.released_as else "was"
        yield Rule.JUMP, f"Level {level} is {than}, where it {was} {before}."


def _outlier(level: int, others: Sequence[int | None], name: str) -> Iterator[tuple[Rule, str]]:
    found = outlier(level, others)
    if found:
        way = "above" if found.distance > 0 else "below"
        distance, median = number_in_words(abs(found.distance)), number_in_words(found.median)
        yield (
            Rule.OUTLIER,
            f"Level {level} is {distance} levels {way} the median of {name}, which is {median}.",
        )
