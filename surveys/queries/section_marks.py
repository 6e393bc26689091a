"""Everything that was said of the work on one section, and what the person may say next."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from surveys.models import Person, SectionMark
from surveys.queries.assessments import AssessmentState, assessment_state, stored_answers
from surveys.queries.instruments import instrument
from surveys.queries.section_progress import MarkLine, SectionProgress, section_progress


@dataclass(frozen=True)
class SectionMarks:
    """The page about the work on a section. `said` has the newest first."""

    state: AssessmentState
    code: str
    name: str
    work: SectionProgress
    said: tuple[MarkLine, ...]

    @property
    def may_mark_done(self) -> bool:
        """Whether the person may now say that the section is done."""
        mine = self.state.powers.may_answer_whole(self.code) and not self.state.locked
        return mine and (not self.work.done or self.work.changed)

    @property
    def may_request_changes(self) -> bool:
        """Whether the person may now ask for changes."""
        return self.state.powers.assign and not self.state.locked and self.work.done


def section_marks(person: Person, assessment_id: int, dimension_code: str) -> SectionMarks:
    """Return the page.

    Raises Http404 when there is no such section, or the person may read no answer of it now or not take part
    in its conversation.
    """
    state = assessment_state(person, assessment_id)
    asked_by = instrument(state.questionnaire_id)
    dimension = asked_by.dimension(dimension_code)
    if not state.powers.comment or not state.powers.may_read_in(dimension_code):
        raise Http404
    work = section_progress(state, asked_by, stored_answers(assessment_id, asked_by), dimension_code)
    rows = SectionMark.objects.filter(
        assessment_id=assessment_id, dimension_id=asked_by.dimension_ids[dimension_code]
    )
    return SectionMarks(
        state=state,
        code=dimension.code,
        name=dimension.name,
        work=work[dimension_code],
        said=tuple(
            MarkLine(SectionMark.Kind(row.kind), row.note, row.made_by.name, row.made_at)
            for row in rows.select_related("made_by").order_by("-made_at", "-pk")
        ),
    )
