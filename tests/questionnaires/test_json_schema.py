import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from surveys.questionnaires.digest import from_document, to_document
from surveys.questionnaires.document import SCHEMA_PATH, json_schema
from surveys.questionnaires.loading import CONTENT, load
from tests.questionnaires.examples import EVERY_EXAMPLE, GONE, document, example

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads(SCHEMA_PATH.read_text())


def test_the_committed_schema_is_the_one_that_the_reader_uses() -> None:
    """To renew it: python -m surveys.questionnaires.document >
    surveys/questionnaires/questionnaire.schema.json
    """
    command = [sys.executable, "-m", "surveys.questionnaires.document"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout

    assert SCHEMA_PATH.read_text() == json_schema() == printed


def test_the_schema_is_itself_sound() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", EVERY_EXAMPLE)
def test_every_example_meets_the_schema(name: str) -> None:
    jsonschema.validate(to_document(example(name)), SCHEMA)


@pytest.mark.parametrize("path", sorted(CONTENT.iterdir()), ids=lambda path: path.name)
def test_every_shipped_questionnaire_meets_the_schema(path: Path) -> None:
    jsonschema.validate(to_document(load(path)), SCHEMA)


@pytest.mark.parametrize(
    "content",
    [
        document(title=GONE),
        document(version=1),
        document(dimensions__0__nmae="x"),
        document(dimensions__0__questions__0__kind="maturty"),
        document(dimensions__0__questions__0__weight=0),
        document(dimensions__0__questions__0__code="two words"),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(content: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(json.dumps(content, default=float)), SCHEMA)


def test_the_schema_names_no_more_than_the_reader_knows() -> None:
    assert from_document(document()).key == "every-kind"
    assert SCHEMA["additionalProperties"] is False
