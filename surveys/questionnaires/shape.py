"""Hold a document against the pydantic models and say what is wrong with its shape in the author's words."""

import difflib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from surveys.questionnaires.document import MAXIMUM_DIGITS, MAXIMUM_PLACES, QuestionnaireDocument
from surveys.questionnaires.problems import Problem, QuestionnaireError

Path = tuple[str | int, ...]
Mend = Callable[[Path, Any, Mapping[str, Any]], str]

MOST_TOLD = 100
"""Problems of shape that are told one by one; nobody reads more, and a huge file could hold a million."""

OTHER_WORDS: Mapping[str, str] = {
    "key": "code",
    "type": "kind",
    "min": "minimum",
    "max": "maximum",
    "cap": "points_cap",
    "allow_not_applicable": "not_applicable",
    "comment": "comment_allowed",
    "roles": "lead_roles",
}
"""What authors write for what the format calls something else."""


def shaped(content: Any, name: str, lines: Mapping[Path, int]) -> QuestionnaireDocument:
    """The document as a model. `lines` may be empty. Raises QuestionnaireError with every problem of
    shape.
    """
    if not isinstance(content, dict):
        message = f"The file holds {_described(content)}, not a questionnaire."
        mend = "Begin with key, version, title and dimensions."
        raise QuestionnaireError((Problem(name, "", message, mend),))
    try:
        return QuestionnaireDocument.model_validate(content)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        problems = [_problem(details, content, name, lines) for details in errors[:MOST_TOLD]]
        if len(errors) > MOST_TOLD:
            message = f"There are {len(errors) - MOST_TOLD:,} more problems like these."
            problems.append(Problem(name, "", message, "Mend those above first."))
        raise QuestionnaireError(tuple(problems)) from error


def nearest_code(content: Any, path: Path) -> str:
    """The code of the question that `path` lies in, else of the innermost thing with a code, else empty."""
    found = ""
    node = content
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            break
        code = node.get("code") if isinstance(node, dict) else None
        if isinstance(code, str) and code:
            found = code
            if "kind" in node:
                break
    return shortened(found)


def shortened(text: str) -> str:
    """The text fit for a message: at most 60 characters, none of them unprintable."""
    cut = text if len(text) <= 60 else text[:59] + "…"
    return "".join(character if character.isprintable() else "�" for character in cut)


def _problem(details: ErrorDetails, content: Any, name: str, lines: Mapping[Path, int]) -> Problem:
    path = details["loc"]
    message, mend = _sentences(details, path)
    line = lines.get(path) or lines.get(path[:-1])
    if line:
        message = f"{message.removesuffix('.')} (line {line})."
    return Problem(name, nearest_code(content, path), message, mend, path=path)


def _sentences(details: ErrorDetails, path: Path) -> tuple[str, str]:
    """What is wrong and how to mend it."""
    given = details["input"]
    context = {**details.get("ctx", {}), "said": details["msg"]}
    message, mend = SENTENCES.get(details["type"], UNFORESEEN)
    words = {**context, "where": f"`{dotted(path)}`", "given": _described(given), "quoted": _quoted(given)}
    return message.format(**words), mend(path, given, context)


def _always(mend: str) -> Mend:
    return lambda _path, _given, _context: mend


def _known_key(path: Path, _given: Any, _context: Mapping[str, Any]) -> str:
    key = str(path[-1])
    known = list(model_at(path[:-1]).model_fields)
    if OTHER_WORDS.get(key) in known:
        return f"Did you mean `{OTHER_WORDS[key]}`?"
    close = difflib.get_close_matches(key[:60], known, n=1)
    return f"Did you mean `{close[0]}`?" if close else f"Delete it. Known here: {', '.join(known)}."


def model_at(path: Path) -> type[BaseModel]:
    """The model that describes the mapping at `path` in a document."""
    model: type[BaseModel] = QuestionnaireDocument
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            model = _model_in(model.model_fields[step].annotation) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for inner in get_args(annotation) if (model := _model_in(inner))), None)


def _as_text(path: Path, given: Any, _context: Mapping[str, Any]) -> str:
    if given is None:
        return "Write the text, or delete the line if it is optional."
    if isinstance(given, bool | int | float | Decimal):
        return f'Put it in quotes: {path[-1]}: "{_plain(given)}".'
    return "Write it as text."


def _as_code(path: Path, _given: Any, _context: Mapping[str, Any]) -> str:
    if path[-1] == "key":
        return "Use small letters, digits and hyphens, at most 60; begin and end with a letter or a digit."
    if path[-1] in {"version", "previous_version"}:
        return "Use at most 20 letters, digits, full stops and hyphens, such as 1.0."
    return (
        "Use at most 60 letters, digits, full stops, hyphens and underscores; "
        "begin and end with a letter or a digit."
    )


def _as_choice(_path: Path, given: Any, context: Mapping[str, Any]) -> str:
    expected = str(context["expected"])
    known = [word.strip("' ") for word in expected.replace(" or ", ", ").split(",")]
    close = difflib.get_close_matches(given[:60], known, n=1) if isinstance(given, str) else []
    return f"Did you mean `{close[0]}`?" if close else f"Use one of {expected}."


def _in_range(_path: Path, _given: Any, context: Mapping[str, Any]) -> str:
    return f"{str(context['said']).replace('Input', 'It')}."


SENTENCES: Mapping[str, tuple[str, Mend]] = {
    "missing": ("{where} is missing.", _always("Add it.")),
    "extra_forbidden": ("{where} is not known here.", _known_key),
    "model_type": (
        "{where} must be a mapping (lines of `name: value`), but it is {given}.",
        _always("Write its parts on indented lines below it."),
    ),
    "list_type": ("{where} must be a list, but it is {given}.", _always("Begin each entry with a dash.")),
    "too_short": ("{where} has too few entries: it needs {min_length} or more.", _always("Add the rest.")),
    "too_long": ("{where} has too many entries: {max_length} at most.", _always("Take some out.")),
    "string_type": ("{where} must be text, but it is {given}.", _as_text),
    "string_too_short": (
        "{where} is empty.",
        _always("Write the text, or delete the line if it is optional."),
    ),
    "string_too_long": ("{where} is longer than {max_length:,} characters.", _always("Shorten it.")),
    "string_pattern_mismatch": ("{where} is {quoted}, which cannot be a code.", _as_code),
    "string_unicode": (
        "{where} has a character that cannot be stored.",
        _always("Delete the character and type it again."),
    ),
    "bool_type": (
        "{where} must be true or false, but it is {given}.",
        _always("Write true or false, without quotes."),
    ),
    "int_type": (
        "{where} must be a whole number, but it is {given}.",
        _always("Write it in digits, without quotes."),
    ),
    "enum": ("{where} is {given}, which it cannot be.", _as_choice),
    "literal_error": ("{where} is {given}, which it cannot be.", _as_choice),
    "greater_than": ("{where} is {given}, which is out of range.", _in_range),
    "greater_than_equal": ("{where} is {given}, which is out of range.", _in_range),
    "less_than": ("{where} is {given}, which is out of range.", _in_range),
    "less_than_equal": ("{where} is {given}, which is out of range.", _in_range),
    "control_characters": (
        "{where} has control characters in it.",
        _always("Delete them; line ends and tabs may stay."),
    ),
    "number_wanted": (
        "{where} must be a number, but it is {given}.",
        _always("Write it in digits, without quotes."),
    ),
    "number_too_long": (
        "{where} is a number that is too large or too finely divided.",
        _always(f"Use at most {MAXIMUM_DIGITS} digits, at most {MAXIMUM_PLACES} of them after the point."),
    ),
}
"""Pydantic's error types, and our own validators' messages, in the author's words."""

UNFORESEEN: tuple[str, Mend] = (
    "{where} cannot be used: {said}.",
    _always("Look it up in docs/questionnaire-format.md."),
)


def dotted(path: Path) -> str:
    """The path as an author would say it, counting from 1: `dimensions[1].questions[3].text`."""
    text = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{shortened(step)}" for step in path)
    return text.removeprefix(".")


def _described(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return f"{_plain(value)} (read as true or false)"
        case int() | float() | Decimal():
            return f"{shortened(_plain(value))} (read as a number)"
        case str():
            return f"the text {_quoted(value)}"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return f"of the type {type(value).__name__}"


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(value: Any) -> str:
    return f'"{shortened(str(value))}"'
