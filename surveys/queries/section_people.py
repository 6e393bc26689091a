"""Who answers one section of an assessment, or single questions of it, and who could."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from surveys.models import Membership, Person, SectionAssignment
from surveys.permissions import ANSWERING_ROLES
from surveys.queries.assessments import AssessmentState, assessment_state
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import Instrument, instrument


@dataclass(frozen=True)
class Holder:
    """A colleague who holds the section, or the question with the code `question` of it.

    `what` says which in words. `lapsed`: they no longer belong to the organisation.
    """

    person_id: int
    name: str
    job_title: str
    question: str
    what: str
    assigned_by: str
    assigned_at: str
    lapsed: bool


@dataclass(frozen=True)
class Candidate:
    """A colleague to whom something can be handed."""

    person_id: int
    name: str
    job_title: str
    role: str

    @property
    def label(self) -> str:
        """The colleague in a list: name, job title and role."""
        title = f", {self.job_title}" if self.job_title else ""
        return f"{self.name}{title} ({self.role})"


@dataclass(frozen=True)
class Piece:
    """A question that can be handed out on its own."""

    code: str
    label: str


@dataclass(frozen=True)
class SectionPeople:
    """The page on which a section is handed out. Whoever holds the whole of it is no candidate."""

    state: AssessmentState
    code: str
    name: str
    holders: tuple[Holder, ...]
    candidates: tuple[Candidate, ...]
    questions: tuple[Piece, ...]


def section_people(person: Person, assessment_id: int, dimension_code: str) -> SectionPeople:
    """Return the page. Raises Http404 when the person may not assign, or there is no such dimension."""
    state = assessment_state(person, assessment_id)
    if not state.powers.assign:
        raise Http404
    asked_by = instrument(state.questionnaire_id)
    dimension = asked_by.dimension(dimension_code)
    colleagues = answering_colleagues(state.organisation_id)
    pieces = tuple(
        Piece(question.code, f"Question {number}: {question.text}")
        for number, question in enumerate(dimension.all_questions, start=1)
    )
    rows = SectionAssignment.objects.filter(
        assessment_id=assessment_id, dimension_id=asked_by.dimension_ids[dimension_code]
    ).select_related("person", "assigned_by")
    labels = {piece.code: piece.label for piece in pieces}
    holders = tuple(
        _holder(row, asked_by, labels, lapsed=row.person_id not in colleagues)
        for row in rows.order_by("person__name", "person_id", "question__position")
    )
    holding = {holder.person_id for holder in holders if not holder.question}
    return SectionPeople(
        state=state,
        code=dimension.code,
        name=dimension.name,
        holders=holders,
        candidates=tuple(each for key, each in colleagues.items() if key not in holding),
        questions=pieces,
    )


def _holder(row: SectionAssignment, asked_by: Instrument, labels: dict[str, str], *, lapsed: bool) -> Holder:
    code = asked_by.question_codes[row.question_id] if row.question_id else ""
    return Holder(
        person_id=row.person_id,
        name=row.person.name,
        job_title=row.person.job_title,
        question=code,
        what=labels.get(code, "The whole section"),
        assigned_by=row.assigned_by.name,
        assigned_at=moment_in_words(row.assigned_at),
        lapsed=lapsed,
    )


def answering_colleagues(organisation_id: int) -> dict[int, Candidate]:
    """Return those who could answer for the organisation, by their key, in the order of their names."""
    return {
        post.person_id: Candidate(
            post.person_id, post.person.name, post.person.job_title, post.get_role_display()
        )
        for post in answering_posts(organisation_id)
    }


def answering_posts(organisation_id: int) -> QuerySet[Membership]:
    """Return by which memberships people could answer for the organisation, in the order of their names.

    Who is a contributor and a lead is there twice, as a lead last.
    """
    posts = Membership.objects.current().filter(
        organisation_id=organisation_id, role__in=ANSWERING_ROLES, person__is_active=True
    )
    return posts.select_related("person").order_by("person__name", "person_id", "role")
