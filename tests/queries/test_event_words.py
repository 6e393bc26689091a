"""Every kind of event reads as a sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from procrastinate.contrib.django import app

from surveys.queries.event_words import DEEDS, NOUNS, deed_in_words, who_in_words

ACTIONS = Path(__file__).parents[2] / "surveys" / "actions"
VERB = re.compile(r"[a-z_]+\.[a-z_]+")


def verbs_of(source: str) -> Iterator[str]:
    """Every text in a source that could be the verb of an event."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VERB.fullmatch(node.value):
            yield node.value


def test_every_verb_of_the_code_has_its_words_and_no_other() -> None:
    written = {verb for path in ACTIONS.rglob("*.py") for verb in verbs_of(path.read_text())}
    assert written - set(app.tasks) == set(DEEDS)


def test_every_verb_is_listed_below_its_subject() -> None:
    assert {verb.split(".")[0] for verb in DEEDS} == set(NOUNS)


@pytest.mark.parametrize(
    ("verb", "subject", "detail", "words"),
    [
        (
            "assessment.extended",
            "West Yorkshire, Spring round, until Friday 12 June 2026 at 5pm",
            {"until": "2026-06-12T16:00:00+00:00"},
            "extended West Yorkshire, Spring round, until Friday 12 June 2026 at 5pm",
        ),
        ("round.opened", "Spring round", {"systems": 42}, "opened Spring round for 42 systems"),
        ("round.opened", "Spring round", {"systems": 1}, "opened Spring round for 1 system"),
        (
            "round.reopened",
            "Spring round",
            {"closes_at": "2026-06-12T16:00:00+00:00"},
            "reopened Spring round until Friday 12 June 2026 at 5pm",
        ),
        (
            "assessment.section_assigned",
            "Ambleshire, Spring round",
            {"dimension": "data_platform", "person": "Connie Contributor"},
            "handed the section “data platform” of Ambleshire, Spring round, to Connie Contributor",
        ),
        (
            "assessment.section_unassigned",
            "Ambleshire, Spring round",
            {"dimension": "skills", "person": "Connie", "questions": ["analysts", "clarity"]},
            "took back 2 questions of the section “skills” of Ambleshire, Spring round, from Connie",
        ),
        (
            "assessment.workbook_taken_in",
            "Ambleshire, Spring round",
            {"answers": ["training"], "file": "mine.xlsx"},
            "took in a workbook of Ambleshire, Spring round, with 1 answer",
        ),
        ("person.invited", "Nora {person} <i>", {}, "invited Nora {person} <i> to choose a password"),
    ],
)
def test_what_was_done(verb: str, subject: str, detail: dict[str, object], words: str) -> None:
    assert deed_in_words(verb, subject, detail) == words


def test_an_event_without_its_detail_is_told_without_it() -> None:
    assert deed_in_words("round.opened", "Spring round", {}) == "opened Spring round"


def test_every_event_is_told_even_without_any_detail() -> None:
    for verb in DEEDS:
        assert "Spring round" in deed_in_words(verb, "Spring round", {}), verb


def test_an_event_of_another_version_is_told_by_its_verb() -> None:
    told = deed_in_words("round.renamed_long_ago", "Spring round", {})
    assert told == "did this: Round renamed long ago: Spring round"


def test_a_command_is_no_person() -> None:
    assert (who_in_words(7, "Ada"), who_in_words(None, "command line")) == ("Ada", "A command on the server")
