"""Published questionnaires with the keys of their rows: they never change, so a process reads each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from django.http import Http404

from surveys.models import Assessment, Question, Questionnaire
from surveys.questionnaires import schema


@dataclass(frozen=True)
class Instrument:
    """A published questionnaire: its content, and the keys of its questions and dimensions by code."""

    id: int
    digest: str
    content: schema.Questionnaire
    question_ids: Mapping[str, int]
    question_codes: Mapping[int, str]
    dimension_ids: Mapping[str, int]

    def dimension(self, code: str) -> schema.Dimension:
        """Return the dimension with this code. Raises Http404 when there is none."""
        for dimension in self.content.dimensions:
            if dimension.code == code:
                return dimension
        raise Http404


@lru_cache(maxsize=32)
def instrument(questionnaire_id: int) -> Instrument:
    """Return a published questionnaire. Raises Questionnaire.DoesNotExist when there is none."""
    row = Questionnaire.objects.get(pk=questionnaire_id, published_at__isnull=False)
    questions = Question.objects.filter(dimension__questionnaire=row)
    ids = dict(questions.values_list("code", "pk"))
    return Instrument(
        id=row.pk,
        digest=row.digest,
        content=row.content,
        question_ids=MappingProxyType(ids),
        question_codes=MappingProxyType({pk: code for code, pk in ids.items()}),
        dimension_ids=MappingProxyType(dict(row.dimensions.values_list("code", "pk"))),
    )


@lru_cache(maxsize=4096)
def _questionnaire_id(assessment_id: int) -> int:
    found = (
        Assessment.objects.filter(pk=assessment_id).values_list("round__questionnaire_id", flat=True).first()
    )
    if found is None:
        raise Http404
    return found


def instrument_of(assessment_id: int) -> Instrument:
    """Return the questionnaire that an assessment answers, which is fixed from the day the assessment exists.

    It says nothing of who may see the assessment. Raises Http404 when there is no such assessment.
    """
    return instrument(_questionnaire_id(assessment_id))
