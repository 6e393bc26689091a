"""What a system answered in the round before, beside the questions that it is asked now.

The round before is the latest one to close before this one, of the same questionnaire in any version, in
which the organisation signed a submission, or one that became it by a merger or a split did. It is SQL of our
own, because one statement then follows the successions, finds the round and reads what was signed and
released, and because it is read for every section page.
"""

from __future__ import annotations

import datetime
import json
import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.db import connection

from surveys.queries.answer_words import AnswerWords, answer_in_words
from surveys.queries.deadlines import day_in_words
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.submission_copy import SubmittedCopy, read_copy
from surveys.questionnaires.comparison_map import lines_to
from surveys.questionnaires.responses import EMPTY, Response, check, is_answered
from surveys.questionnaires.schema import ComparedQuestion, ComparisonStatus, Question, Questionnaire

KEPT_FOR: Final = 300
"""For how many seconds at most a process keeps what it has read for pages."""

LONGEST_HEADLINE: Final = 60
"""The most characters of an answer that stand in the line above it."""

_FIND = """
WITH RECURSIVE this AS (
    SELECT
        assessment.id, assessment.organisation_id, own_round.closes_at, own_round.participants_as_at,
        instrument.key
    FROM surveys_assessment AS assessment
    JOIN surveys_round AS own_round ON own_round.id = assessment.round_id
    JOIN surveys_questionnaire AS instrument ON instrument.id = own_round.questionnaire_id
    WHERE assessment.id = ANY(%(assessments)s)
), lineage AS (
    SELECT id AS this_id, organisation_id, TRUE AS own, TRUE AS whole FROM this
    UNION
    SELECT lineage.this_id, step.predecessor_id, FALSE, lineage.whole AND step.extent = 'whole'
    FROM lineage
    JOIN this ON this.id = lineage.this_id
    JOIN surveys_succession AS step ON step.successor_id = lineage.organisation_id
    WHERE step.kind <> 'boundary_transfer' AND step.effective_on <= this.participants_as_at
), ancestor AS (
    SELECT this_id, organisation_id, bool_or(own) AS own, bool_or(whole) AS whole
    FROM lineage GROUP BY this_id, organisation_id
), earlier AS (
    SELECT
        this.id AS this_id, assessment.id, assessment.organisation_name, ancestor.own, ancestor.whole,
        then_round.id AS round_id, then_round.title, then_round.questionnaire_id,
        rank() OVER (PARTITION BY this.id ORDER BY then_round.closes_at DESC, then_round.id DESC) AS place
    FROM ancestor
    JOIN this ON this.id = ancestor.this_id
    JOIN surveys_assessment AS assessment ON assessment.organisation_id = ancestor.organisation_id
    JOIN surveys_round AS then_round ON then_round.id = assessment.round_id
    JOIN surveys_questionnaire AS instrument ON instrument.id = then_round.questionnaire_id
    WHERE then_round.closes_at < this.closes_at
        AND then_round.status IN ('closed', 'provisional', 'published')
        AND instrument.key = this.key
        AND EXISTS (SELECT FROM surveys_submission WHERE assessment_id = assessment.id)
)
SELECT
    earlier.this_id, earlier.organisation_name, earlier.own, earlier.whole, earlier.round_id, earlier.title,
    earlier.questionnaire_id, signed.content, signed.signed_by_name, signed.signed_by_job_title,
    signed.signed_at,
    (
        SELECT jsonb_object_agg(question.code, answer.level)::text
        FROM surveys_releasedanswer AS answer
        JOIN surveys_question AS question ON question.id = answer.question_id
        WHERE answer.assessment_id = earlier.id
            AND answer.level IS NOT NULL
            AND answer.release_id = (
                SELECT id FROM surveys_release
                WHERE round_id = earlier.round_id AND kind = 'published'
                    AND id NOT IN (SELECT release_id FROM surveys_withdrawal)
                ORDER BY number DESC LIMIT 1
            )
    )
FROM earlier
CROSS JOIN LATERAL (
    SELECT content, signed_by_name, signed_by_job_title, signed_at
    FROM surveys_submission WHERE assessment_id = earlier.id
    ORDER BY number DESC LIMIT 1
) AS signed
WHERE earlier.place = 1
ORDER BY earlier.this_id, earlier.own DESC, earlier.organisation_name
"""


@dataclass(frozen=True)
class EarlierAnswer:
    """What one organisation answered to a question in the round before; `words.value` is empty for nothing.

    `part`: only part of that organisation came to this one. `level` is the one that was published, else the
    one that was signed; `released_as` is it in words where the two differ. `answered` says who answered and
    when; it is empty where the submission does not say.
    """

    organisation_name: str
    own: bool
    part: bool
    response: Response
    words: AnswerWords
    answered: str
    signed: str
    level: int | None
    released_as: str

    @property
    def in_short(self) -> str:
        """The answer in a few words, without a full stop; "answered" for a long one."""
        words = self.words.value
        if len(words) > LONGEST_HEADLINE or "\n" in words:
            return "answered"
        published = f", published as {self.released_as}" if self.released_as else ""
        return f"{words.rstrip('.') or 'not answered'}{published}"


@dataclass(frozen=True)
class Beside:
    """What stands beside one question: the answers of the round before, first the organisation's own.

    `relation` says in plain English how the question has changed; it is empty when it has not. `confirmable`
    is the one answer that may be confirmed as still true; None when there is none, or not exactly one.
    """

    round_id: int
    round_title: str
    new: bool
    comparable: bool
    relation: str
    answers: tuple[EarlierAnswer, ...]
    confirmable: Response | None

    @property
    def headline(self) -> str:
        """What was answered, in a few words, with the names of the organisations where there are several."""
        if len(self.answers) == 1:
            return self.answers[0].in_short
        return "; ".join(f"{answer.organisation_name}: {answer.in_short}" for answer in self.answers)

    @property
    def sentence(self) -> str:
        """What stands beside the choices: the answer, where it can be compared; empty otherwise."""
        return f"Last round: {self.headline}." if self.comparable and not self.blank else ""

    @property
    def blank(self) -> bool:
        """Whether the question was asked and nobody answered it or said anything about it."""
        return not self.new and not any(answer.words.value or answer.words.comment for answer in self.answers)


@dataclass(frozen=True)
class _Copy:
    """What was signed by one organisation in the round before."""

    organisation_name: str
    own: bool
    whole: bool
    round_id: int
    round_title: str
    questionnaire_id: int
    copy: SubmittedCopy
    signed_by: str
    job_title: str
    signed_at: datetime.datetime
    released: Mapping[str, int]


def last_round(assessment_id: int, asked_by: Instrument) -> Mapping[str, Beside]:
    """Return what stands beside each question, by question code; nothing when there is no round before.

    It is read in one query, and kept for up to KEPT_FOR seconds: a correction of the round before is that
    late. It says nothing of who may read it: that is whoever may read the assessment.
    """
    return _kept(assessment_id, asked_by.id, int(time.monotonic() // KEPT_FOR))


def last_round_now(assessment_id: int, asked_by: Instrument) -> Mapping[str, Beside]:
    """Return the same as it is at this moment, for writing."""
    return _beside_each(asked_by, _copies([assessment_id]).get(assessment_id, ()))


def last_rounds(assessment_ids: Collection[int], asked_by: Instrument) -> Mapping[int, Mapping[str, Beside]]:
    """Return the same for several assessments of one questionnaire, by assessment, in one query.

    It is kept as `last_round` is.
    """
    return _kept_together(tuple(sorted(assessment_ids)), asked_by.id, int(time.monotonic() // KEPT_FOR))


@lru_cache(maxsize=16)
def _kept_together(
    assessment_ids: tuple[int, ...], questionnaire_id: int, _spell: int
) -> Mapping[int, Mapping[str, Beside]]:
    asked_by = instrument(questionnaire_id)
    copies = _copies(assessment_ids)
    return {key: _beside_each(asked_by, copies.get(key, ())) for key in assessment_ids}


def _beside_each(asked_by: Instrument, copies: tuple[_Copy, ...]) -> Mapping[str, Beside]:
    if not copies:
        return {}
    then = instrument(copies[0].questionnaire_id).content
    now = asked_by.content
    lines = lines_to(now, then)
    return {
        question.code: _beside(question, _line(question, lines, then), then, copies)
        for question in now.questions
    }


@lru_cache(maxsize=256)
def _kept(assessment_id: int, questionnaire_id: int, _spell: int) -> Mapping[str, Beside]:
    return last_round_now(assessment_id, instrument(questionnaire_id))


def _copies(assessment_ids: Collection[int]) -> Mapping[int, tuple[_Copy, ...]]:
    found: defaultdict[int, tuple[_Copy, ...]] = defaultdict(tuple)
    with connection.cursor() as cursor:
        cursor.execute(_FIND, {"assessments": list(assessment_ids)})
        for this_id, *row in cursor.fetchall():
            name, own, whole, round_id, title, questionnaire_id, content, by, job_title, at, levels = row
            copy = _Copy(
                organisation_name=name,
                own=own,
                whole=whole,
                round_id=round_id,
                round_title=title,
                questionnaire_id=questionnaire_id,
                copy=read_copy(content),
                signed_by=by,
                job_title=job_title,
                signed_at=at,
                released=json.loads(levels or "{}"),
            )
            found[this_id] += (copy,)
    return found


def _line(
    question: Question, lines: Mapping[str, ComparedQuestion], then: Questionnaire
) -> ComparedQuestion | None:
    """Return how a question relates to the round before; None when the questionnaire does not say."""
    if question.code in lines:
        return lines[question.code]
    if question.code in then.questions_by_code:
        return None
    return ComparedQuestion(question.code, "", ComparisonStatus.NEW)


def _beside(
    question: Question, line: ComparedQuestion | None, then: Questionnaire, copies: tuple[_Copy, ...]
) -> Beside:
    before = then.questions_by_code.get(line.previous if line else question.code)
    answers = () if before is None else tuple(_answer(before, copy) for copy in copies)
    comparable = before is not None and line is not None and line.comparable
    return Beside(
        round_id=copies[0].round_id,
        round_title=copies[0].round_title,
        new=before is None,
        comparable=comparable,
        relation=_relation(question, line, before, copies[0].round_title),
        answers=answers,
        confirmable=_confirmable(question, answers) if comparable else None,
    )


def _answer(question: Question, copy: _Copy) -> EarlierAnswer:
    response = copy.copy.responses.get(question.code, EMPTY)
    answered = copy.copy.answered_by.get(question.code)
    released = copy.released.get(question.code, response.level)
    signer = f"{copy.signed_by}, {copy.job_title}," if copy.job_title else copy.signed_by
    return EarlierAnswer(
        organisation_name=copy.organisation_name,
        own=copy.own,
        part=not copy.whole,
        response=response,
        words=answer_in_words(question, response),
        answered=f"Answered by {answered.name} on {day_in_words(answered.at)}." if answered else "",
        signed=f"Signed by {signer} on {day_in_words(copy.signed_at)}.",
        level=released,
        released_as=""
        if released == response.level
        else answer_in_words(question, Response(level=released)).value,
    )


def _confirmable(question: Question, answers: tuple[EarlierAnswer, ...]) -> Response | None:
    """Return the one answer that is the organisation's own and that may be stored as it is today."""
    if len(answers) != 1 or not answers[0].own:
        return None
    response = answers[0].response
    return response if is_answered(question, response) and not check(question, response) else None


def _relation(
    question: Question, line: ComparedQuestion | None, before: Question | None, round_title: str
) -> str:
    if before is None:
        return f"This question is new: it was not asked in {round_title}."
    if line is None:
        return (
            "The questionnaire does not say whether this is still the same question, so the answers are not "
            f"compared. It was: “{before.text}”"
        )
    if line.status is ComparisonStatus.SAME:
        return ""
    asked = f" It was: “{before.text}”" if before.text != question.text else ""
    if line.comparable:
        return f"The question has been reworded since. The answers can still be compared.{asked}"
    return f"The question has been reworded since, so that the answers cannot be compared.{asked}"
