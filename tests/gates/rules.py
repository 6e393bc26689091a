"""Rules on our own source that no linter holds: each function returns one line for each breach it finds."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

WRITES = re.compile(r"^a?(?:save|create|update|delete|get_or_create|update_or_create|bulk_\w+)$")
HTML_AS_IT_IS = {"mark_safe", "csrf_exempt"}
SKIPS = {"skip", "skipif", "xfail", "importorskip"}


def queries_by_manager(source: str, name: str) -> list[str]:
    """Uses of a model's `.objects`, which is for models/, queries/ and actions/."""
    return [
        f"{name}:{node.lineno} reads the database by .{node.attr}: ask a query or an action for it"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]


def writes(source: str, name: str) -> list[str]:
    """Calls of the methods that write to the database, which are for actions/, imports/ and migrations/."""
    return [
        f"{name}:{node.lineno} writes by .{node.func.attr}(): every write is an action in surveys/actions"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and WRITES.match(node.func.attr)
        and not _is_super(node.func.value)
    ]


def locked_keys(source: str, name: str) -> list[str]:
    """Locks that also hold the key of a row: whoever writes a row that refers to it would wait for them."""
    return [
        f"{name}:{node.lineno} locks the key too: select_for_update(no_key=True), see decision 50"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
        and not any(word.arg == "no_key" for word in node.keywords)
    ]


def html_as_it_is(source: str, name: str) -> list[str]:
    """Names that let text into a page unescaped, or a form in without its token."""
    return [
        f"{name}:{line} uses {word}: build markup in a template, or with format_html"
        for line, word in _names(source)
        if word in HTML_AS_IT_IS
    ]


def skipped_tests(source: str, name: str) -> list[str]:
    """Tests that do not run, or may fail."""
    return [
        f"{name}:{line} uses {word}: a test runs and passes, or it goes"
        for line, word in _names(source)
        if word in SKIPS
    ]


def unexplained_exceptions(source: str, name: str) -> list[str]:
    """Linters silenced without a code and, beside it, the reason; and work put off."""
    found = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        number, comment = token.start[0], token.string
        if re.search(r"\bnoqa\b", comment) and not re.search(r"noqa: [A-Z0-9, ]+ - \w+", comment):
            found.append(
                f"{name}:{number} silences the linter without a code and a reason (noqa: CODE - reason)"
            )
        if "type: ignore" in comment and not re.search(r"type: ignore\[[\w, -]+\]\s+# \w+", comment):
            found.append(
                f"{name}:{number} silences mypy without a code and a reason (type: ignore[code]  # reason)"
            )
        if re.search(r"\b(?:TODO|FIXME|XXX|HACK)\b", comment):
            found.append(f"{name}:{number} puts work off: do it, or open an issue")
    return found


def unsafe_markup(template: str, name: str) -> list[str]:
    """What the Content-Security-Policy would stop, or what could let a person's text in as markup."""
    breaches = {
        r"\|\s*safe(?:seq)?\b": "shows text as markup (|safe)",
        r"{%\s*autoescape\s+off": "turns escaping off",
        r"<style\b": "has an inline style sheet",
        r"<script\b(?![^>]*\b(?:src=|type=\"application/json\"))": "has an inline script",
        r"\sstyle\s*=": "has an inline style",
        r"\son\w+\s*=\s*[\"']": "has an inline event handler",
        r"[\"']\s*javascript:": "has a javascript: address",
    }
    return [
        f"{name}:{template.count(chr(10), 0, match.start()) + 1} {breach}"
        for pattern, breach in breaches.items()
        for match in re.finditer(pattern, template, re.IGNORECASE)
    ]


def _is_super(value: ast.expr) -> bool:
    """Whether `value` is super(), by which a model's own save() goes on after its checks."""
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "super"


def _names(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.alias):
            yield node.lineno, node.name
