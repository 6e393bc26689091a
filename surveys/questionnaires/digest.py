"""A questionnaire as one canonical document, and the SHA-256 of it."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from surveys.questionnaires.building import expected_levels
from surveys.questionnaires.canonical import canonical, sha256
from surveys.questionnaires.document import is_exact
from surveys.questionnaires.loading import read_document
from surveys.questionnaires.schema import (
    AskedIf,
    ComparedQuestion,
    Condition,
    Contradiction,
    NotApplicable,
    Question,
    Questionnaire,
)


def to_document(questionnaire: Questionnaire) -> dict[str, Any]:
    """The questionnaire in the form of its file: only JSON types, whatever equals its default left out.

    Leaving defaults out keeps the digests of published versions when the format gains an optional field.
    Raises ValueError for a number that no file could hold (see `document.is_exact`).
    """
    document = _mapping(questionnaire)
    questions = iter(questionnaire.questions)
    for dimension in document["dimensions"]:
        for part in dimension.get("sections", [dimension]):
            for question in part["questions"]:
                question.update(_omitted(questionnaire, next(questions)))
    return document


def from_document(document: Mapping[str, Any], name: str = "document") -> Questionnaire:
    """The questionnaire that `to_document` was given. Raises QuestionnaireError when the document is not
    one.
    """
    return read_document(dict(document), name)


def canonical_json(questionnaire: Questionnaire) -> str:
    """The document of a questionnaire as one line: equal questionnaires give equal text."""
    return canonical(to_document(questionnaire))


def digest(questionnaire: Questionnaire) -> str:
    """SHA-256 of `canonical_json`, as 64 hexadecimal digits."""
    return sha256(canonical_json(questionnaire))


def _mapping(thing: Any) -> dict[str, Any]:
    """A dataclass as a mapping of the fields that differ from their defaults."""
    found = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        if field.default is MISSING or value != field.default or field.name == "scored":
            found[field.name] = _value(value)
    return found


def _value(value: Any) -> Any:
    match value:
        case None | bool() | StrEnum() | int() | str():
            return value.value if isinstance(value, StrEnum) else value
        case Decimal():
            return _number(value)
        case tuple():
            return [_value(item) for item in value]
        case _:
            return _thing(value)


def _thing(thing: Any) -> dict[str, Any]:
    """A dataclass as a mapping, in the form that the file gives it."""
    match thing:
        case AskedIf(match, conditions):
            return {match.value: _value(conditions)}
        case Condition(question, comparator, options, number):
            return {"question": question, comparator.value: _value(options if number is None else number)}
        case Contradiction(code, conditions, words):
            return {"code": code, "all": _value(conditions), "words": words}
        case NotApplicable(points):
            return (
                {"effect": "left_out"} if points is None else {"effect": "points", "points": _value(points)}
            )
        case ComparedQuestion():
            return {name: found for name, found in _mapping(thing).items() if found != ""}
        case _:
            return _mapping(thing)


def _number(number: Decimal) -> int | float:
    if not is_exact(number):
        raise ValueError(f"{number} has too many digits to be written exactly.")
    return int(number) if number == number.to_integral_value() else float(number)


def _omitted(questionnaire: Questionnaire, question: Question) -> dict[str, Any]:
    values = [level.value for level in question.levels]
    absent = expected_levels(questionnaire.scoring, questionnaire.scale, values) - set(values)
    return {"omits_levels": sorted(absent)} if absent and values else {}
