"""An assessment's task list: what is done, what is left, who holds which section and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.models import Assessment, Person, Submission
from surveys.queries.assessments import AssessmentState, assessment_state, stored_answers
from surveys.queries.completion import Completion, completion, dimension_completion
from surveys.queries.deadlines import moment_in_words
from surveys.queries.instruments import instrument
from surveys.queries.next_steps import NextStep, next_step
from surveys.queries.section_progress import SectionProgress, section_progress
from surveys.queries.section_work import minutes_taken
from surveys.wording import counted

Status = Assessment.Status


@dataclass(frozen=True)
class SectionTask:
    """One dimension in the task list. `may_read`: the person may open it now."""

    code: str
    name: str
    completion: Completion
    work: SectionProgress
    may_read: bool
    estimated_minutes: int
    minutes_taken: int

    @property
    def status(self) -> str:
        """How far the section is: done, changes_requested, not_started, in_progress or complete."""
        if self.work.mark is not None:
            return self.work.stage
        if self.completion.complete:
            return "complete"
        return "in_progress" if self.completion.answered else "not_started"

    @property
    def status_label(self) -> str:
        """How far the section is, as people read it."""
        if self.work.mark is not None:
            return self.work.stage_label
        return {"complete": "Complete", "in_progress": "In progress", "not_started": "Not started"}[
            self.status
        ]

    @property
    def hint(self) -> str:
        """What is answered, what is required and left, who holds the section, and what was said of it."""
        done = self.completion
        words = [f"{done.answered} of {done.asked} questions answered"]
        if done.required_left:
            words.append(f"{done.required_left} required left")
        work = self.work
        said = (f"{', '.join(words)}.", work.held_in_words, self.time, work.said_in_words, work.note_in_short)
        return " ".join(filter(None, said))

    @property
    def time(self) -> str:
        """How long the section takes and has taken so far, as a sentence; of a complete one, what it took."""
        taken = f"{counted(self.minutes_taken, 'minute')} so far" if self.minutes_taken else ""
        if self.completion.complete:
            return taken and f"Took {counted(self.minutes_taken, 'minute')}."
        estimate = f"Takes about {counted(self.estimated_minutes, 'minute')}"
        return f"{', '.join(filter(None, (estimate, taken)))}."


@dataclass(frozen=True)
class SignedCopy:
    """A submission in the list of copies. `late`: it was signed after the closing time of the round."""

    number: int
    signed_by: str
    signed_at: str
    late: bool


@dataclass(frozen=True)
class TaskList:
    """The page of an assessment."""

    state: AssessmentState
    completion: Completion
    sections: tuple[SectionTask, ...]
    next_step: NextStep
    copies: tuple[SignedCopy, ...]

    @property
    def latest_copy(self) -> SignedCopy | None:
        """The last submission."""
        return self.copies[-1] if self.copies else None


def task_list(person: Person, assessment_id: int) -> TaskList:
    """Return the task list. Raises Http404 when the person may not read the assessment."""
    state = assessment_state(person, assessment_id)
    asked_by = instrument(state.questionnaire_id)
    answers = stored_answers(assessment_id, asked_by)
    responses = {code: answer.response for code, answer in answers.items()}
    done = dimension_completion(asked_by.content, responses)
    work = section_progress(state, asked_by, answers)
    taken = minutes_taken(assessment_id, asked_by)
    total = completion(asked_by.content, responses)
    return TaskList(
        state=state,
        completion=total,
        sections=tuple(
            SectionTask(
                code=dimension.code,
                name=dimension.name,
                completion=done[dimension.code],
                work=work[dimension.code],
                may_read=state.powers.may_read_in(dimension.code),
                estimated_minutes=dimension.estimated_minutes,
                minutes_taken=taken.get(dimension.code, 0),
            )
            for dimension in asked_by.content.dimensions
        ),
        next_step=next_step(state, total),
        copies=_signed_copies(state),
    )


def _signed_copies(state: AssessmentState) -> tuple[SignedCopy, ...]:
    """Return the submissions of an assessment, first to last, in one query."""
    rows = Submission.objects.filter(assessment_id=state.id).order_by("number")
    return tuple(
        SignedCopy(number, name, moment_in_words(at), at >= state.window.closes_at)
        for number, name, at in rows.values_list("number", "signed_by_name", "signed_at")
    )
