"""Responses as a submission keeps them: JSON types only, numbers exact, empty fields left out."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from surveys.questionnaires.responses import EMPTY, Response

_PLAIN = ("level", "text", "other", "consent", "comment", "not_applicable", "reason")


def answers_document(responses: Mapping[str, Response]) -> dict[str, dict[str, Any]]:
    """The responses by question code, as a submission's `answers`. Empty responses and fields are left out.

    Numbers become text, so that no reader of the JSON turns 0.1 into something else.
    """
    return {code: _fields(response) for code, response in responses.items() if response != EMPTY}


def responses_from(answers: Mapping[str, Mapping[str, Any]]) -> dict[str, Response]:
    """The responses that `answers_document` was given, but for the empty ones.

    Raises KeyError, TypeError or ValueError when the document is not one of its making.
    """
    return {code: _response(fields) for code, fields in answers.items()}


def _fields(response: Response) -> dict[str, Any]:
    fields: dict[str, Any] = {
        name: getattr(response, name) for name in _PLAIN if getattr(response, name) != getattr(EMPTY, name)
    }
    if response.options:
        fields["options"] = list(response.options)
    if response.number is not None:
        fields["number"] = str(response.number)
    if response.parts:
        fields["parts"] = [[code, str(value)] for code, value in response.parts]
    return fields


def _response(fields: Mapping[str, Any]) -> Response:
    values = {**fields}
    if "options" in values:
        values["options"] = tuple(values["options"])
    if "number" in values:
        values["number"] = Decimal(values["number"])
    if "parts" in values:
        values["parts"] = tuple((code, Decimal(value)) for code, value in values["parts"])
    return Response(**values)
