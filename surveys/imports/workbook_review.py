"""What a workbook would change, shown before it does; and doing it, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from surveys.actions.answers import AnswerSave, Conflict, SaveOutcome
from surveys.actions.refusals import Refused
from surveys.actions.workbooks import WorkbookFile, take_in_workbook
from surveys.imports.workbook import WorkbookAnswer, read_workbook
from surveys.imports.workbook_rows import CellProblem
from surveys.models import Person
from surveys.queries.answer_words import AnswerWords, answer_in_words
from surveys.queries.assessments import AssessmentState
from surveys.queries.workbooks import AssessmentContent, answerable_content, answers_as_seen
from surveys.questionnaires.responses import EMPTY, asked
from surveys.questionnaires.schema import Question
from surveys.questionnaires.worksheet_reading import settled


@dataclass(frozen=True)
class PendingChanges:
    """The answers that a workbook would store.

    `shown` is, by code, the version of each answer of somebody else that stands beside the workbook's for the
    person to choose.
    """

    file: WorkbookFile
    saves: tuple[AnswerSave, ...]
    shown: Mapping[str, int]


@dataclass(frozen=True)
class ProposedChange:
    """An answer as it is and as it would be. `counted` False: its question would not be asked."""

    code: str
    text: str
    section: str
    before: AnswerWords
    after: AnswerWords
    counted: bool


@dataclass(frozen=True)
class Dispute:
    """An answer that somebody has changed since the workbook was downloaded, and the workbook's own."""

    code: str
    text: str
    section: str
    stored: AnswerWords
    by: str
    at: str
    workbook: AnswerWords


@dataclass(frozen=True)
class Review:
    """What a workbook would do; with problems it can do nothing.

    `passed_over` are sheets that are not ours, `absent` the texts of the questions without rows, `of_others`
    those of the questions that are not the person's, whose rows are passed over.
    """

    state: AssessmentState
    pending: PendingChanges
    changes: tuple[ProposedChange, ...]
    disputes: tuple[Dispute, ...]
    problems: tuple[CellProblem, ...] = ()
    downloaded: str = ""
    passed_over: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    of_others: tuple[str, ...] = ()

    @property
    def nothing_to_do(self) -> bool:
        """Whether the assessment is already as the workbook has it."""
        return not self.problems and not self.changes and not self.disputes


def review_workbook(person: Person, assessment_id: int, name: str, file: bytes) -> Review:
    """Return what an uploaded workbook would change; nothing is changed.

    Raises Http404 when the person may not answer anything of the assessment, WorkbookRefused when the file is
    not a workbook of it, and Refused when nothing can be changed now.
    """
    content = answerable_content(person, assessment_id)
    given = read_workbook(file, content)
    problems = list(given.problems)
    saves = tuple(_saves(content, given.answers))
    pending = PendingChanges(WorkbookFile(name, given.sha256), saves, {})
    outcome = _tried(person, content, pending)
    answers = {answer.question.code: answer for answer in given.answers}
    problems += (
        CellProblem(answers[code].cell(fault.field), f"{fault.message.rstrip('.')}.")
        for code, faults in outcome.invalid.items()
        for fault in faults
    )
    questions = content.instrument.content.questions_by_code
    return replace(
        _review(content, pending, outcome),
        problems=tuple(sorted(problems)),
        downloaded=given.downloaded,
        passed_over=given.passed_over,
        absent=tuple(questions[code].text for code in given.absent),
        of_others=tuple(questions[code].text for code in given.of_others),
    )


def review_again(person: Person, assessment_id: int, pending: PendingChanges) -> Review:
    """Return what the same changes would do now. Raises as `review_workbook` does."""
    content = answerable_content(person, assessment_id)
    outcome = _tried(person, content, pending)
    if outcome.invalid:
        raise Refused("The workbook cannot be taken in as it is. Upload it again to see why.")
    return _review(content, pending, outcome)


def take_in(
    person: Person, assessment_id: int, pending: PendingChanges, from_workbook: Set[str]
) -> SaveOutcome:
    """Store the pending changes, all or none; of disputed answers only the codes in `from_workbook`.

    Raises Http404 when the person may not answer one of them, and Refused when nothing can be changed now.
    """
    content = answerable_content(person, assessment_id)
    saves = tuple(_decided(pending, from_workbook))
    return take_in_workbook(by=person, state=content.state, saves=saves, file=pending.file)


def _decided(pending: PendingChanges, from_workbook: Set[str]) -> Iterator[AnswerSave]:
    for save in pending.saves:
        if save.code not in pending.shown:
            yield save
        elif save.code in from_workbook:
            yield replace(save, seen=pending.shown[save.code])


def _tried(person: Person, content: AssessmentContent, pending: PendingChanges) -> SaveOutcome:
    return take_in_workbook(
        by=person, state=content.state, saves=pending.saves, file=pending.file, dry_run=True
    )


def _saves(content: AssessmentContent, answers: Sequence[WorkbookAnswer]) -> Iterator[AnswerSave]:
    """Yield what the person has changed in the workbook.

    A cell that is as it was downloaded changes nothing, whatever has happened to the answer since.
    """
    downloaded = answers_as_seen(content, {answer.question.code: answer.seen for answer in answers})
    for answer in answers:
        code = answer.question.code
        stored = content.answers.get(code)
        now = stored.response if stored else EMPTY
        before = downloaded.get(code, EMPTY)
        wanted = settled(answer.response, before)
        if wanted == before or settled(wanted, now) == now:
            continue
        yield AnswerSave(code, answer.seen, settled(wanted, now))


def _review(content: AssessmentContent, pending: PendingChanges, outcome: SaveOutcome) -> Review:
    questionnaire = content.instrument.content
    known = {code: answer.response for code, answer in content.answers.items()}
    sections = {dimension.code: dimension.name for dimension in questionnaire.dimensions}
    wanted = {save.code: save.response for save in pending.saves}
    counted = asked(questionnaire, known | {code: wanted[code] for code in outcome.saved})
    changes, disputes = [], []
    for code, response in wanted.items():
        question = questionnaire.question(code)
        section = sections[questionnaire.dimension_codes[code]]
        if code in outcome.saved:
            before = answer_in_words(question, known.get(code, EMPTY))
            after = answer_in_words(question, response)
            changes.append(ProposedChange(code, question.text, section, before, after, code in counted))
        elif code in outcome.conflicts:
            disputes.append(_dispute(question, section, outcome.conflicts[code]))
    shown = {code: conflict.theirs.version for code, conflict in outcome.conflicts.items()}
    return Review(
        state=content.state,
        pending=replace(pending, shown=shown),
        changes=tuple(changes),
        disputes=tuple(disputes),
    )


def _dispute(question: Question, section: str, conflict: Conflict) -> Dispute:
    return Dispute(
        code=question.code,
        text=question.text,
        section=section,
        stored=answer_in_words(question, conflict.theirs.response),
        by=conflict.theirs.by,
        at=conflict.theirs.at_in_words,
        workbook=answer_in_words(question, conflict.mine),
    )
