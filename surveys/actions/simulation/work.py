"""One assessment of a simulated round, filled in by several people at once, each at their own part of it."""

from __future__ import annotations

import io
import itertools
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from django.db import connection

from surveys.actions.answers import AnswerSave, SaveOutcome, save_answers
from surveys.actions.colleagues import invite_colleague
from surveys.actions.conversation import add_comment, resolve_thread, withdraw_comment
from surveys.actions.demonstration.chance import chance
from surveys.actions.evidence import add_file, add_link, remove_evidence
from surveys.actions.handing_out import hand_out
from surveys.actions.section_marks import mark_done, request_changes
from surveys.actions.section_work import note_work
from surveys.actions.simulation.cast import COLLEAGUES, SITE, Team, address
from surveys.actions.simulation.courses import Course
from surveys.actions.simulation.failure import must_hold, must_refuse
from surveys.models import Person, Submission
from surveys.queries.assessments import assessment_state, stored_answers
from surveys.queries.instruments import Instrument
from surveys.queries.last_round import last_round
from surveys.questionnaires.responses import EMPTY, Response
from surveys.questionnaires.schema import Dimension

AT_ONCE: Final = 4
"""How many people of one assessment save at the same moment."""

CONFIRMED: Final = 0.3
"""Of the questions that can be answered as in the round before, the share that is."""

TYPED_ALONE: Final = 3
"""How many answers of a section are saved one by one; those before them go together."""


@dataclass(frozen=True)
class Work:
    """An assessment with its people, its course, and what they are going to answer by question code."""

    assessment_id: int
    round_title: str
    instrument: Instrument
    team: Team
    course: Course
    answers: Mapping[str, Response]

    @property
    def name(self) -> str:
        """How the system is called."""
        return self.team.place.name

    @property
    def copies(self) -> int:
        """How often it has been signed."""
        return Submission.objects.filter(assessment_id=self.assessment_id).count()

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The sections of the questionnaire."""
        return self.instrument.content.dimensions

    @property
    def twice_handed(self) -> tuple[Dimension, str]:
        """The last dimension, and the question of it that a second person is handed too."""
        last = self.dimensions[-1]
        return last, next(question.code for question in last.all_questions if question.scored)


def works_of(works: Sequence[Work], *wanted: Course) -> list[Work]:
    """Return the assessments that take one of these courses."""
    return [work for work in works if work.course in wanted]


Owners = Mapping[str, Person]


def hand_out_work(work: Work) -> Owners:
    """Let the lead invite colleagues and hand out the sections; return who has which, by its code.

    Sections go round among contributors, colleagues and the lead. A single question is handed to a second
    person.
    """
    colleagues = [_invite(work, number) for number in range(1, COLLEAGUES + 1)]
    takers = itertools.cycle([*work.team.contributors, *colleagues, work.team.lead])
    owners = {dimension.code: taker for dimension, taker in zip(work.dimensions, takers, strict=False)}
    for dimension_code, taker in owners.items():
        _hand(work, dimension_code, taker)
    last, code = work.twice_handed
    _hand(work, last.code, work.team.contributors[0], frozenset({code}))
    return owners


def _invite(work: Work, number: int) -> Person:
    invited = invite_colleague(
        by=work.team.lead,
        assessment_id=work.assessment_id,
        email=address(f"colleague-{number}-of-{work.assessment_id}", work.team.place),
        name=f"{work.name} colleague {number} (simulated)",
        job_title="Analyst",
        site=SITE,
    )
    return Person.objects.get(pk=invited.person_id)


def _hand(
    work: Work, dimension_code: str, person: Person, question_codes: frozenset[str] = frozenset()
) -> None:
    hand_out(
        by=work.team.lead,
        assessment_id=work.assessment_id,
        dimension_code=dimension_code,
        person_id=person.pk,
        question_codes=question_codes,
        site=SITE,
    )


def answer_at_once(work: Work, owners: Owners, people: ThreadPoolExecutor, *, share: float = 1) -> int:
    """Let everybody answer their sections at the same time; return how many answers were saved.

    `share` is how much of the sections is answered, from the first on.
    """
    begun = work.dimensions[: max(1, round(share * len(work.dimensions)))]
    acts: list[Callable[[], int]] = [
        partial(_answer, work, owner, [each for each in begun if owners[each.code] == owner])
        for owner in dict.fromkeys(owners[each.code] for each in begun)
    ]
    return sum(people.map(_apart, acts))


def _apart(act: Callable[[], int]) -> int:
    """Do something in a thread, with a connection of its own."""
    try:
        return act()
    finally:
        connection.close()


def _answer(work: Work, person: Person, sections: list[Dimension]) -> int:
    state = assessment_state(person, work.assessment_id)
    beside = last_round(work.assessment_id, work.instrument)
    total = 0
    for section in sections:
        note_work(by=person, state=state, dimension_code=section.code)
        codes = [question.code for question in section.all_questions if question.code in work.answers]
        again = [
            code
            for code in codes
            if _still_true(work, code) and beside.get(code) and beside[code].confirmable
        ]
        typed = [code for code in codes if code not in again]
        groups = [typed[:-TYPED_ALONE], *([code] for code in typed[-TYPED_ALONE:])]
        for group in filter(None, groups):
            saves = [AnswerSave(code, 0, work.answers[code]) for code in group]
            _saved(work, group, save_answers(by=person, assessment_id=work.assessment_id, saves=saves))
        for code in again:
            empty = [AnswerSave(code, 0, EMPTY)]
            _saved(
                work,
                [code],
                save_answers(by=person, assessment_id=work.assessment_id, saves=empty, confirm=code),
            )
        total += len(codes)
    return total


def _still_true(work: Work, code: str) -> bool:
    return chance("still true", work.name, work.round_title, code).random() < CONFIRMED


def _saved(work: Work, codes: list[str], outcome: SaveOutcome) -> None:
    must_hold(f"{work.name} has saved {', '.join(codes)}", held=outcome.saved == set(codes))


def disagree(work: Work, owners: Owners) -> None:
    """Let two people answer the same question: the second sees both answers, and decides for the first.

    And let somebody answer what is not theirs, which must not be possible.
    """
    last, code = work.twice_handed
    second, first = work.team.contributors[0], owners[last.code]
    known = stored_answers(work.assessment_id, work.instrument)[code]
    other = replace(known.response, comment=f"{known.response.comment} Seen in two ways (made up).".strip())
    stale = save_answers(by=second, assessment_id=work.assessment_id, saves=[AnswerSave(code, 0, other)])
    must_hold(f"{second.name} is told of the answer of {first.name}", held=set(stale.conflicts) == {code})
    theirs = stale.conflicts[code].theirs
    decided = save_answers(
        by=second,
        assessment_id=work.assessment_id,
        saves=[AnswerSave(code, theirs.version, theirs.response)],
    )
    must_hold(f"the answer of {first.name} is kept", held=decided.unchanged == {code})
    must_refuse(
        f"{work.team.approver.name} answers a question",
        lambda: save_answers(
            by=work.team.approver, assessment_id=work.assessment_id, saves=[AnswerSave(code, 0, other)]
        ),
    )


def talk(work: Work, owners: Owners) -> None:
    """Let the lead ask about an answer, the owner reply, and evidence be put behind it."""
    first = work.dimensions[0]
    owner, lead = owners[first.code], work.team.lead
    code = first.all_questions[0].code
    asked = _say(work, lead, code, "Can we show this? (made up)", called=frozenset({owner.pk}))
    _say(work, owner, code, "Yes, there is a table of it. (made up)", reply_to=asked)
    hasty = _say(work, owner, code, "This was meant for another question. (made up)")
    withdraw_comment(by=owner, assessment_id=work.assessment_id, question_code=code, comment_id=hasty)
    link = add_link(
        by=owner,
        assessment_id=work.assessment_id,
        question_code=code,
        address=f"{SITE}/coverage",
        about="A made-up table",
    )
    add_file(
        by=owner,
        assessment_id=work.assessment_id,
        question_code=code,
        file=io.BytesIO(f"Made up for the simulation: {work.name}\n".encode()),
        name="coverage-table.txt",
        about="The same as a file",
    )
    remove_evidence(by=owner, assessment_id=work.assessment_id, question_code=code, evidence_id=link.pk)
    resolve_thread(by=lead, assessment_id=work.assessment_id, question_code=code, comment_id=asked)


def _say(
    work: Work,
    person: Person,
    code: str,
    body: str,
    *,
    reply_to: int | None = None,
    called: frozenset[int] = frozenset(),
) -> int:
    said = add_comment(
        by=person,
        assessment_id=work.assessment_id,
        question_code=code,
        body=body,
        key=uuid.uuid4(),
        site=SITE,
        reply_to=reply_to,
        called=called,
    )
    return said.comment_id


def finish(work: Work, owners: Owners) -> None:
    """Let everybody say that their sections are done, after the lead has asked for a change in the first."""
    for section in work.dimensions:
        _done(work, owners[section.code], section)
    first = work.dimensions[0]
    request_changes(
        by=work.team.lead,
        assessment_id=work.assessment_id,
        dimension_code=first.code,
        note="Say in the comment of the first question where the figures are from. (made up)",
        site=SITE,
    )
    change(work, owners[first.code], first.all_questions[0].code, "From the coverage table. (made up)")
    _done(work, owners[first.code], first)


def _done(work: Work, person: Person, section: Dimension) -> None:
    mark_done(by=person, assessment_id=work.assessment_id, dimension_code=section.code, note="", site=SITE)


def change(work: Work, person: Person, code: str, words: str, *, level: bool = False) -> None:
    """Let somebody add words to an answer, and with `level` choose the level next to it instead."""
    known = stored_answers(work.assessment_id, work.instrument)[code]
    changed = replace(known.response, comment=f"{known.response.comment} {words}".strip())
    if level and changed.level is not None:
        changed = replace(changed, level=changed.level - 1 or 2)
    saves = [AnswerSave(code, known.version, changed)]
    outcome = save_answers(by=person, assessment_id=work.assessment_id, saves=saves)
    _saved(work, [code], outcome)
