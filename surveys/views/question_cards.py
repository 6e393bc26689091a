"""The questions of a page as HTML, with no more work than what a card alone says.

Nearly all the time of a question went into its form, its fields and their templates, most of which say the
same to everybody. So a question is put together once with gaps where the words of one assessment go, and what
is kept for others holds no word of anybody's.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.html import format_html

from surveys.forms.answer_fields import CHOICES
from surveys.forms.answers import AnswerForm, shown_answer, shown_form
from surveys.queries.flags import Flag
from surveys.queries.last_round import Beside
from surveys.queries.section_page import QuestionEntry
from surveys.questionnaires.responses import EMPTY

KEPT: Final = 2048
"""How many questions with gaps a process keeps, of some 7 kB each, one for each way of answering them.

All systems share them: four rounds of the demonstration's 42 systems need 1,200.
"""

KEPT_BESIDE: Final = 8192
"""How many answers of the round before it keeps as HTML, of some 1 kB each.

That is enough for a round of 42 systems and 54 questions, whether or not each is answered by now (4,536).
"""

_GAP: Final = secrets.token_hex(16)
"""Stands where a gap is while the question is put together: no text can have it in it."""


@dataclass(frozen=True)
class QuestionCard:
    """A question of a page: `form` where something was typed into it, otherwise it shows what is stored.

    `heading` is what it stands below, empty for nothing. `link` leads to its evidence, comments and history;
    it is empty for somebody who may not read them.
    """

    entry: QuestionEntry
    heading: str = ""
    form: AnswerForm | None = None
    before: Beside | None = None
    flags: tuple[Flag, ...] = ()
    link: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is answered yet."""
        return self.entry.stored is None or self.entry.stored.response == EMPTY

    @property
    def may_confirm(self) -> bool:
        """Whether the answer of the round before may be said to be still true."""
        return self.is_empty and self.before is not None and self.before.confirmable is not None

    @property
    def html(self) -> str:
        """The question with the fields to answer it."""
        around = self._around()
        if self.form is not None:
            return _html(self.entry, self.form, self.heading != "", around)
        shown = shown_answer(self.entry)
        chosen = tuple((name, _hashable(shown.pop(name))) for name in CHOICES)
        words = {name: text for name, text in {**shown, **around}.items() if text != ""}
        outline = _Outline(replace(self.entry, stored=None), self.heading != "", chosen, tuple(words))
        return format_html(_with_gaps(outline), *words.values())

    def _around(self) -> dict[str, str]:
        """Return what stands around the fields and differs between assessments."""
        before, stored = self.before, self.entry.stored
        return {
            "answered": "yes" if self.entry.answered else "",
            "previous": before.sentence if before else "",
            "last_round": self._last_round(),
            "flags": _flags(self.flags) if self.flags else "",
            "credit": stored.credit if stored else "",
            "link": self.link,
        }

    def _last_round(self) -> str:
        if self.before is None:
            return ""
        entry = self.entry
        return _beside(self.before, entry.number, entry.question.code, self.is_empty, self.may_confirm)


@dataclass(frozen=True)
class PartOfPage:
    """Questions under one heading."""

    name: str
    about: str
    cards: tuple[QuestionCard, ...]


@dataclass(frozen=True)
class _Outline:
    """What of a card the HTML with gaps depends on: all but the words, of which it has the names, in order.

    `chosen` are the choices that are marked, by the name of the field; the answer of `entry` is left out.
    """

    entry: QuestionEntry
    heading: bool
    chosen: tuple[tuple[str, str | tuple[str, ...]], ...]
    gaps: tuple[str, ...]


@lru_cache(maxsize=KEPT)
def _with_gaps(outline: _Outline) -> str:
    """Return the question as a format string: its gaps are replacement fields, and every brace is doubled."""
    stand_ins = {name: f"{_GAP}{place}." for place, name in enumerate(outline.gaps)}
    form = shown_form(outline.entry, {**dict(outline.chosen), **stand_ins})
    html = _html(outline.entry, form, outline.heading, stand_ins).replace("{", "{{").replace("}", "}}")
    for place, stand_in in enumerate(stand_ins.values()):
        html = html.replace(stand_in, f"{{{place}}}")
    return html


def _html(entry: QuestionEntry, form: AnswerForm, heading: bool, around: Mapping[str, str]) -> str:
    shown = {"entry": entry, "answer": form, "heading": heading, **around}
    return render_to_string("surveys/assessments/_question.html", shown)


@lru_cache(maxsize=KEPT_BESIDE)
def _beside(before: Beside, number: int, code: str, opened: bool, may_confirm: bool) -> str:
    shown = {
        "before": before,
        "number": number,
        "opened": opened,
        "may_confirm": may_confirm,
        "confirm": code,
    }
    return render_to_string("surveys/assessments/_last_round.html", shown)


@lru_cache(maxsize=KEPT)
def _flags(flags: tuple[Flag, ...]) -> str:
    return render_to_string("surveys/assessments/_flags.html", {"flags": flags})


def _hashable(chosen: Any) -> str | tuple[str, ...]:
    return chosen if isinstance(chosen, str) else tuple(chosen)
