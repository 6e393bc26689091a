"""Publishing a questionnaire that was put together in memory: what is stored can always be read again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import Http404

from surveys.actions.questionnaires import publish
from surveys.models import Event, Questionnaire
from surveys.questionnaires.problems import QuestionnaireError
from tests.factories import SMALL_CONTENT, make_nation, make_person

pytestmark = pytest.mark.django_db


def test_what_is_published_is_read_back_as_it_was_given() -> None:
    published = publish(by=None, content=SMALL_CONTENT)

    assert (published.created, published.questionnaire.content) == (True, SMALL_CONTENT)


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        pytest.param(
            {"groups": ()},
            "skills",
            "group is culture, which is not in groups.",
            id="a rule that needs more than one part of the questionnaire",
        ),
        pytest.param(
            {"minimum_share": Decimal(2)},
            "",
            "`minimum_share` is 2 (read as a number), which is out of range.",
            id="a rule of the shape of one field",
        ),
    ],
)
def test_content_that_no_page_could_read_is_not_published(
    changes: dict[str, object], code: str, message: str
) -> None:
    with pytest.raises(QuestionnaireError) as refused:
        publish(by=None, content=replace(SMALL_CONTENT, **changes))

    found = {(problem.file, problem.code): problem.message for problem in refused.value.problems}
    assert found["small 1.0", code] == message
    assert (Questionnaire.objects.count(), Event.objects.count()) == (0, 0)


def test_only_administrators_publish() -> None:
    analyst = make_person("Nadia", role="national_analyst", organisation=make_nation("England"))

    with pytest.raises(Http404):
        publish(by=analyst, content=SMALL_CONTENT)

    assert Questionnaire.objects.count() == 0
