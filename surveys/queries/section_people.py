"""Who answers one section of an assessment, and who could."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from surveys.models import Membership, Person, SectionAssignment
from surveys.queries.assessments import AssessmentState, assessment_state
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import instrument


@dataclass(frozen=True)
class Holder:
    """A colleague who holds the section. `lapsed`: they no longer belong to the organisation."""

    person_id: int
    name: str
    job_title: str
    assigned_by: str
    assigned_at: str
    lapsed: bool


@dataclass(frozen=True)
class Candidate:
    """A colleague to whom the section could be handed."""

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
class SectionPeople:
    """The page on which a section is handed out."""

    state: AssessmentState
    code: str
    name: str
    holders: tuple[Holder, ...]
    candidates: tuple[Candidate, ...]


def section_people(person: Person, assessment_id: int, dimension_code: str) -> SectionPeople:
    """Return the page. Raises Http404 when the person may not assign, or there is no such dimension."""
    state = assessment_state(person, assessment_id)
    if not state.powers.assign:
        raise Http404
    dimension = instrument(state.questionnaire_id).dimension(dimension_code)
    colleagues = _colleagues(state.organisation_id)
    held = SectionAssignment.objects.filter(
        assessment_id=assessment_id, dimension__code=dimension_code, question=None
    )
    holders = tuple(
        Holder(
            person_id=row.person_id,
            name=row.person.name,
            job_title=row.person.job_title,
            assigned_by=row.assigned_by.name,
            assigned_at=moment_in_words(row.assigned_at),
            lapsed=row.person_id not in colleagues,
        )
        for row in held.select_related("person", "assigned_by").order_by("person__name", "pk")
    )
    holding = {holder.person_id for holder in holders}
    return SectionPeople(
        state=state,
        code=dimension.code,
        name=dimension.name,
        holders=holders,
        candidates=tuple(each for key, each in colleagues.items() if key not in holding),
    )


ANSWERING_ROLES = (Membership.Role.CONTRIBUTOR, Membership.Role.LEAD)
"""The roles whose holders can be given a section."""


def _colleagues(organisation_id: int) -> dict[int, Candidate]:
    """Return those who could answer for the organisation, by their key, in the order of their names."""
    posts = Membership.objects.current().filter(
        organisation_id=organisation_id, role__in=ANSWERING_ROLES, person__is_active=True
    )
    return {
        post.person_id: Candidate(
            post.person_id, post.person.name, post.person.job_title, post.get_role_display()
        )
        for post in posts.select_related("person").order_by("person__name", "person_id", "-role")
    }
