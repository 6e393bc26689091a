"""What a reader chooses on the pages that compare: a pair of scores, an earlier round, a dimension, a region.

A choice that the release does not have gives the usual view and a sentence, never an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from django import forms
from django.http import QueryDict

from surveys.queries.results.selection import Choice


class ChoiceFilter(forms.Form):
    """Fields of choices that depend on the release. A field with fewer than two choices is not offered.

    `NOT_UNDERSTOOD` has for each field what to tell somebody who asks for something that is not there.
    """

    NOT_UNDERSTOOD: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self, data: QueryDict | None, offered: Mapping[str, Sequence[Choice]], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self._offered = offered
        for name in list(self.fields):
            choices = [(choice.code, choice.name) for choice in offered.get(name, ())]
            field = self.fields[name]
            if len(choices) < 2:
                del self.fields[name]
            elif isinstance(field, forms.ChoiceField):
                field.choices = choices

    def chosen(self, name: str) -> str:
        """Return the code that was chosen; empty for none, and for one that is not there."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def not_understood(self) -> tuple[str, ...]:
        """What to tell somebody whose choices are not there; empty when they are."""
        return tuple(dict.fromkeys(self.NOT_UNDERSTOOD[name] for name in self.errors))

    def as_shown(self) -> Self:
        """Return the form as it stands on the page: with what is in force, and without complaints."""
        return type(self)(None, self._offered, initial={name: self.chosen(name) for name in self.fields})


class GapFilter(ChoiceFilter):
    """Which two scores to set against each other, and of which region."""

    NOT_UNDERSTOOD = {
        "pair": "There is no such pair of scores in this round, so the usual one is shown.",
        "region": "There is no such region in this round, so all regions are shown.",
    }

    pair = forms.ChoiceField(label="What to compare", required=False)
    region = forms.ChoiceField(label="Region", required=False)


class ChangeFilter(ChoiceFilter):
    """Since which round, on which dimension, and of which region."""

    NOT_UNDERSTOOD = {
        "since": "There is no such earlier round that you may read, so the last one before is shown.",
        "dimension": "There is no such dimension with a score, so all comparable questions are shown.",
        "region": "There is no such region in this round, so all regions are shown.",
    }

    since = forms.ChoiceField(label="Since", required=False)
    dimension = forms.ChoiceField(label="Dimension", required=False)
    region = forms.ChoiceField(label="Region", required=False)
