"""The questions of a page as HTML, each put together once for everybody to whom it says the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.template.loader import render_to_string

from surveys.forms.answers import AnswerForm, stored_form
from surveys.queries.flags import Flag
from surveys.queries.last_round import Beside
from surveys.queries.section_page import QuestionEntry
from surveys.questionnaires.responses import EMPTY

KEPT: Final = 4096
"""How many questions a process keeps as HTML, of some 5 kB each."""


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
        return _html(self, self.form) if self.form is not None else _kept(self)


@dataclass(frozen=True)
class PartOfPage:
    """Questions under one heading."""

    name: str
    about: str
    cards: tuple[QuestionCard, ...]


# The card is the key, with every word that it shows, and nothing else goes into it: no person, no request.
# So what is kept is never out of date, and whoever gets it is shown what their own card says.
@lru_cache(maxsize=KEPT)
def _kept(card: QuestionCard) -> str:
    return _html(card, stored_form(card.entry))


def _html(card: QuestionCard, form: AnswerForm) -> str:
    shown = {"card": card, "entry": card.entry, "answer": form}
    return render_to_string("surveys/assessments/_question.html", shown)
