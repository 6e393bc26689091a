"""Parameters of the pages of results. Bad ones give a sensible default and a sentence, never an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from surveys.queries.results.selection import ALL_REGIONS, Choice, Selection

DIRECTIONS: Final = (("ascending", "A or lowest first"), ("descending", "Z or highest first"))

NO_SUCH_ORDER: Final = (
    "The table cannot be ordered in the way that was asked for. It is ordered by region and name."
)
NOT_UNDERSTOOD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "region": "There is no such region in this round, so all regions are shown.",
        "dimension": "There is no such dimension with a score, so the usual one is shown.",
        "sort": NO_SUCH_ORDER,
        "direction": NO_SUCH_ORDER,
    }
)


@dataclass(frozen=True)
class Choices:
    """What a page of results lets its readers choose. Where there is nothing of a kind, there is no field."""

    regions: tuple[Choice, ...] = ()
    dimensions: tuple[Choice, ...] = ()
    orders: tuple[Choice, ...] = ()


class ResultsFilter(forms.Form):
    """What to show of a release, and in what order. Every state is an address that can be shared."""

    region = forms.ChoiceField(label="Region", required=False)
    dimension = forms.ChoiceField(label="Dimension on the map", required=False)
    sort = forms.ChoiceField(label="Order by", required=False)
    direction = forms.ChoiceField(label="Which way round", choices=DIRECTIONS, required=False)

    def __init__(self, data: QueryDict | None, choices: Choices, **options: Any) -> None:
        super().__init__(data, **options)
        self._offered = choices
        self._offer("region", (Choice("", ALL_REGIONS), *choices.regions), keep=len(choices.regions) > 1)
        self._offer("dimension", choices.dimensions, keep=bool(choices.dimensions))
        self._offer("sort", choices.orders, keep=bool(choices.orders))
        if not choices.orders:
            del self.fields["direction"]

    @property
    def selection(self) -> Selection:
        """What was asked for, as far as it makes sense; the default for the rest."""
        self.is_valid()
        understood = {name: str(value) for name, value in self.cleaned_data.items() if value}
        if "sort" in self.errors or "direction" in self.errors:
            understood = {name: understood[name] for name in understood if name not in {"sort", "direction"}}
        return Selection(
            region=understood.get("region", ""),
            dimension=understood.get("dimension", ""),
            order=understood.get("sort", ""),
            descending=understood.get("direction") == "descending",
        )

    @property
    def not_understood(self) -> tuple[str, ...]:
        """What to tell somebody whose parameters make no sense; empty when they do."""
        return tuple(dict.fromkeys(NOT_UNDERSTOOD[name] for name in self.errors))

    def as_shown(self) -> ResultsFilter:
        """Return the form as it stands on the page: with what is in force, and without complaints."""
        return ResultsFilter(None, self._offered, initial=parameters(self.selection))

    def _offer(self, name: str, choices: Iterable[Choice], *, keep: bool) -> None:
        if not keep:
            del self.fields[name]
            return
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(choice.code, choice.name) for choice in choices]


def parameters(selection: Selection) -> dict[str, str]:
    """Return a selection as the parameters of an address; defaults are left out."""
    given = {
        "region": selection.region,
        "dimension": selection.dimension,
        "sort": selection.order,
        "direction": "descending" if selection.descending else "",
    }
    return {name: value for name, value in given.items() if value}


def address(url: str, selection: Selection) -> str:
    """Return an address with a selection."""
    given = parameters(selection)
    return f"{url}?{urlencode(given)}" if given else url
