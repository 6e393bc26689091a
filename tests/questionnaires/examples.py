"""The example questionnaires under fixtures/, whole or with something changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from surveys.questionnaires.digest import from_document
from surveys.questionnaires.loading import load
from surveys.questionnaires.problems import QuestionnaireError
from surveys.questionnaires.schema import Questionnaire
from surveys.questionnaires.yaml_text import read_yaml

FIXTURES = Path(__file__).with_name("fixtures")
EVERY_EXAMPLE = tuple(sorted(path.stem for path in FIXTURES.glob("*.yaml")))
GONE = object()
"""As a new value: take the key or the entry away."""


def example(name: str) -> Questionnaire:
    """The questionnaire in fixtures/NAME.yaml."""
    return load(FIXTURES / f"{name}.yaml")


def document(name: str = "every_kind", /, **changes: Any) -> dict[str, Any]:
    """The same as plain values. `dimensions__0__name="X"` changes what stands at that path."""
    content = read_yaml((FIXTURES / f"{name}.yaml").read_bytes(), name).content
    assert isinstance(content, dict)
    for path, value in changes.items():
        *way, last = (int(step) if step.isdigit() else step for step in path.split("__"))
        node: Any = content
        for step in way:
            node = node[step]
        if value is GONE:
            del node[last]
        elif isinstance(node, list) and last == len(node):
            node.append(value)
        else:
            node[last] = value
    return content


def problems(content: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Code, message and mend of every problem with the document."""
    with pytest.raises(QuestionnaireError) as caught:
        from_document(content, "test.yaml")
    assert {problem.file for problem in caught.value.problems} == {"test.yaml"}
    return [(problem.code, problem.message, problem.mend) for problem in caught.value.problems]
