"""Read a questionnaire file: safe YAML, the right shape, and a content that makes sense, or a list of problems."""

from pathlib import Path

from surveys.questionnaires.problems import Problem, QuestionnaireError
from surveys.questionnaires.schema import Questionnaire

__all__ = ["Problem", "QuestionnaireError", "load", "parse"]


def load(path: Path, previous: Questionnaire | None = None) -> Questionnaire:
    """Read a file. With `previous`, the comparison map is checked against it. Raises QuestionnaireError."""
    raise NotImplementedError


def parse(text: str | bytes, name: str, previous: Questionnaire | None = None) -> Questionnaire:
    """Read the text of a file; `name` is what problems call it. Raises QuestionnaireError."""
    raise NotImplementedError
