"""The guide for authors is part of the product: its example loads and it names every key."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from surveys.questionnaires import document
from surveys.questionnaires.loading import parse
from surveys.questionnaires.schema import MINUTES_BY_KIND, QuestionKind
from tests.questionnaires.examples import FIXTURES

GUIDE = (Path(__file__).parents[2] / "docs" / "questionnaire-format.md").read_text()
EXAMPLE = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
FRAGMENTS = re.findall(r"```yaml fragment\n(.*?)```", GUIDE, re.DOTALL)
PROSE = re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL)
CODE_WORDS = set(re.findall(r"[a-z_]+", " ".join([*re.findall(r"`([^`]+)`", PROSE), *EXAMPLE, *FRAGMENTS])))
MODELS = [
    model
    for model in vars(document).values()
    if isinstance(model, type) and issubclass(model, BaseModel) and model.model_fields
]


def test_the_worked_example_loads_and_has_every_kind_of_question() -> None:
    (example,) = EXAMPLE
    questionnaire = parse(example, "questionnaire-format.md")

    assert {question.kind for question in questionnaire.questions} == set(QuestionKind)
    assert [dimension.code for dimension in questionnaire.dimensions] == ["catalogue", "staff"]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_of_the_format_is_in_the_guide(model: type[BaseModel]) -> None:
    assert sorted(set(model.model_fields) - CODE_WORDS) == []


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_every_fragment_has_keys_that_the_format_knows(fragment: str) -> None:
    known = {name for model in MODELS for name in model.model_fields}

    def unknown(value: object) -> set[str]:
        if isinstance(value, dict):
            return (set(value) - known).union(*map(unknown, value.values()))
        return set().union(*map(unknown, value)) if isinstance(value, list) else set()

    assert unknown(yaml.safe_load(fragment)) == set()


def test_the_numbers_in_the_guide_are_those_of_the_program() -> None:
    assert (
        f"at most {document.MAXIMUM_DIGITS} digits, {document.MAXIMUM_PLACES} of them after the point"
        in GUIDE
    )
    assert f"Points are at most {document.MAXIMUM_POINTS:,}" in GUIDE
    assert MINUTES_BY_KIND == {
        QuestionKind.MATURITY: 5,
        QuestionKind.SINGLE_CHOICE: 1,
        QuestionKind.MULTI_CHOICE: 2,
        QuestionKind.NUMBER: 5,
        QuestionKind.PERCENTAGE: 5,
        QuestionKind.PERCENTAGE_SPLIT: 10,
        QuestionKind.LONG_TEXT: 10,
    }


def test_the_fixtures_that_the_guide_points_to_are_there() -> None:
    assert sorted(path.stem for path in FIXTURES.iterdir()) == [
        "conditions",
        "every_kind",
        "three_outcomes",
        "topic_by_theme",
        "yes_no_partly",
    ]
