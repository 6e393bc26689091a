"""The page of one question of an assessment: its answer, its evidence, what is said about it, its history."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.http import Http404

from surveys.files.kinds import FILE_TYPES, FileKind, size_in_words
from surveys.models import Comment, Evidence, Mention, Person, Submission
from surveys.queries.answer_history import RecordedChange, recorded_changes
from surveys.queries.answer_words import AnswerWords, answer_in_words, condition_in_words
from surveys.queries.assessments import AssessmentState, StoredAnswer, assessment_state, stored_answers
from surveys.queries.colleagues import Colleague, colleagues
from surveys.queries.deadlines import moment_in_words
from surveys.queries.flags import Flag, flags
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.last_round import Beside, last_round
from surveys.questionnaires.responses import EMPTY, asked
from surveys.questionnaires.schema import Question

CHANGES_SHOWN: Final = 10
"""How many of the last changes the page shows at first."""


@dataclass(frozen=True)
class EvidenceLine:
    """A link or a file. `host` is where a link leads; `address` is empty for a file, `size` for a link.

    For removed evidence `removed_by` is not empty, and `kept` says whether its file is still stored.
    """

    id: int
    about: str
    name: str
    address: str
    host: str
    kind: str
    size: str
    sha256: str
    added_by: str
    added_at: str
    removed_by: str
    removed_at: str
    kept: bool

    def __str__(self) -> str:
        return self.about or self.name or self.address


@dataclass(frozen=True)
class CommentLine:
    """What somebody said. `body` is empty and `withdrawn_at` is not when they have taken it back."""

    id: int
    body: str
    author: str
    own: bool
    written_at: str
    withdrawn_at: str
    called: tuple[str, ...]


@dataclass(frozen=True)
class Thread:
    """A comment with the replies to it. `around` are those in it who could be called in again."""

    opening: CommentLine
    replies: tuple[CommentLine, ...]
    resolved_by: str
    resolved_at: str
    around: tuple[Colleague, ...]

    @property
    def open(self) -> bool:
        """Whether somebody may still be waiting for an answer."""
        return not self.resolved_at and not self.opening.withdrawn_at


@dataclass(frozen=True)
class QuestionPage:
    """One question of an assessment. `number` counts within the dimension, from 1.

    `history` has the newest change first, and `changes` says how many there are in all. `submitted`: it has
    been submitted at least once.
    """

    state: AssessmentState
    question: Question
    number: int
    dimension_code: str
    dimension_name: str
    asked: bool
    condition: str
    stored: StoredAnswer | None
    submitted: bool
    evidence: tuple[EvidenceLine, ...]
    removed: tuple[EvidenceLine, ...]
    threads: tuple[Thread, ...]
    colleagues: tuple[Colleague, ...]
    history: tuple[RecordedChange, ...]
    changes: int
    before: Beside | None
    flags: tuple[Flag, ...]

    @property
    def words(self) -> AnswerWords:
        """The stored answer as people read it."""
        return answer_in_words(self.question, self.stored.response if self.stored else EMPTY)

    @property
    def may_answer(self) -> bool:
        """Whether the person may answer the question at all."""
        return self.state.powers.may_answer(self.question.code)

    @property
    def may_change(self) -> bool:
        """Whether the person may change the answer, and so its evidence, now."""
        return self.may_answer and not self.state.locked

    @property
    def may_confirm(self) -> bool:
        """Whether the person may now say of the answer of the round before that it is still true."""
        empty = self.stored is None or self.stored.response == EMPTY
        return self.may_change and empty and self.before is not None and self.before.confirmable is not None

    @property
    def open_threads(self) -> int:
        """How many threads are open."""
        return sum(thread.open for thread in self.threads)


def question_page(
    person: Person, assessment_id: int, question_code: str, *, whole_history: bool = False
) -> QuestionPage:
    """Return the page. Raises Http404 when there is no such question, or it does not exist for the person."""
    state, asked_by = conversation_state(person, assessment_id, question_code)
    content = asked_by.content
    question = content.question(question_code)
    dimension = asked_by.dimension(content.dimension_codes[question_code])
    answers = stored_answers(assessment_id, asked_by)
    responses = {code: each.response for code, each in answers.items()}
    evidence = _evidence(state, asked_by.question_ids[question_code])
    people = colleagues(state, asked_by.question_ids[question_code])
    history = tuple(recorded_changes(assessment_id, asked_by, question_code))[::-1]
    return QuestionPage(
        state=state,
        question=question,
        number=1 + [each.code for each in dimension.all_questions].index(question_code),
        dimension_code=dimension.code,
        dimension_name=dimension.name,
        asked=question_code in asked(content, responses),
        condition=condition_in_words(content, question),
        stored=answers.get(question_code),
        submitted=Submission.objects.filter(assessment_id=assessment_id).exists(),
        evidence=tuple(line for line in evidence if not line.removed_by),
        removed=tuple(line for line in evidence if line.removed_by),
        threads=_threads(person, state, asked_by.question_ids[question_code], people),
        colleagues=tuple(each for each in people if each.person_id != person.pk),
        history=history if whole_history else history[:CHANGES_SHOWN],
        changes=len(history),
        before=last_round(assessment_id, asked_by).get(question_code),
        flags=flags(
            assessment_id,
            asked_by,
            responses,
            frozenset([question_code] if any(not line.removed_by for line in evidence) else []),
        ).get(question_code, ()),
    )


def conversation_state(
    person: Person, assessment_id: int, question_code: str = ""
) -> tuple[AssessmentState, Instrument]:
    """Return where an assessment stands, for somebody who may take part in its conversation.

    Raises Http404 for everybody else, and when `question_code` is given and there is no such question.
    """
    state = assessment_state(person, assessment_id)
    asked_by = instrument(state.questionnaire_id)
    if not state.powers.comment or (question_code and question_code not in asked_by.question_ids):
        raise Http404
    if question_code and not state.powers.may_read(question_code):
        raise Http404
    return state, asked_by


def _evidence(state: AssessmentState, question_id: int) -> tuple[EvidenceLine, ...]:
    rows = Evidence.objects.filter(assessment_id=state.id, question_id=question_id)
    return tuple(
        EvidenceLine(
            id=row.pk,
            about=row.about,
            name=row.file_name,
            address=row.address,
            host=urlsplit(row.address).hostname or "",
            kind=FILE_TYPES[FileKind(row.file_kind)].words if row.file_kind else "a link",
            size=size_in_words(row.size) if row.size else "",
            sha256=row.sha256,
            added_by=row.added_by.name,
            added_at=moment_in_words(row.added_at),
            removed_by=row.removed_by.name if row.removed_by else "",
            removed_at=_words(row.removed_at),
            kept=bool(row.stored_as),
        )
        for row in rows.select_related("added_by", "removed_by").order_by("added_at", "pk")
    )


def _threads(
    person: Person, state: AssessmentState, question_id: int, people: Iterable[Colleague]
) -> tuple[Thread, ...]:
    """Return the threads in the order in which they were opened."""
    rows = Comment.objects.filter(assessment_id=state.id, question_id=question_id)
    comments = list(rows.select_related("author", "resolved_by").order_by("written_at", "pk"))
    called = _called(comments)
    replies: dict[int, list[Comment]] = defaultdict(list)
    for comment in comments:
        if comment.reply_to_id is not None:
            replies[comment.reply_to_id].append(comment)
    return tuple(
        Thread(
            opening=_line(person, opening, called),
            replies=tuple(_line(person, reply, called) for reply in replies[opening.pk]),
            resolved_by=opening.resolved_by.name if opening.resolved_by else "",
            resolved_at=_words(opening.resolved_at),
            around=_around(person, (opening, *replies[opening.pk]), called, people),
        )
        for opening in comments
        if opening.reply_to_id is None
    )


def _called(comments: Sequence[Comment]) -> Mapping[int, list[Person]]:
    found: dict[int, list[Person]] = defaultdict(list)
    mentions = Mention.objects.filter(comment_id__in=[comment.pk for comment in comments])
    for mention in mentions.select_related("person").order_by("person__name", "pk"):
        found[mention.comment_id].append(mention.person)
    return found


def _line(person: Person, comment: Comment, called: Mapping[int, list[Person]]) -> CommentLine:
    withdrawn = comment.withdrawn_at is not None
    return CommentLine(
        id=comment.pk,
        body="" if withdrawn else comment.body,
        author=comment.author.name,
        own=comment.author_id == person.pk,
        written_at=moment_in_words(comment.written_at),
        withdrawn_at=_words(comment.withdrawn_at),
        called=() if withdrawn else tuple(each.name for each in called.get(comment.pk, ())),
    )


def _around(
    person: Person,
    comments: Sequence[Comment],
    called: Mapping[int, list[Person]],
    people: Iterable[Colleague],
) -> tuple[Colleague, ...]:
    """Return who spoke or was called in a thread and may still read it, without the person who looks."""
    keys = {comment.author_id for comment in comments}
    keys |= {each.pk for comment in comments for each in called.get(comment.pk, ())}
    return tuple(each for each in people if each.person_id in keys - {person.pk})


def _words(moment: datetime.datetime | None) -> str:
    return moment_in_words(moment) if moment else ""
