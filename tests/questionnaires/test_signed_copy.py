"""Responses survive the way into a submission and back, to the last digit."""

import json
from decimal import Decimal

import pytest

from surveys.questionnaires.canonical import canonical
from surveys.questionnaires.responses import Response
from surveys.questionnaires.signed_copy import answers_document, responses_from

EVERYTHING = {
    "level": Response(level=3, comment="Only in two places."),
    "options": Response(options=("acute", "other"), other="Hospices"),
    "number": Response(number=Decimal("12.50")),
    "parts": Response(parts=(("reporting", Decimal("60.1")), ("strategy", Decimal("39.9")))),
    "text": Response(text="Ours.\nAnd theirs.", consent=False),
    "none": Response(not_applicable=True, reason="No coast."),
}


def test_responses_survive_the_way_through_json() -> None:
    """What is read back equals what was written."""
    assert responses_from(json.loads(canonical(answers_document(EVERYTHING)))) == EVERYTHING


def test_only_what_was_said_is_written() -> None:
    """Empty fields and empty responses are left out; a number keeps its digits as text."""
    responses = {"number": Response(number=Decimal("12.50")), "empty": Response()}
    assert answers_document(responses) == {"number": {"number": "12.50"}}


def test_refusing_consent_is_written_and_silence_is_not() -> None:
    """False is an answer."""
    responses = {"no": Response(text="Ours.", consent=False), "silent": Response(text="Ours.")}
    assert answers_document(responses) == {
        "no": {"text": "Ours.", "consent": False},
        "silent": {"text": "Ours."},
    }


def test_a_field_from_elsewhere_is_refused() -> None:
    """A document of another making never turns into a half-read response."""
    with pytest.raises(TypeError):
        responses_from({"linked_data": {"grade": 3}})
