"""Read YAML that a stranger may have written: plain values only, bounded in size and depth, every node
with its line.

The subset is smaller than YAML: no anchors, aliases or tags, one document, no repeated keys. Only `true` and
`false` are booleans (so `yes`, `no` and `on` are text, as in YAML 1.2), and numbers with a decimal point
become exact Decimals.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from surveys.questionnaires.problems import Problem, QuestionnaireError

MAXIMUM_BYTES = 2_000_000
MAXIMUM_DEPTH = 20
MAXIMUM_NODES = 200_000

WHOLE_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,29})")
DECIMAL_NUMBER = re.compile(r"[-+]?[0-9]{1,30}\.[0-9]{0,30}")
NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
TRUE = frozenset({"true", "True", "TRUE"})
FALSE = frozenset({"false", "False", "FALSE"})

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class YamlFile:
    """`content`: dicts, lists, str, int, Decimal, bool and None. `lines`: the line (from 1) of each path
    in it.
    """

    content: Any
    lines: dict[Path, int]


@dataclass
class _Container:
    """A list or a mapping that is being filled."""

    value: list[Any] | dict[str, Any]
    path: Path
    key: str | None = None
    key_lines: dict[str, int] = field(default_factory=dict)

    def next_path(self) -> Path:
        return (*self.path, len(self.value) if isinstance(self.value, list) else str(self.key))

    def awaits_key(self) -> bool:
        return isinstance(self.value, dict) and self.key is None

    def add(self, value: Any) -> None:
        if isinstance(self.value, list):
            self.value.append(value)
        else:
            self.value[str(self.key)] = value
            self.key = None


def read_yaml(text: str | bytes, name: str) -> YamlFile:
    """Read the text of the file called `name`. Raises QuestionnaireError for anything but the plain
    subset.
    """
    source = _decoded(text, name)
    try:
        return _Builder(name).build(yaml.parse(source, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise _refused(name, *_broken(error, source)) from error


def _refused(name: str, message: str, mend: str) -> QuestionnaireError:
    return QuestionnaireError((Problem(name, "", message, mend),))


def _decoded(text: str | bytes, name: str) -> str:
    try:
        raw = text.encode("utf-8") if isinstance(text, str) else text
    except UnicodeEncodeError as error:
        line = error.object.count("\n", 0, error.start) + 1
        raise _refused(
            name,
            f"Line {line} has a character that is half of a pair.",
            "Delete the character and type it again.",
        ) from error
    if len(raw) > MAXIMUM_BYTES:
        raise _refused(
            name,
            f"The file is larger than {MAXIMUM_BYTES:,} bytes.",
            "Check that it is a questionnaire, and split it if it is.",
        )
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(name, "The file is in UTF-16.", "Save it as UTF-8.")
    if b"\x00" in raw or raw.startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF")):
        raise _refused(
            name,
            "The file is not a text file.",
            "Give a YAML text file, not a workbook, a PDF or an archive.",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _refused(
            name, f"Line {line} has a character that is not UTF-8.", "Save the file as UTF-8."
        ) from error


def _broken(error: yaml.YAMLError, source: str) -> tuple[str, str]:
    """What is wrong and what to do, for text that is not YAML."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return (
            "The file has a character that YAML does not allow.",
            "Delete control characters from the file.",
        )
    lines = source.splitlines()
    line = min(mark.line + 1, max(len(lines), 1))
    said = getattr(error, "problem", None) or "it is not YAML"
    nearby = lines[max(line - 2, 0) : line]
    if any(re.match(r" *\t", text) for text in nearby):
        return f"Line {line} or the one before it is indented with a tab.", "Indent with spaces."
    return (
        f"Line {line} cannot be read: {said}.",
        "Check the indentation, and put text that holds a colon, a # or a quotation mark in quotes.",
    )


class _Builder:
    """Builds values from parser events without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.stack: list[_Container] = []
        self.lines: dict[Path, int] = {}
        self.root: Any = None
        self.documents = 0

    def build(self, events: Iterator[yaml.Event]) -> YamlFile:
        for event in events:
            self._take(event)
        if self.documents == 0 or self.root is None:
            raise _refused(
                self.name, "The file is empty.", "Write a questionnaire in it: see the format's example."
            )
        return YamlFile(self.root, self.lines)

    def _take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _refused(
                    self.name,
                    f"A second document starts on line {line}.",
                    "Keep one questionnaire in a file.",
                )
        elif isinstance(event, yaml.AliasEvent):
            raise self._no_anchors(line)
        elif isinstance(event, yaml.NodeEvent):
            self._node(event, line)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self.stack.pop()

    def _node(self, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor is not None:
            raise self._no_anchors(line)
        if getattr(event, "tag", None) not in {None, "!"}:
            raise _refused(
                self.name, f"Line {line} has a YAML tag (!).", "Delete the tag, or put the text in quotes."
            )
        if self.stack and self.stack[-1].awaits_key():
            self._key(event, line)
        elif isinstance(event, yaml.ScalarEvent):
            self._place(_plain_value(event), line)
        else:
            empty: list[Any] | dict[str, Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
            path = self._place(empty, line)
            self.stack.append(_Container(empty, path))
            if len(self.stack) > MAXIMUM_DEPTH:
                raise _refused(
                    self.name, f"Line {line} is nested too deeply.", "Check the brackets and indentation."
                )

    def _key(self, event: yaml.NodeEvent, line: int) -> None:
        mapping = self.stack[-1]
        if not isinstance(event, yaml.ScalarEvent):
            raise _refused(
                self.name, f"Line {line} has a list or a mapping as a key.", "Use plain words as keys."
            )
        key = str(event.value)
        if key in mapping.key_lines:
            raise _refused(
                self.name,
                f"Line {line} has `{_short(key)}` again; it was given on line {mapping.key_lines[key]}.",
                "Keep one of the two.",
            )
        mapping.key_lines[key] = line
        mapping.key = key

    def _place(self, value: Any, line: int) -> Path:
        path: Path = ()
        if self.stack:
            path = self.stack[-1].next_path()
            self.stack[-1].add(value)
        else:
            self.root = value
        self.lines[path] = line
        if len(self.lines) > MAXIMUM_NODES:
            raise _refused(
                self.name,
                f"The file has more than {MAXIMUM_NODES:,} entries.",
                "Check that it is a questionnaire.",
            )
        return path

    def _no_anchors(self, line: int) -> QuestionnaireError:
        return _refused(
            self.name,
            f"Line {line} has a YAML anchor or alias (& or *).",
            "Write the text out where it is used, use option_sets for repeated options, "
            "or put text that begins with & or * in quotes.",
        )


def _plain_value(event: yaml.ScalarEvent) -> Any:
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text in NOTHING:
        return None
    if text in TRUE or text in FALSE:
        return text in TRUE
    if WHOLE_NUMBER.fullmatch(text):
        return int(text)
    if DECIMAL_NUMBER.fullmatch(text):
        return Decimal(text)
    return text


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
