"""What changed between two versions of a questionnaire, question by question and field by field."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from surveys.questionnaires.comparison_map import previous_codes
from surveys.questionnaires.schema import (
    AskedIf,
    Condition,
    Level,
    Match,
    NotApplicable,
    Question,
    Questionnaire,
)

APART = frozenset({"version", "comparison"})
"""Fields of a questionnaire that differ between versions by their nature."""

LISTED = frozenset({"dimensions", "sections", "questions"})
"""Fields of which only the codes are compared where they stand, because each entry is compared by itself."""

Flat = Mapping[str, str]


class ChangeKind(StrEnum):
    """What happened to a question, a dimension or a section."""

    ADDED = "added"
    RETIRED = "retired"
    CHANGED = "changed"


@dataclass(frozen=True)
class FieldChange:
    """`field` is a field's name, or such as `levels.3.text` or `options.yes.points`. An empty text means
    absent.

    A field that holds several things, such as `options`, lists their codes, so a new order shows as a change.
    """

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """What happened to one thing. `code` is its code in the later version, or in the earlier one when
    retired.

    `changes` is empty unless `kind` is changed.
    """

    code: str
    kind: ChangeKind
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class VersionDiff:
    """Everything that differs but the version and the comparison map; in the later order, retired things
    last.
    """

    questionnaire: tuple[FieldChange, ...]
    dimensions: tuple[Change, ...]
    sections: tuple[Change, ...]
    questions: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.questionnaire or self.dimensions or self.sections or self.questions)


def diff(before: Questionnaire, after: Questionnaire) -> VersionDiff:
    """Compare two versions. Questions are paired by the comparison map of `after`, or by code when it has
    none.
    """
    pairs = previous_codes(after) if after.comparison else {code: code for code in after.questions_by_code}
    return VersionDiff(
        questionnaire=_field_changes(_flat(before, APART), _flat(after, APART)),
        dimensions=_changes(_dimensions(before), _dimensions(after)),
        sections=_changes(_sections(before), _sections(after)),
        questions=_changes(_questions(before), _questions(after), pairs),
    )


def _changes(
    before: Mapping[str, Flat], after: Mapping[str, Flat], pairs: Mapping[str, str] | None = None
) -> tuple[Change, ...]:
    pairs = {code: code for code in after} if pairs is None else pairs
    found = []
    for code, flat in after.items():
        earlier = before.get(pairs.get(code, ""))
        if earlier is None:
            found.append(Change(code, ChangeKind.ADDED))
        elif changes := _field_changes(earlier, flat):
            found.append(Change(code, ChangeKind.CHANGED, changes))
    kept = {pairs[code] for code in after if code in pairs}
    return (*found, *(Change(code, ChangeKind.RETIRED) for code in before if code not in kept))


def _field_changes(before: Flat, after: Flat) -> tuple[FieldChange, ...]:
    names = [*after, *(name for name in before if name not in after)]
    changes = (FieldChange(name, before.get(name, ""), after.get(name, "")) for name in names)
    return tuple(change for change in changes if change.before != change.after)


def _dimensions(questionnaire: Questionnaire) -> dict[str, Flat]:
    return {dimension.code: _flat(dimension) for dimension in questionnaire.dimensions}


def _sections(questionnaire: Questionnaire) -> dict[str, Flat]:
    return {
        section.code: {"dimension": dimension.code, **_flat(section)}
        for dimension in questionnaire.dimensions
        for section in dimension.sections
    }


def _questions(questionnaire: Questionnaire) -> dict[str, Flat]:
    return {question.code: _placed(question, questionnaire) for question in questionnaire.questions}


def _placed(question: Question, questionnaire: Questionnaire) -> Flat:
    return {
        "dimension": questionnaire.dimension_codes[question.code],
        "section": questionnaire.section_codes.get(question.code, ""),
        **_flat(question),
    }


def _flat(thing: Any, apart: frozenset[str] = frozenset()) -> dict[str, str]:
    """Every field of a dataclass as text, those of the things inside it under `field.code.field`."""
    found: dict[str, str] = {}
    for field in fields(thing):
        if field.name not in apart:
            found.update(_flat_field(field.name, getattr(thing, field.name)))
    return found


def _flat_field(name: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case None | "" | ():
            return
        case AskedIf(match, conditions):
            yield name, f" {_JOINS[match]} ".join(condition_in_words(condition) for condition in conditions)
        case NotApplicable(points):
            yield name, "left out" if points is None else f"{points.normalize():f} points"
        case (Condition(), *_):
            yield name, " and ".join(condition_in_words(condition) for condition in value)
        case tuple():
            yield name, ", ".join(_identity(item) for item in value)
            if name not in LISTED:
                yield from _flat_items(name, value)
        case _ if hasattr(value, "__dataclass_fields__"):
            yield from ((f"{name}.{inner}", text) for inner, text in _flat(value).items())
        case _:
            yield name, _text(value)


_JOINS = {Match.ALL: "and", Match.ANY: "or"}


def _flat_items(name: str, items: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for item in items:
        for inner, text in _flat(item).items():
            yield f"{name}.{_identity(item)}.{inner}", text


def _identity(item: Any) -> str:
    return str(item.value) if isinstance(item, Level) else str(item.code)


def condition_in_words(condition: Condition) -> str:
    """Return a condition in codes and plain words, such as "users more than 100"."""
    compared = ", ".join(condition.options) if condition.value is None else _text(condition.value)
    return f"{condition.question} {condition.comparator.replace('_', ' ')} {compared}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
