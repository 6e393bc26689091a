"""What changed from one version of a questionnaire to another, in the words of its format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveys.models import Questionnaire
from surveys.permissions import AnyPerson
from surveys.queries.questionnaires import QuestionnaireLine, line_of, questionnaire_row
from surveys.questionnaires.comparison import Change, ChangeKind, FieldChange, diff
from surveys.questionnaires.schema import ComparisonStatus
from surveys.questionnaires.schema import Questionnaire as Content
from surveys.questionnaires.word_changes import Fate, Words, word_changes

KINDS = {
    ChangeKind.ADDED: "New",
    ChangeKind.RETIRED: "Retired",
    ChangeKind.CHANGED: "Changed",
}

STATUSES = {
    ComparisonStatus.SAME: "Same",
    ComparisonStatus.REWORDED_COMPARABLE: "Reworded, comparable",
    ComparisonStatus.REWORDED_NOT_COMPARABLE: "Reworded, not comparable",
    ComparisonStatus.NEW: "New",
    ComparisonStatus.RETIRED: "Retired",
}
"""How a question relates to the version before, as people read it."""


@dataclass(frozen=True)
class ChangedField:
    """A field that differs: both texts whole, and word by word what was removed and what was added."""

    label: str
    before: str
    after: str
    removed: tuple[Words, ...]
    added: tuple[Words, ...]


@dataclass(frozen=True)
class ChangedThing:
    """A question, section or dimension that differs. `status` is what the map says of a question."""

    code: str
    title: str
    kind: str
    status: str
    fields: tuple[ChangedField, ...]


@dataclass(frozen=True)
class ChangesPart:
    """Things of one sort that differ."""

    name: str
    things: tuple[ChangedThing, ...]


@dataclass(frozen=True)
class QuestionnaireChanges:
    """What differs between `before` and `after`; `before` None: there is no other version to compare with.

    `others` are the versions to choose from, newest first.
    """

    after: QuestionnaireLine
    before: QuestionnaireLine | None
    others: tuple[QuestionnaireLine, ...]
    parts: tuple[ChangesPart, ...]


def questionnaire_changes(
    person: AnyPerson, questionnaire_id: int, before_id: int | None = None
) -> QuestionnaireChanges:
    """Return what changed in a questionnaire since another version of it.

    Without `before_id`, or with one that is not among the `others`, since the version that its map names, or
    else the latest that is published. Raises Http404 when there is no such questionnaire, or for who does
    not manage them.
    """
    row = questionnaire_row(person, questionnaire_id)
    rows = Questionnaire.objects.filter(key=row.key, published_at__isnull=False).exclude(pk=row.pk)
    known = rows.select_related("published_by", "drafted_by").prefetch_related("rounds")
    others = tuple(known.order_by("-published_at", "-pk"))
    before = _chosen(row, others, before_id)
    return QuestionnaireChanges(
        after=line_of(row),
        before=line_of(before) if before else None,
        others=tuple(line_of(other) for other in others),
        parts=_parts(before.content, row.content) if before else (),
    )


def _chosen(
    row: Questionnaire, others: tuple[Questionnaire, ...], before_id: int | None
) -> Questionnaire | None:
    comparison = row.content.comparison
    named = comparison.previous_version if comparison else ""
    by_id = [other for other in others if other.pk == before_id]
    by_map = [other for other in others if other.version == named]
    return next(iter([*by_id, *by_map, *others]), None)


def _parts(before: Content, after: Content) -> tuple[ChangesPart, ...]:
    found = diff(before, after)
    lines = after.comparison.questions if after.comparison else ()
    statuses = {line.code or line.previous: STATUSES[line.status] for line in lines}
    whole = (Change(after.key, ChangeKind.CHANGED, found.questionnaire),) if found.questionnaire else ()
    questions = {**_texts(before), **_texts(after)}
    dimensions = {each.code: each.name for content in (before, after) for each in content.dimensions}
    sections = {
        each.code: each.name
        for content in (before, after)
        for dimension in content.dimensions
        for each in dimension.sections
    }
    parts = (
        ChangesPart("The questionnaire", _things(whole, {after.key: after.title})),
        ChangesPart("Dimensions", _things(found.dimensions, dimensions)),
        ChangesPart("Sections", _things(found.sections, sections)),
        ChangesPart("Questions", _things(found.questions, questions, statuses)),
    )
    return tuple(part for part in parts if part.things)


def _texts(content: Content) -> Mapping[str, str]:
    return {question.code: question.text for question in content.questions}


def _things(
    changes: Iterable[Change], titles: Mapping[str, str], statuses: Mapping[str, str] | None = None
) -> tuple[ChangedThing, ...]:
    return tuple(
        ChangedThing(
            code=change.code,
            title=titles[change.code],
            kind=KINDS[change.kind],
            status=(statuses or {}).get(change.code, ""),
            fields=tuple(_field(field) for field in change.changes),
        )
        for change in changes
    )


def _field(change: FieldChange) -> ChangedField:
    words = word_changes(change.before, change.after)
    return ChangedField(
        label=field_in_words(change.field),
        before=change.before,
        after=change.after,
        removed=tuple(each for each in words if each.fate is not Fate.ADDED),
        added=tuple(each for each in words if each.fate is not Fate.REMOVED),
    )


def field_in_words(field: str) -> str:
    """Return a field's name as people read it: `levels.3.text` is “Levels, 3, text”."""
    first, *rest = field.replace("_", " ").split(".")
    return ", ".join([first[:1].upper() + first[1:], *rest])
