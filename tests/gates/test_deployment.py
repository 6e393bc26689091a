"""The deployment's files agree with the settings and with one another, and hold no secret."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.environment import TEST_SETTINGS

ROOT = Path(__file__).resolve().parents[2]
# What only docker-compose.yml reads: the settings do not know of them.
OF_COMPOSE = {"POSTGRES_PASSWORD", "PUBLISH", "WEB_CONCURRENCY"}
SECRETS = {"POSTGRES_PASSWORD", "SECRET_KEY"}
SUBSTITUTION = re.compile(r"\$\{(\w+)(:[-?])?([^}]*)\}")


def settings_read() -> dict[str, object]:
    """The names that the settings read from the environment, with their defaults; None for no default."""
    read: dict[str, object] = {}
    for call in ast.walk(ast.parse((ROOT / "maturity" / "settings.py").read_text())):
        if not isinstance(call, ast.Call) or not call.args or not isinstance(call.args[0], ast.Constant):
            continue
        name = call.args[0].value
        if isinstance(call.func, ast.Name) and call.func.id == "required":
            read[name] = None
        elif isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "env":
            default = call.args[1] if len(call.args) > 1 else None
            read.setdefault(name, _value(default))
    return read


def _value(default: ast.expr | None) -> object:
    if default is None or isinstance(default, ast.Call):
        return None
    if isinstance(default, ast.Attribute):
        return default.attr  # logging.INFO is written INFO
    return ast.literal_eval(default)


def example() -> dict[str, str | None]:
    """The names in .env.example: one to fill in maps to None, one behind # to the default that it tells."""
    found: dict[str, str | None] = {}
    for line in (ROOT / ".env.example").read_text().splitlines():
        if match := re.fullmatch(r"(# )?([A-Z][A-Z_]+)=(.*)", line):
            found[match[2]] = match[3] if match[1] else None
    return found


def as_written(default: object) -> str:
    """A default of the settings as it is written in an environment."""
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default == [] else str(default)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return document


def substitutions() -> dict[str, tuple[str, str]]:
    """The variables of docker-compose.yml: asked for (:?) or with a default (:-), and the text of either."""
    found = SUBSTITUTION.findall((ROOT / "docker-compose.yml").read_text())
    return {name: (kind, text) for name, kind, text in found}


def test_the_example_names_every_setting_and_no_other() -> None:
    assert sorted(example()) == sorted(settings_read() | dict.fromkeys(OF_COMPOSE))


def test_the_tests_set_every_setting_themselves() -> None:
    assert sorted(settings_read()) == sorted([*TEST_SETTINGS, "DATABASE_URL", "SECRET_KEY"])


def test_the_example_tells_the_defaults_of_the_settings() -> None:
    told = {name: default for name, default in example().items() if name not in OF_COMPOSE}
    without_default = {"ALLOWED_HOSTS"}  # its default, nobody, is not one to keep

    assert told == {
        name: None if default is None or name in without_default else as_written(default)
        for name, default in settings_read().items()
    }


def test_the_example_holds_no_value_for_what_has_no_default() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()

    assert [line for line in lines if re.match(r"[A-Z]", line)] == [
        "SECRET_KEY=",
        "ALLOWED_HOSTS=",
        "POSTGRES_PASSWORD=",
        "DATABASE_URL=",
    ]


def test_compose_passes_every_setting_on(compose: dict[str, Any]) -> None:
    services = compose["services"]

    assert sorted(services["migrate"]["environment"]) == sorted(settings_read())
    assert sorted(services["worker"]["environment"]) == sorted(settings_read())
    assert sorted(services["web"]["environment"]) == sorted([*settings_read(), "WEB_CONCURRENCY"])


def test_compose_uses_the_defaults_of_the_example() -> None:
    told = {name: default for name, default in example().items() if default is not None}

    assert {name: text for name, (kind, text) in substitutions().items() if kind == ":-"} == told


def test_compose_refuses_to_start_without_what_has_no_default() -> None:
    asked = {name: text for name, (kind, text) in substitutions().items() if kind == ":?"}

    assert sorted(asked) == ["ALLOWED_HOSTS", "POSTGRES_PASSWORD", "SECRET_KEY"]
    assert all(".env" in text for text in asked.values())


def test_compose_tells_how_to_make_a_secret() -> None:
    text = (ROOT / "docker-compose.yml").read_text()

    assert 'SECRET_KEY:?Make one with python3 -c "import secrets;' in text
    assert 'POSTGRES_PASSWORD:?Make one with python3 -c "import secrets;' in text


def test_the_site_waits_for_the_database_and_its_migrations(compose: dict[str, Any]) -> None:
    services = compose["services"]

    assert services["db"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert services["migrate"]["restart"] == "no"
    for name in ("web", "worker"):
        assert services[name]["depends_on"] == {
            "db": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }


def test_mail_leaves_by_a_worker_of_its_own(compose: dict[str, Any]) -> None:
    worker = compose["services"]["worker"]

    assert worker["command"] == ["python", "manage.py", "procrastinate", "worker"]
    assert worker["restart"] == "unless-stopped"


def test_the_database_keeps_its_data_in_a_named_volume(compose: dict[str, Any]) -> None:
    assert compose["services"]["db"]["image"].startswith("postgres:18")
    assert compose["services"]["db"]["volumes"] == ["database:/var/lib/postgresql"]
    assert set(compose["volumes"]) == {"database", "evidence"}
    assert "ports" not in compose["services"]["db"]


def test_evidence_is_kept_in_a_named_volume_of_the_user_who_writes_it(compose: dict[str, Any]) -> None:
    assert compose["services"]["web"]["volumes"] == ["evidence:/site/.data/evidence"]
    assert settings_read()["EVIDENCE_DIR"] == ".data/evidence"
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"^RUN install --directory .* --owner=(\w+) .* (\S+)$", dockerfile, re.MULTILINE) == [
        ("survey", ".data/evidence")
    ]


def test_the_image_runs_as_nobody_in_particular_and_checks_itself() -> None:
    last = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]

    assert last.startswith("python:3.12-slim")
    assert re.findall(r"^USER (\w+)$", last, re.MULTILINE) == ["survey"]
    assert re.findall(r"^HEALTHCHECK .* CMD (.+)$", last, re.MULTILINE) == [
        '["python", "bin/answers_health.py"]'
    ]
    assert [word for word in ("apt-get", "pip install", "npm", "gcc") if word in last] == []


def test_what_the_image_copies_is_let_through_and_nothing_else() -> None:
    let_through = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"
    assert let_through == {name for names in copied for name in names.split()}


def test_no_secret_has_a_value_in_the_deployment_files() -> None:
    for name in ("docker-compose.yml", "Dockerfile", ".env.example"):
        for line in (ROOT / name).read_text().splitlines():
            secret = re.match(rf"^\s*(?:#\s*)?(?:ENV\s+)?({'|'.join(SECRETS)})\s*[=:]\s*(\S.*)$", line)
            assert secret is None or secret[2].startswith("${"), f"{name}: {line}"
