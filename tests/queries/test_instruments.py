"""Published questionnaires, read once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404

from surveys.models import Question, Questionnaire
from surveys.queries.instruments import instrument, instrument_of
from tests.factories import SMALL_CONTENT
from tests.world import World


def test_a_questionnaire_knows_its_rows(world: World) -> None:
    found = instrument_of(world.assessment.pk)
    row = Question.objects.get(code="training", dimension__questionnaire=world.questionnaire)

    assert found.content == SMALL_CONTENT
    assert (found.id, found.digest) == (world.questionnaire.pk, world.questionnaire.digest)
    assert found.question_ids["training"] == row.pk
    assert found.question_codes[row.pk] == "training"
    assert found.dimension_ids["skills"] == row.dimension_id
    assert found.dimension("skills") == SMALL_CONTENT.dimensions[1]
    with pytest.raises(Http404):
        found.dimension("no-such")


def test_it_is_read_once(world: World, django_assert_num_queries: Callable[[int], Any]) -> None:
    first = instrument_of(world.assessment.pk)
    with django_assert_num_queries(0):
        assert instrument_of(world.assessment.pk) is first


def test_what_is_not_there_is_not_remembered(world: World) -> None:
    for _ in range(2):
        with pytest.raises(Http404):
            instrument_of(10**9)
        with pytest.raises(Questionnaire.DoesNotExist):
            instrument(10**9)
