"""A questionnaire as one canonical text, and the SHA-256 of it."""

from typing import Any

from surveys.questionnaires.schema import Questionnaire


def to_document(questionnaire: Questionnaire) -> dict[str, Any]:
    """The questionnaire in the form of its file: only JSON types, defaults left out."""
    raise NotImplementedError


def from_document(document: dict[str, Any], name: str = "document") -> Questionnaire:
    """The questionnaire that `to_document` was given. Raises QuestionnaireError when it is not one."""
    raise NotImplementedError


def canonical_json(questionnaire: Questionnaire) -> str:
    """One line of JSON with sorted keys: equal questionnaires give equal text."""
    raise NotImplementedError


def digest(questionnaire: Questionnaire) -> str:
    """SHA-256 of `canonical_json` in UTF-8, as 64 hexadecimal digits."""
    raise NotImplementedError
