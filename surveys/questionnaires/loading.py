"""Read a questionnaire file: safe YAML, the right shape, and a content that makes sense, or a list of
problems.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from surveys.questionnaires.building import build
from surveys.questionnaires.comparison_map import check_against
from surveys.questionnaires.problems import Problem, QuestionnaireError
from surveys.questionnaires.schema import Questionnaire
from surveys.questionnaires.shape import shaped
from surveys.questionnaires.validation import validate
from surveys.questionnaires.yaml_text import MAXIMUM_BYTES, read_yaml

__all__ = ["CONTENT", "Problem", "QuestionnaireError", "load", "parse", "read_document"]

CONTENT = Path(__file__).with_name("content")
"""Where the questionnaires that come with the product are."""


def load(path: Path, previous: Questionnaire | None = None) -> Questionnaire:
    """Read a file. With `previous`, the comparison map is checked against it. Raises QuestionnaireError."""
    return parse(file_bytes(path), path.name, previous)


def parse(text: str | bytes, name: str, previous: Questionnaire | None = None) -> Questionnaire:
    """Read the text of a file; `name` is what problems call it. Raises QuestionnaireError."""
    file = read_yaml(text, name)
    return read_document(file.content, name, previous, file.lines)


def read_document(
    content: Any,
    name: str,
    previous: Questionnaire | None = None,
    lines: Mapping[tuple[str | int, ...], int] | None = None,
) -> Questionnaire:
    """Build and check a questionnaire from plain values (`lines`: where they stand). Raises
    QuestionnaireError.
    """
    questionnaire = build(shaped(content, name, lines or {}), name)
    problems = validate(questionnaire, name)
    if previous is not None:
        problems += check_against(questionnaire, previous, name)
    if problems:
        raise QuestionnaireError(problems)
    return questionnaire


def file_bytes(path: Path) -> bytes:
    """The bytes of a file, at most one more than are allowed. Raises QuestionnaireError."""
    try:
        if path.exists() and not path.is_file():
            raise _unread(path, "It is not a file.", "Give the path of a YAML file.")
        with path.open("rb") as file:
            return file.read(MAXIMUM_BYTES + 1)
    except FileNotFoundError as error:
        raise _unread(path, "There is no such file.", "Check the path.") from error
    except (OSError, ValueError) as error:
        raise _unread(
            path, f"The file cannot be opened: {error}.", "Check the path and who may read it."
        ) from error


def _unread(path: Path, message: str, mend: str) -> QuestionnaireError:
    return QuestionnaireError((Problem(path.name or str(path), "", message, mend),))
