"""How each question of a draft relates to the version before it: what its map says, or a proposal."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.models import Questionnaire
from surveys.permissions import AnyPerson
from surveys.queries.questionnaire_changes import STATUSES
from surveys.queries.questionnaires import QuestionnaireLine, line_of, questionnaire_row
from surveys.questionnaires.comparison_map import SAME_FIELDS
from surveys.questionnaires.schema import ComparedQuestion, ComparisonStatus, Question
from surveys.questionnaires.schema import Questionnaire as Content


@dataclass(frozen=True)
class MapLine:
    """A question and how it relates. `status` empty: somebody has to say. `previous` is a code, or empty.

    `previous_text` is what that question asked, when it asked it in other words.
    """

    code: str
    text: str
    status: str
    previous: str
    note: str
    proposed: bool
    previous_text: str = ""

    @property
    def status_in_words(self) -> str:
        """How it relates, as people read it; empty where somebody has to say."""
        return STATUSES[ComparisonStatus(self.status)] if self.status else ""


@dataclass(frozen=True)
class PreviousQuestion:
    """A question of the version before."""

    code: str
    text: str


@dataclass(frozen=True)
class ComparabilityMap:
    """The map of a draft. `previous` None: no version of its key is published, so there is nothing to map.

    The lines about which somebody has to say something come first; the others are in the order of asking.
    `notes` are the notes on questions that are retired, by their code in the version before.
    """

    line: QuestionnaireLine
    previous: QuestionnaireLine | None
    lines: tuple[MapLine, ...]
    previous_questions: tuple[PreviousQuestion, ...]
    retired_notes: tuple[tuple[str, str], ...]

    @property
    def retired(self) -> tuple[PreviousQuestion, ...]:
        """The questions of the version before from which no question comes, as far as it is said."""
        named = {line.previous for line in self.lines}
        return tuple(each for each in self.previous_questions if each.code not in named)

    @property
    def proposed(self) -> int:
        """How many lines are proposed and not yet stored."""
        return sum(line.proposed for line in self.lines)


def comparability_map(person: AnyPerson, questionnaire_id: int) -> ComparabilityMap:
    """Return the map of a questionnaire to the version that it names, or else to the latest published one.

    Raises Http404 when there is no such questionnaire, or for who does not manage them.
    """
    row = questionnaire_row(person, questionnaire_id)
    previous = _previous(row)
    if previous is None:
        return ComparabilityMap(line_of(row), None, (), (), ())
    before, stored = previous.content, _stored(row.content, previous.version)
    return ComparabilityMap(
        line=line_of(row),
        previous=line_of(previous),
        lines=tuple(
            sorted(
                (_line(question, before, stored) for question in row.content.questions),
                key=lambda line: bool(line.status),
            )
        ),
        previous_questions=tuple(PreviousQuestion(each.code, each.text) for each in before.questions),
        retired_notes=tuple((line.previous, line.note) for line in stored.values() if not line.code),
    )


def _previous(row: Questionnaire) -> Questionnaire | None:
    rows = Questionnaire.objects.filter(key=row.key, published_at__isnull=False).exclude(pk=row.pk)
    if row.published_at is not None:
        rows = rows.filter(published_at__lt=row.published_at)
    known = tuple(
        rows.select_related("published_by").prefetch_related("rounds").order_by("-published_at", "-pk")
    )
    named = row.content.comparison.previous_version if row.content.comparison else ""
    return next((each for each in known if each.version == named), next(iter(known), None))


def _stored(content: Content, version: str) -> dict[str, ComparedQuestion]:
    if content.comparison is None or content.comparison.previous_version != version:
        return {}
    return {line.code or f"retired {line.previous}": line for line in content.comparison.questions}


def _line(question: Question, before: Content, stored: dict[str, ComparedQuestion]) -> MapLine:
    known = stored.get(question.code)
    if known is not None:
        earlier = before.questions_by_code.get(known.previous)
        return MapLine(
            question.code,
            question.text,
            known.status.value,
            known.previous,
            known.note,
            proposed=False,
            previous_text=_other_words(question, earlier),
        )
    earlier = before.questions_by_code.get(question.code)
    if earlier is None:
        status = ComparisonStatus.NEW.value
    elif all(getattr(question, field) == getattr(earlier, field) for field in SAME_FIELDS):
        status = ComparisonStatus.SAME.value
    else:
        # Only a person can say whether other words ask for the same thing.
        status = ""
    return MapLine(
        question.code,
        question.text,
        status,
        earlier.code if earlier else "",
        "",
        proposed=True,
        previous_text=_other_words(question, earlier),
    )


def _other_words(question: Question, earlier: Question | None) -> str:
    return earlier.text if earlier is not None and earlier.text != question.text else ""
