"""docs/runbook.md names pages, labels, commands, settings and files, and each is there by that name."""

from __future__ import annotations

import ast
import html
import re
import shlex
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, get_commands, load_command_class
from procrastinate.contrib.django import app
from procrastinate.shell import ProcrastinateShell

from surveys.actions.mail import PAUSES
from surveys.actions.reminders import HOURS
from surveys.models import Evidence
from surveys.urls import urlpatterns

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
PAGE = (DOCS / "runbook.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^ {4,}(\S.*)$", re.MULTILINE)
MANAGE = "manage.py "
ANY_COMMAND = "COMMAND"

# Words that are not ours: of other programs, of a scanner's test, and of the file that a deployment adds.
FOREIGN = {
    "--fdpass",
    "--help",
    ".env",
    "client_max_body_size 20m;",
    "console:",
    "test.txt",
    "certutil -hashfile FILE.json SHA256 # Windows",
    "sha256sum FILE.json                 # Linux",
    "shasum -a 256 FILE.json             # macOS",
}


def blocks(page: str) -> list[str]:
    """Every line of code that stands by itself."""
    fenced = [line for block in FENCED.findall(page) for line in block.splitlines()]
    return [*fenced, *INDENTED.findall(FENCED.sub("", page))]


def prose(page: str) -> str:
    """The page without the lines of code that stand by themselves."""
    return INDENTED.sub("", FENCED.sub("", page))


def code(page: str) -> set[str]:
    """Everything that the page writes as code."""
    return {*blocks(page), *re.findall(r"`([^`]+)`", prose(page))}


def unknown_labels(page: str) -> set[str]:
    """What the page has in quotation marks and no page of the site shows."""
    named = re.findall(r"“([^”]+)”", re.sub(r"`[^`]+`", "", prose(page)))
    return (
        {" ".join(words.split()) for words in named}
        - labels()
        - {"Words like these", "how did you work this out"}
    )


@cache
def labels() -> frozenset[str]:
    """Every text between two tags of a template, and every text in the code of forms, models and views."""
    found: set[str] = set()
    for path in (ROOT / "templates").rglob("*.html"):
        template = re.sub(
            r"{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        found |= set(re.findall(r'\b(?:button|key|heading|label)="([^"]*)"', template))
        texts = re.split(r"{%.*?%}|{{.*?}}|\0", re.sub(r"<[^>]*>", "\0", template), flags=re.DOTALL)
        found |= {" ".join(html.unescape(text).split()) for text in texts}
    for room in ("forms", "models", "views"):
        for path in (ROOT / "surveys" / room).rglob("*.py"):
            nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            found |= {
                node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return frozenset(found)


def unknown_addresses(page: str) -> set[str]:
    """The addresses that the page names and the site does not have."""
    routes = {"/" + re.sub(r"<[^>]+>", "*", str(pattern.pattern)) for pattern in urlpatterns}
    named = {words for words in code(page) if words.startswith("/") and words not in compose_words()}
    return {address for address in named if re.sub(r"[A-Z]+", "*", address) not in routes}


def unknown_commands(page: str) -> set[str]:
    """The lines with a command that is not there, or does not take what the line gives it."""
    return {line for line in code(page) if MANAGE in line and not is_taken(line.partition(MANAGE)[2])}


def is_taken(words: str) -> bool:
    """Whether a command takes its arguments. Those of the queue's shell are a command of their own."""
    name, *given = shlex.split(words, comments=True)
    if name == ANY_COMMAND:
        return True
    application = get_commands().get(name)
    if application is None:
        return False
    command = application if not isinstance(application, str) else load_command_class(application, name)
    try:
        command.create_parser("manage.py", name).parse_args(given)
    except CommandError:
        return False
    return given[:1] != ["shell"] or hasattr(ProcrastinateShell, f"do_{given[1]}")


def commands_named(page: str) -> set[str]:
    """The names of commands, in a line or alone."""
    lines = {line.partition(MANAGE)[2].split()[0] for line in code(page) if MANAGE in line}
    return lines | (code(page) & set(get_commands()))


@cache
def composed() -> dict[str, dict[str, object]]:
    loaded: dict[str, dict[str, object]] = yaml.safe_load(
        (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    )
    return loaded


def compose_words() -> set[str]:
    """The services and volumes of the deployment, and the folder that it keeps in memory."""
    folders: object = composed()["x-site"]["tmpfs"]
    assert isinstance(folders, list)
    return {*composed()["services"], *composed()["volumes"], *folders}


def unknown_services(page: str) -> set[str]:
    """The lines that name a service, of which the deployment has none by that name."""
    verbs = {"exec", "run", "logs", "restart", "stop", "ps", "up"}
    lines = [shlex.split(line) for line in code(page) if line.startswith("docker compose ")]
    return {" ".join(words) for words in lines if words[2] not in verbs or not _known(words[2], words[3:])}


def _known(verb: str, words: list[str]) -> bool:
    """Whether the services are known: the first word after the options, or each where several may stand."""
    named = [word for word in words if not word.startswith("-")]
    services = named[:1] if verb in {"exec", "run"} else named
    return set(services) <= set(composed()["services"])


def settings_known() -> set[str]:
    """The names in .env.example."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", text, re.MULTILINE))


def unknown_settings(page: str) -> set[str]:
    """The names in capitals, alone or with a value, that are no setting."""
    named = {match[1] for words in code(page) if (match := re.fullmatch(r"([A-Z][A-Z_]+)(=.*)?", words))}
    return named - settings_known()


def unknown_words(page: str) -> set[str]:
    """What is written as code and is no address, command, setting, file or name of ours."""
    ours = {
        *compose_words(),
        *get_commands(),
        *(task.queue for task in app.tasks.values()),
        *(model._meta.db_table for model in apps.get_app_config("surveys").get_models()),
        *(field.name for field in Evidence._meta.get_fields()),
        "-".join(part.capitalize() for part in settings_header().split("_")),
    }
    rest = {
        words
        for words in code(page)
        if not words.startswith(("/", "docker compose ")) and MANAGE not in words
    }
    rest -= {words for words in rest if re.fullmatch(r"[A-Z][A-Z_]+(=.*)?", words)}
    return {words for words in rest - ours if words == "." or not (ROOT / words).exists()}


def settings_header() -> str:
    """The header that tells of TLS in front, as the settings name it without HTTP_."""
    text = (ROOT / "maturity" / "settings.py").read_text(encoding="utf-8")
    [header] = re.findall(r'SECURE_PROXY_SSL_HEADER = \("HTTP_(\w+)"', text)
    return str(header)


def broken_links(page: str) -> set[str]:
    """The links and pictures that lead to no file, or to no heading of one."""
    return {link for link in re.findall(r"\]\(([^)]+)\)", page) if not _leads_somewhere(link)}


def _leads_somewhere(link: str) -> bool:
    name, _, anchor = link.partition("#")
    path = DOCS / (name or "runbook.md")
    return path.is_file() and (not anchor or anchor in set(_anchors(path.read_text(encoding="utf-8"))))


def _anchors(page: str) -> Iterator[str]:
    for heading in re.findall(r"^#+ (.+)$", FENCED.sub("", page), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_label_stands_on_a_page() -> None:
    assert unknown_labels(PAGE) == set()


def test_every_address_is_one_of_the_site() -> None:
    assert unknown_addresses(PAGE) == set()


def test_every_command_takes_what_the_page_gives_it() -> None:
    assert unknown_commands(PAGE) == set()


def test_every_command_of_ours_is_named() -> None:
    ours = {name for name, application in get_commands().items() if application == "surveys"}
    assert ours - commands_named(PAGE) == set()


def test_every_service_is_one_of_the_deployment() -> None:
    assert unknown_services(PAGE) == set()


def test_every_setting_is_described_in_the_example() -> None:
    assert unknown_settings(PAGE) == set()


def test_nothing_else_is_written_as_code_but_files_and_names_that_exist() -> None:
    assert unknown_words(PAGE) == FOREIGN


def test_every_link_leads_somewhere() -> None:
    assert broken_links(PAGE) == set()


def test_the_times_of_mail_and_reminders_are_those_of_the_program() -> None:
    minutes = [int(pause.total_seconds()) // 60 for pause in PAUSES]
    short = [each for each in minutes if each < 60]
    hours = [each // 60 for each in minutes if each >= 60]
    [told] = re.findall(r"tried again after (.*?) minutes, (.*?) hours", prose(PAGE))
    assert [listed(words) for words in told] == [short, hours]
    assert ("is tried eight times" in PAGE, len(minutes) + 1) == (True, 8)
    [clock] = re.findall(r"sends from (\d+)am until (\d+)pm in London", PAGE)
    assert (int(clock[0]), int(clock[1]) + 12) == (HOURS.start, HOURS.stop)


def listed(words: str) -> list[int]:
    return [int(figure) for figure in re.findall(r"\d+", words)]


@pytest.mark.parametrize(
    ("check", "now", "renamed"),
    [
        (unknown_labels, "“Publish for good”", "“Publish for ever”"),
        (unknown_labels, "“These results are withdrawn”", "“These results are gone”"),
        (unknown_addresses, "`/rounds/ROUND/control-room/`", "`/rounds/ROUND/room/`"),
        (unknown_addresses, "`/healthz`", "`/health`"),
        (unknown_commands, "`manage.py check_evidence`", "`manage.py check_files`"),
        (unknown_commands, "FILE --dry-run`", "FILE --try`"),
        (unknown_commands, "shell list_queues", "shell list_rows"),
        (unknown_services, "docker compose restart worker", "docker compose restart mailer"),
        (unknown_settings, "`BEHIND_PROXY`", "`PROXY`"),
        (unknown_words, "`surveys_evidence`", "`surveys_proof`"),
        (broken_links, "screenshots/page-control-room.png", "screenshots/control.png"),
        (broken_links, "(#closing)", "(#shutting)"),
    ],
)
def test_what_is_renamed_is_noticed(check: Callable[[str], set[str]], now: str, renamed: str) -> None:
    assert now in PAGE
    assert len(check(PAGE.replace(now, renamed)) - check(PAGE)) > 0
