"""The colleagues who answer an assessment: what each holds, and whether each can sign in yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.http import Http404

from surveys.models import Membership, Person, SectionAssignment
from surveys.queries.assessments import AssessmentState, assessment_state
from surveys.queries.instruments import Instrument, instrument
from surveys.queries.mail import MessageLine, invitation_in_words, latest_invitations
from surveys.queries.section_people import answering_posts
from surveys.queries.section_progress import SectionProgress, section_progress
from surveys.wording import counted


@dataclass(frozen=True)
class ColleagueLine:
    """A colleague. `holds` are the sections they hold, and how many questions of which others, in words.

    `account` says whether they can sign in; `invited_only`: they have not chosen a password yet.
    `removable`: they are a contributor, and not the reader.
    """

    person_id: int
    name: str
    email: str
    job_title: str
    role: str
    holds: tuple[str, ...]
    account: str
    invited_only: bool
    removable: bool


@dataclass(frozen=True)
class SectionLine:
    """A section with how far the work on it is."""

    code: str
    name: str
    work: SectionProgress


@dataclass(frozen=True)
class AssessmentPeople:
    """The page on which the work of an assessment is handed out."""

    state: AssessmentState
    colleagues: tuple[ColleagueLine, ...]
    sections: tuple[SectionLine, ...]

    def leaving(self, person_id: int) -> ColleagueLine:
        """Return the colleague with this key. Raises Http404 when there is none who can be removed."""
        for line in self.colleagues:
            if line.person_id == person_id and line.removable:
                return line
        raise Http404


def assessment_people(person: Person, assessment_id: int) -> AssessmentPeople:
    """Return the page. Raises Http404 when the person may not assign."""
    state = assessment_state(person, assessment_id)
    if not state.powers.assign:
        raise Http404
    asked_by = instrument(state.questionnaire_id)
    # The page says nothing of changed answers, so it reads none.
    work = section_progress(state, asked_by, {})
    return AssessmentPeople(
        state=state,
        colleagues=_colleagues(person, state, asked_by),
        sections=tuple(
            SectionLine(each.code, each.name, work[each.code]) for each in asked_by.content.dimensions
        ),
    )


def _colleagues(reader: Person, state: AssessmentState, asked_by: Instrument) -> tuple[ColleagueLine, ...]:
    held = _held(state, asked_by)
    found: dict[int, ColleagueLine] = {}
    rows = list(answering_posts(state.organisation_id))
    waiting = [row.person_id for row in rows if not row.person.has_usable_password()]
    invitations = latest_invitations(waiting)
    roles: defaultdict[int, set[str]] = defaultdict(set)
    for row in rows:
        roles[row.person_id].add(row.role)
        invited_only = row.person_id in waiting
        found[row.person_id] = ColleagueLine(
            person_id=row.person_id,
            name=row.person.name,
            email=row.person.email,
            job_title=row.person.job_title,
            role=row.get_role_display(),
            holds=held[row.person_id],
            account=_invited(invitations.get(row.person_id)) if invited_only else "Can sign in",
            invited_only=invited_only,
            removable=roles[row.person_id] == {Membership.Role.CONTRIBUTOR} and row.person_id != reader.pk,
        )
    return tuple(found.values())


def _invited(invitation: MessageLine | None) -> str:
    return f"No password chosen yet. Invitation: {invitation_in_words(invitation)}"


def _held(state: AssessmentState, asked_by: Instrument) -> defaultdict[int, tuple[str, ...]]:
    """Return what each person holds, in words and in the questionnaire's order, in one query."""
    rows = SectionAssignment.objects.filter(assessment_id=state.id)
    pairs = list(rows.values_list("person_id", "dimension__code", "question_id"))
    held: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for person_id in {person_id for person_id, _, _ in pairs}:
        for dimension in asked_by.content.dimensions:
            mine = [key for who, code, key in pairs if (who, code) == (person_id, dimension.code)]
            if None in mine:
                held[person_id] += (dimension.name,)
            elif mine:
                count = counted(len(mine), "question")
                held[person_id] += (f"{dimension.name} ({count})",)
    return held
